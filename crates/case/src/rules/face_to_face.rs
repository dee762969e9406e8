//! Whether the face-to-face encounter falls into its window. Source of the shape: facts 1.2 (42 CFR 410.38) and 1.4
//! (42 CFR 424.22, 440.70); the months and days are the pack's. Months are those of the calendar.

use super::{Values, Verdict, absent, date, whole};
use crate::{Case, Line};
use doorstep_vocab::{Date, months_before};

pub(super) const ORDER_NEEDS: &[&str] = &["months-before-order-max"];

pub(super) const EQUIPMENT_NEEDS: &[&str] = &["months-before-start-max"];

pub(super) const START_NEEDS: &[&str] = &["days-before-start-max", "days-after-start-max"];

/// For equipment under Medicare: the encounter comes before the order, and not too long before.
pub(super) fn before_order(case: &Case, _: &Line, values: &Values) -> Verdict {
    let Some(ordered_on) = ordered_on(case) else {
        return Verdict::unknown(&absent(case, &["order.face-to-face-on", "order.ordered-on"]));
    };
    let months = whole(values, "months-before-order-max");
    within(case, (ordered_on, "order"), months)
}

/// For equipment under Medicaid: it comes before the start. Where no start is stated, care starts no earlier than the
/// order.
pub(super) fn before_start(case: &Case, _: &Line, values: &Values) -> Verdict {
    let Some(starts_on) = date(case, "order.dates-of-service").or_else(|| ordered_on(case)) else {
        return Verdict::unknown(&absent(
            case,
            &["order.face-to-face-on", "order.dates-of-service"],
        ));
    };
    let months = whole(values, "months-before-start-max");
    within(case, (starts_on, "start of care"), months)
}

fn within(case: &Case, (until, what): (Date, &str), months: i64) -> Verdict {
    let Some(met_on) = date(case, "order.face-to-face-on") else {
        return Verdict::unknown(&["order.face-to-face-on"]);
    };
    if met_on > until {
        return Verdict::not_met(format!(
            "the encounter of {met_on} is after the {what} of {until}: a new order is needed"
        ));
    }
    if months_before(until, months).is_none_or(|first| first <= met_on) {
        return Verdict::Met;
    }
    Verdict::not_met(format!(
        "the encounter of {met_on} is more than {months} months before the {what} of {until}: a new one is needed"
    ))
}

/// For home health: the encounter may come before or after the start of care.
pub(super) fn around_start(case: &Case, _: &Line, values: &Values) -> Verdict {
    let names = ["home-health.face-to-face-on", "home-health.start-on"];
    let [Some(met_on), Some(starts_on)] = names.map(|name| date(case, name)) else {
        return Verdict::unknown(&absent(case, &names));
    };
    let before = whole(values, "days-before-start-max");
    let after = whole(values, "days-after-start-max");
    let days = i64::from((starts_on - met_on).get_days());
    if days > before {
        return Verdict::not_met(format!(
            "the encounter is {days} days before the start of care and may be {before} at most: a new one is needed"
        ));
    }
    if -days > after {
        return Verdict::not_met(format!(
            "the encounter is {} days after the start of care and may be {after} at most: an earlier one is needed",
            -days
        ));
    }
    Verdict::Met
}

fn ordered_on(case: &Case) -> Option<Date> {
    date(case, "order.ordered-on").or_else(|| date(case, "order.signed-on"))
}
