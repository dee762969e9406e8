//! Running numbers for case numbers, taken in blocks so that opening a case seldom waits for another.

use crate::{Result, StoreError, matching};
use doorstep_db::{Tx, params};
use doorstep_planted as planted;
use doorstep_vocab::Date;

/// Takes the next `n` running numbers of a day and returns the first, from 1. Numbers that are not used are skipped.
///
/// In a transaction of its own: it locks the day first, and whoever takes the next block waits for its end.
///
/// # Panics
/// When a statement was run before.
pub fn take(tx: &mut Tx<'_>, day: Date, n: u32) -> Result<u32> {
    let day = day.to_string();
    let n = if planted::is("gives-a-number-twice") { 1 } else { n };
    tx.lock(matching::lock_number(&format!("number-block {day}")))?;
    let row = tx.query_one(
        "INSERT INTO number_block (day, next)
         VALUES ($1, 1 + CAST($2 AS BIGINT))
         ON CONFLICT (day) DO UPDATE
         SET next = number_block.next + CAST($2 AS BIGINT)
         RETURNING next - CAST($2 AS BIGINT) AS first",
        params![day, n],
    )?;
    let wrong = StoreError::Decode { what: "number_block.next" };
    let first = row.ok_or_else(|| wrong.clone())?.int("first")?;
    u32::try_from(first).map_err(|_| wrong)
}
