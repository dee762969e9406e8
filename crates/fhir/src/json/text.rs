//! Strings: borrowed when they hold no escape, else rewritten.

use super::parse::Stop;
use crate::problem::Code;
use std::borrow::Cow;

type Read<T> = Result<T, Stop>;

/// Reads the string whose opening quote is at `start`; returns it and the byte after its closing quote.
pub(super) fn read(source: &str, start: usize) -> Read<(Cow<'_, str>, usize)> {
    let bytes = source.as_bytes();
    let end = plain_end(bytes, start + 1);
    match bytes.get(end) {
        Some(b'"') => Ok((Cow::Borrowed(&source[start + 1..end]), end + 1)),
        Some(b'\\') => escaped(source, start + 1, end),
        other => Err(broken(end, other)),
    }
}

/// Returns the first byte from `at` that is a quote, a backslash, or not allowed in a string.
fn plain_end(bytes: &[u8], at: usize) -> usize {
    let length = bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
    length.map_or(bytes.len(), |length| at + length)
}

fn broken(at: usize, byte: Option<&u8>) -> Stop {
    match byte {
        Some(_) => Stop::new(
            Code::BadText,
            at,
            "a control character stands in a string: write it as an escape",
        ),
        None => Stop::new(Code::NotJson, at, "the document ends inside a string"),
    }
}

fn escaped(source: &str, start: usize, first: usize) -> Read<(Cow<'_, str>, usize)> {
    let bytes = source.as_bytes();
    let mut text = String::with_capacity(first - start + 16);
    text.push_str(&source[start..first]);
    let mut at = first;
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok((Cow::Owned(text), at + 1)),
            Some(b'\\') => {
                let (letter, next) = escape(bytes, at)?;
                text.push(letter);
                let end = plain_end(bytes, next);
                text.push_str(&source[next..end]);
                at = end;
            }
            other => return Err(broken(at, other)),
        }
    }
}

/// Reads the escape whose backslash is at `at`.
fn escape(bytes: &[u8], at: usize) -> Read<(char, usize)> {
    let letter = match bytes.get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(bytes, at),
        _ => return Err(Stop::new(Code::NotJson, at, "an unknown escape stands in a string")),
    };
    Ok((letter, at + 2))
}

/// Reads `\uXXXX`, or two of them that form a pair.
fn unicode(bytes: &[u8], at: usize) -> Read<(char, usize)> {
    let half = || Stop::new(Code::BadText, at, "half of a surrogate pair stands alone in a string");
    let high = four_hex(bytes, at)?;
    if !(0xd800..0xe000).contains(&high) {
        return char::from_u32(high).map(|letter| (letter, at + 6)).ok_or_else(half);
    }
    if high >= 0xdc00 || bytes.get(at + 6..at + 8) != Some(b"\\u") {
        return Err(half());
    }
    let low = four_hex(bytes, at + 6)?;
    if !(0xdc00..0xe000).contains(&low) {
        return Err(half());
    }
    let scalar = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    char::from_u32(scalar).map(|letter| (letter, at + 12)).ok_or_else(half)
}

fn four_hex(bytes: &[u8], at: usize) -> Read<u32> {
    let wrong = || Stop::new(Code::NotJson, at, "four hexadecimal digits were expected after \\u");
    let digits = bytes.get(at + 2..at + 6).ok_or_else(wrong)?;
    digits.iter().try_fold(0, |sum, byte| {
        let digit = char::from(*byte).to_digit(16).ok_or_else(wrong)?;
        Ok(sum * 16 + digit)
    })
}
