//! Closing: how a line or a case ends, with a coded reason. Nothing is ever cancelled in silence.

mod axis;
mod decide;
#[cfg(test)]
mod tests;

pub use axis::{ClosureKind, ReferralState};
pub(crate) use decide::{decide, permits};

use crate::coded::coded;
use crate::delivery::Fulfilment;
use crate::placement::LinePlacement;
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

coded! {
    /// Why a line is complete with less than was ordered. Sources: facts 3.3, whichever ends first ends it; 11.2 (12);
    /// handing over \[K\].
    CompleteReason {
        AuthorizedOnly = "authorized-only", "the payer authorized no more";
        Enough = "enough", "the member has enough";
        HandedOver = "handed-over", "the provider goes on with it";
        Discontinued = "discontinued", "it cannot be had any more";
    }
}

coded! {
    /// Why what had ended goes on. A closed list \[K\].
    ReopenReason {
        EndedInError = "ended-in-error", "it was ended in error";
        OrderRenewed = "order-renewed", "the order was renewed or changed";
        DenialOverturned = "denial-overturned", "a denial was overturned";
        CoverageFound = "coverage-found", "coverage was found";
        ProviderFound = "provider-found", "a provider was found";
        MoreNeeded = "more-needed", "more is needed, or an exchange";
        MemberWants = "member-wants", "the member wants it after all";
        Complaint = "complaint", "a complaint";
        PickUp = "pick-up", "what was left is to be picked up";
        Other = "other", "another reason, in a note";
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
    /// As what. Source: facts 12, referral closed states.
    #[serde(default)]
    pub kind: Option<ClosureKind>,
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
    /// Ends a line with what was delivered of it, although more was ordered.
    CompleteLine {
        line: LineNo,
        reason: CompleteReason,
    },
    /// A line that was cancelled, or complete with less, goes on: it is placed anew, under its original clocks.
    ReopenLine {
        line: LineNo,
        reason: ReopenReason,
    },
    /// Closes the case; refused while any line is open.
    Close,
    /// The case goes on.
    Reopen(ReopenReason),
}

/// What happened about the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the past participle of its command")]
pub enum ClosingEvent {
    LineCancelled {
        line: LineNo,
        reason: CancelReason,
    },
    Closed {
        completed: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<ClosureKind>,
    },
    /// As it was recorded before a reason was asked for.
    Reopened,
    ReopenedFor {
        reason: ReopenReason,
    },
    LineCompleted {
        line: LineNo,
        reason: CompleteReason,
    },
    LineReopened {
        line: LineNo,
        reason: ReopenReason,
    },
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &[
    "closing.line-cancelled",
    "closing.closed",
    "closing.reopened",
    "closing.line-completed",
    "closing.line-reopened",
];

impl ClosingEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::LineCancelled { .. } => 0,
            Self::Closed { .. } => 1,
            Self::Reopened | Self::ReopenedFor { .. } => 2,
            Self::LineCompleted { .. } => 3,
            Self::LineReopened { .. } => 4,
        };
        EVENT_NAMES[at]
    }

    /// Returns the lines that the event is about.
    pub fn lines(&self) -> Vec<LineNo> {
        match self {
            Self::LineCancelled { line, .. }
            | Self::LineCompleted { line, .. }
            | Self::LineReopened { line, .. } => vec![*line],
            Self::Closed { .. } | Self::Reopened | Self::ReopenedFor { .. } => Vec::new(),
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
        ClosingEvent::LineCompleted { line, reason } => {
            if let Some(line) = case.lines.get_mut(line) {
                line.completed = Some(*reason);
            }
        }
        ClosingEvent::LineReopened { line, .. } => {
            reopen(case, *line);
        }
        ClosingEvent::Closed { completed, kind } => {
            let by = recorded.by.user_id.clone();
            let (at, completed, kind) = (recorded.at, *completed, *kind);
            case.closing.closed = Some(Closure { at, by, completed, kind });
        }
        ClosingEvent::Reopened | ClosingEvent::ReopenedFor { .. } => {
            case.closing.closed = None;
            case.closing.reopened += 1;
        }
    }
}

/// Its provider was told that nothing more is to be done, so it is placed anew; what the member has counts.
fn reopen(case: &mut Case, no: LineNo) {
    let mut offers = case.placement.offers.values();
    let is_offered = offers.any(|offer| offer.is_open() && offer.lines.contains(&no));
    let Some(line) = case.lines.get_mut(&no) else { return };
    if line.cancelled.is_some() {
        line.placement = if is_offered { LinePlacement::Offered } else { LinePlacement::Unplaced };
    }
    (line.cancelled, line.completed) = (None, None);
    line.fulfilment = match line.fulfilment {
        Fulfilment::Delivered | Fulfilment::Exchanged => line.fulfilment,
        _ if line.ledger.held() > 0 => Fulfilment::Partial,
        _ => Fulfilment::Unscheduled,
    };
}
