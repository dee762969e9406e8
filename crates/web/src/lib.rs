//! The console: server-rendered pages for agents, nurses, supervisors and administrators.
//!
//! Each page is a folder: what it reads, what it shows, and its template beside it. Handlers are plain functions that
//! run on a blocking thread; `serve` is the one place where async meets them. Every page works with scripts off; one
//! small script counts times down and renews lists.
//!
//! **Invariant:** the router is built from [`routes`] alone, so a route without a row that says who may ask does not
//! exist, and a golden file has the answer of every route to every role.
//!
//! **Invariant:** personal data is in no path, no query, no title and no log line.

mod access;
mod account;
mod activity;
mod answer;
mod asked;
mod assets;
mod away;
mod billing;
mod board;
mod calls;
mod case;
mod complaints;
mod confirm;
mod cookie;
mod errors;
mod escalations;
mod field;
mod first;
mod glass;
mod home;
mod imports;
mod language;
mod live;
mod looks;
mod members;
mod nudge;
mod phone;
mod posted;
mod providers;
mod quality;
mod queue;
mod referral;
mod room;
mod rota;
mod route;
mod routes;
mod search;
mod serve;
mod shell;
mod signin;
mod staff;
#[cfg(test)]
mod tests;
mod triage;
mod users;
mod walls;
mod when;
mod whence;
mod words;
mod worklist;

pub use nudge::{Nudge, hear_elsewhere};
pub use room::{PAGES_AT_ONCE, Room};
pub use route::{Access, Decision, Method, Route, Shows};
pub use routes::{router, routes};
