//! Attempts to sign in, counted to slow down guessing.

use crate::{Result, matching};
use doorstep_db::{Tx, params};
use doorstep_vocab::Timestamp;

/// Writes an attempt down. `name_key` is a hash of the name or the address that was tried.
pub fn record_attempt(tx: &mut Tx<'_>, name_key: &str, at: Timestamp, ok: bool) -> Result<()> {
    tx.execute(
        "INSERT INTO signin_attempt (name_key, at, ok, times)
         VALUES ($1, $2, $3, 1)
         ON CONFLICT (name_key, at, ok) DO UPDATE
         SET times = signin_attempt.times + 1",
        params![name_key, at.0, ok],
    )?;
    Ok(())
}

/// Writes an attempt down as failed, before anything is verified, unless `failures_max` failed since an instant. Returns
/// whether it may go on. However many try at once, no more than that may: each waits for the one before.
pub fn begin_attempt(
    tx: &mut Tx<'_>,
    (name_key, at): (&str, Timestamp),
    (since, failures_max): (Timestamp, u32),
) -> Result<bool> {
    matching::lock(tx, &[format!("sign-in/{name_key}")])?;
    if failures_since(tx, name_key, since)? >= failures_max {
        return Ok(false);
    }
    record_attempt(tx, name_key, at, false)?;
    Ok(true)
}

/// Returns how many attempts failed since an instant, and after the last one that succeeded.
pub fn failures_since(tx: &mut Tx<'_>, name_key: &str, since: Timestamp) -> Result<u32> {
    let row = tx.query_one(
        "SELECT CAST(COALESCE(SUM(f.times), 0) AS BIGINT) AS n
         FROM signin_attempt AS f
         WHERE f.name_key = $1 AND f.ok = 0 AND f.at >= $2
           AND NOT EXISTS (
               SELECT 1 FROM signin_attempt AS s WHERE s.name_key = f.name_key AND s.ok = 1 AND s.at >= f.at
           )",
        params![name_key, since.0],
    )?;
    let n = row.map(|row| row.int("n")).transpose()?.unwrap_or(0);
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Forgets attempts of before an instant, and returns how many rows.
pub fn sweep_attempts(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64> {
    Ok(tx.execute("DELETE FROM signin_attempt WHERE at < $1", params![before.0])?)
}
