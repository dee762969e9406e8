//! FHIR to referrals and back.

use crate::{Format, Found, Reading, Reply, UnitOutcome};
use doorstep_vocab::Timestamp;

pub(crate) fn read(_bytes: &[u8], _received_at: Timestamp) -> Reading {
    Reading::whole(Format::Fhir, Found::Unsupported { what: "FHIR".to_owned() }, Vec::new())
}

pub(crate) fn reply(_: &Reading, _: &[UnitOutcome], _: Timestamp) -> Reply {
    Reply { media_type: "application/fhir+json", bytes: Vec::new() }
}
