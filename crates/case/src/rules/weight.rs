//! Whether the item ordered bears the member's weight. Source: facts 1.3, 11.4 (37); the limits are the pack's, by code.

use super::{Values, Verdict, number, value};
use crate::{Case, Line};

/// The pack gives limits by code (`K0006-above`, `E0303-above`), so none is needed of every pack.
pub(super) const NEEDS: &[&str] = &[];

pub(super) fn fits(case: &Case, line: &Line, values: &Values) -> Verdict {
    let Some(code) = &line.request.code else { return Verdict::Met };
    let above = value(values, &format!("{}-above", code.as_str()));
    let most = value(values, &format!("{}-max", code.as_str()));
    if above.is_none() && most.is_none() {
        return Verdict::Met;
    }
    let Some(weight) = number(case, "wheelchair.weight").or_else(|| number(case, "bed.weight"))
    else {
        return Verdict::Unknown;
    };
    if let Some(above) = above.filter(|above| weight <= *above) {
        let words = format!(
            "{} is for members above {above} lb and the weight is {weight} lb: check the code",
            code.as_str()
        );
        return Verdict::NotMet(words);
    }
    match most.filter(|most| weight > *most) {
        Some(most) => Verdict::NotMet(format!(
            "{} bears {most} lb and the weight is {weight} lb: order the heavy-duty item",
            code.as_str()
        )),
        None => Verdict::Met,
    }
}
