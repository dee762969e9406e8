//! What every door needs to turn outside text into the core's types: names, numbers, codes, and what is wrong with them.
//!
//! Nothing here knows a format. A value that cannot be told is left out and said in a [`Problem`], which names its place and
//! never the value: a field may hold a person's name where a code should stand.

mod clean;
mod condition;
mod date;
mod document;
mod line;
mod look_over;
mod measure;
mod measurements;

pub(crate) use clean::{phi, phone, sex, text, words};
pub(crate) use condition::{Stated, answered, in_words as condition_words};
pub(crate) use date::{date, instant, local, zone_of};
pub(crate) use document::{document_kind, note_document};
pub(crate) use line::{describe, modifiers, name_line, quantity, unit};
pub(crate) use look_over::look_over;
pub(crate) use measure::{FLOW, is_measure, measure};
pub(crate) use measurements::{Measurement, take as take_measurements};

use crate::Problem;
use doorstep_case::{Clinician, Diagnosis, Fact, Item, Referral, Urgency};
use doorstep_vocab::{Date, Icd10, Npi, Zone};

/// Diagnoses kept of one order. Source: X12 278 and 837 carry twelve \[K\]; whoever lists more than these lists no reasons.
const DIAGNOSES_MAX: usize = 200;

/// Returns the day on which diagnoses have to be valid: the day of service, else the order's, else the day of receipt where the
/// member is. Source: facts 1.1, diagnoses. The facts of the order have to be known by now.
pub(crate) fn code_day(referral: &Referral) -> Date {
    let known = |name: &str| match referral.facts.get(&Item::named(name)) {
        Some((Fact::On(on), _)) => Some(*on),
        _ => None,
    };
    known("order.dates-of-service").or_else(|| known("order.ordered-on")).unwrap_or_else(|| {
        // Without an address any zone is a guess; Universal Time would be a day ahead of all of them every evening.
        let zone = zone_of(&referral.person).or_else(|| Zone::parse("America/New_York").ok());
        referral.received_at.date(&zone.unwrap_or_else(Zone::utc))
    })
}

/// Adds a diagnosis, once, and says when it is not a code that may be billed on `on`. Text that has not even a code's
/// form is left out. Returns whether it was a code.
pub(crate) fn add_diagnosis(
    diagnoses: &mut Vec<Diagnosis>,
    code: &str,
    on: Date,
    (at, problems): (&str, &mut Vec<Problem>),
) -> bool {
    let (read, problem) = diagnosis(code, on, at);
    problems.extend(problem);
    let taken = read.is_some();
    let has_room = diagnoses.len() < DIAGNOSES_MAX;
    let is_new = |one: &Diagnosis| has_room && diagnoses.iter().all(|known| known.code != one.code);
    let new = read.filter(is_new);
    diagnoses.extend(new);
    taken
}

/// Reads a diagnosis; `None` when the text has not a code's form.
pub(crate) fn diagnosis(code: &str, on: Date, at: &str) -> (Option<Diagnosis>, Option<Problem>) {
    let message = match Icd10::parse(code, on) {
        Ok(code) => {
            let code = code.as_str().to_owned();
            return (Some(Diagnosis { code, billable: true }), None);
        }
        Err(problem) => match problem.code() {
            "icd10-not-leaf" => "the diagnosis has more specific codes under it: send one of them",
            "icd10-not-valid-on-date" => {
                "the diagnosis code was not in force on the day of service: send one that was"
            }
            "icd10-unknown" => {
                "the diagnosis is in no list of ICD-10-CM codes: check it and send it again"
            }
            _ => {
                let message =
                    "this is not an ICD-10-CM code and was left out: send one such as J44.9";
                return (None, Some(Problem::warning("icd10-format", at, message)));
            }
        },
    };
    let problem = Problem::warning("icd10-not-billable", at, message);
    let kept = Icd10::shape(code).map(|code| code.as_str().to_owned());
    (kept.map(|code| Diagnosis { code, billable: false }), Some(problem))
}

/// Records a clinician's NPI as sent and whether its check digit holds; a wrong one is a warning, for real files are full
/// of them.
pub(crate) fn set_npi(
    clinician: &mut Clinician,
    npi: &str,
    (at, problems): (&str, &mut Vec<Problem>),
) {
    let Some(npi) = text(npi) else { return };
    match Npi::parse(&npi) {
        Ok(_) => clinician.npi_valid = true,
        Err(problem) if problem.code() == "npi-check-digit" => {
            let message = "the check digit of the NPI is wrong: check the number and send it again";
            problems.push(Problem::warning("npi-check-digit", at, message));
        }
        Err(_) => {
            let message = "this is not an NPI and was left out: send ten digits, the first 1 or 2";
            problems.push(Problem::warning("npi-format", at, message));
            return;
        }
    }
    clinician.npi = Some(npi);
}

/// Says that the member is reported dead: nobody is called or visited before a person has looked. Source: facts 11.5 (47).
pub(crate) fn deceased(referral: &mut Referral, (at, problems): (&str, &mut Vec<Problem>)) {
    let message = "the member is reported dead: a person has to look before anybody calls";
    problems.push(Problem::warning("member-deceased", at, message));
    referral.texts.extend(words(message).map(|said| (at.to_owned(), said)));
}

/// Reads how soon from what senders write: HL7 table 0280 and TQ1-9, FHIR priorities, words. `None` when it is none of
/// these.
pub(crate) fn urgency(said: &str) -> Option<Urgency> {
    match said.trim().to_ascii_lowercase().as_str() {
        "s" | "stat" | "a" | "asap" | "u" | "urgent" | "emergency" | "emergent" | "expedited"
        | "high" => Some(Urgency::Urgent),
        "discharge" | "discharge-critical" => Some(Urgency::Discharge),
        "r" | "routine" | "standard" | "normal" | "elective" | "low" => Some(Urgency::Routine),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
