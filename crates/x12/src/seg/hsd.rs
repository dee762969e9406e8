//! HSD: how much, how often, for how long.

use crate::seg::table::segment;

segment! {
    /// HSD, the amount and pattern of a service, e.g. 3 visits a week for 2 months.
    Hsd "HSD" of 8 {
        /// HSD01, what HSD02 counts: `DY` days, `FL` units, `HS` hours, `MN` months, `VS` visits. 2 characters.
        1 may 2..=2 quantity_qualifier: String,
        /// HSD02, the quantity. 1-15 characters.
        2 may 1..=15 quantity: String,
        /// HSD03, per what: `DA` day, `WK` week, `MO` month. 2 characters.
        3 may 2..=2 per: String,
        /// HSD04, every how many of HSD03. 1-6 characters.
        4 may 1..=6 modulus: String,
        /// HSD05, unit of HSD06: `6` hour, `7` day, `21` years, `34` month, `35` week. 1-2 characters.
        5 may 1..=2 period_unit: String,
        /// HSD06, for how many of HSD05. 1-3 characters.
        6 may 1..=3 period: String,
        /// HSD07, on which days. 1-2 characters.
        7 may 1..=2 calendar_pattern: String,
        /// HSD08, at which time of day. 1 character.
        8 may 1..=1 time_pattern: String,
    }
}
