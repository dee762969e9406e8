//! Cases: what is written is read, races for a version, and planted defects that a replay must find.

use super::given::{Given, SECOND, admin, at_once, clock_id, number, staff};
use crate::cases::{self, ReplayVerdict, replay_check};
use crate::schema::MIGRATIONS;
use crate::{Result, StoreError, deadlines};
use doorstep_case::clock::ClockEvent;
use doorstep_case::closing::ClosingEvent;
use doorstep_case::intake::IntakeEvent;
use doorstep_case::orders::OrdersEvent;
use doorstep_case::{Case, Event};
use doorstep_db::{Db, DbError, Tx, params, store_test};
use doorstep_vocab::{CaseId, Timestamp};

fn checked(db: &Db, id: &str) -> ReplayVerdict {
    db.read(|tx| replay_check(tx, &id.into())).unwrap()
}

fn planted(db: &Db, sql: &str) {
    let n_rows = db.write::<_, DbError>("plant", |tx| tx.execute(sql, params![])).unwrap();
    assert!(n_rows > 0, "{sql} changed nothing");
}

store_test!(a_case_is_read_back_as_it_was_written, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 10);
    given.clock(10, "acknowledge", (20, 30)).write(db).unwrap();
    given.assigned(11, "agent.one").auth_requested(12).write(db).unwrap();
    let id = given.id().clone();
    let read = db
        .read::<_, StoreError>(|tx| {
            assert_eq!(cases::load(tx, &id)?, Some(given.case.clone()));
            assert_eq!(cases::view(tx, &staff(), &id)?, Some(given.case.clone()));
            assert_eq!(cases::record(tx, &id)?, given.recorded);
            assert_eq!(cases::events_after(tx, &staff(), (&id, 1), 2)?, given.recorded[1..3]);
            assert_eq!(cases::by_number(tx, &staff(), &number(10))?, Some(id.clone()));
            assert_eq!(cases::by_number(tx, &staff(), &number(11))?, None);
            assert_eq!(cases::load(tx, &"c2".into())?, None);
            cases::events(tx, &staff(), &id)
        })
        .unwrap();
    assert_eq!(read, given.recorded);
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
});

/// The state as a program before lines were complete each for itself has stored it.
fn stored_then(case: &Case) -> String {
    let mut state = serde_json::to_value(case).unwrap();
    state.as_object_mut().unwrap().remove("fold").unwrap();
    state["orders"]["completed_at"] = serde_json::json!(12 * SECOND);
    let lines = state["lines"].as_object_mut().unwrap();
    for line in lines.values_mut() {
        line.as_object_mut().unwrap().remove("order").unwrap();
    }
    state.to_string()
}

store_test!(a_state_of_an_earlier_version_is_folded_anew, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 10);
    given.happens(12, Event::Orders(OrdersEvent::Completed)).write(db).unwrap();
    let sql = "UPDATE case_head SET state = $1 WHERE case_id = 'c1'";
    let text = stored_then(&given.case);
    db.write::<_, DbError>("plant", |tx| tx.execute(sql, params![text.as_str()])).unwrap();
    let load = || db.read(|tx| cases::load(tx, given.id())).unwrap().unwrap();
    assert_eq!(load(), given.case);
    assert_eq!(load().completed_at(), Some(Timestamp(12 * SECOND)));
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
    given.case = load();
    given.assigned(13, "agent.one").write(db).unwrap();
    let read = |tx: &mut Tx<'_>| tx.query_one("SELECT state FROM case_head", params![]);
    let row = db.read(read).unwrap().unwrap();
    assert_eq!(serde_json::from_str::<Case>(row.text("state").unwrap()).unwrap(), given.case);
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
    planted(db, "DELETE FROM case_event WHERE case_id = 'c1' AND seq = 2");
    planted(db, "UPDATE case_head SET state = REPLACE(state, '\"fold\":2', '\"fold\":1')");
    assert_eq!(db.read(|tx| cases::load(tx, given.id())).unwrap().unwrap().seq, 3, "as stored");
    assert_eq!(checked(db, "c1"), ReplayVerdict::Differs(vec!["events"]));
});

store_test!(an_administrator_sees_no_case, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 10);
    given.write(db).unwrap();
    db.read::<_, StoreError>(|tx| {
        assert_eq!(cases::view(tx, &admin(), given.id())?, None);
        assert_eq!(cases::events(tx, &admin(), given.id())?, []);
        assert_eq!(cases::events_after(tx, &admin(), (given.id(), 0), 9)?, []);
        assert_eq!(cases::by_number(tx, &admin(), &number(10))?, None);
        Ok(())
    })
    .unwrap();
});

store_test!(a_long_record_is_read_whole, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 1);
    for at in 2..=1203 {
        given.assigned(at, "agent.one");
    }
    given.write(db).unwrap();
    let record = db.read(|tx| cases::record(tx, given.id())).unwrap();
    assert_eq!(record.len(), 1203);
    assert_eq!(record, given.recorded);
});

store_test!(of_two_who_decided_on_the_same_state_one_is_stale, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 10);
    given.write(db).unwrap();
    for round in 0..10 {
        let (mut one, mut other) = (given.clone(), given.clone());
        one.assigned(20 + round, "agent.one");
        other.assigned(20 + round, "agent.two").assigned(20 + round, "agent.three");
        let (first, second) = at_once(|| one.write(db), || other.write(db));
        let winner = match (&first, &second) {
            (Ok(()), Err(StoreError::Stale)) => one,
            (Err(StoreError::Stale), Ok(())) => other,
            both => panic!("{both:?}"),
        };
        let stored = db.read(|tx| cases::load(tx, given.id())).unwrap();
        assert_eq!(stored, Some(winner.case.clone()));
        assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
        given = winner;
    }
});

store_test!(a_case_is_opened_once, MIGRATIONS, |db: &Db| {
    let (mut one, mut other) = (Given::opened("c1", 10), Given::opened("c1", 11));
    let both = at_once(|| one.write(db), || other.write(db));
    assert!(
        matches!(both, (Ok(()), Err(StoreError::Stale)) | (Err(StoreError::Stale), Ok(()))),
        "{both:?}"
    );
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
});

store_test!(a_stale_append_leaves_nothing, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 10);
    given.write(db).unwrap();
    let mut late = given.clone();
    given.assigned(11, "agent.one").write(db).unwrap();
    late.clock(11, "schedule", (20, 30));
    assert_eq!(late.write(db), Err(StoreError::Stale));
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
    let n_due = db.read(|tx| deadlines::due(tx, Timestamp(99 * SECOND), 9)).unwrap().len();
    assert_eq!(n_due, 0);
});

store_test!(the_list_row_alone_can_be_renewed, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 10);
    given.write(db).unwrap();
    given.row.next_words = "await the answer".into();
    given.write(db).unwrap();
    let row = db
        .read::<_, DbError>(|tx| tx.query_one("SELECT seq, next_words FROM case_head", params![]));
    let row = row.unwrap().unwrap();
    assert_eq!((row.int("seq"), row.text("next_words")), (Ok(1), Ok("await the answer")));
});

store_test!(deadlines_follow_the_clocks, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 10);
    given.clock(10, "acknowledge", (20, 30)).clock(10, "schedule", (40, 50)).write(db).unwrap();
    let next = |at: i64| {
        let due = db.read(|tx| deadlines::due(tx, Timestamp(at * SECOND), 9)).unwrap();
        due.into_iter().map(|due| (due.clock_id, due.next_at.0 / SECOND)).collect::<Vec<_>>()
    };
    assert_eq!(next(19), []);
    assert_eq!(next(99), [(clock_id("acknowledge"), 20), (clock_id("schedule"), 40)]);
    let warned = ClockEvent::Warned {
        clock_id: clock_id("acknowledge"),
        percent: 75,
        owner: doorstep_case::Role::Agent,
        user_id: None,
    };
    given.happens(21, Event::Clock(warned)).write(db).unwrap();
    assert_eq!(next(99), [(clock_id("acknowledge"), 30), (clock_id("schedule"), 40)]);
    given.happens(22, Event::Clock(ClockEvent::Stopped { clock_id: clock_id("acknowledge") }));
    given.happens(22, Event::Clock(ClockEvent::Paused { clock_id: clock_id("schedule") }));
    given.write(db).unwrap();
    assert_eq!(next(99), []);
    let resumed = ClockEvent::Resumed {
        clock_id: clock_id("schedule"),
        due_at: Timestamp(60 * SECOND),
        warn_at: Vec::new(),
    };
    given.happens(30, Event::Clock(resumed)).write(db).unwrap();
    assert_eq!(next(99), [(clock_id("schedule"), 60)]);
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
});

store_test!(more_clocks_than_one_statement_takes, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 1);
    let names: Vec<String> = (0..40).map(|n| format!("clock-{n:02}")).collect();
    for name in &names {
        given.clock(1, name, (20, 30));
    }
    given.write(db).unwrap();
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
    for name in &names {
        given.happens(2, Event::Clock(ClockEvent::Stopped { clock_id: clock_id(name) }));
    }
    given.write(db).unwrap();
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
    let left = db.read(|tx| deadlines::due(tx, Timestamp(99 * SECOND), 99)).unwrap();
    assert_eq!(left, []);
});

store_test!(a_case_can_be_closed_and_reopened, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 10);
    given
        .happens(20, Event::Closing(ClosingEvent::Closed { completed: false, kind: None }))
        .write(db)
        .unwrap();
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
    given.happens(21, Event::Closing(ClosingEvent::Reopened)).write(db).unwrap();
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
});

store_test!(every_case_is_passed_once, MIGRATIONS, |db: &Db| {
    for n in 1..=5 {
        Given::opened(&format!("c{n}"), n).write(db).unwrap();
    }
    let walk = |db: &Db| -> Result<Vec<CaseId>> {
        db.read(|tx| {
            let mut all: Vec<CaseId> = Vec::new();
            loop {
                let more = cases::ids_after(tx, all.last(), 2)?;
                if more.is_empty() {
                    return Ok(all);
                }
                all.extend(more);
            }
        })
    };
    let ids: Vec<CaseId> = (1..=5).map(|n| CaseId(format!("c{n}"))).collect();
    assert_eq!(walk(db), Ok(ids));
    assert_eq!(db.read(cases::count), Ok(5));
});

store_test!(a_replay_finds_what_was_tampered_with, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 10);
    given.clock(10, "acknowledge", (20, 30)).assigned(11, "agent.one").write(db).unwrap();
    let mut other = Given::opened("c0", 10);
    other.write(db).unwrap();
    let defects = [
        (
            "UPDATE case_head SET state = REPLACE(state, 'agent.one', 'agent.two') WHERE case_id = 'c1'",
            "state",
        ),
        ("UPDATE case_head SET state = '{' WHERE case_id = 'c1'", "state"),
        ("UPDATE case_head SET manager = 'agent.two' WHERE case_id = 'c1'", "manager"),
        ("UPDATE case_head SET sort_at = 7 WHERE case_id = 'c1'", "sort_at"),
        ("UPDATE case_head SET escalation_level = 3 WHERE case_id = 'c1'", "escalation_level"),
        ("UPDATE case_head SET seq = 4 WHERE case_id = 'c1'", "events"),
        ("UPDATE deadline SET next_at = next_at + 1 WHERE case_id = 'c1'", "deadlines"),
        ("DELETE FROM deadline WHERE case_id = 'c1'", "deadlines"),
        ("DELETE FROM case_event WHERE case_id = 'c1' AND seq = 2", "events"),
        ("DELETE FROM case_event WHERE case_id = 'c1' AND seq = 3", "events"),
        (
            "UPDATE case_event SET body = '{\"nonsense\":1}' WHERE case_id = 'c1' AND seq = 3",
            "events",
        ),
        ("DELETE FROM case_head WHERE case_id = 'c1'", "state"),
    ];
    for (sql, what) in defects {
        let found = db.write("plant", |tx| {
            assert!(tx.execute(sql, params![])? > 0, "{sql} changed nothing");
            assert_eq!(replay_check(tx, other.id())?, ReplayVerdict::Same);
            replay_check(tx, given.id()).map(|verdict| Err::<(), _>(Undone(verdict)))?
        });
        assert_eq!(found, Err(Undone(ReplayVerdict::Differs(vec![what]))), "{sql}");
    }
    assert_eq!(checked(db, "c1"), ReplayVerdict::Same);
    assert_eq!(checked(db, "c9"), ReplayVerdict::Missing);
});

/// What a check came to, as the error that undoes its transaction and the planted defect with it.
#[derive(Debug, PartialEq, Eq)]
struct Undone(ReplayVerdict);

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        panic!("{error}")
    }
}

impl From<DbError> for Undone {
    fn from(error: DbError) -> Self {
        panic!("{error}")
    }
}

store_test!(an_event_of_another_shape_is_named_without_its_content, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 10);
    given.happens(11, Event::Intake(IntakeEvent::Acknowledged)).write(db).unwrap();
    planted(db, "UPDATE case_event SET body = '\"canary\"' WHERE seq = 2");
    let refused = db.read(|tx| cases::record(tx, given.id())).unwrap_err();
    assert_eq!(refused, StoreError::Decode { what: "case_event.body" });
    assert!(!refused.to_string().contains("canary"));
});
