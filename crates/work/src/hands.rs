//! Several hands for the jobs that were claimed together. A job waits for the disk most of its time, and those who wait at
//! the same moment share one flush: without company, a burst of orders is worked off for as long as it came, and longer.
//!
//! A hand goes in halves: it does a job, and then it settles what came of it. In the program each is a thread
//! ([`by_hands`]); in one thread somebody says whose turn it is ([`by_turns`]), so that any order of halves can be played.
//!
//! **Invariant:** the jobs of one case are done by one hand, in their order.

use crate::runner::Ran;
use doorstep_app::Result;
use doorstep_planted as planted;
use doorstep_store::jobs::Job;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::scope;

/// As many as keep one flush company without taking a small machine from people.
const HANDS: usize = 8;

/// What is to be done about a job, in two halves.
pub(crate) trait Work {
    /// What came of doing a job.
    type Came;

    /// Does a job. What fails is settled like what does not.
    fn does(&self, job: &Job) -> Self::Came;

    /// Writes down what came of it.
    fn settles(&self, job: &Job, came: Self::Came) -> Result<Ran>;
}

/// Does each job once, each hand in a thread, and adds up what came of it. An error ends the hand that met it; the others
/// finish.
pub(crate) fn by_hands<W: Work>(jobs: &[Job], work: impl Fn() -> W + Sync) -> Result<Ran> {
    let pile = Pile::of(jobs);
    let hand = || {
        let (mut hand, mut all) = (Hand::new(&pile, work()), Ran::default());
        while let Some(ran) = hand.step()? {
            all.add(ran);
        }
        Ok(all)
    };
    scope(|scope| {
        let others: Vec<_> = (1..pile.hands()).map(|_| scope.spawn(hand)).collect();
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

/// As [`by_hands`] in one thread: given how many hands have not finished, `whose` says which goes half a job further.
pub(crate) fn by_turns<W: Work>(
    jobs: &[Job],
    work: impl Fn() -> W,
    whose: &dyn Fn(usize) -> usize,
) -> Result<Ran> {
    let pile = Pile::of(jobs);
    let mut hands: Vec<_> = (0..pile.hands()).map(|_| Hand::new(&pile, work())).collect();
    let mut all = Ok(Ran::default());
    while !hands.is_empty() {
        let at = whose(hands.len()) % hands.len();
        match hands[at].step() {
            Ok(Some(ran)) => {
                if let Ok(all) = &mut all {
                    all.add(ran);
                }
            }
            Ok(None) => drop(hands.remove(at)),
            Err(error) => {
                drop(hands.remove(at));
                all = all.and(Err(error));
            }
        }
    }
    all
}

/// What was claimed together, case by case, those first whose first job is first.
struct Pile<'a> {
    cases: Vec<Vec<&'a Job>>,
    next: AtomicUsize,
}

impl<'a> Pile<'a> {
    fn of(jobs: &'a [Job]) -> Self {
        let mut cases: Vec<Vec<&Job>> = Vec::new();
        for job in jobs {
            let of_case = |case: &&mut Vec<&Job>| case[0].key.case_id == job.key.case_id;
            match cases.iter_mut().find(of_case) {
                Some(case) => case.push(job),
                None => cases.push(vec![job]),
            }
        }
        Self { cases, next: AtomicUsize::new(0) }
    }

    /// How many hands are of use.
    fn hands(&self) -> usize {
        HANDS.min(self.cases.len())
    }

    /// Gives a hand the next case, with its number. Nobody else is given it.
    fn take(&self) -> Option<(usize, &[&'a Job])> {
        let next = if planted::is("gives-a-case-to-two-hands") {
            self.next.load(Ordering::Relaxed)
        } else {
            self.next.fetch_add(1, Ordering::Relaxed)
        };
        self.cases.get(next).map(|case| (next, case.as_slice()))
    }

    /// A hand has done with a case.
    fn done_with(&self, case: usize) {
        if planted::is("gives-a-case-to-two-hands") {
            self.next.fetch_max(case + 1, Ordering::Relaxed);
        }
    }
}

/// One of those who work a pile off.
struct Hand<'a, W: Work> {
    pile: &'a Pile<'a>,
    work: W,
    /// The case it has, by its number, and what is left of its jobs.
    case: Option<(usize, &'a [&'a Job])>,
    /// What it has done and not yet settled.
    done: Option<(&'a Job, W::Came)>,
}

impl<'a, W: Work> Hand<'a, W> {
    fn new(pile: &'a Pile<'a>, work: W) -> Self {
        Self { pile, work, case: None, done: None }
    }

    /// Goes half a job further. `None` when nothing is left.
    fn step(&mut self) -> Result<Option<Ran>> {
        if let Some((job, came)) = self.done.take() {
            return self.work.settles(job, came).map(Some);
        }
        let Some(job) = self.next_job() else { return Ok(None) };
        self.done = Some((job, self.work.does(job)));
        Ok(Some(Ran::default()))
    }

    fn next_job(&mut self) -> Option<&'a Job> {
        loop {
            let (number, left) = match self.case {
                Some(case) => case,
                None => self.pile.take()?,
            };
            if let [job, left @ ..] = left {
                self.case = Some((number, left));
                return Some(*job);
            }
            self.case = None;
            self.pile.done_with(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_app::Error;
    use doorstep_store::jobs::JobKey;
    use doorstep_vocab::{CaseId, Timestamp};
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;
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

    /// Work whose first half is a closure, and whose second says what that said.
    struct Says<F>(F);

    impl<F: Fn(&Job) -> Result<()>> Work for Says<&F> {
        type Came = Result<()>;

        fn does(&self, job: &Job) -> Result<()> {
            (self.0)(job)
        }

        fn settles(&self, _: &Job, came: Result<()>) -> Result<Ran> {
            came.map(|()| Ran { done: 1, ..Ran::default() })
        }
    }

    #[test]
    fn each_job_is_done_once_and_those_of_a_case_in_their_order() {
        let jobs: Vec<Job> = (0..60).map(|n| job(n % 20, n)).collect();
        let told = Mutex::new(BTreeMap::<CaseId, Vec<String>>::new());
        let tell = |job: &Job| {
            let mut told = told.lock().unwrap();
            told.entry(job.key.case_id.clone()).or_default().push(job.key.job_id.clone());
            Ok(())
        };
        let check = |ran: Result<Ran>| {
            assert_eq!(ran.unwrap().done, 60);
            for (n, told) in std::mem::take(&mut *told.lock().unwrap()) {
                let first: usize = n.as_str().trim_start_matches("case-").parse().unwrap();
                let expected = [first, first + 20, first + 40].map(|n| format!("job-{n}"));
                assert_eq!(told, expected);
            }
        };
        check(by_hands(&jobs, || Says(&tell)));
        for factor in 1..9 {
            let turn = Cell::new(0);
            let whose = |n| {
                turn.set(turn.get() + factor);
                turn.get() % n
            };
            check(by_turns(&jobs, || Says(&tell), &whose));
        }
    }

    #[test]
    fn they_work_at_the_same_time() {
        let (jobs, at_work, changed) =
            ((0..HANDS).map(|n| job(n, n)).collect::<Vec<_>>(), Mutex::new(0), Condvar::new());
        let meet = |_: &Job| {
            let mut n = at_work.lock().unwrap();
            *n += 1;
            changed.notify_all();
            let patience = Duration::from_secs(20);
            let (_n, waited) = changed.wait_timeout_while(n, patience, |n| *n < HANDS).unwrap();
            assert!(!waited.timed_out(), "one waits for another");
            Ok(())
        };
        assert_eq!(by_hands(&jobs, || Says(&meet)).unwrap().done, HANDS);
    }

    /// Notes both halves.
    struct Notes<'a>(&'a RefCell<Vec<String>>);

    impl Work for Notes<'_> {
        type Came = ();

        fn does(&self, job: &Job) {
            self.0.borrow_mut().push(format!("does {}", job.key.job_id));
        }

        fn settles(&self, job: &Job, (): ()) -> Result<Ran> {
            self.0.borrow_mut().push(format!("settles {}", job.key.job_id));
            Ok(Ran { done: 1, ..Ran::default() })
        }
    }

    #[test]
    fn in_turns_one_may_come_between_the_halves_of_another() {
        let jobs = [job(0, 0), job(1, 1)];
        let notes = RefCell::new(Vec::new());
        let order = RefCell::new(vec![0, 1, 1, 0, 0, 0]);
        let whose = |_| order.borrow_mut().remove(0);
        assert_eq!(by_turns(&jobs, || Notes(&notes), &whose).unwrap().done, 2);
        let expected = ["does job-0", "does job-1", "settles job-1", "settles job-0"];
        assert_eq!(notes.into_inner(), expected);
        let notes = RefCell::new(Vec::new());
        by_turns(&jobs, || Notes(&notes), &|_| 0).unwrap();
        let expected = ["does job-0", "settles job-0", "does job-1", "settles job-1"];
        assert_eq!(notes.into_inner(), expected, "one after the other");
    }

    #[test]
    fn an_error_is_told_and_keeps_no_other_hand_from_its_work() {
        let jobs: Vec<Job> = (0..20).map(|n| job(n, n)).collect();
        let n_done = AtomicUsize::new(0);
        let work = |job: &Job| {
            if job.key.job_id == "job-3" {
                return Err(Error::Forbidden);
            }
            n_done.fetch_add(1, Ordering::Relaxed);
            Ok(())
        };
        let ran = by_hands(&jobs, || Says(&work));
        assert!(matches!(ran, Err(Error::Forbidden)), "{ran:?}");
        let ran = by_turns(&jobs, || Says(&work), &|_| 0);
        assert!(matches!(ran, Err(Error::Forbidden)), "{ran:?}");
        assert_eq!(n_done.into_inner(), 38);
    }
}
