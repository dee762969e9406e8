//! The one door for writing, and what stands around it: who may do what, sign-in, and the path of a file from its
//! bytes to a case.
//!
//! Every change to a case goes through [`act`], [`open`] or [`intake`], which end in the same place: one transaction that holds the
//! events, the worklist row, the deadlines, the jobs and the audit entry, or none of them.
//!
//! **Invariant:** nothing else begins a write transaction on a case, and nothing else makes a [`Scope`].

pub mod access;
mod act;
mod amend;
pub mod away;
mod behind;
pub mod billing;
pub mod calls;
pub mod checkup;
pub mod command;
pub mod counts;
mod ctx;
pub mod desk;
mod elsewhere;
mod error;
pub mod first;
mod form;
pub mod glass;
pub mod handout;
pub mod imports;
pub mod intake;
pub mod jobs;
pub mod lists;
pub mod looks;
pub mod members;
pub mod messages;
pub mod network;
mod numbers;
mod open;
mod party;
mod past;
pub mod presence;
pub mod quality;
pub mod raised;
mod read;
pub mod rota;
mod row;
mod secret;
pub mod signin;
pub mod staff;
mod supply;
pub mod trail;
pub mod triage;
pub mod walls;

/// How long an edge waits for a use case before it answers that it is busy: nobody hangs on a store that stands still. What was
/// begun is finished or undone behind the answer, whole. Source: trust.md 7, R07, has 15 seconds.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(14);

pub use act::{Acted, act, enter, note};
pub use amend::{PersonChange, Shown, amend, amend_shown, people_written_at};
pub use behind::bring_up;
pub use ctx::{App, Ctx, Settings};
pub use doorstep_authz::{CELL_MIN, Cell, Outsider, PERMISSIONS, Permission, Rule};
pub use doorstep_store::Scope;
pub use elsewhere::Elsewhere;
pub use error::{Error, Result};
pub use form::{Entry, FormSent, open, waiting_file};
pub use jobs::JOB_KINDS;
pub use open::Opened;
pub use past::{Moment, Past, case_as_of, case_as_seen};
pub use read::{
    CaseFile, CaseNow, alike, case_file, case_file_at, case_now, search, search_providers, worklist,
};
pub use row::summary;
pub use secret::{Token, digest, token};
