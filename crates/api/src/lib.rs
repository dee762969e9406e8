//! The machine doors: files over HTTP with a bearer token, and HL7 v2 over MLLP; and how connections are kept, for the
//! console as well.
//!
//! Every door hands bytes to [`intake::take`](doorstep_app::intake::take) and answers in the sender's own protocol once the
//! orders in them are durable. None knows what a case is.
//!
//! **Invariant:** an answer that says "taken" leaves only after the store has flushed.

mod answer;
mod bearer;
mod http;
mod limits;
mod listening;
mod mllp;
mod turns;

pub use http::{ROUTES, Route, router};
pub use limits::Limits;
pub use listening::listen;
pub use mllp::mllp;
pub use turns::{FILES_AT_ONCE, Turns};
