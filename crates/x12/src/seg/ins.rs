//! INS: how somebody belongs to the plan.

use crate::seg::table::segment;

segment! {
    /// INS, the relation to the insured person.
    Ins "INS" of 17 {
        /// INS01, `Y` for the subscriber, `N` for a dependent. 1 character.
        1 must 1..=1 is_subscriber: String,
        /// INS02, the relation, `18` self, `01` spouse, `19` child. 2 characters.
        2 must 2..=2 relation: String,
        /// INS08, status of employment, used for military rank. 2 characters.
        8 may 2..=2 employment: String,
        /// INS17, order of birth among twins or more. 1-9 characters.
        17 may 1..=9 birth_sequence: String,
    }
}
