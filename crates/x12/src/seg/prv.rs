//! PRV: what a provider does.

use crate::seg::table::segment;

segment! {
    /// PRV, the specialty of a provider.
    Prv "PRV" of 6 {
        /// PRV01, part of the provider, e.g. `PE` performing, `RF` referring. 1-3 characters.
        1 must 1..=3 role: String,
        /// PRV02, code list of PRV03, `PXC` taxonomy. 2-3 characters.
        2 may 2..=3 qualifier: String,
        /// PRV03, the specialty. 1-50 characters.
        3 may 1..=50 specialty: String,
    }
}
