//! Files of which rows were refused: who looks at each, which rows and why, and how it was settled.
//!
//! **Invariant:** a file with refused rows waits here until a person has settled it.

use crate::receipts::{self, Unit};
use crate::{Result, Scope, StoreError};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{ReceiptId, Timestamp, UserId};

/// Files are counted up to here.
pub const COUNT_MAX: u32 = 1000;

/// A file of which rows were refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its receipt.
    pub receipt_id: ReceiptId,
    /// When it came.
    pub received_at: Timestamp,
    /// File name or route, without personal data.
    pub name: String,
    /// What the bytes are.
    pub format: String,
    /// Who sent it, as the message says.
    pub sender: Option<String>,
    /// How many of its rows were refused.
    pub n_refused: u32,
    /// Who looks at it; `None` while nobody does.
    pub owner: Option<UserId>,
    /// When it was settled; `None` while it waits.
    pub settled_at: Option<Timestamp>,
    /// Who settled it.
    pub settled_by: Option<UserId>,
    /// What was done about it; empty while it waits.
    pub note: String,
}

/// Lets a file with refused rows wait for a person. One that waits, or was settled, stays as it is.
pub fn open(tx: &mut Tx<'_>, receipt_id: &ReceiptId, n_refused: u32) -> Result<()> {
    let sql = "INSERT INTO import_review (receipt_id, n_refused, note)
               VALUES ($1, $2, '')
               ON CONFLICT (receipt_id) DO NOTHING";
    tx.execute(sql, params![receipt_id.as_str(), n_refused])?;
    Ok(())
}

/// Returns how many files wait, [`COUNT_MAX`] at most.
pub fn count(tx: &mut Tx<'_>, scope: &Scope) -> Result<u32> {
    if !scope.sees_cases() {
        return Ok(0);
    }
    let (condition, more) = scope.condition(2);
    let mut values = vec![Value::from(COUNT_MAX)];
    values.extend(more);
    let row = tx.query_one(&count_sql(&condition), &values)?;
    row.map_or(Ok(0), |row| number(&row, "n"))
}

pub(crate) fn count_sql(condition: &str) -> String {
    let seen = receipts::seen_file(condition);
    format!(
        "SELECT COUNT(*) AS n
         FROM (SELECT 1 AS one
               FROM import_review AS i
               JOIN receipt AS r ON r.receipt_id = i.receipt_id
               WHERE i.settled_at IS NULL{seen}
               ORDER BY i.receipt_id
               LIMIT $1) AS counted"
    )
}

const COLUMNS: &str = "SELECT i.receipt_id, i.n_refused, i.owner, i.settled_at, i.settled_by, i.note, r.received_at, r.name,
                r.format, r.sender
         FROM import_review AS i
         JOIN receipt AS r ON r.receipt_id = i.receipt_id";

/// Returns up to `limit` files that wait, the oldest first, after one.
pub fn waiting(
    tx: &mut Tx<'_>,
    scope: &Scope,
    after: Option<&ReceiptId>,
    limit: u32,
) -> Result<Vec<Import>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(3);
    let mut values = vec![Value::from(after.map_or("", ReceiptId::as_str)), Value::from(limit)];
    values.extend(more);
    tx.query(&waiting_sql(&condition), &values)?.iter().map(import).collect()
}

pub(crate) fn waiting_sql(condition: &str) -> String {
    let seen = receipts::seen_file(condition);
    format!(
        "{COLUMNS} WHERE i.settled_at IS NULL AND i.receipt_id > $1{seen} ORDER BY i.receipt_id LIMIT $2"
    )
}

/// Returns the `limit` files that were settled last, the latest first.
pub fn settled(tx: &mut Tx<'_>, scope: &Scope, limit: u32) -> Result<Vec<Import>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(2);
    let mut values = vec![Value::from(limit)];
    values.extend(more);
    tx.query(&settled_sql(&condition), &values)?.iter().map(import).collect()
}

pub(crate) fn settled_sql(condition: &str) -> String {
    let seen = receipts::seen_file(condition);
    format!(
        "{COLUMNS} WHERE i.settled_at IS NOT NULL{seen}
         ORDER BY i.settled_at DESC, i.receipt_id DESC LIMIT $1"
    )
}

/// Returns one file. As in every list here, one all of whose units went to cases that are not seen is not there.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, receipt_id: &ReceiptId) -> Result<Option<Import>> {
    if !scope.sees_cases() {
        return Ok(None);
    }
    let (condition, more) = scope.condition(2);
    let mut values = vec![Value::from(receipt_id.as_str())];
    values.extend(more);
    tx.query_one(&get_sql(&condition), &values)?.as_ref().map(import).transpose()
}

pub(crate) fn get_sql(condition: &str) -> String {
    format!("{COLUMNS} WHERE i.receipt_id = $1{}", receipts::seen_file(condition))
}

/// Returns up to `limit` refused rows of a file with why, after one. What belongs to a case that is not seen is left out.
pub fn refused(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (receipt_id, after): (&ReceiptId, Option<u32>),
    limit: u32,
) -> Result<Vec<Unit>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(4);
    let after = Value::from(after.map_or(-1, i64::from));
    let mut values = vec![Value::from(receipt_id.as_str()), after, Value::from(limit)];
    values.extend(more);
    tx.query(&refused_sql(&condition), &values)?.iter().map(receipts::unit).collect()
}

pub(crate) fn refused_sql(condition: &str) -> String {
    format!(
        "SELECT u.unit, u.place, u.outcome, u.case_id, u.problems, u.resolved_at, u.resolved_by
         FROM receipt_unit AS u
         WHERE u.receipt_id = $1 AND u.unit > $2 AND u.outcome = 'refused'
               AND (u.case_id IS NULL
                    OR EXISTS (SELECT 1 FROM case_head AS h WHERE h.case_id = u.case_id{condition}))
         ORDER BY u.unit
         LIMIT $3"
    )
}

/// Gives a file that waits to somebody. Returns whether it waits.
pub fn give(tx: &mut Tx<'_>, receipt_id: &ReceiptId, owner: &UserId) -> Result<bool> {
    let sql = "UPDATE import_review SET owner = $2 WHERE receipt_id = $1 AND settled_at IS NULL";
    Ok(tx.execute(sql, params![receipt_id.as_str(), owner.as_str()])? == 1)
}

/// Settles a file. Returns whether it waited: of two who settle it, one is told that it is done.
pub fn settle(
    tx: &mut Tx<'_>,
    receipt_id: &ReceiptId,
    (by, at): (&UserId, Timestamp),
    note: &str,
) -> Result<bool> {
    let sql = "UPDATE import_review
               SET settled_at = $2, settled_by = $3, note = $4
               WHERE receipt_id = $1 AND settled_at IS NULL";
    Ok(tx.execute(sql, params![receipt_id.as_str(), at.0, by.as_str(), note])? == 1)
}

fn import(row: &Row) -> Result<Import> {
    let user = |column| row.opt_text(column).map(|id| id.map(UserId::from));
    Ok(Import {
        receipt_id: ReceiptId::from(row.text("receipt_id")?),
        received_at: Timestamp(row.int("received_at")?),
        name: row.text("name")?.to_owned(),
        format: row.text("format")?.to_owned(),
        sender: row.opt_text("sender")?.map(str::to_owned),
        n_refused: number(row, "n_refused")?,
        owner: user("owner")?,
        settled_at: row.opt_int("settled_at")?.map(Timestamp),
        settled_by: user("settled_by")?,
        note: row.text("note")?.to_owned(),
    })
}

fn number(row: &Row, column: &'static str) -> Result<u32> {
    u32::try_from(row.int(column)?).map_err(|_| StoreError::Decode { what: column })
}
