//! The outbox: leases, order, giving up.

use super::given::{SECOND, at_once, system};
use crate::jobs::{self, Job, JobKey, Lease, NewJob};
use crate::schema::MIGRATIONS;
use crate::{Result, StoreError};
use doorstep_db::{Db, store_test};
use doorstep_vocab::Timestamp;

fn second(at: i64) -> Timestamp {
    Timestamp(at * SECOND)
}

fn new(case_id: &str, job_id: &str, seq: u32) -> NewJob {
    NewJob {
        case_id: case_id.into(),
        job_id: job_id.into(),
        kind: "send-letter".into(),
        receiver: "referrer".into(),
        body: "{}".into(),
        seq,
        run_at: second(10),
    }
}

fn put(db: &Db, job: &NewJob) -> bool {
    db.write("put", |tx| jobs::put(tx, job)).unwrap()
}

fn claim(db: &Db, at: i64, token: &str) -> Vec<Job> {
    let lease = Lease { token, until: second(at + 60) };
    db.write("claim", |tx| jobs::claim(tx, second(at), lease, 10)).unwrap()
}

fn ids(jobs: &[Job]) -> Vec<&str> {
    jobs.iter().map(|job| job.key.job_id.as_str()).collect()
}

fn key(case_id: &str, job_id: &str) -> JobKey {
    JobKey { case_id: case_id.into(), job_id: job_id.into() }
}

fn finish(db: &Db, key: &JobKey, token: &str) -> bool {
    db.write("finish", |tx| jobs::finish(tx, key, token, second(50))).unwrap()
}

fn waiting(db: &Db) -> Result<u64> {
    db.read(jobs::waiting_count)
}

store_test!(a_job_is_put_once_claimed_and_finished, MIGRATIONS, |db: &Db| {
    assert!(put(db, &new("c1", "j1", 1)));
    assert!(!put(db, &NewJob { body: "{\"other\":1}".into(), ..new("c1", "j1", 1) }));
    assert_eq!(claim(db, 9, "w1"), []);
    let claimed = claim(db, 10, "w1");
    assert_eq!(ids(&claimed), ["j1"]);
    assert_eq!((claimed[0].body.as_str(), claimed[0].attempts), ("{}", 1));
    assert_eq!(claim(db, 11, "w2"), []);
    assert!(!finish(db, &key("c1", "j1"), "w2"));
    assert!(finish(db, &key("c1", "j1"), "w1"));
    assert!(!finish(db, &key("c1", "j1"), "w1"));
    assert_eq!(claim(db, 999, "w2"), []);
    assert_eq!(waiting(db), Ok(0));
    assert!(!put(db, &new("c1", "j1", 1)));
});

store_test!(
    a_lease_that_ran_out_is_claimed_by_another_and_the_first_is_told,
    MIGRATIONS,
    |db: &Db| {
        put(db, &new("c1", "j1", 1));
        assert_eq!(claim(db, 10, "w1").len(), 1);
        let again = claim(db, 70, "w2");
        assert_eq!((ids(&again), again[0].attempts), (vec!["j1"], 2));
        assert!(!finish(db, &key("c1", "j1"), "w1"));
        assert!(finish(db, &key("c1", "j1"), "w2"));
    }
);

store_test!(jobs_of_one_case_go_to_one_receiver_in_order, MIGRATIONS, |db: &Db| {
    // In the order of events, not of ids; the later of two from one event by id.
    put(db, &new("c1", "a", 3));
    put(db, &new("c1", "z", 2));
    put(db, &new("c1", "b", 3));
    put(db, &NewJob { receiver: "payer".into(), ..new("c1", "o", 9) });
    put(db, &NewJob { kind: "recall-letter".into(), ..new("c1", "r", 4) });
    put(db, &new("c2", "x", 1));
    put(db, &new("", "p1", 1));
    put(db, &new("", "p2", 2));
    assert_eq!(ids(&claim(db, 10, "w1")), ["p1", "p2", "o", "z", "x"]);
    assert_eq!(claim(db, 10, "w2"), []);
    finish(db, &key("c1", "z"), "w1");
    assert_eq!(ids(&claim(db, 10, "w2")), ["a"]);
    let back =
        db.write("back", |tx| jobs::put_back(tx, &key("c1", "a"), "w2", second(30), "no answer"));
    assert_eq!(back, Ok(true));
    assert_eq!(claim(db, 29, "w3"), []);
    let again = claim(db, 30, "w3");
    assert_eq!(ids(&again), ["a"]);
    assert_eq!(again[0].last_error.as_deref(), Some("no answer"));
    finish(db, &key("c1", "a"), "w3");
    assert_eq!(ids(&claim(db, 31, "w4")), ["b"]);
    finish(db, &key("c1", "b"), "w4");
    assert_eq!(ids(&claim(db, 32, "w5")), ["r"], "another kind, after all that came before");
});

store_test!(a_job_given_up_lets_the_next_go_and_can_be_revived, MIGRATIONS, |db: &Db| {
    put(db, &new("c1", "j1", 1));
    put(db, &new("c1", "j2", 2));
    claim(db, 10, "w1");
    let kill = |token| {
        db.write("kill", |tx| jobs::kill(tx, &key("c1", "j1"), token, second(11), "refused"))
    };
    assert_eq!(kill("w2"), Ok(false));
    assert_eq!(kill("w1"), Ok(true));
    assert_eq!(waiting(db), Ok(1));
    let dead = db.read(|tx| jobs::dead(tx, &system(), 9)).unwrap();
    assert_eq!((ids(&dead), dead[0].dead_at), (vec!["j1"], Some(second(11))));
    assert_eq!(ids(&claim(db, 12, "w3")), ["j2"]);
    finish(db, &key("c1", "j2"), "w3");
    let revive = || db.write("revive", |tx| jobs::revive(tx, &key("c1", "j1"), second(20)));
    assert_eq!((revive(), revive()), (Ok(true), Ok(false)));
    assert_eq!(db.read(|tx| jobs::dead(tx, &system(), 9)), Ok(vec![]));
    assert_eq!(ids(&claim(db, 20, "w4")), ["j1"]);
    assert_eq!(kill("w4"), Ok(true));
    let revive_all = || db.write("revive", |tx| jobs::revive_all(tx, second(30)));
    assert_eq!((revive_all(), revive_all()), (Ok(1), Ok(0)));
    assert_eq!((claim(db, 29, "w5"), ids(&claim(db, 30, "w5"))), (vec![], vec!["j1"]));
});

store_test!(two_workers_never_claim_the_same_job, MIGRATIONS, |db: &Db| {
    for n in 0..60 {
        put(db, &new(&format!("c{n}"), "j", 1));
    }
    let work = |token: &'static str| {
        move || {
            let mut mine = Vec::new();
            loop {
                let more = claim(db, 20, token);
                if more.is_empty() {
                    return mine;
                }
                mine.extend(more.into_iter().map(|job| job.key));
            }
        }
    };
    let (one, other) = at_once(work("w1"), work("w2"));
    let mut all: Vec<JobKey> = one.into_iter().chain(other).collect();
    let n_claimed = all.len();
    all.sort();
    all.dedup();
    assert_eq!((all.len(), n_claimed), (60, 60));
});

store_test!(done_jobs_are_swept, MIGRATIONS, |db: &Db| {
    for job_id in ["j1", "j2"] {
        put(db, &new("c1", job_id, 1));
    }
    claim(db, 10, "w1");
    finish(db, &key("c1", "j1"), "w1");
    let sweep = |at| db.write::<_, StoreError>("sweep", |tx| jobs::sweep(tx, second(at), 9));
    assert_eq!((sweep(50), sweep(51), sweep(51)), (Ok(0), Ok(1), Ok(0)));
    assert_eq!(waiting(db), Ok(1));
});
