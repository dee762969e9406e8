//! Makes what changed searchable. For the runner, after everything that has a clock.

use crate::{App, Error, Result};
use doorstep_store::search::index;

/// Cases in one transaction: enough that a page of entries is written once for many, few enough that nobody waits long.
const AT_ONCE: u32 = 50;

/// Transactions in a row, before the runner looks at its clocks again.
const IN_A_ROW: u32 = 10;

/// Makes the entries of some of the cases that are due. Returns whether more may be.
pub fn make_searchable(app: &App) -> Result<bool> {
    for _ in 0..IN_A_ROW {
        // Asked first, so that a runner with nothing to do writes nothing.
        if app.db.read(|tx| index::is_due(tx).map_err(Error::from))? {
            app.db
                .write("make searchable", |tx| index::bring_up(tx, AT_ONCE).map_err(Error::from))?;
        } else {
            return Ok(false);
        }
    }
    Ok(true)
}
