//! X12 bytes to structs and back: tokenizer, envelope, 278, 999 and TA1.
//!
//! - [`Segments`] cuts a file into segments without copying; [`count_segments`] only counts them.
//! - [`read`] finds interchanges, groups and sets and everything wrong with them, each with its [`Place`].
//! - [`sets::s278::parse`] reads one set as named structs; `write` there does the reverse.
//! - [`ta1`] and [`ack999`] say to the sender exactly what [`Interchange::set_verdict`] says to us.
//!
//! Receiving goes in this order: [`read`], `parse` each set, [`Interchange::note`] what that and later steps found, then
//! acknowledge. Nothing here knows what a case is, keeps anything, or asks for the time.
//!
//! **Invariants:** no input panics; memory is a small multiple of what is read; no message repeats a person's data.

mod ack;
mod detect;
mod envelope;
mod header;
mod moment;
mod problem;
mod read;
pub mod seg;
mod segment_id;
pub mod sets;
mod token;
pub mod write;

pub use ack::{AckStamp, GUIDE_999, ack999, ta1};
pub use detect::{looks_like_x12, transaction_types};
pub use envelope::{
    Endpoint, Group, Gs, Interchange, Isa, MAX_FILE_BYTES, MAX_SEGMENT_BYTES, MAX_SETS, Part,
    SET_BYTES_MAX, Set, Ta1, Transmission, Verdict, read, read_from,
};
pub use moment::{Day, Minute, Period};
pub use problem::{Code, Level, Notes, Place, Problem};
pub use read::{Counts, Segments, count_segments};
pub use segment_id::SegmentId;
pub use token::{Delimiters, Elements, Segment, decode};
