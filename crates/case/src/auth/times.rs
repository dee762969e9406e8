//! What the clocks of an authorization count from: the payer's receipt, the wish to hurry, the notice.

use super::{AuthEvent, ExtensionReason};
use doorstep_vocab::{Date, Timestamp};
use serde::{Deserialize, Serialize};

/// The instants of one line's authorization, those of the last request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// When the payer got the request.
    pub received_at: Option<Timestamp>,
    /// When it was asked to decide at once; `None` while the request is a standard one.
    pub expedited_at: Option<Timestamp>,
    /// Whether the payer refused to hurry.
    pub expedite_refused: bool,
    /// Why the payer took longer, if it did.
    pub extension: Option<ExtensionReason>,
    /// Until when what the payer asked for may be supplied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supply_by: Option<Timestamp>,
    /// When what the payer asked for was sent.
    pub info_sent_at: Option<Timestamp>,
    /// When the decision was recorded.
    pub decided_at: Option<Timestamp>,
    /// The day of the payer's notice of it.
    pub noticed_on: Option<Date>,
}

impl Times {
    /// Returns the times after `event`. `is_waiting` says whether the payer had the request already.
    pub(super) fn after(self, event: &AuthEvent, (at, is_waiting): (Timestamp, bool)) -> Self {
        match event {
            AuthEvent::Requested { received_at, .. } => {
                Self { received_at: received_at.or(Some(at)), ..Self::default() }
            }
            AuthEvent::Expedited { received_at, .. } => {
                let asked_at = received_at.unwrap_or(at);
                let first = self.received_at.filter(|_| is_waiting);
                let received_at = first.or(Some(asked_at));
                Self { received_at, expedited_at: Some(asked_at), ..Self::default() }
            }
            AuthEvent::ExpediteRefused { .. } => {
                Self { expedited_at: None, expedite_refused: true, ..self }
            }
            AuthEvent::Extended { reason, .. } => Self { extension: Some(*reason), ..self },
            AuthEvent::InfoRequested { supply_by, .. } => {
                Self { info_sent_at: None, supply_by: *supply_by, ..self }
            }
            AuthEvent::InfoSent { .. } => Self { info_sent_at: Some(at), supply_by: None, ..self },
            AuthEvent::Approved { noticed_on, .. }
            | AuthEvent::Modified { noticed_on, .. }
            | AuthEvent::Denied { noticed_on, .. } => {
                Self { decided_at: Some(at), noticed_on: *noticed_on, ..self }
            }
            AuthEvent::Lapsed { .. } => Self { decided_at: Some(at), noticed_on: None, ..self },
            AuthEvent::NotRequired { .. }
            | AuthEvent::Required { .. }
            | AuthEvent::Pended { .. }
            | AuthEvent::Rejected { .. }
            | AuthEvent::Withdrawn { .. }
            | AuthEvent::RenewalWithdrawn { .. }
            | AuthEvent::Expired { .. }
            | AuthEvent::RunningLow { .. } => self,
        }
    }
}
