//! Writing segments and the envelopes around them.
//!
//! Data that has a delimiter or a control character in it is **refused**, naming the element: replacing it would change
//! what somebody said. Only what an acknowledgement repeats of foreign bytes is cleaned instead (`clean`).

use crate::envelope::Endpoint;
use crate::moment::Minute;
use crate::problem::{Code, Notes, Place, Problem};
use crate::token::Delimiters;

/// Writes segments one after another.
#[derive(Clone, Debug)]
pub struct Writer {
    delimiters: Delimiters,
    out: Vec<u8>,
    notes: Notes,
    id: &'static str,
    /// Position of the last element written in the open segment.
    at: usize,
    n_segments: usize,
    /// End of the open segment's last element that is not empty.
    full_to: usize,
}

impl Writer {
    /// Starts with nothing written.
    pub fn new(delimiters: Delimiters) -> Self {
        Self {
            delimiters,
            out: Vec::new(),
            notes: Notes::default(),
            id: "",
            at: 0,
            n_segments: 0,
            full_to: 0,
        }
    }

    /// Opens a segment.
    pub fn begin(&mut self, id: &'static str) {
        self.id = id;
        self.at = 0;
        self.n_segments += 1;
        self.out.extend_from_slice(id.as_bytes());
        self.full_to = self.out.len();
    }

    /// Writes element `n`; positions must rise, those left out are empty.
    pub fn element(&mut self, n: usize, value: &str) {
        self.composite(n, &[value]);
    }

    /// Writes element `n` as components; empty ones at the end are left out.
    pub fn composite(&mut self, n: usize, components: &[&str]) {
        self.repeated(n, &[components]);
    }

    /// Writes element `n` as repetitions of components.
    pub fn repeated(&mut self, n: usize, repetitions: &[&[&str]]) {
        while self.at < n {
            self.out.push(self.delimiters.element);
            self.at += 1;
        }
        for (index, components) in repetitions.iter().enumerate() {
            if index > 0 {
                match self.delimiters.repetition {
                    Some(separator) => self.out.push(separator),
                    None => self.refuse(
                        Code::CharacterInvalid,
                        n,
                        "the delimiters have none for repetitions",
                    ),
                }
            }
            let n_full =
                components.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
            for (index, text) in components[..n_full].iter().enumerate() {
                if index > 0 {
                    self.out.push(self.delimiters.component);
                }
                self.data(n, text);
            }
            if n_full > 0 {
                self.full_to = self.out.len();
            }
        }
    }

    /// Closes the segment; empty elements at its end are left out.
    pub fn end(&mut self) {
        self.out.truncate(self.full_to);
        self.out.push(self.delimiters.terminator);
    }

    /// Writes a whole segment of plain elements.
    pub fn segment(&mut self, id: &'static str, elements: &[&str]) {
        self.begin(id);
        for (index, element) in elements.iter().enumerate() {
            self.element(index + 1, element);
        }
        self.end();
    }

    /// Returns how many segments were begun.
    pub fn n_segments(&self) -> usize {
        self.n_segments
    }

    /// Returns the bytes, or every element that was refused.
    pub fn finish(self) -> Result<Vec<u8>, Vec<Problem>> {
        if self.notes.problems.is_empty() { Ok(self.out) } else { Err(self.notes.problems) }
    }

    fn data(&mut self, n: usize, text: &str) {
        if text.bytes().any(|byte| self.delimiters.contains(byte) || byte.is_ascii_control()) {
            self.refuse(
                Code::CharacterInvalid,
                n,
                "the value has a delimiter or a control character in it: write it without",
            );
        }
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Refuses what was to be written at element `n` of the open segment; 0 means the segment.
    pub(crate) fn refuse(&mut self, code: Code, n: usize, message: &str) {
        let place = Place {
            segment: Some(self.n_segments),
            segment_id: self.id.into(),
            offset: self.out.len(),
            ..Place::default()
        };
        let place = if n > 0 { place.element(n) } else { place };
        self.notes.error(code, place, message);
    }

    /// Writes an ISA, whose elements have fixed widths and whose ISA16 is a delimiter.
    fn isa(&mut self, outer: &Outer) {
        let delimiters = self.delimiters;
        let blank = " ".repeat(10);
        self.begin("ISA");
        for (index, value) in ["00", &blank, "00", &blank].into_iter().enumerate() {
            self.element(index + 1, value);
        }
        for (index, end) in [&outer.sender, &outer.receiver].into_iter().enumerate() {
            self.fixed(2 * index + 5, &end.qualifier, 2);
            self.fixed(2 * index + 6, &end.id, 15);
        }
        self.element(9, &outer.at.short_date());
        self.element(10, &outer.at.time());
        self.out.push(delimiters.element);
        self.out.push(delimiters.repetition.unwrap_or(b'U'));
        self.at = 11;
        self.element(12, if delimiters.repetition.is_some() { "00501" } else { "00401" });
        self.element(13, &format!("{:09}", outer.control));
        self.element(14, if outer.wants_ta1 { "1" } else { "0" });
        self.fixed(15, &outer.usage, 1);
        self.out.extend([delimiters.element, delimiters.component, delimiters.terminator]);
    }

    fn fixed(&mut self, n: usize, value: &str, width: usize) {
        if value.len() > width || !value.is_ascii() {
            let message = format!("the value does not fit {width} bytes");
            self.refuse(Code::ElementTooLong, n, &message);
        }
        self.element(n, &format!("{value:width$}"));
    }
}

/// What the envelope of a written interchange says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outer {
    /// ISA05 and ISA06, who sends.
    pub sender: Endpoint,
    /// ISA07 and ISA08, who receives.
    pub receiver: Endpoint,
    /// ISA09 and ISA10, when.
    pub at: Minute,
    /// ISA13, 1-999,999,999.
    pub control: u32,
    /// ISA14, whether a TA1 is asked for.
    pub wants_ta1: bool,
    /// ISA15, `P` production or `T` test.
    pub usage: String,
}

/// What the header of a written group says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupOuter {
    /// GS01, e.g. `HI`.
    pub functional_id: String,
    /// GS02, at most 15 characters.
    pub sender: String,
    /// GS03, at most 15 characters.
    pub receiver: String,
    /// GS06, 1-999,999,999.
    pub control: u32,
    /// GS08, the guide.
    pub version: String,
}

/// Writes an interchange of one group; `sets` writes each ST to SE and returns how many there are.
pub fn interchange(
    outer: &Outer,
    group: &GroupOuter,
    delimiters: Delimiters,
    sets: impl FnOnce(&mut Writer) -> usize,
) -> Result<Vec<u8>, Vec<Problem>> {
    let mut writer = Writer::new(delimiters);
    writer.isa(outer);
    let (date, time) = (outer.at.day.to_string(), outer.at.time());
    let control = group.control.to_string();
    let start =
        [group.functional_id.as_str(), &group.sender, &group.receiver, &date, &time, &control, "X"];
    writer.segment("GS", &[start.as_slice(), &[group.version.as_str()]].concat());
    let n_sets = sets(&mut writer);
    writer.segment("GE", &[&n_sets.to_string(), &control]);
    writer.segment("IEA", &["1", &format!("{:09}", outer.control)]);
    writer.finish()
}

/// Writes an interchange that holds one TA1 and no group.
pub(crate) fn ta1_interchange(outer: &Outer, elements: &[&str]) -> Result<Vec<u8>, Vec<Problem>> {
    let mut writer = Writer::new(Delimiters::USUAL);
    writer.isa(outer);
    writer.segment("TA1", elements);
    writer.segment("IEA", &["0", &format!("{:09}", outer.control)]);
    writer.finish()
}

/// Returns foreign text fit to be repeated between the usual delimiters, at most `width` bytes of it.
pub(crate) fn clean(text: &str, width: usize) -> String {
    let fit = |byte: u8| (b' '..=b'~').contains(&byte) && !Delimiters::USUAL.contains(byte);
    let text = text.bytes().map(|byte| if fit(byte) { char::from(byte) } else { ' ' });
    text.take(width).collect::<String>().trim().to_owned()
}
