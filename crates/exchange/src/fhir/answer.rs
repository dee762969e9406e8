//! The answer to a FHIR document: a `Task` that tells the case's number, or an `OperationOutcome` that tells why not; to a
//! message, a message that holds them.

use super::message;
use crate::{Found, Level, Outcome, Problem, Reading, Reply, Unit, UnitOutcome};
use doorstep_fhir::acknowledge::{Acknowledgement, Standing, task};
use doorstep_fhir::problem::Code;
use doorstep_vocab::{CaseNumber, Timestamp};
use serde_json::{Value, json};

/// The system of case numbers in an identifier.
const NUMBER_SYSTEM: &str = "urn:doorstep:case-number";

/// Answers a document, once what was found in it is safe: a message with a message, anything else with a resource, or with
/// a bundle of one for each patient. Warnings come with the task, as an outcome inside it.
pub(crate) fn reply(
    bytes: &[u8],
    (reading, outcomes): (&Reading, &[UnitOutcome]),
    now: Timestamp,
    control: u32,
) -> Reply {
    let mut answers: Vec<Value> = (0..reading.units.len().max(1))
        .map(|n| answer((reading, n), outcomes.get(n), now))
        .collect();
    let is_ok = outcomes.iter().any(|outcome| is_taken(outcome.outcome));
    let answer = if let Some(asked) = message::Asked::of(bytes) {
        asked.answer((answers, is_ok), now, control)
    } else if answers.len() == 1 {
        answers.remove(0)
    } else {
        let entries: Vec<Value> =
            answers.into_iter().map(|answer| json!({ "resource": answer })).collect();
        json!({ "resourceType": "Bundle", "type": "collection", "entry": entries })
    };
    Reply { media_type: "application/fhir+json", bytes: answer.to_string().into_bytes() }
}

/// Answers one unit; what is wrong with the document stands with the first.
fn answer((reading, n): (&Reading, usize), outcome: Option<&UnitOutcome>, now: Timestamp) -> Value {
    let unit = reading.units.get(n);
    let found = unit.map(|unit| unit.problems.as_slice()).unwrap_or_default();
    let later = outcome.map(|outcome| outcome.problems.as_slice()).unwrap_or_default();
    let of_document = if n == 0 { reading.problems.as_slice() } else { &[] };
    let problems: Vec<&Problem> = of_document.iter().chain(found).chain(later).collect();
    let number = outcome.filter(|one| is_taken(one.outcome)).and_then(|one| one.number.as_ref());
    if let (Some(number), Some(unit)) = (number, unit) {
        return received(number, unit, &problems, now);
    }
    let mut issues = issues(&problems);
    issues.extend(outcome.and_then(|outcome| verdict(outcome.outcome, unit)));
    if issues.is_empty() {
        issues.push(issue("information", "informational", "received", "it was received"));
    }
    json!({ "resourceType": "OperationOutcome", "issue": issues })
}

const fn is_taken(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Opened | Outcome::Linked | Outcome::Updated | Outcome::Queued => true,
        Outcome::Refused | Outcome::Unsupported => false,
    }
}

fn received(number: &CaseNumber, unit: &Unit, problems: &[&Problem], now: Timestamp) -> Value {
    let said = Acknowledgement {
        task_id: number.as_str(),
        system: NUMBER_SYSTEM,
        number: number.as_str(),
        standing: Standing::Received,
        reason: None,
        focus: None,
        theirs: order_ref(unit).map(|number| (None, number)),
        now: &now.to_string(),
    };
    let text = task(&said);
    let mut answer: Value = serde_json::from_str(&text).expect("what we wrote as JSON is JSON");
    if !problems.is_empty() {
        answer["contained"] = json!([{
            "resourceType": "OperationOutcome",
            "id": "problems",
            "issue": issues(problems),
        }]);
        answer["output"] = json!([{
            "type": { "text": "problems" },
            "valueReference": { "reference": "#problems" },
        }]);
    }
    answer
}

fn order_ref(unit: &Unit) -> Option<&str> {
    match &unit.found {
        Found::Order { referral, .. }
        | Found::Change { referral, .. }
        | Found::Cancel { referral } => referral.order_ref.as_deref(),
        Found::Unsupported { .. } | Found::Queued { .. } | Found::Refused => None,
    }
}

/// Returns the issue that says what became of it, where the problems do not.
fn verdict(outcome: Outcome, unit: Option<&Unit>) -> Option<Value> {
    let what = match unit.map(|unit| &unit.found) {
        Some(Found::Unsupported { what } | Found::Queued { what }) => what.as_str(),
        _ => "the document",
    };
    match outcome {
        Outcome::Queued => {
            let words = format!("{what}: a person will look at it");
            Some(issue("information", "informational", "queued", &words))
        }
        Outcome::Unsupported => {
            let words = format!("{what}: it was kept, and is not read as an order");
            Some(issue("error", "not-supported", "not-an-order", &words))
        }
        Outcome::Refused => {
            let is_said = unit.is_some_and(|unit| unit.problems.iter().any(is_error));
            let words = "it was not taken: correct what is named here and send it again";
            (!is_said).then(|| issue("error", "processing", "refused", words))
        }
        Outcome::Opened | Outcome::Linked | Outcome::Updated => None,
    }
}

fn is_error(problem: &Problem) -> bool {
    problem.level == Level::Error
}

fn issues(problems: &[&Problem]) -> Vec<Value> {
    problems.iter().map(|problem| said(problem)).collect()
}

fn said(problem: &Problem) -> Value {
    let severity = if is_error(problem) { "error" } else { "warning" };
    let mut made = issue(severity, issue_type(problem), &problem.code, &problem.message);
    // Places of FHIR begin with a type; others are the core's own words for a field.
    if problem.at.starts_with(|first: char| first.is_ascii_uppercase()) {
        made["expression"] = json!([problem.at]);
    }
    made
}

fn issue(severity: &str, code: &str, text: &str, diagnostics: &str) -> Value {
    json!({
        "severity": severity,
        "code": code,
        "details": { "text": text },
        "diagnostics": diagnostics,
    })
}

/// Returns a code of FHIR's `issue-type`: the reader's own for its problems, else whether a value or a rule is broken.
fn issue_type(problem: &Problem) -> &'static str {
    if problem.code == "fhir-xml" {
        return Code::IsXml.issue_type();
    }
    let known = Code::ALL.iter().find(|code| code.as_str() == problem.code);
    match (known, problem.level) {
        (Some(code), _) => code.issue_type(),
        (None, Level::Error) => "business-rule",
        (None, Level::Warning) => "value",
    }
}
