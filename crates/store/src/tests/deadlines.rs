//! Deadlines are claimed once, and again when a lease ran out.

use super::given::{Given, SECOND, at_once};
use crate::deadlines::{self, Due};
use crate::schema::MIGRATIONS;
use doorstep_db::{Db, store_test};
use doorstep_vocab::Timestamp;

fn claim(db: &Db, at: i64, limit: u32) -> Vec<Due> {
    let (now, until) = (Timestamp(at * SECOND), Timestamp((at + 60) * SECOND));
    db.write("claim", |tx| deadlines::claim(tx, now, until, limit)).unwrap()
}

fn given(db: &Db, n_cases: i64) {
    for n in 1..=n_cases {
        Given::opened(&format!("c{n:03}"), n)
            .clock(n, "acknowledge", (100 + n, 300))
            .write(db)
            .unwrap();
    }
}

store_test!(a_deadline_is_claimed_once_and_again_when_its_lease_ran_out, MIGRATIONS, |db: &Db| {
    given(db, 3);
    assert_eq!(claim(db, 100, 9), []);
    let first = claim(db, 102, 9);
    assert_eq!(first.iter().map(|due| due.case_id.as_str()).collect::<Vec<_>>(), ["c001", "c002"]);
    assert_eq!(first[0].next_at, Timestamp(101 * SECOND));
    assert_eq!(claim(db, 102, 9), []);
    assert_eq!(claim(db, 103, 9).len(), 1);
    assert_eq!(claim(db, 162, 9), first);
});

store_test!(the_most_overdue_are_claimed_first, MIGRATIONS, |db: &Db| {
    given(db, 5);
    let ids = |due: Vec<Due>| due.into_iter().map(|due| due.case_id.0).collect::<Vec<_>>();
    assert_eq!(
        ids(db.read(|tx| deadlines::due(tx, Timestamp(200 * SECOND), 2)).unwrap()),
        ["c001", "c002"]
    );
    assert_eq!(ids(claim(db, 200, 2)), ["c001", "c002"]);
    assert_eq!(ids(claim(db, 200, 2)), ["c003", "c004"]);
    assert_eq!(ids(claim(db, 200, 2)), ["c005"]);
});

store_test!(two_workers_never_claim_the_same_deadline, MIGRATIONS, |db: &Db| {
    given(db, 60);
    let work = || {
        let mut mine = Vec::new();
        loop {
            let more = claim(db, 250, 7);
            if more.is_empty() {
                return mine;
            }
            mine.extend(more.into_iter().map(|due| due.case_id));
        }
    };
    let (one, other) = at_once(work, work);
    let mut all: Vec<_> = one.into_iter().chain(other).collect();
    let n_claimed = all.len();
    all.sort();
    all.dedup();
    assert_eq!((all.len(), n_claimed), (60, 60));
});

store_test!(a_worker_can_tell_when_to_wake, MIGRATIONS, |db: &Db| {
    assert_eq!(db.read(deadlines::next_at), Ok(None));
    given(db, 2);
    assert_eq!(db.read(deadlines::next_at), Ok(Some(Timestamp(101 * SECOND))));
});

store_test!(an_append_ends_the_lease, MIGRATIONS, |db: &Db| {
    use doorstep_case::{Event, Role, clock::ClockEvent};
    let mut given = Given::opened("c1", 1);
    given.clock(1, "acknowledge", (10, 20)).write(db).unwrap();
    assert_eq!(claim(db, 10, 9).len(), 1);
    let clock_id = super::given::clock_id("acknowledge");
    given.happens(
        10,
        Event::Clock(ClockEvent::Warned {
            clock_id,
            percent: 75,
            owner: Role::Agent,
            user_id: None,
        }),
    );
    given.write(db).unwrap();
    assert_eq!(claim(db, 19, 9), []);
    assert_eq!(claim(db, 20, 9).len(), 1);
});
