//! Goes through the segments once and puts each where it belongs. What belongs together is told by order alone:
//! IN2 after its IN1, OBX after its OBR, NTE after whatever it is about.

use crate::document::documents;
use crate::header::{Header, MessageType};
use crate::order::clinical::{About, Allergy, Diagnosis, Note, Observation, Procedure};
use crate::order::coverage::{Authorization, Certification, Insurance};
use crate::order::fields::Fields;
use crate::order::item::{Item, Order};
use crate::order::patient::{Contact, Guarantor, Patient, Visit};
use crate::order::referral::{ContactPerson, Provider, Referral};
use crate::order::{Intent, OrderKind, OrderMessage, OtherSegment};
use crate::problem::{Condition, Problem};
use crate::read::Message;
use crate::segment::Segment;

/// What the walk remembers between segments.
struct Walk<'m> {
    read: OrderMessage,
    about: About,
    /// PID-3 of the patient, as sent.
    patient_ids: &'m str,
    /// Whether a second PV1 was passed.
    is_prior: bool,
    /// Whether the last PR1 is still the last group.
    in_procedure: bool,
}

/// Reads all segments.
pub(crate) fn walk(
    message: &Message<'_>,
    kind: OrderKind,
    header: Header,
    message_type: MessageType,
) -> OrderMessage {
    let (documents, problems) = documents(message);
    let read = empty(kind, header, message_type);
    let read = OrderMessage { documents, problems, ..read };
    let about = About::Message;
    let mut walk = Walk { read, about, patient_ids: "", is_prior: false, in_procedure: false };
    for segment in message.segments_all() {
        if segment.id() == "PID" && walk.is_another_patient(&segment) {
            let said = "a second patient: what follows was left out, send one patient a message";
            let problem = Problem::error("several-patients", segment.place(), said);
            walk.read.problems.push(problem.with(Condition::Sequence));
            break;
        }
        walk.segment(segment);
    }
    walk.read
}

fn empty(kind: OrderKind, header: Header, message_type: MessageType) -> OrderMessage {
    OrderMessage {
        kind,
        message_type,
        intent: Intent::default(),
        header,
        patient: None,
        visit: None,
        contacts: Vec::new(),
        guarantors: Vec::new(),
        insurances: Vec::new(),
        referral: None,
        authorizations: Vec::new(),
        providers: Vec::new(),
        diagnoses: Vec::new(),
        procedures: Vec::new(),
        allergies: Vec::new(),
        orders: Vec::new(),
        panels: Vec::new(),
        observations: Vec::new(),
        documents: Vec::new(),
        notes: Vec::new(),
        others: Vec::new(),
        problems: Vec::new(),
    }
}

impl<'m> Walk<'m> {
    fn is_another_patient(&self, pid: &Segment<'_>) -> bool {
        self.read.patient.is_some() && pid.field(3).raw() != self.patient_ids
    }

    fn segment(&mut self, segment: Segment<'m>) {
        if segment.declares() {
            return self.about = About::Message;
        }
        let mut problems = std::mem::take(&mut self.read.problems);
        let mut fields = Fields::new(segment, &mut problems);
        match segment.id() {
            "PID" | "PV1" | "PV2" | "NK1" | "GT1" => self.person(&mut fields),
            "IN1" | "IN2" | "IN3" | "AUT" => self.coverage(&mut fields),
            "RF1" | "PRD" | "CTD" => self.referral(&mut fields),
            "ORC" | "OBR" | "RQD" | "RQ1" | "RXO" | "RXE" | "ODS" | "TQ1" => {
                self.order(&mut fields);
            }
            "DG1" | "PR1" | "AL1" | "OBX" | "NTE" => self.clinical(&mut fields),
            id if id.starts_with('Z') => {
                let (id, raw) = (id.to_owned(), segment.raw().to_owned());
                self.read.others.push(OtherSegment { id, raw });
                self.about = About::Message;
            }
            _ => self.about = About::Message,
        }
        self.read.problems = problems;
    }

    fn person(&mut self, fields: &mut Fields<'m, '_>) {
        self.about = About::Message;
        match fields.segment.id() {
            "PID" => {
                self.about = About::Patient;
                self.patient_ids = fields.segment.field(3).raw();
                if self.read.patient.is_none() {
                    self.read.patient = Some(Patient::of(fields));
                }
            }
            "PV1" if self.read.visit.is_none() => {
                self.about = About::Visit;
                self.read.visit = Some(Visit::of(fields));
            }
            "PV1" => self.is_prior = true,
            "PV2" => {
                if let Some(visit) = self.read.visit.as_mut().filter(|_| !self.is_prior) {
                    visit.add(fields);
                }
            }
            "NK1" => self.read.contacts.push(Contact::of(fields)),
            _ => self.read.guarantors.push(Guarantor::of(fields)),
        }
    }

    fn coverage(&mut self, fields: &mut Fields<'m, '_>) {
        self.about = About::Message;
        let last = self.read.insurances.last_mut();
        match (fields.segment.id(), last) {
            ("IN1", _) => self.read.insurances.push(Insurance::of(fields)),
            ("IN2", Some(insurance)) => insurance.add(fields),
            ("IN3", Some(insurance)) => insurance.certifications.push(Certification::of(fields)),
            ("AUT", _) => {
                let last = self.read.procedures.len().checked_sub(1);
                let procedure = last.filter(|_| self.in_procedure);
                let authorization = Authorization { procedure, ..Authorization::of(fields) };
                self.read.authorizations.push(authorization);
            }
            // IN2 and IN3 without an IN1 say nothing about whom.
            _ => misplaced(fields, "IN1"),
        }
    }

    fn referral(&mut self, fields: &mut Fields<'m, '_>) {
        self.about = About::Message;
        self.in_procedure = false;
        match fields.segment.id() {
            "RF1" if self.read.referral.is_none() => {
                self.about = About::Referral;
                self.read.referral = Some(Referral::of(fields));
            }
            "PRD" => self.read.providers.push(Provider::of(fields)),
            "CTD" => {
                let contact = ContactPerson::of(fields);
                match (self.read.orders.last_mut(), self.read.providers.last_mut()) {
                    (Some(order), _) => order.contacts.push(contact),
                    (None, Some(provider)) => provider.contacts.push(contact),
                    (None, None) => misplaced(fields, "PRD"),
                }
            }
            _ => {}
        }
    }

    fn order(&mut self, fields: &mut Fields<'m, '_>) {
        self.in_procedure = false;
        let has_orders = !self.read.orders.is_empty();
        match fields.segment.id() {
            "ORC" => {
                let order = Order { may_be_prior: self.is_prior, ..Order::of(fields) };
                self.read.orders.push(order);
            }
            "OBR" if !has_orders && self.read.kind == OrderKind::Referral => {
                self.read.panels.push(Item::of(fields));
                self.about = About::Panel(self.read.panels.len() - 1);
                return;
            }
            "TQ1" => match self.read.orders.last_mut() {
                Some(order) => order.add_timing(fields),
                None => misplaced(fields, "ORC"),
            },
            "RQ1" => match self.read.orders.last_mut().and_then(|order| order.item.as_mut()) {
                Some(item) => item.add_catalog(fields),
                None => misplaced(fields, "RQD"),
            },
            _ => self.item(fields),
        }
        if let Some(last) = self.read.orders.len().checked_sub(1) {
            self.about = About::Order(last);
        }
    }

    /// An item takes the order before it; a second one repeats that order's ORC; without ORC it is an order of its own.
    fn item(&mut self, fields: &mut Fields<'m, '_>) {
        match self.read.orders.last() {
            Some(last) if last.item.is_none() => {}
            // RXE repeats in the receiver's words what RXO asked for.
            Some(last) if last.item.as_ref().is_some_and(|item| item.segment == "RXO") => {
                return;
            }
            Some(last) => {
                let mut next =
                    Order { item: None, timings: Vec::new(), contacts: Vec::new(), ..last.clone() };
                if fields.segment.id() == "OBR" {
                    (next.placer, next.filler) = (None, None);
                }
                self.read.orders.push(next);
            }
            None => {
                let may_be_prior = self.is_prior;
                self.read.orders.push(Order { may_be_prior, ..Order::default() });
            }
        }
        if let Some(order) = self.read.orders.last_mut() {
            order.set_item(fields);
        }
    }

    fn clinical(&mut self, fields: &mut Fields<'m, '_>) {
        let order = self.read.orders.len().checked_sub(1);
        match fields.segment.id() {
            "DG1" => self.read.diagnoses.push(Diagnosis { order, ..Diagnosis::of(fields) }),
            "PR1" => {
                self.in_procedure = true;
                self.read.procedures.push(Procedure { order, ..Procedure::of(fields) });
            }
            "AL1" => self.read.allergies.push(Allergy::of(fields)),
            "OBX" => {
                let panel = self.read.panels.len().checked_sub(1);
                let observation = Observation { order, panel, ..Observation::of(fields) };
                self.read.observations.push(observation);
                self.about = About::Observation(self.read.observations.len() - 1);
                return;
            }
            _ => {
                if let Some(text) = fields.whole(3) {
                    self.read.notes.push(Note { about: self.about, text });
                }
                return;
            }
        }
        self.about = About::Message;
    }
}

fn misplaced(fields: &mut Fields<'_, '_>, before: &str) {
    let id = fields.segment.id();
    let said = format!("{id} stands before any {before} and was left out");
    let problem = Problem::warning("segment-misplaced", fields.segment.place(), said);
    fields.problems.push(problem.with(Condition::Sequence));
}
