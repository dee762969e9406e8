//! What must happen outside because of what happened to a case: one function to read, and who is told of a plan.

mod tell;

pub use tell::{News, Tell};

use crate::auth::AuthEvent;
use crate::clock::ClockEvent;
use crate::delivery::DeliveryEvent;
use crate::disputes::DisputesEvent;
use crate::intake::IntakeEvent;
use crate::messages::{MessagesEvent, Receiver};
use crate::orders::OrdersEvent;
use crate::placement::PlacementEvent;
use crate::{Case, Event, Owner, Recorded};
use doorstep_planted as planted;
use doorstep_vocab::{
    AskId, ClockId, EscalationId, LineNo, MessageId, OfferId, ProviderId, ReceiptId, VisitId,
};

/// Something to be done outside the case. The shell makes each a job in the same transaction as the event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the ids of what it is about")]
pub enum Effect {
    /// Tell the sender the case number.
    AcknowledgeSender { receipt_id: Option<ReceiptId> },
    /// Ask the payer about coverage.
    AskBenefits,
    /// Ask for what is missing.
    SendQuestion { ask_id: AskId },
    /// Tell whoever was asked that the answer is no longer needed.
    RecallQuestion { ask_id: AskId },
    /// Ask the payer for authorization.
    SendAuthRequest { lines: Vec<LineNo>, trace: String },
    /// Tell the provider of an offer.
    SendOffer { offer_id: OfferId },
    /// Tell the provider that the offer no longer stands.
    RecallOffer { offer_id: OfferId },
    /// Confirm the scheduled start in writing. Source: M17.
    SendConfirmation { visit_id: VisitId },
    /// Tell a provider about what it holds.
    TellProvider { provider_id: ProviderId, tell: Tell },
    /// Tell whoever sent the order.
    TellReferrer { tell: Tell },
    /// Tell the member, and with which provider it has to do.
    TellMember { provider_id: Option<ProviderId>, tell: Tell },
    /// Send what one of our people wrote.
    SendMessage { message_id: MessageId, to: Receiver },
    /// Tell the owner that a clock runs out.
    WarnOwner { clock_id: ClockId },
    /// Tell the level's people.
    RaiseEscalation { escalation_id: EscalationId, level: u8 },
}

/// Returns what must happen outside because of `recorded`. `case` is the state after the command that it is part of.
pub fn effects(case: &Case, recorded: &Recorded) -> Vec<Effect> {
    let mut effects = sent(&recorded.event);
    effects.extend(tell::told(case, &recorded.event));
    if planted::is("tells-twice") {
        effects.extend(tell::told(case, &recorded.event));
    }
    effects.retain(|effect| !(case.may_have_died() && asks_member(case, effect)));
    effects
}

/// Nobody asks a member who has died, nor says that the answer is no longer needed. Source: facts 11.5 (47).
fn asks_member(case: &Case, effect: &Effect) -> bool {
    let (Effect::SendQuestion { ask_id } | Effect::RecallQuestion { ask_id }) = effect else {
        return false;
    };
    case.orders.asks.get(ask_id).is_some_and(|ask| ask.of == Owner::Member)
}

fn sent(event: &Event) -> Vec<Effect> {
    match event {
        Event::Intake(IntakeEvent::Referred(referred)) => {
            let receipt_id = referred.receipt.receipt_id.clone();
            vec![Effect::AcknowledgeSender { receipt_id }, Effect::AskBenefits]
        }
        Event::Intake(IntakeEvent::Linked(receipt)) => {
            vec![Effect::AcknowledgeSender { receipt_id: receipt.receipt_id.clone() }]
        }
        Event::Orders(OrdersEvent::Asked { ask_id, .. } | OrdersEvent::Chased { ask_id }) => {
            vec![Effect::SendQuestion { ask_id: ask_id.clone() }]
        }
        Event::Orders(OrdersEvent::AskWithdrawn { ask_id, .. }) => {
            vec![Effect::RecallQuestion { ask_id: ask_id.clone() }]
        }
        Event::Auth(
            AuthEvent::Requested { lines, trace, .. } | AuthEvent::Expedited { lines, trace, .. },
        ) => {
            vec![Effect::SendAuthRequest { lines: lines.clone(), trace: trace.clone() }]
        }
        Event::Placement(PlacementEvent::Offered { offer_id, .. }) => {
            vec![Effect::SendOffer { offer_id: offer_id.clone() }]
        }
        Event::Placement(
            PlacementEvent::Withdrawn { offer_id, .. } | PlacementEvent::Expired { offer_id },
        ) => {
            vec![Effect::RecallOffer { offer_id: offer_id.clone() }]
        }
        Event::Delivery(
            DeliveryEvent::Scheduled { visit_id, .. } | DeliveryEvent::Rescheduled { visit_id, .. },
        ) => {
            vec![Effect::SendConfirmation { visit_id: visit_id.clone() }]
        }
        Event::Clock(ClockEvent::Warned { clock_id, .. } | ClockEvent::Missed { clock_id, .. }) => {
            vec![Effect::WarnOwner { clock_id: clock_id.clone() }]
        }
        Event::Disputes(DisputesEvent::Escalated { escalation_id, level, .. }) => {
            vec![Effect::RaiseEscalation { escalation_id: escalation_id.clone(), level: *level }]
        }
        Event::Messages(MessagesEvent::Written { message_id, to }) => {
            vec![Effect::SendMessage { message_id: message_id.clone(), to: to.clone() }]
        }
        Event::Intake(_)
        | Event::Benefits(_)
        | Event::Orders(_)
        | Event::Auth(_)
        | Event::Placement(_)
        | Event::Delivery(_)
        | Event::Disputes(_)
        | Event::Calls(_)
        | Event::Messages(MessagesEvent::Read)
        | Event::Closing(_)
        | Event::Clock(_) => Vec::new(),
    }
}
