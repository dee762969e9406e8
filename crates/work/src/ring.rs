//! Rings the clocks whose time has come.

use crate::runner::unless_panicked;
use doorstep_app::{App, Error, Result, act};
use doorstep_case::Command;
use doorstep_case::clock::ClockCommand;
use doorstep_store::deadlines;
use doorstep_vocab::Micros;

/// Deadlines claimed at once.
const CLAIMED_MAX: u32 = 100;

/// How long a runner has to ring what it claimed. After that another may.
const LEASE: Micros = Micros::minutes(1);

/// How long a clock that could not be rung is left alone.
const PAUSE: Micros = Micros::hours(1);

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
        let rung = unless_panicked(|| act(&app.system("clock"), &due.case_id, None, &command));
        match rung {
            Ok(_) => {}
            Err(error @ (Error::Busy(_) | Error::Stale)) => {
                // The lease runs out and somebody rings it again.
                tracing::info!(case.id = %due.case_id, clock.id = %due.clock_id, "not rung yet: {error}");
            }
            Err(error) => {
                tracing::error!(case.id = %due.case_id, clock.id = %due.clock_id, "could not be rung: {error}");
                // Tried again later, so that it holds up no other; `doorstep doctor` counts it as late.
                let until = now.plus(PAUSE);
                app.db.write("hold deadline", |tx| {
                    deadlines::hold(tx, due, until).map_err(Error::from)
                })?;
            }
        }
    }
    Ok(due.len())
}
