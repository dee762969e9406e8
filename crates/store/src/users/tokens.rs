//! Tokens that programs show instead of signing in.

use super::role;
use crate::Result;
use doorstep_case::Role;
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{Timestamp, UserId};

/// A user shows so many tokens at most.
const TOKENS_MAX: u32 = 1000;

/// A token to make.
#[derive(Clone)]
pub struct NewToken<'a> {
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: &'a str,
    /// As whom it acts.
    pub user_id: &'a UserId,
    /// What it is for.
    pub label: &'a str,
    /// When it is made.
    pub now: Timestamp,
}

/// A token as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: String,
    /// What it is for.
    pub label: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was withdrawn.
    pub revoked_at: Option<Timestamp>,
}

/// As whom a token acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The user.
    pub user_id: UserId,
    /// The user's role now.
    pub role: Role,
    /// What the token is for.
    pub label: String,
}

/// Makes a token.
pub fn create_token(tx: &mut Tx<'_>, token: &NewToken<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO api_token (token_hash, user_id, label, created_at) VALUES ($1, $2, $3, $4)",
        params![token.token_hash, token.user_id.as_str(), token.label, token.now.0],
    )?;
    Ok(())
}

/// Returns as whom a token acts; `None` when it is unknown or withdrawn, or its user's account is shut.
pub fn find_token(tx: &mut Tx<'_>, token_hash: &str) -> Result<Option<Holder>> {
    let sql = "SELECT t.user_id, t.label, u.role
               FROM api_token AS t
               JOIN app_user AS u ON u.user_id = t.user_id
               WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND u.disabled_at IS NULL";
    let Some(row) = tx.query_one(sql, params![token_hash])? else { return Ok(None) };
    Ok(Some(Holder {
        user_id: UserId::from(row.text("user_id")?),
        role: role(&row)?,
        label: row.text("label")?.to_owned(),
    }))
}

/// Withdraws a token. Returns whether it worked until now.
pub fn revoke_token(tx: &mut Tx<'_>, token_hash: &str, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE api_token SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL";
    Ok(tx.execute(sql, params![token_hash, now.0])? == 1)
}

/// Withdraws every token of a user, and returns how many worked until now.
pub fn revoke_tokens(tx: &mut Tx<'_>, user_id: &UserId, now: Timestamp) -> Result<u64> {
    let sql = "UPDATE api_token SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL";
    Ok(tx.execute(sql, params![user_id.as_str(), now.0])?)
}

/// Returns the tokens of a user, the oldest first, withdrawn ones too.
pub fn tokens_of(tx: &mut Tx<'_>, user_id: &UserId) -> Result<Vec<ApiToken>> {
    let sql = "SELECT token_hash, label, created_at, revoked_at
               FROM api_token
               WHERE user_id = $1
               ORDER BY created_at, token_hash
               LIMIT $2";
    tx.query(sql, params![user_id.as_str(), TOKENS_MAX])?.iter().map(token).collect()
}

fn token(row: &Row) -> Result<ApiToken> {
    Ok(ApiToken {
        token_hash: row.text("token_hash")?.to_owned(),
        label: row.text("label")?.to_owned(),
        created_at: Timestamp(row.int("created_at")?),
        revoked_at: row.opt_int("revoked_at")?.map(Timestamp),
    })
}
