//! A clock's time has come.

use super::{Clock, ClockCommand, ClockEvent};
use crate::disputes::{DisputesEvent, EscalationReason};
use crate::placement::PlacementEvent;
use crate::{Case, Event, Facts, From, OnMiss, Refusal, Subject};
use doorstep_vocab::{EscalationId, Timestamp};

/// Warns or misses, once each, however often and by however many workers it is rung. A clock that has stopped,
/// stands still, or whose time has not come adds nothing.
pub(crate) fn ring(
    case: &Case,
    command: &ClockCommand,
    facts: &Facts,
) -> Result<Vec<Event>, Refusal> {
    let ClockCommand::Ring(clock_id) = command;
    let clock = case.clocks.0.get(clock_id);
    let clock = clock.ok_or_else(|| Refusal::new("clock-unknown", "the case has no such clock"))?;
    Ok(rung(case, clock, facts.now))
}

pub(crate) fn rung(case: &Case, clock: &Clock, now: Timestamp) -> Vec<Event> {
    if clock.next_at().is_none_or(|at| at > now) {
        return Vec::new();
    }
    if clock.started.due_at <= now {
        return missed(case, clock);
    }
    let (clock_id, owner) = (&clock.started.clock_id, clock.started.owner);
    let passed = clock
        .started
        .warn_at
        .iter()
        .filter(|(percent, at)| *at <= now && !clock.warned.contains(percent));
    passed
        .map(|(percent, _)| ClockEvent::Warned {
            clock_id: clock_id.clone(),
            percent: *percent,
            owner,
        })
        .map(Event::Clock)
        .collect()
}

fn missed(case: &Case, clock: &Clock) -> Vec<Event> {
    let clock_id = clock.started.clock_id.clone();
    let mut events = vec![Event::Clock(ClockEvent::Missed {
        clock_id: clock_id.clone(),
        owner: clock.started.owner,
    })];
    match (clock.started.on_miss, &clock.started.about) {
        (OnMiss::ExpireOffer, Subject::Offer(offer_id)) => {
            if case.placement.offers.get(offer_id).is_some_and(crate::placement::Offer::is_open) {
                events
                    .push(Event::Placement(PlacementEvent::Expired { offer_id: offer_id.clone() }));
            }
        }
        (OnMiss::Escalate(level), _) => {
            let escalation_id = EscalationId(format!("missed:{clock_id}"));
            let reason = match clock.started.from {
                From::Discharge => EscalationReason::DischargeCritical,
                _ => EscalationReason::ClockMissed,
            };
            if !case.disputes.escalations.contains_key(&escalation_id) {
                events.push(Event::Disputes(DisputesEvent::Escalated {
                    escalation_id,
                    level,
                    reason,
                }));
            }
        }
        (OnMiss::Record | OnMiss::ExpireOffer, _) => {}
    }
    events
}
