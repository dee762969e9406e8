//! Calls and the figures counted from them.

use super::given;
use crate::calls::{self, CallRow, Figures, Interpreter};
use crate::people;
use crate::schema::MIGRATIONS;
use crate::{Scope, StoreError};
use doorstep_authz::Sight;
use doorstep_case::Role;
use doorstep_case::calls::{
    Authority, Bridge, Direction, Ends, Identifier, Level, Life, Matched, Step, TransferTo,
};
use doorstep_db::{Db, store_test};
use doorstep_vocab::{CallId, Micros, Phi, Timestamp};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

fn at(minutes: i64) -> Timestamp {
    Timestamp(minutes * MINUTE)
}

fn agent() -> Scope {
    Scope::granted(Sight::of("agent.one".into(), Role::System))
}

fn call(id: &str, begins: i64) -> CallRow {
    CallRow {
        call_id: id.into(),
        version: 1,
        case_id: None,
        agent: "agent.one".into(),
        direction: Direction::Inbound,
        caller: "member".to_owned(),
        reason: "status".to_owned(),
        caller_name: Phi::new("Testa Example".to_owned()),
        caller_org: Phi::new(String::new()),
        caller_phone: Phi::new("555-0100".to_owned()),
        notes: Phi::new(String::new()),
        started_at: at(begins),
        life: Life::connected(at(begins)),
        level: Level::Nothing,
        matched: Matched::default(),
        symptoms: Vec::new(),
        handed_to: None,
        disposition: None,
        ends: None,
        promised_to: None,
        passed_to: None,
        is_laid_back: false,
        closed_at: None,
        verified_at: None,
        failed_at: None,
        interpreter: Interpreter::default(),
    }
}

fn add(db: &Db, call: &CallRow) {
    db.write("add", |tx| calls::add(tx, call)).unwrap();
}

fn get(db: &Db, id: &str) -> Option<CallRow> {
    db.read(|tx| calls::get(tx, &agent(), &id.into())).unwrap()
}

/// A call of `talk` minutes with one of wrap-up.
fn ended(mut call: CallRow, talk: i64, ends: Ends) -> CallRow {
    let begins = call.started_at.0 / MINUTE;
    let wraps = call.life.step(Step::HangUp, at(begins + talk)).unwrap();
    call.life = wraps.step(Step::Close, at(begins + talk + 1)).unwrap();
    (call.ends, call.disposition) = (Some(ends), Some(ends.code().to_owned()));
    call.closed_at = Some(at(begins + talk + 1));
    call
}

fn keep(db: &Db, call: &CallRow) {
    add(db, call);
    db.write("put", |tx| calls::put(tx, call)).unwrap();
}

store_test!(a_call_is_read_as_it_was_written, MIGRATIONS, |db: &Db| {
    let began = call("c1", 10);
    add(db, &began);
    assert_eq!(get(db, "c1"), Some(began.clone()));
    let held = began.life.step(Step::Transfer, at(12)).unwrap();
    let changed = CallRow {
        case_id: Some("case-1".into()),
        notes: Phi::new("asks, when".to_owned()),
        life: held,
        level: Level::Status,
        matched: Matched {
            identifiers: [Identifier::Name, Identifier::BirthDate].into(),
            authority: [Authority::CalledBack].into(),
            tries_failed: 1,
        },
        symptoms: vec!["fall".to_owned(), "chest-pain".to_owned()],
        handed_to: Some(TransferTo::Nurse),
        promised_to: Some(at(90)),
        verified_at: Some(at(11)),
        failed_at: Some(at(13)),
        interpreter: Interpreter {
            language: "spa".to_owned(),
            by: Some(Bridge::Interpreter),
            number: "Vendor Example, 4711".to_owned(),
        },
        ..began
    };
    db.write("put", |tx| calls::put(tx, &changed)).unwrap();
    assert_eq!(get(db, "c1"), Some(CallRow { version: 2, ..changed.clone() }));
    let late = db.write("put", |tx| calls::put(tx, &changed)).unwrap_err();
    assert!(matches!(late, StoreError::Stale), "{late:?}");
});

store_test!(the_call_that_somebody_holds_is_their_latest_open_one, MIGRATIONS, |db: &Db| {
    let held = |who: &str| db.read(|tx| calls::held_by(tx, &agent(), &who.into())).unwrap();
    assert_eq!(held("agent.one"), None);
    add(db, &call("c1", 10));
    add(db, &CallRow { agent: "agent.two".into(), ..call("c2", 11) });
    assert_eq!(held("agent.one"), Some(CallId::from("c1")));
    let done = ended(call("c1", 10), 5, Ends::Resolved);
    db.write("put", |tx| calls::put(tx, &done)).unwrap();
    assert_eq!((held("agent.one"), held("agent.two")), (None, Some(CallId::from("c2"))));
});

store_test!(an_administrator_reads_no_call, MIGRATIONS, |db: &Db| {
    keep(db, &ended(call("c1", 10), 5, Ends::Resolved));
    let admin = Scope::granted(Sight::of("root".into(), Role::Admin));
    let all = (at(0), at(100));
    assert_eq!(db.read(|tx| calls::get(tx, &admin, &"c1".into())).unwrap(), None);
    assert_eq!(db.read(|tx| calls::list(tx, &admin, all, 9)).unwrap(), []);
    let figures = db.read(|tx| calls::figures(tx, &admin, all, Micros(7 * DAY))).unwrap();
    assert_eq!(figures, Figures::default());
    let listed = db.read(|tx| calls::list(tx, &agent(), all, 9)).unwrap();
    assert_eq!(listed.len(), 1);
});

fn about(case: &str, call: CallRow) -> CallRow {
    CallRow { case_id: Some(case.into()), ..call }
}

store_test!(figures_are_counted_as_they_are_defined, MIGRATIONS, |db: &Db| {
    let week = 7 * 24 * 60;
    // Resolved at once, and called again after the week: first contact, twice.
    keep(db, &about("a", ended(call("a1", 0), 9, Ends::Resolved)));
    keep(db, &about("a", ended(call("a2", week + 1), 9, Ends::Resolved)));
    // Called again about the same within the week: not the first, but the second.
    keep(db, &about("b", ended(call("b1", 0), 4, Ends::Resolved)));
    keep(db, &about("b", ended(call("b2", week), 4, Ends::Resolved)));
    // Another reason is another contact; one of ours repeats nothing.
    let other = CallRow { reason: "delivery".to_owned(), ..call("c2", 50) };
    keep(db, &about("c", ended(call("c1", 0), 4, Ends::Resolved)));
    keep(db, &about("c", ended(other, 4, Ends::Open)));
    let ours = CallRow { direction: Direction::Outbound, ..call("c3", 60) };
    keep(db, &about("c", ended(ours, 19, Ends::Resolved)));
    // Handed over.
    let mut handed = about("d", ended(call("d1", 0), 4, Ends::Resolved));
    handed.life.n_transfers = 1;
    keep(db, &handed);
    // Left out: gave up, wrong number, no case, not ended.
    keep(db, &ended(call("e1", 0), 1, Ends::Abandoned));
    keep(db, &ended(call("e2", 0), 0, Ends::WrongNumber));
    keep(db, &ended(call("e3", 0), 4, Ends::Resolved));
    add(db, &call("e4", 0));
    let all = (at(0), at(3 * week));
    let counted = db.read(|tx| calls::figures(tx, &agent(), all, Micros(7 * DAY))).unwrap();
    let handled_minutes = 10 + 10 + 5 + 5 + 5 + 5 + 5 + 1 + 5;
    let expected = Figures {
        inbound: 11,
        outbound: 1,
        first_of: 7,
        first: 4,
        first_excluded: 3,
        handled: 9,
        handled_for: Micros(handled_minutes * MINUTE),
        handled_out: 1,
        handled_out_for: Micros(20 * MINUTE),
        transferred: 1,
        abandoned: 1,
    };
    assert_eq!(counted, expected);
    let short = |seconds: i64| {
        db.read(|tx| calls::short_abandons(tx, &agent(), all, Micros(seconds * 1_000_000))).unwrap()
    };
    assert_eq!((short(5), short(60), short(61)), (0, 0, 1));
    let none = db.read(|tx| calls::figures(tx, &agent(), (at(1), at(1)), Micros(DAY))).unwrap();
    assert_eq!(none, Figures::default());
});

/// A call about a case whose tries failed at its third minute, from a number.
fn failed(db: &Db, id: &str, (case_id, phone): (&str, &str), begins: i64) {
    let call = CallRow {
        case_id: Some(case_id.into()),
        caller_phone: Phi::new(phone.to_owned()),
        failed_at: Some(at(begins + 3)),
        ..call(id, begins)
    };
    keep(db, &call);
}

fn failed_about(db: &Db, case_id: &str, since: i64) -> Option<Timestamp> {
    let what = (&case_id.into(), &CallId::from("own"));
    db.read(|tx| calls::failed_about(tx, what, at(since))).unwrap()
}

store_test!(failed_tries_are_found_by_every_case_of_their_member, MIGRATIONS, |db: &Db| {
    for (case_id, birth) in
        [("case-1", "1950-07-04"), ("case-2", "1950-07-04"), ("twin", "1950-07-05")]
    {
        let mut party = given::party("Example", "Testa");
        party.person.birth_on = birth.parse().ok().map(Phi::new);
        db.write("put", |tx| people::put(tx, &case_id.into(), &party, Timestamp(1))).unwrap();
    }
    failed(db, "c1", ("case-1", "555-0100"), 10);
    assert_eq!(failed_about(db, "case-1", 0), Some(at(13)));
    assert_eq!(failed_about(db, "case-2", 0), Some(at(13)), "another case of the member");
    assert_eq!(failed_about(db, "twin", 0), None, "one plan ID, another birth date");
    assert_eq!(failed_about(db, "case-1", 13), None, "long ago");
    let own = (&"case-1".into(), &CallId::from("c1"));
    assert_eq!(db.read(|tx| calls::failed_about(tx, own, at(0))).unwrap(), None, "its own");
});

store_test!(a_number_is_one_however_it_is_written, MIGRATIONS, |db: &Db| {
    failed(db, "c1", ("case-1", "(608) 555-0177"), 10);
    failed(db, "c2", ("case-2", "+1 608 555 0177"), 20);
    failed(db, "c3", ("case-3", ""), 30);
    let n = |phone: &str| {
        let phone = Phi::new(phone.to_owned());
        db.read(|tx| calls::failed_from(tx, &phone, at(0))).unwrap()
    };
    assert_eq!((n("608.555.0177"), n("608-555-0178"), n("")), (2, 0, 0));
    let watched = db.read(|tx| calls::watched(tx, &agent(), (at(0), 2), 9)).unwrap();
    assert_eq!(watched.len(), 1);
    assert_eq!((watched[0].n_members, watched[0].latest_at), (2, at(23)));
    assert_eq!(watched[0].call_id, CallId::from("c2"));
    let admin = Scope::granted(Sight::of("root".into(), Role::Admin));
    assert_eq!(db.read(|tx| calls::watched(tx, &admin, (at(0), 2), 9)).unwrap(), []);
});
