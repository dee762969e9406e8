//! Escape sequences, both ways. Text goes out so that it reads back the same; text that comes in with sequences
//! we do not know keeps them as they stand. The work and the result are bounded by the length of the input.

use std::borrow::Cow;

use crate::limits::ESCAPE_BYTES_MAX;
use crate::separators::Separators;

/// Lines or spaces one formatting command may add.
const FILL_MAX: usize = 20;

/// Returns the text with its escape sequences resolved. NUL is dropped: no database takes it.
pub fn unescape(text: &str, separators: Separators) -> Cow<'_, str> {
    let is_plain = |byte: &u8| *byte != 0 && Some(*byte) != separators.escape;
    if text.as_bytes().iter().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let Some(escape) = separators.escape else { return without_nul(text) };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = memchr::memchr(escape, rest.as_bytes()) {
        out.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        let window = &after.as_bytes()[..after.len().min(ESCAPE_BYTES_MAX)];
        let resolved = memchr::memchr(escape, window)
            .and_then(|end| resolve(&after[..end], separators).map(|text| (text, end)));
        if let Some((text, end)) = resolved {
            out.push_str(&text);
            rest = &after[end + 1..];
        } else {
            out.push(char::from(escape));
            rest = after;
        }
    }
    out.push_str(rest);
    Cow::Owned(without_nul(&out).into_owned())
}

fn without_nul(text: &str) -> Cow<'_, str> {
    if memchr::memchr(0, text.as_bytes()).is_some() {
        Cow::Owned(text.replace('\0', ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns what stands for one sequence, given without its escape characters.
fn resolve(sequence: &str, separators: Separators) -> Option<Cow<'static, str>> {
    let sign = |byte: u8| Some(Cow::Owned(char::from(byte).to_string()));
    match sequence.as_bytes() {
        b"F" => sign(separators.field),
        b"S" => sign(separators.component),
        b"T" => sign(separators.subcomponent),
        b"R" => sign(separators.repetition),
        b"E" => separators.escape.and_then(sign),
        b"P" => sign(separators.truncation.unwrap_or(b'#')),
        // Start and end of highlighting: nothing to show.
        b"H" | b"N" => Some(Cow::Borrowed("")),
        [b'X', hex @ ..] => from_hex(hex).map(|bytes| Cow::Owned(text_of(bytes))),
        [b'.', _, ..] => formatting(&sequence[1..]),
        _ => None,
    }
}

/// Resolves the formatting commands of FT fields.
fn formatting(command: &str) -> Option<Cow<'static, str>> {
    let (name, count) = command.split_at_checked(2)?;
    let n = count.trim_start_matches('+').parse::<usize>().unwrap_or(1).min(FILL_MAX);
    match name {
        "br" | "ce" => Some(Cow::Borrowed("\n")),
        "sp" => Some(Cow::Owned("\n".repeat(n))),
        "sk" => Some(Cow::Owned(" ".repeat(n))),
        "in" | "ti" | "fi" | "nf" => Some(Cow::Borrowed("")),
        _ => None,
    }
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|e| e.into_bytes().into_iter().map(char::from).collect())
}

/// Reads pairs of hexadecimal digits.
pub(crate) fn from_hex(hex: &[u8]) -> Option<Vec<u8>> {
    if hex.is_empty() || !hex.len().is_multiple_of(2) {
        return None;
    }
    hex.chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Returns the text so that it can stand in a field. A sender without an escape character gets spaces for separators.
pub fn escape(text: &str, separators: Separators) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match sequence_for(c, separators) {
            None => out.push(c),
            Some(sequence) => match separators.escape {
                Some(sign) => {
                    out.push(char::from(sign));
                    out.push_str(sequence);
                    out.push(char::from(sign));
                }
                None => out.push(' '),
            },
        }
    }
    out
}

fn sequence_for(c: char, separators: Separators) -> Option<&'static str> {
    let byte = u8::try_from(c).ok().filter(u8::is_ascii)?;
    match byte {
        b if b == separators.field => Some("F"),
        b if b == separators.component => Some("S"),
        b if b == separators.subcomponent => Some("T"),
        b if b == separators.repetition => Some("R"),
        b if Some(b) == separators.escape => Some("E"),
        b if Some(b) == separators.truncation => Some("P"),
        b'\n' => Some(".br"),
        b'\r' => Some("X0D"),
        0x0B => Some("X0B"),
        0x1C => Some("X1C"),
        _ => None,
    }
}
