//! Named checks that a pack may ask for: one file each, one list.

mod enteral;
mod face_to_face;
mod facility;
mod infusion;
mod npwt;
mod oxygen;
mod pap;
mod plausible;
mod quantity;
mod retest;
mod weight;

pub(crate) use plausible::{implausible, signed_too_early};

use crate::{Case, Fact, Item, Line, Milli};
use doorstep_vocab::{Date, Time, Timestamp, Zone};
use std::collections::BTreeMap;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The order qualifies.
    Met,
    /// These are not known, and without them nothing can be said.
    Unknown(Vec<Wanted>),
    /// It does not qualify, and why.
    NotMet(String),
    /// Nothing that is sent helps, for the requirement's own reason.
    NotCovered,
}

/// Something that a check has to know first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What.
    pub item: Item,
    /// Why, where it is not the requirement's own reason.
    pub why: Option<String>,
}

impl Wanted {
    fn named(name: &str) -> Self {
        Self { item: Item::named(name), why: None }
    }

    fn because(name: &str, why: String) -> Self {
        Self { item: Item::named(name), why: Some(why) }
    }
}

impl Verdict {
    /// Returns what is found when these have to be known first.
    fn unknown(names: &[&str]) -> Self {
        Self::Unknown(names.iter().map(|name| Wanted::named(name)).collect())
    }

    fn not_met(words: impl Into<String>) -> Self {
        Self::NotMet(words.into())
    }
}

/// A check's numbers, from the pack that names it, so that each has its source and date there.
pub type Values = BTreeMap<String, Milli>;

/// A named check.
pub struct Rule {
    /// The name that packs write.
    pub name: &'static str,
    /// The names of the numbers that the pack has to give it.
    pub needs: &'static [&'static str],
    /// Whether the pack gives it limits by code, `K0006-above` and `E0303-max`.
    pub by_code: bool,
    /// The check.
    pub check: Check,
}

type Check = fn(&Case, &Line, &Values) -> Verdict;

const fn rule(name: &'static str, needs: &'static [&'static str], check: Check) -> Rule {
    Rule { name, needs, by_code: false, check }
}

const fn by_code(name: &'static str, check: Check) -> Rule {
    Rule { name, needs: &[], by_code: true, check }
}

/// Every check.
pub const RULES: &[Rule] = &[
    rule("enteral-units", enteral::NEEDS, enteral::units),
    rule("face-to-face-around-start", face_to_face::START_NEEDS, face_to_face::around_start),
    rule("face-to-face-before-order", face_to_face::ORDER_NEEDS, face_to_face::before_order),
    rule("face-to-face-before-start", face_to_face::EQUIPMENT_NEEDS, face_to_face::before_start),
    rule("facility-inpatient-stay", facility::STAY_NEEDS, facility::inpatient_stay),
    rule("facility-intensive-therapy", facility::THERAPY_NEEDS, facility::intensive_therapy),
    rule("facility-long-term", facility::LONG_TERM_NEEDS, facility::long_term),
    rule("facility-screened", facility::SCREEN_NEEDS, facility::screened),
    rule("infusion-ends", &[], infusion::ends),
    rule("infusion-next-dose", &[], infusion::next_dose),
    rule("infusion-tip-confirmed", &[], infusion::tip_confirmed),
    rule("not-covered", &[], |_, _, _| Verdict::NotCovered),
    rule("npwt-months", npwt::MONTHS_NEEDS, npwt::months),
    rule("npwt-prior-program", npwt::NEEDS, npwt::prior_program),
    rule("oxygen-portable", &[], oxygen::portable),
    rule("oxygen-qualifies", oxygen::NEEDS, oxygen::qualifies),
    rule("oxygen-retest", retest::NEEDS, retest::retested),
    rule("oxygen-stationary", oxygen::STATIONARY_NEEDS, oxygen::stationary),
    rule("oxygen-test-timing", oxygen::TIMING_NEEDS, oxygen::test_timing),
    rule("pap-adherent", pap::ADHERENCE_NEEDS, pap::adherent),
    rule("pap-evaluated-first", &[], pap::evaluated_first),
    rule("pap-qualifies", pap::NEEDS, pap::qualifies),
    rule("pap-reevaluated", pap::WINDOW_NEEDS, pap::reevaluated),
    rule("quantity-stated", &[], quantity::stated),
    by_code("quantity-within", quantity::within),
    by_code("quantity-within-per-wound", quantity::within_per_wound),
    by_code("weight-fits", weight::fits),
];

/// Returns the check of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

pub use oxygen::{Group, group as oxygen_group};

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

/// Returns the first and the last instant that an item may mean: one instant, or a day of `zone`.
fn span(case: &Case, item: &str, zone: &Zone) -> Option<(Timestamp, Timestamp)> {
    match case.known.get(&Item::named(item))?.fact {
        Fact::At(at) => Some((at, at)),
        Fact::On(on) => Some((zone.instant(on.to_datetime(Time::midnight())), zone.end_of_day(on))),
        _ => None,
    }
}

/// Returns the day that a known item speaks of.
fn as_of(case: &Case, item: &str) -> Option<Date> {
    case.known.get(&Item::named(item))?.as_of
}

/// Returns the names of the items that are not known.
fn absent<'n>(case: &Case, names: &[&'n str]) -> Vec<&'n str> {
    names.iter().copied().filter(|name| !case.known.contains_key(&Item::named(name))).collect()
}

/// Returns a declared number: completeness asks no check whose numbers are not all there.
fn value(values: &Values, name: &str) -> Milli {
    values.get(name).copied().unwrap_or_else(|| panic!("the check was not given {name}"))
}

/// Returns a declared number of whole units.
fn whole(values: &Values, name: &str) -> i64 {
    value(values, name).0 / 1000
}
