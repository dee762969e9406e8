//! The people and organisations of an order.

use super::gather::Gather;
use crate::datatype::{HumanName, Identifier, NPI_SYSTEM, Reference};
use crate::json::Node;
use crate::resource::{
    Organization, Patient, Practitioner, PractitionerRole, RelatedPerson, Resource,
};
use std::fmt;

/// Someone who acts: sender, requester, performer, payer.
#[derive(Debug, Clone, Default)]
pub struct Party<'t> {
    /// The reference, which may name them even when nothing came along.
    pub reference: Reference<'t>,
    /// The person.
    pub practitioner: Option<Practitioner<'t>>,
    /// The person's role.
    pub role: Option<PractitionerRole<'t>>,
    /// The organisation.
    pub organization: Option<Organization<'t>>,
}

impl<'t> Party<'t> {
    /// Returns the person's provider identifier, else the role's, else the organisation's, else the reference's own. It is
    /// not checked here.
    pub fn npi(&self) -> Option<&'t str> {
        let by_reference = || {
            let identifier = self.reference.identifier.as_ref()?;
            if identifier.system == Some(NPI_SYSTEM) { identifier.value } else { None }
        };
        self.practitioner
            .and_then(Practitioner::npi)
            .or_else(|| self.role.and_then(PractitionerRole::npi))
            .or_else(|| self.organization.and_then(Organization::npi))
            .or_else(by_reference)
    }

    /// Returns the organisation's name, else the words of the reference.
    pub fn organization_name(&self) -> Option<&'t str> {
        self.organization.and_then(Organization::name).or(self.reference.display)
    }

    /// Returns the person's name, when it came along.
    pub fn person_name(&self) -> Option<HumanName<'t>> {
        HumanName::preferred(&self.practitioner?.names()).cloned()
    }

    /// Returns every identifier of the person, the role, the organisation and the reference.
    pub fn identifiers(&self) -> Vec<Identifier<'t>> {
        let resources = [
            self.practitioner.map(Practitioner::resource),
            self.role.map(PractitionerRole::resource),
            self.organization.map(Organization::resource),
        ];
        let found = resources.into_iter().flatten().flat_map(Resource::identifiers);
        found.chain(self.reference.identifier.clone()).collect()
    }
}

/// A person cared for or insured.
#[derive(Clone, Default)]
pub struct Subject<'t> {
    /// The reference, which may name them even when nothing came along.
    pub reference: Reference<'t>,
    /// The patient, when it came along.
    pub patient: Option<Patient<'t>>,
    /// The related person, when a subscriber is one.
    pub related: Option<RelatedPerson<'t>>,
}

impl fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject(‹phi›)")
    }
}

impl<'t> Gather<'t> {
    /// Follows a reference at `from` to someone who acts; a role leads on to its person and its organisation.
    pub(super) fn party(&self, reference: Reference<'t>, from: Node<'t>) -> Party<'t> {
        let found = self.resolver.resolve(&reference, from);
        let role = found.and_then(PractitionerRole::of);
        let follow = |next: Option<Reference<'t>>| {
            next.and_then(|next| {
                self.resolver.resolve(&next, role.map_or(from, |role| role.resource().node()))
            })
        };
        let practitioner = found.and_then(Practitioner::of).or_else(|| {
            follow(role.and_then(PractitionerRole::practitioner)).and_then(Practitioner::of)
        });
        let organization = found.and_then(Organization::of).or_else(|| {
            follow(role.and_then(PractitionerRole::organization)).and_then(Organization::of)
        });
        Party { reference, practitioner, role, organization }
    }

    /// Follows the references at `from`.
    pub(super) fn parties(&self, references: Vec<Reference<'t>>, from: Node<'t>) -> Vec<Party<'t>> {
        references
            .into_iter()
            .filter(|one| !one.is_empty())
            .map(|one| self.party(one, from))
            .collect()
    }

    /// Follows a reference at `from` to someone cared for or insured.
    pub(super) fn subject(&self, reference: Reference<'t>, from: Node<'t>) -> Subject<'t> {
        let found = self.resolver.resolve(&reference, from);
        Subject {
            reference,
            patient: found.and_then(Patient::of),
            related: found.and_then(RelatedPerson::of),
        }
    }
}
