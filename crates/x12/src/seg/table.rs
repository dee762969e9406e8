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

/// One element of one segment, with where to note what is wrong with it.
pub(crate) struct Source<'s, 'a, 'n> {
    pub segment: &'s Segment<'a>,
    pub notes: &'n mut Notes,
}

/// What can stand as an element.
pub(crate) trait Element: Sized {
    /// Reads it; anything can be read, what is wrong is noted.
    fn read(source: &mut Source<'_, '_, '_>, rule: Rule) -> Self;
    /// Writes it at position `n`.
    fn write(&self, n: usize, writer: &mut Writer);
}

/// What can stand as one of several components.
pub(crate) trait Components: Sized {
    /// Reads it from its parts.
    fn from_parts(parts: Vec<String>, place: &Place, notes: &mut Notes) -> Self;
    /// Returns its parts.
    fn parts(&self) -> Vec<&str>;
}

impl Element for String {
    fn read(source: &mut Source<'_, '_, '_>, rule: Rule) -> Self {
        let text = source.segment.text(rule.n).into_owned();
        let place = source.notes.place.segment(source.segment).element(rule.n);
        check(&text, rule, &place, source.notes);
        text
    }

    fn write(&self, n: usize, writer: &mut Writer) {
        writer.element(n, self);
    }
}

impl Element for Vec<String> {
    fn read(source: &mut Source<'_, '_, '_>, rule: Rule) -> Self {
        let place = source.notes.place.segment(source.segment).element(rule.n);
        let texts =
            source.segment.repetitions(rule.n).map(|part| decode(part.trim_ascii()).into_owned());
        let texts: Self = texts.filter(|text| !text.is_empty()).collect();
        for text in &texts {
            check(text, rule, &place, source.notes);
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
        let place = source.notes.place.segment(source.segment).element(rule.n);
        let element = source.segment.element(rule.n);
        if element.trim_ascii().is_empty() {
            check("", rule, &place, source.notes);
        }
        let parts = source.segment.components(element);
        let parts = parts.map(|part| decode(part.trim_ascii()).into_owned()).collect();
        T::from_parts(parts, &place, source.notes)
    }

    fn write(&self, n: usize, writer: &mut Writer) {
        writer.composite(n, &self.parts());
    }
}

/// Notes what is wrong with the length of one value; lengths are warnings, since the value was read all the same.
pub(crate) fn check(text: &str, rule: Rule, place: &Place, notes: &mut Notes) {
    let length = text.chars().count();
    if length == 0 {
        if rule.must {
            notes.warn(Code::ElementMissing, place.clone(), "the element is missing");
        }
    } else if length < rule.min {
        let message =
            format!("the element has {length} characters, at least {} are asked", rule.min);
        notes.warn(Code::ElementTooShort, place.clone(), message);
    } else if length > rule.max {
        let message =
            format!("the element has {length} characters, at most {} are taken", rule.max);
        notes.warn(Code::ElementTooLong, place.clone(), message);
    }
}

/// Notes elements past the last one of the segment.
pub(crate) fn check_count(segment: &Segment<'_>, most: usize, notes: &mut Notes) {
    let n_elements = segment.elements().count();
    if n_elements > most && segment.elements().skip(most).any(|element| !element.is_empty()) {
        let place = notes.place.segment(segment).element(most + 1);
        notes.warn(
            Code::ElementTooMany,
            place,
            format!("the segment has {n_elements} elements, at most {most}"),
        );
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
                use $crate::seg::table::{Element, Rule, Source, check_count};
                check_count(segment, $most, notes);
                let mut source = Source { segment, notes };
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
            fn from_parts(parts: Vec<String>, place: &$crate::problem::Place, notes: &mut $crate::problem::Notes) -> Self {
                use $crate::seg::table::{Rule, check};
                let mut parts = parts.into_iter();
                Self {
                    $($field: {
                        let text = parts.next().unwrap_or_default();
                        let rule = Rule { n: $n, must: false, min: $min, max: $max };
                        check(&text, rule, &place.component($n), notes);
                        text
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
