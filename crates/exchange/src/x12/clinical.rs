//! Diagnoses, conditions, the home health plan, and what is said in words.

use super::dates::{eight, short};
use super::source::{Draft, Source};
use crate::codes;
use doorstep_case::{Diagnosis, Fact};
use doorstep_x12::seg::{Cr6, Crc, Pwk};
use doorstep_x12::sets::s278::Event;

/// Longest code of an older list that is kept. Source: ICD-9-CM has 6 characters with its dot [K].
const OLD_CODE_MAX: usize = 8;

/// Diagnoses in one HI. Source: facts 3.1.
const HI_MAX: usize = 12;

/// Reads diagnoses, principal first, checked on the day of service: the dates have been read.
pub(super) fn diagnoses(draft: &mut Draft, event: &Event, from: &Source<'_, '_>) {
    let on = codes::code_day(&draft.referral);
    let mut sent: Vec<_> =
        event.diagnoses.iter().enumerate().filter(|(_, d)| rank(&d.qualifier) < 3).collect();
    sent.sort_by_key(|(_, diagnosis)| rank(&diagnosis.qualifier));
    for (index, diagnosis) in sent {
        let at = from.find(&event.at, "HI", index % HI_MAX + 1);
        let diagnoses = &mut draft.referral.diagnoses;
        if diagnosis.qualifier.starts_with('A') {
            codes::add_diagnosis(diagnoses, &diagnosis.code, on, (&at, &mut draft.problems));
        } else {
            old(draft, &diagnosis.code, &at);
        }
    }
}

/// The rank of HI01-1: principal, other, admitting and reason for visit, none of these. Source: facts 3.1 and [K].
fn rank(qualifier: &str) -> u8 {
    match qualifier {
        "ABK" | "BK" => 0,
        "ABF" | "BF" => 1,
        "ABJ" | "BJ" | "APR" | "PR" => 2,
        _ => 3,
    }
}

/// An ICD-9 code is kept as sent, and can be billed on no day.
fn old(draft: &mut Draft, sent: &str, at: &str) {
    let is_code =
        sent.len() <= OLD_CODE_MAX && sent.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    if !is_code {
        let message = "this is not a diagnosis code and was left out: send an ICD-10-CM code";
        return draft.warn("icd9-format", at.to_owned(), message);
    }
    let message = "the diagnosis is sent as ICD-9, which ended in 2015: send the ICD-10-CM code with ABK or ABF";
    draft.warn("icd9-code", at.to_owned(), message);
    let code = sent.to_ascii_uppercase();
    let diagnoses = &mut draft.referral.diagnoses;
    if !diagnoses.iter().any(|known| known.code == code) {
        diagnoses.push(Diagnosis { code, billable: false });
    }
}

/// Reads the home health plan. Source: facts 3.1, CR6.
pub(super) fn home_health(draft: &mut Draft, event: &Event) {
    let Some(cr6) = &event.cr6 else { return };
    if let Some(on) = eight(&cr6.start_date) {
        draft.fact("home-health.start-on", Fact::On(on), None);
        draft.fact("order.dates-of-service", Fact::On(on), None);
    }
    if let Some(on) = eight(&cr6.order_date) {
        draft.fact("order.ordered-on", Fact::On(on), None);
    }
    for (label, said) in notes(cr6) {
        draft.text(&format!("CR6 {label}"), said);
    }
}

/// What of the plan has no item, for a person to read.
fn notes(cr6: &Cr6) -> [(&'static str, &str); 8] {
    [
        ("certified period", &cr6.period),
        ("prognosis", &cr6.prognosis),
        ("certification", &cr6.certification),
        ("surgery on", &cr6.surgery_date),
        ("surgery", &cr6.surgery_code),
        ("last seen on", &cr6.last_visit_date),
        ("physician spoken to on", &cr6.physician_contact_date),
        ("last stay", &cr6.last_admission),
    ]
}

/// Reads conditions: the two that are items, and all of them as a note. Source: facts 3.1, CRC 09: 15 positions that an
/// ordinary bed does not allow [K], 19 can operate controls.
pub(super) fn conditions(draft: &mut Draft, event: &Event) {
    for crc in &event.crc {
        let holds = match crc.applies.as_str() {
            "Y" => Some(true),
            "N" => Some(false),
            _ => None,
        };
        if let Some(holds) = holds.filter(|_| crc.category == "09") {
            for condition in crc.conditions() {
                match condition {
                    "15" => draft.fact("bed.positioning-need", Fact::Flag(holds), None),
                    "19" => draft.fact("wheelchair.operates", Fact::Flag(holds), None),
                    _ => {}
                }
            }
        }
        draft.text(&format!("CRC-{}", short(&crc.category)), &condition_words(crc));
    }
}

fn condition_words(crc: &Crc) -> String {
    let codes: Vec<&str> = crc.conditions().collect();
    format!("{} {}", crc.applies, codes.join(" "))
}

/// Keeps what is said in words, every further number but a social security number (REF `SY`), and which documents are announced.
pub(super) fn texts(draft: &mut Draft, event: &Event) {
    for message in &event.messages {
        draft.text("MSG", &message.text);
    }
    let announced = event.pwk.iter().chain(event.services.iter().flat_map(|s| s.pwk.iter()));
    for pwk in announced {
        draft.text("PWK", &announcement(pwk));
    }
    if let Some(cr1) = &event.cr1 {
        let said = [&cr1.origin, &cr1.destination, &cr1.round_trip_purpose, &cr1.stretcher_purpose];
        for words in said {
            draft.text("CR1", words);
        }
    }
    for reference in event.refs.iter().filter(|r| !matches!(r.qualifier.as_str(), "G1" | "SY")) {
        draft.text(&format!("REF-{}", short(&reference.qualifier)), &reference.id);
    }
}

fn announcement(pwk: &Pwk) -> String {
    let mut words = format!("attachment announced: kind {}", pwk.report);
    for (name, said) in
        [(" by ", &pwk.transmission), (", number ", &pwk.control_number), (", ", &pwk.description)]
    {
        if !said.is_empty() {
            words.push_str(name);
            words.push_str(said);
        }
    }
    words
}
