//! Passkeys of users, and the challenges that devices have yet to answer.

use crate::Result;
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{Timestamp, UserId};

/// Keys that are listed of one user. Nobody has more devices.
const LISTED_MAX: u32 = 50;

/// A key. Its ids and its public half are base64url.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// What the device calls it.
    pub credential_id: String,
    /// Whom it signs in.
    pub user_id: UserId,
    /// What devices call the user.
    pub user_handle: String,
    /// What the user calls it.
    pub name: String,
    /// Its public half, COSE.
    pub public_key: String,
    /// How often it was used, as the device counts.
    pub counter: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

/// Adds a key. Returns whether it did: one that is known, be it somebody else's, stays as it is.
pub fn add_passkey(tx: &mut Tx<'_>, key: &Passkey) -> Result<bool> {
    let n_rows = tx.execute(
        "INSERT INTO passkey (credential_id, user_id, user_handle, name, public_key, counter, created_at, used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (credential_id) DO NOTHING",
        params![
            &key.credential_id,
            key.user_id.as_str(),
            &key.user_handle,
            &key.name,
            &key.public_key,
            key.counter,
            key.created_at.0,
            key.used_at.map(|at| at.0),
        ],
    )?;
    Ok(n_rows == 1)
}

/// Returns a key by what the device calls it.
pub fn find_passkey(tx: &mut Tx<'_>, credential_id: &str) -> Result<Option<Passkey>> {
    let sql =
        "SELECT credential_id, user_id, user_handle, name, public_key, counter, created_at, used_at
               FROM passkey
               WHERE credential_id = $1";
    tx.query_one(sql, params![credential_id])?.as_ref().map(passkey).transpose()
}

/// Returns the keys of a user, the oldest first.
pub fn passkeys_of(tx: &mut Tx<'_>, user_id: &UserId) -> Result<Vec<Passkey>> {
    let sql =
        "SELECT credential_id, user_id, user_handle, name, public_key, counter, created_at, used_at
               FROM passkey
               WHERE user_id = $1
               ORDER BY created_at, credential_id
               LIMIT $2";
    tx.query(sql, params![user_id.as_str(), LISTED_MAX])?.iter().map(passkey).collect()
}

/// Writes down that a key was used. Returns whether it did: of two uses with one count, one may.
pub fn use_passkey(
    tx: &mut Tx<'_>,
    key: &Passkey,
    (counter, now): (u32, Timestamp),
) -> Result<bool> {
    let sql =
        "UPDATE passkey SET counter = $3, used_at = $4 WHERE credential_id = $1 AND counter = $2";
    Ok(tx.execute(sql, params![&key.credential_id, key.counter, counter, now.0])? == 1)
}

/// Names a key of a user otherwise. Returns whether there is one.
pub fn rename_passkey(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    (credential_id, name): (&str, &str),
) -> Result<bool> {
    let sql = "UPDATE passkey SET name = $3 WHERE credential_id = $2 AND user_id = $1";
    Ok(tx.execute(sql, params![user_id.as_str(), credential_id, name])? == 1)
}

/// Forgets a key of a user. Returns whether there was one.
pub fn remove_passkey(tx: &mut Tx<'_>, user_id: &UserId, credential_id: &str) -> Result<bool> {
    let sql = "DELETE FROM passkey WHERE credential_id = $2 AND user_id = $1";
    Ok(tx.execute(sql, params![user_id.as_str(), credential_id])? == 1)
}

/// Forgets every key of a user, and returns how many.
pub fn remove_passkeys(tx: &mut Tx<'_>, user_id: &UserId) -> Result<u64> {
    Ok(tx.execute("DELETE FROM passkey WHERE user_id = $1", params![user_id.as_str()])?)
}

/// Returns who has a key, up to `limit` users.
pub fn with_passkey(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<UserId>> {
    let sql = "SELECT DISTINCT user_id FROM passkey ORDER BY user_id LIMIT $1";
    tx.query(sql, params![limit])?
        .iter()
        .map(|row| Ok(UserId::from(row.text("user_id")?)))
        .collect()
}

/// Keeps a challenge. `user_id` is who makes a new key; `None` for whoever signs in.
pub fn add_challenge(
    tx: &mut Tx<'_>,
    hash: &str,
    (user_id, expires_at): (Option<&UserId>, Timestamp),
) -> Result<()> {
    tx.execute(
        "INSERT INTO passkey_challenge (challenge_hash, user_id, expires_at) VALUES ($1, $2, $3)",
        params![hash, user_id.map_or("", UserId::as_str), expires_at.0],
    )?;
    Ok(())
}

/// Uses a challenge up. Returns whether it may be answered: by that user, and not too late. Of two answers at once, one counts.
pub fn use_challenge(
    tx: &mut Tx<'_>,
    hash: &str,
    (user_id, now): (Option<&UserId>, Timestamp),
) -> Result<bool> {
    let row = tx.query_one(
        "DELETE FROM passkey_challenge WHERE challenge_hash = $1 RETURNING user_id, expires_at",
        params![hash],
    )?;
    let Some(row) = row else { return Ok(false) };
    let is_theirs = row.text("user_id")? == user_id.map_or("", UserId::as_str);
    Ok(is_theirs && row.int("expires_at")? > now.0)
}

/// Forgets challenges that nobody answered, and returns how many.
pub fn sweep_challenges(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64> {
    Ok(tx.execute("DELETE FROM passkey_challenge WHERE expires_at <= $1", params![now.0])?)
}

fn passkey(row: &Row) -> Result<Passkey> {
    Ok(Passkey {
        credential_id: row.text("credential_id")?.to_owned(),
        user_id: UserId::from(row.text("user_id")?),
        user_handle: row.text("user_handle")?.to_owned(),
        name: row.text("name")?.to_owned(),
        public_key: row.text("public_key")?.to_owned(),
        counter: u32::try_from(row.int("counter")?).unwrap_or(u32::MAX),
        created_at: Timestamp(row.int("created_at")?),
        used_at: row.opt_int("used_at")?.map(Timestamp),
    })
}
