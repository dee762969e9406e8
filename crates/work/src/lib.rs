//! The runner: rings what is due, and does the jobs that changes to cases left behind.
//!
//! Any number of runners share one store. A deadline and a job are claimed by a lease; whatever a job learns comes
//! back as a command through [`act`](doorstep_app::act), which the core decides anew, so that doing something twice
//! adds nothing.
//!
//! **Invariant:** a clock rings only by a deadline row, and a deadline row only by its time: there is no sleep that a
//! person waits for.

mod hands;
mod jobs;
mod message;
mod ring;
mod runner;
mod spool;

pub use message::Message;
pub use runner::{Ran, Stop, run, run_by_hands, run_by_turns, run_once, sweep};
pub use spool::{Post, Spool};
