//! Disputes, closing and clocks, in words.

use super::Told;
use doorstep_case::clock::ClockEvent;
use doorstep_case::closing::ClosingEvent;
use doorstep_case::disputes::DisputesEvent;

impl Told<'_> {
    pub(super) fn disputes(&self, event: &DisputesEvent) -> String {
        match event {
            DisputesEvent::Escalated { level, reason, call_id, .. } => {
                let asked = if call_id.is_some() { ", in a call" } else { "" };
                format!("Escalated to level {level}{asked}: {}", reason.words())
            }
            DisputesEvent::Acknowledged { escalation_id } => {
                format!("Seen: {}", self.escalation(escalation_id))
            }
            DisputesEvent::Raised { level, .. } => format!("Handed to level {level}"),
            DisputesEvent::Said { escalation_id, .. } => {
                format!("Wrote about {}", self.escalation(escalation_id))
            }
            DisputesEvent::Committed { owner, committed_to, escalation_id } => {
                format!(
                    "{} took {} and promised {}",
                    self.person(owner),
                    self.escalation(escalation_id),
                    self.at(*committed_to)
                )
            }
            DisputesEvent::Resolved { escalation_id } => {
                format!("Resolved: {}", self.escalation(escalation_id))
            }
            DisputesEvent::Opened { kind, lines, .. } if lines.is_empty() => {
                format!("Opened {}", kind.words())
            }
            DisputesEvent::Opened { kind, lines, .. } => {
                format!("Opened {}: {}", kind.words(), self.on(lines))
            }
            DisputesEvent::Extended { dispute_id, reason } => {
                format!("Payer takes longer for {}: {}", self.dispute(dispute_id), reason.words())
            }
            DisputesEvent::Complained { kind, told, .. } => format!(
                "Took down {} from {}, severity {}: {}",
                kind.words(),
                told.from.words(),
                told.severity.code(),
                told.category.words()
            ),
            DisputesEvent::ComplaintAcknowledged { dispute_id } => {
                format!("Acknowledged {}", self.dispute(dispute_id))
            }
            DisputesEvent::ComplaintAnswered { dispute_id, answer } => {
                let how = if answer.in_writing { "in writing" } else { "aloud" };
                format!("Answered {} {how}", self.dispute(dispute_id))
            }
            DisputesEvent::Refiled { kind, .. } => {
                format!("Filed as {} instead, with its first receipt", kind.words())
            }
            DisputesEvent::Filed { dispute_id } => format!("Filed {}", self.dispute(dispute_id)),
            DisputesEvent::Withdrawn { dispute_id } => {
                format!("Withdrew {}", self.dispute(dispute_id))
            }
            DisputesEvent::Dismissed { dispute_id } => {
                format!("Dismissed: {}", self.dispute(dispute_id))
            }
            DisputesEvent::Decided { dispute_id, outcome } => {
                format!("Decided {}: {}", self.dispute(dispute_id), outcome.words())
            }
        }
    }

    pub(super) fn closing(&self, event: &ClosingEvent) -> String {
        match event {
            ClosingEvent::LineCancelled { line, reason } => {
                format!("Cancelled {}: {}", self.on(&[*line]), reason.words())
            }
            ClosingEvent::Closed { kind: Some(kind), .. } => {
                format!("Case closed: {}", kind.words())
            }
            ClosingEvent::Closed { completed: true, kind: None } => {
                "Case closed, completed".to_owned()
            }
            ClosingEvent::Closed { completed: false, kind: None } => {
                "Case closed, nothing delivered".to_owned()
            }
            ClosingEvent::Reopened => "Case reopened".to_owned(),
            ClosingEvent::ReopenedFor { reason } => format!("Case reopened: {}", reason.words()),
            ClosingEvent::LineCompleted { line, reason } => {
                format!(
                    "Completed {} with what was delivered: {}",
                    self.on(&[*line]),
                    reason.words()
                )
            }
            ClosingEvent::LineReopened { line, reason } => {
                format!("{} goes on: {}", self.on(&[*line]), reason.words())
            }
        }
    }

    pub(super) fn clock(&self, event: &ClockEvent) -> String {
        let name = self.clock_name(event.clock_id());
        match event {
            ClockEvent::Started(started) => {
                format!("{name} clock started, due {}", self.at(started.due_at))
            }
            ClockEvent::Paused { .. } => format!("{name} clock paused"),
            ClockEvent::Resumed { due_at, .. } => {
                format!("{name} clock goes on, due {}", self.at(*due_at))
            }
            ClockEvent::Stopped { .. } => format!("{name} clock stopped"),
            ClockEvent::Reopened { .. } => format!("{name} clock runs again"),
            ClockEvent::Moved { due_at, .. } => {
                format!("{name} clock moved, due {}", self.at(*due_at))
            }
            ClockEvent::Extended { by, due_at, .. } => {
                format!("{name} clock: {by} more, due {}", self.at(*due_at))
            }
            ClockEvent::Warned { percent, user_id, .. } => {
                let whose = user_id.as_ref().map(|id| format!(", {id} warned"));
                let whose = whose.unwrap_or_default();
                format!("{name} clock: {percent}% of the time is used{whose}")
            }
            ClockEvent::Missed { user_id, .. } => {
                let whose = user_id.as_ref().map(|id| format!(", owned by {id}"));
                format!("{name} clock ran out{}", whose.unwrap_or_default())
            }
        }
    }
}
