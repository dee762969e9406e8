//! Where a referral stands as a whole: derived from what happened to it, never stored for itself. Source: facts 12,
//! referral axis.

use super::CancelReason;
use crate::coded::coded;
use crate::placement::LinePlacement;
use crate::{Case, Line};
use doorstep_vocab::LineNo;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

coded! {
    /// As what a case closed. Source: facts 12.
    ClosureKind {
        Completed = "completed", "completed";
        CancelledByReferrer = "cancelled-by-referrer", "cancelled by the referrer";
        CancelledByMember = "cancelled-by-member", "cancelled by the member";
        NotEligible = "not-eligible", "not eligible";
        NoProvider = "no-provider", "no provider could be found";
        Duplicate = "duplicate", "a duplicate";
        Deceased = "deceased", "the member has died";
        Transferred = "transferred", "transferred elsewhere";
    }
}

coded! {
    /// Where a referral stands.
    ReferralState {
        Received = "received", "received";
        Acknowledged = "acknowledged", "acknowledged";
        Triaged = "triaged", "triaged";
        Clarifying = "clarifying", "clarifying";
        Complete = "complete", "complete";
        InProgress = "in-progress", "in progress";
        Closed = "closed", "closed";
    }
}

impl ClosureKind {
    /// Derives it from the lines: completed when any was delivered; the death rules over the rest; else what ended most of
    /// them, and of as many the first of the list.
    pub(crate) fn of(lines: &BTreeMap<LineNo, Line>) -> Self {
        let ends = lines.values().filter_map(|line| line.cancelled.as_ref());
        let ends: Vec<Self> = ends.map(|end| end.reason.into()).collect();
        let has_care = lines.values().any(|line| line.cancelled.is_none());
        if has_care || ends.is_empty() {
            return Self::Completed;
        }
        if ends.contains(&Self::Deceased) {
            return Self::Deceased;
        }
        let count = |kind: &Self| ends.iter().filter(|end| *end == kind).count();
        let most = Self::ALL.iter().rev().copied().max_by_key(count);
        most.unwrap_or(Self::Completed)
    }
}

impl From<CancelReason> for ClosureKind {
    fn from(reason: CancelReason) -> Self {
        match reason {
            CancelReason::CancelledByReferrer | CancelReason::OrderedInError => {
                Self::CancelledByReferrer
            }
            CancelReason::CancelledByMember => Self::CancelledByMember,
            CancelReason::NotEligible | CancelReason::AuthDenied => Self::NotEligible,
            CancelReason::NoProvider => Self::NoProvider,
            CancelReason::Duplicate => Self::Duplicate,
            CancelReason::Deceased => Self::Deceased,
            CancelReason::Transferred => Self::Transferred,
        }
    }
}

impl ReferralState {
    /// Derives it: the farthest that the case has come, except that an open question holds back what is not placed.
    pub fn of(case: &Case) -> Self {
        let has_begun = |line: &Line| {
            line.placement != LinePlacement::Unplaced
                || line.auth.is_waiting()
                || line.ledger.held() > 0
        };
        if case.closing.closed.is_some() {
            Self::Closed
        } else if case.lines.values().any(has_begun) {
            Self::InProgress
        } else if case.completed_at().is_some() {
            Self::Complete
        } else if case.orders.open_asks().next().is_some() {
            Self::Clarifying
        } else if case.intake.priority.is_some() {
            Self::Triaged
        } else if case.intake.acknowledged_at.is_some() {
            Self::Acknowledged
        } else {
            Self::Received
        }
    }
}
