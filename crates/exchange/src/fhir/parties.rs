//! Who ordered, and who sent.

use super::draft::Draft;
use super::member::bare;
use crate::codes::{set_npi, text};
use doorstep_case::{Clinician, Organisation};
use doorstep_fhir::datatype::{ContactPoint, HumanName, Identifier, NPI_SYSTEM};
use doorstep_fhir::order::{Order, Party};
use doorstep_fhir::resource::{Organization, Practitioner, PractitionerRole};

/// Roles of a claim's care team who order or refer. Source: X12 data element 98 \[K\].
const ORDERING: &[&str] = &["DK", "DN"];

/// Records who ordered and who sent.
pub(super) fn note(draft: &mut Draft, order: &Order<'_>) {
    if let Some(party) = prescriber(order) {
        let at = party.practitioner.map_or("Practitioner", |_| "Practitioner.identifier");
        let clinician = clinician(party, at, draft);
        draft.referral.prescriber = Some(clinician).filter(|one| *one != Clinician::default());
    }
    let sides = || order.sender.iter().chain(&order.requester);
    let referrer = sides().find_map(|party| organisation(party));
    draft.referral.sender = referrer.as_ref().and_then(|referrer| referrer.name.clone());
    draft.referral.referrer = referrer;
}

/// The person behind the request comes first; a claim's provider may be an organisation only.
fn prescriber<'o, 't>(order: &'o Order<'t>) -> Option<&'o Party<'t>> {
    let by_line = order.lines.iter().filter_map(|line| line.requester.as_ref());
    let ordering =
        order.care_team.iter().filter(|member| ORDERING.iter().any(|role| member.role.has(role)));
    by_line
        .chain(&order.requester)
        .chain(ordering.map(|member| &member.party))
        .find(|party| is_person(party))
}

fn is_person(party: &Party<'_>) -> bool {
    let named = matches!(party.reference.target_kind(), Some("Practitioner" | "PractitionerRole"));
    let only_named = party.reference.target_kind().is_none()
        && party.organization.is_none()
        && party.reference.display.is_some();
    party.practitioner.is_some() || party.role.is_some() || named || only_named
}

fn clinician(party: &Party<'_>, at: &str, draft: &mut Draft) -> Clinician {
    let name = party.person_name().and_then(|name| whole_name(&name));
    let mut clinician = Clinician {
        name: name.or_else(|| party.reference.display.and_then(text)),
        ..Clinician::default()
    };
    let telecoms = telecoms(party);
    clinician.phone = reach(&telecoms, "phone");
    clinician.fax = reach(&telecoms, "fax");
    if let Some(npi) = own_npi(party) {
        set_npi(&mut clinician, npi, (at, &mut draft.problems));
    }
    clinician
}

/// Returns the person's number. An organisation's does not stand in for it.
fn own_npi<'t>(party: &Party<'t>) -> Option<&'t str> {
    let by_reference = || {
        let identifier = party.reference.identifier.as_ref()?;
        identifier.value.filter(|_| identifier.system == Some(NPI_SYSTEM))
    };
    party
        .practitioner
        .and_then(Practitioner::npi)
        .or_else(|| party.role.and_then(PractitionerRole::npi))
        .or_else(by_reference)
}

fn telecoms<'t>(party: &Party<'t>) -> Vec<ContactPoint<'t>> {
    let own = party.practitioner.map(Practitioner::telecoms).unwrap_or_default();
    let at_work = party.role.map(PractitionerRole::telecoms).unwrap_or_default();
    at_work.into_iter().chain(own).collect()
}

fn reach(telecoms: &[ContactPoint<'_>], system: &str) -> Option<String> {
    let found = telecoms.iter().find(|one| one.system == Some(system) && one.usage != Some("old"));
    text(bare(found?.value?))
}

pub(super) fn whole_name(name: &HumanName<'_>) -> Option<String> {
    let parts = name.prefix.iter().chain(&name.given).copied().chain(name.family);
    let parts: Vec<&str> = parts.chain(name.suffix.iter().copied()).collect();
    name.text.and_then(text).or_else(|| text(&parts.join(" ")))
}

/// A reference that names a person in words does not name an organisation.
fn organisation(party: &Party<'_>) -> Option<Organisation> {
    let is_organisation =
        party.organization.is_some() || party.reference.target_kind() == Some("Organization");
    if !is_organisation {
        return None;
    }
    let identifiers = party.organization.map(|found| found.resource().identifiers());
    let identifiers =
        identifiers.unwrap_or_else(|| party.reference.identifier.iter().cloned().collect());
    let telecoms = party.organization.map(Organization::telecoms).unwrap_or_default();
    let named = party.organization.and_then(Organization::name);
    let display = || party.reference.display.filter(|_| party.practitioner.is_none());
    let made = Organisation {
        name: named.or_else(display).and_then(text),
        identifier: Identifier::npi(&identifiers)
            .or_else(|| identifiers.iter().find_map(|one| one.value))
            .and_then(text),
        contact: party.person_name().and_then(|name| whole_name(&name)),
        phone: reach(&telecoms, "phone"),
        fax: reach(&telecoms, "fax"),
    };
    Some(made).filter(|made| *made != Organisation::default())
}
