//! What the program prints: lines for people, or one JSON value a line for programs.

use serde::Serialize;
use std::io::{self, Write as _};

/// Prints a line.
pub(crate) fn say(line: impl AsRef<str>) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", line.as_ref())?;
    Ok(())
}

/// Prints one JSON value on a line.
pub(crate) fn say_json(value: &impl Serialize) -> anyhow::Result<()> {
    say(serde_json::to_string(value)?)
}

/// Prints on standard error, for what a program that reads the output should not see.
pub(crate) fn hint(line: impl AsRef<str>) {
    // Nobody is left to be told when standard error is gone.
    let _ = writeln!(io::stderr().lock(), "{}", line.as_ref());
}

/// Prints an error with its causes.
pub(crate) fn complain(error: &anyhow::Error) {
    hint(format!("doorstep: {error}"));
    for cause in error.chain().skip(1) {
        hint(format!("  because: {cause}"));
    }
}

/// Returns whether the reader of our output went away, which is no failure of ours.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
