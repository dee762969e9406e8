//! MSG: free text.

use crate::seg::table::segment;

segment! {
    /// MSG, a message for a person to read.
    Msg "MSG" of 3 {
        /// MSG01, the text. 1-264 characters.
        1 must 1..=264 text: String,
    }
}
