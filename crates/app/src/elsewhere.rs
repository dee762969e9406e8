//! Hears of changes that other processes made on the same database, so that live pages look again.
//!
//! Every change of a case leaves an entry in the audit trail in its own transaction, so counting the latest entries is
//! enough: no row that every writer would have to wait for, and nothing that only one of the engines has.

use crate::{App, Error, Result};
use doorstep_store::audit;

/// After so many looks the count begins anew, so that it stays short.
const LOOKS: u32 = 30;

/// What was heard so far.
pub struct Elsewhere {
    after: String,
    n_changes: u64,
    n_own: u64,
    n_looks: u32,
}

impl Elsewhere {
    /// Listens from now on.
    pub fn listen(app: &App) -> Result<Self> {
        let n_own = app.written();
        let after = app.db.read(|tx| audit::latest(tx).map_err(Error::from))?;
        Ok(Self { after, n_changes: 0, n_own, n_looks: 0 })
    }

    /// Returns whether anybody but this process changed a case since the last look. What this process does meanwhile may
    /// be taken for somebody else's; then a page looks once too often.
    pub fn changed(&mut self, app: &App) -> Result<bool> {
        let n_own = app.written();
        let n_changes =
            app.db.read(|tx| audit::changes_after(tx, &self.after).map_err(Error::from))?;
        let n_new = n_changes.saturating_sub(self.n_changes);
        let is_changed = n_new > n_own.saturating_sub(self.n_own);
        (self.n_changes, self.n_own, self.n_looks) = (n_changes, n_own, self.n_looks + 1);
        if self.n_looks >= LOOKS {
            *self = Self::listen(app)?;
        }
        Ok(is_changed)
    }
}
