//! Users: who may sign in, their sessions, links, attempts and tokens.
//!
//! Not here: passwords and tokens themselves, only their hashes; how they are made and compared is the caller's.
//!
//! **Invariant:** a change of role, password or admission raises the user's epoch and so voids every session of before.

mod attempts;
mod identities;
mod links;
mod passkeys;
mod places;
mod second;
mod sessions;
mod tokens;

pub use attempts::{begin_attempt, failures_since, record_attempt, sweep_attempts};
pub use identities::{
    NewTrip, Trip, begin_trip, bind_identity, end_trip, find_identity, has_identity, lock_identity,
    sweep_trips, with_identity,
};
pub use links::{NewLink, create_link, end_links, use_link, void_links};
pub use passkeys::{
    Passkey, add_challenge, add_passkey, find_passkey, passkeys_of, remove_passkey,
    remove_passkeys, rename_passkey, sweep_challenges, use_challenge, use_passkey, with_passkey,
};
pub use places::{EndWhy, Place, count_places, end_places, places_of, why_ended};
pub use second::{
    NewStep, Totp, begin_step, begin_totp, confirm_totp, end_step, find_step, n_recovery_codes,
    remove_totp, set_recovery_codes, sweep_steps, totp_of, use_recovery_code, use_totp_step,
    with_totp,
};
pub use sessions::{
    Begun, IdleSince, Limits, NewSession, Renewed, Session, create_session, end_idle_sessions,
    end_session, find_session, had_session, has_run_out, kill_session, kill_sessions,
    renew_session, sweep_sessions, touch_session,
};
pub use tokens::{
    ApiToken, Holder, NewToken, create_token, find_token, revoke_token, revoke_tokens, tokens_of,
};

use crate::{Result, StoreError};
use doorstep_case::Role;
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{Timestamp, UserId};

/// A user.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// What is typed to sign in, lower case.
    pub user_id: UserId,
    /// The name that others see.
    pub name: String,
    /// What the user may do.
    pub role: Role,
    /// A PHC string; `None` when no password was set yet.
    pub password_hash: Option<String>,
    /// When the account was shut.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Rises with every change of role, password or admission.
    pub epoch: u32,
    /// The team whose cases are listed together.
    pub team: Option<String>,
    /// The direct number or extension that callers are given.
    pub phone: Option<String>,
}

/// Without the password's hash.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { user_id, role, epoch, .. } = self;
        write!(f, "User {{ {user_id}, {}, epoch {epoch} }}", role.name())
    }
}

/// Adds a user with epoch 1, unless there is one of that id. Returns whether it was added.
pub fn create(tx: &mut Tx<'_>, user: &User) -> Result<bool> {
    let n_rows = tx.execute(
        "INSERT INTO app_user (user_id, name, role, password_hash, disabled_at, created_at, epoch, team, phone)
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)
         ON CONFLICT (user_id) DO NOTHING",
        params![
            user.user_id.as_str(),
            &user.name,
            user.role.name(),
            user.password_hash.as_ref(),
            user.disabled_at.map(|at| at.0),
            user.created_at.0,
            user.team.as_ref(),
            user.phone.as_ref(),
        ],
    )?;
    Ok(n_rows == 1)
}

/// Returns a user, shut accounts too.
pub fn find(tx: &mut Tx<'_>, user_id: &UserId) -> Result<Option<User>> {
    let sql =
        "SELECT user_id, name, role, password_hash, disabled_at, created_at, epoch, team, phone
               FROM app_user
               WHERE user_id = $1";
    let row = tx.query_one(sql, params![user_id.as_str()])?;
    row.as_ref().map(user).transpose()
}

/// Returns up to `limit` users after one, by id, shut accounts too.
pub fn list(tx: &mut Tx<'_>, after: Option<&UserId>, limit: u32) -> Result<Vec<User>> {
    let sql =
        "SELECT user_id, name, role, password_hash, disabled_at, created_at, epoch, team, phone
               FROM app_user
               WHERE user_id > $1
               ORDER BY user_id
               LIMIT $2";
    let rows = tx.query(sql, params![after.map_or("", UserId::as_str), limit])?;
    rows.iter().map(user).collect()
}

/// Returns up to `limit` users who may be given cases, by id: agents and nurses whose account is not shut, of one team only where
/// one is named.
pub fn workers(tx: &mut Tx<'_>, team: Option<&str>, limit: u32) -> Result<Vec<User>> {
    let sql =
        "SELECT user_id, name, role, password_hash, disabled_at, created_at, epoch, team, phone
               FROM app_user
               WHERE role IN ('agent', 'nurse') AND disabled_at IS NULL AND ($1 = '' OR team = $1)
               ORDER BY user_id
               LIMIT $2";
    let rows = tx.query(sql, params![team.unwrap_or_default(), limit])?;
    rows.iter().map(user).collect()
}

/// Sets a password's hash and voids the sessions. Returns whether there is such a user.
pub fn set_password(tx: &mut Tx<'_>, user_id: &UserId, password_hash: &str) -> Result<bool> {
    let sql = "UPDATE app_user SET password_hash = $2, epoch = epoch + 1 WHERE user_id = $1";
    changed(tx, user_id, sql, params![user_id.as_str(), password_hash])
}

/// Forgets a password, and voids the sessions when there was one. Returns whether there was.
pub fn forget_password(tx: &mut Tx<'_>, user_id: &UserId) -> Result<bool> {
    let sql = "UPDATE app_user SET password_hash = NULL, epoch = epoch + 1
               WHERE user_id = $1 AND password_hash IS NOT NULL";
    let had_one = tx.execute(sql, params![user_id.as_str()])? == 1;
    if had_one {
        kill_sessions(tx, user_id)?;
    }
    Ok(had_one)
}

/// Sets the role and voids the sessions. Returns whether there is such a user.
pub fn set_role(tx: &mut Tx<'_>, user_id: &UserId, role: Role) -> Result<bool> {
    let sql = "UPDATE app_user SET role = $2, epoch = epoch + 1 WHERE user_id = $1";
    changed(tx, user_id, sql, params![user_id.as_str(), role.name()])
}

/// Sets the name that others see. Returns whether there is such a user.
pub fn set_name(tx: &mut Tx<'_>, user_id: &UserId, name: &str) -> Result<bool> {
    let sql = "UPDATE app_user SET name = $2 WHERE user_id = $1";
    Ok(tx.execute(sql, params![user_id.as_str(), name])? == 1)
}

/// Puts a user into a team, or into none. Their rights stay as they are. Returns whether there is such a user.
pub fn set_team(tx: &mut Tx<'_>, user_id: &UserId, team: Option<&str>) -> Result<bool> {
    let sql = "UPDATE app_user SET team = $2 WHERE user_id = $1";
    Ok(tx.execute(sql, params![user_id.as_str(), team])? == 1)
}

/// Sets the number that callers are given, or none. Returns whether there is such a user.
pub fn set_phone(tx: &mut Tx<'_>, user_id: &UserId, phone: Option<&str>) -> Result<bool> {
    let sql = "UPDATE app_user SET phone = $2 WHERE user_id = $1";
    Ok(tx.execute(sql, params![user_id.as_str(), phone])? == 1)
}

/// Sets the language that a user reads in, a tag such as `es`, or leaves it to the browser. Returns whether there is such
/// a user.
pub fn set_language(tx: &mut Tx<'_>, user_id: &UserId, tag: Option<&str>) -> Result<bool> {
    let sql = "UPDATE app_user SET language = $2 WHERE user_id = $1";
    Ok(tx.execute(sql, params![user_id.as_str(), tag])? == 1)
}

/// Shuts an account, or opens it again with `None`, and voids the sessions. Returns whether there is such a user.
pub fn set_disabled(tx: &mut Tx<'_>, user_id: &UserId, at: Option<Timestamp>) -> Result<bool> {
    if at.is_some() {
        // A link that was made before would still let them in, once they are readmitted.
        void_links(tx, user_id)?;
    }
    let sql = "UPDATE app_user SET disabled_at = $2, epoch = epoch + 1 WHERE user_id = $1";
    changed(tx, user_id, sql, params![user_id.as_str(), at.map(|at| at.0)])
}

/// Voids the sessions of a user. Returns whether there is such a user.
pub fn void_sessions(tx: &mut Tx<'_>, user_id: &UserId) -> Result<bool> {
    let sql = "UPDATE app_user SET epoch = epoch + 1 WHERE user_id = $1";
    changed(tx, user_id, sql, params![user_id.as_str()])
}

fn changed(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    sql: &str,
    values: &[doorstep_db::Value],
) -> Result<bool> {
    let is_known = tx.execute(sql, values)? == 1;
    kill_sessions(tx, user_id)?;
    Ok(is_known)
}

/// Returns whether anybody may sign in at all: before the first user, setting up is open to the console.
pub fn is_empty(tx: &mut Tx<'_>) -> Result<bool> {
    let sql = "SELECT user_id FROM app_user ORDER BY user_id LIMIT 1";
    Ok(tx.query_one(sql, params![])?.is_none())
}

fn user(row: &Row) -> Result<User> {
    Ok(User {
        user_id: UserId::from(row.text("user_id")?),
        name: row.text("name")?.to_owned(),
        role: role(row)?,
        password_hash: row.opt_text("password_hash")?.map(str::to_owned),
        disabled_at: row.opt_int("disabled_at")?.map(Timestamp),
        created_at: Timestamp(row.int("created_at")?),
        epoch: epoch(row)?,
        team: row.opt_text("team")?.map(str::to_owned),
        phone: row.opt_text("phone")?.map(str::to_owned),
    })
}

pub(crate) fn role(row: &Row) -> Result<Role> {
    Role::parse(row.text("role")?).ok_or(StoreError::Decode { what: "app_user.role" })
}

fn epoch(row: &Row) -> Result<u32> {
    u32::try_from(row.int("epoch")?).map_err(|_| StoreError::Decode { what: "app_user.epoch" })
}
