//! Second factors: the authenticator app, the codes on paper, and who is halfway through signing in.

use super::epoch;
use crate::Result;
use doorstep_db::{Tx, params};
use doorstep_vocab::{Timestamp, UserId};

/// A user's authenticator app.
#[derive(Clone, PartialEq, Eq)]
pub struct Totp {
    /// Base 32.
    pub secret: String,
    /// When a first code of it was right; not asked for before.
    pub confirmed_at: Option<Timestamp>,
}

/// Without the secret.
impl std::fmt::Debug for Totp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Totp {{ confirmed_at: {:?} }}", self.confirmed_at)
    }
}

/// Returns a user's authenticator app, confirmed or not.
pub fn totp_of(tx: &mut Tx<'_>, user_id: &UserId) -> Result<Option<Totp>> {
    let sql = "SELECT secret, confirmed_at FROM totp WHERE user_id = $1";
    let Some(row) = tx.query_one(sql, params![user_id.as_str()])? else { return Ok(None) };
    let confirmed_at = row.opt_int("confirmed_at")?.map(Timestamp);
    Ok(Some(Totp { secret: row.text("secret")?.to_owned(), confirmed_at }))
}

/// Begins with an authenticator app, in the place of another that was not confirmed. Returns whether it did: one that was
/// confirmed stays.
pub fn begin_totp(tx: &mut Tx<'_>, user_id: &UserId, secret: &str) -> Result<bool> {
    let n_rows = tx.execute(
        "INSERT INTO totp (user_id, secret, last_step)
         VALUES ($1, $2, 0)
         ON CONFLICT (user_id) DO UPDATE
         SET secret = excluded.secret, last_step = 0
         WHERE totp.confirmed_at IS NULL",
        params![user_id.as_str(), secret],
    )?;
    Ok(n_rows == 1)
}

/// Uses up a step. Returns whether its code may be taken: none of it or of a later one was. Of two at once, one may.
pub fn use_totp_step(tx: &mut Tx<'_>, user_id: &UserId, step: i64) -> Result<bool> {
    let sql = "UPDATE totp SET last_step = $2 WHERE user_id = $1 AND last_step < $2";
    Ok(tx.execute(sql, params![user_id.as_str(), step])? == 1)
}

/// Says that an authenticator app works: from now on it is asked for.
pub fn confirm_totp(tx: &mut Tx<'_>, user_id: &UserId, now: Timestamp) -> Result<()> {
    let sql = "UPDATE totp SET confirmed_at = $2 WHERE user_id = $1 AND confirmed_at IS NULL";
    tx.execute(sql, params![user_id.as_str(), now.0])?;
    Ok(())
}

/// Forgets a user's authenticator app and their codes on paper. Returns whether there was a confirmed one.
pub fn remove_totp(tx: &mut Tx<'_>, user_id: &UserId) -> Result<bool> {
    let had_one = totp_of(tx, user_id)?.is_some_and(|totp| totp.confirmed_at.is_some());
    tx.execute("DELETE FROM totp WHERE user_id = $1", params![user_id.as_str()])?;
    tx.execute("DELETE FROM recovery_code WHERE user_id = $1", params![user_id.as_str()])?;
    Ok(had_one)
}

/// Returns who has an authenticator app that is asked for, up to `limit` users.
pub fn with_totp(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<UserId>> {
    let sql = "SELECT user_id
               FROM totp
               WHERE confirmed_at IS NOT NULL
               ORDER BY user_id
               LIMIT $1";
    tx.query(sql, params![limit])?
        .iter()
        .map(|row| Ok(UserId::from(row.text("user_id")?)))
        .collect()
}

/// Puts new codes on paper in the place of the old.
pub fn set_recovery_codes(tx: &mut Tx<'_>, user_id: &UserId, hashes: &[String]) -> Result<()> {
    tx.execute("DELETE FROM recovery_code WHERE user_id = $1", params![user_id.as_str()])?;
    for hash in hashes {
        let sql = "INSERT INTO recovery_code (user_id, code_hash) VALUES ($1, $2)";
        tx.execute(sql, params![user_id.as_str(), hash])?;
    }
    Ok(())
}

/// Uses up a code on paper. Returns whether it was one. Of two at once, one uses it.
pub fn use_recovery_code(tx: &mut Tx<'_>, user_id: &UserId, hash: &str) -> Result<bool> {
    let sql = "DELETE FROM recovery_code WHERE user_id = $1 AND code_hash = $2";
    Ok(tx.execute(sql, params![user_id.as_str(), hash])? == 1)
}

/// Returns how many codes on paper are left.
pub fn n_recovery_codes(tx: &mut Tx<'_>, user_id: &UserId) -> Result<u32> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM recovery_code WHERE user_id = $1";
    let n = tx.query_one(sql, params![user_id.as_str()])?.map(|row| row.int("n")).transpose()?;
    Ok(u32::try_from(n.unwrap_or(0)).unwrap_or(u32::MAX))
}

/// Somebody who showed one factor.
#[derive(Clone)]
pub struct NewStep<'a> {
    /// SHA-256 of the token that the next form carries, hexadecimal.
    pub token_hash: &'a str,
    /// Who.
    pub user_id: &'a UserId,
    /// What they showed.
    pub shown: &'a str,
    /// Until when the second may be shown.
    pub expires_at: Timestamp,
}

/// Keeps that somebody showed one factor, unless their account is unknown or shut. Returns whether it is kept.
pub fn begin_step(tx: &mut Tx<'_>, step: &NewStep<'_>) -> Result<bool> {
    let NewStep { token_hash, user_id, shown, expires_at } = *step;
    let n_rows = tx.execute(
        "INSERT INTO signin_step (token_hash, user_id, epoch, shown, expires_at)
         SELECT CAST($1 AS TEXT), user_id, epoch, CAST($3 AS TEXT), CAST($4 AS BIGINT)
         FROM app_user
         WHERE user_id = $2 AND disabled_at IS NULL",
        params![token_hash, user_id.as_str(), shown, expires_at.0],
    )?;
    Ok(n_rows == 1)
}

/// Returns who is halfway through signing in, and what they showed; `None` when it is unknown or too old, or anything of
/// the user changed since.
pub fn find_step(
    tx: &mut Tx<'_>,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<(UserId, String)>> {
    let sql = "SELECT p.user_id, p.shown, p.epoch, u.epoch AS epoch_now
               FROM signin_step AS p
               JOIN app_user AS u ON u.user_id = p.user_id
               WHERE p.token_hash = $1 AND p.expires_at > $2 AND u.disabled_at IS NULL";
    let Some(row) = tx.query_one(sql, params![token_hash, now.0])? else { return Ok(None) };
    let is_same = i64::from(epoch(&row)?) == row.int("epoch_now")?;
    let found = (UserId::from(row.text("user_id")?), row.text("shown")?.to_owned());
    Ok(is_same.then_some(found))
}

/// Uses up being halfway. Of two at once, one goes on.
pub fn end_step(tx: &mut Tx<'_>, token_hash: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM signin_step WHERE token_hash = $1", params![token_hash])? == 1)
}

/// Forgets who is halfway for too long, and returns how many.
pub fn sweep_steps(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64> {
    Ok(tx.execute("DELETE FROM signin_step WHERE expires_at <= $1", params![now.0])?)
}
