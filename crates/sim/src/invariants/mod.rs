//! What has to hold, asked past the program by a reader of its own: after every commit, at every message that arrives, and at
//! the end.
//!
//! - `record`: a record only grows, and the stored state is what it says.
//! - `outbox`: each event's effects are jobs, no more and no less; nobody is told without one, or out of order.
//! - `leases`: only who holds a job ends it; a clock that is due is held by somebody once it was claimed.
//! - `last`: when all has healed, nothing is left undone, and what was answered was true.

mod last;
mod leases;
mod outbox;
mod record;

use crate::clock::{NodeClock, Time};
use crate::machine::options;
use crate::rows;
use crate::sim::Sim;
use crate::template::template;
use doorstep_app::{App, Error};
use doorstep_case::{Case, Event, Recorded};
use doorstep_db::{Db, Hook, Tx};
use doorstep_store::people::{self, Party};
use doorstep_vocab::{CaseId, Timestamp};
use record::Rings;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// Events of one commit that are read at once.
const EVENTS_MAX: u32 = 1_000;

/// What does not hold, in words.
type Sound = Result<(), String>;

/// A case as far as it was looked at.
pub(crate) struct Seen {
    /// The record, folded by this very reader.
    pub fold: Case,
    pub record: Vec<Recorded>,
    rings: Rings,
}

/// What is kept of a case beside its events and its state.
struct Kept {
    jobs: Vec<rows::JobRow>,
    row: Option<(String, String, u32)>,
    party: Party,
}

/// Looks at the database past the program.
pub(crate) struct Watch {
    app: App,
    seen: RefCell<BTreeMap<CaseId, Seen>>,
    ended: RefCell<BTreeSet<String>>,
    put_back: RefCell<BTreeSet<(String, i64)>>,
    /// Whether a commit may have been kept that nobody was told of.
    is_unsure: Cell<bool>,
}

impl Watch {
    pub(crate) fn open(path: &str, time: &Time) -> Self {
        let db =
            Db::open_with(path, &options(Hook::default())).expect("the file was laid just now");
        let template = template();
        let clock = NodeClock::new(time);
        let app = App::new(db, template.packs.clone(), template.settings(), move || clock.looked());
        Self {
            app,
            seen: RefCell::default(),
            ended: RefCell::default(),
            put_back: RefCell::default(),
            is_unsure: Cell::default(),
        }
    }

    /// Returns the program that only looks: models of those outside see with it what they know anyway.
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// Returns a case as it stands.
    pub(crate) fn case(&self, case_id: &CaseId) -> Option<Case> {
        self.seen.borrow().get(case_id).map(|seen| seen.fold.clone())
    }

    /// Returns the ids of all cases.
    pub(crate) fn case_ids(&self) -> Vec<CaseId> {
        self.seen.borrow().keys().cloned().collect()
    }

    /// Returns whether the record has exactly these events: what was answered is durable then.
    pub(crate) fn has(&self, case_id: &CaseId, events: &[Recorded]) -> bool {
        let seen = self.seen.borrow();
        let Some(seen) = seen.get(case_id) else { return events.is_empty() };
        let at = |event: &Recorded| usize::try_from(event.seq).unwrap_or(0).wrapping_sub(1);
        events.iter().all(|event| seen.record.get(at(event)) == Some(event))
    }

    fn read<T>(&self, call: impl FnMut(&mut Tx<'_>) -> Result<T, Error>) -> Result<T, String> {
        self.app.db.read(call).map_err(|error| format!("the reader was refused: {error:?}"))
    }

    fn rows<T>(
        &self,
        mut call: impl FnMut(&mut Tx<'_>) -> Result<T, doorstep_db::DbError>,
    ) -> Result<T, String> {
        self.read(|tx| call(tx).map_err(Error::from))
    }

    /// Looks at every case that has changed.
    pub(crate) fn step(&self, sim: &Sim) {
        if let Err(words) = self.stepped(sim) {
            sim.fail(words);
        }
    }

    fn stepped(&self, sim: &Sim) -> Sound {
        let heads = self.rows(rows::heads)?;
        let mut seen = self.seen.borrow_mut();
        if heads.len() < seen.len() {
            return Err("a case is gone".to_owned());
        }
        for (case_id, seq) in heads {
            let known = seen.get(&case_id).map_or(0, |seen| seen.fold.seq);
            if seq < known {
                return Err(format!("case {case_id} went back from event {known} to {seq}"));
            }
            if seq > known {
                let seen = seen.entry(case_id.clone()).or_insert_with(|| Seen {
                    fold: Case::new(case_id.clone()),
                    record: Vec::new(),
                    rings: Rings::default(),
                });
                self.changed(sim, seen)?;
            }
        }
        Ok(())
    }

    fn changed(&self, sim: &Sim, seen: &mut Seen) -> Sound {
        let case_id = seen.fold.id.clone();
        let scope = self.app.system("watch").scope().map_err(|error| format!("{error:?}"))?;
        let after = seen.fold.seq;
        let (events, stored, kept) = self.read(|tx| {
            let of = (&case_id, after);
            let events = doorstep_store::cases::events_after(tx, &scope, of, EVENTS_MAX)?;
            let kept = Kept {
                jobs: rows::jobs_after(tx, &case_id, after)?,
                row: rows::list_row(tx, &case_id)?,
                party: people::for_writing(tx, &case_id)?.unwrap_or_default(),
            };
            Ok((events, rows::state(tx, &case_id)?, kept))
        })?;
        let before = seen.fold.clone();
        for event in &events {
            followed(sim, seen, event)?;
        }
        let folded = serde_json::to_string(&seen.fold).map_err(|error| error.to_string())?;
        if stored.as_ref() != Some(&folded) {
            return Err(format!("the stored state of case {case_id} is not what its events say"));
        }
        doorstep_case::invariants::state(&seen.fold)
            .map_err(|words| format!("case {case_id}: {words}"))?;
        record::batch(&self.app, (&before, seen), &events)?;
        outbox::check((&before, seen), &events, &kept.jobs)?;
        self.row(sim, seen, &kept)?;
        sim.changed(&case_id);
        Ok(())
    }

    /// Calls for every case with its record, at the end.
    pub(crate) fn each(&self, mut call: impl FnMut(&Seen) -> Sound) -> Sound {
        self.seen.borrow().values().try_for_each(&mut call)
    }

    /// Returns the version of a case.
    pub(crate) fn seq(&self, case_id: &CaseId) -> u32 {
        self.seen.borrow().get(case_id).map_or(0, |seen| seen.fold.seq)
    }

    /// Returns whether a receipt is on the disk, and was finished.
    pub(crate) fn has_receipt(&self, receipt_id: &str) -> bool {
        self.rows(|tx| rows::finished_receipt(tx, receipt_id)).is_ok_and(|found| found)
    }

    /// Returns whether any case has an event that was recorded by the request of that time.
    pub(crate) fn has_event_at(&self, at: Timestamp) -> bool {
        self.seen.borrow().values().any(|seen| {
            seen.record.iter().rev().take_while(|one| one.at >= at).any(|one| one.at == at)
        })
    }

    /// Returns when a worker has something to do next.
    pub(crate) fn next_work(&self) -> Option<Timestamp> {
        self.rows(rows::next_work).ok().flatten()
    }
}

/// Follows one event: it is checked against the state before it, and folded.
fn followed(sim: &Sim, seen: &mut Seen, event: &Recorded) -> Sound {
    let case_id = &seen.fold.id;
    let about = match &event.event {
        Event::Clock(event) => event.clock_id().as_str(),
        _ => event.by.user_id.as_str(),
    };
    let (seq, name) = (event.seq, event.event.name());
    sim.say(&format!("{}: {seq} {name} ({about})", tail(case_id)));
    record::event(seen, event)?;
    let truly = sim.now().plus(sim.max_ahead.get());
    seen.rings.turn(event, truly)?;
    seen.record.push(event.clone());
    doorstep_case::apply(&mut seen.fold, event);
    Ok(())
}

/// The end of an id, which tells cases apart in a line.
pub(crate) fn tail(case_id: &CaseId) -> &str {
    let text = case_id.as_str();
    text.get(text.len().saturating_sub(6)..).unwrap_or(text)
}
