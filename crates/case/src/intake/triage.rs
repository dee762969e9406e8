//! Triage: how soon, what comes of it, why, and what was checked. The clinical note is in a row.

use crate::coded::coded;
use doorstep_vocab::{DocumentId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Triage outcome. Source: facts 12, task priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// Life-sustaining, or discharge within four hours.
    P0,
    /// Within a day.
    P1,
    /// Within three days.
    P2,
    /// Routine.
    P3,
}

impl Priority {
    /// All priorities, most pressing first.
    pub const ALL: [Self; 4] = [Self::P0, Self::P1, Self::P2, Self::P3];

    /// Returns the name that pages use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P0 => "p0",
            Self::P1 => "p1",
            Self::P2 => "p2",
            Self::P3 => "p3",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.name() == name)
    }
}

coded! {
    /// What comes of a triage. Source: facts 6.3, scope, and 12; the list is hub policy \[K\].
    TriageOutcome {
        GoOn = "go-on", "safe to go on at this priority";
        Bridge = "bridge", "safe with a bridge until then: a tank, a dose, a loan";
        CallPrescriber = "call-prescriber", "the prescriber has to be called first";
        Director = "director", "to the medical director";
        Emergency = "emergency", "not safe at home: 911 or back to the hospital";
    }
}

coded! {
    /// Why a case has its priority. Source: facts 12, task priority, and 6.4; the list is hub policy \[K\].
    TriageReason {
        LifeSustaining = "life-sustaining", "life-sustaining equipment or drug";
        DoseDue = "dose-due", "a dose is due";
        DischargeNear = "discharge-near", "the discharge is near";
        Symptoms = "symptoms", "symptoms";
        AloneAtHome = "alone-at-home", "nobody at home who could help";
        WoundOrLine = "wound-or-line", "a wound or a line that needs care";
        Stable = "stable", "stable, and supplied until then";
    }
}

coded! {
    /// What was checked. Source: facts 1.3 to 1.5 and 6.3; the list is hub policy \[K\].
    TriageCheck {
        Symptoms = "symptoms", "symptoms and vital signs";
        Supply = "supply", "what the member has now, and for how long";
        Backup = "backup", "a backup, and power for it";
        Caregiver = "caregiver", "who is with the member";
        OrderFits = "order-fits", "the order fits the diagnosis";
        Allergies = "allergies", "allergies";
        Access = "access", "the line or the access";
        Safety = "safety", "the home is safe for it";
    }
}

/// What a nurse found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What comes of it.
    pub outcome: TriageOutcome,
    /// Why.
    pub reason: TriageReason,
    /// What was checked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub checked: BTreeSet<TriageCheck>,
    /// The row with the clinical note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_id: Option<DocumentId>,
}

/// A structured triage as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// How soon.
    pub priority: Priority,
    /// What was found.
    pub found: Found,
}

/// The last structured triage of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriageRecord {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: UserId,
    /// What was found.
    pub found: Found,
}
