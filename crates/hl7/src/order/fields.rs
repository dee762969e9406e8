//! Reads the fields of one segment into types and notes the dates that cannot be read.

use crate::limits::PROBLEMS_MAX;
use crate::problem::{Condition, Problem};
use crate::segment::{Field, Repetition, Segment};
use crate::types::{Code, Ts};
use memchr::memchr_iter;

/// Fields that there is room for at once; segments with more are rare.
const FIELDS_USUAL: usize = 48;

/// A segment, cut once for all its fields, and the list its problems go to.
pub(crate) struct Fields<'m, 'p> {
    pub segment: Segment<'m>,
    pub problems: &'p mut Vec<Problem>,
    /// The id and the fields, as sent.
    raw: Vec<&'m str>,
}

impl<'m, 'p> Fields<'m, 'p> {
    /// Cuts a segment; not a header, which declares how it is cut.
    pub fn new(segment: Segment<'m>, problems: &'p mut Vec<Problem>) -> Self {
        assert!(!segment.declares(), "a header is read by Segment::field");
        let (text, separator) = (segment.raw(), segment.separators.field);
        let mut raw = Vec::with_capacity(FIELDS_USUAL);
        let mut start = 0;
        for end in memchr_iter(separator, text.as_bytes()) {
            raw.push(&text[start..end]);
            start = end + 1;
        }
        raw.push(&text[start..]);
        Self { segment, problems, raw }
    }

    /// Returns a field, empty when it was left out.
    fn field(&self, n: usize) -> Field<'m> {
        let raw = self.raw.get(n).copied().unwrap_or("");
        Field { raw, separators: self.segment.separators, is_literal: false }
    }

    /// Returns the first component of a field.
    pub fn text(&self, n: usize) -> Option<String> {
        self.field(n).text()
    }

    /// Returns all of a text field.
    pub fn whole(&self, n: usize) -> Option<String> {
        self.field(n).whole()
    }

    /// Returns the first repetition in a type.
    pub fn one<T>(&self, n: usize, read: impl Fn(&Repetition<'m>) -> Option<T>) -> Option<T> {
        self.repetitions(n).find_map(|one| read(&one))
    }

    /// Returns all repetitions in a type.
    pub fn all<T>(&self, n: usize, read: impl Fn(&Repetition<'m>) -> Option<T>) -> Vec<T> {
        self.repetitions(n).filter_map(|one| read(&one)).collect()
    }

    fn repetitions(&self, n: usize) -> impl Iterator<Item = Repetition<'m>> + use<'m> {
        let field = self.field(n);
        // Most fields are empty: nothing is cut for them.
        (!field.raw.is_empty()).then(|| field.repetitions()).into_iter().flatten()
    }

    /// Returns a code.
    pub fn code(&self, n: usize) -> Option<Code> {
        self.one(n, Code::read)
    }

    /// Returns a date; one that cannot be read is a warning.
    pub fn date(&mut self, n: usize) -> Option<Ts> {
        let text = self.text(n)?;
        let date = Ts::parse(&text);
        if date.is_none() && self.problems.len() < PROBLEMS_MAX {
            let said = "the date cannot be read: send YYYYMMDD, with HHMM and an offset if known";
            let problem = Problem::warning("date-unreadable", self.segment.place_of(n), said);
            self.problems.push(problem.with(Condition::DataType));
        }
        date
    }
}
