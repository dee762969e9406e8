//! NM1: the name of a person or an organisation.

use crate::seg::table::segment;

segment! {
    /// NM1, somebody by name and identifier.
    Nm1 "NM1" of 12 {
        /// NM101, part in the set: `X3` reviewer, `1P` `FA` requester, `IL` subscriber, `QC` patient, `SJ` service provider. 2-3 characters.
        1 must 2..=3 entity: String,
        /// NM102, `1` a person, `2` an organisation. 1 character.
        2 must 1..=1 kind: String,
        /// NM103, family name, or name of the organisation. 1-60 characters.
        3 may 1..=60 last: String,
        /// NM104, given name. 1-35 characters.
        4 may 1..=35 first: String,
        /// NM105, middle name. 1-25 characters.
        5 may 1..=25 middle: String,
        /// NM106, title before the name. 1-10 characters.
        6 may 1..=10 prefix: String,
        /// NM107, suffix after the name. 1-10 characters.
        7 may 1..=10 suffix: String,
        /// NM108, what NM109 is: `MI` member id, `XX` NPI, `24` employer id, `34` SSN, `46` `PI` `XV` payer. 1-2 characters.
        8 may 1..=2 id_qualifier: String,
        /// NM109, the identifier. 2-80 characters.
        9 may 2..=80 id: String,
        /// NM110, relation to another party. 2 characters.
        10 may 2..=2 relation: String,
        /// NM111, part of that party. 2-3 characters.
        11 may 2..=3 related_entity: String,
        /// NM112, a second or maiden name. 1-60 characters.
        12 may 1..=60 second_last: String,
    }
}
