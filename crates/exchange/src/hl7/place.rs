//! Problems in HL7's own words: `PID-3`, `DG1[2]-3.1`; and back, for the answer's ERR segments.

use crate::{Level, Problem};
use doorstep_hl7 as hl7;

/// Returns a reader's problem as ours. Harmless ones are warnings, whatever they cost.
pub(super) fn problem(from: &hl7::Problem) -> Problem {
    let at = shown(&from.at);
    match from.level {
        hl7::Level::Warning => Problem::warning(from.code, at, from.message.clone()),
        _ if is_harmless(from) => Problem::warning(from.code, at, from.message.clone()),
        hl7::Level::Error | hl7::Level::Reject => {
            Problem::error(from.code, at, from.message.clone())
        }
    }
}

/// Returns whether the order can be taken in spite of a problem: a document that cannot be decoded is asked for again.
pub(super) fn is_harmless(problem: &hl7::Problem) -> bool {
    problem.level == hl7::Level::Warning || problem.code == "document-damaged"
}

fn shown(at: &hl7::Place) -> String {
    if at.segment_id.is_empty() {
        return if at.segment > 0 {
            format!("line {}", at.segment)
        } else {
            format!("byte {}", at.offset)
        };
    }
    let mut shown = at.segment_id.clone();
    if at.occurrence > 1 {
        shown = format!("{shown}[{}]", at.occurrence);
    }
    for (mark, n) in [('-', at.field), ('.', at.component)] {
        if let Some(n) = n {
            shown = format!("{shown}{mark}{n}");
        }
    }
    shown
}

/// Returns our problem as the answer writes it; a place of another shape stays empty.
pub(super) fn to_answer(problem: &Problem) -> hl7::Problem {
    let at = parse(&problem.at).unwrap_or_default();
    // The answer's codes live as long as the program; ours are many and carried in the words.
    let code = KNOWN.iter().find(|(code, _)| *code == problem.code);
    let (code, condition) = code.copied().unwrap_or(("content", hl7::Condition::DataType));
    let made = match problem.level {
        Level::Warning => hl7::Problem::warning(code, at, problem.message.clone()),
        Level::Error => hl7::Problem::error(code, at, problem.message.clone()),
    };
    made.with(condition)
}

/// Codes that have a condition of their own in HL7 table 0357.
const KNOWN: &[(&str, hl7::Condition)] = &[
    ("no-patient", hl7::Condition::Sequence),
    ("several-patients", hl7::Condition::Sequence),
    ("no-message", hl7::Condition::Sequence),
    ("patient-unnamed", hl7::Condition::Required),
    ("order-empty", hl7::Condition::Required),
    ("order-control-unclear", hl7::Condition::TableValue),
    ("npi-check-digit", hl7::Condition::DataType),
    ("npi-format", hl7::Condition::DataType),
    ("icd10-not-billable", hl7::Condition::TableValue),
    ("icd10-format", hl7::Condition::TableValue),
    ("diagnosis-system", hl7::Condition::TableValue),
    ("date-unreadable", hl7::Condition::DataType),
    ("discharge-without-zone", hl7::Condition::DataType),
    ("measurement-unit", hl7::Condition::DataType),
    ("document-damaged", hl7::Condition::DataType),
    ("control-number-reused", hl7::Condition::DuplicateKey),
    ("cancel-of-unknown-order", hl7::Condition::UnknownKey),
    ("change-of-unknown-order", hl7::Condition::UnknownKey),
];

/// Reads `PID-3`, `DG1[2]-3.1`.
fn parse(at: &str) -> Option<hl7::Place> {
    let (segment, field) =
        at.split_once('-').map_or((at, None), |(segment, field)| (segment, Some(field)));
    let (id, occurrence) = match segment.split_once('[') {
        Some((id, rest)) => (id, rest.strip_suffix(']')?.parse().ok()?),
        None => (segment, 1),
    };
    let is_id = id.len() == 3 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !is_id {
        return None;
    }
    let (field, component) = match field.map(|field| field.split_once('.').unwrap_or((field, ""))) {
        Some((field, component)) => (Some(field.parse().ok()?), component.parse().ok()),
        None => (None, None),
    };
    Some(hl7::Place {
        occurrence,
        segment_id: id.to_owned(),
        field,
        component,
        ..hl7::Place::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_it_was_shown() {
        for at in ["PID-3", "DG1[2]-3.1", "RF1"] {
            assert_eq!(shown(&parse(at).unwrap()), at);
        }
        for at in ["row 12", "", "PID[2-3", "pid-3", "PID-x"] {
            assert_eq!(parse(at), None, "{at}");
        }
    }
}
