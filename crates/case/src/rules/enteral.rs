//! Whether the formula that is ordered fits the calories that are: units of so many kilocalories, for a month at most. Source
//! of the shape: facts 1.3, enteral limits \[K\]; the numbers are the pack's.

use super::{Values, Verdict, number, whole};
use crate::{Case, Line, Unit};

pub(super) const NEEDS: &[&str] = &["days-max", "kcal-per-unit"];

/// Fewer units than one day takes, or more than the longest supply, is a typing error of one or the other.
pub(super) fn units(case: &Case, line: &Line, values: &Values) -> Verdict {
    let (Some(quantity), Some(kcal)) =
        (line.request.quantity, number(case, "enteral.kcal-per-day"))
    else {
        return Verdict::Met;
    };
    // Units are never converted: what is counted in months or days says nothing here.
    if line.request.unit != Unit::Each || quantity == 0 || kcal.0 <= 0 {
        return Verdict::Met;
    }
    let per_unit = i128::from(whole(values, "kcal-per-unit"));
    let days_max = i128::from(whole(values, "days-max"));
    let energy = i128::from(quantity) * per_unit;
    // Calories are in thousandths.
    let (day, longest) = (i128::from(kcal.0), i128::from(kcal.0) * days_max);
    if (day..=longest).contains(&(energy * 1000)) {
        return Verdict::Met;
    }
    let days = energy * 1000 / day;
    Verdict::not_met(format!(
        "{quantity} units of {per_unit} kcal last {days} days at {kcal} kcal a day, and between 1 and {days_max} days are meant: check the units or the calories"
    ))
}
