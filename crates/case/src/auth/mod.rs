//! Authorization, decided line by line: asked of the payer, then approved, modified, denied or sent back.
//!
//! A rejected request (it could not be processed) is not a denied one (it was reviewed and not certified): only a
//! denial starts appeal rights. Source: facts 0.1 (1, 2).

mod decide;
mod header;
mod hurry;
mod renewal;
#[cfg(test)]
mod tests;
mod times;

pub(crate) use decide::decide;
pub use header::AuthHeader;
pub(crate) use hurry::may_extend;
pub use renewal::InHand;
pub(crate) use renewal::{delivered_on, ends_on, most, running_low};
pub use times::Times;

use crate::coded::coded;
use crate::{Case, Line, Recorded, Unit};
use doorstep_vocab::{Date, LineNo, Procedure, ProviderId, Timestamp};
use serde::{Deserialize, Serialize};

coded! {
    /// Why a payer took longer. Source: facts 4.3; 42 CFR 422.568(b)(1)(i), 438.210(d)(1)(ii), 29 CFR 2560.503-1(f)(2).
    ExtensionReason {
        MemberAsked = "member-asked", "the member or the prescriber asked for it";
        MoreEvidence = "more-evidence", "more information is needed, in the member's interest";
        BeyondControl = "beyond-control", "extraordinary circumstances beyond the payer's control";
    }
}

/// What the payer approved of one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The payer's authorization number. Source: facts 3.2, HCR02, 50 characters at most.
    pub number: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Units approved; `None` when the payer named no number.
    pub quantity: Option<u32>,
    /// Of what. Not converted. Source: facts 3.3.
    pub unit: Unit,
    /// The code approved, where the payer named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Procedure>,
    /// The modifiers approved, where the payer named any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<String>,
    /// The provider approved: an authorization belongs to one. Source: facts 11.2 (10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<ProviderId>,
}

/// Where the authorization of one line stands. Source: facts 12, auth line axis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the states of facts 12; fields repeat the events'")]
pub enum Auth {
    /// Nobody determined yet whether it is needed.
    #[default]
    Undetermined,
    NotRequired {
        proof: String,
    },
    Required,
    Submitted {
        trace: String,
        at: Timestamp,
    },
    /// The request could not be processed; it is not a denial.
    Rejected {
        trace: String,
        reasons: Vec<String>,
    },
    Pended {
        trace: String,
        reference: Option<String>,
    },
    InfoRequested {
        trace: String,
        wanted: Vec<String>,
    },
    Approved(Approval),
    /// Approved for something other than was asked.
    Modified(Approval),
    Denied {
        reasons: Vec<String>,
        at: Timestamp,
    },
    /// The payer's time ran out, which the law takes for a denial. Source: facts 4.3, 11.2 (17).
    Lapsed {
        trace: String,
        at: Timestamp,
    },
    Withdrawn,
    Expired(Approval),
}

impl Auth {
    /// Returns the state's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Undetermined => "undetermined",
            Self::NotRequired { .. } => "not-required",
            Self::Required => "required",
            Self::Submitted { .. } => "submitted",
            Self::Rejected { .. } => "rejected",
            Self::Pended { .. } => "pended",
            Self::InfoRequested { .. } => "info-requested",
            Self::Approved(_) => "approved",
            Self::Modified(_) => "modified",
            Self::Denied { .. } => "denied",
            Self::Lapsed { .. } => "lapsed",
            Self::Withdrawn => "withdrawn",
            Self::Expired(_) => "expired",
        }
    }

    /// Returns whether care may be placed and delivered.
    pub const fn permits(&self) -> bool {
        matches!(self, Self::NotRequired { .. } | Self::Approved(_) | Self::Modified(_))
    }

    /// Returns whether the payer has the request and owes an answer.
    pub const fn is_waiting(&self) -> bool {
        matches!(self, Self::Submitted { .. } | Self::Pended { .. } | Self::InfoRequested { .. })
    }

    /// Returns whether the member may appeal. Source: facts 3.2, A3 and A6; 11.2 (12, 17).
    pub const fn is_adverse(&self) -> bool {
        matches!(self, Self::Denied { .. } | Self::Lapsed { .. } | Self::Modified(_))
    }

    pub(crate) fn trace(&self) -> String {
        match self {
            Self::Submitted { trace, .. }
            | Self::Lapsed { trace, .. }
            | Self::Pended { trace, .. }
            | Self::InfoRequested { trace, .. } => trace.clone(),
            _ => String::new(),
        }
    }
}

coded! {
    /// Why the hub takes a request or an approval back. Sources: facts 3.3 cancel, 11.2 (10) \[K\].
    AuthWithdrawReason {
        ProviderChanged = "provider-changed", "another provider delivers";
        OrderChanged = "order-changed", "the order has changed";
        PayerChanged = "payer-changed", "another payer pays";
        NotNeeded = "not-needed", "the line is no longer needed";
        RequestedInError = "requested-in-error", "it was requested in error";
        Duplicate = "duplicate", "it was requested twice";
        Other = "other", "another reason, in a note";
    }
}

/// What may be done about authorization.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields repeat the states'")]
pub enum AuthCommand {
    /// Looks the payer's table up for the line, or records the payer's word with its proof.
    Determine {
        line: LineNo,
        answer: Determination,
    },
    /// Asks the payer, for lines together under one trace number.
    Request {
        lines: Vec<LineNo>,
        trace: String,
        expedited: bool,
        /// When the payer got it; now when nobody says.
        received_at: Option<Timestamp>,
    },
    /// Asks the payer, under one trace number, for what comes after an approval that still holds.
    Renew {
        lines: Vec<LineNo>,
        trace: String,
        expedited: bool,
        received_at: Option<Timestamp>,
    },
    /// Asks the payer to decide a request that it has at once.
    Expedite {
        line: LineNo,
    },
    /// The payer goes on with an expedited request as a standard one.
    RefuseExpedite {
        line: LineNo,
    },
    /// The payer takes the longer time that its rules allow.
    Extend {
        line: LineNo,
        reason: ExtensionReason,
    },
    Pend {
        line: LineNo,
        reference: Option<String>,
    },
    AskInfo {
        line: LineNo,
        wanted: Vec<String>,
        /// By when the payer wants it, where it says so; never earlier than its rules allow.
        supply_by: Option<Timestamp>,
    },
    /// What the payer asked for was sent.
    SendInfo {
        line: LineNo,
    },
    /// The payer could not process the request.
    Reject {
        line: LineNo,
        reasons: Vec<String>,
    },
    Approve {
        line: LineNo,
        approval: Approval,
        /// Whether the payer says that it differs from what was asked, where that cannot be compared (dates).
        modified: bool,
        /// The day of the payer's notice.
        noticed_on: Option<Date>,
    },
    Deny {
        line: LineNo,
        reasons: Vec<String>,
        /// The day of the payer's notice: appeal rights count from it.
        noticed_on: Option<Date>,
    },
    /// The hub takes its request back.
    Withdraw {
        line: LineNo,
        reason: AuthWithdrawReason,
    },
    /// The hub takes its request for what comes after an approval back; the approval stands.
    WithdrawRenewal {
        line: LineNo,
        reason: AuthWithdrawReason,
    },
    /// The approved window ended unused.
    Expire {
        line: LineNo,
    },
}

/// Whether authorization is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Determination {
    /// As the payer's pack says.
    FromTerms,
    /// The payer said that it is needed.
    Required,
    /// The payer said that it is not; the proof is kept. Source: facts 11.2 (13).
    NotRequired {
        /// The reference of the payer's word.
        proof: String,
    },
}

/// What happened to authorization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the past participle of its command")]
pub enum AuthEvent {
    NotRequired {
        line: LineNo,
        proof: String,
    },
    Required {
        line: LineNo,
        version: Option<String>,
    },
    Requested {
        lines: Vec<LineNo>,
        trace: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        received_at: Option<Timestamp>,
        /// Whether it is about what comes after an approval.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        renews: bool,
    },
    Expedited {
        lines: Vec<LineNo>,
        trace: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        received_at: Option<Timestamp>,
        /// Whether it is about what comes after an approval.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        renews: bool,
    },
    ExpediteRefused {
        line: LineNo,
    },
    Extended {
        line: LineNo,
        reason: ExtensionReason,
    },
    Pended {
        line: LineNo,
        reference: Option<String>,
    },
    InfoRequested {
        line: LineNo,
        wanted: Vec<String>,
        /// Until when it may be supplied.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supply_by: Option<Timestamp>,
    },
    InfoSent {
        line: LineNo,
    },
    Rejected {
        line: LineNo,
        reasons: Vec<String>,
    },
    Approved {
        line: LineNo,
        approval: Approval,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        noticed_on: Option<Date>,
    },
    Modified {
        line: LineNo,
        approval: Approval,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        noticed_on: Option<Date>,
    },
    Denied {
        line: LineNo,
        reasons: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        noticed_on: Option<Date>,
    },
    /// The payer's time ran out without a decision.
    Lapsed {
        line: LineNo,
    },
    Withdrawn {
        line: LineNo,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<AuthWithdrawReason>,
    },
    Expired {
        line: LineNo,
    },
    /// A renewal was taken back, and the approval in hand stands.
    RenewalWithdrawn {
        line: LineNo,
        reason: AuthWithdrawReason,
    },
    /// Little is left of the authorized number, and more is ordered.
    RunningLow {
        line: LineNo,
        left: u32,
    },
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &[
    "auth.not-required",
    "auth.required",
    "auth.requested",
    "auth.expedited",
    "auth.pended",
    "auth.info-requested",
    "auth.rejected",
    "auth.approved",
    "auth.modified",
    "auth.denied",
    "auth.withdrawn",
    "auth.expired",
    "auth.expedite-refused",
    "auth.extended",
    "auth.info-sent",
    "auth.lapsed",
    "auth.running-low",
];

impl AuthEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::NotRequired { .. } => 0,
            Self::Required { .. } => 1,
            Self::Requested { .. } => 2,
            Self::Expedited { .. } => 3,
            Self::Pended { .. } => 4,
            Self::InfoRequested { .. } => 5,
            Self::Rejected { .. } => 6,
            Self::Approved { .. } => 7,
            Self::Modified { .. } => 8,
            Self::Denied { .. } => 9,
            Self::Withdrawn { .. } | Self::RenewalWithdrawn { .. } => 10,
            Self::Expired { .. } => 11,
            Self::ExpediteRefused { .. } => 12,
            Self::Extended { .. } => 13,
            Self::InfoSent { .. } => 14,
            Self::Lapsed { .. } => 15,
            Self::RunningLow { .. } => 16,
        };
        EVENT_NAMES[at]
    }

    /// Returns the lines that the event is about.
    pub fn lines(&self) -> Vec<LineNo> {
        match self {
            Self::Requested { lines, .. } | Self::Expedited { lines, .. } => lines.clone(),
            Self::NotRequired { line, .. }
            | Self::Required { line, .. }
            | Self::Pended { line, .. }
            | Self::InfoRequested { line, .. }
            | Self::Rejected { line, .. }
            | Self::Approved { line, .. }
            | Self::Modified { line, .. }
            | Self::Denied { line, .. }
            | Self::Extended { line, .. }
            | Self::ExpediteRefused { line }
            | Self::InfoSent { line }
            | Self::Lapsed { line }
            | Self::RunningLow { line, .. }
            | Self::Withdrawn { line, .. }
            | Self::RenewalWithdrawn { line, .. }
            | Self::Expired { line } => vec![*line],
        }
    }
}

pub(crate) fn apply(case: &mut Case, event: &AuthEvent, recorded: &Recorded) {
    for no in event.lines() {
        if let Some(line) = case.lines.get_mut(&no) {
            if let AuthEvent::Approved { approval, .. } | AuthEvent::Modified { approval, .. } =
                event
            {
                line.beyond_auth = None;
                let authorized = match approval.quantity {
                    None => line.ledger.ordered,
                    // A number in another unit cannot stand in the line's own ledger.
                    Some(_) if approval.unit != line.request.unit => 0,
                    Some(quantity) => quantity,
                };
                let before = if line.in_hand.is_some() { line.ledger.authorized } else { 0 };
                line.ledger.authorized = before.saturating_add(authorized);
            }
            let turn = (recorded.at, line.auth.is_waiting());
            line.auth_times = line.auth_times.after(event, turn);
            renewal::keep(line, event);
            line.auth = after(line, event, recorded.at);
        }
    }
}

fn after(line: &mut Line, event: &AuthEvent, at: Timestamp) -> Auth {
    let auth = &line.auth;
    match event {
        AuthEvent::NotRequired { proof, .. } => Auth::NotRequired { proof: proof.clone() },
        AuthEvent::Required { .. } => Auth::Required,
        // Hurried, put back or given more time, a request stands where it stood.
        AuthEvent::Expedited { .. } if auth.is_waiting() => auth.clone(),
        AuthEvent::ExpediteRefused { .. }
        | AuthEvent::Extended { .. }
        | AuthEvent::RunningLow { .. } => auth.clone(),
        AuthEvent::Requested { trace, .. } | AuthEvent::Expedited { trace, .. } => {
            Auth::Submitted { trace: trace.clone(), at }
        }
        AuthEvent::InfoSent { .. } => Auth::Pended { trace: auth.trace(), reference: None },
        AuthEvent::Lapsed { .. } => Auth::Lapsed { trace: auth.trace(), at },
        AuthEvent::Pended { reference, .. } => {
            Auth::Pended { trace: auth.trace(), reference: reference.clone() }
        }
        AuthEvent::InfoRequested { wanted, .. } => {
            Auth::InfoRequested { trace: auth.trace(), wanted: wanted.clone() }
        }
        AuthEvent::Rejected { reasons, .. } => {
            Auth::Rejected { trace: auth.trace(), reasons: reasons.clone() }
        }
        AuthEvent::Approved { approval, .. } => Auth::Approved(approval.clone()),
        AuthEvent::Modified { approval, .. } => Auth::Modified(approval.clone()),
        AuthEvent::Denied { reasons, .. } => Auth::Denied { reasons: reasons.clone(), at },
        AuthEvent::Withdrawn { .. } => Auth::Withdrawn,
        AuthEvent::RenewalWithdrawn { .. } => renewal::restored(line),
        AuthEvent::Expired { .. } => match auth {
            Auth::Approved(approval) | Auth::Modified(approval) => Auth::Expired(approval.clone()),
            other => other.clone(),
        },
    }
}
