//! Bytes by their content: what came in, what went out, documents. The same bytes are kept once and never changed.

use crate::{Result, Scope, StoreError};
use doorstep_db::{Tx, params};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Returns the SHA-256 of bytes, in hexadecimal: what they are kept under.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all that is written");
        text
    })
}

/// Keeps bytes and returns their hash.
pub fn put(tx: &mut Tx<'_>, bytes: &[u8]) -> Result<String> {
    let hash = hash(bytes);
    tx.execute(
        "INSERT INTO blob (hash, size, bytes) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
        params![&hash, bytes.len(), bytes],
    )?;
    Ok(hash)
}

/// Returns the bytes of a hash.
///
/// # Errors
/// `Decode` when they are not the bytes that were kept.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, hash: &str) -> Result<Option<Vec<u8>>> {
    if !scope.sees_cases() {
        return Ok(None);
    }
    let row = tx.query_one("SELECT bytes FROM blob WHERE hash = $1", params![hash])?;
    let Some(row) = row else { return Ok(None) };
    let bytes = row.bytes("bytes")?;
    if self::hash(bytes) == hash {
        Ok(Some(bytes.to_vec()))
    } else {
        Err(StoreError::Decode { what: "blob.bytes" })
    }
}
