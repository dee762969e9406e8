//! Whether the order says how many to dispense. Source: facts 1.2, element 4.

use super::{Values, Verdict};
use crate::{Case, Line};

/// A zero that a system filled in states nothing.
pub(super) fn stated(_: &Case, line: &Line, _: &Values) -> Verdict {
    if line.request.quantity.is_some_and(|quantity| quantity > 0) {
        Verdict::Met
    } else {
        Verdict::unknown(&["order.quantity"])
    }
}
