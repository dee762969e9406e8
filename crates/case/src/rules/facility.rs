//! The gates of post-acute facilities. Source of the shape: facts 1.6 \[K\]; the numbers are the pack's.

use super::{Values, Verdict, Wanted, absent, number, span, value, whole};
use crate::{Case, Line};
use doorstep_vocab::{Micros, Zone};

pub(super) const STAY_NEEDS: &[&str] = &["days-min"];

pub(super) const THERAPY_NEEDS: &[&str] = &["hours-min", "therapies-min"];

pub(super) const SCREEN_NEEDS: &[&str] = &["hours-before-max"];

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

/// The screening comes in the hours before the admission: that of the discharge, else that of the day when care begins,
/// from its first hour. Where only the day of the screening is known, its hour is asked for when it matters.
pub(super) fn screened(case: &Case, _: &Line, values: &Values) -> Verdict {
    let zone = case.zone.clone().unwrap_or_else(Zone::utc);
    let screened = ["facility.screened-at"];
    let Some((first, last)) = span(case, screened[0], &zone) else {
        return Verdict::unknown(&screened);
    };
    let discharge = case.intake.discharge.as_ref().map(|discharge| (discharge.at, discharge.at));
    let admission = discharge.or_else(|| span(case, "order.dates-of-service", &zone));
    let Some((begins, ends)) = admission else { return Verdict::Met };
    let hours = whole(values, "hours-before-max");
    let reach = Micros(hours.saturating_mul(Micros::hours(1).0));
    let is_ever = first <= ends && begins.since(last) <= reach;
    let is_surely = last <= ends && begins.since(first) <= reach;
    match (is_surely, is_ever) {
        (true, _) => Verdict::Met,
        (false, true) => Verdict::Unknown(vec![Wanted::because(
            screened[0],
            format!(
                "the screening is within {hours} hours before the admission: say at what hour it was"
            ),
        )]),
        (false, false) => Verdict::not_met(format!(
            "the screening has to be within {hours} hours before the admission: screen again"
        )),
    }
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
