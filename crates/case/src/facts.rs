//! What a decision may know besides the case itself.

use crate::{Refusal, Terms};
use doorstep_vocab::{Micros, Timestamp, UserId, Zone};
use serde::{Deserialize, Serialize};

/// What somebody may do, before any relation to a case is looked at.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Takes orders and calls, chases, places, schedules.
    #[default]
    Agent,
    /// Triage and clinical questions.
    Nurse,
    /// Clinical questions that a nurse may not settle, and going beyond an authorization.
    MedicalDirector,
    /// Escalations, overrides, team work.
    Supervisor,
    /// The provider network: licences, sanctions, areas. Sees no case.
    Credentialing,
    /// What is billed of a case, and nothing else of it.
    Billing,
    /// Counts; a single case by leave only.
    Manager,
    /// Who did what; a single case by leave only.
    Auditor,
    /// Who looked at whom, emergencies; a single case by leave only.
    PrivacyOfficer,
    /// Users and configuration; sees no case.
    Admin,
    /// A door or a job of the program itself.
    System,
}

impl Role {
    /// The roles that a person can have.
    pub const PEOPLE: [Self; 10] = [
        Self::Agent,
        Self::Nurse,
        Self::MedicalDirector,
        Self::Supervisor,
        Self::Credentialing,
        Self::Billing,
        Self::Manager,
        Self::Auditor,
        Self::PrivacyOfficer,
        Self::Admin,
    ];

    /// Returns the role's name as it is written in commands and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Nurse => "nurse",
            Self::MedicalDirector => "medical-director",
            Self::Supervisor => "supervisor",
            Self::Credentialing => "credentialing",
            Self::Billing => "billing",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Admin => "admin",
            Self::System => "system",
        }
    }

    /// Reads a role's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::PEOPLE.into_iter().chain([Self::System]).find(|role| role.name() == name)
    }
}

/// Who gave a command, and as what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Whose account or job it was.
    pub user_id: UserId,
    /// The role at that time.
    pub role: Role,
}

/// All that a decision may know besides the case: made by the shell for each command.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The time of the decision.
    pub now: Timestamp,
    /// Who decides.
    pub actor: Actor,
    /// The rules in force for this case's payer and service lines on the day it was received.
    pub terms: &'a Terms,
    /// The zone that counts days where the member's own is not known.
    pub hub_zone: Zone,
}

/// Farther than this from now, a time is a typing error: no clock, visit or promise of a case is so far away.
const REACH: Micros = Micros::hours(10 * 366 * 24);

impl Facts<'_> {
    /// Refuses a time whose year cannot be meant.
    pub(crate) fn within_reach(&self, at: Timestamp, field: &'static str) -> Result<(), Refusal> {
        if at.since(self.now).0.unsigned_abs() <= REACH.0.unsigned_abs() {
            return Ok(());
        }
        let words = "the time is more than ten years away: check the year";
        Err(Refusal::new("time-too-far", words).at(field))
    }
}
