//! Interchanges, groups and sets of a file, by byte range; the data of a set stays where it is.
//!
//! A problem stands with the smallest thing it is about: a bad set refuses itself, a bad group its sets, a bad
//! interchange everything in it. [`Interchange::set_verdict`] is the answer that counts.
//!
//! **Invariant:** what is refused here is said to be refused by [`crate::ta1`] and [`crate::ack999`], and the reverse.

mod build;
mod checks;
mod seen;
mod stream;

use std::ops::Range;

use crate::problem::{Level, Place, Problem, push_bounded};
use crate::read::Segments;
use crate::token::Delimiters;

pub use build::read;
pub use stream::{Part, SET_BYTES_MAX, read_from};

/// The largest file read, in bytes. Source: limits of the X12 door.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;
/// The longest segment taken, in bytes; binary data is not counted. Source: limits of the X12 door.
pub const MAX_SEGMENT_BYTES: usize = 64 * 1024;
/// Sets taken from one file; groups and interchanges have the same bound. Source: limits of the X12 door.
pub const MAX_SETS: usize = 10_000;

/// Everything in one file.
#[derive(Clone, Debug, Default)]
pub struct Transmission<'a> {
    /// The interchanges in order; a file that begins with GS or ST has one without header.
    pub interchanges: Vec<Interchange<'a>>,
    /// What is wrong with the file as a whole.
    pub problems: Vec<Problem>,
}

/// From ISA to IEA.
#[derive(Clone, Debug)]
pub struct Interchange<'a> {
    /// Where it begins.
    pub place: Place,
    /// The ISA; absent in a file that begins with GS or ST.
    pub header: Option<Isa>,
    /// How it is cut.
    pub delimiters: Delimiters,
    /// The groups in order.
    pub groups: Vec<Group<'a>>,
    /// The answers to interchanges we sent.
    pub answers: Vec<Ta1>,
    /// What is wrong with the envelope itself.
    pub problems: Vec<Problem>,
}

/// The header of an interchange, each element without its padding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Isa {
    /// ISA05 and ISA06, who sends.
    pub sender: Endpoint,
    /// ISA07 and ISA08, who receives.
    pub receiver: Endpoint,
    /// ISA09, the date as year, month and day of two digits each.
    pub date: String,
    /// ISA10, the time as hour and minute.
    pub time: String,
    /// ISA12, the version of the envelope, 5 digits.
    pub version: String,
    /// ISA13, the control number, 9 digits.
    pub control: String,
    /// ISA14, `1` when the sender asks for a TA1.
    pub ack_requested: String,
    /// ISA15, `P` production or `T` test.
    pub usage: String,
}

/// One end of an interchange.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// What kind of identifier it is, 2 characters.
    pub qualifier: String,
    /// The identifier, at most 15 characters.
    pub id: String,
}

/// A TA1 that was received: what became of an interchange we sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ta1 {
    /// TA101, the control number of that interchange.
    pub control: String,
    /// TA102, its date.
    pub date: String,
    /// TA103, its time.
    pub time: String,
    /// TA104, `A` accepted, `E` accepted with errors, `R` refused.
    pub verdict: String,
    /// TA105, why, 3 digits.
    pub note: String,
}

/// From GS to GE.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// Where it begins.
    pub place: Place,
    /// The GS; absent around sets that stand outside a group.
    pub header: Option<Gs>,
    /// GE01, how many sets the sender says there are; absent when it is not a number.
    pub stated_sets: Option<u32>,
    /// The sets in order.
    pub sets: Vec<Set<'a>>,
    /// What is wrong with the group itself.
    pub problems: Vec<Problem>,
}

/// The header of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gs {
    /// GS01, what kind of sets, e.g. `HI` for reviews of services, 2 letters.
    pub functional_id: String,
    /// GS02, the code of the sending application, 2-15 characters.
    pub sender: String,
    /// GS03, the code of the receiving application, 2-15 characters.
    pub receiver: String,
    /// GS04, the date, 8 digits.
    pub date: String,
    /// GS05, the time, 4-8 digits.
    pub time: String,
    /// GS06, the control number, 1-9 digits.
    pub control: String,
    /// GS08, version and guide, 1-12 characters.
    pub version: String,
}

/// From ST to SE.
#[derive(Clone, Debug)]
pub struct Set<'a> {
    /// Where it begins.
    pub place: Place,
    /// ST01, the kind of set, 3 digits.
    pub id: String,
    /// ST02, the control number, 4-9 characters.
    pub control: String,
    /// ST03, the guide, as sent; empty before version 00501.
    pub guide: String,
    /// ST03, or GS08 when the set does not say.
    pub version: String,
    /// How many segments there are, ST and SE included.
    pub n_segments: usize,
    /// Where it stands in the file, ST to SE, in bytes.
    pub range: Range<usize>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    pub(crate) file: &'a [u8],
    /// Where in the transmission the file's bytes begin, when it is read in pieces.
    pub(crate) base: usize,
    pub(crate) delimiters: Delimiters,
}

/// What becomes of a set, a group or an interchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Taken.
    Accepted,
    /// Taken, with something to mend next time.
    WithErrors,
    /// Not taken.
    Rejected,
}

impl<'a> Set<'a> {
    /// Returns its segments; ST has ordinal 1.
    pub fn segments(&self) -> Segments<'a> {
        let (from, to) = (self.range.start - self.base, self.range.end - self.base);
        Segments::within((&self.file[..to], self.base), from, self.delimiters)
    }

    /// Returns its bytes as received.
    pub fn bytes(&self) -> &'a [u8] {
        &self.file[self.range.start - self.base..self.range.end - self.base]
    }

    /// Returns how the set is cut.
    pub fn delimiters(&self) -> Delimiters {
        self.delimiters
    }
}

impl Group<'_> {
    /// Returns what becomes of the group on its own account, without its sets.
    pub fn own_verdict(&self) -> Verdict {
        worst(&self.problems)
    }

    /// Returns whether it holds acknowledgements, which are never acknowledged by a 999.
    pub fn is_acknowledgement(&self) -> bool {
        self.header.as_ref().is_some_and(|header| header.functional_id == "FA")
            || (!self.sets.is_empty()
                && self.sets.iter().all(|set| matches!(set.id.as_str(), "997" | "999")))
    }
}

impl Interchange<'_> {
    /// Returns what becomes of the interchange on its own account, without groups and sets.
    pub fn verdict(&self) -> Verdict {
        worst(&self.problems)
    }

    /// Returns what becomes of one set, in view of its group and interchange too; absent sets are refused.
    pub fn set_verdict(&self, group: usize, set: usize) -> Verdict {
        let Some(found) = self.groups.get(group) else { return Verdict::Rejected };
        let Some(set) = found.sets.get(set) else { return Verdict::Rejected };
        let around = self.verdict().max(found.own_verdict());
        if around == Verdict::Rejected { Verdict::Rejected } else { worst(&set.problems) }
    }

    /// Adds problems found by a reader of sets to the sets they are about, before acknowledging.
    pub fn note(&mut self, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            let group = problem.at.group.and_then(|group| self.groups.get_mut(group));
            match (group, problem.at.set) {
                (None, _) => push_bounded(&mut self.problems, problem),
                (Some(group), None) => push_bounded(&mut group.problems, problem),
                (Some(group), Some(set)) => match group.sets.get_mut(set) {
                    Some(set) => push_bounded(&mut set.problems, problem),
                    None => push_bounded(&mut group.problems, problem),
                },
            }
        }
    }

    /// Returns every problem in it: its own, then each group's and set's in order.
    pub fn all_problems(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().chain(self.groups.iter().flat_map(|group| {
            group.problems.iter().chain(group.sets.iter().flat_map(|set| set.problems.iter()))
        }))
    }
}

impl Transmission<'_> {
    /// Returns every problem in the file.
    pub fn all_problems(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().chain(self.interchanges.iter().flat_map(Interchange::all_problems))
    }
}

/// Returns what a list of problems means for what it is about.
pub(crate) fn worst(problems: &[Problem]) -> Verdict {
    match problems.iter().map(|problem| problem.level).max() {
        None => Verdict::Accepted,
        Some(Level::Warning) => Verdict::WithErrors,
        Some(Level::Error) => Verdict::Rejected,
    }
}
