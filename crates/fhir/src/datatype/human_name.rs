//! Names of people.

use super::{Datatype, Period, hidden_debug};
use crate::json::Node;

/// `HumanName`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct HumanName<'t> {
    /// `use`: usual, official, temp, nickname, anonymous, old, maiden.
    pub usage: Option<&'t str>,
    /// `text`, the whole name.
    pub text: Option<&'t str>,
    /// `family`.
    pub family: Option<&'t str>,
    /// `given`, first and middle names.
    pub given: Vec<&'t str>,
    /// `prefix`.
    pub prefix: Vec<&'t str>,
    /// `suffix`.
    pub suffix: Vec<&'t str>,
    /// `period`, when the name was in use.
    pub period: Option<Period<'t>>,
}

hidden_debug!(HumanName);

impl<'t> HumanName<'t> {
    /// Returns the name to call a person by: official first, then usual, then any in use, then any.
    ///
    /// A name whose period has an end comes after one without.
    pub fn preferred<'n>(names: &'n [HumanName<'t>]) -> Option<&'n HumanName<'t>> {
        names.iter().min_by_key(|name| {
            let usage = match name.usage {
                Some("official") => 0,
                Some("usual") => 1,
                None => 2,
                Some("old" | "maiden") => 4,
                Some(_) => 3,
            };
            (name.period.is_some_and(|period| period.end.is_some()), usage)
        })
    }
}

impl<'t> Datatype<'t> for HumanName<'t> {
    fn read(node: Node<'t>) -> Self {
        Self {
            usage: node.text("use"),
            text: node.text("text"),
            family: node.text("family"),
            given: node.texts("given").collect(),
            prefix: node.texts("prefix").collect(),
            suffix: node.texts("suffix").collect(),
            period: node.one("period"),
        }
    }
}
