//! What follows from what was decided, within the same decision: completeness, escalations, ends, clocks.

use crate::closing::{CancelReason, ClosingEvent};
use crate::completeness::{self, Missing};
use crate::delivery::{DeliveryEvent, Visit, VisitCancelReason};
use crate::disputes::{DisputesEvent, EscalationReason};
use crate::intake::{Amendment, CancelAnswer, IntakeEvent, death};
use crate::orders::{AskWithdrawReason, OrdersEvent};
use crate::placement::{Offer, OfferState, PlacementEvent, WithdrawReason};
use crate::{Case, Event, Facts, Item, Line, Recorded, Urgency, apply, auth, clock};
use doorstep_planted as planted;
use doorstep_vocab::{EscalationId, LineNo, OfferId};
use std::collections::{BTreeSet, VecDeque};

/// Returns `decided` and all that follows from it, in the order that it is to be recorded.
///
/// **Invariant:** it ends. Completeness and urgency change at most once for one state of the facts; a clock rings once
/// and never raises to the level that it was raised from.
pub(crate) fn follow(case: &Case, decided: Vec<Event>, facts: &Facts) -> Vec<Event> {
    if decided.is_empty() {
        return decided;
    }
    let mut next = case.clone();
    let mut out = Vec::with_capacity(decided.len() + 4);
    let mut queue: VecDeque<Event> = decided.into();
    loop {
        while let Some(event) = queue.pop_front() {
            if is_stale(&next, &event) {
                continue;
            }
            let recorded =
                Recorded { seq: next.seq + 1, at: facts.now, by: facts.actor.clone(), event };
            apply(&mut next, &recorded);
            queue.extend(reactions(&next, &recorded.event, facts));
            out.push(recorded.event);
        }
        queue.extend(completed(&next, facts));
        queue.extend(hastened(&next, facts));
        if queue.is_empty() {
            return out;
        }
    }
}

/// Whether another event of the same decision has made this one needless.
fn is_stale(case: &Case, event: &Event) -> bool {
    match event {
        Event::Clock(event) => clock::is_stale(&case.clocks, event),
        Event::Placement(
            PlacementEvent::Withdrawn { offer_id, .. } | PlacementEvent::Expired { offer_id },
        ) => !case.placement.offers.get(offer_id).is_some_and(Offer::is_open),
        Event::Delivery(DeliveryEvent::VisitCancelled { visit_id, .. }) => {
            !case.delivery.visits.get(visit_id).is_some_and(Visit::is_ahead)
        }
        Event::Disputes(DisputesEvent::Escalated { escalation_id, .. }) => {
            case.disputes.escalations.contains_key(escalation_id)
        }
        Event::Orders(
            OrdersEvent::AskWithdrawn { ask_id, .. } | OrdersEvent::Answered { ask_id },
        ) => case.orders.asks.get(ask_id).is_none_or(|ask| ask.ended_at.is_some()),
        Event::Intake(_)
        | Event::Benefits(_)
        | Event::Orders(_)
        | Event::Auth(_)
        | Event::Placement(_)
        | Event::Delivery(_)
        | Event::Disputes(_)
        | Event::Calls(_)
        | Event::Messages(_)
        | Event::Closing(_) => false,
    }
}

fn reactions(case: &Case, event: &Event, facts: &Facts) -> Vec<Event> {
    let mut out = clock::follow(case, event, facts);
    if planted::is("ends-in-silence")
        && matches!(event, Event::Intake(IntakeEvent::CancelRequested(_)))
    {
        let reason = CancelReason::CancelledByReferrer;
        let end = |line: &crate::Line| ClosingEvent::LineCancelled { line: line.no, reason };
        out.extend(case.open_lines().map(|line| Event::Closing(end(line))));
    }
    match event {
        Event::Closing(ClosingEvent::LineCancelled { line, .. }) => {
            out.extend(line_ended(case, *line, facts));
            out.extend(cancel_done(case));
        }
        Event::Closing(ClosingEvent::LineCompleted { line, .. }) => {
            out.extend(line_ended(case, *line, facts));
        }
        Event::Closing(ClosingEvent::Closed { .. }) => out.extend(closed(case)),
        Event::Placement(PlacementEvent::Returned { lines, .. }) => {
            out.extend(visits_cancelled(case, lines, VisitCancelReason::ProviderReturned));
            out.extend(too_many_declines(case, facts));
        }
        Event::Placement(PlacementEvent::SingleCaseEnded { lines, .. }) => {
            out.extend(visits_cancelled(case, lines, VisitCancelReason::AgreementEnded));
        }
        Event::Placement(PlacementEvent::Declined { .. } | PlacementEvent::Expired { .. }) => {
            out.extend(too_many_declines(case, facts));
        }
        Event::Disputes(DisputesEvent::Complained { dispute_id, told, .. })
            if told.is_clinical() =>
        {
            let escalation_id = EscalationId(format!("quality:{dispute_id}"));
            let reason = EscalationReason::ClinicalRisk;
            let raised = DisputesEvent::by_itself(escalation_id, CLINICAL_LEAD, reason);
            out.push(Event::Disputes(raised));
        }
        Event::Delivery(
            DeliveryEvent::Delivered { .. } | DeliveryEvent::PartlyDelivered { .. },
        ) => {
            out.extend(auth::running_low(case, facts).into_iter().map(Event::Auth));
            out.extend(death::pick_ups(case, facts));
        }
        Event::Delivery(DeliveryEvent::PickedUp { .. }) => {
            out.extend(death::lines(case));
            out.extend(death::pick_ups(case, facts));
        }
        Event::Intake(IntakeEvent::DeathRecorded { .. }) => {
            out.extend(death::follows(case, facts));
        }
        Event::Clock(
            clock::ClockEvent::Started(_)
            | clock::ClockEvent::Resumed { .. }
            | clock::ClockEvent::Reopened { .. }
            | clock::ClockEvent::Moved { .. }
            | clock::ClockEvent::Extended { .. },
        ) => out.extend(due_already(case, event, facts)),
        _ => {}
    }
    out
}

/// The level of the clinical lead: a complaint about the quality of care goes there by itself. Source: facts 6.4, 6.5.
const CLINICAL_LEAD: u8 = 3;

/// A clock that starts, goes on, or moves past its end rings at once: nobody waits for a job to see it.
fn due_already(case: &Case, event: &Event, facts: &Facts) -> Vec<Event> {
    let Event::Clock(event) = event else { return Vec::new() };
    let clock = case.clocks.0.get(event.clock_id());
    let clock = clock.filter(|clock| clock.started.due_at <= facts.now);
    clock.map(|clock| clock::rung(case, clock, facts.now)).unwrap_or_default()
}

/// The provider who gave lines back will not come for them.
fn visits_cancelled(case: &Case, lines: &[LineNo], reason: VisitCancelReason) -> Vec<Event> {
    let visits =
        case.delivery.visits.iter().filter(|(_, visit)| {
            visit.is_ahead() && visit.lines.iter().any(|no| lines.contains(no))
        });
    visits
        .map(|(id, _)| DeliveryEvent::VisitCancelled { visit_id: id.clone(), reason: Some(reason) })
        .map(Event::Delivery)
        .collect()
}

/// The discharge has come near: from now on the shorter clocks hold. Source: M16, facts 4.2.
fn hastened(case: &Case, facts: &Facts) -> Option<Event> {
    let Some(discharge) = &case.intake.discharge else { return None };
    let hours = facts.terms.discharge_critical_hours;
    let is_due = case.is_open()
        && case.intake.urgency != Urgency::Discharge
        && case.intake.death.is_none()
        && discharge.is_critical(facts.now, hours);
    let urgency = Some(Urgency::Discharge);
    let amended = IntakeEvent::Amended(Box::new(Amendment { urgency, ..Amendment::default() }));
    is_due.then_some(Event::Intake(amended))
}

/// An offer of which nothing is left to accept is withdrawn.
fn line_ended(case: &Case, line: LineNo, facts: &Facts) -> Vec<Event> {
    let is_gone = |no: &LineNo| {
        let line = case.lines.get(no);
        line.is_none_or(|line| !line.is_open() || line.placement.provider().is_some())
    };
    let offers = case.placement.offers.iter();
    let offers = offers.filter(|(_, offer)| offer.is_open() && offer.lines.iter().all(is_gone));
    let withdrawn = offers.map(|(id, _)| withdrawn(id, WithdrawReason::LineEnded));
    withdrawn.chain(clock::stop_line(case, line, facts).into_iter().map(Event::Clock)).collect()
}

/// The sender's cancellation is answered when the last line is cancelled.
fn cancel_done(case: &Case) -> Option<Event> {
    let is_done = case.intake.open_cancel().is_some()
        && case.lines.values().all(|line| line.cancelled.is_some());
    let answer = CancelAnswer::Cancelled;
    is_done.then_some(Event::Intake(IntakeEvent::CancelAnswered { answer }))
}

fn closed(case: &Case) -> Vec<Event> {
    let offers = case.placement.offers.iter().filter(|(_, offer)| offer.is_open());
    let offers = offers.map(|(id, _)| withdrawn(id, WithdrawReason::CaseClosed));
    let reason = Some(AskWithdrawReason::CaseClosed);
    let asks = case.orders.open_asks();
    let asks =
        asks.map(|(id, _)| Event::Orders(OrdersEvent::AskWithdrawn { ask_id: id.clone(), reason }));
    offers.chain(asks).chain(clock::stop_all(case).into_iter().map(Event::Clock)).collect()
}

fn withdrawn(offer_id: &OfferId, reason: WithdrawReason) -> Event {
    let (offer_id, reason) = (offer_id.clone(), Some(reason));
    Event::Placement(PlacementEvent::Withdrawn { offer_id, reason })
}

/// So many refusals of one line raise the case to the network desk, once. Source: facts 5.3, 6.4 (L2).
fn too_many_declines(case: &Case, facts: &Facts) -> Vec<Event> {
    let turned_down = |line: LineNo| {
        let offers = case.placement.offers.values().filter(|offer| offer.lines.contains(&line));
        let refused = offers.filter(|offer| {
            matches!(
                offer.state,
                OfferState::Declined(_) | OfferState::Expired | OfferState::Returned(_)
            )
        });
        refused.count()
    };
    let most = usize::try_from(facts.terms.declines_until_escalation).unwrap_or(usize::MAX);
    let ids = case
        .open_lines()
        .filter(|line| most > 0 && turned_down(line.no) >= most)
        .map(|line| EscalationId(format!("declines:line-{}", line.no)));
    ids.filter(|id| !case.disputes.escalations.contains_key(id))
        .map(|escalation_id| {
            let reason = EscalationReason::Declines;
            Event::Disputes(DisputesEvent::by_itself(escalation_id, 2, reason))
        })
        .collect()
}

/// The completeness of a line is an event when it changes, one for all lines of a decision; and a question whose items
/// are all on hand is answered.
fn completed(case: &Case, facts: &Facts) -> Vec<Event> {
    if !case.is_open() || case.open_lines().next().is_none() {
        return Vec::new();
    }
    let missing = completeness::missing(case, facts.terms, facts.now, &facts.hub_zone);
    let answered = answered(case, &missing).into_iter();
    let changed = lapsed_lines(case, &missing).into_iter().chain(completed_lines(case, &missing));
    answered.chain(changed).map(Event::Orders).collect()
}

fn lapsed_lines(case: &Case, missing: &[Missing]) -> Option<OrdersEvent> {
    let is_lapsed = |line: &&Line| {
        line.order.is_complete() && !completeness::is_line_complete(missing, line.no)
    };
    let lines: Vec<LineNo> = case.open_lines().filter(is_lapsed).map(|line| line.no).collect();
    let lacked = missing.iter().filter(|m| lines.iter().any(|no| m.stops_line(*no)));
    let items: BTreeSet<Item> = lacked.map(|m| m.item).collect();
    let items = items.into_iter().collect();
    (!lines.is_empty()).then_some(OrdersEvent::Lapsed { items, lines })
}

fn completed_lines(case: &Case, missing: &[Missing]) -> Option<OrdersEvent> {
    if planted::is("never-says-complete") {
        return None;
    }
    let is_new = |line: &&Line| {
        !line.order.is_complete() && completeness::is_line_complete(missing, line.no)
    };
    let lines: Vec<LineNo> = case.open_lines().filter(is_new).map(|line| line.no).collect();
    (!lines.is_empty()).then_some(OrdersEvent::LinesCompleted { lines })
}

fn answered(case: &Case, missing: &[Missing]) -> Vec<OrdersEvent> {
    let asks = case.orders.open_asks();
    let done = asks.filter(|(_, ask)| completeness::on_hand(case, missing, &ask.items));
    done.map(|(id, _)| OrdersEvent::Answered { ask_id: id.clone() }).collect()
}
