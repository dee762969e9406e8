//! CR1: transport by ambulance or other vehicle.

use crate::seg::table::segment;

segment! {
    /// CR1, what is needed to carry the patient.
    Cr1 "CR1" of 10 {
        /// CR101, unit of the weight, `LB`. 2 characters.
        1 may 2..=2 weight_unit: String,
        /// CR102, weight of the patient in that unit. 1-10 characters.
        2 may 1..=10 weight: String,
        /// CR103, which leg of a journey. 1 character.
        3 may 1..=1 transport: String,
        /// CR104, why transport is needed. 1 character.
        4 may 1..=1 reason: String,
        /// CR105, unit of the distance, `DH` miles. 2 characters.
        5 may 2..=2 distance_unit: String,
        /// CR106, distance in that unit. 1-15 characters.
        6 may 1..=15 distance: String,
        /// CR107, where from, as text. 1-55 characters.
        7 may 1..=55 origin: String,
        /// CR108, where to, as text. 1-55 characters.
        8 may 1..=55 destination: String,
        /// CR109, why there and back. 1-80 characters.
        9 may 1..=80 round_trip_purpose: String,
        /// CR110, why a stretcher is needed. 1-80 characters.
        10 may 1..=80 stretcher_purpose: String,
    }
}
