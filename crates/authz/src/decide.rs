//! A decision, and the rule that made it.

use crate::{Fields, Permission, Reach};
use doorstep_case::Role;

/// The rule that a decision rests on. Source: trust.md 6.3, whose numbers the names begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The role has it, and nothing else stands against it.
    Role,
    /// No row of the table gives it to the role.
    NotOfRole,
    /// The case is outside of the walls of whoever asks.
    Wall,
    /// Nobody approves their own work or their own access.
    OwnWork,
    /// The case is labelled, and whoever asks has no part in it.
    Label,
    /// What is shown is a list of fields.
    Mask,
    /// Somebody gave leave for a time.
    Grant,
    /// No leave was given to a role that needs one for each case.
    NoGrant,
    /// An emergency.
    BreakGlass,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Role,
        Self::NotOfRole,
        Self::Wall,
        Self::OwnWork,
        Self::Label,
        Self::Mask,
        Self::Grant,
        Self::NoGrant,
        Self::BreakGlass,
    ];

    /// Returns the id that stands in the audit record.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Role => "0-role",
            Self::NotOfRole => "1-not-of-role",
            Self::Wall => "2-wall",
            Self::OwnWork => "4-own-work",
            Self::Label => "7-label",
            Self::Mask => "8-mask",
            Self::Grant => "12-grant",
            Self::NoGrant => "12-no-grant",
            Self::BreakGlass => "13-break-glass",
        }
    }
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Decision {
    /// Whether it is allowed.
    pub allow: bool,
    /// By which rule.
    pub rule: Rule,
    /// What is shown; [`Fields::None`] where it is not allowed.
    pub fields: Fields,
}

impl Decision {
    pub(crate) const fn allowed(rule: Rule, fields: Fields) -> Self {
        Self { allow: true, rule, fields }
    }

    pub(crate) const fn denied(rule: Rule) -> Self {
        Self { allow: false, rule, fields: Fields::None }
    }
}

/// Decides whether a role may do something at all, before any case is looked at.
pub fn may(role: Role, permission: Permission) -> Decision {
    match (permission.is_for(role), Reach::of(role)) {
        (false, _) => Decision::denied(Rule::NotOfRole),
        (true, Reach::Masked) => Decision::allowed(Rule::Mask, Fields::Billing),
        (true, Reach::All | Reach::Walled | Reach::Granted | Reach::Nothing) => {
            Decision::allowed(Rule::Role, Fields::All)
        }
    }
}
