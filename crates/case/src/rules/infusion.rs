//! What a home-infusion order has to say of the line and of its end. Source of the shape: facts 1.5 \[K\].

use super::{Values, Verdict, Wanted, absent, code, flag};
use crate::{Case, Fact, Item, Line};

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

/// The next dose has its hour: the pharmacy and the nurse plan by it, and so does the clock.
pub(super) fn next_dose(case: &Case, _: &Line, _: &Values) -> Verdict {
    let item = "infusion.next-dose-at";
    match case.known.get(&Item::named(item)).map(|known| &known.fact) {
        Some(Fact::At(_)) => Verdict::Met,
        Some(Fact::On(on)) => Verdict::Unknown(vec![Wanted::because(
            item,
            format!("the next dose is due on {on}: say at what hour"),
        )]),
        _ => Verdict::unknown(&[item]),
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
