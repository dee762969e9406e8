//! X12 to referrals and back.

use crate::{Format, Found, Reading, Reply, UnitOutcome};
use doorstep_vocab::Timestamp;

pub(crate) fn read(_bytes: &[u8], _received_at: Timestamp) -> Reading {
    Reading::whole(Format::X12, Found::Unsupported { what: "X12".to_owned() }, Vec::new())
}

pub(crate) fn reply(_: &[u8], _: &[UnitOutcome], _: Timestamp, _: u32) -> Option<Reply> {
    None
}
