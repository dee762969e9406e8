//! Identifiers: text made at the edges, never inside a decision, and never shown to a member.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// Returns the identifier's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )* };
}

text_id! {
    /// One case. Sorts by the time it was made.
    CaseId,
    /// A member of staff, a portal user, or a worker's own name.
    UserId,
    /// A network provider's branch.
    ProviderId,
    /// A payer, as its folder under `packs/payers` is named.
    PayerId,
    /// One offer to one provider for one or more lines.
    OfferId,
    /// One question to a referrer, member or payer.
    AskId,
    /// One planned delivery or visit.
    VisitId,
    /// One appeal, grievance or peer-to-peer.
    DisputeId,
    /// One escalation.
    EscalationId,
    /// One call.
    CallId,
    /// One message to somebody outside.
    MessageId,
    /// Whom to ask for at a provider, about lines of a case.
    ContactId,
    /// A stored document.
    DocumentId,
    /// One receipt of bytes at a door.
    ReceiptId,
    /// One running of one clock: the rule's name and what it is about.
    ClockId,
    /// What makes two requests the same request, given by whoever sends them.
    Key,
}

/// The number of a service line within its case, from 1. Kept for the life of the case.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct LineNo(pub u16);

impl fmt::Display for LineNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
