//! TOO: a tooth. Kept so that nothing sent is lost; the services of this hub do not need it.

use crate::seg::table::{composite, segment};

composite! {
    /// Surfaces of a tooth.
    Surfaces {
        /// First component. 1-2 characters.
        1 1..=2 first,
        /// Second component. 1-2 characters.
        2 1..=2 second,
        /// Third component. 1-2 characters.
        3 1..=2 third,
        /// Fourth component. 1-2 characters.
        4 1..=2 fourth,
        /// Fifth component. 1-2 characters.
        5 1..=2 fifth,
    }
}

segment! {
    /// TOO, one tooth of a dental service.
    Too "TOO" of 3 {
        /// TOO01, code list of TOO02, `JP`. 1-3 characters.
        1 must 1..=3 qualifier: String,
        /// TOO02, the tooth. 1-30 characters.
        2 may 1..=30 tooth: String,
        /// TOO03, its surfaces.
        3 may 1..=15 surfaces: Surfaces,
    }
}
