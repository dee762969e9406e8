//! Closing: how a line or a case ends, with a coded reason. Nothing is ever cancelled in silence.

mod decide;
#[cfg(test)]
mod tests;

pub(crate) use decide::{decide, permits};

use crate::coded::coded;
use crate::{Case, LineEnd, Recorded};
use doorstep_vocab::{LineNo, Timestamp, UserId};
use serde::{Deserialize, Serialize};

coded! {
    /// Why a line ended without being completed. Source: facts 12, referral closed states.
    CancelReason {
        CancelledByReferrer = "cancelled-by-referrer", "the referrer cancelled it";
        CancelledByMember = "cancelled-by-member", "the member does not want it";
        NotEligible = "not-eligible", "the member is not covered";
        AuthDenied = "auth-denied", "authorization was denied";
        NoProvider = "no-provider", "no provider could be found";
        Duplicate = "duplicate", "it is a duplicate";
        Deceased = "deceased", "the member has died";
        Transferred = "transferred", "care was transferred elsewhere";
        OrderedInError = "ordered-in-error", "it was ordered in error";
    }
}

/// How a case ended: who, when, as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// When.
    pub at: Timestamp,
    /// Who closed it.
    pub by: UserId,
    /// Whether any line was completed; otherwise every line has its own reason.
    pub completed: bool,
}

/// How and why the case ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Set while it is closed.
    pub closed: Option<Closure>,
    /// How often it was reopened.
    pub reopened: u32,
}

/// What may be done about the end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields repeat the record's")]
pub enum ClosingCommand {
    CancelLine {
        line: LineNo,
        reason: CancelReason,
    },
    /// Closes the case; refused while any line is open.
    Close,
    /// The case goes on.
    Reopen,
}

/// What happened about the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the past participle of its command")]
pub enum ClosingEvent {
    LineCancelled { line: LineNo, reason: CancelReason },
    Closed { completed: bool },
    Reopened,
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &["closing.line-cancelled", "closing.closed", "closing.reopened"];

impl ClosingEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::LineCancelled { .. } => 0,
            Self::Closed { .. } => 1,
            Self::Reopened => 2,
        };
        EVENT_NAMES[at]
    }

    /// Returns the lines that the event is about.
    pub fn lines(&self) -> Vec<LineNo> {
        match self {
            Self::LineCancelled { line, .. } => vec![*line],
            Self::Closed { .. } | Self::Reopened => Vec::new(),
        }
    }
}

pub(crate) fn apply(case: &mut Case, event: &ClosingEvent, recorded: &Recorded) {
    match event {
        ClosingEvent::LineCancelled { line, reason } => {
            if let Some(line) = case.lines.get_mut(line) {
                line.cancelled = Some(LineEnd { reason: *reason, at: recorded.at });
            }
        }
        ClosingEvent::Closed { completed } => {
            let by = recorded.by.user_id.clone();
            case.closing.closed = Some(Closure { at: recorded.at, by, completed: *completed });
        }
        ClosingEvent::Reopened => {
            case.closing.closed = None;
            case.closing.reopened += 1;
        }
    }
}
