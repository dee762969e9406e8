//! Whether a home-oxygen order qualifies. Source of the shape: facts 1.3 (NCD 240.2, LCD L33797); the numbers are the
//! pack's.

use super::{Values, Verdict, code, date, flag, number, value};
use crate::{Case, Line, Milli};

pub(super) const NEEDS: &[&str] = &[
    "group-1-pao2-max",
    "group-1-spo2-max",
    "group-2-pao2-max",
    "group-2-spo2-max",
    "hematocrit-above",
];

pub(super) const TIMING_NEEDS: &[&str] = &["days-before-discharge-max"];

/// The payment groups of oxygen. Group II is tested again between days 61 and 90. Source: facts 1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the groups")]
pub enum Group {
    One,
    Two,
}

pub(super) fn qualifies(case: &Case, _: &Line, values: &Values) -> Verdict {
    let (pao2, spo2) = (number(case, "oxygen.pao2"), number(case, "oxygen.spo2"));
    if (pao2.is_none() && spo2.is_none()) || code(case, "oxygen.condition").is_none() {
        return Verdict::Unknown;
    }
    if group(case, values).is_some() {
        return Verdict::Met;
    }
    let measured = match (pao2, spo2) {
        (Some(pao2), _) => format!("an arterial pressure of {pao2} mmHg"),
        (None, Some(spo2)) => format!("a saturation of {spo2} %"),
        (None, None) => return Verdict::Unknown,
    };
    Verdict::NotMet(format!(
        "{measured} does not qualify by itself: send a lower reading, or record edema, cor pulmonale or the hematocrit"
    ))
}

/// Returns the group, when the measures qualify. Where both were taken, the arterial pressure rules. Source: facts 1.3 [K].
pub fn group(case: &Case, values: &Values) -> Option<Group> {
    let limits = |name: &str| value(values, name);
    let (measure, one, two) = match (number(case, "oxygen.pao2"), number(case, "oxygen.spo2")) {
        (Some(pao2), _) => (pao2, limits("group-1-pao2-max")?, limits("group-2-pao2-max")?),
        (None, Some(spo2)) => (spo2, limits("group-1-spo2-max")?, limits("group-2-spo2-max")?),
        (None, None) => return None,
    };
    if measure <= one {
        return Some(Group::One);
    }
    let high_hematocrit =
        |above: Milli| number(case, "oxygen.hematocrit").is_some_and(|h| h > above);
    let condition = flag(case, "oxygen.edema") == Some(true)
        || flag(case, "oxygen.cor-pulmonale") == Some(true)
        || limits("hematocrit-above").is_some_and(high_hematocrit);
    (measure <= two && condition).then_some(Group::Two)
}

/// A test in the hospital is the one closest to discharge. Source: facts 1.3 [S7].
pub(super) fn test_timing(case: &Case, _: &Line, values: &Values) -> Verdict {
    let Some(discharge) = &case.intake.discharge else { return Verdict::Met };
    let (Some(tested_on), Some(most)) =
        (date(case, "oxygen.test-on"), value(values, "days-before-discharge-max"))
    else {
        return Verdict::Unknown;
    };
    let Some(zone) = &case.zone else { return Verdict::Unknown };
    let days = i64::from((discharge.at.date(zone) - tested_on).get_days());
    if Milli::whole(days) <= most {
        return Verdict::Met;
    }
    Verdict::NotMet(format!(
        "the test is {days} days before the discharge and may be {most} at most: test again"
    ))
}
