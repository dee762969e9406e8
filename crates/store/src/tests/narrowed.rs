//! What is behind a wall is in no list, count, rate or search beside the worklists either, and crowds nothing out of them.

use super::given::{Given, SECOND, party, staff};
use crate::calls::{self, CallRow, Interpreter};
use crate::escalations;
use crate::jobs::{self, JobKey, Lease, NewJob};
use crate::receipts::{self, Receipt, Unit};
use crate::schema::MIGRATIONS;
use crate::search::{self, Query, index};
use crate::{Scope, StoreError, people};
use doorstep_authz::Sight;
use doorstep_case::calls::{Direction, Level, Life, Matched};
use doorstep_case::disputes::{DisputesEvent, EscalationReason};
use doorstep_case::{Event, Role};
use doorstep_db::{Db, params, store_test};
use doorstep_vocab::{CallId, Phi, Timestamp};

/// Somebody walled in to one payer.
fn walled() -> Scope {
    let mut sight = Sight::of("agent.one".into(), Role::Agent);
    sight.walls.payers.insert("inside".into());
    Scope::granted(sight)
}

fn opened(db: &Db, (id, at): (&str, i64), payer: &str) {
    Given::opened(id, at).write(db).unwrap();
    moved(db, id, payer);
}

fn moved(db: &Db, id: &str, payer: &str) {
    db.write::<_, StoreError>("payer", |tx| {
        let sql = "UPDATE case_head SET payer_id = $2 WHERE case_id = $1";
        tx.execute(sql, params![id, payer])?;
        Ok(())
    })
    .unwrap();
}

fn call(id: &str, case_id: Option<&str>, failed_at: Option<i64>) -> CallRow {
    let text = |text: &str| Phi::new(text.to_owned());
    let at = Timestamp(failed_at.unwrap_or(5) * SECOND);
    CallRow {
        call_id: id.into(),
        version: 1,
        case_id: case_id.map(Into::into),
        agent: "agent.one".into(),
        direction: Direction::Inbound,
        caller: "member".to_owned(),
        reason: "status".to_owned(),
        caller_name: text(""),
        caller_org: text(""),
        caller_phone: text("608-555-0177"),
        notes: text(""),
        started_at: at,
        life: Life::connected(at),
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
        failed_at: failed_at.map(|_| at),
        interpreter: Interpreter::default(),
    }
}

fn add(db: &Db, row: &CallRow) {
    db.write("add", |tx| {
        calls::add(tx, row)?;
        calls::put(tx, row)
    })
    .unwrap();
}

store_test!(a_call_whose_case_became_hidden_holds_nobody, MIGRATIONS, |db: &Db| {
    opened(db, ("c1", 1), "inside");
    add(db, &call("k1", Some("c1"), None));
    let held =
        |scope: &Scope| db.read(|tx| calls::held_by(tx, scope, &"agent.one".into())).unwrap();
    assert_eq!(held(&walled()), Some(CallId::from("k1")));
    moved(db, "c1", "outside");
    assert_eq!(held(&walled()), None);
    assert_eq!(held(&staff()), Some(CallId::from("k1")), "whoever sees the case still finds it");
    add(db, &call("k0", None, None));
    assert_eq!(held(&walled()), Some(CallId::from("k0")), "a call about no case is held");
});

store_test!(a_number_is_watched_by_what_is_seen_of_its_calls, MIGRATIONS, |db: &Db| {
    opened(db, ("c1", 1), "inside");
    opened(db, ("c2", 2), "outside");
    add(db, &call("k1", Some("c1"), Some(10)));
    add(db, &call("k2", Some("c2"), Some(20)));
    let watched = |scope: &Scope, least| {
        let found = db.read(|tx| calls::watched(tx, scope, (Timestamp(0), least), 9)).unwrap();
        found.into_iter().map(|one| (one.n_members, one.call_id.0)).collect::<Vec<_>>()
    };
    assert_eq!(watched(&staff(), 2), [(2, "k2".to_owned())]);
    assert!(watched(&walled(), 2).is_empty());
    assert_eq!(watched(&walled(), 1), [(1, "k1".to_owned())], "not by the hidden call");
});

store_test!(keep_rates_and_counts_are_of_what_is_seen, MIGRATIONS, |db: &Db| {
    for (id, at, payer) in [("c1", 1, "inside"), ("c2", 5, "outside")] {
        let mut given = Given::opened(id, at);
        let escalation = format!("e-{id}");
        given.happens(
            at + 1,
            Event::Disputes(DisputesEvent::Escalated {
                escalation_id: escalation.as_str().into(),
                level: 2,
                reason: EscalationReason::CallerAsked,
                call_id: None,
                message_id: None,
            }),
        );
        given.happens(
            at + 2,
            Event::Disputes(DisputesEvent::Committed {
                escalation_id: escalation.as_str().into(),
                owner: "lead-1".into(),
                committed_to: Timestamp((at + 50) * SECOND),
            }),
        );
        given.write(db).unwrap();
        moved(db, id, payer);
    }
    let all = (Timestamp(0), Timestamp(100 * SECOND));
    let n = |scope: &Scope| {
        let rates = db.read(|tx| escalations::rates(tx, scope, all, Timestamp(9))).unwrap();
        let counts = db.read(|tx| escalations::counts(tx, scope)).unwrap();
        (rates.iter().map(|rate| rate.tally.n_running).sum::<u32>(), counts.n_open)
    };
    assert_eq!((n(&staff()), n(&walled())), ((2, 2), (1, 1)));
});

store_test!(files_show_what_went_to_cases_that_are_seen, MIGRATIONS, |db: &Db| {
    opened(db, ("c1", 1), "inside");
    opened(db, ("c2", 2), "outside");
    let files: [(&str, &[Option<&str>]); 3] =
        [("r1", &[Some("c1"), Some("c2"), None]), ("r2", &[Some("c2")]), ("r3", &[])];
    for (id, cases) in files {
        let receipt = Receipt {
            receipt_id: id.into(),
            received_at: Timestamp(1),
            channel: "csv".into(),
            name: "list.csv".into(),
            format: "CSV".into(),
            sender: None,
            hash: "h".into(),
            size: 7,
            outcome: "queued".into(),
            problems: "[]".into(),
            reply_hash: None,
        };
        db.write::<_, StoreError>("receive", |tx| {
            receipts::put(tx, &receipt)?;
            for (n, case_id) in (0..).zip(cases) {
                let unit = Unit {
                    unit: n,
                    place: format!("row {n}"),
                    outcome: "queued".into(),
                    case_id: case_id.map(Into::into),
                    problems: "[]".into(),
                    resolved_at: None,
                    resolved_by: None,
                };
                receipts::put_unit(tx, &id.into(), &unit)?;
            }
            Ok(())
        })
        .unwrap();
    }
    let seen = |scope: &Scope| {
        db.read::<_, StoreError>(|tx| {
            let list = receipts::list(tx, scope, None, 9)?;
            let list: Vec<String> = list.into_iter().map(|one| one.receipt_id.0).collect();
            let waits = receipts::queued(tx, scope, None, 9)?;
            let waits: Vec<String> = waits.into_iter().map(|one| one.receipt_id.0).collect();
            let units = receipts::first_units(tx, scope, &"r1".into(), 9)?;
            Ok((list.join(" "), waits.join(" "), units.len()))
        })
        .unwrap()
    };
    assert_eq!(seen(&staff()), ("r3 r2 r1".into(), "r1 r1 r1 r2".into(), 3));
    assert_eq!(seen(&walled()), ("r3 r1".into(), "r1 r1".into(), 2));
});

store_test!(what_could_not_go_out_is_of_cases_that_are_seen, MIGRATIONS, |db: &Db| {
    opened(db, ("c1", 1), "inside");
    opened(db, ("c2", 2), "outside");
    db.write::<_, StoreError>("kill", |tx| {
        for id in ["c1", "c2"] {
            jobs::put(
                tx,
                &NewJob {
                    case_id: id.into(),
                    job_id: "j".into(),
                    kind: "tell-member".into(),
                    receiver: "member".into(),
                    body: "{}".into(),
                    seq: 1,
                    run_at: Timestamp(1),
                },
            )?;
        }
        jobs::claim(tx, Timestamp(2), Lease { token: "w", until: Timestamp(9) }, 9)?;
        for id in ["c1", "c2"] {
            let key = JobKey { case_id: id.into(), job_id: "j".into() };
            jobs::kill(tx, &key, "w", Timestamp(3), "refused")?;
        }
        Ok(())
    })
    .unwrap();
    let n = |scope: &Scope| db.read(|tx| jobs::dead(tx, scope, 9)).unwrap().len();
    assert_eq!((n(&staff()), n(&walled())), (2, 1));
});

store_test!(what_is_hidden_crowds_nothing_out_of_a_search, MIGRATIONS, |db: &Db| {
    for n in 1..=75 {
        let (id, payer) = (format!("c{n:03}"), if n == 1 { "inside" } else { "outside" });
        Given::opened(&id, n).write(db).unwrap();
        moved(db, &id, payer);
        let member = party("Example", "Testa");
        db.write("put", |tx| people::put(tx, &id.as_str().into(), &member, Timestamp(1))).unwrap();
    }
    while db.write("index", |tx| index::bring_up(tx, 50)).unwrap() > 0 {}
    let found = |scope: &Scope| {
        let hits =
            db.read(|tx| search::find(tx, scope, &Query::typed("Example, Testa"), 9)).unwrap();
        hits.into_iter().map(|hit| hit.case_id.0).collect::<Vec<_>>()
    };
    assert_eq!(found(&walled()), ["c001"]);
    assert_eq!(found(&staff()).len(), 9);
});
