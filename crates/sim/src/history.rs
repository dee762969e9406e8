//! What was asked of the program and what it answered: invoked, then done, refused, or nobody knows.
//!
//! Checked against the final record: what was answered with yes is there once and as it was told, what was answered with no is
//! not there, and what nobody knows may be either. Of those who decided on one version only one has won, and whoever began
//! after another had ended comes after it in the record. Source: trust.md 1.5, the history checker.

use doorstep_case::{Actor, Recorded};
use doorstep_vocab::{CaseId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What the program answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing yet, or never: it died, or it does not know itself.
    Unknown,
    /// Yes; these events were added.
    Ok(Vec<Recorded>),
    /// No, with the code; nothing was added.
    No(&'static str),
}

/// One command.
#[derive(Debug, Clone)]
pub(crate) struct Op {
    pub case_id: CaseId,
    pub actor: Actor,
    /// The time of the request, by the clock of its node. No two requests have the same.
    pub at: Timestamp,
    /// The version that its giver saw, where they saw one.
    pub expected: Option<u32>,
    pub answer: Answer,
    /// When it was invoked and when it was answered, by the count of both.
    pub began: u64,
    pub ended: u64,
}

/// All commands of a run.
#[derive(Default)]
pub(crate) struct History {
    ops: Vec<Op>,
    n_steps: u64,
}

impl History {
    /// Notes that a command is given. Returns its number.
    pub(crate) fn invoke(
        &mut self,
        (case_id, actor): (&CaseId, &Actor),
        (at, expected): (Timestamp, Option<u32>),
    ) -> usize {
        self.n_steps += 1;
        self.ops.push(Op {
            case_id: case_id.clone(),
            actor: actor.clone(),
            at,
            expected,
            answer: Answer::Unknown,
            began: self.n_steps,
            ended: u64::MAX,
        });
        self.ops.len() - 1
    }

    /// Notes the answer.
    pub(crate) fn answer(&mut self, op: usize, answer: Answer) {
        self.n_steps += 1;
        self.ops[op].answer = answer;
        self.ops[op].ended = self.n_steps;
    }

    /// Compares everything with the final records.
    pub(crate) fn check(&self, records: &BTreeMap<CaseId, Vec<Recorded>>) -> Result<(), String> {
        let none = Vec::new();
        let mut by_case: BTreeMap<&CaseId, Vec<(&Op, u32)>> = BTreeMap::new();
        for op in &self.ops {
            let record = records.get(&op.case_id).unwrap_or(&none);
            match &op.answer {
                Answer::Ok(events) => {
                    kept(op, events, record)?;
                    if let Some(first) = events.first() {
                        by_case.entry(&op.case_id).or_default().push((op, first.seq));
                    }
                }
                Answer::No(code) => absent(op, code, record)?,
                Answer::Unknown => {}
            }
        }
        by_case.values_mut().try_for_each(|ops| in_order(ops))
    }
}

impl History {
    /// Whoever changed a case is in the audit trail, with the time of the request.
    pub(crate) fn check_trail(
        &self,
        trail: &BTreeSet<(String, String, Timestamp)>,
    ) -> Result<(), String> {
        for op in &self.ops {
            let of = (op.case_id.to_string(), op.actor.user_id.to_string(), op.at);
            let is_change = matches!(&op.answer, Answer::Ok(events) if !events.is_empty());
            if is_change && !trail.contains(&of) {
                let (who, case_id) = (&op.actor.user_id, &op.case_id);
                return Err(format!(
                    "{who} changed case {case_id}, and the audit trail has nothing"
                ));
            }
        }
        Ok(())
    }
}

/// What was answered with yes is in the record, once, as it was told.
fn kept(op: &Op, events: &[Recorded], record: &[Recorded]) -> Result<(), String> {
    for event in events {
        let at = usize::try_from(event.seq).unwrap_or(0).wrapping_sub(1);
        if record.get(at) != Some(event) {
            return Err(format!(
                "{} was told that event {} ({}) of case {} was recorded, and it is not there",
                op.actor.user_id,
                event.seq,
                event.event.name(),
                op.case_id
            ));
        }
    }
    match (op.expected, events.first()) {
        (Some(expected), Some(first)) if first.seq != expected + 1 => Err(format!(
            "{} decided on version {expected} of case {}, and event {} was recorded",
            op.actor.user_id, op.case_id, first.seq
        )),
        _ => Ok(()),
    }
}

/// What was answered with no left nothing behind.
fn absent(op: &Op, code: &str, record: &[Recorded]) -> Result<(), String> {
    let is_its = |one: &&Recorded| one.at == op.at && one.by == op.actor;
    match record.iter().find(is_its) {
        Some(one) => Err(format!(
            "{} was refused ({code}), and event {} of case {} is there",
            op.actor.user_id, one.seq, op.case_id
        )),
        None => Ok(()),
    }
}

/// Of two who decided on one version one has won, and whoever began later comes later.
fn in_order(ops: &mut [(&Op, u32)]) -> Result<(), String> {
    ops.sort_by_key(|(_, seq)| *seq);
    let mut won = BTreeSet::new();
    let mut began_last = 0;
    for (op, seq) in ops {
        if let Some(expected) = op.expected
            && !won.insert(expected)
        {
            return Err(format!("two have won on version {expected} of case {}", op.case_id));
        }
        // Everything before it in the record has to have begun before this one had ended.
        if op.ended < began_last {
            return Err(format!(
                "event {seq} of case {} was answered before an earlier one was asked for",
                op.case_id
            ));
        }
        began_last = began_last.max(op.began);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Answer, History};
    use doorstep_case::intake::IntakeEvent;
    use doorstep_case::{Actor, Event, Recorded, Role};
    use doorstep_vocab::{CaseId, Timestamp, UserId};
    use std::collections::{BTreeMap, BTreeSet};

    fn ben() -> Actor {
        Actor { user_id: UserId::from("ben"), role: Role::Agent }
    }

    fn event(seq: u32, at: i64) -> Recorded {
        let event = Event::Intake(IntakeEvent::Acknowledged);
        Recorded { seq, at: Timestamp(at), by: ben(), event }
    }

    /// Gives commands one after another, each on the version and with the answer that it is told.
    fn history(ops: &[(Option<u32>, Answer)]) -> History {
        let mut history = History::default();
        for (at, (expected, answer)) in (10..).zip(ops) {
            let case_id = CaseId::from("c");
            let op = history.invoke((&case_id, &ben()), (Timestamp(at), *expected));
            history.answer(op, answer.clone());
        }
        history
    }

    fn holds(ops: &[(Option<u32>, Answer)], record: &[Recorded]) -> bool {
        let records = BTreeMap::from([(CaseId::from("c"), record.to_vec())]);
        history(ops).check(&records).is_ok()
    }

    fn ok(seq: u32, at: i64) -> Answer {
        Answer::Ok(vec![event(seq, at)])
    }

    #[test]
    fn what_was_answered_with_yes_is_there_as_it_was_told() {
        let ops = [(Some(0), ok(1, 10)), (Some(1), ok(2, 11))];
        assert!(holds(&ops, &[event(1, 10), event(2, 11)]));
        assert!(!holds(&ops, &[event(1, 10)]), "lost");
        assert!(!holds(&ops, &[event(1, 10), event(2, 12)]), "another");
    }

    #[test]
    fn what_was_answered_with_no_is_not_there_and_the_unknown_may_be() {
        let record = [event(1, 10)];
        assert!(!holds(&[(None, Answer::No("stale"))], &record));
        assert!(holds(&[(None, Answer::No("stale"))], &[]));
        assert!(holds(&[(None, Answer::Unknown)], &record));
        assert!(holds(&[(None, Answer::Unknown)], &[]));
    }

    #[test]
    fn two_who_saw_one_version_do_not_both_win() {
        let record = [event(1, 10), event(2, 11)];
        assert!(!holds(&[(Some(0), ok(1, 10)), (Some(0), ok(2, 11))], &record));
        assert!(holds(&[(None, ok(1, 10)), (None, ok(2, 11))], &record));
    }

    #[test]
    fn who_began_after_another_had_ended_comes_after_it() {
        let record = [event(1, 11), event(2, 10)];
        assert!(!holds(&[(None, ok(2, 10)), (None, ok(1, 11))], &record));
    }

    #[test]
    fn who_changed_a_case_is_in_the_trail() {
        let history = history(&[(None, ok(1, 10))]);
        let entry = ("c".to_owned(), "ben".to_owned(), Timestamp(10));
        assert!(history.check_trail(&BTreeSet::from([entry])).is_ok());
        assert!(history.check_trail(&BTreeSet::new()).is_err());
    }
}
