//! Diagnoses, conditions, the home health plan, and what is said in words.

use super::dates::{eight, short};
use super::source::{Draft, Source};
use crate::codes::{self, Stated};
use doorstep_case::{Diagnosis, Fact};
use doorstep_x12::seg::{Crc, Pwk};
use doorstep_x12::sets::s278::Event;

/// Longest code of an older list that is kept. Source: ICD-9-CM has 6 characters with its dot \[K\].
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

/// Returns whether a list in HI01-1 is one of diagnoses.
pub(super) fn is_diagnosis(list: &str) -> bool {
    rank(list) < 3
}

/// The rank of HI01-1: principal, other, admitting and reason for visit, none of these. Source: facts 3.1 and \[K\].
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
}

/// Reads conditions: those that are items, and all of them as a note.
pub(super) fn conditions(draft: &mut Draft, event: &Event) {
    let stated: Vec<Stated> = event.crc.iter().map(stated).collect();
    for (item, holds) in codes::answered(&stated) {
        draft.fact(item, Fact::Flag(holds), None);
    }
    for one in &stated {
        draft.text(&format!("CRC-{}", short(&one.category)), &codes::condition_words(one));
    }
}

fn stated(crc: &Crc) -> Stated {
    let holds = match crc.applies.as_str() {
        "Y" => Some(true),
        "N" => Some(false),
        _ => None,
    };
    let codes = crc.conditions().map(str::to_owned).collect();
    Stated { category: crc.category.clone(), holds, codes }
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
