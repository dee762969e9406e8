//! Where a user is signed in: listed, counted, ended, and why what was ended has ended.

use super::IdleSince;
use crate::{Result, StoreError};
use doorstep_case::Role;
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{Timestamp, UserId};

/// Sessions that are listed of one user; no more hold at once.
const LISTED_MAX: u32 = 50;

/// Why a session has ended that did not run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndWhy {
    /// The user signed in elsewhere once more than they may at once.
    Displaced,
    /// The user ended it from another session.
    Ended,
    /// An administrator ended it.
    EndedByAdmin,
    /// A factor was shown, and it goes on under another token.
    Renewed,
}

impl EndWhy {
    const ALL: [Self; 4] = [Self::Displaced, Self::Ended, Self::EndedByAdmin, Self::Renewed];

    /// Returns the name that the store has.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Displaced => "displaced",
            Self::Ended => "ended",
            Self::EndedByAdmin => "ended-by-admin",
            Self::Renewed => "renewed",
        }
    }
}

/// One session of a user, as a list has it. Its token's hash is not for pages: they name it by how that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// SHA-256 of its token, hexadecimal.
    pub token_hash: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// Browser and system in plain words; empty when not known.
    pub device: String,
    /// The network address at sign-in; empty when not known.
    pub address: String,
}

/// Returns the sessions of a user that hold, the newest first.
pub fn places_of(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    (now, idle): (Timestamp, IdleSince),
) -> Result<Vec<Place>> {
    let sql = "SELECT s.token_hash, s.created_at, s.seen_at, s.device, s.address
               FROM session AS s
               JOIN app_user AS u ON u.user_id = s.user_id
               WHERE s.user_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2
                 AND s.seen_at > CASE WHEN u.role = $5 THEN CAST($4 AS BIGINT) ELSE CAST($3 AS BIGINT) END
                 AND s.epoch = u.epoch AND u.disabled_at IS NULL
               ORDER BY s.created_at DESC, s.token_hash DESC
               LIMIT $6";
    let admin = Role::Admin.name();
    let values = params![user_id.as_str(), now.0, idle.staff.0, idle.admin.0, admin, LISTED_MAX];
    tx.query(sql, values)?.iter().map(place).collect()
}

fn place(row: &Row) -> Result<Place> {
    Ok(Place {
        token_hash: row.text("token_hash")?.to_owned(),
        created_at: Timestamp(row.int("created_at")?),
        seen_at: Timestamp(row.int("seen_at")?),
        device: row.text("device")?.to_owned(),
        address: row.text("address")?.to_owned(),
    })
}

/// Returns how many sessions hold, by user; users without one are left out.
pub fn count_places(
    tx: &mut Tx<'_>,
    (now, idle): (Timestamp, IdleSince),
    limit: u32,
) -> Result<Vec<(UserId, u32)>> {
    let sql = "SELECT s.user_id, CAST(COUNT(*) AS BIGINT) AS n
               FROM session AS s
               JOIN app_user AS u ON u.user_id = s.user_id
               WHERE s.ended_at IS NULL AND s.expires_at > $1
                 AND s.seen_at > CASE WHEN u.role = $4 THEN CAST($3 AS BIGINT) ELSE CAST($2 AS BIGINT) END
                 AND s.epoch = u.epoch AND u.disabled_at IS NULL
               GROUP BY s.user_id
               ORDER BY s.user_id
               LIMIT $5";
    let values = params![now.0, idle.staff.0, idle.admin.0, Role::Admin.name(), limit];
    let counted = |row: &Row| -> Result<(UserId, u32)> {
        Ok((UserId::from(row.text("user_id")?), u32::try_from(row.int("n")?).unwrap_or(u32::MAX)))
    };
    tx.query(sql, values)?.iter().map(counted).collect()
}

/// Ends sessions of a user: the one of that hash, or all but the one of that hash. Returns how many.
pub fn end_places(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    (only, but): (Option<&str>, Option<&str>),
    (why, now): (EndWhy, Timestamp),
) -> Result<u64> {
    let sql = "UPDATE session
               SET ended_at = $4, ended_why = $5
               WHERE user_id = $1 AND ended_at IS NULL
                 AND ($2 = '' OR token_hash = $2) AND ($3 = '' OR token_hash <> $3)";
    let (only, but) = (only.unwrap_or_default(), but.unwrap_or_default());
    Ok(tx.execute(sql, params![user_id.as_str(), only, but, now.0, why.name()])?)
}

/// Returns why the session of a token was ended, if anybody or anything but time ended it.
pub fn why_ended(tx: &mut Tx<'_>, token_hash: &str) -> Result<Option<EndWhy>> {
    let sql = "SELECT ended_why FROM session WHERE token_hash = $1 AND ended_why IS NOT NULL";
    let Some(row) = tx.query_one(sql, params![token_hash])? else { return Ok(None) };
    let name = row.text("ended_why")?;
    let known = EndWhy::ALL.into_iter().find(|why| why.name() == name);
    known.map(Some).ok_or(StoreError::Decode { what: "session.ended_why" })
}
