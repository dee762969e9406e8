//! Coverages in billing order, and who pays.

use super::draft::Draft;
use super::member::{is_civil, member_number};
use crate::codes::{phi, text};
use doorstep_case::Coverage;
use doorstep_fhir::datatype::{Identifier, NPI_SYSTEM};
use doorstep_fhir::order::{Covered, Order, Party};
use doorstep_fhir::resource;
use doorstep_vocab::Phi;

/// The system of NAIC company codes. Source: HL7 OID registry \[K\].
const NAIC_SYSTEM: &str = "urn:oid:2.16.840.1.113883.6.300";

/// Records the coverages.
pub(super) fn note(draft: &mut Draft, order: &Order<'_>) {
    let is_live = |covered: &&Covered<'_>| {
        let status = covered.coverage.and_then(|coverage| coverage.resource().status());
        !matches!(status, Some("cancelled" | "entered-in-error"))
    };
    let mut found: Vec<Coverage> = order
        .coverages
        .iter()
        .filter(is_live)
        .map(|covered| coverage(covered, order))
        .filter(|coverage| *coverage != Coverage::default())
        .collect();
    if found.is_empty() {
        found.push(Coverage::default());
    }
    let first = &mut found[0];
    if !first.names_payer() {
        set_payer(first, order.payer.as_ref());
    }
    if first.member_id.is_none() {
        first.member_id = member_number(order).map(Phi::new);
    }
    found.retain(|coverage| *coverage != Coverage::default());
    for coverage in order.coverages.iter().filter(is_live).filter_map(|covered| covered.coverage) {
        keep_numbers(draft, coverage);
    }
    draft.referral.coverage = found;
}

fn coverage(covered: &Covered<'_>, order: &Order<'_>) -> Coverage {
    let mut made = Coverage::default();
    set_payer(&mut made, covered.payer.as_ref());
    let Some(found) = covered.coverage else {
        let identifier = covered.reference.identifier.as_ref();
        let number = identifier.filter(|one| one.kind.has("MB")).and_then(|one| one.value);
        made.member_id = number.and_then(phi);
        return made;
    };
    made.member_id = member_id(found);
    made.group = found.class("group").and_then(phi);
    made.is_subscriber = is_subscriber(covered, found, order);
    made
}

/// The member's own number first, since a subscriber's is shared by the family. A number of another kind, a policy's or the
/// sender's own, is not taken for it.
fn member_id(coverage: resource::Coverage<'_>) -> Option<Phi<String>> {
    let identifiers = coverage.resource().identifiers();
    let by_system = || {
        let named = |one: &&Identifier<'_>| {
            let system = one.system.unwrap_or_default().to_ascii_lowercase();
            system.contains("memberid") || system.contains("member-id")
        };
        identifiers.iter().find(named).and_then(|one| one.value)
    };
    Identifier::of_kind(&identifiers, "MB")
        .or_else(by_system)
        .or_else(|| coverage.subscriber_id())
        .and_then(phi)
}

/// Keeps the numbers of a coverage that are not known to be the member's.
fn keep_numbers(draft: &mut Draft, coverage: resource::Coverage<'_>) {
    let identifiers = coverage.resource().identifiers();
    let other = identifiers.iter().filter(|one| !one.kind.has("MB") && !is_civil(one));
    for number in other.filter_map(|one| one.value) {
        draft.keep_words("Coverage.identifier", number);
    }
}

fn is_subscriber(
    covered: &Covered<'_>,
    coverage: resource::Coverage<'_>,
    order: &Order<'_>,
) -> Option<bool> {
    if let Some(relationship) = coverage.relationship()
        && relationship.code().is_some()
    {
        return Some(relationship.has("self"));
    }
    let subscriber = covered.subscriber.as_ref()?;
    let member = order.patient.as_ref()?;
    match (subscriber.patient, member.patient) {
        _ if subscriber.related.is_some() => Some(false),
        (Some(subscriber), Some(member)) => Some(subscriber.resource().is_same(member.resource())),
        _ => None,
    }
}

/// A payer that is a person (the member pays) is not named: the name would be a member's.
fn set_payer(coverage: &mut Coverage, payer: Option<&Party<'_>>) {
    let is_company = |payer: &&Party<'_>| {
        !matches!(payer.reference.target_kind(), Some("Patient" | "RelatedPerson"))
    };
    let Some(payer) = payer.filter(is_company) else { return };
    coverage.payer_code = payer_code(&payer.identifiers());
    coverage.payer_name = payer.organization_name().and_then(text);
}

/// Returns the payer's code: NAIC's, else its own, else whatever identifies it.
fn payer_code(identifiers: &[Identifier<'_>]) -> Option<String> {
    let own = || {
        let mut own = identifiers.iter().filter(|one| one.system != Some(NPI_SYSTEM));
        own.find_map(|one| one.value)
    };
    Identifier::of_system(identifiers, NAIC_SYSTEM)
        .or_else(own)
        .or_else(|| identifiers.iter().find_map(|one| one.value))
        .and_then(text)
}
