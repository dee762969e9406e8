//! Where a referral is read from, and the referral while it is being read.

use super::place;
use crate::Problem;
use crate::codes;
use doorstep_case::{Fact, Item, Referral};
use doorstep_vocab::{Date, Timestamp};
use doorstep_x12::{Interchange, Place, Segment, Set};

/// The set that is read, and what stands around it.
pub(super) struct Source<'a, 'f> {
    /// The interchange it came in.
    pub(super) interchange: &'a Interchange<'f>,
    /// The set.
    pub(super) set: &'a Set<'f>,
    /// When the file came in.
    pub(super) received_at: Timestamp,
    /// Its segments in order, so that a place is found without reading the set again.
    segments: Vec<Segment<'f>>,
}

impl<'a, 'f> Source<'a, 'f> {
    /// Begins reading a set.
    pub(super) fn new(
        interchange: &'a Interchange<'f>,
        set: &'a Set<'f>,
        received_at: Timestamp,
    ) -> Self {
        Self { interchange, set, received_at, segments: set.segments().collect() }
    }

    /// Returns the segments of the set, in order.
    pub(super) fn segments(&self) -> &[Segment<'f>] {
        &self.segments
    }

    /// Returns the segments of the loop whose HL stands at `hl`, without it.
    pub(super) fn within(&self, hl: &Place) -> &[Segment<'f>] {
        let from = hl.segment.unwrap_or(1);
        let start = self.segments.partition_point(|segment| segment.ordinal <= from);
        let own = &self.segments[start..];
        let end = own.iter().position(|segment| segment.is("HL")).unwrap_or(own.len());
        &own[..end]
    }

    /// Returns the words for a place.
    pub(super) fn at(&self, place: &Place) -> String {
        place::words(self.interchange, place)
    }

    /// Returns the words for an element of the first segment of a kind in the loop that begins at `near`.
    pub(super) fn find(&self, near: &Place, id: &str, element: usize) -> String {
        self.find_by(near, element, |segment| segment.is(id))
    }

    /// Returns the same for the first whose first element is `qualifier`.
    pub(super) fn qualified(
        &self,
        near: &Place,
        (id, qualifier): (&str, &str),
        element: usize,
    ) -> String {
        self.find_by(near, element, |segment| segment.is(id) && segment.text(1) == qualifier)
    }

    fn find_by(
        &self,
        near: &Place,
        element: usize,
        is_meant: impl Fn(&Segment<'f>) -> bool,
    ) -> String {
        let from = near.segment.unwrap_or(1);
        let start = self.segments.partition_point(|segment| segment.ordinal < from);
        let mut in_loop = self.segments[start..]
            .iter()
            .enumerate()
            .take_while(|(index, segment)| *index == 0 || !segment.is("HL"))
            .map(|(_, segment)| segment);
        let found = in_loop.find(|segment| is_meant(segment));
        self.at(&found
            .map_or_else(|| near.clone(), |segment| near.segment(segment))
            .element(element))
    }

    /// Returns the sender as the envelope names it, ISA06.
    pub(super) fn sender(&self) -> Option<String> {
        sender(self.interchange)
    }
}

/// Returns ISA06, who sent an interchange.
pub(super) fn sender(interchange: &Interchange<'_>) -> Option<String> {
    interchange.header.as_ref().and_then(|header| codes::text(&header.sender.id))
}

/// A referral while it is being read.
#[derive(Default)]
pub(super) struct Draft {
    /// As far as it is read.
    pub(super) referral: Referral,
    /// What is wrong in it.
    pub(super) problems: Vec<Problem>,
}

impl Draft {
    /// Records a fact; the first one said of an item stands.
    pub(super) fn fact(&mut self, name: &str, fact: Fact, as_of: Option<Date>) {
        self.referral.facts.entry(Item::named(name)).or_insert((fact, as_of));
    }

    /// Records a number as sent; says when it is none. An empty text is nothing.
    pub(super) fn number(&mut self, name: &str, sent: &str, (as_of, at): (Option<Date>, String)) {
        match Item::named(name).read(sent) {
            Some(fact) => self.fact(name, fact, as_of),
            None if sent.trim().is_empty() => {}
            None => {
                self.text(name, sent);
                let message = "the value is not a number and was kept as a note: send digits";
                self.warn("number-format", at, message);
            }
        }
    }

    /// Keeps free text under the segment it stood in.
    pub(super) fn text(&mut self, place: &str, said: &str) {
        let Some(words) = codes::words(said) else { return };
        let texts = &mut self.referral.texts;
        if !texts.iter().any(|(at, known)| at == place && *known == words) {
            texts.push((place.to_owned(), words));
        }
    }

    /// Adds a warning.
    pub(super) fn warn(&mut self, code: &str, at: String, message: &str) {
        self.problems.push(Problem::warning(code, at, message));
    }
}
