//! HL7 v2 to referrals, and their acknowledgements.

use crate::{Format, Found, Reading, Reply, UnitOutcome};
use doorstep_vocab::Timestamp;

pub(crate) fn read(_bytes: &[u8], _received_at: Timestamp) -> Reading {
    Reading::whole(Format::Hl7, Found::Unsupported { what: "HL7".to_owned() }, Vec::new())
}

pub(crate) fn reply(_: &[u8], _: (&Reading, &[UnitOutcome]), _: Timestamp, _: u32) -> Option<Reply> {
    None
}
