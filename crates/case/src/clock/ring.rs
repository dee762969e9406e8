//! A clock's time has come.

use super::{Clock, ClockCommand, ClockEvent, Started, owner_of};
use crate::auth::AuthEvent;
use crate::disputes::{DisputesEvent, EscalationReason, LEVEL_MAX};
use crate::orders::OrdersEvent;
use crate::placement::{Offer, PlacementEvent};
use crate::{Case, Event, Facts, From, OnMiss, Refusal, Subject};
use doorstep_planted as planted;
use doorstep_vocab::{ClockId, EscalationId, Micros, Timestamp};

/// The lowest level of the ladder. Source: facts 6.4.
const TEAM_LEAD: u8 = 1;

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
    let now = if planted::is("rings-an-hour-early") { now.plus(Micros::hours(1)) } else { now };
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
            user_id: owner_of(case, clock),
        })
        .map(Event::Clock)
        .collect()
}

fn missed(case: &Case, clock: &Clock) -> Vec<Event> {
    let started = &clock.started;
    let (clock_id, owner) = (started.clock_id.clone(), started.owner);
    let user_id = owner_of(case, clock);
    let missed = Event::Clock(ClockEvent::Missed { clock_id, owner, user_id });
    let follows = match (started.on_miss, &started.about) {
        (OnMiss::ExpireOffer, _) if planted::is("lets-an-offer-stand") => None,
        (OnMiss::Escalate(_) | OnMiss::EscalateNext, _) if planted::is("raises-nothing") => None,
        (OnMiss::ExpireOffer, Subject::Offer(offer_id)) => {
            let is_open = case.placement.offers.get(offer_id).is_some_and(Offer::is_open);
            let expired = PlacementEvent::Expired { offer_id: offer_id.clone() };
            is_open.then_some(Event::Placement(expired))
        }
        (OnMiss::Chase, Subject::Ask(ask_id)) => {
            let is_open = case.orders.asks.get(ask_id).is_some_and(|ask| ask.ended_at.is_none());
            // A clock of no length would chase without end in one decision.
            let is_open = is_open && started.due_at > started.counts_from;
            let chased = OrdersEvent::Chased { ask_id: ask_id.clone() };
            is_open.then_some(Event::Orders(chased))
        }
        (OnMiss::Escalate(level), about) => raised(case, clock, (level, about)),
        (OnMiss::EscalateNext, about @ Subject::Escalation(id)) => {
            let known = case.disputes.escalations.get(id);
            known.and_then(|known| raised(case, clock, (known.level.saturating_add(1), about)))
        }
        (OnMiss::Notify, about) => raised(case, clock, (TEAM_LEAD, about)),
        (OnMiss::Record | OnMiss::ExpireOffer | OnMiss::Chase | OnMiss::EscalateNext, _) => None,
    };
    let noticed = unanswered(case, clock).into_iter().chain(lapsed(case, clock));
    std::iter::once(missed).chain(noticed).chain(follows).collect()
}

/// Asked three times to no avail: the referrer and the member hear of it. Source: facts 4.2, clarification.
fn unanswered(case: &Case, clock: &Clock) -> Option<Event> {
    let (OnMiss::Notify, Subject::Ask(ask_id)) = (clock.started.on_miss, &clock.started.about)
    else {
        return None;
    };
    let is_open = case.orders.asks.get(ask_id).is_some_and(|ask| ask.ended_at.is_none());
    is_open.then(|| Event::Orders(OrdersEvent::Unanswered { ask_id: ask_id.clone() }))
}

/// A payer that does not decide in time has denied, and may be appealed. Source: 42 CFR 438.404(c)(5), 422.568(f);
/// facts 4.3, 11.2 (17).
fn lapsed(case: &Case, clock: &Clock) -> Option<Event> {
    let Subject::Line(no) = clock.started.about else { return None };
    let is_waiting = case.lines.get(&no).is_some_and(|line| line.auth.is_waiting());
    (clock.started.lapses && is_waiting).then_some(Event::Auth(AuthEvent::Lapsed { line: no }))
}

/// What was raised already is raised again only to a higher level: the ladder ends.
fn raised(case: &Case, clock: &Clock, (level, about): (u8, &Subject)) -> Option<Event> {
    let raised = &case.disputes.escalations;
    let level = level.min(LEVEL_MAX);
    if let Subject::Escalation(id) = about
        && raised.get(id).is_none_or(|escalation| escalation.level >= level)
    {
        return None;
    }
    let reason = reason(clock);
    if reason == EscalationReason::TherapyAtRisk && is_raised_for_discharge(case, about) {
        return None;
    }
    let escalation_id = EscalationId(format!("missed:{}", clock.started.clock_id));
    let is_new = !raised.contains_key(&escalation_id);
    is_new.then(|| Event::Disputes(DisputesEvent::by_itself(escalation_id, level, reason)))
}

fn reason(clock: &Clock) -> EscalationReason {
    let Started { from, about, .. } = &clock.started;
    match from {
        From::Discharge | From::DischargeOrDose => EscalationReason::DischargeCritical,
        From::TherapyDue => EscalationReason::TherapyAtRisk,
        From::Committed if matches!(about, Subject::Escalation(_) | Subject::Call(_)) => {
            EscalationReason::PromiseBroken
        }
        From::Event
        | From::Received
        | From::Home
        | From::NeedBy
        | From::Committed
        | From::WindowEnds
        | From::Requested
        | From::Expedited
        | From::NextDose
        | From::Asked
        | From::SupplyBy
        | From::Noticed
        | From::Complained
        | From::AuthEnds => EscalationReason::ClockMissed,
    }
}

/// One line is raised to the network desk once, be it for the discharge or for what it brings.
fn is_raised_for_discharge(case: &Case, about: &Subject) -> bool {
    case.disputes.open_escalations().any(|(id, escalation)| {
        let clock_id = id.as_str().strip_prefix("missed:").map(ClockId::from);
        let clock = clock_id.and_then(|id| case.clocks.0.get(&id));
        escalation.reason == EscalationReason::DischargeCritical
            && clock.is_some_and(|clock| clock.started.about == *about)
    })
}
