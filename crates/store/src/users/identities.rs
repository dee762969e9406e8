//! Users of the identity provider of the organisation, and browsers that are on the way there and back.

use crate::{Result, matching};
use doorstep_db::{Tx, params};
use doorstep_vocab::{Timestamp, UserId};

/// A browser to send.
#[derive(Debug, Clone, Copy)]
pub struct NewTrip<'a> {
    /// SHA-256 of the state, hexadecimal.
    pub state_hash: &'a str,
    /// SHA-256 of the secret in the browser's cookie, hexadecimal.
    pub browser_hash: &'a str,
    /// Where it goes on to.
    pub next_path: &'a str,
    /// Whether the person has to show their proof again.
    pub is_fresh: bool,
    /// Until when it may come back.
    pub expires_at: Timestamp,
}

/// A browser that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trip {
    /// SHA-256 of the secret in the browser's cookie, hexadecimal.
    pub browser_hash: String,
    /// Where it goes on to.
    pub next_path: String,
    /// Whether the person had to show their proof again.
    pub is_fresh: bool,
}

/// Keeps that a browser was sent.
pub fn begin_trip(tx: &mut Tx<'_>, trip: &NewTrip<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO identity_trip (state_hash, browser_hash, next_path, is_fresh, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        params![
            trip.state_hash,
            trip.browser_hash,
            trip.next_path,
            trip.is_fresh,
            trip.expires_at.0
        ],
    )?;
    Ok(())
}

/// Ends a trip, and returns it when it was not too late. Of two that come back with one state, one did.
pub fn end_trip(tx: &mut Tx<'_>, state_hash: &str, now: Timestamp) -> Result<Option<Trip>> {
    let row = tx.query_one(
        "DELETE FROM identity_trip
         WHERE state_hash = $1
         RETURNING browser_hash, next_path, is_fresh, expires_at",
        params![state_hash],
    )?;
    let Some(row) = row else { return Ok(None) };
    if row.int("expires_at")? <= now.0 {
        return Ok(None);
    }
    Ok(Some(Trip {
        browser_hash: row.text("browser_hash")?.to_owned(),
        next_path: row.text("next_path")?.to_owned(),
        is_fresh: row.int("is_fresh")? == 1,
    }))
}

/// Forgets trips from which nobody came back, and returns how many.
pub fn sweep_trips(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64> {
    Ok(tx.execute("DELETE FROM identity_trip WHERE expires_at <= $1", params![now.0])?)
}

/// Waits for whoever signs the same subject in, or makes a user of one, at this moment: of two first sign-ins of one person
/// one makes the user, and of two people of one name each gets their own.
///
/// # Panics
/// When a statement was run before.
pub fn lock_identity(tx: &mut Tx<'_>, issuer: &str) -> Result<()> {
    matching::lock(tx, &[format!("identity/{issuer}")])
}

/// Returns whom a provider means by a subject.
pub fn find_identity(tx: &mut Tx<'_>, (issuer, subject): (&str, &str)) -> Result<Option<UserId>> {
    let sql = "SELECT user_id FROM identity WHERE issuer = $1 AND subject = $2";
    let row = tx.query_one(sql, params![issuer, subject])?;
    row.map(|row| Ok(UserId::from(row.text("user_id")?))).transpose()
}

/// Keeps whom a provider means by a subject.
pub fn bind_identity(
    tx: &mut Tx<'_>,
    (issuer, subject): (&str, &str),
    (user_id, now): (&UserId, Timestamp),
) -> Result<()> {
    tx.execute(
        "INSERT INTO identity (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)",
        params![issuer, subject, user_id.as_str(), now.0],
    )?;
    Ok(())
}

/// Returns whether a user signs in at a provider, whichever.
pub fn has_identity(tx: &mut Tx<'_>, user_id: &UserId) -> Result<bool> {
    let sql = "SELECT user_id FROM identity WHERE user_id = $1 ORDER BY issuer, subject LIMIT 1";
    Ok(tx.query_one(sql, params![user_id.as_str()])?.is_some())
}

/// Returns who signs in at a provider, up to `limit` users.
pub fn with_identity(tx: &mut Tx<'_>, issuer: &str, limit: u32) -> Result<Vec<UserId>> {
    let sql = "SELECT user_id FROM identity WHERE issuer = $1 ORDER BY user_id LIMIT $2";
    tx.query(sql, params![issuer, limit])?
        .iter()
        .map(|row| Ok(UserId::from(row.text("user_id")?)))
        .collect()
}
