//! The time that this process has spent computing, as the kernel counts it.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Returns the user and system time of all threads so far.
pub fn spent() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        u64::try_from(spent.tv_sec).unwrap_or(0),
        u32::try_from(spent.tv_nsec).unwrap_or(0),
    )
}

/// Does something, and returns what it spent.
pub fn of<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = spent();
    let done = work();
    (done, spent().saturating_sub(began))
}

#[cfg(test)]
mod tests {
    use super::of;
    use std::hint::black_box;
    use std::time::Duration;

    #[test]
    fn what_is_computed_is_counted_and_what_is_waited_is_not() {
        let (_held, never) = std::sync::mpsc::channel::<()>();
        let (_, waited) = of(|| never.recv_timeout(Duration::from_millis(30)));
        let (_, computed) = of(|| (0..20_000_000_u64).fold(0, |sum, n| black_box(sum ^ n)));
        assert!(computed > waited, "{computed:?} {waited:?}");
    }
}
