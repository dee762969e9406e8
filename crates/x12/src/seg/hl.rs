//! HL: the beginning of a loop in the tree.

use crate::seg::table::segment;

segment! {
    /// HL, one node of the tree.
    Hl "HL" of 4 {
        /// HL01, its number in the set. 1-12 characters.
        1 must 1..=12 number: String,
        /// HL02, the number of its parent; empty at the root. 1-12 characters.
        2 may 1..=12 parent: String,
        /// HL03, its level: `20` reviewer, `21` requester, `22` subscriber, `23` dependent, `EV` event, `SS` service. 1-2 characters.
        3 must 1..=2 level: String,
        /// HL04, `1` when it has children, `0` when not. 1 character.
        4 may 1..=1 has_children: String,
    }
}
