//! The demo and test world: invented people, payers, providers and a hub's staff, who play working days against the real
//! program.
//!
//! What they send are real bytes of each format, taken by [`doorstep_app::intake`]; what they decide are commands, given by
//! [`doorstep_app::act()`]. The world has no door of its own. Partners see a case as it stands, without a look in the audit
//! trail: they stand for everybody outside, who know their own part of it anyway.
//!
//! **Invariant:** whatever happens, to whom and when follows from the seed and the simulated time. Ids that the program makes
//! are random; nothing in the world depends on them.
//!
//! **Invariant:** every person is unmistakably invented: names such as Example, plan numbers that begin with `TEST-`,
//! telephone numbers 555-01xx, NPIs of a range that is not given out. Only ZIPs are real, since they tell the zone.

mod cast;
mod clock;
mod deed;
mod hours;
mod network;
pub mod orders;
mod partners;
mod people;
mod player;
mod rng;
mod script;
mod staff;
mod story;
#[cfg(test)]
mod tests;
mod users;

pub use cast::{Came, Door, Intent, Part};
pub use clock::WorldClock;
pub use network::{furnish, providers};
pub use player::{Player, Tally, Wake};
pub use rng::Rng;
pub use script::{Arrival, day};
pub use users::{USERS, VISITORS, add_users, visitor_links};

use doorstep_vocab::Timestamp;

/// When the demo begins unless it is told otherwise: Monday 2026-11-23, 08:00 in New York, in the week of Thanksgiving.
pub const START: Timestamp = Timestamp(1_795_438_800_000_000);
