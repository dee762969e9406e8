//! The death of the member: recorded by anybody of the hub who hears of it, from a call, a letter or a document. What was
//! planned ends with its reason, what was left at home is picked up, and nobody writes to the member any more. Sources:
//! facts 7.4, 8.2 (13), 11.5 (47).

use super::{IntakeCommand, IntakeEvent};
use crate::auth::AuthCommand;
use crate::closing::{CancelReason, ClosingCommand, ClosingEvent, ReopenReason};
use crate::coded::coded;
use crate::delivery::{
    self, DeliveryCommand, DeliveryEvent, MissReason, PickUpReason, VisitCancelReason, VisitState,
};
use crate::orders::{AskWithdrawReason, OrdersCommand, OrdersEvent};
use crate::placement::{PlacementCommand, PlacementEvent, WithdrawReason};
use crate::{Case, Command, Event, Facts, Line, Owner, Refusal};
use doorstep_vocab::{Date, Timestamp};
use serde::{Deserialize, Serialize};

coded! {
    /// From whom the hub knows of the death. A closed list \[K\].
    DeathSource {
        Family = "family", "the family or a caregiver";
        Provider = "provider", "a provider";
        Referrer = "referrer", "the referrer";
        Payer = "payer", "the payer";
        Document = "document", "a document of the case";
        Other = "other", "somebody else, in a note";
    }
}

/// That the member has died.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Death {
    /// The day.
    pub on: Date,
    /// From whom the hub knows it.
    pub source: DeathSource,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl Case {
    /// Returns whether the member has died, or somebody said so and nobody took it back: whoever doubts does not write.
    pub fn may_have_died(&self) -> bool {
        self.intake.death.is_some() || self.is_death_reported()
    }

    /// Returns whether the death stands behind something that was recorded, and is not recorded itself.
    pub fn is_death_reported(&self) -> bool {
        let retracted_at = self.intake.death_retracted_at;
        let of_line = |line: &Line| {
            line.cancelled.as_ref().is_some_and(|end| {
                end.reason == CancelReason::Deceased && retracted_at.is_none_or(|at| end.at > at)
            })
        };
        let of_visit = |visit: &delivery::Visit| {
            visit.state == VisitState::Missed(MissReason::Deceased)
                || visit.cancelled == Some(VisitCancelReason::Deceased)
        };
        let is_said = self.lines.values().any(of_line)
            || (retracted_at.is_none() && self.delivery.visits.values().any(of_visit));
        self.intake.death.is_none() && is_said
    }
}

/// Another day or source corrects what was recorded.
pub(super) fn record(
    case: &Case,
    (on, source): (Date, DeathSource),
    facts: &Facts,
) -> Result<Vec<IntakeEvent>, Refusal> {
    let today = facts.now.date(case.zone.as_ref().unwrap_or(&facts.hub_zone));
    if on > today {
        let words = "the day of the death is in the future: enter the day it was";
        return Err(Refusal::new("date-ahead", words).at("on"));
    }
    let is_known = case.intake.death.is_some_and(|known| (known.on, known.source) == (on, source));
    Ok(if is_known { Vec::new() } else { vec![IntakeEvent::DeathRecorded { on, source }] })
}

/// What had ended stays ended, and each line is reopened by hand.
pub(super) fn retract(case: &Case) -> Result<Vec<IntakeEvent>, Refusal> {
    if case.may_have_died() {
        return Ok(vec![IntakeEvent::DeathRetracted]);
    }
    if case.intake.death_retracted_at.is_some() {
        return Ok(Vec::new());
    }
    Err(Refusal::new("death-not-recorded", "nobody said that the member has died"))
}

/// Refuses what plans care for a member who has died, or asks that member.
pub(crate) fn permits(case: &Case, command: &Command) -> Result<(), Refusal> {
    let plans = matches!(
        command,
        Command::Intake(IntakeCommand::AddLine(_))
            | Command::Orders(OrdersCommand::Ask { of: Owner::Member, .. })
            | Command::Auth(AuthCommand::Request { .. } | AuthCommand::Renew { .. })
            | Command::Placement(
                PlacementCommand::Offer { .. }
                    | PlacementCommand::Accept { .. }
                    | PlacementCommand::AgreeSingleCase { .. }
            )
            | Command::Delivery(
                DeliveryCommand::Schedule { .. }
                    | DeliveryCommand::Reschedule { .. }
                    | DeliveryCommand::Ship { .. }
            )
            | Command::Closing(ClosingCommand::ReopenLine { .. })
    );
    if plans && case.intake.death.is_some() {
        let words = "the member has died: if that is wrong, take it back first";
        return Err(Refusal::new("member-died", words));
    }
    Ok(())
}

/// Returns all that ends with the member's life, in the order in which it is recorded. A closed case goes on where
/// something is to be picked up.
pub(crate) fn follows(case: &Case, facts: &Facts) -> Vec<Event> {
    let visits = case.delivery.visits.iter().filter(|(_, visit)| visit.is_ahead());
    let visits = visits.map(|(id, _)| {
        let reason = Some(VisitCancelReason::Deceased);
        Event::Delivery(DeliveryEvent::VisitCancelled { visit_id: id.clone(), reason })
    });
    let offers = case.placement.offers.iter().filter(|(_, offer)| offer.is_open());
    let offers = offers.map(|(id, _)| {
        let reason = Some(WithdrawReason::Deceased);
        Event::Placement(PlacementEvent::Withdrawn { offer_id: id.clone(), reason })
    });
    let asks = case.orders.open_asks().map(|(id, _)| {
        let reason = Some(AskWithdrawReason::Deceased);
        Event::Orders(OrdersEvent::AskWithdrawn { ask_id: id.clone(), reason })
    });
    let due = pick_ups(case, facts);
    let reopened = due.is_some() && case.closing.closed.is_some();
    let reopened = reopened.then_some(ReopenReason::PickUp);
    let reopened = reopened.map(|reason| Event::Closing(ClosingEvent::ReopenedFor { reason }));
    // The lines come first: what waits for a visit of a line is not to be waited for any more.
    let planned = lines(case).into_iter().chain(visits).chain(offers).chain(asks);
    reopened.into_iter().chain(planned).chain(due).collect()
}

/// Returns the end of each open line, once the death is recorded.
pub(crate) fn lines(case: &Case) -> Vec<Event> {
    if case.intake.death.is_none() {
        return Vec::new();
    }
    let reason = CancelReason::Deceased;
    let ended = |line: &Line| Event::Closing(ClosingEvent::LineCancelled { line: line.no, reason });
    case.open_lines().map(ended).collect()
}

/// Returns that what is still at home is to be picked up, once the death is recorded.
pub(crate) fn pick_ups(case: &Case, facts: &Facts) -> Option<Event> {
    case.intake.death?;
    let lines = delivery::to_be_picked_up(case, facts);
    let reason = PickUpReason::Deceased;
    let due = DeliveryEvent::PickUpDue { lines, reason };
    (!due.lines(case).is_empty()).then_some(Event::Delivery(due))
}
