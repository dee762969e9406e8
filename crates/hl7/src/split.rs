//! From a file, a frame or a pasted text to the bytes of single messages. Knows MSH and the batch headers, nothing else.
//!
//! A message starts at a line that starts with MSH and runs until the next header or trailer. Frame bytes (VT, FS),
//! a byte-order mark and whatever stands before the first header are left out.

use crate::limits::{MESSAGES_MAX, PROBLEMS_MAX};
use crate::problem::{Condition, Place, Problem, narrow};
use crate::separators::{Separators, usable};

/// The bytes of one message, from MSH on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageBytes<'a> {
    /// From the M of MSH to the end of the last segment.
    pub bytes: &'a [u8],
    /// Where they start in the file.
    pub offset: usize,
    /// Which message of the file, from 1.
    pub ordinal: u32,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File<'a> {
    /// The first FHS, if any.
    pub file_header: Option<BatchHeader>,
    /// The first BHS, if any.
    pub batch_header: Option<BatchHeader>,
    /// The messages, in their order.
    pub messages: Vec<MessageBytes<'a>>,
    /// Wrong counts, missing headers, text that belongs to no message.
    pub problems: Vec<Problem>,
}

/// An FHS or BHS segment. The texts are raw, still escaped, in the header's own separators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchHeader {
    /// FHS-1 and FHS-2.
    pub separators: Separators,
    /// FHS-3 to FHS-6: sending application and facility, receiving application and facility.
    pub parties: [String; 4],
    /// FHS-11, file or batch control id.
    pub control_id: String,
}

/// Returns the messages of a file. Use [`File::read`] to learn about the batch too.
pub fn messages(bytes: &[u8]) -> Vec<MessageBytes<'_>> {
    File::read(bytes).messages
}

impl<'a> File<'a> {
    /// Reads a file; never fails, what is wrong is in `problems`.
    pub fn read(bytes: &'a [u8]) -> Self {
        let mut reading = Reading { bytes, file: Self::default(), open: None, in_batch: 0 };
        for line in Lines::new(bytes) {
            reading.line(line);
        }
        reading.close(bytes.len());
        if reading.file.messages.is_empty() {
            let said = "no MSH segment was found: send HL7 version 2 with one segment a line";
            reading.problem("no-message", 0, said, Condition::Sequence);
        }
        reading.file
    }
}

/// Where a line starts and ends, without its line break.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
}

struct Reading<'a> {
    bytes: &'a [u8],
    file: File<'a>,
    /// Start of the message being read.
    open: Option<usize>,
    /// Messages since the last BHS, for BTS-1.
    in_batch: usize,
}

impl Reading<'_> {
    fn line(&mut self, line: Line) {
        let text = &self.bytes[line.start..line.end];
        match header_id(text) {
            Some(b"MSH") => {
                self.close(line.start);
                self.open = Some(line.start);
            }
            Some(id @ (b"FHS" | b"BHS")) => {
                self.close(line.start);
                self.header(id, text, line.start);
            }
            Some(id) => {
                self.close(line.start);
                self.trailer(id, text, line.start);
            }
            None if self.open.is_none() && !text.trim_ascii().is_empty() => {
                let said = "text outside any message was left out";
                self.problem("text-outside-message", line.start, said, Condition::Sequence);
            }
            None => {}
        }
    }

    fn close(&mut self, end: usize) {
        let Some(start) = self.open.take() else { return };
        self.in_batch += 1;
        if self.file.messages.len() >= MESSAGES_MAX {
            let said = "too many messages in one file: send fewer at once";
            return self.problem("too-many-messages", start, said, Condition::Internal);
        }
        let bytes = trim_end(&self.bytes[start..end]);
        let ordinal = narrow(self.file.messages.len() + 1);
        self.file.messages.push(MessageBytes { bytes, offset: start, ordinal });
    }

    fn header(&mut self, id: &[u8], text: &[u8], offset: usize) {
        let Some(header) = BatchHeader::read(text) else {
            let said = "the file or batch header cannot be read";
            return self.problem("bad-batch-header", offset, said, Condition::DataType);
        };
        if id == b"FHS" {
            self.file.file_header.get_or_insert(header);
        } else {
            self.in_batch = 0;
            self.file.batch_header.get_or_insert(header);
        }
    }

    fn trailer(&mut self, id: &[u8], text: &[u8], offset: usize) {
        let n_messages = std::mem::take(&mut self.in_batch);
        if id != b"BTS" {
            return;
        }
        let digits = text.get(4..).unwrap_or_default();
        let digits = digits.split(|b| !b.is_ascii_digit()).next().unwrap_or_default();
        let said = std::str::from_utf8(digits).ok().and_then(|d| d.parse::<usize>().ok());
        if said.is_some_and(|said| said != n_messages) {
            let said = format!("the batch trailer's count is not the {n_messages} messages found");
            self.problem("batch-count-differs", offset, said, Condition::DataType);
        }
    }

    fn problem(&mut self, code: &'static str, at: usize, said: impl Into<String>, kind: Condition) {
        if self.file.problems.len() < PROBLEMS_MAX {
            let message = narrow(self.file.messages.len() + usize::from(self.open.is_some()));
            let place = Place { message, offset: at, ..Place::default() };
            self.file.problems.push(Problem::warning(code, place, said).with(kind));
        }
    }
}

impl BatchHeader {
    fn read(text: &[u8]) -> Option<Self> {
        let separators = Separators::read(text).ok()?;
        let text = String::from_utf8_lossy(text);
        let field = |n: usize| text.split(separators.field()).nth(n - 1).unwrap_or("").to_owned();
        let parties = [field(3), field(4), field(5), field(6)];
        Some(Self { separators, parties, control_id: field(11) })
    }
}

/// Returns the id when the line starts a message or belongs to a batch.
pub(crate) fn header_id(line: &[u8]) -> Option<&[u8]> {
    let id = line.get(..3)?;
    let next = line.get(3).copied();
    match id {
        b"MSH" | b"FHS" | b"BHS" => next.is_some_and(usable).then_some(id),
        b"BTS" | b"FTS" => next.is_none_or(usable).then_some(id),
        _ => None,
    }
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let is_end = |b: &u8| matches!(b, b'\r' | b'\n' | 0x0B | 0x1C | 0x1A | 0 | b' ');
    let end = bytes.iter().rposition(|b| !is_end(b)).map_or(0, |last| last + 1);
    &bytes[..end]
}

/// Lines cut at CR, LF and frame starts, with leading blanks, marks and frame bytes skipped.
struct Lines<'a> {
    bytes: &'a [u8],
    next: usize,
}

impl<'a> Lines<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, next: 0 }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let rest = self.bytes.get(self.next..).filter(|rest| !rest.is_empty())?;
        let skipped = rest.len() - skip_marks(rest).len();
        let start = self.next + skipped;
        let rest = &rest[skipped..];
        let mut length = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        for at in memchr::memchr_iter(0x0B, &rest[..length]) {
            if header_id(&rest[at + 1..]).is_some() {
                length = at;
                break;
            }
        }
        self.next = start + length.max(usize::from(skipped == 0)).max(usize::from(length == 0));
        let end = start + trim_end(&rest[..length]).len();
        Some(Line { start, end })
    }
}

/// Skips what may stand before a header: byte-order marks, VT, FS, blanks.
pub(crate) fn skip_marks(mut bytes: &[u8]) -> &[u8] {
    loop {
        bytes = match bytes {
            [0xEF, 0xBB, 0xBF, rest @ ..] | [0x0B | 0x1C | b' ' | b'\t', rest @ ..] => rest,
            other => return other,
        };
    }
}
