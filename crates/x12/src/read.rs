//! Cutting a file into segments, one after another, without copying and in constant memory.
//!
//! Delimiters change at each ISA. Line ends around terminators are passed over; text before an ISA is passed over and
//! counted. Binary data (BIN, BDS) is taken by its stated length when a terminator follows there.

use memchr::{memchr, memchr_iter, memmem};

use crate::header::{self, Header, ISA_BYTES};
use crate::token::{Delimiters, Segment, binary_elements, find};

/// Iterates over the segments of a file, or of a part of it.
#[derive(Clone, Debug)]
pub struct Segments<'a> {
    bytes: &'a [u8],
    /// Where in the transmission the bytes begin, when it is read in pieces.
    base: usize,
    at: usize,
    ordinal: usize,
    /// Without them nothing was begun: an ISA, GS or ST is looked for.
    delimiters: Option<Delimiters>,
    /// Whether the last segment was IEA, after which only an ISA may follow.
    closed: bool,
}

/// How a file is cut at a place between two segments.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cut {
    delimiters: Option<Delimiters>,
    closed: bool,
}

/// How much a file holds, counted by first bytes only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// ISA segments.
    pub interchanges: usize,
    /// GS segments.
    pub groups: usize,
    /// ST segments.
    pub sets: usize,
    /// All segments.
    pub segments: usize,
}

/// Counts what is in a file: the fastest walk over its segments, equal in number to [`Segments`].
pub fn count_segments(bytes: &[u8]) -> Counts {
    let mut counts = Counts::default();
    let mut segments = Segments::new(bytes);
    while let Some(segment) = segments.next() {
        counts.segments += 1;
        match segment.id() {
            b"ST" => counts.sets += 1,
            b"GS" => counts.groups += 1,
            b"ISA" => counts.interchanges += 1,
            _ => {}
        }
        segments.skim(&mut counts);
    }
    counts
}

impl<'a> Segments<'a> {
    /// Starts at the first ISA of a file, or at its first GS or ST when it has none.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, base: 0, at: 0, ordinal: 0, delimiters: None, closed: false }
    }

    /// Starts within a piece of a file that begins at `base`, with known delimiters; offsets stay those of the file.
    pub(crate) fn within(
        (bytes, base): (&'a [u8], usize),
        at: usize,
        delimiters: Delimiters,
    ) -> Self {
        Self { bytes, base, at, ordinal: 0, delimiters: Some(delimiters), closed: false }
    }

    /// Goes on in the next piece of a file, which begins at `base`, as the last one ended.
    pub(crate) fn resume((bytes, base): (&'a [u8], usize), cut: Cut) -> Self {
        let Cut { delimiters, closed } = cut;
        Self { bytes, base, at: 0, ordinal: 0, delimiters, closed }
    }

    /// Returns how the file is cut from here on.
    pub(crate) fn cut(&self) -> Cut {
        Cut { delimiters: self.delimiters, closed: self.closed }
    }

    /// Returns where the next segment would begin in these bytes.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Returns how many bytes that are not line ends were left over; of use when there are no more segments.
    pub fn left_over(&self) -> usize {
        self.bytes[self.at..].trim_ascii().len()
    }

    /// Counts ordinary segments up to the next that needs care: an envelope's end, binary data, a very long one.
    fn skim(&mut self, counts: &mut Counts) {
        let Some(delimiters) = self.delimiters.filter(|_| !self.closed) else { return };
        let base = self.at;
        for end in memchr_iter(delimiters.terminator, &self.bytes[base..]) {
            self.skip_blank(delimiters);
            let Some(segment) = self.bytes.get(self.at..base + end) else { return };
            if segment.len() > ISA_BYTES
                || matches!(segment, [] | [b'I', ..] | [b'B', b'I' | b'D', ..])
            {
                return;
            }
            if let [first, second, separator, ..] = segment
                && *separator == delimiters.element
            {
                counts.sets += usize::from((*first, *second) == (b'S', b'T'));
                counts.groups += usize::from((*first, *second) == (b'G', b'S'));
            }
            counts.segments += 1;
            self.ordinal += 1;
            self.at = base + end + 1;
        }
    }

    /// Passes over what may stand between two segments.
    fn skip_blank(&mut self, delimiters: Delimiters) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let blank = matches!(byte, b'\r' | b'\n' | b' ' | b'\t') && byte != delimiters.element;
            if !blank {
                return;
            }
            self.at += 1;
        }
    }

    /// Begins at the next ISA, or where a file without ISA begins; returns the ISA and the bytes passed over.
    fn begin(&mut self) -> Option<(Option<Header>, usize)> {
        let from = self.at;
        let n_blank =
            self.bytes[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let here =
            header::isa(&self.bytes[from + n_blank..]).map(|header| (from + n_blank, header));
        let (start, header) = match here.or_else(|| header::find_isa(self.bytes, from)) {
            Some((start, header)) => (start, Some(header)),
            None if self.closed => return None,
            None => {
                let (start, delimiters) = header::guess(&self.bytes[from..])?;
                self.delimiters = Some(delimiters);
                (from + start, None)
            }
        };
        let before = &self.bytes[from..start];
        let skipped = before.strip_prefix(&header::BOM).unwrap_or(before).trim_ascii().len();
        self.at = start;
        self.closed = false;
        Some((header, skipped))
    }

    /// Takes the ISA that stands here.
    fn isa(&mut self, header: Header, skipped: usize) -> Segment<'a> {
        let (delimiters, offset) = (header.delimiters, self.base + self.at);
        self.delimiters = Some(delimiters);
        self.ordinal += 1;
        self.at += header.terminator_at + 1;
        let raw = &self.bytes[offset - self.base..offset - self.base + header.terminator_at];
        Segment {
            raw,
            offset,
            ordinal: self.ordinal,
            delimiters,
            skipped,
            terminated: true,
            binary: false,
            id_bytes: 3,
        }
    }

    fn take(&mut self, delimiters: Delimiters, skipped: usize) -> Segment<'a> {
        let rest = &self.bytes[self.at..];
        let plain_end = memchr(delimiters.terminator, rest);
        let mut end = plain_end.unwrap_or(rest.len());
        let mut terminated = plain_end.is_some();
        let mut binary = false;
        if rest.starts_with(b"BIN") || rest.starts_with(b"BDS") {
            if let Some(data_end) = binary_end(rest, delimiters) {
                (end, terminated, binary) = (data_end, true, true);
            }
        } else if end > ISA_BYTES
            && let Some(cut) = next_isa_within(rest, end, delimiters.element)
        {
            (end, terminated) = (cut, false);
        }
        let mut raw = &rest[..end];
        while !binary && let Some((b'\r' | b'\n', before)) = raw.split_last() {
            raw = before;
        }
        self.ordinal += usize::from(!raw.is_empty());
        let offset = self.base + self.at;
        self.at += end + usize::from(terminated);
        let (ordinal, id_bytes) =
            (self.ordinal, find(delimiters.element, raw).unwrap_or(raw.len()));
        Segment { raw, offset, ordinal, delimiters, skipped, terminated, binary, id_bytes }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        let mut skipped = 0;
        if self.closed || self.delimiters.is_none() {
            let (header, passed) = self.begin()?;
            if let Some(header) = header {
                return Some(self.isa(header, passed));
            }
            skipped = passed;
        }
        let delimiters = self.delimiters?;
        self.skip_blank(delimiters);
        let rest = &self.bytes[self.at..];
        if rest.is_empty() {
            return None;
        }
        if rest.starts_with(b"ISA")
            && let Some(header) = header::isa(rest)
        {
            return Some(self.isa(header, skipped));
        }
        let segment = self.take(delimiters, skipped);
        self.closed = segment.raw.starts_with(b"IEA") && segment.is("IEA");
        Some(segment)
    }
}

/// Returns where the data of a binary segment ends, when its length is true.
fn binary_end(rest: &[u8], delimiters: Delimiters) -> Option<usize> {
    if rest.get(3) != Some(&delimiters.element) {
        return None;
    }
    let n_elements = binary_elements(&rest[..3]);
    let head = &rest[..rest.len().min(64)];
    let mut separators = memchr_iter(delimiters.element, head);
    let before_length = separators.nth(n_elements - 2)?;
    let before_data = separators.next()?;
    let length = std::str::from_utf8(&head[before_length + 1..before_data]).ok()?.trim();
    let end = (before_data + 1).checked_add(length.parse::<usize>().ok()?)?;
    (rest.get(end) == Some(&delimiters.terminator)).then_some(end)
}

/// Returns where an ISA begins within a long segment: the file before it was cut.
fn next_isa_within(rest: &[u8], end: usize, element: u8) -> Option<usize> {
    memmem::find_iter(&rest[1..end], [b'I', b'S', b'A', element].as_slice())
        .map(|at| at + 1)
        .find(|&at| header::isa(&rest[at..]).is_some())
}
