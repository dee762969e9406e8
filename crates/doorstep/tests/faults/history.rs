//! What was asked of a hub and what it answered, and whether its record can be the record of that.
//!
//! Every operation is written down when it is asked and again when it is answered: ok, failed, or nobody knows, as when the
//! hub is killed in between. What the hub's store holds afterwards is compared with it. The checker knows no store: it is
//! given what was kept as a list.
//!
//! **Invariant:** what nobody knows the outcome of may have happened or not, and no more than once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// How an operation ended, as whoever asked was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It was done, to this case where the answer names one.
    Ok(Option<String>),
    /// It was refused, and changed nothing.
    Fail,
    /// Nobody knows: the connection was lost, or the answer says to ask again.
    Info,
}

/// The version of a case that whoever asked had seen.
pub type Seen = (String, u32);

/// One operation. What is asked again under the same key is the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op {
    pub key: String,
    pub seen: Option<Seen>,
    /// When it was asked and when it was answered, counted in steps of the history.
    pub began: u64,
    pub ended: u64,
    pub end: End,
}

/// The trace of an operation in the hub's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub key: String,
    pub case: String,
    pub seq: u32,
}

/// What was asked, by everybody.
#[derive(Default)]
pub struct History(Mutex<Ops>);

#[derive(Default)]
struct Ops {
    steps: u64,
    ops: Vec<Op>,
}

/// An operation under way.
pub struct Asked(usize);

impl History {
    /// Writes down that something is asked. Until it is answered, nobody knows.
    pub fn ask(&self, key: &str, seen: Option<Seen>) -> Asked {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.steps += 1;
        let (began, ended) = (all.steps, u64::MAX);
        all.ops.push(Op { key: key.to_owned(), seen, began, ended, end: End::Info });
        Asked(all.ops.len() - 1)
    }

    /// Writes down the answer.
    pub fn answer(&self, asked: &Asked, end: End) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.steps += 1;
        let ended = all.steps;
        let op = &mut all.ops[asked.0];
        (op.ended, op.end) = (ended, end);
    }

    /// Returns what was asked so far.
    pub fn ops(&self) -> Vec<Op> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).ops.clone()
    }

    /// Returns how many operations ended well.
    pub fn n_ok(&self) -> usize {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.ops.iter().filter(|op| matches!(op.end, End::Ok(_))).count()
    }
}

/// Says all that cannot be: what was acknowledged and is lost, doubled, elsewhere or out of order, and what is there though
/// it was refused or never asked.
pub fn wrong(ops: &[Op], log: &[Kept]) -> Vec<String> {
    let mut by_key: BTreeMap<&str, Vec<&Op>> = BTreeMap::new();
    for op in ops {
        by_key.entry(&op.key).or_default().push(op);
    }
    let mut kept: BTreeMap<&str, Vec<&Kept>> = BTreeMap::new();
    for one in log {
        kept.entry(&one.key).or_default().push(one);
    }
    let mut out = Vec::new();
    for (key, ops) in &by_key {
        let traces = kept.get(key).map(Vec::as_slice).unwrap_or_default();
        out.extend(of_key(key, ops, traces));
    }
    let unasked = kept.keys().filter(|key| !by_key.contains_key(*key));
    out.extend(unasked.map(|key| format!("{key} is in the record and was never asked")));
    out.extend(two_winners(ops));
    out.extend(out_of_order(&by_key, &kept));
    out
}

fn of_key(key: &str, ops: &[&Op], traces: &[&Kept]) -> Vec<String> {
    let mut out = Vec::new();
    let is_ok = ops.iter().any(|op| matches!(op.end, End::Ok(_)));
    let may_be = is_ok || ops.iter().any(|op| op.end == End::Info);
    match traces.len() {
        0 if is_ok => out.push(format!("{key} was acknowledged and is lost")),
        1.. if !may_be => out.push(format!("{key} was refused and is in the record")),
        n @ 2.. => out.push(format!("{key} is in the record {n} times")),
        _ => {}
    }
    let told: BTreeSet<&String> = ops.iter().filter_map(|op| case_told(op)).collect();
    if told.len() > 1 {
        out.push(format!("{key} was told of {} cases", told.len()));
    }
    for case in told {
        if traces.iter().any(|kept| kept.case != *case) {
            out.push(format!("{key} was told of {case} and is in another case"));
        }
    }
    for (op, kept) in ops.iter().flat_map(|op| traces.iter().map(move |kept| (op, kept))) {
        if let (End::Ok(_), Some((case, seq))) = (&op.end, &op.seen)
            && (kept.case != *case || kept.seq != seq + 1)
        {
            out.push(format!("{key} was decided on {case} at {seq} and stands at {}", kept.seq));
        }
    }
    out
}

fn case_told(op: &Op) -> Option<&String> {
    match &op.end {
        End::Ok(case) => case.as_ref(),
        End::Fail | End::Info => None,
    }
}

/// Of all who saw one version of a case, one may have changed it.
fn two_winners(ops: &[Op]) -> Vec<String> {
    let mut won: BTreeMap<&Seen, BTreeSet<&str>> = BTreeMap::new();
    for op in ops.iter().filter(|op| matches!(op.end, End::Ok(_))) {
        if let Some(seen) = &op.seen {
            won.entry(seen).or_default().insert(&op.key);
        }
    }
    let doubled = won.into_iter().filter(|(_, keys)| keys.len() > 1);
    doubled.map(|((case, seq), keys)| format!("{keys:?} all won {case} at {seq}")).collect()
}

/// What was answered before another thing was asked stands before it in the case.
fn out_of_order(
    by_key: &BTreeMap<&str, Vec<&Op>>,
    kept: &BTreeMap<&str, Vec<&Kept>>,
) -> Vec<String> {
    let mut by_case: BTreeMap<&str, Vec<(&Kept, u64, u64)>> = BTreeMap::new();
    for (key, ops) in by_key {
        let Some([one]) = kept.get(key).map(Vec::as_slice) else { continue };
        let began = ops.iter().map(|op| op.began).min().unwrap_or_default();
        let oks = ops.iter().filter(|op| matches!(op.end, End::Ok(_)));
        let ended = oks.map(|op| op.ended).min().unwrap_or(u64::MAX);
        by_case.entry(&one.case).or_default().push((one, began, ended));
    }
    let mut out = Vec::new();
    for all in by_case.values() {
        for ((early, _, ended), (late, began, _)) in
            all.iter().flat_map(|one| all.iter().map(move |other| (one, other)))
        {
            if ended < began && early.seq >= late.seq {
                out.push(format!("{} stands behind {}, which came later", early.key, late.key));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(key: &str, (began, ended): (u64, u64), end: End) -> Op {
        Op { key: key.to_owned(), seen: None, began, ended, end }
    }

    fn ok(case: &str) -> End {
        End::Ok(Some(case.to_owned()))
    }

    fn kept(key: &str, case: &str, seq: u32) -> Kept {
        Kept { key: key.to_owned(), case: case.to_owned(), seq }
    }

    fn seen(op: Op, case: &str, seq: u32) -> Op {
        Op { seen: Some((case.to_owned(), seq)), ..op }
    }

    /// The one thing that is wrong, by a word of it.
    fn finds(ops: &[Op], log: &[Kept], word: &str) {
        let found = wrong(ops, log);
        assert!(found.len() == 1 && found[0].contains(word), "{word}: {found:?}");
    }

    #[test]
    fn a_good_history_has_nothing_wrong() {
        let ops = [
            op("a", (1, 2), End::Info),
            op("a", (3, 4), ok("C1")),
            op("b", (5, 6), End::Fail),
            op("c", (5, u64::MAX), End::Info),
            op("d", (5, u64::MAX), End::Info),
            seen(op("e", (7, 8), ok("C1")), "C1", 1),
            seen(op("f", (7, 9), End::Fail), "C1", 1),
        ];
        let log = [kept("a", "C1", 1), kept("d", "C2", 1), kept("e", "C1", 2)];
        assert_eq!(wrong(&ops, &log), Vec::<String>::new());
    }

    #[test]
    fn what_was_acknowledged_and_is_lost_is_found() {
        finds(&[op("a", (1, 2), ok("C1"))], &[], "lost");
    }

    #[test]
    fn what_was_refused_and_happened_is_found() {
        finds(&[op("a", (1, 2), End::Fail)], &[kept("a", "C1", 1)], "refused");
    }

    #[test]
    fn what_happened_twice_is_found_whatever_was_told() {
        let log = [kept("a", "C1", 1), kept("a", "C1", 2)];
        finds(&[op("a", (1, 2), ok("C1"))], &log, "2 times");
        finds(&[op("a", (1, u64::MAX), End::Info)], &log, "2 times");
    }

    #[test]
    fn what_nobody_asked_for_is_found() {
        finds(&[], &[kept("a", "C1", 1)], "never asked");
    }

    #[test]
    fn another_case_than_was_told_is_found() {
        finds(&[op("a", (1, 2), ok("C1"))], &[kept("a", "C2", 1)], "another case");
        let twice = [op("a", (1, 2), ok("C1")), op("a", (3, 4), ok("C2"))];
        assert!(wrong(&twice, &[kept("a", "C1", 1)]).iter().any(|one| one.contains("2 cases")));
    }

    #[test]
    fn two_who_won_the_same_version_are_found() {
        let ops = ["a", "b"].map(|key| seen(op(key, (1, 9), ok("C1")), "C1", 4));
        let found = wrong(&ops, &[kept("a", "C1", 5), kept("b", "C1", 6)]);
        assert!(found.iter().any(|one| one.contains("all won C1 at 4")), "{found:?}");
    }

    #[test]
    fn a_change_that_was_decided_on_another_version_is_found() {
        finds(&[seen(op("a", (1, 2), ok("C1")), "C1", 4)], &[kept("a", "C1", 6)], "stands at 6");
    }

    #[test]
    fn a_case_whose_order_is_not_that_of_its_answers_is_found() {
        let ops = [op("a", (1, 2), ok("C1")), op("b", (3, 4), ok("C1"))];
        finds(&ops, &[kept("a", "C1", 2), kept("b", "C1", 1)], "came later");
    }

    #[test]
    fn what_is_not_answered_is_not_known() {
        let history = History::default();
        let (a, b) = (history.ask("a", None), history.ask("b", None));
        history.answer(&b, ok("C1"));
        let ends: Vec<End> = history.ops().into_iter().map(|op| op.end).collect();
        assert_eq!((ends, history.n_ok()), (vec![End::Info, ok("C1")], 1));
        history.answer(&a, End::Fail);
        assert!(history.ops()[0].ended > history.ops()[1].ended);
    }
}
