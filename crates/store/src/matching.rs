//! Finds the cases that an arriving order may already stand for, by keys that the caller makes of it.
//!
//! **Invariant:** two doors that take the same order at once do so one after the other: both [`lock`] its keys first.

use crate::{Result, StoreError, sql};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{CaseId, ReceiptId};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// More cases than this under an order's keys are not told apart by them.
const CASES_MAX: u32 = 100;

/// Waits until no other transaction holds any of these keys, and holds them until this one has ended. It must come
/// before the transaction's first statement.
///
/// # Panics
/// When a statement was run before.
pub fn lock(tx: &mut Tx<'_>, keys: &[String]) -> Result<()> {
    // In one order for all, or two that share two keys would wait for each other.
    let numbers: BTreeSet<i64> = keys.iter().map(|key| lock_number(key)).collect();
    Ok(tx.lock_all(&numbers.into_iter().collect::<Vec<_>>())?)
}

/// The first eight bytes of the key's hash. Two keys that share them only wait for each other once in a while.
pub(crate) fn lock_number(key: &str) -> i64 {
    let hash = Sha256::digest(key.as_bytes());
    hash.iter().take(8).fold(0_i64, |number, byte| (number << 8) | i64::from(*byte))
}

/// Adds keys to a case; those it has stay.
pub fn put(tx: &mut Tx<'_>, case_id: &CaseId, keys: &[String]) -> Result<()> {
    let keys: BTreeSet<&String> = keys.iter().collect();
    if keys.is_empty() {
        return Ok(());
    }
    let values = keys.iter().flat_map(|key| [Value::from(case_id.as_str()), Value::from(*key)]);
    tx.execute(&put_sql(keys.len()), &values.collect::<Vec<_>>())?;
    Ok(())
}

pub(crate) fn put_sql(n_keys: usize) -> String {
    format!(
        "INSERT INTO order_key (case_id, key) VALUES {} ON CONFLICT (key, case_id) DO NOTHING",
        sql::rows(2, n_keys)
    )
}

/// Lets a unit that cancels an order wait for that order, by the keys under which it would come.
pub fn wait(tx: &mut Tx<'_>, keys: &[String], (receipt_id, unit): (&ReceiptId, u32)) -> Result<()> {
    for key in keys {
        tx.execute(
            "INSERT INTO waiting_cancel (key, receipt_id, unit)
             VALUES ($1, $2, $3)
             ON CONFLICT (key, receipt_id, unit) DO NOTHING",
            params![key, receipt_id.as_str(), unit],
        )?;
    }
    Ok(())
}

/// Returns the units that wait for the order of a key and that no person has settled, the oldest first. For writing only.
pub fn waiting(tx: &mut Tx<'_>, key: &str) -> Result<Vec<(ReceiptId, u32)>> {
    let sql = "SELECT w.receipt_id, w.unit
               FROM waiting_cancel AS w
               JOIN receipt_unit AS u ON u.receipt_id = w.receipt_id AND u.unit = w.unit
               WHERE w.key = $1 AND u.outcome = 'queued' AND u.resolved_at IS NULL AND u.case_id IS NULL
               ORDER BY w.receipt_id, w.unit
               LIMIT $2";
    let rows = tx.query(sql, params![key, CASES_MAX])?;
    let waits = |row: &Row| {
        let unit = u32::try_from(row.int("unit")?);
        let unit = unit.map_err(|_| StoreError::Decode { what: "waiting_cancel.unit" })?;
        Ok((ReceiptId::from(row.text("receipt_id")?), unit))
    };
    rows.iter().map(waits).collect()
}

/// Returns the cases that have any of these keys, by id: the oldest first. For writing only.
pub fn cases_with(tx: &mut Tx<'_>, keys: &[String]) -> Result<Vec<CaseId>> {
    let keys: BTreeSet<&String> = keys.iter().collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let values: Vec<Value> = [Value::from(CASES_MAX)]
        .into_iter()
        .chain(keys.iter().map(|key| Value::from(*key)))
        .collect();
    let rows = tx.query(&cases_sql(keys.len()), &values)?;
    rows.iter().map(|row| Ok(CaseId::from(row.text("case_id")?))).collect()
}

pub(crate) fn cases_sql(n_keys: usize) -> String {
    format!(
        "SELECT DISTINCT case_id FROM order_key WHERE key IN ({}) ORDER BY case_id LIMIT $1",
        sql::places(2, n_keys)
    )
}
