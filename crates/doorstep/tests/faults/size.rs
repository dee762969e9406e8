//! How much of a trial is run.

/// Set by `cargo xtask trust --long`.
const LONG: &str = "DOORSTEP_LONG";

/// Returns the first number in the test command and the second in a whole trial.
pub fn size<T>(short: T, whole: T) -> T {
    if std::env::var(LONG).is_ok_and(|value| value == "1") { whole } else { short }
}
