//! Whether the item ordered bears the member's weight. Source: facts 1.3, 11.4 (37); the limits are the pack's, by code.

use super::{Values, Verdict, number};
use crate::{Case, Line};

pub(super) fn fits(case: &Case, line: &Line, values: &Values) -> Verdict {
    let Some(code) = &line.request.code else { return Verdict::Met };
    let above = values.get(&format!("{}-above", code.as_str())).copied();
    let most = values.get(&format!("{}-max", code.as_str())).copied();
    if above.is_none() && most.is_none() {
        return Verdict::Met;
    }
    let Some(weight) = number(case, "member.weight") else {
        return Verdict::unknown(&["member.weight"]);
    };
    if let Some(above) = above.filter(|above| weight <= *above) {
        return Verdict::not_met(format!(
            "{} is for members above {above} lb and the weight is {weight} lb: check the code",
            code.as_str()
        ));
    }
    match most.filter(|most| weight > *most) {
        Some(most) => Verdict::not_met(format!(
            "{} bears {most} lb and the weight is {weight} lb: order one that bears more",
            code.as_str()
        )),
        None => Verdict::Met,
    }
}
