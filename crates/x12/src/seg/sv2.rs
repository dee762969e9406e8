//! SV2: an institutional service.

use crate::seg::sv1::Procedure;
use crate::seg::table::segment;

segment! {
    /// SV2, a service of an institution.
    Sv2 "SV2" of 10 {
        /// SV201, revenue code. 1-48 characters.
        1 may 1..=48 revenue: String,
        /// SV202, what is asked for.
        2 may 1..=300 procedure: Procedure,
        /// SV203, the charge in dollars. 1-18 characters.
        3 may 1..=18 amount: String,
        /// SV204, unit of SV205: `DA` days, `UN` units, `F2` international units. 2 characters.
        4 may 2..=2 unit: String,
        /// SV205, how many. 1-15 characters.
        5 may 1..=15 quantity: String,
        /// SV206, the rate for one, in dollars. 1-10 characters.
        6 may 1..=10 rate: String,
        /// SV209, level of residence in a nursing home. 1 character.
        9 may 1..=1 nursing_home_status: String,
        /// SV210, level of care in a nursing home. 1 character.
        10 may 1..=1 care_level: String,
    }
}
