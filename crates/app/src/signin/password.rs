//! Passwords: long, and not among those that are guessed first; hashed by argon2id.

use super::easy::is_easy;
use crate::{Error, Result};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::{Condvar, LazyLock, Mutex, PoisonError};

/// Characters at least, when the password stands alone. Source: NIST SP 800-63B-4 by trust.md 2.3.
pub const PASSWORD_LENGTH_MIN: usize = 15;
/// Characters at most: enough for any phrase, too few to make hashing a burden.
pub const PASSWORD_LENGTH_MAX: usize = 128;

/// Memory in KiB, passes, lanes. Source: trust.md 2.2 (ASVS 11.4.2), argon2id with at least 19 MiB and two passes, \[K\].
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
    let _place = Place::take();
    let hash = hasher().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| Error::Broken(error.to_string().into()))?.to_string())
}

/// A hash of nobody's password, by the same cost as all others: what is verified for a name that nobody has.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    let hash = hasher().hash_password(b"nobody signs in with this");
    hash.expect("the cost is within argon2's bounds, and chance is there").to_string()
});

/// Returns whether the password is the one hashed. Without a hash it works as long and says no.
pub(super) fn verify(hash: Option<&str>, password: &str) -> bool {
    let known = argon2::PasswordHash::new(hash.unwrap_or(&NOBODYS));
    let _place = Place::take();
    let is_right =
        known.is_ok_and(|known| hasher().verify_password(password.as_bytes(), &known).is_ok());
    hash.is_some() && is_right
}

/// Hashes that are computed at once: each takes 19 MiB and a processor, and whoever tries many shall not take them all.
const AT_ONCE: usize = 4;

static TAKEN: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

/// One of the places at which a hash is computed; given back when it is dropped.
struct Place;

impl Place {
    fn take() -> Self {
        let (taken, free) = &TAKEN;
        let taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = free
            .wait_while(taken, |taken| *taken >= AT_ONCE)
            .unwrap_or_else(PoisonError::into_inner);
        *taken += 1;
        Self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *TAKEN.0.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        TAKEN.1.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASE: &str = "a phrase that nobody uses";

    #[test]
    fn a_hash_says_by_what_cost_it_was_made() {
        for hash in [hash(PHRASE, &["ana"]).unwrap(), NOBODYS.clone()] {
            assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        }
    }

    #[test]
    fn only_the_password_itself_is_right_and_nobody_has_one() {
        let known = hash(PHRASE, &["ana"]).unwrap();
        assert!(verify(Some(&known), PHRASE));
        assert!(!verify(Some(&known), "another phrase that nobody uses"));
        assert!(!verify(Some("no hash"), PHRASE));
        assert!(!verify(None, PHRASE) && !verify(None, "nobody signs in with this"));
    }

    #[test]
    fn passwords_are_long_enough_and_not_easy() {
        for easy in ["too short", "aaaaaaaaaaaaaaaaaaaa", &"long ".repeat(40)] {
            assert!(hash(easy, &["ana"]).is_err(), "{easy}");
        }
    }

    #[test]
    fn long_passwords_are_taken_whole() {
        let of = |length: usize| -> String {
            let words = "ferries leave quietly beneath nine umbrellas and no gulls complain; ";
            words.chars().cycle().take(length).collect()
        };
        for length in [64, 65, 100, PASSWORD_LENGTH_MAX] {
            let known = hash(&of(length), &["ana"]).unwrap();
            assert!(verify(Some(&known), &of(length)), "{length}");
            // Nothing of it is cut off: one character less or another at the end is another password.
            assert!(!verify(Some(&known), &of(length - 1)), "{length}");
            assert!(!verify(Some(&known), &(of(length - 1) + "%")), "{length}");
        }
        assert!(hash(&of(PASSWORD_LENGTH_MAX + 1), &["ana"]).is_err());
    }

    /// The quickest of several, taken in turns: whatever else the machine does can only make one slower.
    #[test]
    fn a_name_that_nobody_has_takes_as_much_work() {
        let known = hash(PHRASE, &["ana"]).unwrap();
        let time = |hash: Option<&str>| {
            let began = std::time::Instant::now();
            verify(hash, "wrong");
            began.elapsed().as_secs_f64()
        };
        verify(None, "warm");
        let (mut nobody, mut somebody) = (f64::MAX, f64::MAX);
        for _ in 0..15 {
            nobody = nobody.min(time(None));
            somebody = somebody.min(time(Some(&known)));
        }
        let ratio = nobody / somebody;
        assert!((0.5..2.0).contains(&ratio), "{ratio}");
    }
}
