//! The nouns of care at home: checked identifiers, codes, time, calendars, and [`Phi`].
//!
//! Everything here is pure: no clock, no file, no database. A value of one of these types was checked when it was
//! parsed and is trusted afterwards.
//!
//! **Invariant:** no type here knows what a case is.

mod calendar;
mod case_number;
mod ein;
mod hcpcs;
mod icd10;
mod ids;
mod mbi;
mod ndc;
mod npi;
mod phi;
mod place;
mod problem;
mod taxonomy;
mod text_code;
mod time;
mod visits;
mod zip;

pub use calendar::{
    Calendar, CalendarSpec, DayName, DayTime, HolidayRule, HolidaySpec, Period, Span, SpanUnit,
};
pub use case_number::CaseNumber;
pub use ein::Ein;
pub use hcpcs::{Cpt, Hcpcs, Modifier, Procedure, Revenue};
pub use icd10::Icd10;
pub use ids::{
    AskId, CallId, CaseId, ClockId, ContactId, DisputeId, DocumentId, EscalationId, Key, LineNo,
    MessageId, OfferId, PayerId, ProviderId, ReceiptId, UserId, VisitId,
};
pub use jiff::civil::{Date, DateTime, Time, Weekday};
pub use mbi::Mbi;
pub use ndc::Ndc;
pub use npi::Npi;
pub use phi::Phi;
pub use place::{Place, PlaceKind, miles_between};
pub use problem::CodeProblem;
pub use taxonomy::Taxonomy;
pub use time::{Micros, Timestamp, Zone, ZoneUnknown, days_after, months_before};
pub use visits::{VisitFrequency, VisitSpan};
pub use zip::Zip;
