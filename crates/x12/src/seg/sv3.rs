//! SV3: a dental service. Kept so that nothing sent is lost; the services of this hub do not need it.

use crate::seg::sv1::Procedure;
use crate::seg::table::{composite, segment};

composite! {
    /// Parts of the mouth.
    Cavities {
        /// First component. 1-3 characters.
        1 1..=3 first,
        /// Second component. 1-3 characters.
        2 1..=3 second,
        /// Third component. 1-3 characters.
        3 1..=3 third,
        /// Fourth component. 1-3 characters.
        4 1..=3 fourth,
        /// Fifth component. 1-3 characters.
        5 1..=3 fifth,
    }
}

segment! {
    /// SV3, a dental service.
    Sv3 "SV3" of 11 {
        /// SV301, what is asked for.
        1 must 1..=300 procedure: Procedure,
        /// SV302, the charge in dollars. 1-18 characters.
        2 may 1..=18 amount: String,
        /// SV304, parts of the mouth.
        4 may 1..=20 cavities: Cavities,
        /// SV305, whether a prosthesis is new. 1 character.
        5 may 1..=1 prosthesis: String,
        /// SV306, how many. 1-15 characters.
        6 may 1..=15 quantity: String,
        /// SV307, description. 1-80 characters.
        7 may 1..=80 description: String,
    }
}
