//! Checkups: what the nightly look has found, a row a night.

use crate::{Result, StoreError};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{Date, Timestamp};

/// A checkup that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// The hub's day.
    pub day: Date,
    /// When it was done.
    pub done_at: Timestamp,
    /// What was found, JSON.
    pub findings: String,
}

/// Takes on the checkup of a day. Returns whether it is this caller's: nobody did it, and whoever took it on before
/// `lost_before` never came back.
pub fn begin(
    tx: &mut Tx<'_>,
    day: Date,
    (now, lost_before): (Timestamp, Timestamp),
) -> Result<bool> {
    let n_rows = tx.execute(
        "INSERT INTO checkup (day, begun_at) VALUES ($1, $2)
         ON CONFLICT (day) DO UPDATE
         SET begun_at = excluded.begun_at
         WHERE checkup.done_at IS NULL AND checkup.begun_at < $3",
        params![day.to_string(), now.0, lost_before.0],
    )?;
    Ok(n_rows == 1)
}

/// Keeps what a checkup has found.
pub fn finish(tx: &mut Tx<'_>, checkup: &Checkup) -> Result<()> {
    tx.execute(
        "UPDATE checkup SET done_at = $2, findings = $3 WHERE day = $1",
        params![checkup.day.to_string(), checkup.done_at.0, &checkup.findings],
    )?;
    Ok(())
}

/// Returns up to `limit` checkups that were done, the newest first.
pub fn latest(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<Checkup>> {
    let sql = "SELECT day, done_at, findings
               FROM checkup
               WHERE done_at IS NOT NULL
               ORDER BY day DESC
               LIMIT $1";
    tx.query(sql, params![limit])?.iter().map(checkup).collect()
}

fn checkup(row: &Row) -> Result<Checkup> {
    let day = row.text("day")?.parse();
    Ok(Checkup {
        day: day.map_err(|_| StoreError::Decode { what: "checkup.day" })?,
        done_at: Timestamp(row.int("done_at")?),
        findings: row.text("findings")?.to_owned(),
    })
}
