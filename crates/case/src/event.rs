//! The commands, the events, and what an event is about.

use crate::{
    Actor, Case, auth, benefits, calls, clock, closing, delivery, disputes, intake, messages,
    orders, placement,
};
use doorstep_vocab::{AskId, CallId, DisputeId, LineNo, OfferId, Timestamp, VisitId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One intention. Ids come in with the command, never from inside a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the stage of its name")]
pub enum Command {
    Intake(intake::IntakeCommand),
    Benefits(benefits::BenefitsCommand),
    Orders(orders::OrdersCommand),
    Auth(auth::AuthCommand),
    Placement(placement::PlacementCommand),
    Delivery(delivery::DeliveryCommand),
    Disputes(disputes::DisputesCommand),
    Calls(calls::CallsCommand),
    Messages(messages::MessagesCommand),
    Closing(closing::ClosingCommand),
    Clock(clock::ClockCommand),
}

/// Something that happened. Stored as JSON for ever: variants are added, never renamed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each variant is the stage of its name")]
pub enum Event {
    Intake(intake::IntakeEvent),
    Benefits(benefits::BenefitsEvent),
    Orders(orders::OrdersEvent),
    Auth(auth::AuthEvent),
    Placement(placement::PlacementEvent),
    Delivery(delivery::DeliveryEvent),
    Disputes(disputes::DisputesEvent),
    Calls(calls::CallsEvent),
    Messages(messages::MessagesEvent),
    Closing(closing::ClosingEvent),
    Clock(clock::ClockEvent),
}

/// An event with who recorded it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Position in the case's record, from 1 without gaps.
    pub seq: u32,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: Actor,
    /// What happened.
    pub event: Event,
}

/// What an event or a clock is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The case as a whole.
    Case,
    /// One service line.
    Line(LineNo),
    /// One offer.
    Offer(OfferId),
    /// One visit.
    Visit(VisitId),
    /// One question.
    Ask(AskId),
    /// One dispute.
    Dispute(DisputeId),
    /// One escalation.
    Escalation(doorstep_vocab::EscalationId),
    /// One call.
    Call(CallId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case => f.write_str("case"),
            Self::Line(line) => write!(f, "line-{line}"),
            Self::Offer(id) => write!(f, "offer-{id}"),
            Self::Visit(id) => write!(f, "visit-{id}"),
            Self::Ask(id) => write!(f, "ask-{id}"),
            Self::Dispute(id) => write!(f, "dispute-{id}"),
            Self::Escalation(id) => write!(f, "escalation-{id}"),
            Self::Call(id) => write!(f, "call-{id}"),
        }
    }
}

impl Event {
    /// Returns the event's name as packs write it: `stage.past-participle`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Intake(event) => event.name(),
            Self::Benefits(event) => event.name(),
            Self::Orders(event) => event.name(),
            Self::Auth(event) => event.name(),
            Self::Placement(event) => event.name(),
            Self::Delivery(event) => event.name(),
            Self::Disputes(event) => event.name(),
            Self::Calls(event) => event.name(),
            Self::Messages(event) => event.name(),
            Self::Closing(event) => event.name(),
            Self::Clock(event) => event.name(),
        }
    }

    /// Returns what the event is about. `case` is the state after the event.
    pub fn subjects(&self, case: &Case) -> Vec<Subject> {
        match self {
            Self::Orders(event) => {
                let ask = event.ask_id().map(|id| Subject::Ask(id.clone()));
                ask.into_iter().chain(lines(event.lines())).collect()
            }
            Self::Auth(event) => lines(event.lines()),
            Self::Placement(event) => event.subjects(case),
            Self::Delivery(event) => {
                let visit = event.visit_id().map(|id| Subject::Visit(id.clone()));
                visit.into_iter().chain(lines(event.lines(case))).collect()
            }
            Self::Disputes(event) => disputed(event, case),
            Self::Calls(event) => event.subjects(),
            Self::Closing(event) => lines(event.lines()),
            Self::Intake(event) => lines(event.lines()),
            Self::Benefits(_) | Self::Messages(_) | Self::Clock(_) => Vec::new(),
        }
    }
}

/// An appeal is about its lines too, so that filing one stops the lines' own windows. One that came to nothing lets
/// them go on, unless another appeal of the same line stands.
fn disputed(event: &disputes::DisputesEvent, case: &Case) -> Vec<Subject> {
    use disputes::DisputesEvent::{Dismissed, Withdrawn};
    let mut subjects = event.subjects();
    if let [Subject::Dispute(id)] = subjects.as_slice()
        && let Some(dispute) = case.disputes.disputes.get(id).filter(|d| d.kind.is_appeal())
    {
        let came_to_nothing = matches!(event, Withdrawn { .. } | Dismissed { .. });
        let stands = |line: &LineNo| {
            case.disputes.open_disputes().any(|(_, other)| {
                other.kind.is_appeal() && other.filed_at.is_some() && other.lines.contains(line)
            })
        };
        let of = dispute.lines.iter().filter(|line| !came_to_nothing || !stands(line));
        subjects.extend(lines(of.copied().collect()));
    }
    subjects
}

fn lines(lines: Vec<LineNo>) -> Vec<Subject> {
    lines.into_iter().map(Subject::Line).collect()
}

/// The name of every event, for checking packs. Kept complete by a test that walks one event of each kind.
pub const EVENT_NAMES: [&[&str]; 11] = [
    intake::EVENT_NAMES,
    benefits::EVENT_NAMES,
    orders::EVENT_NAMES,
    auth::EVENT_NAMES,
    placement::EVENT_NAMES,
    delivery::EVENT_NAMES,
    disputes::EVENT_NAMES,
    calls::EVENT_NAMES,
    messages::EVENT_NAMES,
    closing::EVENT_NAMES,
    clock::EVENT_NAMES,
];
