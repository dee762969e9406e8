//! The views into a segment's text. Asking for what is not there gives an empty view, never an error:
//! a field left out at the end means the same as an empty one.

use std::borrow::Cow;

use memchr::memchr;

use crate::escape::unescape;
use crate::limits::{FIELDS_MAX, REPEATS_MAX};
use crate::problem::{Place, Problem};
use crate::separators::Separators;

/// One segment of a message.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'m> {
    pub(crate) raw: &'m str,
    pub(crate) separators: Separators,
    pub(crate) message: u32,
    pub(crate) position: u32,
    pub(crate) occurrence: u32,
    pub(crate) offset: usize,
}

impl<'m> Segment<'m> {
    /// Returns the three-character id.
    pub fn id(&self) -> &'m str {
        &self.raw[..3]
    }

    /// Returns the text of the whole segment, as sent.
    pub fn raw(&self) -> &'m str {
        self.raw
    }

    /// Returns which segment of the message this is, from 1.
    pub fn position(&self) -> u32 {
        self.position
    }

    /// Returns the place of the segment.
    pub fn place(&self) -> Place {
        Place {
            message: self.message,
            segment: self.position,
            occurrence: self.occurrence,
            segment_id: self.id().to_owned(),
            offset: self.offset,
            ..Place::default()
        }
    }

    /// Returns the place of a field.
    pub fn place_of(&self, field: usize) -> Place {
        Place { field: Some(u16::try_from(field).unwrap_or(u16::MAX)), ..self.place() }
    }

    /// Returns field `n`, from 1, as the standard counts: MSH-1 is the separator itself, MSH-2 the encoding characters.
    pub fn field(&self, n: usize) -> Field<'m> {
        let declares = self.declares();
        let raw = match (declares, n) {
            (_, 0) => "",
            (true, 1) => self.raw.get(3..4).unwrap_or(""),
            (true, _) => part(self.raw, self.separators.field, n - 1),
            (false, _) => part(self.raw, self.separators.field, n),
        };
        Field { raw, separators: self.separators, is_literal: declares && n <= 2 }
    }

    /// Tells whether it is a header, whose first two fields are the separators.
    pub(crate) fn declares(&self) -> bool {
        matches!(self.id(), "MSH" | "FHS" | "BHS")
    }

    /// Returns the text of a field's first repetition, first component; `None` when empty or deleted (`""`).
    pub fn text(&self, n: usize) -> Option<String> {
        self.field(n).text()
    }

    /// Tells whether an OBX carries a document, which does not count against the small size limit.
    pub(crate) fn holds_document(&self) -> bool {
        self.id() == "OBX" && crate::document::is_document(self)
    }

    /// Refuses what repeats beyond reason.
    pub(crate) fn check_bounds(&self) -> Result<(), Problem> {
        if self.raw.len() < FIELDS_MAX.min(REPEATS_MAX) {
            return Ok(());
        }
        let signs = self.separators;
        let (mut field, mut repetitions, mut components, mut subcomponents) = (0_usize, 0, 0, 0);
        for byte in self.raw.bytes() {
            if byte == signs.field {
                field += 1;
                (repetitions, components, subcomponents) = (0, 0, 0);
            } else if byte == signs.repetition {
                repetitions += 1;
                (components, subcomponents) = (0, 0);
            } else if byte == signs.component {
                components += 1;
                subcomponents = 0;
            } else if byte == signs.subcomponent {
                subcomponents += 1;
            }
            if field > FIELDS_MAX {
                let said = "the segment has too many fields";
                return Err(Problem::reject("too-many-fields", self.place(), said));
            }
            if repetitions.max(components).max(subcomponents) >= REPEATS_MAX {
                let said = "the field repeats too often";
                return Err(Problem::reject("too-many-repeats", self.place_of(field), said));
            }
        }
        Ok(())
    }
}

/// Returns part `n` of a text, from 0; empty when there are fewer. Separators are ASCII, so no character is cut.
fn part(text: &str, separator: u8, n: usize) -> &str {
    let mut rest = text;
    for _ in 0..n {
        let Some(end) = find(separator, rest.as_bytes()) else { return "" };
        rest = &rest[end + 1..];
    }
    find(separator, rest.as_bytes()).map_or(rest, |end| &rest[..end])
}

/// Bytes looked at one by one before a long search is begun; most parts end within.
const SHORT: usize = 16;

/// Finds a separator.
#[inline]
fn find(separator: u8, bytes: &[u8]) -> Option<usize> {
    let head = &bytes[..bytes.len().min(SHORT)];
    match head.iter().position(|byte| *byte == separator) {
        None if bytes.len() > SHORT => memchr(separator, &bytes[SHORT..]).map(|at| at + SHORT),
        found => found,
    }
}

/// One field; it may repeat.
#[derive(Clone, Copy, Debug)]
pub struct Field<'m> {
    pub(crate) raw: &'m str,
    pub(crate) separators: Separators,
    /// MSH-1 and MSH-2 are not cut further.
    pub(crate) is_literal: bool,
}

impl<'m> Field<'m> {
    /// Returns the text as sent.
    pub fn raw(&self) -> &'m str {
        self.raw
    }

    /// Tells whether nothing was sent.
    pub fn is_empty(&self) -> bool {
        self.raw.trim().is_empty()
    }

    /// Tells whether the sender asks to delete the value (`""`).
    pub fn is_null(&self) -> bool {
        self.raw == "\"\""
    }

    /// Returns the repetitions that hold something.
    pub fn repetitions(&self) -> impl Iterator<Item = Repetition<'m>> + use<'m> {
        let separators = self.separators;
        // A literal field has no repetitions: MSH holds no line break, so nothing is cut.
        let sign = if self.is_literal { '\r' } else { separators.repetition() };
        self.raw
            .split(sign)
            .map(move |raw| Repetition { raw, separators })
            .filter(|one| !one.is_empty())
    }

    /// Returns the text of the first repetition's first component; `None` when empty or deleted.
    pub(crate) fn text(&self) -> Option<String> {
        if self.raw.is_empty() {
            return None;
        }
        if self.is_literal { Some(self.raw.to_owned()) } else { self.first().text(1) }
    }

    /// Returns the first repetition, empty or not.
    pub fn first(&self) -> Repetition<'m> {
        let separators = self.separators;
        if self.is_literal {
            return Repetition { raw: self.raw, separators };
        }
        Repetition { raw: part(self.raw, separators.repetition, 0), separators }
    }

    /// Returns all of a text field (ST, TX, FT) with repetitions as lines; separators the sender forgot to escape stay.
    pub fn whole(&self) -> Option<String> {
        let repetitions = self.raw.split(self.separators.repetition());
        let lines: Vec<_> = repetitions.map(|one| unescape(one, self.separators)).collect();
        let text = lines.join("\n");
        let text = text.trim();
        (!text.is_empty() && !self.is_null()).then(|| text.to_owned())
    }
}

/// One repetition of a field.
#[derive(Clone, Copy, Debug)]
pub struct Repetition<'m> {
    raw: &'m str,
    separators: Separators,
}

impl<'m> Repetition<'m> {
    /// Returns the text as sent.
    pub fn raw(&self) -> &'m str {
        self.raw
    }

    /// Tells whether nothing was sent.
    pub fn is_empty(&self) -> bool {
        self.raw.trim().is_empty() || self.raw == "\"\""
    }

    /// Returns component `n`, from 1.
    pub fn component(&self, n: usize) -> Component<'m> {
        let raw = n.checked_sub(1).map_or("", |n| part(self.raw, self.separators.component, n));
        Component { raw, separators: self.separators }
    }

    /// Returns the text of component `n`'s first subcomponent; `None` when empty or deleted.
    pub fn text(&self, n: usize) -> Option<String> {
        self.component(n).text(1)
    }
}

/// One component of a repetition.
#[derive(Clone, Copy, Debug)]
pub struct Component<'m> {
    raw: &'m str,
    separators: Separators,
}

impl<'m> Component<'m> {
    /// Returns the text as sent.
    pub fn raw(&self) -> &'m str {
        self.raw
    }

    /// Returns subcomponent `n`, from 1, unescaped, as sent otherwise.
    pub fn subcomponent(&self, n: usize) -> Cow<'m, str> {
        let raw = n.checked_sub(1).map_or("", |n| part(self.raw, self.separators.subcomponent, n));
        unescape(raw, self.separators)
    }

    /// Returns subcomponent `n`, from 1, without blanks around it; `None` when empty or deleted.
    pub fn text(&self, n: usize) -> Option<String> {
        if self.raw.is_empty() {
            return None;
        }
        let text = self.subcomponent(n);
        let text = text.trim();
        (!text.is_empty() && text != "\"\"").then(|| text.to_owned())
    }

    /// Returns the component's subcomponents as a repetition of their own, the way types nest inside types.
    pub(crate) fn nested(&self) -> Repetition<'m> {
        let (component, subcomponent) = (self.separators.subcomponent, self.separators.component);
        let separators = Separators { component, subcomponent, ..self.separators };
        Repetition { raw: self.raw, separators }
    }
}
