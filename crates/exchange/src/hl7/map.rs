//! One message, or the part of it that asks for the same, to one referral.

use super::time::Clock;
use super::{Part, clinical, lines, party, person, time};
use crate::codes::{self, code_day, deceased, note_document, urgency, zone_of};
use crate::{Attachment, Problem};
use doorstep_case::{Channel, Discharge, Fact, Item, Referral, ServiceLine, Urgency};
use doorstep_hl7::types::Ts;
use doorstep_hl7::{Message, Order, OrderMessage};
use doorstep_vocab::{Date, Timestamp};

/// Returns what a message asks, and the documents it carries.
pub(super) fn referral(
    order: &OrderMessage,
    part: &Part,
    (message, received_at): (&Message<'_>, Timestamp),
    problems: &mut Vec<Problem>,
) -> (Referral, Vec<Attachment>) {
    let orders: Vec<&Order> = part.orders.iter().filter_map(|n| order.orders.get(*n)).collect();
    let ordered_on = ordered_on(order, &orders);
    let person = person::person(order);
    let (zone, sent_at) = (zone_of(&person), order.header.sent_at());
    let clock = Clock { sent_at: sent_at.as_ref(), zone: zone.as_ref() };
    let mut referral = Referral {
        channel: Channel::Hl7,
        received_at,
        sender: party::sender(&order.header),
        order_ref: order_ref(order, &orders),
        person,
        coverage: party::coverage(order),
        prescriber: party::prescriber(order, part, problems),
        referrer: party::referrer(order, part),
        urgency: how_soon(order, &orders),
        need_by: need_by(&orders, clock),
        auth_number: party::auth_number(order),
        ..Referral::default()
    };
    add_dates(&mut referral, order, &orders, ordered_on);
    let on = code_day(&referral);
    clinical::add_diagnoses(&mut referral, order, on, problems);
    discharge(&mut referral, order, (clock, problems));
    if order.patient.as_ref().is_some_and(|patient| patient.is_dead) {
        deceased(&mut referral, ("PID-30", problems));
    }
    lines::add(&mut referral, order, part, (message, problems));
    clinical::add_facts(&mut referral, order, problems);
    clinical::add_texts(&mut referral, order);
    add_infusion(&mut referral, &orders);
    let attachments = clinical::attachments(order);
    for attachment in &attachments {
        note_document(&mut referral, attachment.kind);
    }
    (referral, attachments)
}

/// Returns whether the message says about whom it is.
pub(super) fn names_anybody(referral: &Referral) -> bool {
    let person = &referral.person;
    person.family.is_some() || !person.given.is_empty() || !person.record_numbers.is_empty()
}

/// RF1-6, else the number of the first order that has one: ORC-2, else OBR-2, else ORC-4.
fn order_ref(order: &OrderMessage, orders: &[&Order]) -> Option<String> {
    let by_referral = order.referral.as_ref().and_then(|referral| referral.id.as_ref());
    let by_placer = || orders.iter().find_map(|one| one.placer.as_ref());
    let by_group = || orders.iter().find_map(|one| one.group.as_ref());
    by_referral.or_else(by_placer).or_else(by_group).map(|number| number.id.clone())
}

/// ORC-9; RF1-7 of a referral.
fn ordered_on(order: &OrderMessage, orders: &[&Order]) -> Option<Date> {
    let by_order = orders.iter().find_map(|one| one.placed_at.as_ref());
    let by_referral = || order.referral.as_ref()?.starts_on.as_ref();
    by_order.or_else(by_referral).and_then(time::date)
}

/// The most urgent of RF1-2, TQ1-9 or ORC-7, and OBR-5.
fn how_soon(order: &OrderMessage, orders: &[&Order]) -> Urgency {
    let by_referral =
        order.referral.iter().filter_map(|referral| referral.priority.as_ref()?.id.as_deref());
    let by_timing =
        orders.iter().flat_map(|one| &one.timings).filter_map(|timing| timing.priority.as_deref());
    let by_item = orders.iter().filter_map(|one| one.item.as_ref()?.priority.as_deref());
    by_referral.chain(by_timing).chain(by_item).filter_map(urgency).max().unwrap_or_default()
}

/// PV1-45, else PV2-9, when it is still to come. One without an hour is a note, for nobody can count the hours to it.
fn discharge(
    referral: &mut Referral,
    order: &OrderMessage,
    (clock, problems): (Clock<'_>, &mut Vec<Problem>),
) {
    let Some(visit) = &order.visit else { return };
    let (ts, at) = match (&visit.discharged_at, &visit.discharge_expected_at) {
        (Some(ts), _) => (ts, "PV1-45"),
        (None, Some(ts)) => (ts, "PV2-9"),
        (None, None) => return,
    };
    let received_at = referral.received_at;
    if let Some(instant) = time::instant(ts, clock) {
        if instant > received_at {
            referral.discharge = Some(Discharge { at: instant, bedside: false });
        }
    } else if is_ahead(ts, received_at) {
        let said = "the discharge is a note only, for its hour or its zone is not said: send the time with an offset";
        problems.push(Problem::warning("discharge-without-zone", at, said));
        let words = time::words(ts);
        referral.texts.extend(codes::words(&words).map(|said| (format!("{at} discharge"), said)));
    }
}

/// Returns whether a local day may be in the future somewhere.
fn is_ahead(ts: &Ts, received_at: Timestamp) -> bool {
    let today = received_at.date(&doorstep_vocab::Zone::utc());
    time::date(ts).is_none_or(|on| on >= today.yesterday().unwrap_or(today))
}

/// RQD-10 with a time.
fn need_by(orders: &[&Order], clock: Clock<'_>) -> Option<Timestamp> {
    let stated = orders.iter().filter_map(|one| one.item.as_ref()?.needed_on.as_ref());
    stated.filter_map(|ts| time::instant(ts, clock)).min()
}

/// The order's date, and the day care should start: TQ1-7, else OBR-6, else AUT-4. A signature has no field in these messages,
/// so none is recorded.
fn add_dates(
    referral: &mut Referral,
    order: &OrderMessage,
    orders: &[&Order],
    ordered_on: Option<Date>,
) {
    let by_timing =
        orders.iter().flat_map(|one| &one.timings).find_map(|timing| timing.starts_at.as_ref());
    let by_item = || orders.iter().find_map(|one| one.item.as_ref()?.requested_at.as_ref());
    let by_auth = || order.authorizations.iter().find_map(|one| one.starts_on.as_ref());
    let starts_on = by_timing.or_else(by_item).or_else(by_auth).and_then(time::date);
    for (name, on) in [("order.ordered-on", ordered_on), ("order.dates-of-service", starts_on)] {
        if let Some(on) = on {
            referral.facts.insert(Item::named(name), (Fact::On(on), None));
        }
    }
}

/// The drug and its dose are kept as the words of their lines.
fn add_infusion(referral: &mut Referral, orders: &[&Order]) {
    if !referral.lines.iter().any(|line| line.hint == Some(ServiceLine::HomeInfusion)) {
        return;
    }
    let items = || orders.iter().filter_map(|one| one.item.as_ref());
    let supplied = [
        ("infusion.drug", items().any(|item| item.service.is_some())),
        ("infusion.dose", items().any(|item| item.dose.is_some())),
    ];
    for (name, _) in supplied.into_iter().filter(|(_, there)| *there) {
        referral.facts.insert(Item::named(name), (Fact::Held, None));
    }
}
