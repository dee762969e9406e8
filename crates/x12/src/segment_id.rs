//! The name of a segment as a place carries it: eight characters at most, without an allocation, since every loop and every
//! name has a place and hardly any is ever told.

use std::fmt;
use std::ops::Deref;

/// Characters that are kept; those of X12 have two or three.
const CHARACTERS_MAX: usize = 8;

/// A character of a byte takes two bytes of UTF-8 at most.
const BYTES_MAX: usize = 2 * CHARACTERS_MAX;

/// The id of a segment as sent, cut after eight characters. Empty when no segment is meant.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct SegmentId {
    utf8: [u8; BYTES_MAX],
    n_bytes: u8,
}

impl SegmentId {
    /// Returns it as text.
    pub fn as_str(&self) -> &str {
        let utf8 = self.utf8.get(..usize::from(self.n_bytes)).unwrap_or_default();
        std::str::from_utf8(utf8).unwrap_or_default()
    }
}

impl From<&str> for SegmentId {
    fn from(text: &str) -> Self {
        let mut id = Self::default();
        for character in text.chars().take(CHARACTERS_MAX) {
            let end = usize::from(id.n_bytes) + character.len_utf8();
            let Some(place) = id.utf8.get_mut(usize::from(id.n_bytes)..end) else { return id };
            character.encode_utf8(place);
            id.n_bytes += u8::try_from(character.len_utf8()).unwrap_or(0);
        }
        id
    }
}

impl Deref for SegmentId {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for SegmentId {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for SegmentId {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::SegmentId;

    #[test]
    fn eight_characters_are_kept_whatever_they_take() {
        for (text, kept) in
            [("", ""), ("NM1", "NM1"), ("ÄÖÜäöüßÀÉ", "ÄÖÜäöüßÀ"), ("€€€€€€", "€€€€€")]
        {
            assert_eq!(SegmentId::from(text), kept);
            assert_eq!(format!("{0} {0:?}", SegmentId::from(text)), format!("{kept} {kept:?}"));
        }
    }
}
