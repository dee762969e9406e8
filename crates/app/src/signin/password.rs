//! Passwords: long, and not among those that are guessed first; hashed by argon2id.

use super::easy::is_easy;
use crate::{Error, Result};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

/// Characters at least, when the password stands alone. Source: NIST SP 800-63B-4 by trust.md 2.3.
pub const PASSWORD_LENGTH_MIN: usize = 15;
/// Characters at most: enough for any phrase, too few to make hashing a burden.
pub const PASSWORD_LENGTH_MAX: usize = 128;

/// Memory in KiB, passes, lanes. Source: trust.md 2.2 (ASVS 11.4.2), argon2id with at least 19 MiB and two passes, [K].
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

fn hasher() -> Argon2<'static> {
    let params =
        Params::new(COST.0, COST.1, COST.2, None).expect("the cost is within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password that is long enough and not one that is guessed first. `names` are the user's own.
pub(super) fn hash(password: &str, names: &[&str]) -> Result<String> {
    let length = password.chars().count();
    if !(PASSWORD_LENGTH_MIN..=PASSWORD_LENGTH_MAX).contains(&length) {
        let words = format!(
            "a password has {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters: a short sentence does well"
        );
        return Err(Error::bad("password-length", words));
    }
    if is_easy(password, names) {
        let words = "the password is too easy to guess: leave out your name, words that many use, and rows of keys";
        return Err(Error::bad("password-easy", words));
    }
    let hash = hasher().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| Error::Broken(error.to_string().into()))?.to_string())
}

/// Returns whether the password is the one hashed. Without a hash it works as long and says no.
pub(super) fn verify(hash: Option<&str>, password: &str) -> bool {
    if let Some(known) = hash.and_then(|hash| argon2::PasswordHash::new(hash).ok()) {
        return hasher().verify_password(password.as_bytes(), &known).is_ok();
    }
    // As much work as for a name that somebody has, so that the time does not tell them apart.
    let mut out = [0; 32];
    let salt = b"no such user, as long";
    let worked = hasher().hash_password_into(password.as_bytes(), salt, &mut out);
    std::hint::black_box((worked.is_ok(), out));
    false
}
