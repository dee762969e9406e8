//! DG1, OBX, AL1, NTE and documents: what stands behind the order.

use super::time;
use crate::codes::{Measurement, add_diagnosis, document_kind, phi, take_measurements, words};
use crate::{Attachment, Problem};
use doorstep_case::{Fact, Item, Referral};
use doorstep_hl7::types::Code;
use doorstep_hl7::{About, Document, Observation, OrderMessage, Value};
use doorstep_vocab::{Date, Icd10};

/// Names of ICD-10-CM. Source: HL7 table 0396 and its OID \[K\].
const ICD10: [&str; 8] =
    ["I10", "I10C", "ICD10", "ICD-10", "ICD10CM", "ICD-10-CM", "10", "2.16.840.1.113883.6.90"];
/// Names of LOINC. Source: HL7 table 0396 and its OID \[K\].
const LOINC: [&str; 3] = ["LN", "LOINC", "2.16.840.1.113883.6.1"];
/// Result statuses of what is no result: deleted, wrong, cannot be obtained, ordered. Source: HL7 table 0085 \[K\].
const NO_RESULT: [&str; 5] = ["D", "W", "X", "O", "N"];

/// Adds diagnoses of DG1 in the order of DG1-15, then the coded reasons of the orders.
pub(super) fn add_diagnoses(
    referral: &mut Referral,
    order: &OrderMessage,
    on: Date,
    problems: &mut Vec<Problem>,
) {
    let mut listed: Vec<(usize, &doorstep_hl7::Diagnosis)> =
        order.diagnoses.iter().enumerate().collect();
    let rank = |text: &Option<String>| {
        text.as_deref().and_then(|n| n.parse::<u32>().ok()).filter(|n| *n > 0)
    };
    listed.sort_by_key(|(_, one)| rank(&one.priority).unwrap_or(u32::MAX));
    for (n, one) in listed {
        let at = if n == 0 { "DG1-3".to_owned() } else { format!("DG1[{}]-3", n + 1) };
        let taken =
            one.code.as_ref().is_some_and(|code| code_one(referral, code, on, (&at, problems)));
        let said = one.description.as_deref().or_else(|| one.code.as_ref().and_then(Code::shown));
        if let (false, Some(said)) = (taken, said.and_then(words)) {
            referral.texts.push((format!("diagnosis {}", n + 1), said));
        }
    }
    let by_item = order
        .orders
        .iter()
        .flat_map(|one| one.reason.iter().chain(one.item.iter().flat_map(|item| &item.reasons)));
    let by_referral = order.referral.iter().flat_map(|referral| &referral.reasons);
    for code in by_item.chain(by_referral) {
        if let Some(id) = code.in_systems(&ICD10) {
            add_diagnosis(&mut referral.diagnoses, id, on, ("OBR-31", problems));
        }
    }
}

/// Takes a code of ICD-10-CM, by its stated system or, when none is stated, by being in the list of the day.
fn code_one(
    referral: &mut Referral,
    code: &Code,
    on: Date,
    (at, problems): (&str, &mut Vec<Problem>),
) -> bool {
    let unstated =
        || code.id.as_deref().filter(|id| code.system.is_none() && Icd10::parse(id, on).is_ok());
    let Some(id) = code.in_systems(&ICD10).or_else(unstated) else {
        let said =
            "the diagnosis is not coded in ICD-10-CM and was kept as words: send an ICD-10-CM code";
        problems.push(Problem::warning("diagnosis-system", at, said));
        return false;
    };
    add_diagnosis(&mut referral.diagnoses, id, on, (at, problems))
}

/// Adds what was measured, and the allergies.
pub(super) fn add_facts(
    referral: &mut Referral,
    order: &OrderMessage,
    problems: &mut Vec<Problem>,
) {
    let results = order
        .observations
        .iter()
        .filter(|one| !one.status.as_deref().is_some_and(|status| NO_RESULT.contains(&status)));
    let measured: Vec<Measurement> = results.filter_map(measurement).collect();
    take_measurements(referral, &measured, problems);
    let substances: Vec<&str> = order
        .allergies
        .iter()
        .filter_map(|one| one.substance.as_ref().and_then(Code::shown))
        .collect();
    if let Some(said) = words(&substances.join("\n")) {
        referral.facts.insert(Item::named("member.allergies"), (Fact::Held, None));
        referral.texts.push(("allergies".to_owned(), said));
    }
}

/// Returns an OBX as what it measures; one without a value, and one that is a document, measures nothing.
fn measurement(from: &Observation) -> Option<Measurement> {
    let unit = from.unit.as_ref();
    let shown = unit.and_then(|unit| unit.id.as_deref().or(unit.shown())).unwrap_or_default();
    let (number, said) = match &from.value {
        Value::Empty | Value::Document => return None,
        Value::Text(text) => (Some(text.clone()), format!("{text} {shown}")),
        Value::Pointer(text) => (None, text.clone()),
        Value::Codes(codes) => {
            let shown: Vec<&str> = codes.iter().filter_map(Code::shown).collect();
            (None, shown.join(", "))
        }
    };
    let code = from.code.as_ref();
    let observed_at = from.observed_at.as_ref();
    let minute = observed_at.and_then(doorstep_hl7::types::Ts::time);
    Some(Measurement {
        loincs: code
            .and_then(|code| code.in_systems(&LOINC))
            .map(str::to_owned)
            .into_iter()
            .collect(),
        label: code.and_then(Code::shown).unwrap_or_default().to_owned(),
        said,
        number,
        units: unit
            .into_iter()
            .flat_map(|unit| [&unit.id, &unit.text])
            .flatten()
            .cloned()
            .collect(),
        on: observed_at.and_then(time::date),
        minute: minute.map_or(0, |(hour, minute, _)| u16::from(hour) * 60 + u16::from(minute)),
        at: "OBX-5".to_owned(),
    })
}

/// Adds notes that stand behind no line, and the people to call.
pub(super) fn add_texts(referral: &mut Referral, order: &OrderMessage) {
    for note in &order.notes {
        let place = match note.about {
            About::Order(_) => continue,
            About::Message => "note",
            About::Patient => "patient note",
            About::Visit => "visit note",
            About::Referral => "referral note",
            About::Panel(_) | About::Observation(_) => "result note",
        };
        referral.texts.extend(words(&note.text).map(|said| (place.to_owned(), said)));
    }
    for contact in &order.contacts {
        let name = contact.names.first();
        let parts = name.iter().flat_map(|name| [&name.given, &name.family]).flatten().cloned();
        let relation = contact.relation.as_ref().and_then(Code::shown).map(str::to_owned);
        let phone = contact.phones.first().map(super::person::dialled);
        let said: Vec<String> = parts.chain(relation).chain(phone).collect();
        referral.texts.extend(words(&said.join(" ")).map(|said| ("contact".to_owned(), said)));
    }
}

/// Returns the documents that came inside.
pub(super) fn attachments(order: &OrderMessage) -> Vec<Attachment> {
    order.documents.iter().map(attachment).collect()
}

fn attachment(document: &Document) -> Attachment {
    let code = document.code.as_ref();
    let title = code.and_then(Code::shown);
    let loinc = code.and_then(|code| code.in_systems(&LOINC));
    let (loincs, titles): (Vec<&str>, Vec<&str>) =
        (loinc.into_iter().collect(), title.into_iter().collect());
    Attachment {
        bytes: document.bytes.clone(),
        media_type: document.media_type.clone(),
        kind: document_kind(&loincs, &titles),
        title: title.and_then(phi),
    }
}
