//! Intake, benefits and the order, in words.

use super::{Told, because, list, referenced};
use crate::when::day;
use crate::words::{self, channel, document, owner};
use doorstep_case::benefits::{Answer, BenefitsEvent};
use doorstep_case::handout::Reason;
use doorstep_case::intake::{Amendment, Found, IntakeEvent, NeedByReason, Priority};
use doorstep_case::orders::{AskWithdrawReason, OrdersEvent};
use doorstep_vocab::{LineNo, UserId};

/// Facts that a sentence lists before it says how many more there are.
const SHOWN: usize = 6;

impl Told<'_> {
    /// `Handed out by the rule of the team to Ana Example: speaks the member's language`.
    fn handed_out(&self, to: Option<&UserId>, reason: &Reason) -> String {
        let to = to.map_or_else(|| "nobody".to_owned(), |to| self.person(to));
        let points: Vec<&str> = reason.points.iter().map(|point| point.words()).collect();
        let why =
            if points.is_empty() { String::new() } else { format!(": {}", points.join(", ")) };
        format!("Given to {to}, {}{why}", reason.cause.words())
    }

    pub(super) fn intake(&self, event: &IntakeEvent) -> String {
        match event {
            IntakeEvent::Referred(referred) => {
                let lines: Vec<LineNo> = referred.lines.iter().map(|line| line.no).collect();
                format!(
                    "Case opened from {}: {}",
                    channel(referred.receipt.channel),
                    self.on(&lines)
                )
            }
            IntakeEvent::Linked(receipt) => {
                format!(
                    "The order came again by {}, received {}",
                    channel(receipt.channel),
                    self.at(receipt.received_at)
                )
            }
            IntakeEvent::Acknowledged => "Acknowledged: the sender has the case number".to_owned(),
            IntakeEvent::Assigned { manager } => format!("Given to {}", self.person(manager)),
            IntakeEvent::HandedOut { to, reason } => self.handed_out(to.as_ref(), reason),
            IntakeEvent::Triaged { priority, found } => triaged(*priority, found.as_deref()),
            IntakeEvent::Amended(amendment) => amended(amendment),
            IntakeEvent::Classified { line, .. } => format!("Classified {}", self.on(&[*line])),
            IntakeEvent::LineAdded(line) => format!("Added {}", self.on(&[line.no])),
            IntakeEvent::DischargeMoved(discharge) => {
                let bedside =
                    if discharge.bedside { ", portable equipment to the bedside" } else { "" };
                format!("Discharge planned for {}{bedside}", self.at(discharge.at))
            }
            IntakeEvent::NeedByMoved { at, reason } => {
                format!("Needed by {}, {}", self.at(*at), need_by(*reason))
            }
            IntakeEvent::Attached(known) => {
                format!("Document added: {}", document(known.kind).to_lowercase())
            }
            IntakeEvent::Noted { .. } => "Note written".to_owned(),
            IntakeEvent::CancelRequested(receipt) => {
                format!(
                    "The sender cancels the order, by {}, received {}",
                    channel(receipt.channel),
                    self.at(receipt.received_at)
                )
            }
            IntakeEvent::CancelAnswered { answer } => {
                format!("The sender's cancellation is answered: {}", answer.words())
            }
            IntakeEvent::ReviewAsked { reason, .. } => {
                format!("To be settled by a person: {}", reason.words())
            }
            IntakeEvent::Reviewed { .. } => "What came was settled by a person".to_owned(),
            IntakeEvent::DeathRecorded { on, source } => {
                format!("The member died on {}, known from {}", day(*on), source.words())
            }
            IntakeEvent::DeathRetracted => "It was wrong that the member has died".to_owned(),
            IntakeEvent::Labelled { label } => format!("Labelled as sensitive: {}", label.words()),
            IntakeEvent::LabelTakenOff { label } => format!("Label taken off: {}", label.words()),
            IntakeEvent::QuantityStated { line, quantity, unit } => {
                format!("Quantity of {}: {quantity}, counted by {}", self.on(&[*line]), unit.name())
            }
        }
    }

    pub(super) fn benefits(event: &BenefitsEvent) -> String {
        match event {
            BenefitsEvent::Asked => "Payer asked about coverage".to_owned(),
            BenefitsEvent::Answered(Answer { status, reference, .. }) => {
                format!(
                    "Payer answered: coverage {}{}",
                    words::coverage(*status).1,
                    referenced(reference.as_deref())
                )
            }
        }
    }

    /// `, home oxygen (line 1)`, where the case has other lines too.
    fn of(&self, lines: &[LineNo]) -> String {
        let is_all = lines.is_empty() || self.case.lines.len() < 2;
        if is_all { String::new() } else { format!(", {}", self.on(lines)) }
    }

    pub(super) fn orders(&self, event: &OrdersEvent) -> String {
        match event {
            OrdersEvent::Asked { of, items, .. } => {
                format!("Asked {} for {}", owner(*of), list(items))
            }
            OrdersEvent::Chased { ask_id } => format!("Asked again: {}", self.ask(ask_id)),
            OrdersEvent::Answered { ask_id } => format!("Answered: {}", self.ask(ask_id)),
            OrdersEvent::AskWithdrawn { ask_id, reason } => {
                let why = because(reason.map(AskWithdrawReason::words));
                format!("Question withdrawn: {}{why}", self.ask(ask_id))
            }
            OrdersEvent::Signed { signed_on } => {
                format!("Signed order on hand, dated {}", day(*signed_on))
            }
            OrdersEvent::VerbalTaken { on } => format!("Verbal order taken, of {}", day(*on)),
            OrdersEvent::Completed => "Order complete".to_owned(),
            OrdersEvent::LinesCompleted { lines } => format!("Order complete{}", self.of(lines)),
            OrdersEvent::Unanswered { ask_id } => {
                format!(
                    "Nobody answers about {}: the referrer and the member were told",
                    self.ask(ask_id)
                )
            }
            OrdersEvent::Lapsed { items, lines } => {
                format!("Order no longer complete{}: {}", self.of(lines), list(items))
            }
        }
    }
}

fn amended(amendment: &Amendment) -> String {
    let mut parts: Vec<String> =
        amendment.facts.keys().map(|item| item.words().to_owned()).collect();
    parts.extend(amendment.withdrawn.iter().map(|item| format!("{} withdrawn", item.words())));
    let others = [
        (amendment.diagnoses.is_some(), "diagnoses"),
        (amendment.urgency.is_some(), "urgency"),
        (amendment.payer_id.is_some(), "payer"),
        (amendment.prescriber_npi.is_some(), "the clinician's NPI"),
        (amendment.zone.is_some(), "time zone"),
        (amendment.auth_number.is_some(), "the authorization number"),
    ];
    parts.extend(
        others.iter().filter(|(is_given, _)| *is_given).map(|(_, words)| (*words).to_owned()),
    );
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

fn triaged(priority: Priority, found: Option<&Found>) -> String {
    let said = format!("Triaged as {}", words::priority(priority));
    let Some(found) = found else { return said };
    let checked: Vec<&str> = found.checked.iter().map(|one| one.words()).collect();
    let checked = match checked.as_slice() {
        [] => String::new(),
        some => format!("; checked: {}", some.join(", ")),
    };
    format!("{said}: {}, {}{checked}", found.reason.words(), found.outcome.words())
}
