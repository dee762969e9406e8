//! The one place where the program reads the wall clock.

use doorstep_vocab::Timestamp;
use std::time::UNIX_EPOCH;

/// Returns the time.
#[expect(
    clippy::disallowed_methods,
    reason = "everywhere else the time is an argument; this is where it comes from"
)]
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
