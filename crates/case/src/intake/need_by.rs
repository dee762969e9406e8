//! By when care has to be there, and who said so.

use doorstep_vocab::Timestamp;
use serde::{Deserialize, Serialize};

/// Why the need-by time is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeedByReason {
    /// The order said so.
    Stated,
    /// It follows the planned discharge, and moves with it.
    Discharge,
    /// The member asked.
    Member,
    /// The referrer asked.
    Referrer,
    /// The provider could not otherwise.
    Provider,
}

impl NeedByReason {
    /// The reasons that a person may give.
    pub const GIVEN: [Self; 4] = [Self::Stated, Self::Member, Self::Referrer, Self::Provider];

    /// Returns the name that pages use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Discharge => "discharge",
            Self::Member => "member",
            Self::Referrer => "referrer",
            Self::Provider => "provider",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::GIVEN.into_iter().find(|reason| reason.name() == name)
    }
}

/// One setting of the need-by time. The last is in force; none is ever lost. Source: facts 11.5 (38).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeedBy {
    /// When care has to be there.
    pub at: Timestamp,
    /// Why.
    pub reason: NeedByReason,
    /// When it was set.
    pub set_at: Timestamp,
}
