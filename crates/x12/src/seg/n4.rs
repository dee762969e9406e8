//! N4: city, state, ZIP.

use crate::seg::table::segment;

segment! {
    /// N4, the place of an address.
    N4 "N4" of 7 {
        /// N401, city. 2-30 characters.
        1 may 2..=30 city: String,
        /// N402, state, 2 letters.
        2 may 2..=2 state: String,
        /// N403, ZIP, 5 or 9 digits. 3-15 characters.
        3 may 3..=15 zip: String,
        /// N404, country when not the United States. 2-3 characters.
        4 may 2..=3 country: String,
        /// N405, what N406 is. 1-2 characters.
        5 may 1..=2 location_qualifier: String,
        /// N406, a further location. 1-30 characters.
        6 may 1..=30 location: String,
        /// N407, part of a country when not the United States. 1-3 characters.
        7 may 1..=3 subdivision: String,
    }
}
