//! One segment and its parts, borrowed from the file: nothing is copied until text is asked for.

use std::borrow::Cow;

use memchr::memchr;

use crate::segment_id::SegmentId;

/// The four bytes that cut an interchange into parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiters {
    /// Between elements; the byte after `ISA`.
    pub element: u8,
    /// Between components; ISA16.
    pub component: u8,
    /// Between repetitions; ISA11 since version 00402, absent before.
    pub repetition: Option<u8>,
    /// After each segment; the byte after ISA16.
    pub terminator: u8,
}

impl Delimiters {
    /// The usual four: `*`, `:`, `^` and `~`.
    pub const USUAL: Self =
        Self { element: b'*', component: b':', repetition: Some(b'^'), terminator: b'~' };

    /// Returns whether `byte` is one of them.
    pub fn contains(&self, byte: u8) -> bool {
        byte == self.element
            || byte == self.component
            || byte == self.terminator
            || self.repetition == Some(byte)
    }
}

/// One segment, borrowed from the file.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// The bytes without the terminator.
    pub raw: &'a [u8],
    /// Offset of the first byte in the file, in bytes.
    pub offset: usize,
    /// Ordinal from 1, counted from the start of what is iterated (the file, or the set, whose ST is 1). An empty
    /// segment is not counted and has the ordinal of the one before it.
    pub ordinal: usize,
    /// What cuts it.
    pub delimiters: Delimiters,
    /// Bytes of other text passed over before it, not counting line ends.
    pub skipped: usize,
    /// Whether a terminator followed.
    pub terminated: bool,
    /// Whether its last element is binary and was taken by its stated length.
    pub binary: bool,
    /// Bytes before the first element separator.
    pub(crate) id_bytes: usize,
}

impl<'a> Segment<'a> {
    /// Returns the segment id, the bytes before the first element separator.
    pub fn id(&self) -> &'a [u8] {
        &self.raw[..self.id_bytes]
    }

    /// Returns the id as text for a message, at most 8 characters.
    pub fn id_text(&self) -> SegmentId {
        let id = self.id();
        SegmentId::from(decode(&id[..id.len().min(8)]).as_ref())
    }

    /// Returns whether the id is `id`.
    pub fn is(&self, id: &str) -> bool {
        self.id() == id.as_bytes()
    }

    /// Returns the elements in order, from the first after the id.
    pub fn elements(&self) -> Elements<'a> {
        let rest = self.raw.get(self.id().len() + 1..);
        let left = if self.binary { binary_elements(self.id()) } else { usize::MAX };
        Elements { rest, separator: self.delimiters.element, left }
    }

    /// Returns element `n`, from 1; empty when absent.
    pub fn element(&self, n: usize) -> &'a [u8] {
        match n {
            0 => self.id(),
            _ => self.elements().nth(n - 1).unwrap_or(&[]),
        }
    }

    /// Returns element `n` as text without the blanks around it.
    pub fn text(&self, n: usize) -> Cow<'a, str> {
        decode(self.element(n).trim_ascii())
    }

    /// Returns the components of `part`, an element or one of its repetitions.
    pub fn components(&self, part: &'a [u8]) -> Elements<'a> {
        Elements { rest: Some(part), separator: self.delimiters.component, left: usize::MAX }
    }

    /// Returns the repetitions of element `n`; one when there is no repetition separator, none when it is empty.
    pub fn repetitions(&self, n: usize) -> Elements<'a> {
        self.repeated(self.element(n))
    }

    /// Returns the repetitions of an element; see [`Segment::repetitions`].
    pub(crate) fn repeated(&self, element: &'a [u8]) -> Elements<'a> {
        let rest = (!element.is_empty()).then_some(element);
        match self.delimiters.repetition {
            Some(separator) => Elements { rest, separator, left: usize::MAX },
            None => Elements { rest, separator: 0, left: 1 },
        }
    }

    /// Returns whether the id could be one of X12: 2 or 3 capitals or digits, a capital first.
    pub fn has_possible_id(&self) -> bool {
        let id = self.id();
        (2..=3).contains(&id.len())
            && id[0].is_ascii_uppercase()
            && id.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }
}

/// Parts of a segment, in order.
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
    left: usize,
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        self.left = self.left.saturating_sub(1);
        let cut = if self.left == 0 { None } else { find(self.separator, rest) };
        if let Some(cut) = cut {
            self.rest = Some(&rest[cut + 1..]);
            Some(&rest[..cut])
        } else {
            self.rest = None;
            Some(rest)
        }
    }
}

/// Bytes looked at one by one before a long search is begun; most ids and elements end within.
const SHORT: usize = 16;

/// Finds a separator.
#[inline]
pub(crate) fn find(separator: u8, bytes: &[u8]) -> Option<usize> {
    let head = &bytes[..bytes.len().min(SHORT)];
    match head.iter().position(|&byte| byte == separator) {
        None if bytes.len() > SHORT => memchr(separator, &bytes[SHORT..]).map(|at| at + SHORT),
        found => found,
    }
}

/// Returns how many elements a binary segment has; the last one holds the data.
pub(crate) fn binary_elements(id: &[u8]) -> usize {
    match id {
        b"BIN" => 2,
        b"BDS" => 3,
        _ => usize::MAX,
    }
}

/// Returns bytes as text: UTF-8 when it is, otherwise each byte as its Latin-1 character, so that nothing is lost.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}
