//! Whether oxygen of groups II and III is tested again in its window. Source of the shape: facts 1.3 (NCD 240.2); the
//! days are the pack's. Day 1 is that of the first delivery.

use super::oxygen::{self, Group};
use super::{Values, Verdict, Wanted, date, whole};
use crate::delivery::VisitState;
use crate::{Case, Line};
use doorstep_vocab::{Date, days_after};

pub(super) const NEEDS: &[&str] = &[
    "first-day",
    "group-1-pao2-max",
    "group-1-spo2-max",
    "group-2-pao2-max",
    "group-2-spo2-max",
    "hematocrit-above",
    "last-day",
    "sleep-drop-pao2-above",
    "sleep-drop-spo2-above",
];

/// Group I goes on without another test.
pub(super) fn retested(case: &Case, line: &Line, values: &Values) -> Verdict {
    let group = match oxygen::group(case, values) {
        None | Some(Group::One) => return Verdict::Met,
        Some(Group::Two) => "II",
        Some(Group::Three) => "III",
    };
    let days = ["first-day", "last-day"].map(|name| whole(values, name));
    let [first, last] = days;
    let window = delivered_on(case, line).and_then(|on| {
        let [from, to] = days.map(|day| days_after(on, day - 1));
        from.zip(to)
    });
    let when = window.map_or_else(
        || format!("between day {first} and day {last} after the delivery"),
        |(from, to)| format!("between {from} and {to} (day {first} to day {last})"),
    );
    match (date(case, "oxygen.retest-on"), window) {
        (None, _) => Verdict::Unknown(vec![Wanted::because(
            "oxygen.retest-on",
            format!(
                "oxygen of group {group} goes on only with another test and a new order {when}"
            ),
        )]),
        (Some(on), Some((from, to))) if on < from || on > to => Verdict::not_met(format!(
            "oxygen of group {group} is tested again {when}, and the test is of {on}"
        )),
        (Some(_), _) => Verdict::Met,
    }
}

/// Returns the day of the first delivery of a line, by the member's own days.
pub(super) fn delivered_on(case: &Case, line: &Line) -> Option<Date> {
    let zone = case.zone.as_ref()?;
    let visits = case.delivery.visits.values().filter(|visit| visit.lines.contains(&line.no));
    let done = visits.filter_map(|visit| match visit.state {
        VisitState::Done { at } => Some(at.date(zone)),
        VisitState::Scheduled
        | VisitState::EnRoute
        | VisitState::Missed(_)
        | VisitState::Cancelled => None,
    });
    done.min()
}
