//! The real program under faults: killed, cut off, starved of its disk and its server, and asked by many at once. Nothing
//! that was acknowledged may be lost, doubled, reordered or left half done.
//!
//! Each trial has a short form, which the test command runs, and a whole one, which takes minutes: `cargo xtask trust --long`.
//! Each ends with the same audit, and has a planted defect that the audit, or the trial, has to find.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod audit;
mod backups;
mod bursts;
mod checkups;
mod clocks;
mod cluster;
mod crowd;
mod failing;
mod full;
mod history;
mod hub;
mod inner;
mod kills;
mod lanes;
mod letters;
mod load;
mod nodes;
mod power;
mod senders;
mod servers;
mod size;
mod slowness;
mod stores;
mod syscalls;
mod tampering;
mod timings;
mod upgrade;
mod wire;

#[path = "../support/mod.rs"]
mod support;
