//! Reads the fields of one segment into types and notes the dates that cannot be read.

use crate::limits::PROBLEMS_MAX;
use crate::problem::{Condition, Problem};
use crate::segment::{Repetition, Segment};
use crate::types::{Code, Ts};

/// A segment and the list its problems go to.
pub(crate) struct Fields<'m, 'p> {
    pub segment: Segment<'m>,
    pub problems: &'p mut Vec<Problem>,
}

impl<'m> Fields<'m, '_> {
    /// Returns the first component of a field.
    pub fn text(&self, n: usize) -> Option<String> {
        self.segment.text(n)
    }

    /// Returns all of a text field.
    pub fn whole(&self, n: usize) -> Option<String> {
        self.segment.field(n).whole()
    }

    /// Returns the first repetition in a type.
    pub fn one<T>(&self, n: usize, read: impl Fn(&Repetition<'m>) -> Option<T>) -> Option<T> {
        self.all(n, read).into_iter().next()
    }

    /// Returns all repetitions in a type.
    pub fn all<T>(&self, n: usize, read: impl Fn(&Repetition<'m>) -> Option<T>) -> Vec<T> {
        self.segment.field(n).repetitions().filter_map(|one| read(&one)).collect()
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
