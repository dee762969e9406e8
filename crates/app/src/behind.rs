//! Brings up what follows the writer: list rows that an upgrade left behind, and what changed for the search. For the
//! runner, after everything that has a clock.

use crate::act::{lock_name, relist};
use crate::{App, Ctx, Error, Result};
use doorstep_db::Tx;
use doorstep_store::search::index;
use doorstep_store::{cases, matching, people};
use doorstep_vocab::CaseId;

/// Cases in one transaction: enough that a page of entries is written once for many, few enough that nobody waits long.
const AT_ONCE: u32 = 50;

/// Transactions in a row, before the runner looks at its clocks again.
const IN_A_ROW: u32 = 10;

/// Brings up some of what is behind. Returns whether more may be.
pub fn bring_up(app: &App) -> Result<bool> {
    for _ in 0..IN_A_ROW {
        // Asked first, so that a runner with nothing to do writes nothing.
        let due = app.db.read(|tx| cases::rows_due(tx, AT_ONCE).map_err(Error::from))?;
        if make_some(app, &due) {
            continue;
        }
        if app.db.read(|tx| index::is_due(tx).map_err(Error::from))? {
            app.db
                .write("make searchable", |tx| index::bring_up(tx, AT_ONCE).map_err(Error::from))?;
        } else {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Makes rows anew, and returns whether it made any. One case that cannot be read keeps no other from it: it stays due, and
/// `doctor` tells of it.
fn make_some(app: &App, due: &[CaseId]) -> bool {
    let make = |some: &[CaseId]| {
        app.db.write("make rows anew", |tx| make_rows(tx, &app.system("upgrade"), some))
    };
    if due.is_empty() || make(due).is_ok() {
        return !due.is_empty();
    }
    let one_by_one = due.iter().filter(|case_id| {
        let done = make(std::slice::from_ref(case_id));
        done.inspect_err(|error| tracing::warn!(case.id = %case_id, "its row stays old: {error}"))
            .is_ok()
    });
    one_by_one.count() > 0
}

fn make_rows(tx: &mut Tx, ctx: &Ctx, due: &[CaseId]) -> Result<()> {
    matching::lock(tx, &due.iter().map(lock_name).collect::<Vec<_>>())?;
    for case_id in due {
        if !cases::is_row_due(tx, case_id)? {
            continue; // Another runner was quicker.
        }
        if let Some(case) = cases::load(tx, case_id)? {
            let party = people::for_writing(tx, case_id)?.unwrap_or_default();
            relist(tx, ctx, (&case, &party.person))?;
        }
        cases::row_made(tx, case_id)?;
    }
    Ok(())
}
