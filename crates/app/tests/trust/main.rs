//! What the hub may be trusted with: nothing doubled, nothing lost, nothing half done, nothing told to a log.

#![expect(clippy::unwrap_used, reason = "a test has no use for an error")]

mod acts;
mod audits;
mod authenticator;
mod calls;
mod copies;
mod doors;
mod duplicates;
mod handed;
mod identities;
mod passkeys;
mod replays;
mod resumes;
mod second_factors;
mod secrets;
mod signins;
mod walk;

#[path = "../support/mod.rs"]
mod support;
