//! The tree of a 278 as named structs.

use crate::problem::{Place, Problem};
use crate::seg::{
    Aaa, Bht, Cl1, Cr1, Cr2, Cr5, Cr6, Crc, Diagnosis, Dmg, Dtp, Hcr, Hsd, Ins, Msg, N3, N4, Nm1,
    Per, Prv, Pwk, Ref, Sv1, Sv2, Sv3, Too, Trn, Um,
};

/// What a 278 is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Asks for a review.
    Request,
    /// Takes a request back: BHT02 `01`, or UM02 `3` in every event.
    Cancel,
    /// Answers a request: BHT02 `11` or `36`, or an HCR or AAA is in it.
    Response,
    /// Asks what became of one, guide 005010X215; not read here.
    Inquiry,
    /// Tells of one, guide 005010X216; not read here.
    Notification,
    /// Something else.
    Other,
}

/// What came of reading a set.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What the set is for.
    pub kind: Kind,
    /// The request or cancellation, when nothing stops it.
    pub request: Option<Box<Request>>,
    /// The response, when it is one and nothing stops it.
    pub response: Option<Box<Response>>,
    /// What reading found; the envelope's own problems of the set are not repeated.
    pub problems: Vec<Problem>,
}

/// A request for review, or its cancellation: one patient, one or more events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where the set begins.
    pub at: Place,
    /// [`Kind::Request`] or [`Kind::Cancel`].
    pub kind: Kind,
    /// ST02, the control number of the set, 4-9 characters.
    pub control: String,
    /// BHT, purpose and number.
    pub bht: Bht,
    /// Loop 2000A, who reviews: the utilization management organization.
    pub umo: Party,
    /// Loop 2000B, who asks.
    pub requester: Party,
    /// Loop 2000C, the subscriber.
    pub subscriber: Person,
    /// Loop 2000D, the dependent when the patient is not the subscriber.
    pub dependent: Option<Person>,
    /// Loop 2000E, what happens to the patient.
    pub events: Vec<Event>,
}

/// A response: the tree as far as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Where the set begins.
    pub at: Place,
    /// ST02, the control number of the set, 4-9 characters.
    pub control: String,
    /// BHT, purpose and number; BHT03 repeats the number of the request.
    pub bht: Option<Bht>,
    /// AAA before any name: the whole request was refused.
    pub refusals: Vec<Aaa>,
    /// Loop 2000A, who reviews.
    pub umo: Option<Party>,
    /// Loop 2000B, who asked.
    pub requester: Option<Party>,
    /// Loop 2000C, the subscriber.
    pub subscriber: Option<Person>,
    /// Loop 2000D, the dependent.
    pub dependent: Option<Person>,
    /// Loop 2000E, the events with their decisions.
    pub events: Vec<Event>,
}

/// Somebody in a part: NM1 and what follows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Where the NM1 stands.
    pub at: Place,
    /// NM1, the name.
    pub name: Nm1,
    /// REF, further identifiers.
    pub refs: Vec<Ref>,
    /// N3, the street.
    pub street: Option<N3>,
    /// N4, the city.
    pub city: Option<N4>,
    /// PER, how to reach them.
    pub contacts: Vec<Per>,
    /// AAA, why this party was refused; only in responses.
    pub refusals: Vec<Aaa>,
    /// PRV, the specialty.
    pub specialty: Option<Prv>,
    /// DTP, dates of this party; only around other reviewers.
    pub dates: Vec<Dtp>,
}

/// A subscriber or dependent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Name, identifiers, address.
    pub party: Party,
    /// DMG, birth and sex.
    pub birth: Option<Dmg>,
    /// INS, relation to the insured.
    pub insured: Option<Ins>,
}

/// Whose event it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// The subscriber is the patient.
    #[default]
    Subscriber,
    /// The dependent is the patient.
    Dependent,
}

/// Loop 2000E: what happens to the patient, and what is asked for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Where the HL stands.
    pub at: Place,
    /// Who the patient is.
    pub whose: Whose,
    /// TRN, numbers to join question and answer.
    pub trace: Vec<Trn>,
    /// AAA, why the event was refused; only in responses.
    pub refusals: Vec<Aaa>,
    /// UM, the review asked for; there in every request.
    pub um: Option<Box<Um>>,
    /// HCR, the decision; only in responses.
    pub decision: Option<Hcr>,
    /// REF, earlier authorization and administrative numbers.
    pub refs: Vec<Ref>,
    /// DTP, dates.
    pub dates: Vec<Dtp>,
    /// HI, diagnoses in order; SV107 points to them.
    pub diagnoses: Vec<Diagnosis>,
    /// HSD, amount and pattern.
    pub hsd: Option<Box<Hsd>>,
    /// CRC, conditions.
    pub crc: Vec<Crc>,
    /// CL1, admission.
    pub cl1: Option<Cl1>,
    /// CR1, transport.
    pub cr1: Option<Box<Cr1>>,
    /// CR2, spinal manipulation.
    pub cr2: Option<Box<Cr2>>,
    /// CR5, oxygen.
    pub cr5: Option<Box<Cr5>>,
    /// CR6, home health.
    pub cr6: Option<Box<Cr6>>,
    /// PWK, paperwork.
    pub pwk: Vec<Pwk>,
    /// MSG, free text.
    pub messages: Vec<Msg>,
    /// Loops 2010E, providers and places.
    pub providers: Vec<Party>,
    /// Loop 2000F, services.
    pub services: Vec<Service>,
}

/// Loop 2000F: one service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Where the HL stands.
    pub at: Place,
    /// TRN, numbers to join question and answer.
    pub trace: Vec<Trn>,
    /// AAA, why the service was refused; only in responses.
    pub refusals: Vec<Aaa>,
    /// UM, when it differs from the event's.
    pub um: Option<Box<Um>>,
    /// HCR, the decision; only in responses.
    pub decision: Option<Hcr>,
    /// REF, earlier authorization and administrative numbers.
    pub refs: Vec<Ref>,
    /// DTP, dates.
    pub dates: Vec<Dtp>,
    /// HI, documents wanted for this service; only in responses.
    pub diagnoses: Vec<Diagnosis>,
    /// SV1, SV2 or SV3; absent when the event says it all.
    pub line: Option<Box<ServiceLine>>,
    /// TOO, teeth.
    pub teeth: Vec<Too>,
    /// HSD, amount and pattern.
    pub hsd: Option<Box<Hsd>>,
    /// PWK, paperwork.
    pub pwk: Vec<Pwk>,
    /// MSG, free text.
    pub messages: Vec<Msg>,
    /// Loops 2010F, providers.
    pub providers: Vec<Party>,
}

/// What a service is, by its segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceLine {
    /// SV1.
    Professional(Sv1),
    /// SV2.
    Institutional(Sv2),
    /// SV3.
    Dental(Sv3),
}

impl Request {
    /// Returns the patient of an event.
    pub fn patient(&self, event: &Event) -> &Person {
        match (event.whose, &self.dependent) {
            (Whose::Dependent, Some(dependent)) => dependent,
            _ => &self.subscriber,
        }
    }
}

impl Party {
    /// Returns the identifier when it is of the kind `qualifier` (NM108), e.g. `XX` for an NPI.
    pub fn id(&self, qualifier: &str) -> Option<&str> {
        let found = self.name.id_qualifier == qualifier && !self.name.id.is_empty();
        found.then_some(self.name.id.as_str())
    }

    /// Returns the first further identifier of a kind (REF01).
    pub fn reference(&self, qualifier: &str) -> Option<&str> {
        reference(&self.refs, qualifier)
    }
}

impl Event {
    /// Returns REF*BB, the number of an earlier authorization.
    pub fn previous_auth(&self) -> Option<&str> {
        reference(&self.refs, "BB")
    }

    /// Returns REF*NT, the reviewer's administrative number.
    pub fn administrative_number(&self) -> Option<&str> {
        reference(&self.refs, "NT")
    }

    /// Returns the sender's own trace number, TRN01 `1`.
    pub fn own_trace(&self) -> Option<&str> {
        self.trace.iter().find(|trn| trn.kind == "1").map(|trn| trn.number.as_str())
    }

    /// Returns the first date of a kind (DTP01).
    pub fn date(&self, qualifier: &str) -> Option<&Dtp> {
        self.dates.iter().find(|dtp| dtp.qualifier == qualifier)
    }
}

impl Service {
    /// Returns REF*BB, the number of an earlier authorization.
    pub fn previous_auth(&self) -> Option<&str> {
        reference(&self.refs, "BB")
    }

    /// Returns the first date of a kind (DTP01).
    pub fn date(&self, qualifier: &str) -> Option<&Dtp> {
        self.dates.iter().find(|dtp| dtp.qualifier == qualifier)
    }
}

impl ServiceLine {
    /// Returns what is asked for, by code.
    pub fn procedure(&self) -> &crate::seg::Procedure {
        match self {
            Self::Professional(sv1) => &sv1.procedure,
            Self::Institutional(sv2) => &sv2.procedure,
            Self::Dental(sv3) => &sv3.procedure,
        }
    }

    /// Returns how many, with the unit; both empty when not said. Dental services have no unit.
    pub fn quantity(&self) -> (&str, &str) {
        match self {
            Self::Professional(sv1) => (&sv1.quantity, &sv1.unit),
            Self::Institutional(sv2) => (&sv2.quantity, &sv2.unit),
            Self::Dental(sv3) => (&sv3.quantity, ""),
        }
    }
}

fn reference<'r>(refs: &'r [Ref], qualifier: &str) -> Option<&'r str> {
    refs.iter()
        .find(|found| found.qualifier == qualifier && !found.id.is_empty())
        .map(|found| found.id.as_str())
}
