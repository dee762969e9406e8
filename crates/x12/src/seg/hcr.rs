//! HCR: what was decided.

use crate::seg::table::segment;

segment! {
    /// HCR, the decision on an event or a service; only in responses.
    Hcr "HCR" of 4 {
        /// HCR01, the action: `A1` in total, `A2` in part, `A3` not, `A4` pended, `A6` modified, `C`, `CT`, `NA`. 1-2 characters.
        1 must 1..=2 action: String,
        /// HCR02, the number of the certification. 1-50 characters.
        2 may 1..=50 number: String,
        /// HCR03, reasons, from an external list; repeats. 1-30 characters each.
        3 may 1..=30 reasons: Vec<String>,
        /// HCR04, `Y` when a second surgical opinion is required. 1 character.
        4 may 1..=1 second_opinion: String,
    }
}
