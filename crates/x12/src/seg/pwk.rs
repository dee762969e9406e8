//! PWK: paperwork that comes, or is wanted, besides.

use crate::seg::table::segment;

segment! {
    /// PWK, a document by kind and control number.
    Pwk "PWK" of 9 {
        /// PWK01, kind of document. 2 characters.
        1 must 2..=2 report: String,
        /// PWK02, how it travels: `EL` electronic, `FX` fax, `BM` mail, `AA` on request, `VO` by voice. 1-2 characters.
        2 may 1..=2 transmission: String,
        /// PWK05, what PWK06 is, `AC` attachment control number. 1-2 characters.
        5 may 1..=2 id_qualifier: String,
        /// PWK06, the number by which the document is joined again. 2-80 characters.
        6 may 2..=80 control_number: String,
        /// PWK07, description. 1-80 characters.
        7 may 1..=80 description: String,
    }
}
