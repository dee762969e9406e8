//! SV1: a professional service or piece of equipment.

use crate::seg::table::{composite, segment};

composite! {
    /// What is asked for, by code; shared by SV1, SV2 and SV3.
    Procedure {
        /// First component, code list: `HC` HCPCS, `N4` NDC, `ZZ` agreed, `AD` dental. 2 characters.
        1 2..=2 qualifier,
        /// Second component, the code. 1-48 characters.
        2 1..=48 code,
        /// Third component, first modifier. 2 characters.
        3 2..=2 modifier,
        /// Fourth component, second modifier. 2 characters.
        4 2..=2 modifier_2,
        /// Fifth component, third modifier. 2 characters.
        5 2..=2 modifier_3,
        /// Sixth component, fourth modifier. 2 characters.
        6 2..=2 modifier_4,
        /// Seventh component, description. 1-80 characters.
        7 1..=80 description,
        /// Eighth component, last code of a range. 1-48 characters.
        8 1..=48 code_to,
    }
}

impl Procedure {
    /// Returns the modifiers that are there, in order.
    pub fn modifiers(&self) -> impl Iterator<Item = &str> {
        [&self.modifier, &self.modifier_2, &self.modifier_3, &self.modifier_4]
            .into_iter()
            .map(String::as_str)
            .filter(|modifier| !modifier.is_empty())
    }
}

composite! {
    /// Which diagnoses a service is for, by their order in HI.
    Pointers {
        /// First component, the main diagnosis. 1-2 digits.
        1 1..=2 first,
        /// Second component. 1-2 digits.
        2 1..=2 second,
        /// Third component. 1-2 digits.
        3 1..=2 third,
        /// Fourth component. 1-2 digits.
        4 1..=2 fourth,
    }
}

segment! {
    /// SV1, a professional service.
    Sv1 "SV1" of 21 {
        /// SV101, what is asked for.
        1 must 1..=300 procedure: Procedure,
        /// SV102, the charge in dollars. 1-18 characters.
        2 may 1..=18 amount: String,
        /// SV103, unit of SV104: `UN` units, `MJ` minutes, `F2` international units. 2 characters.
        3 may 2..=2 unit: String,
        /// SV104, how many. 1-15 characters.
        4 may 1..=15 quantity: String,
        /// SV105, place of service. 1-2 characters.
        5 may 1..=2 place_of_service: String,
        /// SV107, which diagnoses it is for.
        7 may 1..=11 diagnoses: Pointers,
        /// SV111, `Y` when found by screening of a child. 1 character.
        11 may 1..=1 epsdt: String,
        /// SV120, level of care in a nursing home. 1 character.
        20 may 1..=1 care_level: String,
    }
}
