//! Whether the order says how many to dispense, and no more than are covered. Source: facts 1.2, element 4, and 1.3 \[K\];
//! the limits are the pack's, by code.

use super::{Values, Verdict, number};
use crate::{Case, Line, Milli, Unit};

/// A zero that a system filled in states nothing.
pub(super) fn stated(_: &Case, line: &Line, _: &Values) -> Verdict {
    if line.request.quantity.is_some_and(|quantity| quantity > 0) {
        Verdict::Met
    } else {
        Verdict::unknown(&["order.quantity"])
    }
}

/// At most so many at one time, by code.
pub(super) fn within(_: &Case, line: &Line, values: &Values) -> Verdict {
    at_most(line, values, (Milli::whole(1), ""))
}

/// As [`within`], for each wound; without their number there is one.
pub(super) fn within_per_wound(case: &Case, line: &Line, values: &Values) -> Verdict {
    let wounds = number(case, "wound.count").unwrap_or(Milli::whole(1));
    at_most(line, values, (wounds, " for each wound"))
}

fn at_most(line: &Line, values: &Values, (times, of_what): (Milli, &str)) -> Verdict {
    let (Some(code), Some(quantity)) = (&line.request.code, line.request.quantity) else {
        return Verdict::Met;
    };
    // Units are never converted: a limit of pieces says nothing of months.
    if line.request.unit != Unit::Each {
        return Verdict::Met;
    }
    match values.get(&format!("{}-max", code.as_str())) {
        Some(most)
            if i128::from(quantity) * 1_000_000 > i128::from(most.0) * i128::from(times.0) =>
        {
            Verdict::not_met(format!(
                "{quantity} of {} were ordered and {most}{of_what} are the most at one time: order less, or send why more are needed",
                code.as_str()
            ))
        }
        Some(_) | None => Verdict::Met,
    }
}
