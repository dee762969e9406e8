//! Runs the points of a trial side by side, each in a place of its own, and ends what goes on beside one.

use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Does something at each point, as many at a time as there are processors, and returns what came of it, in no order. Once
/// one point has failed no other is begun.
pub fn side_by_side<P: Debug + Sync, T: Send>(points: &[P], at: impl Fn(&P) -> T + Sync) -> Vec<T> {
    let (next, has_failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let lane = || {
        let mut done = Vec::new();
        while !has_failed.load(Ordering::Relaxed) {
            let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            let _watched = Watched { point, has_failed: &has_failed };
            done.push(at(point));
        }
        done
    };
    thread::scope(|scope| {
        let n_lanes = thread::available_parallelism().map_or(1, usize::from);
        let lanes: Vec<_> = (0..n_lanes).map(|_| scope.spawn(lane)).collect();
        lanes.into_iter().flat_map(|lane| lane.join().expect("a point failed")).collect()
    })
}

/// A point that is under way. It says so where it fails.
struct Watched<'a, P: Debug> {
    point: &'a P,
    has_failed: &'a AtomicBool,
}

impl<P: Debug> Drop for Watched<'_, P> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("it failed at {:?}", self.point);
            self.has_failed.store(true, Ordering::Relaxed);
        }
    }
}

/// Ends what goes on beside a trial until it is told, however the trial ends: one that failed would else wait for it for ever.
pub struct Over<'a>(pub &'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn each_point_is_done_once_and_a_failure_ends_the_rest() {
    let points: Vec<u32> = (0..100).collect();
    let mut done = side_by_side(&points, |point| *point);
    done.sort_unstable();
    assert_eq!(done, points);
    let n_begun = AtomicUsize::new(0);
    let failing = std::panic::AssertUnwindSafe(|| {
        side_by_side(&points, |point| {
            n_begun.fetch_add(1, Ordering::Relaxed);
            if *point == 3 {
                // As a panic does, without its words.
                std::panic::resume_unwind(Box::new(()));
            }
        })
    });
    assert!(std::panic::catch_unwind(failing).is_err());
    assert!(n_begun.load(Ordering::Relaxed) >= 4);
}
