//! Measurements by LOINC code, in the unit of their item: one table for every door.
//!
//! A value whose unit is missing or is not one of the quantity's is not taken: a pressure of 8 may be kilopascals.

use crate::Problem;
use doorstep_case::{Fact, Item, ItemKind, Milli};

/// What a measurement supplies: one item, or several that are the same measure.
pub(crate) type Measured = Vec<(Item, Fact)>;

/// A LOINC code that means an item.
pub(super) struct Row {
    /// The code.
    pub(super) loinc: &'static str,
    /// The items it is a value of.
    pub(super) items: &'static [&'static str],
    /// The condition that the code itself says the member was in.
    pub(super) condition: Option<&'static str>,
    /// The item of the day of its test.
    pub(super) test_on: Option<&'static str>,
}

const fn row(loinc: &'static str, items: &'static [&'static str]) -> Row {
    Row { loinc, items, condition: None, test_on: None }
}

const fn test(loinc: &'static str, item: &'static [&'static str], on: &'static str) -> Row {
    Row { loinc, items: item, condition: None, test_on: Some(on) }
}

const fn saturation(loinc: &'static str, condition: &'static str) -> Row {
    Row { condition: Some(condition), ..test(loinc, SPO2, OXYGEN_ON) }
}

const SPO2: &[&str] = &["oxygen.spo2"];
const HEMATOCRIT: &[&str] = &["oxygen.hematocrit"];
const WEIGHT: &[&str] = &["member.weight"];
const OXYGEN_ON: &str = "oxygen.test-on";
/// Flow of inhaled oxygen.
pub(crate) const FLOW: &str = "3151-8";

/// Source: LOINC \[K\]; the saturations, the pressure and the hematocrit also facts 3.5. Saturation of blood that is not said
/// to be arterial (20564-1) is what many laboratories report for an arterial sample \[K\].
const CODES: &[Row] = &[
    test("59408-5", SPO2, OXYGEN_ON),
    test("2708-6", SPO2, OXYGEN_ON),
    test("20564-1", SPO2, OXYGEN_ON),
    saturation("59417-6", "rest"),
    saturation("89276-0", "exercise"),
    test("2703-7", &["oxygen.pao2"], OXYGEN_ON),
    row(FLOW, &["oxygen.lpm"]),
    row("4544-3", HEMATOCRIT),
    row("32354-3", HEMATOCRIT),
    row("20570-8", HEMATOCRIT),
    test("69990-0", &["pap.ahi"], "pap.test-on"),
    row("8302-2", &["infusion.height"]),
    row("29463-7", WEIGHT),
    row("3141-9", WEIGHT),
];

/// Multiplied and divided, a unit becomes the item's own. Factors are exact but for kPa. Source: NIST SP 811 \[K\].
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
    ("/h", "events/h", 1, 1),
    ("1/h", "events/h", 1, 1),
    ("{events}/h", "events/h", 1, 1),
    ("events/h", "events/h", 1, 1),
    ("events/hour", "events/h", 1, 1),
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

/// Returns what a code means; `None` when it is not one of ours.
pub(super) fn known(loinc: &str) -> Option<&'static Row> {
    CODES.iter().find(|row| row.loinc == loinc.trim())
}

/// Returns whether a code is one of ours.
pub(crate) fn is_measure(loinc: &str) -> bool {
    known(loinc).is_some()
}

/// Reads a measurement in the first of `units` that is one of the item's. `None` when the code is not one of ours; the
/// problem says why a value was not taken.
pub(crate) fn measure(
    loinc: &str,
    value: &str,
    units: &[&str],
    at: &str,
) -> Option<Result<Measured, Problem>> {
    let items = || known(loinc).into_iter().flat_map(|row| row.items).map(|name| Item::named(name));
    known(loinc)?;
    let read = |unit: &&str| -> Option<Measured> {
        items().map(|item| Some((item, convert(item, value, unit)?))).collect()
    };
    Some(units.iter().find_map(read).ok_or_else(|| {
        let message =
            "the measurement has no number in a unit we know and was kept as a note: send value and unit";
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
