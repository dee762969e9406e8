//! Whether a negative-pressure pump was preceded by a wound program. Source of the shape: facts 1.3 (LCD L33821) \[K\];
//! the days are the pack's.

use super::{Values, Verdict, Wanted, code, flag, number, value, whole};
use crate::{Case, Line};

pub(super) const NEEDS: &[&str] = &["days-min"];

pub(super) const MONTHS_NEEDS: &[&str] = &["months-max"];

/// The pump is covered for some months for each wound; an order that names none is asked by its own requirement.
pub(super) fn months(case: &Case, _: &Line, values: &Values) -> Verdict {
    let most = value(values, "months-max");
    match number(case, "order.length-of-need") {
        Some(months) if months > most => Verdict::not_met(format!(
            "the order is for {months} months, and the pump is covered for {most} at most for each wound"
        )),
        Some(_) | None => Verdict::Met,
    }
}

/// Only a chronic wound has to have been treated before; that of an operation has not.
pub(super) fn prior_program(case: &Case, _: &Line, values: &Values) -> Verdict {
    let days = whole(values, "days-min");
    match (code(case, "wound.type"), flag(case, "npwt.prior-program")) {
        (Some("surgical"), _) | (Some(_), Some(true)) => Verdict::Met,
        (None, None) => Verdict::unknown(&["wound.type", "npwt.prior-program"]),
        (None, Some(_)) => Verdict::unknown(&["wound.type"]),
        (Some(_), None) => Verdict::Unknown(vec![Wanted::because(
            "npwt.prior-program",
            format!("a chronic wound has to have been treated for {days} days before the pump"),
        )]),
        (Some(_), Some(false)) => Verdict::not_met(format!(
            "a chronic wound has to be treated for {days} days before the pump, and the order says that it was not"
        )),
    }
}
