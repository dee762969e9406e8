//! UM: what kind of review is asked for.

use crate::seg::table::{composite, segment};

composite! {
    /// Where the service takes place.
    Facility {
        /// First component, the code, e.g. `12` home. 1-2 characters.
        1 1..=2 code,
        /// Second component, its list: `A` type of bill, `B` place of service. 1-2 characters.
        2 1..=2 qualifier,
        /// Third component, frequency of the bill. 1 character.
        3 1..=1 frequency,
    }
}

composite! {
    /// What caused the condition.
    RelatedCauses {
        /// First component: `AA` car accident, `AP` another party, `EM` work. 2-3 characters.
        1 2..=3 first,
        /// Second component, coded as the first. 2-3 characters.
        2 2..=3 second,
        /// Third component, coded as the first. 2-3 characters.
        3 2..=3 third,
        /// Fourth component, state of the accident. 2 characters.
        4 2..=2 state,
        /// Fifth component, country of the accident. 2-3 characters.
        5 2..=3 country,
    }
}

segment! {
    /// UM, the review asked for.
    Um "UM" of 10 {
        /// UM01, category: `AR` admission, `HS` health services, `SC` specialty care, `IN` reservation. 1-2 characters.
        1 must 1..=2 category: String,
        /// UM02, kind: `I` initial, `R` renewal, `S` revised, `4` extension, `3` cancel, `1` `2` appeal, `N` again. 1 character.
        2 must 1..=1 certification: String,
        /// UM03, type of service, e.g. `12` equipment bought, `18` rented, `42` home health. 1-2 characters.
        3 may 1..=2 service_type: String,
        /// UM04, where the service takes place.
        4 may 1..=10 facility: Facility,
        /// UM05, what caused the condition.
        5 may 1..=20 causes: RelatedCauses,
        /// UM06, `U` urgent, `03` emergency, `E` elective. 1-3 characters.
        6 may 1..=3 level_of_service: String,
        /// UM07, condition of the patient. 1 character.
        7 may 1..=1 health_condition: String,
        /// UM08, prognosis, coded as CR601. 1 character.
        8 may 1..=1 prognosis: String,
        /// UM09, whether release of information was signed. 1 character.
        9 may 1..=1 release: String,
        /// UM10, why the request is late. 1-2 characters.
        10 may 1..=2 delay_reason: String,
    }
}
