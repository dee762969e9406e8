//! MSH-18: from the sender's bytes to text. What the bytes are counts for more than what the header says they are.

use std::borrow::Cow;

/// What the text of a message turned out to be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// Nothing above 127.
    Ascii,
    /// UTF-8, valid throughout.
    Utf8,
    /// ISO 8859-1, with the printable extras Windows puts between 128 and 159.
    Latin1,
    /// Said or taken to be UTF-8, but some bytes had to be replaced.
    Damaged,
}

/// Returns the text and what it was written in. Every line break stays where it was.
pub(crate) fn decode<'b>(bytes: &'b [u8], declared: &str) -> (Cow<'b, str>, Charset) {
    if bytes.is_ascii() {
        return (String::from_utf8_lossy(bytes), Charset::Ascii);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), Charset::Utf8);
    }
    if is_single_byte(declared) {
        let text = bytes.iter().map(|b| from_windows(*b)).collect();
        return (Cow::Owned(text), Charset::Latin1);
    }
    (String::from_utf8_lossy(bytes), Charset::Damaged)
}

/// Nothing declared, or ASCII, with bytes that are not UTF-8: Latin-1 is what such senders mean.
fn is_single_byte(declared: &str) -> bool {
    let plain: String = declared.chars().filter(char::is_ascii_alphanumeric).collect();
    matches!(
        plain.to_ascii_uppercase().as_str(),
        "" | "ASCII" | "88591" | "ISO88591" | "885915" | "LATIN1" | "CP1252" | "WINDOWS1252"
    )
}

/// The characters of bytes 0x80 to 0x9F in Windows code page 1252; NUL where it has none.
const WINDOWS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', //
    '\0', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

fn from_windows(byte: u8) -> char {
    match byte {
        0x80..=0x9F => match WINDOWS[usize::from(byte - 0x80)] {
            '\0' => char::from(byte),
            known => known,
        },
        other => char::from(other),
    }
}
