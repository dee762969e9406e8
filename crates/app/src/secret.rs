//! Randomness and digests: made here, at the edge, and handed to decisions as ids.

use doorstep_vocab::Timestamp;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A secret that is shown once and stored only as its digest. Prints as `‹token›`.
pub struct Token(String);

impl Token {
    /// Returns the secret, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns what is stored of it.
    pub fn digest(&self) -> String {
        digest(self.0.as_bytes())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹token›")
    }
}

/// Makes a secret of 256 random bits.
pub fn token() -> Token {
    Token(hex(&random::<32>()))
}

/// Returns the SHA-256 of `bytes` in lower-case hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Makes an id that sorts by time: 48 bits of milliseconds, then 80 random ones.
pub(crate) fn sortable_id(now: Timestamp) -> String {
    let millis = now.0.div_euclid(1000).unsigned_abs() & 0xffff_ffff_ffff;
    format!("{millis:012x}{}", hex(&random::<10>()))
}

/// Makes an id for a request, told to people who report a fault.
pub(crate) fn short_id() -> String {
    hex(&random::<6>())
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .expect("the system's random source answers, or the program may not run");
    bytes
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(out, "{byte:02x}").expect("writing to a string does not fail");
    }
    out
}
