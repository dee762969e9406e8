//! When all has healed and a day has passed: nothing is left undone, and everything that was answered is so.

use super::{Sound, Watch};
use crate::rows;
use crate::sim::Sim;
use doorstep_case::clock::Clock;
use doorstep_store::cases::{self, ReplayVerdict};
use doorstep_vocab::{Micros, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A clock that had to ring so long ago is late: a worker looks each minute.
const LATE: Micros = Micros::minutes(-2);

/// What must not be, each as a count that has to be 0.
const NONE_OF: [(&str, &str); 9] = [
    ("jobs wait", "SELECT COUNT(*) AS n FROM job WHERE done_at IS NULL AND dead_at IS NULL"),
    ("files are half taken", "SELECT COUNT(*) AS n FROM receipt WHERE outcome = 'reading'"),
    (
        "receipts have no bytes",
        "SELECT COUNT(*) AS n FROM receipt AS r WHERE NOT EXISTS (SELECT 1 FROM blob AS b WHERE b.hash = r.hash)",
    ),
    (
        "documents have no bytes",
        "SELECT COUNT(*) AS n FROM document AS d WHERE NOT EXISTS (SELECT 1 FROM blob AS b WHERE b.hash = d.hash)",
    ),
    (
        "cases share a number",
        "SELECT COUNT(*) AS n FROM case_head AS a WHERE EXISTS (SELECT 1 FROM case_head AS b WHERE b.number = a.number AND b.case_id <> a.case_id)",
    ),
    (
        "receipts have no unit",
        "SELECT COUNT(*) AS n FROM receipt AS r WHERE NOT EXISTS (SELECT 1 FROM receipt_unit AS u WHERE u.receipt_id = r.receipt_id)",
    ),
    ("jobs have panicked", "SELECT COUNT(*) AS n FROM job WHERE last_error = 'panicked'"),
    (
        "people belong to no case",
        "SELECT COUNT(*) AS n FROM person AS p WHERE NOT EXISTS (SELECT 1 FROM case_head AS h WHERE h.case_id = p.case_id)",
    ),
    (
        "units name a case that is not there",
        "SELECT COUNT(*) AS n FROM receipt_unit AS u WHERE u.case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM case_head AS h WHERE h.case_id = u.case_id)",
    ),
];

impl Watch {
    /// Looks a last time.
    pub(crate) fn last(&self, sim: &Sim) {
        let checks = [Self::all_done, Self::all_replayed, Self::all_true, Self::all_heard];
        for check in checks {
            if let Err(words) = check(self, sim) {
                return sim.fail(words);
            }
        }
    }

    fn all_done(&self, sim: &Sim) -> Sound {
        for (words, sql) in NONE_OF {
            let n = self.rows(|tx| rows::count(tx, sql))?;
            if n != 0 {
                return Err(format!("a day after all has healed, {n} {words}"));
            }
        }
        let now = sim.now();
        match self.rows(|tx| rows::overdue(tx, now))? {
            0 => {}
            n => return Err(format!("a day after all has healed, {n} clocks have not rung")),
        }
        self.each(|seen| {
            let is_late = |clock: &&Clock| clock.next_at().is_some_and(|at| at < now.plus(LATE));
            match seen.fold.clocks.0.values().find(is_late) {
                Some(clock) => Err(format!(
                    "case {}: {} has not rung a day after all has healed",
                    seen.fold.id, clock.started.clock_id
                )),
                None => Ok(()),
            }
        })
    }

    /// Every state, list row and deadline is what the record says.
    fn all_replayed(&self, _: &Sim) -> Sound {
        for case_id in self.case_ids() {
            let verdict = self.read(|tx| Ok(cases::replay_check(tx, &case_id)?))?;
            if verdict != ReplayVerdict::Same {
                return Err(format!("case {case_id} is not what its record says: {verdict:?}"));
            }
        }
        self.each(|seen| {
            doorstep_case::invariants::record(&seen.record)
                .map_err(|words| format!("case {}: {words}", seen.fold.id))
        })
    }

    /// What was answered is so.
    fn all_true(&self, sim: &Sim) -> Sound {
        let mut records = BTreeMap::new();
        for case_id in self.case_ids() {
            let record = self.read(|tx| Ok(cases::record(tx, &case_id)?))?;
            let seen = self.seen.borrow();
            if seen.get(&case_id).is_none_or(|seen| seen.record != record) {
                return Err(format!("the record of case {case_id} was changed after the event"));
            }
            records.insert(case_id, record);
        }
        let trail: BTreeSet<_> = self.rows(rows::trail)?.into_iter().collect();
        let history = sim.history.borrow();
        history.check(&records)?;
        history.check_trail(&trail)
    }

    /// Every sender was answered, and no open case is forgotten.
    fn all_heard(&self, sim: &Sim) -> Sound {
        if let Some(letter) = sim.letters.borrow().iter().find(|letter| !letter.is_answered()) {
            return Err(format!("{} was never answered", letter.name));
        }
        sim.letters_are_sound()?;
        self.each_file_once()?;
        self.each(|seen| {
            let case = &seen.fold;
            let is_watched = case.clocks.0.values().any(Clock::is_live);
            let row = self.read(|tx| Ok(rows::list_row(tx, &case.id)?))?;
            let is_waiting = row.is_some_and(|(code, ..)| WAITS.contains(&code.as_str()));
            if case.is_open() && is_waiting && !is_watched {
                return Err(format!("case {} waits for somebody, and no clock runs", case.id));
            }
            Ok(())
        })
    }
}

impl Watch {
    /// The same bytes stand once in a case, unless they turned out to have been held earlier.
    fn each_file_once(&self) -> Sound {
        let receipts: BTreeMap<String, rows::Held> =
            self.rows(rows::receipts)?.into_iter().collect();
        self.each(|seen| {
            let intake = &seen.fold.intake;
            let cancels = intake.cancel_requests.iter().map(|request| &request.receipt);
            for all in [intake.receipts.iter().collect::<Vec<_>>(), cancels.collect()] {
                let mut held: BTreeMap<&str, Timestamp> = BTreeMap::new();
                for receipt in all {
                    let Some(receipt_id) = &receipt.receipt_id else { continue };
                    let Some((hash, _)) = receipts.get(receipt_id.as_str()) else {
                        return Err(format!("case {} names a receipt that is gone", seen.fold.id));
                    };
                    let known = held.insert(hash, receipt.received_at);
                    if known.is_some_and(|known| known <= receipt.received_at) {
                        return Err(format!("the same file stands twice in case {}", seen.fold.id));
                    }
                }
            }
            Ok(())
        })
    }
}

/// Next steps that are somebody else's.
const WAITS: [&str; 5] =
    ["await-answer", "await-auth", "await-dispute", "await-provider", "deliver"];
