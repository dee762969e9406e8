//! Who may do what: one table, role by permission. Deny by default.

use doorstep_case::{
    Command, Role, auth::AuthCommand, calls::CallsCommand, closing::ClosingCommand,
    delivery::DeliveryCommand, disputes::DisputesCommand, intake::IntakeCommand,
};

/// Something that a role may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words stand in the table")]
pub enum Permission {
    ReadCases,
    ReadCase,
    ReadBilling,
    AskAccess,
    GiveAccess,
    TakeLabelsOff,
    BreakGlass,
    ReviewGlass,
    ReadLooks,
    Refer,
    WorkCases,
    WriteNotes,
    Triage,
    RecordDetermination,
    GoBeyondAuth,
    CommitEscalations,
    CloseCases,
    ReopenCases,
    ReadQueue,
    ReadBoard,
    ReviewQuality,
    ReadCounts,
    ReadActivity,
    ExportLists,
    MergeMembers,
    ManageUsers,
    ManageStaff,
    HandOut,
    ManageProviders,
    SendFiles,
    TakeCalls,
    RingClocks,
}

use Permission as P;
use Role::{
    Admin, Agent, Auditor, Billing, Credentialing, Manager, MedicalDirector, Nurse, PrivacyOfficer,
    Supervisor, System,
};

/// The table: permission, words, roles. A route names its permission, and a test prints route by role. Source: trust.md 6.2.
pub const PERMISSIONS: &[(Permission, &str, &[Role])] = &[
    (
        P::ReadCases,
        "list, find and read cases",
        &[Agent, Nurse, MedicalDirector, Supervisor, System],
    ),
    (
        P::ReadCase,
        "read a case that one is led to",
        &[Agent, Nurse, MedicalDirector, Supervisor, Manager, Auditor, PrivacyOfficer, System],
    ),
    (
        P::AskAccess,
        "ask for leave to see one case",
        &[Agent, Nurse, MedicalDirector, Supervisor, Manager, Auditor, PrivacyOfficer],
    ),
    (P::GiveAccess, "give leave to see one case", &[Supervisor]),
    (P::BreakGlass, "open a case in an emergency", &[Agent, Nurse, MedicalDirector, Supervisor]),
    (P::ReviewGlass, "review emergencies", &[PrivacyOfficer]),
    (P::ReadLooks, "read who viewed which member", &[Auditor, PrivacyOfficer]),
    (P::TakeLabelsOff, "take a label off a case", &[Supervisor]),
    (P::ReadBilling, "read what is billed of a case", &[Billing]),
    (P::Refer, "open a case", &[Agent, Nurse, Supervisor, System]),
    (
        P::WorkCases,
        "work a case: order, benefits, authorization, placement, delivery",
        &[Agent, Nurse, Supervisor, System],
    ),
    (P::WriteNotes, "write a note", &[Agent, Nurse, MedicalDirector, Supervisor, System]),
    (P::Triage, "triage", &[Nurse, Supervisor]),
    (
        P::RecordDetermination,
        "record a payer's determination",
        &[Agent, Nurse, MedicalDirector, Supervisor, System],
    ),
    (P::GoBeyondAuth, "go beyond an authorization", &[MedicalDirector, Supervisor]),
    (
        P::CommitEscalations,
        "take an escalation and promise a time",
        &[Nurse, MedicalDirector, Supervisor],
    ),
    (P::CloseCases, "cancel a line, close a case", &[Agent, Nurse, Supervisor, System]),
    (P::ReopenCases, "reopen a case", &[Supervisor]),
    (P::ReadQueue, "read what waits for a person", &[Agent, Nurse, Supervisor]),
    (P::ReadBoard, "read what everybody has", &[Supervisor]),
    (P::ReviewQuality, "draw what is looked at for quality, and score it", &[Supervisor]),
    (P::ReadCounts, "read counts, small ones withheld", &[Manager, Auditor, PrivacyOfficer]),
    (P::ReadActivity, "read who did what", &[Supervisor, Auditor, PrivacyOfficer]),
    (P::ExportLists, "take a list of members away as a file", &[Supervisor]),
    (P::MergeMembers, "say that two members are one, and take that back", &[Supervisor]),
    (P::ManageUsers, "manage users", &[Admin]),
    (P::ManageStaff, "enter skills and hours of the staff", &[Supervisor, Admin]),
    (P::HandOut, "hand work out, and keep the rota", &[Supervisor]),
    (P::ManageProviders, "manage the provider network", &[Supervisor, Credentialing]),
    (P::SendFiles, "send files to the intake", &[Agent, Nurse, Supervisor, System]),
    (P::TakeCalls, "take and make calls", &[Agent, Nurse, Supervisor]),
    (P::RingClocks, "ring clocks", &[System]),
];

/// Somebody outside of the hub. No account can have such a role yet: what the table gives to none of them is refused to all,
/// and each has a column of the table of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outsider {
    /// Somebody at a hospital or practice that refers.
    ReferringOrg,
    /// Somebody at a provider that serves.
    ServicingOrg,
    /// The member.
    Member,
    /// Whoever acts for the member.
    Representative,
    /// A reviewer of the payer's.
    PayerReviewer,
}

impl Outsider {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::ReferringOrg,
        Self::ServicingOrg,
        Self::Member,
        Self::Representative,
        Self::PayerReviewer,
    ];

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReferringOrg => "referring-org",
            Self::ServicingOrg => "servicing-org",
            Self::Member => "member",
            Self::Representative => "representative",
            Self::PayerReviewer => "payer-reviewer",
        }
    }
}

impl Permission {
    /// Returns whether `role` has it.
    pub fn is_for(self, role: Role) -> bool {
        PERMISSIONS
            .iter()
            .any(|(permission, _, roles)| *permission == self && roles.contains(&role))
    }

    /// Returns the permission that a command needs.
    pub fn of(command: &Command) -> Self {
        match command {
            Command::Intake(IntakeCommand::Refer { .. }) => Self::Refer,
            Command::Intake(IntakeCommand::Triage(_) | IntakeCommand::Assess(_)) => Self::Triage,
            Command::Auth(
                AuthCommand::Pend { .. }
                | AuthCommand::AskInfo { .. }
                | AuthCommand::Reject { .. }
                | AuthCommand::Approve { .. }
                | AuthCommand::Deny { .. }
                | AuthCommand::RefuseExpedite { .. }
                | AuthCommand::Extend { .. },
            )
            | Command::Disputes(DisputesCommand::Extend { .. }) => Self::RecordDetermination,
            Command::Disputes(
                DisputesCommand::Acknowledge { .. }
                | DisputesCommand::Commit { .. }
                | DisputesCommand::Resolve { .. },
            ) => Self::CommitEscalations,
            Command::Intake(IntakeCommand::Note(_)) => Self::WriteNotes,
            Command::Intake(IntakeCommand::TakeLabelOff(_)) => Self::TakeLabelsOff,
            Command::Delivery(DeliveryCommand::OverrideAuth { .. }) => Self::GoBeyondAuth,
            Command::Closing(ClosingCommand::Reopen(_)) => Self::ReopenCases,
            Command::Closing(
                ClosingCommand::CancelLine { .. }
                | ClosingCommand::CompleteLine { .. }
                | ClosingCommand::ReopenLine { .. }
                | ClosingCommand::Close,
            ) => Self::CloseCases,
            Command::Clock(_) => Self::RingClocks,
            Command::Intake(_)
            | Command::Calls(CallsCommand::PassOn { .. })
            | Command::Messages(_)
            | Command::Benefits(_)
            | Command::Orders(_)
            | Command::Auth(_)
            | Command::Placement(_)
            | Command::Delivery(_)
            | Command::Disputes(_) => Self::WorkCases,
            Command::Calls(_) => Self::TakeCalls,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_stands_in_the_table_once_and_is_somebodys() {
        for (at, (permission, _, roles)) in PERMISSIONS.iter().enumerate() {
            assert_eq!(PERMISSIONS.iter().position(|row| row.0 == *permission), Some(at));
            assert!(!roles.is_empty());
        }
    }

    #[test]
    fn an_administrator_sees_no_case() {
        for (permission, ..) in PERMISSIONS.iter().filter(|row| row.2.contains(&Admin)) {
            assert!(matches!(permission, P::ManageUsers | P::ManageStaff), "{permission:?}");
        }
    }
}
