//! Links that sign a user in once.

use crate::Result;
use doorstep_db::{Tx, params};
use doorstep_vocab::{Timestamp, UserId};

/// A link to make.
#[derive(Clone)]
pub struct NewLink<'a> {
    /// SHA-256 of the link's token, hexadecimal.
    pub token_hash: &'a str,
    /// Whom it signs in.
    pub user_id: &'a UserId,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// Makes a link. Earlier links of the user that were not used stop working.
pub fn create_link(tx: &mut Tx<'_>, link: &NewLink<'_>) -> Result<()> {
    void_links(tx, link.user_id)?;
    tx.execute(
        "INSERT INTO signin_link (token_hash, user_id, expires_at) VALUES ($1, $2, $3)",
        params![link.token_hash, link.user_id.as_str(), link.expires_at.0],
    )?;
    Ok(())
}

/// Forgets the links of a user that were not used.
pub fn void_links(tx: &mut Tx<'_>, user_id: &UserId) -> Result<()> {
    let sql = "DELETE FROM signin_link WHERE user_id = $1 AND used_at IS NULL";
    tx.execute(sql, params![user_id.as_str()])?;
    Ok(())
}

/// Uses a link up and returns whom it signs in; `None` when it is unknown, used or too old. Of two who use it at once,
/// one is signed in.
pub fn use_link(tx: &mut Tx<'_>, token_hash: &str, now: Timestamp) -> Result<Option<UserId>> {
    let row = tx.query_one(
        "UPDATE signin_link
         SET used_at = $2
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
         RETURNING user_id",
        params![token_hash, now.0],
    )?;
    if row.is_none() {
        // One that is too old is used up as well, so that a clock that is set back revives none.
        let sql = "UPDATE signin_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL";
        tx.execute(sql, params![token_hash, now.0])?;
    }
    Ok(row.map(|row| row.text("user_id").map(UserId::from)).transpose()?)
}

/// Uses up every link that is too old, whether or not anybody follows it, and returns how many.
pub fn end_links(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64> {
    let sql = "UPDATE signin_link SET used_at = $1 WHERE used_at IS NULL AND expires_at <= $1";
    Ok(tx.execute(sql, params![now.0])?)
}
