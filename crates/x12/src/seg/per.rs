//! PER: how to reach somebody.

use crate::seg::table::segment;

segment! {
    /// PER, a contact with up to three numbers.
    Per "PER" of 9 {
        /// PER01, what the contact is for, `IC` information. 2 characters.
        1 must 2..=2 function: String,
        /// PER02, name of the contact. 1-60 characters.
        2 may 1..=60 name: String,
        /// PER03, kind of the first number: `TE` telephone, `FX` fax, `EM` e-mail, `EX` extension, `UR` address on the web. 2 characters.
        3 may 2..=2 kind: String,
        /// PER04, the first number. 1-256 characters.
        4 may 1..=256 number: String,
        /// PER05, kind of the second number. 2 characters.
        5 may 2..=2 kind_2: String,
        /// PER06, the second number. 1-256 characters.
        6 may 1..=256 number_2: String,
        /// PER07, kind of the third number. 2 characters.
        7 may 2..=2 kind_3: String,
        /// PER08, the third number. 1-256 characters.
        8 may 1..=256 number_3: String,
    }
}

impl Per {
    /// Returns the numbers with their kinds, in order.
    pub fn numbers(&self) -> impl Iterator<Item = (&str, &str)> {
        [(&self.kind, &self.number), (&self.kind_2, &self.number_2), (&self.kind_3, &self.number_3)]
            .into_iter()
            .map(|(kind, number)| (kind.as_str(), number.as_str()))
            .filter(|(_, number)| !number.is_empty())
    }
}
