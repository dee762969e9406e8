//! What happened, in words, one sentence an event.

use super::{channel, clock, document, owner};
use crate::when::{When, day};
use doorstep_case::auth::{Approval, AuthEvent};
use doorstep_case::benefits::{Answer, BenefitsEvent};
use doorstep_case::clock::ClockEvent;
use doorstep_case::closing::ClosingEvent;
use doorstep_case::delivery::{Counted, DeliveryEvent, Proof};
use doorstep_case::disputes::DisputesEvent;
use doorstep_case::intake::{Amendment, IntakeEvent, NeedByReason};
use doorstep_case::orders::OrdersEvent;
use doorstep_case::placement::PlacementEvent;
use doorstep_case::{Case, Event, Item};
use doorstep_vocab::{AskId, ClockId, DisputeId, EscalationId, LineNo, OfferId, ProviderId, Timestamp, VisitId, Zone};
use std::collections::BTreeMap;

/// What sentences about a case are told with.
pub(crate) struct Told<'a> {
    /// The case as it now stands.
    pub(crate) case: &'a Case,
    /// What is on each line.
    pub(crate) lines: &'a BTreeMap<LineNo, String>,
    /// Names of providers.
    pub(crate) providers: &'a BTreeMap<ProviderId, String>,
    /// The zone that times are told in.
    pub(crate) zone: &'a Zone,
}

/// How an event looks in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As any other.
    Plain,
    /// Something went well.
    Good,
    /// Something went wrong.
    Late,
}

/// Returns an event in words, with its tone.
pub(crate) fn told(event: &Event, with: &Told) -> (String, Tone) {
    let words = match event {
        Event::Intake(event) => with.intake(event),
        Event::Benefits(event) => with.benefits(event),
        Event::Orders(event) => with.orders(event),
        Event::Auth(event) => with.auth(event),
        Event::Placement(event) => with.placement(event),
        Event::Delivery(event) => with.delivery(event),
        Event::Disputes(event) => with.disputes(event),
        Event::Closing(event) => with.closing(event),
        Event::Clock(event) => with.clock(event),
    };
    (words, tone(event.name()))
}

fn tone(name: &str) -> Tone {
    match name {
        "orders.completed" | "auth.approved" | "auth.not-required" | "placement.accepted" | "delivery.delivered"
        | "placement.single-case-agreed" | "closing.closed" | "disputes.resolved" => Tone::Good,
        "auth.denied" | "auth.rejected" | "placement.declined" | "placement.expired" | "placement.returned"
        | "delivery.missed" | "delivery.refused" | "disputes.escalated" | "clock.missed" | "orders.lapsed"
        | "closing.line-cancelled" => Tone::Late,
        _ => Tone::Plain,
    }
}

impl Told<'_> {
    fn intake(&self, event: &IntakeEvent) -> String {
        match event {
            IntakeEvent::Referred(referred) => {
                let lines: Vec<LineNo> = referred.lines.iter().map(|line| line.no).collect();
                format!("Case opened from {}: {}", channel(referred.receipt.channel), self.on(&lines))
            }
            IntakeEvent::Linked(receipt) => {
                format!("The order came again by {}, received {}", channel(receipt.channel), self.at(receipt.received_at))
            }
            IntakeEvent::Acknowledged => "Acknowledged: the sender has the case number".to_owned(),
            IntakeEvent::Assigned { manager } => format!("Given to {manager}"),
            IntakeEvent::Triaged { priority } => format!("Triaged as {}", super::priority(*priority)),
            IntakeEvent::Amended(amendment) => amended(amendment),
            IntakeEvent::Classified { line, .. } => format!("Classified {}", self.on(&[*line])),
            IntakeEvent::LineAdded(line) => format!("Added {}", self.on(&[line.no])),
            IntakeEvent::DischargeMoved(discharge) => {
                let bedside = if discharge.bedside { ", portable equipment to the bedside" } else { "" };
                format!("Discharge planned for {}{bedside}", self.at(discharge.at))
            }
            IntakeEvent::NeedByMoved { at, reason } => {
                format!("Needed by {}, {}", self.at(*at), need_by(*reason))
            }
            IntakeEvent::Attached(known) => format!("Document added: {}", document(known.kind).to_lowercase()),
            IntakeEvent::Noted { .. } => "Note written".to_owned(),
        }
    }

    fn benefits(&self, event: &BenefitsEvent) -> String {
        match event {
            BenefitsEvent::Asked => "Payer asked about coverage".to_owned(),
            BenefitsEvent::Answered(Answer { status, reference, .. }) => {
                format!("Payer answered: coverage {}{}", super::coverage(*status).1, referenced(reference.as_deref()))
            }
        }
    }

    fn orders(&self, event: &OrdersEvent) -> String {
        match event {
            OrdersEvent::Asked { of, items, .. } => format!("Asked {} for {}", owner(*of), list(items)),
            OrdersEvent::Chased { ask_id } => format!("Asked again: {}", self.ask(ask_id)),
            OrdersEvent::Answered { ask_id } => format!("Answered: {}", self.ask(ask_id)),
            OrdersEvent::AskWithdrawn { ask_id } => format!("Question withdrawn: {}", self.ask(ask_id)),
            OrdersEvent::Signed { signed_on } => format!("Signed order on hand, dated {}", day(*signed_on)),
            OrdersEvent::VerbalTaken { on } => format!("Verbal order taken, of {}", day(*on)),
            OrdersEvent::Completed => "Order complete".to_owned(),
            OrdersEvent::Lapsed { items } => format!("Order no longer complete: {}", list(items)),
        }
    }

    fn auth(&self, event: &AuthEvent) -> String {
        match event {
            AuthEvent::NotRequired { line, proof } => {
                format!("No authorization needed for {}: {proof}", self.on(&[*line]))
            }
            AuthEvent::Required { line, version } => {
                let by = version.as_ref().map(|version| format!(" by {version}")).unwrap_or_default();
                format!("Authorization needed for {}{by}", self.on(&[*line]))
            }
            AuthEvent::Requested { lines, .. } => format!("Authorization requested for {}", self.on(lines)),
            AuthEvent::Expedited { lines, .. } => format!("Expedited authorization requested for {}", self.on(lines)),
            AuthEvent::Pended { line, reference } => {
                format!("Payer pended {}{}", self.on(&[*line]), referenced(reference.as_deref()))
            }
            AuthEvent::InfoRequested { line, wanted } => {
                format!("Payer wants more for {}: {}", self.on(&[*line]), wanted.join(", "))
            }
            AuthEvent::Rejected { line, reasons } => {
                format!("Payer could not process the request for {}: {}", self.on(&[*line]), reasons.join(", "))
            }
            AuthEvent::Approved { line, approval } => format!("Approved: {}, {}", self.on(&[*line]), approved(approval)),
            AuthEvent::Modified { line, approval } => {
                format!("Approved for less than asked: {}, {}", self.on(&[*line]), approved(approval))
            }
            AuthEvent::Denied { line, reasons } => format!("Denied: {}: {}", self.on(&[*line]), reasons.join(", ")),
            AuthEvent::Withdrawn { line } => format!("Authorization request withdrawn for {}", self.on(&[*line])),
            AuthEvent::Expired { line } => format!("Authorization ended unused for {}", self.on(&[*line])),
        }
    }

    fn placement(&self, event: &PlacementEvent) -> String {
        match event {
            PlacementEvent::Offered { provider_id, lines, respond_by, .. } => {
                format!("Offered {} to {}, answer by {}", self.on(lines), self.provider(provider_id), self.at(*respond_by))
            }
            PlacementEvent::Accepted { offer_id, lines, commit_by } => {
                format!("{} accepted {}, there by {}", self.of_offer(offer_id), self.on(lines), self.at(*commit_by))
            }
            PlacementEvent::Declined { offer_id, reason } => {
                format!("{} declined: {}", self.of_offer(offer_id), reason.words())
            }
            PlacementEvent::Withdrawn { offer_id } => format!("Offer to {} withdrawn", self.of_offer(offer_id)),
            PlacementEvent::Expired { offer_id } => format!("{} did not answer in time", self.of_offer(offer_id)),
            PlacementEvent::Returned { offer_id, lines, reason } => {
                format!("{} gave back {}: {}", self.of_offer(offer_id), self.on(lines), reason.words())
            }
            PlacementEvent::SingleCaseAgreed { provider_id, lines, reference } => {
                format!("Single-case agreement {reference} with {} for {}", self.provider(provider_id), self.on(lines))
            }
        }
    }

    fn delivery(&self, event: &DeliveryEvent) -> String {
        match event {
            DeliveryEvent::Scheduled { provider_id, lines, from, to, .. } => {
                format!("Scheduled {} with {}: {}", self.on(lines), self.provider(provider_id), self.window(*from, *to))
            }
            DeliveryEvent::Rescheduled { from, to, reason, .. } => {
                format!("Moved to {}: {}", self.window(*from, *to), reason.words())
            }
            DeliveryEvent::Confirmed { visit_id } => format!("Start confirmed in writing: {}", self.visit(visit_id)),
            DeliveryEvent::Departed { visit_id } => format!("On the way: {}", self.visit(visit_id)),
            DeliveryEvent::Shipped { goods, tracking } => format!("Shipped {}, tracking {tracking}", self.goods(goods)),
            DeliveryEvent::Delivered { goods, proof, .. } => {
                format!("Delivered {}, {}", self.goods(goods), proved(proof))
            }
            DeliveryEvent::PartlyDelivered { goods, proof, .. } => {
                format!("Delivered in part: {}, {}", self.goods(goods), proved(proof))
            }
            DeliveryEvent::Missed { visit_id, reason } => format!("Missed {}: {}", self.visit(visit_id), reason.words()),
            DeliveryEvent::Refused { line } => format!("The member refused {}", self.on(&[*line])),
            DeliveryEvent::PickedUp { goods, .. } => format!("Picked up {}", self.goods(goods)),
            DeliveryEvent::VisitCancelled { visit_id } => format!("Cancelled the visit: {}", self.visit(visit_id)),
        }
    }

    fn disputes(&self, event: &DisputesEvent) -> String {
        match event {
            DisputesEvent::Escalated { level, reason, .. } => format!("Escalated to level {level}: {}", reason.words()),
            DisputesEvent::Committed { owner, committed_to, escalation_id } => {
                format!("{owner} took {} and promised {}", self.escalation(escalation_id), self.at(*committed_to))
            }
            DisputesEvent::Resolved { escalation_id } => format!("Resolved: {}", self.escalation(escalation_id)),
            DisputesEvent::Opened { kind, lines, .. } if lines.is_empty() => format!("Opened {}", kind.words()),
            DisputesEvent::Opened { kind, lines, .. } => format!("Opened {}: {}", kind.words(), self.on(lines)),
            DisputesEvent::Filed { dispute_id } => format!("Filed {}", self.dispute(dispute_id)),
            DisputesEvent::Decided { dispute_id, outcome } => {
                format!("Decided {}: {}", self.dispute(dispute_id), outcome.words())
            }
        }
    }

    fn closing(&self, event: &ClosingEvent) -> String {
        match event {
            ClosingEvent::LineCancelled { line, reason } => format!("Cancelled {}: {}", self.on(&[*line]), reason.words()),
            ClosingEvent::Closed { completed: true } => "Case closed, completed".to_owned(),
            ClosingEvent::Closed { completed: false } => "Case closed, nothing delivered".to_owned(),
            ClosingEvent::Reopened => "Case reopened".to_owned(),
        }
    }

    fn clock(&self, event: &ClockEvent) -> String {
        let name = self.clock_name(event.clock_id());
        match event {
            ClockEvent::Started(started) => format!("{name} clock started, due {}", self.at(started.due_at)),
            ClockEvent::Paused { .. } => format!("{name} clock paused"),
            ClockEvent::Resumed { due_at, .. } => format!("{name} clock goes on, due {}", self.at(*due_at)),
            ClockEvent::Stopped { .. } => format!("{name} clock stopped"),
            ClockEvent::Reopened { .. } => format!("{name} clock runs again"),
            ClockEvent::Moved { due_at, .. } => format!("{name} clock moved, due {}", self.at(*due_at)),
            ClockEvent::Warned { percent, .. } => format!("{name} clock: {percent}% of the time is used"),
            ClockEvent::Missed { .. } => format!("{name} clock ran out"),
        }
    }

    /// `line 1, home oxygen`, or only `home oxygen` where the case has one line.
    fn on(&self, lines: &[LineNo]) -> String {
        let one = |no: &LineNo| {
            let what = self.lines.get(no).map_or_else(|| "line".to_owned(), |what| lowered(what));
            if self.case.lines.len() > 1 { format!("{what} (line {no})") } else { what }
        };
        lines.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn at(&self, at: Timestamp) -> String {
        When::at(at, self.zone).local
    }

    fn window(&self, from: Timestamp, to: Timestamp) -> String {
        let end = if from.date(self.zone) == to.date(self.zone) { When::clock(to, self.zone) } else { When::at(to, self.zone) };
        format!("{} to {}", self.at(from), end.local)
    }

    fn provider(&self, provider_id: &ProviderId) -> String {
        self.providers.get(provider_id).cloned().unwrap_or_else(|| provider_id.to_string())
    }

    fn of_offer(&self, offer_id: &OfferId) -> String {
        let offer = self.case.placement.offers.get(offer_id);
        offer.map_or_else(|| "the provider".to_owned(), |offer| self.provider(&offer.provider_id))
    }

    fn visit(&self, visit_id: &VisitId) -> String {
        let visit = self.case.delivery.visits.get(visit_id);
        visit.map_or_else(|| "the visit".to_owned(), |visit| self.on(&visit.lines))
    }

    fn goods(&self, goods: &[Counted]) -> String {
        let one = |good: &Counted| format!("{} of {}", good.quantity, self.on(&[good.line]));
        goods.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn ask(&self, ask_id: &AskId) -> String {
        let ask = self.case.orders.asks.get(ask_id);
        ask.map_or_else(|| "a question".to_owned(), |ask| list(&ask.items))
    }

    fn escalation(&self, id: &EscalationId) -> String {
        let escalation = self.case.disputes.escalations.get(id);
        escalation.map_or_else(|| "the escalation".to_owned(), |e| format!("the level {} escalation", e.level))
    }

    fn dispute(&self, id: &DisputeId) -> String {
        let dispute = self.case.disputes.disputes.get(id);
        dispute.map_or_else(|| "the dispute".to_owned(), |dispute| dispute.kind.words().to_owned())
    }

    fn clock_name(&self, id: &ClockId) -> String {
        let rule = self.case.clocks.0.get(id).map(|clock| clock.started.rule.clone());
        clock(&rule.unwrap_or_else(|| id.as_str().split(':').next().unwrap_or_default().to_owned()))
    }
}

fn lowered(words: &str) -> String {
    // Names of things such as CPAP keep their capitals.
    let second_is_small = words.chars().nth(1).is_some_and(char::is_lowercase);
    let mut chars = words.chars();
    match chars.next() {
        Some(first) if second_is_small => first.to_lowercase().chain(chars).collect(),
        _ => words.to_owned(),
    }
}

fn list(items: &[Item]) -> String {
    items.iter().map(|item| item.words()).collect::<Vec<_>>().join("; ")
}

fn amended(amendment: &Amendment) -> String {
    let mut parts: Vec<String> = amendment.facts.keys().map(|item| item.words().to_owned()).collect();
    parts.extend(amendment.withdrawn.iter().map(|item| format!("{} withdrawn", item.words())));
    let others = [
        (amendment.diagnoses.is_some(), "diagnoses"),
        (amendment.urgency.is_some(), "urgency"),
        (amendment.payer_id.is_some(), "payer"),
        (amendment.prescriber_npi.is_some(), "the clinician's NPI"),
        (amendment.zone.is_some(), "time zone"),
    ];
    parts.extend(others.iter().filter(|(is_given, _)| *is_given).map(|(_, words)| (*words).to_owned()));
    const SHOWN: usize = 6;
    let more = parts.len().saturating_sub(SHOWN);
    parts.truncate(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("Recorded {}{more}", parts.join("; "))
}

fn need_by(reason: NeedByReason) -> &'static str {
    match reason {
        NeedByReason::Stated => "as the order says",
        NeedByReason::Discharge => "following the discharge",
        NeedByReason::Member => "as the member asked",
        NeedByReason::Referrer => "as the referrer asked",
        NeedByReason::Provider => "the provider could not otherwise",
    }
}

fn referenced(reference: Option<&str>) -> String {
    reference.map(|reference| format!(", reference {reference}")).unwrap_or_default()
}

fn approved(approval: &Approval) -> String {
    let quantity = approval.quantity.map(|n| format!(", {}", super::quantity(n, approval.unit))).unwrap_or_default();
    let dates = match (approval.from, approval.to) {
        (Some(from), Some(to)) => format!(", {} to {}", day(from), day(to)),
        (Some(from), None) => format!(", from {}", day(from)),
        (None, Some(to)) => format!(", until {}", day(to)),
        (None, None) => String::new(),
    };
    format!("number {}{quantity}{dates}", approval.number)
}

fn proved(proof: &Proof) -> String {
    let mut words = proof.method.words().to_owned();
    if let Some(signer) = proof.signer {
        words = format!("signed by {}", signer.words());
    }
    if let Some(on) = proof.signed_on {
        words = format!("{words} on {}", day(on));
    }
    if let Some(tracking) = &proof.tracking {
        words = format!("{words}, tracking {tracking}");
    }
    if !proof.serials.is_empty() {
        words = format!("{words}, serial {}", proof.serials.join(", "));
    }
    words
}
