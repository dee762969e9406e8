//! Sessions of browsers.

use super::{epoch, role};
use crate::Result;
use doorstep_case::Role;
use doorstep_db::{Tx, params};
use doorstep_planted as planted;
use doorstep_vocab::{Micros, Timestamp, UserId};

/// A session's last use is written down to this, so that not every page is a write.
const SEEN_EVERY: Micros = Micros::MINUTE;

/// A session to begin.
#[derive(Clone)]
pub struct NewSession<'a> {
    /// SHA-256 of the cookie's token, hexadecimal.
    pub token_hash: &'a str,
    /// Whose.
    pub user_id: &'a UserId,
    /// What its forms carry.
    pub csrf: &'a str,
    /// When it begins.
    pub now: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// How many sessions a user may have at once. Source: trust bars, sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The oldest beyond so many end.
    pub at_once: u32,
}

/// A session that holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub user_id: UserId,
    /// The name that others see.
    pub name: String,
    /// The user's role now.
    pub role: Role,
    /// What its forms carry.
    pub csrf: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The user's epoch.
    pub epoch: u32,
}

/// Begins a session, unless the account is unknown or shut. The user's oldest sessions beyond the limit end. Returns
/// whether it began.
pub fn create_session(tx: &mut Tx<'_>, session: &NewSession<'_>, limits: Limits) -> Result<bool> {
    let NewSession { token_hash, user_id, csrf, now, expires_at } = *session;
    let n_rows = tx.execute(
        "INSERT INTO session (token_hash, user_id, epoch, csrf, created_at, seen_at, expires_at)
         SELECT CAST($1 AS TEXT), user_id, epoch, CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($4 AS BIGINT),
                CAST($5 AS BIGINT)
         FROM app_user
         WHERE user_id = $2 AND disabled_at IS NULL",
        params![token_hash, user_id.as_str(), csrf, now.0, expires_at.0],
    )?;
    tx.execute(
        "DELETE FROM session
         WHERE user_id = $1 AND token_hash NOT IN (
             SELECT token_hash
             FROM session
             WHERE user_id = $1
             ORDER BY created_at DESC, token_hash DESC
             LIMIT $2
         )",
        params![user_id.as_str(), limits.at_once],
    )?;
    Ok(n_rows == 1)
}

/// Returns the session of a token, if it holds: never found to have run out, not past its end, used after `idle_since`, its user not shut and of the
/// same epoch as at sign-in.
pub fn find_session(
    tx: &mut Tx<'_>,
    token_hash: &str,
    now: Timestamp,
    idle_since: Timestamp,
) -> Result<Option<Session>> {
    let sql = "SELECT s.user_id, s.csrf, s.created_at, s.seen_at, s.expires_at, u.name, u.role, u.epoch
               FROM session AS s
               JOIN app_user AS u ON u.user_id = s.user_id
               WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND s.seen_at > $3
                 AND s.epoch = u.epoch AND u.disabled_at IS NULL";
    let sql = planted::instead("revives-a-session", sql, ("s.ended_at IS NULL", "TRUE"));
    let Some(row) = tx.query_one(&sql, params![token_hash, now.0, idle_since.0])? else {
        return Ok(None);
    };
    Ok(Some(Session {
        user_id: UserId::from(row.text("user_id")?),
        name: row.text("name")?.to_owned(),
        role: role(&row)?,
        csrf: row.text("csrf")?.to_owned(),
        created_at: Timestamp(row.int("created_at")?),
        seen_at: Timestamp(row.int("seen_at")?),
        expires_at: Timestamp(row.int("expires_at")?),
        epoch: epoch(&row)?,
    }))
}

/// Returns whether a user has a session whose forms carry `csrf`, be it that nobody used it for long: of the user's
/// epoch of now, and not swept yet.
pub fn had_session(tx: &mut Tx<'_>, user_id: &UserId, csrf: &str) -> Result<bool> {
    let sql = "SELECT s.user_id
               FROM session AS s
               JOIN app_user AS u ON u.user_id = s.user_id
               WHERE s.user_id = $1 AND s.csrf = $2 AND s.epoch = u.epoch AND u.disabled_at IS NULL";
    Ok(tx.query_one(sql, params![user_id.as_str(), csrf])?.is_some())
}

impl Session {
    /// Returns whether its last use should be written down again by now.
    pub fn wants_touch(&self, now: Timestamp) -> bool {
        now.since(self.seen_at) >= SEEN_EVERY
    }
}

/// Writes down that a session was used.
pub fn touch_session(tx: &mut Tx<'_>, token_hash: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2";
    tx.execute(sql, params![token_hash, now.0])?;
    Ok(())
}

/// Returns whether the session of a token has run out by now and is not marked so yet.
pub fn has_run_out(
    tx: &mut Tx<'_>,
    token_hash: &str,
    (now, idle_since): (Timestamp, Timestamp),
) -> Result<bool> {
    let sql = "SELECT user_id
               FROM session
               WHERE token_hash = $1 AND ended_at IS NULL AND (expires_at <= $2 OR seen_at <= $3)";
    Ok(tx.query_one(sql, params![token_hash, now.0, idle_since.0])?.is_some())
}

/// Marks a session as ended.
pub fn end_session(tx: &mut Tx<'_>, token_hash: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL";
    tx.execute(sql, params![token_hash, now.0])?;
    Ok(())
}

/// Marks every session that has run out, whether or not anybody asks for it, and returns how many.
pub fn end_idle_sessions(tx: &mut Tx<'_>, now: Timestamp, idle_since: Timestamp) -> Result<u64> {
    let sql = "UPDATE session SET ended_at = $1 WHERE ended_at IS NULL AND (expires_at <= $1 OR seen_at <= $2)";
    Ok(tx.execute(sql, params![now.0, idle_since.0])?)
}

/// Ends a session.
pub fn kill_session(tx: &mut Tx<'_>, token_hash: &str) -> Result<()> {
    tx.execute("DELETE FROM session WHERE token_hash = $1", params![token_hash])?;
    Ok(())
}

/// Ends all sessions of a user, and returns how many there were.
pub fn kill_sessions(tx: &mut Tx<'_>, user_id: &UserId) -> Result<u64> {
    Ok(tx.execute("DELETE FROM session WHERE user_id = $1", params![user_id.as_str()])?)
}

/// Forgets sessions that are past their end, and returns how many.
pub fn sweep_sessions(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64> {
    Ok(tx.execute("DELETE FROM session WHERE expires_at <= $1", params![now.0])?)
}
