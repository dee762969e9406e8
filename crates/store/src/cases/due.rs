//! Cases whose list row a migration left behind: columns that came later hold their defaults until the row is made anew.
//!
//! **Invariant:** a row that is not due is what its events say.

use crate::Result;
use doorstep_db::{Tx, params};
use doorstep_vocab::CaseId;

/// Returns whether a case's row is due.
pub fn is_row_due(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<bool> {
    let sql = "SELECT case_id FROM case_head_due WHERE case_id = $1";
    Ok(tx.query_one(sql, params![case_id.as_str()])?.is_some())
}

/// Returns up to `limit` cases whose rows are due.
pub fn rows_due(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<CaseId>> {
    let sql = "SELECT case_id FROM case_head_due ORDER BY case_id LIMIT $1";
    let rows = tx.query(sql, params![limit])?;
    rows.iter().map(|row| Ok(CaseId::from(row.text("case_id")?))).collect()
}

/// Says that a case's row is made anew.
pub fn row_made(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<()> {
    tx.execute("DELETE FROM case_head_due WHERE case_id = $1", params![case_id.as_str()])?;
    Ok(())
}
