//! What the tests start from: invented cases made of events, and people who could not be real.

use crate::cases::{self, Append};
use crate::people::Party;
use crate::worklist::WorkRow;
use crate::{Result, Scope};
use doorstep_authz::Sight;
use doorstep_case::auth::AuthEvent;
use doorstep_case::intake::IntakeEvent;
use doorstep_case::{Actor, Case, Coverage, Event, LineRequest, Person, Recorded, Role, apply};
use doorstep_db::{Db, Tx};
use doorstep_vocab::{CaseId, CaseNumber, ClockId, Date, LineNo, Phi, Timestamp, UserId};
use serde_json::json;

/// A second, in microseconds.
pub(super) const SECOND: i64 = 1_000_000;

/// A case with the events that have led to it and the row its list shows.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    pub(super) case: Case,
    pub(super) recorded: Vec<Recorded>,
    pub(super) row: WorkRow,
    written: usize,
}

impl Given {
    /// A case with one line of equipment, opened at a second.
    pub(super) fn opened(id: &str, at: i64) -> Given {
        let row = WorkRow {
            next_code: "ask".into(),
            next_words: "ask for the order".into(),
            blocked: 1,
            waiting: "line 2 waits for the signed order".into(),
            member_sort: Phi::new("exampletesta".to_owned()),
            ..WorkRow::default()
        };
        let mut given = Given { case: Case::new(id.into()), row, ..Given::default() };
        given.happens(at, referred(at));
        given
    }

    pub(super) fn happens(&mut self, at: i64, event: Event) -> &mut Given {
        self.recorded_by(("agent.one", Role::Agent), at, event)
    }

    /// Something that a door brings.
    pub(super) fn comes(&mut self, at: i64, event: Event) -> &mut Given {
        self.recorded_by(("intake", Role::System), at, event)
    }

    fn recorded_by(&mut self, (name, role): (&str, Role), at: i64, event: Event) -> &mut Given {
        let by = Actor { user_id: UserId::from(name), role };
        let recorded = Recorded { seq: self.case.seq + 1, at: Timestamp(at * SECOND), by, event };
        apply(&mut self.case, &recorded);
        self.recorded.push(recorded);
        self
    }

    /// Starts a clock that warns at a second and is due at a later one.
    pub(super) fn clock(&mut self, at: i64, name: &str, (warn, due): (i64, i64)) -> &mut Given {
        self.happens(at, started(at, name, (warn, due)))
    }

    pub(super) fn assigned(&mut self, at: i64, manager: &str) -> &mut Given {
        self.happens(at, Event::Intake(IntakeEvent::Assigned { manager: manager.into() }))
    }

    pub(super) fn auth_requested(&mut self, at: i64) -> &mut Given {
        let event = AuthEvent::Requested {
            lines: vec![LineNo(1)],
            trace: "T1".into(),
            received_at: None,
            renews: false,
        };
        self.happens(at, Event::Auth(event))
    }

    /// Appends what has happened since the last time.
    pub(super) fn append(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let new = &self.recorded[self.written..];
        let before = u32::try_from(self.written).unwrap();
        cases::append(tx, &Append { before, case: &self.case, recorded: new, row: &self.row })
    }

    pub(super) fn write(&mut self, db: &Db) -> Result<()> {
        db.write("append", |tx| self.append(tx))?;
        self.written = self.recorded.len();
        Ok(())
    }

    pub(super) fn id(&self) -> &CaseId {
        &self.case.id
    }
}

/// Returns the clock's id, as the case names it.
pub(super) fn clock_id(name: &str) -> ClockId {
    ClockId(format!("{name}:case"))
}

pub(super) fn number(n: u32) -> CaseNumber {
    CaseNumber::new(Date::constant(2026, 7, 3), n)
}

/// Events are written as JSON for ever, so the tests' own stay readable when fields are added.
fn referred(at: i64) -> Event {
    event(json!({ "intake": { "referred": {
        "number": number(u32::try_from(at).unwrap()),
        "receipt": { "receipt_id": null, "channel": "form", "received_at": at * SECOND, "order_ref": null },
        "payer_id": "example-plan",
        "urgency": "routine",
        "zone": "America/Chicago",
        "prescriber_npi": null,
        "diagnoses": [],
        "lines": [{
            "no": 1,
            "request": LineRequest::default(),
            "service": "dme",
            "family": "oxygen",
            "custom": false,
        }],
        "known": {},
        "documents": [],
        "terms": "test",
    } } }))
}

fn started(at: i64, name: &str, (warn, due): (i64, i64)) -> Event {
    event(json!({ "clock": { "started": {
        "clock_id": clock_id(name),
        "rule": name,
        "about": "case",
        "from": "event",
        "counts_from": at * SECOND,
        "within": "1 h",
        "before": false,
        "due_at": due * SECOND,
        "warn_at": [[75, warn * SECOND]],
        "zone": "UTC",
        "owner": "agent",
        "on_miss": "record",
        "version": "test",
        "source": "test",
    } } }))
}

fn event(json: serde_json::Value) -> Event {
    serde_json::from_value(json).unwrap()
}

pub(super) fn phi(text: &str) -> Phi<String> {
    Phi::new(text.to_owned())
}

/// A member with nothing but names and a plan ID.
pub(super) fn party(family: &str, given: &str) -> Party {
    let person = Person {
        family: Some(phi(family)),
        given: vec![phi(given)],
        birth_on: Some(Phi::new(Date::constant(1950, 1, 2))),
        ..Person::default()
    };
    let coverage = vec![Coverage { member_id: Some(phi("TEST-0001")), ..Coverage::default() }];
    Party { person, coverage, ..Party::default() }
}

pub(super) fn staff() -> Scope {
    Scope::granted(Sight::of("agent.one".into(), Role::Agent))
}

/// What sees every case, and what is no case's yet.
pub(super) fn system() -> Scope {
    Scope::granted(Sight::of("system".into(), Role::System))
}

pub(super) fn admin() -> Scope {
    Scope::granted(Sight::of("admin.one".into(), Role::Admin))
}

/// Runs two closures at once and returns what each came to.
pub(super) fn at_once<T: Send>(
    one: impl FnOnce() -> T + Send,
    other: impl FnOnce() -> T + Send,
) -> (T, T) {
    let barrier = std::sync::Barrier::new(2);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            barrier.wait();
            one()
        });
        let second = scope.spawn(|| {
            barrier.wait();
            other()
        });
        (first.join().unwrap(), second.join().unwrap())
    })
}
