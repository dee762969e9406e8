//! Escalations across cases: written with the events, listed by what is due, their promises counted.

use super::given::{Given, SECOND, admin, staff, system};
use crate::escalations::{self, Counts, Filter, Message};
use crate::schema::MIGRATIONS;
use crate::{Scope, StoreError};
use doorstep_case::Event;
use doorstep_case::disputes::{DisputesEvent, EscalationReason, Tally};
use doorstep_db::{Db, params, store_test};
use doorstep_vocab::{Phi, Timestamp};

fn raised(id: &str, level: u8) -> Event {
    Event::Disputes(DisputesEvent::Escalated {
        escalation_id: id.into(),
        level,
        reason: EscalationReason::CallerAsked,
        call_id: None,
        message_id: None,
    })
}

fn committed(id: &str, owner: &str, to: i64) -> Event {
    Event::Disputes(DisputesEvent::Committed {
        escalation_id: id.into(),
        owner: owner.into(),
        committed_to: Timestamp(to * SECOND),
    })
}

fn resolved(id: &str) -> Event {
    Event::Disputes(DisputesEvent::Resolved { escalation_id: id.into() })
}

fn open(db: &Db, scope: &Scope, filter: &Filter) -> Vec<(String, u8, i64)> {
    let rows = db.read(|tx| escalations::open(tx, scope, (filter, None), 10)).unwrap();
    let row = |row: escalations::Listed| {
        (row.escalation_id.as_str().to_owned(), row.level, row.due_at.0 / SECOND)
    };
    rows.into_iter().map(row).collect()
}

fn at(second: i64) -> Timestamp {
    Timestamp(second * SECOND)
}

store_test!(open_ones_are_listed_by_what_is_due_and_counted, MIGRATIONS, |db: &Db| {
    let mut one = Given::opened("c1", 1);
    one.happens(2, raised("e-1", 2)).happens(3, committed("e-1", "lead-1", 90));
    one.happens(4, raised("e-2", 1));
    one.write(db).unwrap();
    let mut other = Given::opened("c2", 5);
    other.happens(6, raised("e-3", 1)).happens(7, committed("e-3", "lead-2", 50));
    other.write(db).unwrap();
    let all = Filter::default();
    let listed = |id: &str, level, due| (id.to_owned(), level, due);
    let expected = [listed("e-2", 1, 4), listed("e-3", 1, 50), listed("e-1", 2, 90)];
    assert_eq!(open(db, &staff(), &all), expected);
    assert_eq!(
        open(db, &staff(), &Filter { level: Some(2), ..all.clone() }),
        [expected[2].clone()]
    );
    let of_two = Filter { owner: Some("lead-2".into()), ..all.clone() };
    assert_eq!(open(db, &staff(), &of_two), [expected[1].clone()]);
    assert!(open(db, &admin(), &all).is_empty(), "an administrator sees no case");
    let counts = || db.read(|tx| escalations::counts(tx, &staff())).unwrap();
    assert_eq!(counts(), Counts { n_open: 3, n_unseen: 1, n_therapy: 0 });
    other.happens(8, resolved("e-3"));
    other.write(db).unwrap();
    assert_eq!(counts(), Counts { n_open: 2, n_unseen: 1, n_therapy: 0 });
    let first = db.read(|tx| escalations::open(tx, &staff(), (&all, None), 1)).unwrap().remove(0);
    let after = Some((first.due_at, &first.case_id, &first.escalation_id));
    let rest = db.read(|tx| escalations::open(tx, &staff(), (&all, after), 5)).unwrap();
    assert_eq!(rest.len(), 1, "a page goes on after the last row");
});

store_test!(promises_are_counted_by_person_and_level, MIGRATIONS, |db: &Db| {
    let mut one = Given::opened("c1", 1);
    for id in ["kept", "late", "open", "past"] {
        one.happens(2, raised(id, 1));
    }
    one.happens(3, committed("kept", "lead-1", 10)).happens(4, resolved("kept"));
    one.happens(5, committed("late", "lead-1", 10)).happens(20, resolved("late"));
    one.happens(21, committed("open", "lead-1", 99)).happens(21, committed("past", "lead-2", 30));
    one.write(db).unwrap();
    let rates = |from, to, now| {
        let period = (at(from), at(to));
        db.read(|tx| escalations::rates(tx, &staff(), period, at(now))).unwrap()
    };
    let all = rates(0, 100, 40);
    assert_eq!(all.len(), 2);
    let first = Tally { n_kept: 1, n_broken: 1, n_moved: 0, n_running: 1 };
    assert_eq!((all[0].owner.as_str(), all[0].level, all[0].tally), ("lead-1", 1, first));
    assert_eq!(all[1].tally, Tally { n_broken: 1, ..Tally::default() }, "past its time");
    assert_eq!(rates(0, 100, 25)[1].tally, Tally { n_running: 1, ..Tally::default() });
    assert_eq!(rates(0, 4, 40)[0].tally.n_made(), 1, "by the time they were made");
});

store_test!(rows_that_an_upgrade_lacks_are_made_from_the_state, MIGRATIONS, |db: &Db| {
    let mut one = Given::opened("c1", 1);
    one.happens(2, raised("e-1", 2)).happens(3, committed("e-1", "lead-1", 90));
    one.write(db).unwrap();
    let forget = |tx: &mut doorstep_db::Tx<'_>| -> Result<(), StoreError> {
        tx.execute("DELETE FROM escalation WHERE case_id = $1", params!["c1"])?;
        tx.execute("DELETE FROM escalation_promise WHERE case_id = $1", params!["c1"])?;
        Ok(())
    };
    db.write("forget", forget).unwrap();
    assert!(open(db, &staff(), &Filter::default()).is_empty());
    one.write(db).unwrap();
    assert_eq!(open(db, &staff(), &Filter::default()).len(), 1);
    let rates = db.read(|tx| escalations::rates(tx, &staff(), (at(0), at(9)), at(5))).unwrap();
    assert_eq!(rates[0].tally.n_running, 1);
});

store_test!(a_thread_keeps_its_messages_in_order_and_to_its_readers, MIGRATIONS, |db: &Db| {
    let message = |id: &str, at: i64| Message {
        message_id: id.into(),
        escalation_id: "e-1".into(),
        at: Timestamp(at),
        author: "agent.one".into(),
        asked_by: Phi::new("Pat Planner".to_owned()),
        text: Phi::new(format!("words of {id}")),
    };
    let case_id = "c1".into();
    for (id, at) in [("m-2", 2), ("m-1", 1), ("m-2", 9)] {
        db.write("put", |tx| escalations::put_message(tx, &case_id, &message(id, at))).unwrap();
    }
    let read = |scope: &Scope| db.read(|tx| escalations::messages(tx, scope, &case_id)).unwrap();
    assert_eq!(read(&system()), [message("m-1", 1), message("m-2", 2)]);
    assert!(read(&admin()).is_empty());
});
