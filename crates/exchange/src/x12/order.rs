//! One patient event of a 278 request as an order, a change, a cancellation, or something a person must read.

use super::source::{Draft, Source};
use super::{clinical, dates, lines, oxygen, people, rest, service_line};
use crate::{Found, Problem, codes};
use doorstep_case::{Channel, Fact, Referral, Urgency};
use doorstep_x12::sets::s278::{Event, GUIDE, Kind, Request};

/// What an event asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Order,
    Change,
    Cancel,
    /// Not an order by itself, in these words.
    Other(&'static str),
}

/// Reads an event of a request.
pub(super) fn read(
    request: &Request,
    event: &Event,
    from: &Source<'_, '_>,
) -> (Found, Vec<Problem>) {
    let asked = asked(request.kind, event);
    if let Asked::Other(what) = asked {
        return (Found::Queued { what: format!("X12 278 {what} {GUIDE}") }, Vec::new());
    }
    let Draft { referral, problems } = draft((request, event), asked, from);
    let referral = Box::new(referral);
    let attachments = Vec::new();
    let found = match asked {
        Asked::Cancel => Found::Cancel { referral },
        Asked::Change => Found::Change { referral, attachments },
        Asked::Order | Asked::Other(_) => Found::Order { referral, attachments },
    };
    (found, problems)
}

/// Source: facts 3.1, UM02. A service that asks for another thing than its event is left to a person.
fn asked(kind: Kind, event: &Event) -> Asked {
    if kind == Kind::Cancel {
        return Asked::Cancel;
    }
    let of = |certification: &str| match certification {
        "I" => Asked::Order,
        "R" | "S" | "4" => Asked::Change,
        "3" => Asked::Cancel,
        "1" | "2" => Asked::Other("appeal"),
        "5" => Asked::Other("notification"),
        "6" => Asked::Other("verification"),
        "N" => Asked::Other("reconsideration"),
        _ => Asked::Other("request of an unknown kind"),
    };
    let asked = of(event.um.as_ref().map_or("", |um| um.certification.as_str()));
    let differs = event
        .services
        .iter()
        .filter_map(|service| service.um.as_ref())
        .filter(|um| !um.certification.is_empty())
        .any(|um| of(&um.certification) != asked);
    if differs { Asked::Other("request of several kinds") } else { asked }
}

fn draft((request, event): (&Request, &Event), asked: Asked, from: &Source<'_, '_>) -> Draft {
    let mut draft = Draft::default();
    let sender = from.sender();
    draft.referral = Referral {
        channel: Channel::X12,
        received_at: from.received_at,
        order_ref: order_ref(request, event),
        person: people::member(request.patient(event), sender.as_deref().unwrap_or("sender")),
        urgency: urgency(event),
        sender,
        ..Referral::default()
    };
    let coverage = people::coverage(&mut draft, (request, event), from);
    draft.referral.coverage.push(coverage);
    draft.referral.auth_number = auth_number(event, asked);
    people::providers(&mut draft, (request, event), from);
    lines::read(&mut draft, event, from);
    dates::read(&mut draft, event, from);
    clinical::home_health(&mut draft, event);
    clinical::diagnoses(&mut draft, event, from);
    clinical::conditions(&mut draft, event);
    oxygen::read(&mut draft, event, from);
    clinical::texts(&mut draft, event);
    if let Some(setting) = service_line::setting(event) {
        draft.fact("facility.setting", Fact::Code(setting.to_owned()), None);
    }
    rest::keep(&mut draft, (request, event), from);
    draft
}

/// The sender's own trace number, TRN02. BHT03 numbers the message: it stands for the order only when there is one.
fn order_ref(request: &Request, event: &Event) -> Option<String> {
    let number = Some(request.bht.reference.as_str()).filter(|_| request.events.len() == 1);
    event.own_trace().or(number).and_then(codes::text)
}

/// REF `G1` is an authorization. `BB` is an earlier one: of this order when it is a change or a cancellation, and of
/// another when the order is new; then it is only a note. The event's come before its services'.
fn auth_number(event: &Event, asked: Asked) -> Option<String> {
    let of_services = event.services.iter().flat_map(|service| &service.refs);
    let all: Vec<_> = event.refs.iter().chain(of_services).collect();
    let given = |kind: &str| all.iter().find(|r| r.qualifier == kind).map(|r| r.id.as_str());
    let earlier = || given("BB").filter(|_| asked != Asked::Order);
    given("G1").or_else(earlier).and_then(codes::text)
}

/// UM06: `U` urgent, `03` emergency. Source: facts 3.1.
fn urgency(event: &Event) -> Urgency {
    let services = event.services.iter().filter_map(|service| service.um.as_ref());
    let mut levels = event.um.iter().chain(services).map(|um| um.level_of_service.as_str());
    if levels.any(|level| matches!(level, "U" | "03")) { Urgency::Urgent } else { Urgency::Routine }
}
