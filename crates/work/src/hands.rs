//! Several hands for the jobs that were claimed together. A job waits for the disk most of its time, and those who wait at
//! the same moment share one flush: without company, a burst of orders is worked off for as long as it came, and longer.
//!
//! **Invariant:** the jobs of one case are done by one hand, in their order.

use crate::runner::Ran;
use doorstep_app::Result;
use doorstep_store::jobs::Job;
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::scope;

/// As many as keep one flush company without taking a small machine from people.
const HANDS: usize = 8;

/// Does each job once, and adds up what came of it. An error ends the hand that met it; the others finish.
pub(crate) fn by_hands(jobs: &[Job], work: impl Fn(&Job) -> Result<Ran> + Sync) -> Result<Ran> {
    let mut by_case: BTreeMap<&str, Vec<&Job>> = BTreeMap::new();
    for job in jobs {
        by_case.entry(job.key.case_id.as_str()).or_default().push(job);
    }
    let (cases, next): (Vec<Vec<&Job>>, _) = (by_case.into_values().collect(), AtomicUsize::new(0));
    let hand = || {
        let mut ran = Ran::default();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            for job in case {
                ran.add(work(job)?);
            }
        }
        Ok(ran)
    };
    scope(|scope| {
        let others: Vec<_> = (1..HANDS.min(cases.len())).map(|_| scope.spawn(hand)).collect();
        let mut all = hand();
        for other in others {
            let ran = other.join().unwrap_or_else(|panic| resume_unwind(panic));
            all = all.and_then(|mut all| {
                all.add(ran?);
                Ok(all)
            });
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_app::Error;
    use doorstep_store::jobs::JobKey;
    use doorstep_vocab::{CaseId, Timestamp};
    use std::sync::{Condvar, Mutex};
    use std::time::Duration;

    fn job(case: usize, n: usize) -> Job {
        let case_id = CaseId::from(format!("case-{case}").as_str());
        Job {
            key: JobKey { case_id, job_id: format!("job-{n}") },
            kind: String::new(),
            body: String::new(),
            attempts: 1,
            run_at: Timestamp(0),
            last_error: None,
            dead_at: None,
        }
    }

    fn done() -> Ran {
        Ran { done: 1, ..Ran::default() }
    }

    #[test]
    fn each_job_is_done_once_and_those_of_a_case_in_their_order() {
        let jobs: Vec<Job> = (0..60).map(|n| job(n % 20, n)).collect();
        let told = Mutex::new(BTreeMap::<CaseId, Vec<String>>::new());
        let ran = by_hands(&jobs, |job| {
            let mut told = told.lock().unwrap();
            told.entry(job.key.case_id.clone()).or_default().push(job.key.job_id.clone());
            Ok(done())
        });
        assert_eq!(ran.unwrap().done, 60);
        for (n, told) in told.into_inner().unwrap() {
            let first: usize = n.as_str().trim_start_matches("case-").parse().unwrap();
            let expected = [first, first + 20, first + 40].map(|n| format!("job-{n}"));
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn they_work_at_the_same_time() {
        let (jobs, at_work, changed) =
            ((0..HANDS).map(|n| job(n, n)).collect::<Vec<_>>(), Mutex::new(0), Condvar::new());
        let ran = by_hands(&jobs, |_| {
            let mut n = at_work.lock().unwrap();
            *n += 1;
            changed.notify_all();
            let patience = Duration::from_secs(20);
            let (_n, waited) = changed.wait_timeout_while(n, patience, |n| *n < HANDS).unwrap();
            assert!(!waited.timed_out(), "one waits for another");
            Ok(done())
        });
        assert_eq!(ran.unwrap().done, HANDS);
    }

    #[test]
    fn an_error_is_told_and_keeps_no_other_hand_from_its_work() {
        let jobs: Vec<Job> = (0..20).map(|n| job(n, n)).collect();
        let n_done = AtomicUsize::new(0);
        let ran = by_hands(&jobs, |job| {
            if job.key.job_id == "job-3" {
                return Err(Error::Forbidden);
            }
            n_done.fetch_add(1, Ordering::Relaxed);
            Ok(done())
        });
        assert!(matches!(ran, Err(Error::Forbidden)), "{ran:?}");
        assert!(n_done.into_inner() <= 19);
    }
}
