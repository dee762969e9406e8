//! Whether the face-to-face encounter falls into its window. Source of the shape: facts 1.2 (42 CFR 410.38) and 1.4
//! (42 CFR 424.22); the days are the pack's.

use super::{Values, Verdict, date, value};
use crate::{Case, Line, Milli};
use doorstep_vocab::Date;

pub(super) const ORDER_NEEDS: &[&str] = &["days-before-order-max"];

pub(super) const START_NEEDS: &[&str] = &["days-before-start-max", "days-after-start-max"];

/// For equipment: the encounter comes before the order, and not too long before.
pub(super) fn before_order(case: &Case, _: &Line, values: &Values) -> Verdict {
    let (Some(met_on), Some(ordered_on)) = (date(case, "order.face-to-face-on"), ordered_on(case))
    else {
        return Verdict::Unknown;
    };
    let Some(most) = value(values, "days-before-order-max") else { return Verdict::Unknown };
    let days = days(met_on, ordered_on);
    if days < 0 {
        return Verdict::NotMet(
            "the encounter is after the date of the order: send a new order".to_owned(),
        );
    }
    if Milli::whole(days) <= most {
        return Verdict::Met;
    }
    Verdict::NotMet(format!(
        "the encounter is {days} days before the order and may be {most} at most: a new one is needed"
    ))
}

/// For home health: the encounter may come before or after the start of care.
pub(super) fn around_start(case: &Case, _: &Line, values: &Values) -> Verdict {
    let (Some(met_on), Some(starts_on)) =
        (date(case, "home-health.face-to-face-on"), date(case, "home-health.start-on"))
    else {
        return Verdict::Unknown;
    };
    let (Some(before), Some(after)) =
        (value(values, "days-before-start-max"), value(values, "days-after-start-max"))
    else {
        return Verdict::Unknown;
    };
    let days = days(met_on, starts_on);
    if Milli::whole(days) <= before && Milli::whole(-days) <= after {
        return Verdict::Met;
    }
    let words = if days > 0 {
        format!(
            "the encounter is {days} days before the start of care and may be {before} at most: a new one is needed"
        )
    } else {
        format!(
            "the encounter is {} days after the start of care and may be {after} at most: an earlier one is needed",
            -days
        )
    };
    Verdict::NotMet(words)
}

fn ordered_on(case: &Case) -> Option<Date> {
    date(case, "order.ordered-on").or_else(|| date(case, "order.signed-on"))
}

fn days(earlier: Date, later: Date) -> i64 {
    i64::from((later - earlier).get_days())
}
