//! CRC: conditions that hold or do not hold.

use crate::seg::table::segment;

segment! {
    /// CRC, up to five conditions of one category.
    Crc "CRC" of 7 {
        /// CRC01, category, e.g. `09` durable equipment, `11` oxygen, `75` limitations, `76` activities. 2 characters.
        1 must 2..=2 category: String,
        /// CRC02, `Y` when the conditions hold, `N` when not. 1 character.
        2 must 1..=1 applies: String,
        /// CRC03, first condition. 2-3 characters.
        3 must 2..=3 condition: String,
        /// CRC04, second condition. 2-3 characters.
        4 may 2..=3 condition_2: String,
        /// CRC05, third condition. 2-3 characters.
        5 may 2..=3 condition_3: String,
        /// CRC06, fourth condition. 2-3 characters.
        6 may 2..=3 condition_4: String,
        /// CRC07, fifth condition. 2-3 characters.
        7 may 2..=3 condition_5: String,
    }
}

impl Crc {
    /// Returns the conditions that have a code, in order.
    pub fn conditions(&self) -> impl Iterator<Item = &str> {
        [
            &self.condition,
            &self.condition_2,
            &self.condition_3,
            &self.condition_4,
            &self.condition_5,
        ]
        .into_iter()
        .map(String::as_str)
        .filter(|code| !code.is_empty())
    }
}
