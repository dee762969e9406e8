//! The two table macros by which a segment or a composite is written down once and then both read and written.

use crate::problem::{Code, Notes, Place};
use crate::token::{Segment, decode};
use crate::write::Writer;

/// What the guide asks of one element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Position, from 1.
    pub n: usize,
    /// Whether it must be there.
    pub must: bool,
    /// Fewest characters.
    pub min: usize,
    /// Most characters.
    pub max: usize,
}

/// A segment that is cut, with where to note what is wrong with it.
pub(crate) struct Source<'s, 'a, 'n> {
    pub segment: &'s Segment<'a>,
    /// The elements in order, from the first after the id; empty where none was sent.
    pub elements: &'s [&'a [u8]],
    pub notes: &'n mut Notes,
}

impl<'a> Source<'_, 'a, '_> {
    /// Returns the element at a position, from 1.
    fn element(&self, n: usize) -> &'a [u8] {
        self.elements.get(n - 1).copied().unwrap_or_default()
    }

    /// Notes what is wrong with the length of one value; lengths are warnings, since the value was read all the same.
    /// Most values are as they should be, so the place is made only for those that are not.
    fn check(&mut self, text: &str, rule: Rule, place: impl FnOnce(Place) -> Place) {
        // A text has at most as many characters as bytes.
        if (1..=rule.max).contains(&text.len()) && (rule.min <= 1 || text.len() >= 4 * rule.min) {
            return;
        }
        let length = text.chars().count();
        let (code, message) = match length {
            0 if rule.must => (Code::ElementMissing, "the element is missing".to_owned()),
            0 => return,
            _ if length < rule.min => (
                Code::ElementTooShort,
                format!("the element has {length} characters, at least {} are asked", rule.min),
            ),
            _ if length > rule.max => (
                Code::ElementTooLong,
                format!("the element has {length} characters, at most {} are taken", rule.max),
            ),
            _ => return,
        };
        let at = place(self.notes.place.segment(self.segment));
        self.notes.warn(code, at, message);
    }
}

/// What can stand as an element.
pub(crate) trait Element: Sized {
    /// Reads it; anything can be read, what is wrong is noted.
    fn read(source: &mut Source<'_, '_, '_>, rule: Rule) -> Self;
    /// Writes it at position `n`.
    fn write(&self, n: usize, writer: &mut Writer);
}

/// What can stand as one of several components.
pub(crate) trait Components: Default {
    /// Reads it from its parts.
    fn from_parts<'a>(parts: impl Iterator<Item = &'a [u8]>, note: impl FnMut(&str, Rule)) -> Self;
    /// Returns its parts.
    fn parts(&self) -> Vec<&str>;
}

impl Element for String {
    fn read(source: &mut Source<'_, '_, '_>, rule: Rule) -> Self {
        let element = source.element(rule.n);
        if element.is_empty() && !rule.must {
            return Self::new();
        }
        let text = decode(element.trim_ascii());
        source.check(&text, rule, |at| at.element(rule.n));
        text.into_owned()
    }

    fn write(&self, n: usize, writer: &mut Writer) {
        writer.element(n, self);
    }
}

impl Element for Vec<String> {
    fn read(source: &mut Source<'_, '_, '_>, rule: Rule) -> Self {
        if source.element(rule.n).is_empty() {
            return Self::new();
        }
        let repetitions = source.segment.repeated(source.element(rule.n));
        let texts = repetitions.map(|part| decode(part.trim_ascii()).into_owned());
        let texts: Self = texts.filter(|text| !text.is_empty()).collect();
        for text in &texts {
            source.check(text, rule, |at| at.element(rule.n));
        }
        texts
    }

    fn write(&self, n: usize, writer: &mut Writer) {
        let single: Vec<[&str; 1]> = self.iter().map(|text| [text.as_str()]).collect();
        let repetitions: Vec<&[&str]> = single.iter().map(<[&str; 1]>::as_slice).collect();
        writer.repeated(n, &repetitions);
    }
}

impl<T: Components> Element for T {
    fn read(source: &mut Source<'_, '_, '_>, rule: Rule) -> Self {
        let element = source.element(rule.n);
        if element.trim_ascii().is_empty() {
            source.check("", rule, |at| at.element(rule.n));
            return T::default();
        }
        let parts = source.segment.components(element);
        T::from_parts(parts, |text, part| {
            source.check(text, part, |at| at.element(rule.n).component(part.n));
        })
    }

    fn write(&self, n: usize, writer: &mut Writer) {
        writer.composite(n, &self.parts());
    }
}

/// Cuts a segment into its elements, once for all of them; notes elements past the last one of the segment.
pub(crate) fn cut<'a>(segment: &Segment<'a>, elements: &mut [&'a [u8]], notes: &mut Notes) {
    let most = elements.len();
    let mut sent = segment.elements();
    for (place, element) in elements.iter_mut().zip(sent.by_ref()) {
        *place = element;
    }
    let (mut n_more, mut is_filled) = (0, false);
    for element in sent {
        n_more += 1;
        is_filled |= !element.is_empty();
    }
    if is_filled {
        let place = notes.place.segment(segment).element(most + 1);
        let message = format!("the segment has {} elements, at most {most}", most + n_more);
        notes.warn(Code::ElementTooMany, place, message);
    }
}

/// Writes down a segment: fields in order, each with its position, whether it must be there, and its lengths.
///
/// `Debug` prints the name only: any field may say who somebody is or what ails them.
macro_rules! segment {
    ($(#[$doc:meta])* $name:ident $id:literal of $most:literal {
        $($(#[$about:meta])* $n:literal $need:ident $min:literal..=$max:literal $field:ident: $kind:ty,)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Default)]
        pub struct $name { $($(#[$about])* pub $field: $kind,)+ }

        impl $name {
            /// Its segment id.
            pub const ID: &'static str = $id;

            /// Reads it from a segment; what is wrong with an element is noted and the element read all the same.
            pub fn read(segment: &$crate::token::Segment<'_>, notes: &mut $crate::problem::Notes) -> Self {
                use $crate::seg::table::{Element, Rule, Source, cut};
                let mut elements: [&[u8]; $most] = [&[]; $most];
                cut(segment, &mut elements, notes);
                let mut source = Source { segment, elements: &elements, notes };
                Self {
                    $($field: {
                        let must = stringify!($need).len() == "must".len();
                        <$kind as Element>::read(&mut source, Rule { n: $n, must, min: $min, max: $max })
                    },)+
                }
            }

            /// Writes it.
            pub fn write(&self, writer: &mut $crate::write::Writer) {
                writer.begin($id);
                $($crate::seg::table::Element::write(&self.$field, $n, writer);)+
                writer.end();
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(‹phi›)"))
            }
        }
    };
}

/// Writes down a composite: fields in the order of their components, from the first.
macro_rules! composite {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$about:meta])* $n:literal $min:literal..=$max:literal $field:ident,)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Default)]
        pub struct $name { $($(#[$about])* pub $field: String,)+ }

        impl $crate::seg::table::Components for $name {
            fn from_parts<'a>(
                mut parts: impl Iterator<Item = &'a [u8]>,
                mut note: impl FnMut(&str, $crate::seg::table::Rule),
            ) -> Self {
                Self {
                    $($field: {
                        let text = $crate::token::decode(parts.next().unwrap_or_default().trim_ascii());
                        note(&text, $crate::seg::table::Rule { n: $n, must: false, min: $min, max: $max });
                        text.into_owned()
                    },)+
                }
            }

            fn parts(&self) -> Vec<&str> {
                vec![$(self.$field.as_str(),)+]
            }
        }

        impl $name {
            /// Returns whether no component has a value.
            pub fn is_empty(&self) -> bool {
                true $(&& self.$field.is_empty())+
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(‹phi›)"))
            }
        }
    };
}

pub(crate) use {composite, segment};
