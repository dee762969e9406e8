//! An authenticator app of the test's own: RFC 6238 as a telephone does it, from the secret as it is typed.

use doorstep_vocab::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// Returns the six digits that the app shows.
pub fn shows(secret: &str, now: Timestamp) -> String {
    let letters = secret.chars().filter(|c| !c.is_whitespace());
    let values = letters.map(|c| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap());
    let bits: Vec<u8> = values
        .flat_map(|value| (0..5).rev().map(move |at| u8::from(value >> at & 1 == 1)))
        .collect();
    let bytes = bits.chunks_exact(8);
    let key: Vec<u8> = bytes.map(|byte| byte.iter().fold(0, |n, bit| n << 1 | bit)).collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&(now.0 / 30_000_000).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] % 16);
    let number = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) % (1 << 31);
    format!("{:06}", number % 1_000_000)
}
