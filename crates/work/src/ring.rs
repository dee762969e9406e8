//! Rings the clocks whose time has come.

use doorstep_app::{App, Error, Result, act};
use doorstep_case::Command;
use doorstep_case::clock::ClockCommand;
use doorstep_store::deadlines;
use doorstep_vocab::Micros;

/// Deadlines claimed at once.
const CLAIMED_MAX: u32 = 100;

/// How long a runner has to ring what it claimed. After that another may.
const LEASE: Micros = Micros::minutes(1);

/// Rings what is due. Returns how many deadlines it claimed: ringing changes each row's next time, so that none is
/// claimed twice for the same one.
pub(crate) fn ring(app: &App) -> Result<usize> {
    let ctx = app.system("clock");
    let (now, until) = (ctx.now, ctx.now.plus(LEASE));
    let due = app.db.write("claim deadlines", |tx| {
        deadlines::claim(tx, now, until, CLAIMED_MAX).map_err(Error::from)
    })?;
    for due in &due {
        let command = Command::Clock(ClockCommand::Ring(due.clock_id.clone()));
        match act(&app.system("clock"), &due.case_id, None, &command) {
            Ok(_) => {}
            Err(error @ (Error::Busy(_) | Error::Stale)) => {
                // The lease runs out and somebody rings it again.
                tracing::info!(case.id = %due.case_id, clock.id = %due.clock_id, "not rung yet: {error}");
            }
            Err(error) => {
                tracing::error!(case.id = %due.case_id, clock.id = %due.clock_id, "could not be rung: {error}");
            }
        }
    }
    Ok(due.len())
}
