//! HL7 v2 bytes to segments and back: framing, batches, acknowledgements, and one typed view of referrals and orders.
//!
//! Pure: no clock, no sockets, no files. Knows nothing of cases; the mapping to them is the `exchange` crate's.
//!
//! ```
//! use doorstep_hl7::{AckCode, Message, OrderMessage, Reply, ack};
//!
//! let bytes = b"MSH|^~\\&|EHR|HOSP|DOORSTEP||20260105||REF^I12^REF_I12|7|P|2.5.1\r\
//!     RF1|P|R|HOM|||R-1\rPID|1||123^^^HOSP^MR||Test^Ada\r";
//! let message = Message::read_one(bytes).unwrap();
//! let referral = OrderMessage::read(&message).unwrap();
//! assert_eq!(referral.patient.unwrap().names[0].family.as_deref(), Some("Test"));
//!
//! let reply = Reply { code: AckCode::AA, problems: &[], now: "20260105120000", control_id: "A7" };
//! let answer = ack(&message.header(), &reply);
//! assert!(answer.ends_with(b"MSA|AA|7\r"));
//! ```

mod ack;
mod charset;
mod detect;
mod document;
mod escape;
mod header;
pub mod limits;
mod mllp;
mod order;
mod problem;
mod read;
mod segment;
mod separators;
mod split;
pub mod types;
mod write;

pub use ack::{AckCode, Reply, ack, ack_batch, nak, wanted};
pub use charset::Charset;
pub use detect::{looks_like_hl7, message_types};
pub use document::{Document, documents};
pub use escape::{escape, unescape};
pub use header::{Header, MessageType};
pub use mllp::{Decoder, Received, frame};
pub use order::{
    About, Allergy, Authorization, Certification, Contact, ContactPerson, Diagnosis, Guarantor,
    Insurance, Intent, Item, Note, Observation, Order, OrderKind, OrderMessage, OtherSegment,
    Patient, Procedure, Provider, Referral, Timing, Value, Visit,
};
pub use problem::{Condition, Level, Place, Problem};
pub use read::Message;
pub use segment::{Component, Field, Repetition, Segment};
pub use separators::Separators;
pub use split::{BatchHeader, File, MessageBytes, messages};
pub use write::{MessageWriter, SegmentWriter};
