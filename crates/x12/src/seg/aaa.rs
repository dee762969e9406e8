//! AAA: why a request could not be worked on.

use crate::seg::table::segment;

segment! {
    /// AAA, a refusal of the request itself, at the level it is about; only in responses.
    Aaa "AAA" of 4 {
        /// AAA01, `Y` the request was valid, `N` it was not. 1 character.
        1 must 1..=1 valid: String,
        /// AAA02, which agency the reason is from. 2 characters.
        2 may 2..=2 agency: String,
        /// AAA03, the reason, e.g. `75` subscriber not found. 2 characters.
        3 may 2..=2 reason: String,
        /// AAA04, what to do next, e.g. `C` correct and send again. 1 character.
        4 may 1..=1 follow_up: String,
    }
}
