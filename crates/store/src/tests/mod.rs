//! Every function on both engines, on invented people and cases.

mod audit;
mod board;
mod calls;
mod cases;
mod checkups;
mod complaints;
mod deadlines;
mod doors;
mod escalations;
mod given;
mod jobs;
mod looks;
mod members;
mod messages;
mod people;
mod plans;
mod presence;
mod providers;
mod records;
mod search;
mod statements;
mod users;
mod views;
mod walls;
mod worklist;
