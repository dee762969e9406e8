//! Values that cannot be: typing errors, refused at the field. Source: facts 1.3, plausibility checks \[K\].
//!
//! These are bounds of nature, not of any payer, so they stand here and not in a pack.

use crate::{Fact, Item, Milli};
use doorstep_vocab::{Date, Zone};

/// Item, least, most.
const BOUNDS: &[(&str, i64, i64)] = &[
    ("enteral.hours", 1, 24),
    ("enteral.kcal-per-day", 1, 10_000),
    ("enteral.rate", 1, 1_000),
    ("facility.icu-days", 0, 1_000),
    ("facility.inpatient-days", 0, 1_000),
    ("facility.therapies", 0, 6),
    ("facility.therapy-hours", 0, 24),
    ("facility.ventilator-hours", 0, 24_000),
    ("home-health.visits", 1, 10_000),
    ("infusion.doses", 1, 2_000),
    ("infusion.height", 5, 108),
    ("infusion.lumens", 1, 5),
    ("member.weight", 1, 1400),
    ("order.length-of-need", 1, 99),
    ("oxygen.exercise-oxygen-spo2", 50, 100),
    ("oxygen.hematocrit", 1, 80),
    ("oxygen.hours-per-day", 1, 24),
    ("oxygen.pao2", 10, 600),
    ("oxygen.rest-pao2", 10, 600),
    ("oxygen.rest-spo2", 50, 100),
    ("oxygen.spo2", 50, 100),
    ("pap.adherent-nights", 0, 30),
    ("pap.ahi", 0, 250),
    ("pap.events", 0, 5_000),
    ("pap.pressure", 3, 40),
    ("wound.change-frequency", 1, 70),
    ("wound.count", 1, 60),
    ("wound.duration", 1, 104),
    ("wound.per-change", 1, 60),
];

/// Dates of what has happened when it is recorded. Source: facts 11.1 (5), future-dated signatures \[K\].
const PAST: &[&str] = &[
    "facility.screened-at",
    "home-health.face-to-face-on",
    "npwt.measured-on",
    "order.face-to-face-on",
    "order.ordered-on",
    "order.signed-on",
    "oxygen.retest-on",
    "oxygen.test-on",
    "pap.evaluation-on",
    "pap.reevaluated-on",
    "pap.test-on",
    "wound.evaluated-on",
];

/// Returns what is wrong with a value that cannot be, in words for the person who entered it.
pub(crate) fn implausible(item: Item, fact: &Fact, today: Date) -> Option<String> {
    if !item.admits(fact) {
        return Some(
            "this is not of the kind that is recorded here: choose or enter it again".to_owned(),
        );
    }
    match fact {
        Fact::Number(number) => out_of_bounds(item, *number),
        Fact::On(date) if *date > today && PAST.contains(&item.name()) => {
            Some(format!("{date} is in the future: enter the day it happened"))
        }
        // Whose clock the day is of does not matter to an error of a day or more.
        Fact::At(at)
            if PAST.contains(&item.name())
                && today.tomorrow().is_ok_and(|next| at.date(&Zone::utc()) > next) =>
        {
            Some(format!("{at} is in the future: enter the time it happened"))
        }
        Fact::Held | Fact::Code(_) | Fact::On(_) | Fact::At(_) | Fact::Flag(_) => None,
    }
}

fn out_of_bounds(item: Item, number: Milli) -> Option<String> {
    if item.name() == "oxygen.lpm" {
        let in_bounds = (Milli(100)..=Milli::whole(15)).contains(&number);
        return (!in_bounds).then(|| "enter between 0.1 and 15 liters a minute".to_owned());
    }
    let (_, least, most) = BOUNDS.iter().find(|(name, _, _)| *name == item.name())?;
    let in_bounds = (Milli::whole(*least)..=Milli::whole(*most)).contains(&number);
    (!in_bounds).then(|| format!("{number} cannot be: enter a value between {least} and {most}"))
}

/// Returns whether an order would be signed before it was given. Source: facts 11.1 (5).
pub(crate) fn signed_too_early(signed: Option<&Fact>, ordered: Option<&Fact>) -> bool {
    matches!((signed, ordered), (Some(Fact::On(signed)), Some(Fact::On(ordered))) if signed < ordered)
}
