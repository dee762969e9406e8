//! Shifts on call. They tell of no case.

use crate::{Result, StoreError};
use doorstep_case::rota::{Duty, Span};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{Timestamp, UserId};

/// A shift on call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Its id.
    pub shift_id: String,
    /// As what.
    pub duty: Duty,
    /// Who.
    pub user_id: UserId,
    /// From when until when.
    pub span: Span,
}

/// Keeps a new shift.
pub fn add(tx: &mut Tx<'_>, shift: &Shift, (by, at): (&UserId, Timestamp)) -> Result<()> {
    let sql = "INSERT INTO on_call_shift (shift_id, duty, user_id, from_at, until_at, entered_by, entered_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tx.execute(
        sql,
        params![
            &shift.shift_id,
            shift.duty.code(),
            shift.user_id.as_str(),
            shift.span.from.0,
            shift.span.until.0,
            by.as_str(),
            at.0,
        ],
    )?;
    Ok(())
}

/// Forgets a shift that is not over. Returns whether there was one.
pub fn remove(tx: &mut Tx<'_>, shift_id: &str, now: Timestamp) -> Result<bool> {
    let sql = "DELETE FROM on_call_shift WHERE shift_id = $1 AND until_at > $2";
    Ok(tx.execute(sql, params![shift_id, now.0])? == 1)
}

/// Returns up to `limit` shifts that end after a moment and begin before another, in their order.
pub fn between(
    tx: &mut Tx<'_>,
    (from, until): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<Shift>> {
    let sql = "SELECT shift_id, duty, user_id, from_at, until_at
               FROM on_call_shift
               WHERE until_at > $1 AND from_at < $2
               ORDER BY from_at, until_at, shift_id
               LIMIT $3";
    tx.query(sql, params![from.0, until.0, limit])?.iter().map(shift).collect()
}

fn shift(row: &Row) -> Result<Shift> {
    let duty = Duty::parse(row.text("duty")?);
    Ok(Shift {
        shift_id: row.text("shift_id")?.to_owned(),
        duty: duty.ok_or(StoreError::Decode { what: "on_call_shift.duty" })?,
        user_id: UserId::from(row.text("user_id")?),
        span: Span { from: Timestamp(row.int("from_at")?), until: Timestamp(row.int("until_at")?) },
    })
}
