//! What a home-infusion order has to say of the line and of its end. Source of the shape: facts 1.5 \[K\].

use super::{Values, Verdict, absent, code, flag};
use crate::{Case, Item, Line};

/// Lines whose tip lies in a great vein. Source: facts 1.5 \[K\].
const CENTRAL: &[&str] = &["picc", "tunneled", "non-tunneled", "port"];

/// The tip of a central line is confirmed before anything runs through it; of a short line there is none to confirm.
pub(super) fn tip_confirmed(case: &Case, _: &Line, _: &Values) -> Verdict {
    let Some(device) = code(case, "infusion.access-device") else {
        return Verdict::unknown(&["infusion.access-device"]);
    };
    if !CENTRAL.contains(&device) {
        return Verdict::Met;
    }
    match flag(case, "infusion.tip-confirmed") {
        Some(true) => Verdict::Met,
        None => Verdict::unknown(&["infusion.tip-confirmed"]),
        Some(false) => Verdict::not_met(
            "the tip of a central line has to be confirmed before it is used, and the order says that it was not",
        ),
    }
}

/// A stop date or a number of doses: one of them is enough.
pub(super) fn ends(case: &Case, _: &Line, _: &Values) -> Verdict {
    if case.known.contains_key(&Item::named("infusion.doses")) {
        return Verdict::Met;
    }
    match absent(case, &["infusion.stop-on"])[..] {
        [] => Verdict::Met,
        ref names => Verdict::unknown(names),
    }
}
