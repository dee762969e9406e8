//! Delivery: visits and deliveries are scheduled, confirmed, made, missed, and proved.

mod authorized;
mod decide;
mod ledger;
mod pick_up;
mod reasons;
#[cfg(test)]
mod tests;

pub(crate) use authorized::authorized_most;
pub(crate) use decide::decide;
pub use pick_up::StayReason;
pub(crate) use pick_up::to_be_picked_up;
pub use reasons::{
    BeyondAuth, MissReason, PickUpReason, ProofMethod, RefusalReason, Signer, VisitCancelReason,
};

use crate::line::distinct;
use crate::{Case, Recorded, auth};
use doorstep_vocab::{Date, DocumentId, LineNo, ProviderId, Timestamp, VisitId, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What shows that it was delivered. The signer's name is on the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// How.
    pub method: ProofMethod,
    /// Who signed, for a signature.
    pub signer: Option<Signer>,
    /// The date written beside the signature: it rules over the supplier's. Source: facts 7.1.
    pub signed_on: Option<Date>,
    /// The carrier's tracking number.
    pub tracking: Option<String>,
    /// The stored proof.
    pub document_id: Option<DocumentId>,
    /// Serial numbers of what was left.
    pub serials: Vec<String>,
}

/// What became of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the outcomes")]
pub enum VisitState {
    Scheduled,
    EnRoute,
    Done { at: Timestamp },
    Missed(MissReason),
    Cancelled,
}

/// One planned delivery or visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Who comes.
    pub provider_id: ProviderId,
    /// For what.
    pub lines: Vec<LineNo>,
    /// Start of the window.
    pub from: Timestamp,
    /// End of the window.
    pub to: Timestamp,
    /// The end of the window first given: on-time is measured against it. Source: facts 10.
    pub first_to: Timestamp,
    /// When the scheduled start was confirmed in writing. Source: M17.
    pub confirmed_at: Option<Timestamp>,
    /// What became of it.
    pub state: VisitState,
    /// Its proof, once done.
    pub proof: Option<Proof>,
    /// Why it was cancelled, when it was and somebody said.
    #[serde(default)]
    pub cancelled: Option<VisitCancelReason>,
    /// What it was to bring and did not.
    #[serde(default)]
    pub left_over: Vec<Counted>,
}

impl Visit {
    /// Returns whether it is still to come.
    pub fn is_ahead(&self) -> bool {
        matches!(self.state, VisitState::Scheduled | VisitState::EnRoute)
    }
}

/// All visits of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// By id.
    pub visits: BTreeMap<VisitId, Visit>,
    /// What was sent, by the carrier's tracking number.
    #[serde(default)]
    pub shipments: BTreeMap<String, Vec<Counted>>,
}

/// Whether and when a line is delivered. Source: facts 12, fulfilment axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the states")]
pub enum Fulfilment {
    #[default]
    Unscheduled,
    Scheduled,
    EnRoute,
    Partial,
    Delivered,
    Missed,
    Refused,
    PickedUp,
    /// What came back was replaced.
    Exchanged,
}

impl Fulfilment {
    /// Returns the state's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unscheduled => "unscheduled",
            Self::Scheduled => "scheduled",
            Self::EnRoute => "en-route",
            Self::Partial => "partial",
            Self::Delivered => "delivered",
            Self::Missed => "missed",
            Self::Refused => "refused",
            Self::PickedUp => "picked-up",
            Self::Exchanged => "exchanged",
        }
    }
}

/// A quantity of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Which line.
    pub line: LineNo,
    /// How many, in the line's unit.
    pub quantity: u32,
}

/// What may be done about delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields repeat the visit's")]
pub enum DeliveryCommand {
    Schedule {
        visit_id: VisitId,
        lines: Vec<LineNo>,
        from: Timestamp,
        to: Timestamp,
    },
    Reschedule {
        visit_id: VisitId,
        from: Timestamp,
        to: Timestamp,
        reason: MissReason,
    },
    /// The written confirmation of the scheduled start went out.
    Confirm {
        visit_id: VisitId,
    },
    Depart {
        visit_id: VisitId,
    },
    Ship {
        goods: Vec<Counted>,
        tracking: String,
    },
    Deliver {
        visit_id: VisitId,
        goods: Vec<Counted>,
        proof: Proof,
    },
    Miss {
        visit_id: VisitId,
        reason: MissReason,
    },
    /// The member does not want the line.
    Refuse {
        line: LineNo,
        reason: RefusalReason,
    },
    /// Equipment came back: an end of need, an exchange, a return.
    PickUp {
        goods: Vec<Counted>,
        serials: Vec<String>,
        reason: PickUpReason,
    },
    CancelVisit {
        visit_id: VisitId,
        reason: VisitCancelReason,
    },
    /// What the member has of these lines has to come back.
    RequestPickUp {
        lines: Vec<LineNo>,
        reason: PickUpReason,
    },
    /// What was to be picked up of a line stays where it is.
    Leave {
        line: LineNo,
        reason: StayReason,
    },
    /// Lines may be delivered later, or in a greater number, than their authorization says, for a reason.
    OverrideAuth {
        lines: Vec<LineNo>,
        reason: BeyondAuth,
    },
}

/// What happened about delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the past participle of its command")]
pub enum DeliveryEvent {
    Scheduled {
        visit_id: VisitId,
        provider_id: ProviderId,
        lines: Vec<LineNo>,
        from: Timestamp,
        to: Timestamp,
    },
    Rescheduled {
        visit_id: VisitId,
        from: Timestamp,
        to: Timestamp,
        reason: MissReason,
    },
    Confirmed {
        visit_id: VisitId,
    },
    Departed {
        visit_id: VisitId,
    },
    Shipped {
        goods: Vec<Counted>,
        tracking: String,
    },
    /// All that was outstanding on the lines it counts. A visit may also have partly delivered others.
    Delivered {
        visit_id: VisitId,
        goods: Vec<Counted>,
        proof: Proof,
    },
    /// Less than was outstanding: the rest stays owed.
    PartlyDelivered {
        visit_id: VisitId,
        goods: Vec<Counted>,
        proof: Proof,
    },
    Missed {
        visit_id: VisitId,
        reason: MissReason,
    },
    Refused {
        line: LineNo,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<RefusalReason>,
    },
    PickedUp {
        goods: Vec<Counted>,
        serials: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<PickUpReason>,
    },
    VisitCancelled {
        visit_id: VisitId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<VisitCancelReason>,
    },
    /// What the visit was to bring and did not: it is still owed, and its clocks run.
    LeftOver {
        visit_id: VisitId,
        goods: Vec<Counted>,
    },
    AuthOverridden {
        lines: Vec<LineNo>,
        reason: BeyondAuth,
    },
    /// What the member has of these lines has to come back.
    PickUpDue {
        lines: Vec<LineNo>,
        reason: PickUpReason,
    },
    /// It stays where it is.
    Stayed {
        line: LineNo,
        reason: StayReason,
    },
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &[
    "delivery.scheduled",
    "delivery.rescheduled",
    "delivery.confirmed",
    "delivery.departed",
    "delivery.shipped",
    "delivery.delivered",
    "delivery.partly-delivered",
    "delivery.missed",
    "delivery.refused",
    "delivery.picked-up",
    "delivery.visit-cancelled",
    "delivery.left-over",
    "delivery.auth-overridden",
    "delivery.pick-up-due",
    "delivery.stayed",
];

impl DeliveryEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::Scheduled { .. } => 0,
            Self::Rescheduled { .. } => 1,
            Self::Confirmed { .. } => 2,
            Self::Departed { .. } => 3,
            Self::Shipped { .. } => 4,
            Self::Delivered { .. } => 5,
            Self::PartlyDelivered { .. } => 6,
            Self::Missed { .. } => 7,
            Self::Refused { .. } => 8,
            Self::PickedUp { .. } => 9,
            Self::VisitCancelled { .. } => 10,
            Self::LeftOver { .. } => 11,
            Self::AuthOverridden { .. } => 12,
            Self::PickUpDue { .. } => 13,
            Self::Stayed { .. } => 14,
        };
        EVENT_NAMES[at]
    }

    /// Returns the visit that the event is about.
    pub fn visit_id(&self) -> Option<&VisitId> {
        match self {
            Self::Scheduled { visit_id, .. }
            | Self::Rescheduled { visit_id, .. }
            | Self::Confirmed { visit_id }
            | Self::Departed { visit_id }
            | Self::Delivered { visit_id, .. }
            | Self::PartlyDelivered { visit_id, .. }
            | Self::LeftOver { visit_id, .. }
            | Self::Missed { visit_id, .. }
            | Self::VisitCancelled { visit_id, .. } => Some(visit_id),
            Self::Shipped { .. }
            | Self::Refused { .. }
            | Self::PickedUp { .. }
            | Self::PickUpDue { .. }
            | Self::Stayed { .. }
            | Self::AuthOverridden { .. } => None,
        }
    }

    /// Returns the lines that the event is about.
    pub fn lines(&self, case: &Case) -> Vec<LineNo> {
        match self {
            Self::Scheduled { lines, .. }
            | Self::AuthOverridden { lines, .. }
            | Self::PickUpDue { lines, .. } => lines.clone(),
            Self::Refused { line, .. } | Self::Stayed { line, .. } => vec![*line],
            Self::Shipped { goods, .. }
            | Self::Delivered { goods, .. }
            | Self::PartlyDelivered { goods, .. }
            | Self::PickedUp { goods, .. }
            | Self::LeftOver { goods, .. } => {
                distinct(&goods.iter().map(|good| good.line).collect::<Vec<_>>())
            }
            Self::Rescheduled { visit_id, .. }
            | Self::Confirmed { visit_id }
            | Self::Departed { visit_id }
            | Self::Missed { visit_id, .. }
            | Self::VisitCancelled { visit_id, .. } => case
                .delivery
                .visits
                .get(visit_id)
                .map(|visit| visit.lines.clone())
                .unwrap_or_default(),
        }
    }
}

pub(crate) fn apply(case: &mut Case, event: &DeliveryEvent, recorded: &Recorded) {
    let lines = event.lines(case);
    match event {
        DeliveryEvent::Scheduled { visit_id, provider_id, lines, from, to } => {
            let visit = Visit {
                provider_id: provider_id.clone(),
                lines: lines.clone(),
                from: *from,
                to: *to,
                first_to: *to,
                confirmed_at: None,
                state: VisitState::Scheduled,
                proof: None,
                cancelled: None,
                left_over: Vec::new(),
            };
            case.delivery.visits.insert(visit_id.clone(), visit);
        }
        DeliveryEvent::Rescheduled { visit_id, from, to, .. } => with(case, visit_id, |visit| {
            (visit.from, visit.to, visit.state, visit.confirmed_at) =
                (*from, *to, VisitState::Scheduled, None);
        }),
        DeliveryEvent::Confirmed { visit_id } => {
            with(case, visit_id, |v| v.confirmed_at = Some(recorded.at));
        }
        DeliveryEvent::Departed { visit_id } => {
            with(case, visit_id, |v| v.state = VisitState::EnRoute);
        }
        DeliveryEvent::Delivered { visit_id, proof, .. }
        | DeliveryEvent::PartlyDelivered { visit_id, proof, .. } => {
            with(case, visit_id, |visit| {
                visit.state = VisitState::Done { at: recorded.at };
                visit.proof = Some(proof.clone());
            });
        }
        DeliveryEvent::Missed { visit_id, reason } => {
            with(case, visit_id, |v| v.state = VisitState::Missed(*reason));
        }
        DeliveryEvent::VisitCancelled { visit_id, reason } => with(case, visit_id, |visit| {
            (visit.state, visit.cancelled) = (VisitState::Cancelled, *reason);
        }),
        DeliveryEvent::LeftOver { visit_id, goods } => {
            with(case, visit_id, |visit| visit.left_over.clone_from(goods));
        }
        DeliveryEvent::AuthOverridden { lines, reason } => {
            for no in lines {
                if let Some(line) = case.lines.get_mut(no) {
                    line.beyond_auth = Some(*reason);
                }
            }
        }
        DeliveryEvent::Shipped { goods, tracking } => {
            case.delivery.shipments.insert(tracking.clone(), goods.clone());
        }
        DeliveryEvent::PickUpDue { .. }
        | DeliveryEvent::Stayed { .. }
        | DeliveryEvent::PickedUp { .. } => pick_up::apply(case, event),
        DeliveryEvent::Refused { .. } => {}
    }
    if let DeliveryEvent::Delivered { proof, .. } | DeliveryEvent::PartlyDelivered { proof, .. } =
        event
    {
        let recorded_on = recorded.at.date(case.zone.as_ref().unwrap_or(&Zone::utc()));
        auth::delivered_on(case, &lines, proof.signed_on.unwrap_or(recorded_on));
    }
    ledger::count(case, event, &lines);
    if let DeliveryEvent::Delivered { visit_id, .. }
    | DeliveryEvent::PartlyDelivered { visit_id, .. } = event
    {
        ledger::leave_undelivered(case, visit_id, &lines);
    }
}

fn with(case: &mut Case, visit_id: &VisitId, change: impl FnOnce(&mut Visit)) {
    if let Some(visit) = case.delivery.visits.get_mut(visit_id) {
        change(visit);
    }
}
