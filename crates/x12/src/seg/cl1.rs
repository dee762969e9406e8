//! CL1: how somebody comes into a facility.

use crate::seg::table::segment;

segment! {
    /// CL1, admission to an institution.
    Cl1 "CL1" of 4 {
        /// CL101, type of admission. 1 character.
        1 may 1..=1 admission_type: String,
        /// CL102, where the patient was admitted from. 1 character.
        2 may 1..=1 admission_source: String,
        /// CL103, status of the patient at the end of the stay. 1-2 characters.
        3 may 1..=2 patient_status: String,
        /// CL104, level of residence in a nursing home. 1 character.
        4 may 1..=1 nursing_home_status: String,
    }
}
