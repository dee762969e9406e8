//! Segments of the 278 with named elements, one file each, or one for a few that belong together.
//!
//! Texts are kept as sent, without the blanks around them; empty means absent. Element names and meanings are in our own
//! words; positions, lengths and codes follow the public descriptions of 005010X217 and X12 usage \[K\].

pub(crate) mod table;

mod aaa;
mod bht;
mod cl1;
mod cr1;
mod cr2;
mod cr5;
mod cr6;
mod crc;
mod dmg;
mod dtp;
mod hcr;
mod hi;
mod hl;
mod hsd;
mod ins;
mod msg;
mod n3;
mod n4;
mod nm1;
mod per;
mod prv;
mod pwk;
mod reference;
mod sv1;
mod sv2;
mod sv3;
mod too;
mod trn;
mod um;

pub use aaa::Aaa;
pub use bht::Bht;
pub use cl1::Cl1;
pub use cr1::Cr1;
pub use cr2::Cr2;
pub use cr5::Cr5;
pub use cr6::Cr6;
pub use crc::Crc;
pub use dmg::Dmg;
pub use dtp::Dtp;
pub use hcr::Hcr;
pub use hi::{Diagnosis, Hi};
pub use hl::Hl;
pub use hsd::Hsd;
pub use ins::Ins;
pub use msg::Msg;
pub use n3::N3;
pub use n4::N4;
pub use nm1::Nm1;
pub use per::Per;
pub use prv::Prv;
pub use pwk::Pwk;
pub use reference::Ref;
pub use sv1::{Pointers, Procedure, Sv1};
pub use sv2::Sv2;
pub use sv3::{Cavities, Sv3};
pub use too::{Surfaces, Too};
pub use trn::Trn;
pub use um::{Facility, RelatedCauses, Um};
