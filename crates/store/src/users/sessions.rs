//! Sessions of browsers: how they begin, hold and end. Where a user is signed in is listed in `places`.

use super::{EndWhy, epoch, role};
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
    /// When a factor was last shown.
    pub proved_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// Browser and system in plain words; empty when not known.
    pub device: &'a str,
    /// The network address; empty when not known.
    pub address: &'a str,
}

/// How many sessions a user may have at once. Source: trust bars, sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The oldest beyond so many end.
    pub at_once: u32,
    /// Those that nobody used since are over already, and not counted.
    pub idle: IdleSince,
}

/// A session that was last used no later than this is over: of staff, and of administrators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdleSince {
    /// Of everybody else.
    pub staff: Timestamp,
    /// Of administrators.
    pub admin: Timestamp,
}

/// What came of beginning a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// False when the account is unknown or shut: nothing began.
    pub is_begun: bool,
    /// How many older sessions ended for it.
    pub displaced: u64,
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
    /// When a factor was last shown in it.
    pub proved_at: Timestamp,
    /// How many older sessions of the user ended because this one began.
    pub displaced: u32,
    /// The language that the user chose to read in, a tag such as `es`; `None` when none was chosen.
    pub language: Option<String>,
    /// The user's epoch.
    pub epoch: u32,
}

/// Begins a session, unless the account is unknown or shut. The user's oldest sessions beyond the limit end.
pub fn create_session(tx: &mut Tx<'_>, session: &NewSession<'_>, limits: Limits) -> Result<Begun> {
    let NewSession { token_hash, user_id, csrf, now, proved_at, expires_at, device, address } =
        *session;
    end_idle_sessions(tx, now, limits.idle)?;
    let n_rows = tx.execute(
        "INSERT INTO session (token_hash, user_id, epoch, csrf, created_at, seen_at, expires_at, device, address,
                              proved_at)
         SELECT CAST($1 AS TEXT), user_id, epoch, CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($4 AS BIGINT),
                CAST($5 AS BIGINT), CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS BIGINT)
         FROM app_user
         WHERE user_id = $2 AND disabled_at IS NULL",
        params![
            token_hash,
            user_id.as_str(),
            csrf,
            now.0,
            expires_at.0,
            device,
            address,
            proved_at.0
        ],
    )?;
    let displaced = displace(tx, session, limits.at_once)?;
    if displaced > 0 {
        let sql = "UPDATE session SET displaced = $2 WHERE token_hash = $1";
        tx.execute(sql, params![token_hash, i64::try_from(displaced).unwrap_or(i64::MAX)])?;
    }
    Ok(Begun { is_begun: n_rows == 1, displaced })
}

/// Ends the user's oldest sessions beyond so many, never the one that begins.
fn displace(tx: &mut Tx<'_>, session: &NewSession<'_>, at_once: u32) -> Result<u64> {
    let others = at_once.saturating_sub(1);
    let n_rows = tx.execute(
        "UPDATE session
         SET ended_at = $3, ended_why = $5
         WHERE user_id = $1 AND ended_at IS NULL AND token_hash <> $2 AND token_hash NOT IN (
             SELECT token_hash
             FROM session
             WHERE user_id = $1 AND ended_at IS NULL AND token_hash <> $2
             ORDER BY created_at DESC, token_hash DESC
             LIMIT $4
         )",
        params![
            session.user_id.as_str(),
            session.token_hash,
            session.now.0,
            others,
            EndWhy::Displaced.name()
        ],
    )?;
    Ok(n_rows)
}

/// Returns the session of a token, if it holds: never found to have run out, not past its end, used after the time of its
/// user's role, its user not shut and of the same epoch as at sign-in.
pub fn find_session(
    tx: &mut Tx<'_>,
    token_hash: &str,
    now: Timestamp,
    idle: IdleSince,
) -> Result<Option<Session>> {
    let sql = "SELECT s.user_id, s.csrf, s.created_at, s.seen_at, s.expires_at, s.proved_at, s.displaced, u.name, u.role,
                      u.epoch, u.language
               FROM session AS s
               JOIN app_user AS u ON u.user_id = s.user_id
               WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2
                 AND s.seen_at > CASE WHEN u.role = $5 THEN CAST($4 AS BIGINT) ELSE CAST($3 AS BIGINT) END
                 AND s.epoch = u.epoch AND u.disabled_at IS NULL";
    let sql = planted::instead("revives-a-session", sql, ("s.ended_at IS NULL", "TRUE"));
    let values = params![token_hash, now.0, idle.staff.0, idle.admin.0, Role::Admin.name()];
    let Some(row) = tx.query_one(&sql, values)? else { return Ok(None) };
    Ok(Some(Session {
        user_id: UserId::from(row.text("user_id")?),
        name: row.text("name")?.to_owned(),
        role: role(&row)?,
        csrf: row.text("csrf")?.to_owned(),
        created_at: Timestamp(row.int("created_at")?),
        seen_at: Timestamp(row.int("seen_at")?),
        expires_at: Timestamp(row.int("expires_at")?),
        proved_at: Timestamp(row.int("proved_at")?),
        displaced: u32::try_from(row.int("displaced")?).unwrap_or(u32::MAX),
        language: row.opt_text("language")?.map(str::to_owned),
        epoch: epoch(&row)?,
    }))
}

/// Returns whether a user has a session whose forms carry `csrf`, be it that nobody used it for long: of the user's
/// epoch of now, not ended by anybody, and not swept yet.
pub fn had_session(tx: &mut Tx<'_>, user_id: &UserId, csrf: &str) -> Result<bool> {
    let sql = "SELECT s.user_id
               FROM session AS s
               JOIN app_user AS u ON u.user_id = s.user_id
               WHERE s.user_id = $1 AND s.csrf = $2 AND s.epoch = u.epoch AND u.disabled_at IS NULL
                 AND (s.ended_why IS NULL OR s.ended_why = $3)";
    let values = params![user_id.as_str(), csrf, EndWhy::Renewed.name()];
    Ok(tx.query_one(sql, values)?.is_some())
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

/// The token and the forms' secret that a session goes on with.
#[derive(Clone, Copy)]
pub struct Renewed<'a> {
    /// SHA-256 of the new token, hexadecimal.
    pub token_hash: &'a str,
    /// What its forms carry from now on.
    pub csrf: &'a str,
    /// When a factor was shown.
    pub now: Timestamp,
}

/// Gives a session that holds a new token, after a factor was shown in it; the old token holds no more. Returns whether
/// there was one.
pub fn renew_session(tx: &mut Tx<'_>, old_hash: &str, new: Renewed<'_>) -> Result<bool> {
    let n_rows = tx.execute(
        "INSERT INTO session (token_hash, user_id, epoch, csrf, created_at, seen_at, expires_at, device, address,
                              proved_at)
         SELECT CAST($2 AS TEXT), user_id, epoch, CAST($3 AS TEXT), created_at, CAST($4 AS BIGINT), expires_at, device,
                address, CAST($4 AS BIGINT)
         FROM session
         WHERE token_hash = $1 AND ended_at IS NULL",
        params![old_hash, new.token_hash, new.csrf, new.now.0],
    )?;
    let sql = "UPDATE session SET ended_at = $2, ended_why = $3 WHERE token_hash = $1 AND ended_at IS NULL";
    tx.execute(sql, params![old_hash, new.now.0, EndWhy::Renewed.name()])?;
    Ok(n_rows == 1)
}

/// Returns whether the session of a token has run out by now and is not marked so yet.
pub fn has_run_out(
    tx: &mut Tx<'_>,
    token_hash: &str,
    (now, idle): (Timestamp, IdleSince),
) -> Result<bool> {
    let sql = "SELECT s.user_id
               FROM session AS s
               JOIN app_user AS u ON u.user_id = s.user_id
               WHERE s.token_hash = $1 AND s.ended_at IS NULL
                 AND (s.expires_at <= $2
                      OR s.seen_at <= CASE WHEN u.role = $5 THEN CAST($4 AS BIGINT) ELSE CAST($3 AS BIGINT) END)";
    let values = params![token_hash, now.0, idle.staff.0, idle.admin.0, Role::Admin.name()];
    Ok(tx.query_one(sql, values)?.is_some())
}

/// Marks a session as ended.
pub fn end_session(tx: &mut Tx<'_>, token_hash: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL";
    tx.execute(sql, params![token_hash, now.0])?;
    Ok(())
}

/// Marks every session that has run out, whether or not anybody asks for it, and returns how many.
pub fn end_idle_sessions(tx: &mut Tx<'_>, now: Timestamp, idle: IdleSince) -> Result<u64> {
    let sql = "UPDATE session
               SET ended_at = $1
               WHERE ended_at IS NULL
                 AND (expires_at <= $1 OR seen_at <= $2
                      OR (seen_at <= $3 AND user_id IN (SELECT user_id FROM app_user WHERE role = $4)))";
    Ok(tx.execute(sql, params![now.0, idle.staff.0, idle.admin.0, Role::Admin.name()])?)
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
