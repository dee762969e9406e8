//! X12 bytes to structs and back: tokenizer, envelope, 278 request, 999 and TA1.

mod ack;
mod detect;
mod envelope;
mod header;
mod moment;
mod problem;
mod read;
pub mod seg;
pub mod sets;
mod token;
pub mod write;

pub use ack::{AckStamp, GUIDE_999, ack999, ta1};
pub use detect::{looks_like_x12, transaction_types};
pub use envelope::{
    Endpoint, Group, Gs, Interchange, Isa, MAX_FILE_BYTES, MAX_SEGMENT_BYTES, MAX_SETS, Set, Ta1,
    Transmission, Verdict, read,
};
pub use moment::{Day, Minute, Period};
pub use problem::{Code, Level, Notes, Place, Problem};
pub use read::{Counts, Segments, count_segments};
pub use token::{Delimiters, Elements, Segment, decode};
