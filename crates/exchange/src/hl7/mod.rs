//! HL7 v2 messages to referrals, and their acknowledgements.
//!
//! Every message is a unit; one with orders of several intents (one new, one cancelled) is a unit for each, so that none is
//! lost behind another. What is an order:
//!
//! - REF, ORM, OMG, OMS, OMN and the pharmacy messages are orders by what ORC-1, or the trigger of REF, asks for;
//! - laboratory, imaging and diet orders (OML, OMI, OMD) are too: an infusion needs its blood drawn at home, and a diet may be
//!   a feeding tube. Their lines stay unclassified, and a warning says that a person has to tell;
//! - an MDM that carries a document is queued, for only a person can read it;
//! - everything else is unsupported and named.

mod clinical;
mod lines;
mod map;
mod party;
mod person;
mod place;
mod reply;
#[cfg(test)]
mod tests;
mod time;

pub(crate) use reply::reply;

use crate::{Format, Found, Problem, Reading, Unit};
use doorstep_hl7::{
    File, Header, Intent, Message, MessageBytes, OrderKind, OrderMessage, documents,
};
use doorstep_vocab::Timestamp;

/// Reads every message of a file.
pub(crate) fn read(bytes: &[u8], received_at: Timestamp) -> Reading {
    let file = File::read(bytes);
    let problems = file.problems.iter().map(place::problem).collect();
    let mut reading = Reading { format: Format::Hl7, sender: None, units: Vec::new(), problems };
    for message in &file.messages {
        let header = Header::read(message).ok();
        let sender = header.as_ref().and_then(party::sender);
        reading.sender = reading.sender.take().or(sender);
        reading.units.extend(units(message, header.as_ref(), received_at));
    }
    if reading.units.is_empty() {
        let message =
            "no message was found: send HL7 version 2 that begins with MSH, one segment a line";
        let problems = vec![Problem::error("no-message", "MSH", message)];
        reading.units.push(Unit {
            place: String::new(),
            key: String::new(),
            found: Found::Refused,
            problems,
        });
    }
    reading
}

fn units(bytes: &MessageBytes<'_>, header: Option<&Header>, received_at: Timestamp) -> Vec<Unit> {
    let place = format!("message {}", bytes.ordinal);
    let key = header.map(key).unwrap_or_default();
    let unit =
        |found, problems| vec![Unit { place: place.clone(), key: key.clone(), found, problems }];
    let message = match Message::read(bytes) {
        Ok(message) => message,
        Err(problem) => return unit(Found::Refused, vec![place::problem(&problem)]),
    };
    let mut problems: Vec<Problem> = message.problems().iter().map(place::problem).collect();
    let Ok(order) = OrderMessage::read(&message) else {
        return unit(not_an_order(&message), problems);
    };
    problems.extend(order.problems.iter().map(place::problem));
    let is_whole = order.problems.iter().all(place::is_harmless);
    if !is_whole {
        return unit(Found::Refused, problems);
    }
    let parts = parts(&order);
    let only = parts.len() == 1;
    let made = parts.into_iter().enumerate().map(|(n, part)| {
        let mut problems = if n == 0 { problems.clone() } else { Vec::new() };
        let found = found(&order, &part, (&message, received_at), &mut problems);
        let suffix = if only { String::new() } else { format!(" order {}", part.first() + 1) };
        let key = if n == 0 || key.is_empty() { key.clone() } else { format!("{key}{suffix}") };
        Unit { place: format!("{place}{suffix}"), key, found, problems }
    });
    made.collect()
}

/// MSH-3, MSH-4 and MSH-10: what makes a message the same when it comes again.
fn key(header: &Header) -> String {
    let Some(control_id) = header.control_id() else { return String::new() };
    let msh = header.segment();
    let part = |n: usize| msh.text(n).unwrap_or_default();
    format!("{}|{}|{control_id}", part(3), part(4))
}

/// The orders of a message that ask for the same.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// What is asked for.
    pub intent: Intent,
    /// Which orders of the message, from 0; empty for a referral without orders.
    pub orders: Vec<usize>,
}

impl Part {
    fn first(&self) -> usize {
        self.orders.first().copied().unwrap_or_default()
    }
}

fn parts(order: &OrderMessage) -> Vec<Part> {
    let own = order.orders.iter().enumerate().filter(|(_, one)| !one.may_be_prior);
    if order.kind == OrderKind::Referral {
        return vec![Part { intent: order.intent, orders: own.map(|(n, _)| n).collect() }];
    }
    let mut parts: Vec<Part> = Vec::new();
    for (n, one) in own {
        match parts.iter_mut().find(|part| part.intent == one.intent) {
            Some(part) => part.orders.push(n),
            None => parts.push(Part { intent: one.intent, orders: vec![n] }),
        }
    }
    if parts.is_empty() {
        parts.push(Part { intent: order.intent, orders: Vec::new() });
    }
    parts
}

fn found(
    order: &OrderMessage,
    part: &Part,
    (message, received_at): (&Message<'_>, Timestamp),
    problems: &mut Vec<Problem>,
) -> Found {
    let what = format!("HL7 {}", order.message_type);
    match part.intent {
        Intent::Status => {
            return Found::Unsupported {
                what: format!("{what} that tells or asks how an order stands"),
            };
        }
        Intent::Unclear => {
            let said = "it is not said whether the order is new, changed or cancelled: send ORC-1 of HL7 table 0119";
            problems.push(Problem::warning("order-control-unclear", place_of_intent(order), said));
            return Found::Queued { what };
        }
        Intent::New | Intent::Change | Intent::Cancel | Intent::Discontinue => {}
    }
    let (referral, attachments) = map::referral(order, part, (message, received_at), problems);
    let referral = Box::new(referral);
    if !map::names_anybody(&referral) {
        let said = "the patient has neither a name nor a record number: send PID-3 and PID-5";
        problems.push(Problem::error("patient-unnamed", "PID-5", said));
        return Found::Refused;
    }
    match part.intent {
        Intent::Cancel | Intent::Discontinue => Found::Cancel { referral },
        _ if referral.lines.is_empty() => {
            let said = "the order names no service: a person has to find out what is ordered";
            problems.push(Problem::warning("order-empty", place_of_service(order), said));
            Found::Queued { what }
        }
        Intent::Change => Found::Change { referral, attachments },
        _ => Found::Order { referral, attachments },
    }
}

fn place_of_intent(order: &OrderMessage) -> &'static str {
    if order.kind == OrderKind::Referral { "MSH-9" } else { "ORC-1" }
}

fn place_of_service(order: &OrderMessage) -> &'static str {
    match order.kind {
        OrderKind::Referral => "RF1-3",
        OrderKind::Pharmacy => "RXO-1",
        OrderKind::Diet => "ODS-3",
        OrderKind::Supply => "RQD-2",
        OrderKind::General | OrderKind::Clinical | OrderKind::Laboratory | OrderKind::Imaging => {
            "OBR-4"
        }
    }
}

/// Names a message that is no order; one of documents with a document inside waits for a person.
fn not_an_order(message: &Message<'_>) -> Found {
    let message_type = message.header().message_type();
    let name = message_type.to_string();
    let what = if name.is_empty() {
        "HL7 without a message type".to_owned()
    } else {
        format!("HL7 {name}")
    };
    let holds_document = message_type.code == "MDM" && !documents(message).0.is_empty();
    if holds_document {
        Found::Queued { what: format!("{what} with a document") }
    } else {
        Found::Unsupported { what }
    }
}
