//! DMG: birth and sex.

use crate::moment::Day;
use crate::seg::table::segment;

segment! {
    /// DMG, who somebody is by birth.
    Dmg "DMG" of 11 {
        /// DMG01, format of DMG02, `D8`. 2-3 characters.
        1 may 2..=3 format: String,
        /// DMG02, date of birth, 8 digits.
        2 may 1..=35 birth_date: String,
        /// DMG03, `F`, `M` or `U`. 1 character.
        3 may 1..=1 gender: String,
    }
}

impl Dmg {
    /// Returns the date of birth when it is one.
    pub fn born_on(&self) -> Option<Day> {
        Day::parse(&self.birth_date)
    }
}
