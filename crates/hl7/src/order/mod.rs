//! A referral or an order as one typed view, whichever message it came in. Reads what is there and judges nothing: whether
//! a diagnosis is needed or a payer known is for the layer above. Segments that belong to no list here, such as Z segments,
//! are kept as sent.

mod clinical;
mod coverage;
mod fields;
mod intent;
mod item;
mod patient;
mod referral;
mod walk;

pub use clinical::{About, Allergy, Diagnosis, Note, Observation, Procedure, Value};
pub use coverage::{Authorization, Certification, Insurance};
pub use intent::{Intent, OrderKind};
pub use item::{Item, Order, Timing};
pub use patient::{Contact, Guarantor, Patient, Visit};
pub use referral::{ContactPerson, Provider, Referral};

use crate::document::Document;
use crate::header::{Header, MessageType};
use crate::problem::{Condition, Problem};
use crate::read::Message;

/// A referral or an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderMessage {
    /// What kind of message it came in.
    pub kind: OrderKind,
    /// MSH-9.
    pub message_type: MessageType,
    /// What the sender wants done, over all orders.
    pub intent: Intent,
    /// MSH.
    pub header: Header,
    /// PID.
    pub patient: Option<Patient>,
    /// PV1 and PV2.
    pub visit: Option<Visit>,
    /// NK1.
    pub contacts: Vec<Contact>,
    /// GT1.
    pub guarantors: Vec<Guarantor>,
    /// IN1, IN2, IN3.
    pub insurances: Vec<Insurance>,
    /// RF1.
    pub referral: Option<Referral>,
    /// AUT.
    pub authorizations: Vec<Authorization>,
    /// PRD.
    pub providers: Vec<Provider>,
    /// DG1.
    pub diagnoses: Vec<Diagnosis>,
    /// PR1.
    pub procedures: Vec<Procedure>,
    /// AL1.
    pub allergies: Vec<Allergy>,
    /// ORC, OBR and their like.
    pub orders: Vec<Order>,
    /// OBR outside an order, as REF has them: headings over observations.
    pub panels: Vec<Item>,
    /// OBX.
    pub observations: Vec<Observation>,
    /// Documents inside OBX.
    pub documents: Vec<Document>,
    /// NTE.
    pub notes: Vec<Note>,
    /// Segments kept as sent: those that start with Z.
    pub others: Vec<OtherSegment>,
    /// What could not be read; the rest was.
    pub problems: Vec<Problem>,
}

/// A segment kept as sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherSegment {
    /// Its id, such as `ZPI`.
    pub id: String,
    /// Its text, still escaped.
    pub raw: String,
}

impl OrderMessage {
    /// Reads a referral or an order; the error says that the message is neither.
    pub fn read(message: &Message<'_>) -> Result<Self, Problem> {
        let header = message.header();
        let message_type = header.message_type();
        let Some(kind) = OrderKind::of(&message_type) else {
            let said = "this kind of message is not a referral or an order";
            let place = message.msh().place_of(9);
            let problem = Problem::reject("not-an-order", place, said);
            return Err(problem.with(Condition::MessageType));
        };
        let mut read = walk::walk(message, kind, header, message_type);
        if read.patient.is_none() {
            let said = "there is no PID segment: say who the patient is";
            let problem = Problem::error("no-patient", message.msh().place(), said);
            read.problems.push(problem.with(Condition::Sequence));
        }
        read.intent = Intent::of(&read);
        Ok(read)
    }

    /// Returns the first provider in a role, such as `RP`.
    pub fn provider(&self, role: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.has_role(role))
    }

    /// Returns the notes that stand behind something.
    pub fn notes_about(&self, about: About) -> impl Iterator<Item = &str> {
        self.notes.iter().filter(move |note| note.about == about).map(|note| note.text.as_str())
    }
}
