//! Whether a PAP order qualifies. Source of the shape: facts 1.3 (L33718, NCD 240.4); the numbers are the pack's.

use super::retest::delivered_on;
use super::{Values, Verdict, Wanted, absent, date, flag, number, value, whole};
use crate::{Case, Line};
use doorstep_vocab::days_after;

pub(super) const NEEDS: &[&str] = &["ahi-min", "events-min", "ahi-mild-min", "events-mild-min"];

pub(super) const ADHERENCE_NEEDS: &[&str] = &["nights", "percent-min"];

pub(super) const WINDOW_NEEDS: &[&str] = &["first-day", "last-day"];

pub(super) fn qualifies(case: &Case, _: &Line, values: &Values) -> Verdict {
    let names = ["pap.ahi", "pap.events"];
    let [Some(ahi), Some(events)] = names.map(|name| number(case, name)) else {
        return Verdict::unknown(&absent(case, &names));
    };
    let least = |name: &str| value(values, name);
    let (ahi_min, events_min) = (least("ahi-min"), least("events-min"));
    if ahi >= ahi_min && events >= events_min {
        return Verdict::Met;
    }
    let (ahi_mild, events_mild) = (least("ahi-mild-min"), least("events-mild-min"));
    if ahi < ahi_mild || events < events_mild {
        return Verdict::not_met(format!(
            "an index of {ahi} with {events} events does not qualify: at least {ahi_mild} an hour and {events_mild} events are needed"
        ));
    }
    match flag(case, "pap.symptom") {
        Some(true) => Verdict::Met,
        None => Verdict::Unknown(vec![Wanted::because(
            "pap.symptom",
            format!(
                "an index of {ahi} with {events} events counts only with a symptom or condition beside it, such as sleepiness, insomnia or hypertension"
            ),
        )]),
        Some(false) => Verdict::not_met(format!(
            "an index of {ahi} with {events} events counts only with a symptom or condition beside it, and the order says that there is none"
        )),
    }
}

/// The clinician sees the member before the sleep test, on its day at the latest.
pub(super) fn evaluated_first(case: &Case, _: &Line, _: &Values) -> Verdict {
    let names = ["pap.evaluation-on", "pap.test-on"];
    let [Some(seen_on), Some(tested_on)] = names.map(|name| date(case, name)) else {
        return Verdict::unknown(&absent(case, &names));
    };
    if seen_on <= tested_on {
        return Verdict::Met;
    }
    Verdict::not_met(format!(
        "the evaluation of {seen_on} is after the sleep test of {tested_on}: send the one before the test"
    ))
}

/// After the delivery the clinician sees the member again, in the days of the window. Before it nothing is asked. Source:
/// facts 1.3 [S11].
pub(super) fn reevaluated(case: &Case, line: &Line, values: &Values) -> Verdict {
    let Some(delivered_on) = delivered_on(case, line) else { return Verdict::Met };
    let [first, last] = ["first-day", "last-day"].map(|name| whole(values, name));
    let window = days_after(delivered_on, first - 1).zip(days_after(delivered_on, last - 1));
    let Some((from, to)) = window else { return Verdict::Met };
    let when = format!("between {from} and {to} (day {first} to day {last})");
    match date(case, "pap.reevaluated-on") {
        None => Verdict::Unknown(vec![Wanted::because(
            "pap.reevaluated-on",
            format!("the trial goes on only when the clinician sees the member again {when}"),
        )]),
        Some(on) if on < from || on > to => Verdict::not_met(format!(
            "the member is seen again {when}, and the evaluation is of {on}"
        )),
        Some(_) => Verdict::Met,
    }
}

/// The trial goes on when the device was used on enough nights of a stretch. Before the report nothing is asked: the
/// trial comes after the delivery. Source: facts 1.3 [S11].
pub(super) fn adherent(case: &Case, _: &Line, values: &Values) -> Verdict {
    let Some(used) = number(case, "pap.adherent-nights") else { return Verdict::Met };
    let (nights, percent) = (whole(values, "nights"), whole(values, "percent-min"));
    if used.0 * 100 >= nights * 1000 * percent {
        return Verdict::Met;
    }
    Verdict::not_met(format!(
        "the device was used on {used} of {nights} nights, and {percent} % are needed: train the member again, or end the trial"
    ))
}
