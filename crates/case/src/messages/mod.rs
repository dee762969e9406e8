//! Messages: what our people wrote to somebody outside, and what came in since that nobody has read. The words are rows;
//! the record has that they were written, to whom, and that somebody read what came.
//!
//! **Invariant:** a note of the hub is never a message, and no message is ever a note.

mod decide;
#[cfg(test)]
mod tests;

pub(crate) use decide::decide;

use crate::intake::IntakeEvent;
use crate::{Case, Event, Owner, Recorded, Role};
use doorstep_vocab::{MessageId, ProviderId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// To whom a message goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Receiver {
    /// Whoever sent the order.
    Referrer,
    /// The member, or who acts for them.
    Member,
    /// The payer.
    Payer,
    /// A provider that has lines of the case, or an offer.
    Provider(ProviderId),
}

impl Receiver {
    /// Returns what kind of receiver it is.
    pub const fn owner(&self) -> Owner {
        match self {
            Self::Referrer => Owner::Referrer,
            Self::Member => Owner::Member,
            Self::Payer => Owner::Payer,
            Self::Provider(_) => Owner::Provider,
        }
    }
}

/// A message that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// To whom.
    pub to: Receiver,
    /// When.
    pub at: Timestamp,
}

/// What was written, and what nobody has read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages {
    /// Messages of ours, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub written: BTreeMap<MessageId, Written>,
    /// Papers, notes and facts that came in by a door after the case was opened and that nobody has read.
    #[serde(default)]
    pub n_unread: u32,
    /// When the first of them came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread_since: Option<Timestamp>,
}

impl Messages {
    /// Returns whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.n_unread == 0
    }
}

/// What may be done about messages.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields repeat the records'")]
pub enum MessagesCommand {
    /// Writes to somebody outside.
    Write { message_id: MessageId, to: Receiver },
    /// Says that what came in was read.
    Read,
}

/// What happened to messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the past participle of its command")]
pub enum MessagesEvent {
    Written { message_id: MessageId, to: Receiver },
    Read,
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &["messages.written", "messages.read"];

impl MessagesEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::Written { .. } => 0,
            Self::Read => 1,
        };
        EVENT_NAMES[at]
    }
}

pub(crate) fn apply(state: &mut Messages, event: &MessagesEvent, recorded: &Recorded) {
    match event {
        MessagesEvent::Written { message_id, to } => {
            let written = Written { to: to.clone(), at: recorded.at };
            state.written.insert(message_id.clone(), written);
        }
        MessagesEvent::Read => (state.n_unread, state.unread_since) = (0, None),
    }
}

/// Counts what came in by a door once the case stood. What came with the order itself is read as the order; what a person
/// put there, that person has read.
pub(crate) fn came(case: &mut Case, recorded: &Recorded) {
    let is_paper = match &recorded.event {
        Event::Intake(IntakeEvent::Attached(_) | IntakeEvent::Noted { .. }) => true,
        // An urgency alone rises by itself, with time.
        Event::Intake(IntakeEvent::Amended(amended)) => {
            !amended.facts.is_empty()
                || amended.diagnoses.is_some()
                || amended.auth_number.is_some()
        }
        _ => false,
    };
    if is_paper && recorded.by.role == Role::System && recorded.at > case.intake.opened_at {
        let messages = &mut case.messages;
        messages.n_unread += 1;
        messages.unread_since = messages.unread_since.or(Some(recorded.at));
    }
}
