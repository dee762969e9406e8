//! The data types a referral is made of, read without judging: a name is whatever the sender put there. Each reader takes
//! a [`Repetition`](crate::Repetition) and returns `None` when it holds nothing.

mod address;
mod code;
mod id;
mod name;
mod phone;
mod ts;

pub use address::{Address, Location};
pub use code::{Code, Quantity};
pub use id::{Authority, EntityId, Id, Organization};
pub use name::{Doctor, Name};
pub use phone::{Phone, PhoneKind};
pub use ts::Ts;
