//! Randomness and digests: made here, at the edge, and handed to decisions as ids.

use doorstep_vocab::Timestamp;
use sha2::{Digest as _, Sha256};

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

/// Where chance comes from: fills the bytes that it is given.
pub type Chance = dyn Fn(&mut [u8]) + Send + Sync;

/// Fills bytes from the system's random source.
pub(crate) fn of_the_system(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the system's random source answers, or the program may not run");
}

/// Makes a secret of 256 random bits, for what stands outside of any [`App`](crate::App).
pub fn token() -> Token {
    token_of(&of_the_system)
}

pub(crate) fn token_of(chance: &Chance) -> Token {
    Token(hex(&drawn::<32>(chance)))
}

/// Returns the SHA-256 of `bytes` in lower-case hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Makes an id that sorts by time: 48 bits of milliseconds, then 80 random ones.
pub(crate) fn sortable_id(now: Timestamp, chance: &Chance) -> String {
    let millis = now.0.div_euclid(1000).unsigned_abs() & 0xffff_ffff_ffff;
    format!("{millis:012x}{}", hex(&drawn::<10>(chance)))
}

/// Makes an id for a request, told to people who report a fault.
pub(crate) fn short_id(chance: &Chance) -> String {
    hex(&drawn::<6>(chance))
}

pub(crate) fn drawn<const N: usize>(chance: &Chance) -> [u8; N] {
    let mut bytes = [0; N];
    chance(&mut bytes);
    bytes
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
}
