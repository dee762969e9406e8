//! HSD: how much, how often, for how long, and how many that makes.

use crate::codes;
use doorstep_case::Unit;
use doorstep_x12::seg::Hsd;

/// Returns how many that makes in all, when that is certain.
///
/// A rate is expanded only over a period that holds a whole number of its intervals: 3 visits a week for 8 weeks are 24.
/// 3 visits a week for 2 months are not a number, since a month is not a number of weeks; and a rate without an end,
/// or a period without a rate, is none. Source: facts 3.1, HSD, the reading of its parts is \[K\].
pub(super) fn total(hsd: &Hsd) -> Option<(u32, Unit)> {
    let unit = unit(&hsd.quantity_qualifier)?;
    let quantity = codes::quantity(&hsd.quantity)?;
    match (hsd.per.as_str(), hsd.period_unit.as_str()) {
        ("", "") if hsd.period.is_empty() => Some((quantity, unit)),
        ("", _) | (_, "") => None,
        (per, period_unit) => {
            let (every, in_days) = length(per, &hsd.modulus)?;
            let (whole, whole_in_days) = length(period_unit, &hsd.period)?;
            if hsd.period.is_empty() || in_days != whole_in_days || whole % every != 0 {
                return None;
            }
            Some((quantity.checked_mul(whole / every)?, unit))
        }
    }
}

/// Returns the same in words: `3 visits a week for 2 months`.
pub(super) fn words(hsd: &Hsd) -> String {
    let mut words = String::new();
    let mut say = |part: &str| {
        if !part.is_empty() {
            let gap = if words.is_empty() { "" } else { " " };
            words.push_str(gap);
            words.push_str(part);
        }
    };
    say(&hsd.quantity);
    say(counted(&hsd.quantity_qualifier));
    match (hsd.per.as_str(), hsd.modulus.as_str()) {
        ("", _) => {}
        (per, "" | "1") => {
            say("a");
            say(one(per));
        }
        (per, modulus) => {
            say("every");
            say(modulus);
            say(span(per));
        }
    }
    if !hsd.period_unit.is_empty() || !hsd.period.is_empty() {
        say("for");
        say(&hsd.period);
        say(span(&hsd.period_unit));
    }
    for (name, code) in [("on days", &hsd.calendar_pattern), ("at time", &hsd.time_pattern)] {
        if !code.is_empty() {
            say(name);
            say(code);
        }
    }
    words
}

/// Returns whether it says how often visits are.
pub(super) fn is_of_visits(hsd: &Hsd) -> bool {
    hsd.quantity_qualifier == "VS" && !hsd.quantity.is_empty() && !hsd.per.is_empty()
}

fn unit(qualifier: &str) -> Option<Unit> {
    match qualifier {
        "VS" => Some(Unit::Visit),
        "DY" => Some(Unit::Day),
        "HS" => Some(Unit::Hour),
        "MN" => Some(Unit::Month),
        "FL" => Some(Unit::Each),
        _ => None,
    }
}

/// Returns a length of time, in days (`true`) or in months.
fn length(code: &str, count: &str) -> Option<(u32, bool)> {
    let count = if count.is_empty() { 1 } else { codes::quantity(count)? };
    let (one, in_days) = match code {
        "DA" | "7" => (1, true),
        "WK" | "35" => (7, true),
        "MO" | "34" => (1, false),
        "21" => (12, false),
        _ => return None,
    };
    Some((count.checked_mul(one)?, in_days))
}

fn counted(qualifier: &str) -> &str {
    match qualifier {
        "VS" => "visits",
        "DY" => "days",
        "HS" => "hours",
        "MN" => "months",
        "FL" => "units",
        other => other,
    }
}

fn one(code: &str) -> &str {
    match code {
        "DA" => "day",
        "WK" => "week",
        "MO" => "month",
        other => other,
    }
}

fn span(code: &str) -> &str {
    match code {
        "DA" | "7" => "days",
        "WK" | "35" => "weeks",
        "MO" | "34" => "months",
        "21" => "years",
        "6" => "hours",
        other => other,
    }
}
