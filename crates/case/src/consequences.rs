//! What follows from what was decided, within the same decision: completeness, escalations, ends, clocks.

use crate::closing::ClosingEvent;
use crate::completeness::{self, Missing};
use crate::disputes::{DisputesEvent, EscalationReason};
use crate::orders::OrdersEvent;
use crate::placement::{OfferState, PlacementEvent};
use crate::{Case, Event, Facts, Recorded, apply, clock};
use doorstep_vocab::{EscalationId, LineNo};
use std::collections::VecDeque;

/// Returns `decided` and all that follows from it, in the order that it is to be recorded.
pub(crate) fn follow(case: &Case, decided: Vec<Event>, facts: &Facts) -> Vec<Event> {
    if decided.is_empty() {
        return decided;
    }
    let mut next = case.clone();
    let mut out = Vec::with_capacity(decided.len() + 4);
    let mut queue: VecDeque<Event> = decided.into();
    loop {
        while let Some(event) = queue.pop_front() {
            let recorded =
                Recorded { seq: next.seq + 1, at: facts.now, by: facts.actor.clone(), event };
            apply(&mut next, &recorded);
            queue.extend(reactions(&next, &recorded.event, facts));
            out.push(recorded.event);
        }
        queue.extend(completed(&next, facts));
        if queue.is_empty() {
            return out;
        }
    }
}

fn reactions(case: &Case, event: &Event, facts: &Facts) -> Vec<Event> {
    let mut out: Vec<Event> =
        clock::follow(case, event, facts).into_iter().map(Event::Clock).collect();
    match event {
        Event::Closing(ClosingEvent::LineCancelled { line, .. }) => {
            out.extend(line_ended(case, *line));
        }
        Event::Closing(ClosingEvent::Closed { .. }) => out.extend(closed(case)),
        Event::Placement(
            PlacementEvent::Declined { .. }
            | PlacementEvent::Expired { .. }
            | PlacementEvent::Returned { .. },
        ) => out.extend(too_many_declines(case, facts)),
        Event::Clock(clock::ClockEvent::Started(_) | clock::ClockEvent::Moved { .. }) => {
            out.extend(due_already(case, event, facts));
        }
        _ => {}
    }
    out
}

/// A clock that starts, or moves, past its end rings at once: nobody waits for a job to see it.
fn due_already(case: &Case, event: &Event, facts: &Facts) -> Vec<Event> {
    let Event::Clock(event) = event else { return Vec::new() };
    let clock = case.clocks.0.get(event.clock_id());
    let clock = clock.filter(|clock| clock.started.due_at <= facts.now);
    clock.map(|clock| clock::rung(case, clock, facts.now)).unwrap_or_default()
}

fn line_ended(case: &Case, line: LineNo) -> Vec<Event> {
    let offers = case.placement.offers.iter().filter(|(_, offer)| {
        offer.is_open()
            && offer.lines.iter().all(|no| case.lines.get(no).is_none_or(|line| !line.is_open()))
    });
    let withdrawn =
        offers.map(|(id, _)| Event::Placement(PlacementEvent::Withdrawn { offer_id: id.clone() }));
    withdrawn.chain(clock::stop_line(case, line).into_iter().map(Event::Clock)).collect()
}

fn closed(case: &Case) -> Vec<Event> {
    let offers = case.placement.offers.iter().filter(|(_, offer)| offer.is_open());
    let offers =
        offers.map(|(id, _)| Event::Placement(PlacementEvent::Withdrawn { offer_id: id.clone() }));
    let asks = case.orders.open_asks();
    let asks = asks.map(|(id, _)| Event::Orders(OrdersEvent::AskWithdrawn { ask_id: id.clone() }));
    offers.chain(asks).chain(clock::stop_all(case).into_iter().map(Event::Clock)).collect()
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
            Event::Disputes(DisputesEvent::Escalated { escalation_id, level: 2, reason })
        })
        .collect()
}

/// Completeness is an event when it changes, and a question whose items are all on hand is answered.
fn completed(case: &Case, facts: &Facts) -> Vec<Event> {
    if !case.is_open() || case.open_lines().next().is_none() {
        return Vec::new();
    }
    let missing = completeness::missing(case, facts.terms, facts.now, &facts.hub_zone);
    let mut out: Vec<Event> = answered(case, &missing).into_iter().map(Event::Orders).collect();
    let is_complete = completeness::is_complete(&missing);
    if is_complete && case.orders.completed_at.is_none() {
        out.push(Event::Orders(OrdersEvent::Completed));
    }
    if !is_complete && case.orders.completed_at.is_some() {
        let blocking = missing.iter().filter(|m| m.blocks.authorization || m.blocks.delivery);
        out.push(Event::Orders(OrdersEvent::Lapsed { items: blocking.map(|m| m.item).collect() }));
    }
    out
}

fn answered(case: &Case, missing: &[Missing]) -> Vec<OrdersEvent> {
    let asks = case.orders.open_asks();
    let done = asks.filter(|(_, ask)| {
        ask.items
            .iter()
            .all(|item| case.known.contains_key(item) && !missing.iter().any(|m| m.item == *item))
    });
    done.map(|(id, _)| OrdersEvent::Answered { ask_id: id.clone() }).collect()
}
