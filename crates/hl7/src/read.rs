//! One message: its segments, fields, repetitions, components and subcomponents, all views into the text.
//!
//! Not a validator: which segments and fields a message must have is for whoever reads them. Invariants of a [`Message`]:
//! its first segment is MSH, every segment has an id, and no part repeats more often than `limits` allows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memchr2_iter;

use crate::charset::{Charset, decode};
use crate::header::Header;
use crate::limits::{
    MESSAGE_BYTES_MAX, MESSAGE_WITH_DOCUMENTS_BYTES_MAX, PROBLEMS_MAX, SEGMENTS_MAX,
};
use crate::problem::{Condition, Place, Problem, narrow};
use crate::segment::Segment;
use crate::separators::Separators;
use crate::split::{MessageBytes, messages};

/// One message that could be cut into segments.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    text: Cow<'a, str>,
    separators: Separators,
    charset: Charset,
    ordinal: u32,
    spans: Vec<Span>,
    problems: Vec<Problem>,
}

/// Where a segment is: in the text, in the file, and as which of its kind.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    end: usize,
    offset: usize,
    occurrence: u32,
}

impl<'a> Message<'a> {
    /// Reads one message. What makes it unreadable as a whole is the error; lesser things are in [`Message::problems`].
    pub fn read(message: &MessageBytes<'a>) -> Result<Self, Problem> {
        let at = Place { message: message.ordinal, offset: message.offset, ..Place::default() };
        if message.bytes.len() > MESSAGE_WITH_DOCUMENTS_BYTES_MAX {
            let said = "the message is larger than 20 MB: send documents in separate messages";
            return Err(Problem::reject("message-too-large", at, said));
        }
        let separators = Header::separators_of(message)?;
        let declared = declared_charset(message.bytes, separators);
        let (text, charset) = decode(message.bytes, &declared);
        let (ordinal, spans, problems) = (message.ordinal, Vec::new(), Vec::new());
        let mut read = Self { text, separators, charset, ordinal, spans, problems };
        read.cut(message, &at)?;
        read.check_sizes(&at)?;
        if charset == Charset::Damaged {
            let said = "some bytes are not of the charset in MSH-18 and were replaced: send UTF-8";
            read.problems.push(Problem::warning("charset-damaged", read.msh().place(), said));
        }
        Ok(read)
    }

    /// Reads bytes that should hold exactly one message, with or without a frame around it.
    pub fn read_one(bytes: &'a [u8]) -> Result<Self, Problem> {
        match messages(bytes).as_slice() {
            [one] => Self::read(one),
            [] => {
                let said = "no MSH segment was found: send HL7 version 2 with one segment a line";
                Err(Problem::reject("no-message", Place::default(), said))
            }
            [_, second, ..] => {
                let place = Place { message: 2, offset: second.offset, ..Place::default() };
                let said = "several messages where one was expected: send them one by one";
                Err(Problem::reject("several-messages", place, said))
            }
        }
    }

    /// Cuts the text into segments; the lines of the raw bytes give the offsets.
    fn cut(&mut self, message: &MessageBytes<'a>, at: &Place) -> Result<(), Problem> {
        let text = std::mem::take(&mut self.text);
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let mut start = 0;
        let mut raw_breaks = memchr2_iter(b'\r', b'\n', message.bytes);
        let breaks = memchr2_iter(b'\r', b'\n', text.as_bytes());
        let mut offset = message.offset;
        for (n, end) in breaks.chain([text.len()]).enumerate() {
            let line = &text[start..end];
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            let trimmed = &line[blanks..];
            if is_segment(trimmed, self.separators) {
                let occurrence = counts.entry(&trimmed[..3]).or_default();
                *occurrence += 1;
                let (start, end) = (start + blanks, start + line.len());
                let offset = offset + blanks;
                self.spans.push(Span { start, end, offset, occurrence: *occurrence });
            } else if !trimmed.trim().is_empty() {
                self.loose_line(&text, (start, line), n, offset);
            }
            if self.spans.len() > SEGMENTS_MAX {
                let said = "the message has too many segments: send it in parts";
                return Err(Problem::reject("too-many-segments", at.clone(), said));
            }
            start += line.len() + 1;
            offset = raw_breaks.next().map_or(offset, |at| message.offset + at + 1);
        }
        drop(counts);
        self.text = text;
        Ok(())
    }

    /// A line without a segment id continues a note or an observation; anywhere else it is left out.
    fn loose_line(&mut self, text: &str, (start, line): (usize, &str), n: usize, offset: usize) {
        let continues = self.spans.last().is_some_and(|last| {
            matches!(text.get(last.start..last.start + 3), Some("OBX" | "NTE"))
        });
        if continues && !is_misspelt_segment(line, self.separators) {
            if let Some(last) = self.spans.last_mut() {
                last.end = start + line.trim_end().len();
            }
            return;
        }
        let (message, segment) = (self.ordinal, narrow(n + 1));
        let place = Place { message, segment, offset, ..Place::default() };
        let said = "a line does not start with a segment id and was left out";
        self.note(Problem::warning("not-a-segment", place, said).with(Condition::Sequence));
    }

    fn check_sizes(&mut self, at: &Place) -> Result<(), Problem> {
        let mut without_documents = 0;
        for segment in self.segments_all() {
            segment.check_bounds()?;
            if !segment.holds_document() {
                without_documents += segment.raw().len();
            }
        }
        if without_documents > MESSAGE_BYTES_MAX {
            let said = "the message is larger than 1 MB without its documents: send it in parts";
            return Err(Problem::reject("message-too-large", at.clone(), said));
        }
        Ok(())
    }

    fn note(&mut self, problem: Problem) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }

    /// Returns what was wrong but did not stop the reading.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns MSH-1 and MSH-2.
    pub fn separators(&self) -> Separators {
        self.separators
    }

    /// Returns what the bytes were written in.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// Returns which message of the file this is, from 1.
    pub fn ordinal(&self) -> u32 {
        self.ordinal
    }

    /// Returns the MSH segment.
    pub fn msh(&self) -> Segment<'_> {
        self.segments_all().next().expect("reading refuses a message that does not start with MSH")
    }

    /// Returns the MSH segment as a thing of its own.
    pub fn header(&self) -> Header {
        Header::of(&self.msh())
    }

    /// Returns all segments in their order.
    pub fn segments_all(&self) -> impl Iterator<Item = Segment<'_>> {
        self.spans.iter().enumerate().map(|(n, span)| Segment {
            raw: &self.text[span.start..span.end],
            separators: self.separators,
            message: self.ordinal,
            position: narrow(n + 1),
            occurrence: span.occurrence,
            offset: span.offset,
        })
    }

    /// Returns the segments of one id in their order.
    pub fn segments<'m>(&'m self, id: &'m str) -> impl Iterator<Item = Segment<'m>> {
        self.segments_all().filter(move |segment| segment.id() == id)
    }

    /// Returns the first segment of one id.
    pub fn segment<'m>(&'m self, id: &'m str) -> Option<Segment<'m>> {
        self.segments(id).next()
    }
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// MSH-18 before anything is decoded: the first repetition, as plain letters.
fn declared_charset(bytes: &[u8], separators: Separators) -> String {
    let line = bytes.split(|b| is_break(*b)).next().unwrap_or_default();
    let field = line.split(|b| *b == separators.field).nth(17).unwrap_or_default();
    let first = field.split(|b| *b == separators.repetition).next().unwrap_or_default();
    String::from_utf8_lossy(first).into_owned()
}

/// Three characters, the first a capital letter, then the field separator or nothing.
fn is_segment(line: &str, separators: Separators) -> bool {
    let [first, second, third, rest @ ..] = line.as_bytes() else { return false };
    let is_id_sign = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    first.is_ascii_uppercase()
        && is_id_sign(second)
        && is_id_sign(third)
        && rest.first().is_none_or(|next| *next == separators.field)
}

/// `PV|…` or `PIDX|…`: meant as a segment, so not part of the text above it.
fn is_misspelt_segment(line: &str, separators: Separators) -> bool {
    let head = line.split_once(separators.field()).map_or("", |(head, _)| head);
    (1..=5).contains(&head.len())
        && head.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}
