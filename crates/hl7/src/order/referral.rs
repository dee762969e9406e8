//! RF1, PRD and CTD: the referral itself and who takes part in it.

use crate::order::fields::Fields;
use crate::types::{Address, Code, EntityId, Id, Location, Name, Organization, Phone, Ts};

/// RF1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referral {
    /// RF1-1, HL7 table 0283: `A` accepted, `P` pending, `R` rejected, `E` expired; senders add `C` cancelled.
    pub status: Option<Code>,
    /// RF1-2, HL7 table 0280: `S` stat, `A` as soon as possible, `R` routine.
    pub priority: Option<Code>,
    /// RF1-3, HL7 table 0281, such as `HOM` home care.
    pub kind: Option<Code>,
    /// RF1-4, HL7 table 0282.
    pub dispositions: Vec<Code>,
    /// RF1-5, HL7 table 0284.
    pub category: Option<Code>,
    /// RF1-6, the number the sender gave.
    pub id: Option<EntityId>,
    /// RF1-7.
    pub starts_on: Option<Ts>,
    /// RF1-8.
    pub ends_on: Option<Ts>,
    /// RF1-9.
    pub processed_on: Option<Ts>,
    /// RF1-10.
    pub reasons: Vec<Code>,
    /// RF1-11, numbers others gave.
    pub external_ids: Vec<EntityId>,
    /// RF1-14 and RF1-24, since version 2.8.
    pub comments: Vec<String>,
    /// RF1-25, since version 2.8: `A` add, `D` delete, `U` update, `X` nothing.
    pub action: Option<String>,
}

impl Referral {
    pub(crate) fn of(rf1: &mut Fields<'_, '_>) -> Self {
        Self {
            status: rf1.code(1),
            priority: rf1.code(2),
            kind: rf1.code(3),
            dispositions: rf1.all(4, Code::read),
            category: rf1.code(5),
            id: rf1.one(6, EntityId::read),
            starts_on: rf1.date(7),
            ends_on: rf1.date(8),
            processed_on: rf1.date(9),
            reasons: rf1.all(10, Code::read),
            external_ids: rf1.all(11, EntityId::read),
            comments: [14, 24].into_iter().filter_map(|n| rf1.whole(n)).collect(),
            action: rf1.text(25),
        }
    }

    /// Tells whether the sender takes the referral back.
    pub(crate) fn is_cancelled(&self) -> bool {
        let status = self.status.as_ref().and_then(|status| status.id.as_deref()).unwrap_or("");
        let is_cancelled = ["C", "CA", "CAN", "CANCELLED", "CANCELED"];
        is_cancelled.iter().any(|one| one.eq_ignore_ascii_case(status))
            || self.action.as_deref() == Some("D")
    }
}

/// PRD with its CTD segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provider {
    /// PRD-1, HL7 table 0286: `RP` referring, `RT` referred to, `PP` primary care, `CP` consulting.
    pub roles: Vec<Code>,
    /// PRD-2.
    pub names: Vec<Name>,
    /// PRD-3.
    pub addresses: Vec<Address>,
    /// PRD-4.
    pub location: Option<Location>,
    /// PRD-5.
    pub phones: Vec<Phone>,
    /// PRD-7; the type, such as `NPI`, is in `type_code`.
    pub ids: Vec<Id>,
    /// PRD-8.
    pub starts_on: Option<Ts>,
    /// PRD-9.
    pub ends_on: Option<Ts>,
    /// PRD-10.
    pub organization: Option<Organization>,
    /// PRD-11.
    pub organization_address: Option<Address>,
    /// CTD: people to talk to.
    pub contacts: Vec<ContactPerson>,
}

impl Provider {
    pub(crate) fn of(prd: &mut Fields<'_, '_>) -> Self {
        Self {
            roles: prd.all(1, Code::read),
            names: prd.all(2, Name::read),
            addresses: prd.all(3, Address::read),
            location: prd.one(4, Location::read),
            phones: prd.all(5, Phone::read),
            // PLN: the number, its type, the state, the end of validity.
            ids: prd.all(7, |pln| Some(Id { type_code: pln.text(2), ..Id::plain(pln.text(1)?) })),
            starts_on: prd.date(8),
            ends_on: prd.date(9),
            organization: prd.one(10, Organization::read),
            organization_address: prd.one(11, Address::read),
            contacts: Vec::new(),
        }
    }

    /// Tells whether the provider has a role, such as `RT`.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|one| one.id.as_deref() == Some(role))
    }

    /// Returns the national provider identifier, when the sender says that one of the numbers is it.
    pub fn npi(&self) -> Option<&str> {
        let is_npi = |id: &&Id| id.type_code.as_deref().is_some_and(|kind| kind.contains("NPI"));
        self.ids.iter().find(is_npi).map(|id| id.id.as_str())
    }
}

/// CTD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactPerson {
    /// CTD-1.
    pub roles: Vec<Code>,
    /// CTD-2.
    pub names: Vec<Name>,
    /// CTD-5.
    pub phones: Vec<Phone>,
}

impl ContactPerson {
    pub(crate) fn of(ctd: &Fields<'_, '_>) -> Self {
        Self {
            roles: ctd.all(1, Code::read),
            names: ctd.all(2, Name::read),
            phones: ctd.all(5, Phone::read),
        }
    }
}
