//! The gates of post-acute facilities. Source of the shape: facts 1.6 \[K\]; the numbers are the pack's.

use super::{Values, Verdict, absent, date, number, value, whole};
use crate::{Case, Line};

pub(super) const STAY_NEEDS: &[&str] = &["days-min"];

pub(super) const THERAPY_NEEDS: &[&str] = &["hours-min", "therapies-min"];

pub(super) const SCREEN_NEEDS: &[&str] = &["days-before-max"];

pub(super) const LONG_TERM_NEEDS: &[&str] = &["icu-days-min", "ventilator-hours-above"];

/// Skilled nursing follows an inpatient stay of some days.
pub(super) fn inpatient_stay(case: &Case, _: &Line, values: &Values) -> Verdict {
    let Some(days) = number(case, "facility.inpatient-days") else {
        return Verdict::unknown(&["facility.inpatient-days"]);
    };
    let least = value(values, "days-min");
    if days >= least {
        return Verdict::Met;
    }
    Verdict::not_met(format!("the inpatient stay was {days} days and has to be {least}"))
}

/// Rehabilitation needs several therapies, for hours a day.
pub(super) fn intensive_therapy(case: &Case, _: &Line, values: &Values) -> Verdict {
    let names = ["facility.therapies", "facility.therapy-hours"];
    let [Some(therapies), Some(hours)] = names.map(|name| number(case, name)) else {
        return Verdict::unknown(&absent(case, &names));
    };
    let [therapies_min, hours_min] = ["therapies-min", "hours-min"].map(|name| value(values, name));
    if therapies >= therapies_min && hours >= hours_min {
        return Verdict::Met;
    }
    Verdict::not_met(format!(
        "{therapies} therapies of {hours} hours a day are fewer than the {therapies_min} of {hours_min} hours that rehabilitation needs"
    ))
}

/// The screening comes shortly before the admission: that of the plan, or else the discharge. Only days are known of
/// it, so 48 hours are two days.
pub(super) fn screened(case: &Case, _: &Line, values: &Values) -> Verdict {
    let Some(screened_on) = date(case, "facility.screened-on") else {
        return Verdict::unknown(&["facility.screened-on"]);
    };
    let discharge = case.intake.discharge.as_ref().zip(case.zone.as_ref());
    let leaves_on = discharge.map(|(discharge, zone)| discharge.at.date(zone));
    let Some(admitted_on) = leaves_on.or_else(|| date(case, "order.dates-of-service")) else {
        return Verdict::Met;
    };
    let days = i64::from((admitted_on - screened_on).get_days());
    let most = whole(values, "days-before-max");
    if (0..=most).contains(&days) {
        return Verdict::Met;
    }
    Verdict::not_met(format!(
        "the screening of {screened_on} has to be within {most} days before the admission of {admitted_on}: screen again"
    ))
}

/// Long-term acute care follows days of intensive care, or many hours on a ventilator: one of them is enough.
pub(super) fn long_term(case: &Case, _: &Line, values: &Values) -> Verdict {
    let names = ["facility.icu-days", "facility.ventilator-hours"];
    let [days, hours] = names.map(|name| number(case, name));
    let (least, above) = (value(values, "icu-days-min"), value(values, "ventilator-hours-above"));
    if days.is_some_and(|days| days >= least) || hours.is_some_and(|hours| hours > above) {
        return Verdict::Met;
    }
    if days.is_none() || hours.is_none() {
        return Verdict::unknown(&absent(case, &names));
    }
    Verdict::not_met(format!(
        "long-term acute care needs {least} days of intensive care or more than {above} hours on a ventilator"
    ))
}
