//! The crate's tests, by subject. What both engines must do alike is written once with `store_test!`.

mod backups;
mod disk;
mod drafts;
mod faults;
mod groups;
mod migrations;
mod opening;
mod round_trip;
mod server;
mod transactions;
