//! Calls: who spoke with us about the case, how far they were verified, what came of it, and what was promised. The call
//! itself, with the caller's name and number, is a row; the record has that it took place.
//!
//! **Invariant:** which identifiers matched is in an event, what they were never is.

mod decide;
mod life;
mod rules;
#[cfg(test)]
pub(crate) mod tests;
mod verify;

pub(crate) use decide::decide;
pub use life::{CallState, Life, Step};
pub use rules::{
    Authority, CallRules, CallTerms, CallerKind, Disposition, Ends, Identifier, Level, Named,
    Script, Symptom,
};
pub use verify::{Barred, Matched};

use crate::coded::coded;
use crate::handout::Cause;
use crate::{Recorded, Subject};
use doorstep_vocab::{CallId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

coded! {
    /// Who called whom.
    Direction {
        Inbound = "inbound", "they called";
        Outbound = "outbound", "we called";
    }
}

coded! {
    /// To whom a call was handed over, with both on the line. Source: facts 6.3, scope; 6.4.
    TransferTo {
        Nurse = "nurse", "a nurse";
        Supervisor = "supervisor", "a supervisor";
        Colleague = "colleague", "a colleague";
        Privacy = "privacy", "the privacy officer";
        Emergency = "emergency", "911";
    }
}

coded! {
    /// How a call in another language, or without a voice, is bridged. Minors never interpret. Source: facts 6.6 \[K\].
    Bridge {
        Interpreter = "interpreter", "a qualified interpreter";
        Staff = "staff", "staff qualified in the language";
        Sign = "sign", "a sign language interpreter, by video";
        Relay = "relay", "TTY or relay, 711";
        Adult = "adult", "an adult with the member, in an emergency only";
        Declined = "declined", "offered and declined";
    }
}

/// One call about the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Who called whom.
    pub direction: Direction,
    /// The kind of caller, as packs name it.
    pub caller: String,
    /// What it was about, as packs name it.
    pub reason: String,
    /// When it was put to the case.
    pub began_at: Timestamp,
    /// How far the caller was verified.
    pub level: Level,
    /// What matched.
    pub matched: Vec<Identifier>,
    /// What the agent saw of the caller's authority.
    pub authority: Vec<Authority>,
    /// To whom it was handed over last.
    pub handed_to: Option<TransferTo>,
    /// How it ended, as packs name it.
    pub disposition: Option<String>,
    /// By when a call back was promised.
    pub promised_to: Option<Timestamp>,
    /// When the promise was kept.
    pub kept_at: Option<Timestamp>,
    /// When too many tries to verify the caller had failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Timestamp>,
    /// Who makes the promised call back, where it was passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_to: Option<UserId>,
    /// Whether the promised call back was laid back for whoever takes it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_laid_back: bool,
}

impl Call {
    /// Returns whether a call back is owed.
    pub fn is_owed(&self) -> bool {
        self.promised_to.is_some() && self.kept_at.is_none()
    }
}

/// Every call about the case, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Calls(pub BTreeMap<CallId, Call>);

impl Calls {
    /// Returns the calls that are still to be answered by another.
    pub fn owed(&self) -> impl Iterator<Item = (&CallId, &Call)> {
        self.0.iter().filter(|(_, call)| call.is_owed())
    }

    /// Returns whether there was none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What may be recorded of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields repeat the records'")]
pub enum CallsCommand {
    /// Puts a call to the case.
    Begin { call_id: CallId, direction: Direction, caller: String, reason: String },
    /// Records what matched.
    Verify { call_id: CallId, level: Level, matched: Vec<Identifier>, authority: Vec<Authority> },
    /// Records that too many tries failed.
    Fail { call_id: CallId },
    /// Hands it over.
    Transfer { call_id: CallId, to: TransferTo, symptoms: Vec<String> },
    /// Promises a call back.
    Promise { call_id: CallId, promised_to: Timestamp },
    /// Passes the promised call back on: to somebody, or to whoever takes it.
    PassOn { call_id: CallId, to: Option<UserId>, cause: Cause },
    /// Says that the promise was kept.
    Keep { call_id: CallId },
    /// Says how it ended.
    End { call_id: CallId, disposition: String, was_reached: bool },
}

/// What happened in calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the past participle of its command")]
pub enum CallsEvent {
    Began {
        call_id: CallId,
        direction: Direction,
        caller: String,
        reason: String,
    },
    Verified {
        call_id: CallId,
        level: Level,
        matched: Vec<Identifier>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        authority: Vec<Authority>,
    },
    Transferred {
        call_id: CallId,
        to: TransferTo,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        symptoms: Vec<String>,
    },
    Promised {
        call_id: CallId,
        promised_to: Timestamp,
    },
    Kept {
        call_id: CallId,
    },
    Ended {
        call_id: CallId,
        disposition: String,
    },
    Failed {
        call_id: CallId,
    },
    PassedOn {
        call_id: CallId,
        to: Option<UserId>,
        cause: Cause,
    },
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &[
    "calls.began",
    "calls.verified",
    "calls.transferred",
    "calls.promised",
    "calls.kept",
    "calls.ended",
    "calls.failed",
    "calls.passed-on",
];

impl CallsEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::Began { .. } => 0,
            Self::Verified { .. } => 1,
            Self::Transferred { .. } => 2,
            Self::Promised { .. } => 3,
            Self::Kept { .. } => 4,
            Self::Ended { .. } => 5,
            Self::Failed { .. } => 6,
            Self::PassedOn { .. } => 7,
        };
        EVENT_NAMES[at]
    }

    /// Returns the call that it is about.
    pub fn call_id(&self) -> &CallId {
        match self {
            Self::Began { call_id, .. }
            | Self::Verified { call_id, .. }
            | Self::Transferred { call_id, .. }
            | Self::Promised { call_id, .. }
            | Self::PassedOn { call_id, .. }
            | Self::Kept { call_id }
            | Self::Failed { call_id }
            | Self::Ended { call_id, .. } => call_id,
        }
    }

    /// Returns what the event is about.
    pub fn subjects(&self) -> Vec<Subject> {
        vec![Subject::Call(self.call_id().clone())]
    }
}

pub(crate) fn apply(state: &mut Calls, event: &CallsEvent, recorded: &Recorded) {
    if let CallsEvent::Began { call_id, direction, caller, reason } = event {
        let call = Call {
            direction: *direction,
            caller: caller.clone(),
            reason: reason.clone(),
            began_at: recorded.at,
            level: Level::Nothing,
            matched: Vec::new(),
            authority: Vec::new(),
            handed_to: None,
            disposition: None,
            promised_to: None,
            kept_at: None,
            failed_at: None,
            passed_to: None,
            is_laid_back: false,
        };
        state.0.insert(call_id.clone(), call);
        return;
    }
    let Some(call) = state.0.get_mut(event.call_id()) else { return };
    match event {
        CallsEvent::Verified { level, matched, authority, .. } => {
            call.level = *level;
            (call.matched, call.authority) = (matched.clone(), authority.clone());
        }
        CallsEvent::Transferred { to, .. } => call.handed_to = Some(*to),
        CallsEvent::Promised { promised_to, .. } => {
            call.promised_to = Some(*promised_to);
            (call.kept_at, call.passed_to, call.is_laid_back) = (None, None, false);
        }
        CallsEvent::Kept { .. } => call.kept_at = Some(recorded.at),
        CallsEvent::Ended { disposition, .. } => call.disposition = Some(disposition.clone()),
        CallsEvent::PassedOn { to, .. } => {
            call.passed_to.clone_from(to);
            call.is_laid_back = to.is_none();
        }
        CallsEvent::Failed { .. } => call.failed_at = Some(recorded.at),
        CallsEvent::Began { .. } => {}
    }
}
