//! Measurements by LOINC code, in the unit of their item.
//!
//! A value whose unit is missing or is not one of the quantity's is not taken: a pressure of 8 may be kilopascals.

use crate::Problem;
use doorstep_case::{Fact, Item, ItemKind, Milli};

/// What a measurement supplies: one item, or several that are the same measure.
pub(crate) type Measured = Vec<(Item, Fact)>;

/// LOINC code and the items of it. Source: LOINC [K].
const CODES: &[(&str, &[&str])] = &[
    ("59408-5", &["oxygen.spo2"]),
    ("2708-6", &["oxygen.spo2"]),
    ("2703-7", &["oxygen.pao2"]),
    ("3151-8", &["oxygen.lpm"]),
    ("4544-3", &["oxygen.hematocrit"]),
    ("32354-3", &["oxygen.hematocrit"]),
    ("20570-8", &["oxygen.hematocrit"]),
    ("8302-2", &["infusion.height"]),
    ("29463-7", WEIGHT),
    ("3141-9", WEIGHT),
];

const WEIGHT: &[&str] = &["bed.weight", "infusion.weight", "wheelchair.weight"];

/// Multiplied and divided, a unit becomes the item's own. Factors are exact but for kPa. Source: NIST SP 811 [K].
const UNITS: &[(&str, &str, i128, i128)] = &[
    ("%", "%", 1, 1),
    ("percent", "%", 1, 1),
    ("pct", "%", 1, 1),
    ("{percent}", "%", 1, 1),
    ("mm[hg]", "mmHg", 1, 1),
    ("mmhg", "mmHg", 1, 1),
    ("mm hg", "mmHg", 1, 1),
    ("kpa", "mmHg", 750_062, 100_000),
    ("l/min", "L/min", 1, 1),
    ("lpm", "L/min", 1, 1),
    ("lb", "lb", 1, 1),
    ("lbs", "lb", 1, 1),
    ("[lb_av]", "lb", 1, 1),
    ("kg", "lb", 100_000_000, 45_359_237),
    ("kgs", "lb", 100_000_000, 45_359_237),
    ("g", "lb", 100_000, 45_359_237),
    ("in", "in", 1, 1),
    ("[in_i]", "in", 1, 1),
    ("inches", "in", 1, 1),
    ("cm", "in", 100, 254),
    ("m", "in", 10_000, 254),
];

/// Reads a measurement. `None` when the code is not one of ours; the problem says why a value was not taken.
pub(crate) fn measure(
    loinc: &str,
    value: &str,
    unit: &str,
    at: &str,
) -> Option<Result<Measured, Problem>> {
    let (_, names) = CODES.iter().find(|(code, _)| *code == loinc.trim())?;
    let items = names.iter().map(|name| Item::named(name));
    let read: Option<Measured> =
        items.map(|item| Some((item, convert(item, value, unit)?))).collect();
    Some(read.ok_or_else(|| {
        let message =
            "the measurement has no number in a unit we know and was left out: send value and unit";
        Problem::warning("measurement-unit", at, message)
    }))
}

fn convert(item: Item, value: &str, unit: &str) -> Option<Fact> {
    let ItemKind::Number(own) = item.kind() else { return None };
    let unit = unit.trim().to_ascii_lowercase();
    let (_, _, times, by) = UNITS.iter().find(|(said, of, _, _)| *said == unit && *of == own)?;
    let Milli(thousandths) = Milli::parse(value)?;
    let scaled = (i128::from(thousandths) * times + by / 2) / by;
    i64::try_from(scaled).ok().map(|milli| Fact::Number(Milli(milli)))
}
