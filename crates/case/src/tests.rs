//! The world that the tests share, and what holds for any case whatever its history.

mod acuity;
mod chance;
pub(crate) mod clocks;
mod complaints;
mod deaths;
mod earlier;
mod effects;
mod families;
mod followups;
mod grievances;
mod histories;
mod lines;
mod next;
mod raised;
mod renewals;
mod requirements;
mod rules;
mod sense;
mod spoken;
mod supplies;
pub(crate) mod world;
