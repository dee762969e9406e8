//! Time-based one-time passwords: RFC 6238 with HMAC-SHA-1, six digits, steps of 30 seconds, as every authenticator app has it.
//!
//! Pure: secrets, codes and times are arguments. That a code serves once is the store's to keep.

use doorstep_vocab::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

/// Seconds of a step. Source: RFC 6238, 4.1, the recommended value.
const STEP_S: i64 = 30;
/// Digits of a code. Source: RFC 4226, 5.3.
const DIGITS: usize = 6;
/// Steps before and after now whose codes are taken, for clocks that differ. Source: trust.md 6.4, one.
const DRIFT: i64 = 1;
/// Bytes of a secret. Source: RFC 4226, 4, R6: 160 bits are recommended.
pub(super) const SECRET_BYTES: usize = 20;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Returns bytes in base 32 without padding, as authenticator apps take it. Source: RFC 4648, 6.
pub(super) fn base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut five = [0_u8; 5];
        five[..chunk.len()].copy_from_slice(chunk);
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let n_letters = (chunk.len() * 8).div_ceil(5);
        for at in 0..n_letters {
            let index = usize::try_from(bits >> (35 - 5 * at) & 31).unwrap_or(0);
            out.push(char::from(BASE32[index]));
        }
    }
    out
}

/// Reads base 32; `None` for anything else.
pub(super) fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut n_bits) = (Vec::new(), 0_u32, 0_u32);
    for letter in text.bytes() {
        let value = BASE32.iter().position(|known| *known == letter.to_ascii_uppercase())?;
        bits = bits << 5 | u32::try_from(value).ok()?;
        n_bits += 5;
        if n_bits >= 8 {
            n_bits -= 8;
            out.push(u8::try_from(bits >> n_bits & 0xff).ok()?);
        }
    }
    Some(out)
}

/// Returns what an authenticator app reads from a picture. Neither part may hold a colon.
pub(super) fn address(hub: &str, user: &str, secret: &str) -> String {
    let plain = |text: &str| -> String {
        text.bytes().fold(String::new(), |out, byte| {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                out + &char::from(byte).to_string()
            } else {
                out + &format!("%{byte:02X}")
            }
        })
    };
    let (hub, user) = (plain(&hub.replace(':', " ")), plain(user));
    format!(
        "otpauth://totp/{hub}:{user}?secret={secret}&issuer={hub}&algorithm=SHA1&digits=6&period=30"
    )
}

/// Returns the step whose code was typed: now, or one before or after. `None` when it is none of theirs.
pub(super) fn step_of(secret: &[u8], typed: &str, now: Timestamp) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let step = now.0.div_euclid(1_000_000).div_euclid(STEP_S);
    let mut found = None;
    // Each is compared, whichever it is, so that the time taken tells nothing.
    for step in step - DRIFT..=step + DRIFT {
        if bool::from(code(secret, step).as_bytes().ct_eq(typed.as_bytes())) {
            found = Some(step);
        }
    }
    found
}

/// Returns the code of a step. Source: RFC 4226, 5.3.
pub(super) fn code(secret: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest.last().copied().unwrap_or(0) & 15);
    let four = digest.iter().skip(at).take(4).fold(0_u32, |n, byte| n << 8 | u32::from(*byte));
    format!("{:0DIGITS$}", (four & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238, appendix B.
    const KEY: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }

    /// Source: RFC 6238, appendix B, the rows of SHA-1; of eight digits the last six.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (seconds, digits) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(KEY, seconds / STEP_S), digits, "{seconds}");
            assert_eq!(step_of(KEY, digits, at(seconds)), Some(seconds / STEP_S));
        }
    }

    #[test]
    fn a_code_of_the_step_before_or_after_is_taken_and_none_beyond() {
        let digits = code(KEY, 100);
        for (step, taken) in [(98, false), (99, true), (100, true), (101, true), (102, false)] {
            assert_eq!(step_of(KEY, &digits, at(step * STEP_S)).is_some(), taken, "{step}");
        }
        assert_eq!(
            step_of(KEY, &format!(" {} {}\n", &digits[..3], &digits[3..]), at(3000)),
            Some(100)
        );
        for wrong in ["", "0", "1234567", &digits[..5], "２８７０８２"] {
            assert_eq!(step_of(KEY, wrong, at(3000)), None, "{wrong}");
        }
        assert_eq!(step_of(b"another secret", &digits, at(3000)), None);
    }

    /// Source: RFC 4648, 10, without the padding.
    #[test]
    fn base_32_is_that_of_the_standard_and_read_back() {
        for (text, letters) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(text.as_bytes()), letters);
            assert_eq!(from_base32(letters).as_deref(), Some(text.as_bytes()));
            assert_eq!(from_base32(&letters.to_lowercase()).as_deref(), Some(text.as_bytes()));
        }
        for wrong in ["A1", "a b", "MY======", "é"] {
            assert_eq!(from_base32(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_is_told_of_the_hub_and_the_user() {
        assert_eq!(
            address("Hub: East & West", "ana@x", "MY"),
            "otpauth://totp/Hub%20%20East%20%26%20West:ana%40x?secret=MY\
             &issuer=Hub%20%20East%20%26%20West&algorithm=SHA1&digits=6&period=30"
        );
    }
}
