//! Named checks that a pack may ask for: one file each, one list.

mod face_to_face;
mod oxygen;
mod pap;
mod plausible;
mod weight;

pub(crate) use plausible::{implausible, signed_too_early};

use crate::{Case, Fact, Item, Line, Milli};
use doorstep_vocab::Date;
use std::collections::BTreeMap;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The order qualifies.
    Met,
    /// Something it needs to know is missing.
    Unknown,
    /// It does not qualify, and why.
    NotMet(String),
}

/// A check's numbers, from the pack that names it, so that each has its source and date there.
pub type Values = BTreeMap<String, Milli>;

/// A named check.
pub struct Rule {
    /// The name that packs write.
    pub name: &'static str,
    /// The names of the numbers that the pack has to give it.
    pub needs: &'static [&'static str],
    /// The check.
    pub check: fn(&Case, &Line, &Values) -> Verdict,
}

/// Every check.
pub const RULES: &[Rule] = &[
    Rule {
        name: "face-to-face-around-start",
        needs: face_to_face::START_NEEDS,
        check: face_to_face::around_start,
    },
    Rule {
        name: "face-to-face-before-order",
        needs: face_to_face::ORDER_NEEDS,
        check: face_to_face::before_order,
    },
    Rule { name: "oxygen-qualifies", needs: oxygen::NEEDS, check: oxygen::qualifies },
    Rule { name: "oxygen-test-timing", needs: oxygen::TIMING_NEEDS, check: oxygen::test_timing },
    Rule { name: "pap-qualifies", needs: pap::NEEDS, check: pap::qualifies },
    Rule { name: "weight-fits", needs: weight::NEEDS, check: weight::fits },
];

/// Returns the check of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

pub use oxygen::Group;

fn number(case: &Case, item: &str) -> Option<Milli> {
    match case.known.get(&Item::named(item))?.fact {
        Fact::Number(number) => Some(number),
        _ => None,
    }
}

fn flag(case: &Case, item: &str) -> Option<bool> {
    match case.known.get(&Item::named(item))?.fact {
        Fact::Flag(flag) => Some(flag),
        _ => None,
    }
}

fn code<'a>(case: &'a Case, item: &str) -> Option<&'a str> {
    match &case.known.get(&Item::named(item))?.fact {
        Fact::Code(code) => Some(code),
        _ => None,
    }
}

fn date(case: &Case, item: &str) -> Option<Date> {
    match case.known.get(&Item::named(item))?.fact {
        Fact::On(date) => Some(date),
        _ => None,
    }
}

/// Returns a declared number. Packs are checked to give every one, so an absent one means nothing can be said.
fn value(values: &Values, name: &str) -> Option<Milli> {
    values.get(name).copied()
}
