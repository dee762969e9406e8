//! The daily referral import.

mod columns;

pub(crate) use columns::{column_key, is_known_column};

use crate::{Format, Found, Reading, Reply, UnitOutcome};
use doorstep_vocab::Timestamp;

pub(crate) fn read(_bytes: &[u8], _received_at: Timestamp) -> Reading {
    Reading::whole(Format::Csv, Found::Unsupported { what: "CSV".to_owned() }, Vec::new())
}

pub(crate) fn reply(_: &Reading, _: &[UnitOutcome]) -> Reply {
    Reply { media_type: "text/csv", bytes: Vec::new() }
}
