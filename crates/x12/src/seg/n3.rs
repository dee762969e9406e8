//! N3: street.

use crate::seg::table::segment;

segment! {
    /// N3, the lines of an address.
    N3 "N3" of 2 {
        /// N301, first line. 1-55 characters.
        1 must 1..=55 line: String,
        /// N302, second line. 1-55 characters.
        2 may 1..=55 line_2: String,
    }
}
