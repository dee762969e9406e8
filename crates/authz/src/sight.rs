//! Which cases somebody sees: the reach of the role, the walls of the team, labels, and leave for a time.
//!
//! A team may be walled to payers' programmes and to service lines; a payer's programme may be shut to all teams but those
//! that are walled to it. A labelled case is seen by who manages it and by supervisors inside the walls.

use crate::{Decision, Fields, Rule};
use doorstep_case::{Role, ServiceLine};
use doorstep_vocab::{CaseId, PayerId, Timestamp, UserId};
use std::collections::BTreeSet;

/// How far a role sees, before walls. Source: trust.md 6.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every case, whatever its walls: the program's own doors and jobs.
    All,
    /// Those inside the walls.
    Walled,
    /// Those inside the walls, and of each some fields only.
    Masked,
    /// Those that somebody gave leave for.
    Granted,
    /// None.
    Nothing,
}

impl Reach {
    /// Returns a role's reach.
    pub const fn of(role: Role) -> Self {
        match role {
            Role::System => Self::All,
            Role::Agent | Role::Nurse | Role::MedicalDirector | Role::Supervisor => Self::Walled,
            Role::Billing => Self::Masked,
            Role::Manager | Role::Auditor | Role::PrivacyOfficer => Self::Granted,
            Role::Credentialing | Role::Admin => Self::Nothing,
        }
    }
}

/// The walls that stand for somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walls {
    /// The only payers whose cases are inside; empty for no such wall.
    pub payers: BTreeSet<PayerId>,
    /// The only service lines of which a case has to have one; empty for no such wall.
    pub services: BTreeSet<ServiceLine>,
    /// Payers that are shut to all teams but those walled to them, and the asker's team is not.
    pub shut: BTreeSet<PayerId>,
}

impl Walls {
    fn holds(&self, case: &CaseFacts) -> bool {
        (self.payers.is_empty() || self.payers.contains(&case.payer_id))
            && !self.shut.contains(&case.payer_id)
            && (self.services.is_empty() || !self.services.is_disjoint(&case.services))
    }
}

/// Leave to see one case until a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Which.
    pub case_id: CaseId,
    /// Until when, that instant excluded.
    pub until: Timestamp,
    /// Whether it was taken in an emergency and not given.
    pub is_glass: bool,
}

/// What a decision has to know of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFacts {
    /// The case.
    pub case_id: CaseId,
    /// The payer whose terms hold.
    pub payer_id: PayerId,
    /// The service lines of its open lines.
    pub services: BTreeSet<ServiceLine>,
    /// Who manages it.
    pub manager: Option<UserId>,
    /// Whether somebody labelled it as sensitive.
    pub is_labelled: bool,
}

/// What of all cases somebody sees at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Who.
    pub user_id: UserId,
    /// The role of now.
    pub role: Role,
    /// The walls of now.
    pub walls: Walls,
    /// Leave for single cases; what has run out is ignored.
    pub grants: Vec<Grant>,
    /// When.
    pub now: Timestamp,
}

impl Sight {
    /// Returns the sight of a role without walls or grants.
    pub fn of(user_id: UserId, role: Role) -> Self {
        let (walls, grants, now) = (Walls::default(), Vec::new(), Timestamp(0));
        Self { user_id, role, walls, grants, now }
    }

    /// Returns the grants that hold. None helps a role that sees no case, or that sees some fields only.
    pub fn live(&self) -> impl Iterator<Item = &Grant> {
        let may_have = matches!(Reach::of(self.role), Reach::Walled | Reach::Granted);
        self.grants.iter().filter(move |grant| may_have && grant.until > self.now)
    }

    /// Decides whether a case is seen, and what of it.
    pub fn decide(&self, case: &CaseFacts) -> Decision {
        let fields = match Reach::of(self.role) {
            Reach::All => return Decision::allowed(Rule::Role, Fields::All),
            Reach::Nothing => return Decision::denied(Rule::NotOfRole),
            Reach::Granted => return self.by_grant(case, Rule::NoGrant),
            Reach::Walled => Fields::All,
            Reach::Masked => Fields::Billing,
        };
        if !self.walls.holds(case) {
            return self.by_grant(case, Rule::Wall);
        }
        if case.is_labelled && !self.has_part_in(case) {
            return self.by_grant(case, Rule::Label);
        }
        let rule = if fields == Fields::All { Rule::Role } else { Rule::Mask };
        Decision::allowed(rule, fields)
    }

    /// Returns whether labels hide nothing of the case: a case is managed, and a supervisor has to give it to somebody.
    fn has_part_in(&self, case: &CaseFacts) -> bool {
        self.role == Role::Supervisor || case.manager.as_ref() == Some(&self.user_id)
    }

    fn by_grant(&self, case: &CaseFacts, otherwise: Rule) -> Decision {
        let mut of_case = self.live().filter(|grant| grant.case_id == case.case_id);
        let Some(first) = of_case.next() else { return Decision::denied(otherwise) };
        // What was given is named before what was taken.
        let is_glass = first.is_glass && of_case.all(|grant| grant.is_glass);
        Decision::allowed(if is_glass { Rule::BreakGlass } else { Rule::Grant }, Fields::All)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(payer: &str, service: ServiceLine) -> CaseFacts {
        CaseFacts {
            case_id: "c1".into(),
            payer_id: payer.into(),
            services: BTreeSet::from([service]),
            ..CaseFacts::default()
        }
    }

    fn agent() -> Sight {
        Sight { now: Timestamp(100), ..Sight::of("ana".into(), Role::Agent) }
    }

    fn granted(until: i64, is_glass: bool) -> Sight {
        let grant = Grant { case_id: "c1".into(), until: Timestamp(until), is_glass };
        Sight { grants: vec![grant], ..agent() }
    }

    #[test]
    fn a_wall_holds_payers_and_service_lines() {
        let mut walled = agent();
        walled.walls.payers.insert("plan-a".into());
        assert!(walled.decide(&case("plan-a", ServiceLine::Dme)).allow);
        let outside = walled.decide(&case("plan-b", ServiceLine::Dme));
        assert_eq!((outside.allow, outside.rule), (false, Rule::Wall));
        walled.walls.services.insert(ServiceLine::HomeHealth);
        assert!(!walled.decide(&case("plan-a", ServiceLine::Dme)).allow);
        assert!(walled.decide(&case("plan-a", ServiceLine::HomeHealth)).allow);
    }

    #[test]
    fn a_payer_that_is_shut_is_seen_by_its_own_teams_only() {
        let mut other = agent();
        other.walls.shut.insert("plan-a".into());
        assert_eq!(other.decide(&case("plan-a", ServiceLine::Dme)).rule, Rule::Wall);
        assert!(other.decide(&case("plan-b", ServiceLine::Dme)).allow);
    }

    #[test]
    fn a_label_hides_a_case_from_all_but_its_manager_and_supervisors() {
        let labelled = CaseFacts {
            is_labelled: true,
            manager: Some("noor".into()),
            ..case("plan-a", ServiceLine::Dme)
        };
        let sees = |user: &str, role| Sight::of(user.into(), role).decide(&labelled);
        assert_eq!(sees("ana", Role::Agent).rule, Rule::Label);
        assert!(sees("noor", Role::Nurse).allow);
        assert!(sees("sam", Role::Supervisor).allow);
        assert_eq!(sees("mel", Role::MedicalDirector).rule, Rule::Label);
        assert_eq!(sees("bea", Role::Billing).rule, Rule::Label);
    }

    #[test]
    fn leave_holds_until_its_time_and_says_whether_it_was_taken() {
        let outside = CaseFacts { is_labelled: true, ..case("plan-a", ServiceLine::Dme) };
        assert_eq!(granted(101, false).decide(&outside).rule, Rule::Grant);
        assert_eq!(granted(101, true).decide(&outside).rule, Rule::BreakGlass);
        assert_eq!(granted(100, true).decide(&outside).rule, Rule::Label);
        let other = CaseFacts { case_id: "c2".into(), ..outside };
        assert!(!granted(101, true).decide(&other).allow);
    }

    #[test]
    fn an_auditor_sees_a_case_by_leave_only_and_an_administrator_never() {
        let plain = case("plan-a", ServiceLine::Dme);
        let auditor = Sight { role: Role::Auditor, ..agent() };
        assert_eq!(auditor.decide(&plain).rule, Rule::NoGrant);
        assert!(Sight { role: Role::Auditor, ..granted(101, false) }.decide(&plain).allow);
        assert!(!Sight { role: Role::Admin, ..granted(101, false) }.decide(&plain).allow);
    }
}
