//! The nouns of care at home: checked identifiers, codes, time, calendars, and [`Phi`].
//!
//! Everything here is pure: no clock, no file, no database. A value of one of these types was checked when it was
//! parsed and is trusted afterwards.
//!
//! **Invariant:** no type here knows what a case is.

mod ids;
mod phi;
mod time;

pub use ids::{
    AskId, CaseId, ClockId, DisputeId, DocumentId, EscalationId, Key, LineNo, OfferId, PayerId, ProviderId, ReceiptId,
    UserId, VisitId,
};
pub use jiff::civil::{Date, DateTime, Time, Weekday};
pub use phi::Phi;
pub use time::{Micros, Timestamp, Zone, ZoneUnknown};
