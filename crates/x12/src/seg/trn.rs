//! TRN: the number by which question and answer are joined.

use crate::seg::table::segment;

segment! {
    /// TRN, a trace number.
    Trn "TRN" of 4 {
        /// TRN01, whose it is: `1` the sender's own, `2` repeated from the question. 1-2 characters.
        1 must 1..=2 kind: String,
        /// TRN02, the submitter's trace number. 1-50 characters.
        2 must 1..=50 number: String,
        /// TRN03, who gave the number. 10 characters.
        3 may 10..=10 originator: String,
        /// TRN04, a further part of who gave it. 1-50 characters.
        4 may 1..=50 originator_part: String,
    }
}
