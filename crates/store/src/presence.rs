//! Who has which case open. It is no record of who looked: that is the audit trail's.

use crate::{Result, Scope, matching, walls};
use doorstep_case::Role;
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, Timestamp, UserId};

/// Colleagues that a page names at most.
const NAMED_MAX: u32 = 12;

/// Somebody who has a case open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub user_id: UserId,
    /// What they are called.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The form that they are at, by the name of its command; empty while they read.
    pub form: String,
    /// When their page last said so.
    pub seen_at: Timestamp,
}

/// Lets the pages of one user come one after the other. Comes first in a transaction.
///
/// # Panics
/// When a statement was run before.
pub fn lock(tx: &mut Tx<'_>, user_id: &UserId) -> Result<()> {
    matching::lock(tx, &[format!("presence/{user_id}")])
}

/// Says that somebody has a case open, at a form, and forgets where else they were before `gone`.
pub fn put(
    tx: &mut Tx<'_>,
    (user_id, case_id): (&UserId, &CaseId),
    form: &str,
    (now, gone): (Timestamp, Timestamp),
) -> Result<()> {
    tx.execute(
        "DELETE FROM presence WHERE user_id = $1 AND seen_at < $2",
        params![user_id.as_str(), gone.0],
    )?;
    tx.execute(
        "INSERT INTO presence (user_id, case_id, form, seen_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, case_id) DO UPDATE SET form = excluded.form, seen_at = excluded.seen_at",
        params![user_id.as_str(), case_id.as_str(), form, now.0],
    )?;
    Ok(())
}

/// Returns who else has a case open since `gone`, by name: nobody where the case is not seen.
pub fn others(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (case_id, user_id): (&CaseId, &UserId),
    gone: Timestamp,
) -> Result<Vec<Present>> {
    if !walls::sees(tx, scope, case_id)? {
        return Ok(Vec::new());
    }
    let sql = "SELECT p.user_id, u.name, u.role, p.form, p.seen_at
               FROM presence AS p
               JOIN app_user AS u ON u.user_id = p.user_id
               WHERE p.case_id = $1 AND p.seen_at >= $2 AND p.user_id <> $3
               ORDER BY u.name, p.user_id
               LIMIT $4";
    let rows = tx.query(sql, params![case_id.as_str(), gone.0, user_id.as_str(), NAMED_MAX])?;
    rows.iter().map(present).collect()
}

fn present(row: &Row) -> Result<Present> {
    Ok(Present {
        user_id: UserId::from(row.text("user_id")?),
        name: row.text("name")?.to_owned(),
        role: crate::users::role(row)?,
        form: row.text("form")?.to_owned(),
        seen_at: Timestamp(row.int("seen_at")?),
    })
}
