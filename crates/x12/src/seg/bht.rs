//! BHT: what a set is for.

use crate::seg::table::segment;

segment! {
    /// BHT, the purpose, number and time of the set.
    Bht "BHT" of 6 {
        /// BHT01, how the loops are nested; `0007` in a review of services. 4 characters.
        1 must 4..=4 structure: String,
        /// BHT02, the purpose: `13` request, `11` response, `01` cancellation, `36` reply. 2 characters.
        2 must 2..=2 purpose: String,
        /// BHT03, the sender's number for the transaction. 1-50 characters.
        3 must 1..=50 reference: String,
        /// BHT04, the date it was made, 8 digits.
        4 must 8..=8 date: String,
        /// BHT05, the time it was made, 4-8 digits.
        5 must 4..=8 time: String,
        /// BHT06, the kind: `RU` medical services reservation; in a response `18` final, `19` more to come. 2 characters.
        6 may 2..=2 kind: String,
    }
}
