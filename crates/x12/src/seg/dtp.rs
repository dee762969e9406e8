//! DTP: a date or a period.

use crate::moment::Period;
use crate::seg::table::segment;

segment! {
    /// DTP, when something is.
    Dtp "DTP" of 3 {
        /// DTP01, what is dated, e.g. `472` service, `435` admission, `096` discharge, `AAH` event. 3 characters.
        1 must 3..=3 qualifier: String,
        /// DTP02, format of DTP03: `D8`, `RD8` or `DT`. 2-3 characters.
        2 must 2..=3 format: String,
        /// DTP03, the date, period or date with time. 1-35 characters.
        3 must 1..=35 value: String,
    }
}

impl Dtp {
    /// Returns first and last day when the value is what its format says.
    pub fn period(&self) -> Option<Period> {
        Period::parse(&self.format, &self.value)
    }
}
