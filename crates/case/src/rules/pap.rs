//! Whether a PAP order qualifies. Source of the shape: facts 1.3 (L33718, NCD 240.4); the numbers are the pack's.

use super::{Values, Verdict, flag, number, value};
use crate::{Case, Line};

pub(super) const NEEDS: &[&str] = &["ahi-min", "events-min", "ahi-mild-min", "events-mild-min"];

pub(super) fn qualifies(case: &Case, _: &Line, values: &Values) -> Verdict {
    let (Some(ahi), Some(events)) = (number(case, "pap.ahi"), number(case, "pap.events")) else {
        return Verdict::Unknown;
    };
    let least = |name: &str| value(values, name);
    let (Some(ahi_min), Some(events_min), Some(mild_ahi), Some(mild_events)) =
        (least("ahi-min"), least("events-min"), least("ahi-mild-min"), least("events-mild-min"))
    else {
        return Verdict::Unknown;
    };
    if ahi >= ahi_min && events >= events_min {
        return Verdict::Met;
    }
    let is_mild = ahi >= mild_ahi && events >= mild_events;
    match flag(case, "pap.symptom") {
        Some(true) if is_mild => Verdict::Met,
        None if is_mild => Verdict::Unknown,
        _ => Verdict::NotMet(format!(
            "an index of {ahi} with {events} events does not qualify: send another study, or the symptoms with a mild index"
        )),
    }
}
