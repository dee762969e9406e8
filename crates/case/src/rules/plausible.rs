//! Values that cannot be: typing errors, refused at the field. Source: facts 1.3, plausibility checks [K].
//!
//! These are bounds of nature, not of any payer, so they stand here and not in a pack.

use crate::{Fact, Item, Milli};

/// Item, least, most.
const BOUNDS: &[(&str, i64, i64)] = &[
    ("bed.weight", 1, 1400),
    ("enteral.kcal-per-day", 1, 10_000),
    ("infusion.height", 5, 108),
    ("infusion.weight", 1, 1400),
    ("order.length-of-need", 1, 99),
    ("oxygen.hematocrit", 1, 80),
    ("oxygen.hours-per-day", 1, 24),
    ("oxygen.pao2", 10, 600),
    ("oxygen.spo2", 1, 100),
    ("pap.ahi", 0, 250),
    ("pap.events", 0, 5_000),
    ("pap.pressure", 3, 40),
    ("wheelchair.weight", 1, 1400),
    ("wound.change-frequency", 1, 70),
    ("wound.count", 1, 60),
];

/// Returns what is wrong with a value that cannot be.
pub(crate) fn implausible(item: Item, fact: &Fact) -> Option<(Item, String)> {
    let Fact::Number(number) = fact else { return None };
    if item.name() == "oxygen.lpm" {
        let in_bounds = (Milli(100)..=Milli::whole(15)).contains(number);
        return (!in_bounds).then(|| (item, "enter between 0.1 and 15 liters a minute".to_owned()));
    }
    let (_, least, most) = BOUNDS.iter().find(|(name, _, _)| *name == item.name())?;
    let in_bounds = (Milli::whole(*least)..=Milli::whole(*most)).contains(number);
    (!in_bounds)
        .then(|| (item, format!("{number} cannot be: enter a value between {least} and {most}")))
}
