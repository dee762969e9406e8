//! What an order says of itself: its number, its haste, its diagnoses, its messages.

use super::draft::Draft;
use crate::codes::{add_diagnosis, code_day, text};
use doorstep_case::Urgency;
use doorstep_fhir::bundle::Bundle;
use doorstep_fhir::datatype::{Coding, Identifier};
use doorstep_fhir::json::Tree;
use doorstep_fhir::order::{Diagnosis, Intent, Order, Priority};
use doorstep_fhir::resource::Resource;

/// Returns the sender's number for the order. A change or a cancellation goes by the number of what it changes; the
/// bundle's own number, which every bundle has anew, comes last.
pub(super) fn order_ref(tree: &Tree<'_>, order: &Order<'_>) -> Option<String> {
    let changes = matches!(order.intent, Intent::Change | Intent::Cancel);
    let earlier = || order.earlier_identifiers.iter().find_map(|one| one.value);
    let bundle = Resource::at(tree.root()).and_then(Bundle::of).and_then(Bundle::identifier);
    let own: Vec<Identifier<'_>> =
        order.identifiers.iter().filter(|one| Some(*one) != bundle.as_ref()).cloned().collect();
    let placed = Identifier::of_kind(&own, "PLAC").or_else(|| own.iter().find_map(|one| one.value));
    let of_lines =
        || order.lines.iter().flat_map(|line| &line.identifiers).find_map(|one| one.value);
    let addressed = || {
        let named = order
            .earlier
            .iter()
            .chain(order.lines.iter().filter_map(|line| line.reference.as_ref()));
        named.filter(|_| order.intent == Intent::Cancel).find_map(|one| one.reference)
    };
    let known = if changes { earlier() } else { None };
    known
        .or(placed)
        .or_else(of_lines)
        .or_else(|| bundle.and_then(|bundle| bundle.value))
        .or_else(addressed)
        .and_then(text)
}

/// Records the rest of what an order says of itself.
pub(super) fn note(draft: &mut Draft, order: &Order<'_>) {
    draft.referral.urgency = urgency(order);
    let by_line = || order.lines.iter().find_map(|line| line.authorization_number);
    let number = order.authorization_numbers.first().copied().or_else(by_line);
    draft.referral.auth_number = number.and_then(text);
    diagnoses(draft, order);
    for message in &order.messages {
        draft.keep_words("message", message);
    }
}

/// Levels of service: `U` urgent, `03` emergency. Source: facts 3.1, UM06. A discharge tells its own haste.
fn urgency(order: &Order<'_>) -> Urgency {
    let level = &order.level_of_service;
    let is_urgent = order.priority > Priority::Routine || level.has("U") || level.has("03");
    if is_urgent { Urgency::Urgent } else { Urgency::Routine }
}

fn diagnoses(draft: &mut Draft, order: &Order<'_>) {
    let on = code_day(&draft.referral);
    let is_principal = |one: &&Diagnosis<'_>| {
        one.kinds.iter().any(|kind| kind.has("principal") || kind.has("BK") || kind.has("ABK"))
    };
    let (principal, others): (Vec<_>, Vec<_>) = order.diagnoses.iter().partition(is_principal);
    for diagnosis in principal.into_iter().chain(others) {
        let coded: Vec<&str> = diagnosis
            .code
            .codings
            .iter()
            .filter(|one| is_icd10(one))
            .filter_map(|one| one.code)
            .collect();
        if coded.is_empty() {
            let message = "the diagnosis has no ICD-10-CM code: send one such as J44.9";
            draft.warn("diagnosis-not-icd10", &diagnosis.path, message);
            draft.keep_words(&diagnosis.path, &in_words(diagnosis));
        }
        for code in coded {
            let place = (diagnosis.path.as_str(), &mut draft.problems);
            add_diagnosis(&mut draft.referral.diagnoses, code, on, place);
        }
    }
}

/// Source: HL7 external code system registry \[K\]: FHIR's URI and OID of ICD-10-CM, and ICD-10 as many senders write it.
fn is_icd10(coding: &Coding<'_>) -> bool {
    ["icd-10-cm", "icd-10", "icd10cm", "2.16.840.1.113883.6.90"]
        .iter()
        .any(|tail| coding.is_of(tail))
}

fn in_words(diagnosis: &Diagnosis<'_>) -> String {
    let codes: Vec<&str> = diagnosis.code.codings.iter().filter_map(|one| one.code).collect();
    format!("diagnosis: {} {}", diagnosis.code.words().unwrap_or_default(), codes.join(", "))
}
