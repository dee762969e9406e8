//! The 278, review of health care services, guide 005010X217: request, cancellation and response.
//!
//! [`parse`] reads a set of an interchange; [`fn@write`] and [`write_response`] write one. A request is given only when
//! nothing that stops it was found, so it is never half there; warnings come beside it. A response is read leniently: it
//! may end at the level that was refused.
//!
//! Not here: 004010X094A1, inquiries (X215) and notifications (X216); they are told apart by [`Kind`] and refused.

mod check;
mod level;
mod parse;
mod tree;
mod values;
mod write;

pub use parse::{kind, locate, parse};
pub use tree::{
    Event, Kind, Parsed, Party, Person, Request, Response, Service, ServiceLine, Whose,
};
pub use write::{write, write_response, write_set};

/// The guide that is read and written, as in ST03 and GS08.
pub const GUIDE: &str = "005010X217";
