//! REF: a further identifier.

use crate::seg::table::segment;

segment! {
    /// REF, an identifier by kind.
    Ref "REF" of 4 {
        /// REF01, kind: `BB` earlier authorization, `NT` administrative number, `SY` SSN, `EJ` account, `6P` group, `N6` plan. 2-3 characters.
        1 must 2..=3 qualifier: String,
        /// REF02, the identifier. 1-50 characters.
        2 may 1..=50 id: String,
        /// REF03, description. 1-80 characters.
        3 may 1..=80 description: String,
    }
}
