//! What is ordered: codes, modifiers, quantities and units of a line.

use super::text;
use crate::Problem;
use doorstep_case::{LineRequest, Unit};
use doorstep_vocab::{Modifier, Ndc, Phi, Procedure};

/// Longest code of another system that is kept. What is longer is words.
const CODE_MAX: usize = 40;
/// Modifiers on one line. Source: X12 SV101, SV202 \[K\].
const MODIFIERS_MAX: usize = 4;

/// A code system that a line's code may come from.
#[derive(Debug, PartialEq, Eq)]
enum System {
    /// HCPCS, CPT or revenue codes: the form says which.
    Procedure,
    /// Any other; how [`LineRequest::other_code`] names it.
    Other(String),
    /// Not stated.
    Unstated,
}

/// Adds a code to a line by its system's name, OID or URL. The first procedure code and the first other code win. A code
/// without a stated system counts as HCPCS only when it has that form, which no other common system shares.
pub(crate) fn name_line(
    line: &mut LineRequest,
    system: &str,
    code: &str,
    at: &str,
) -> Option<Problem> {
    let code = text(code)?;
    let system = System::parse(system);
    let is_hcpcs_form = code.starts_with(|c: char| c.is_ascii_alphabetic());
    let procedure = Procedure::parse(&code);
    let named = match (&system, procedure) {
        (System::Procedure, Ok(procedure)) => Some(procedure),
        (System::Unstated, Ok(procedure)) if is_hcpcs_form => Some(procedure),
        _ => None,
    };
    if let Some(procedure) = named {
        line.code.get_or_insert(procedure);
        return None;
    }
    let is_code = code.len() <= CODE_MAX
        && code
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'/'));
    if !is_code {
        let message = "this is not a code: it was kept as words";
        return Some(Problem::warning("code-format", at, message));
    }
    let (name, problem) = match system {
        System::Procedure => {
            let message = "this is not a HCPCS, CPT or revenue code: check it and send it again";
            ("HCPCS".to_owned(), Some(Problem::warning("procedure-format", at, message)))
        }
        System::Other(name) if name == "NDC" => return name_drug(line, &code, at),
        System::Other(name) => (name, None),
        System::Unstated => ("unstated".to_owned(), None),
    };
    line.other_code.get_or_insert(format!("{name}:{code}"));
    problem
}

/// Keeps a drug's package by its segments, which ten, eleven and twelve digits write differently. Source: facts 2.1, NDC.
fn name_drug(line: &mut LineRequest, code: &str, at: &str) -> Option<Problem> {
    let read = Ndc::parse(code);
    let written = read.as_ref().map_or_else(|_| code.to_owned(), ToString::to_string);
    line.other_code.get_or_insert(format!("NDC:{written}"));
    let message =
        "the segments of the NDC cannot be told: send it with dashes, or as eleven digits";
    read.err().map(|_| Problem::warning("ndc-format", at, message))
}

impl System {
    fn parse(said: &str) -> Self {
        let Some(said) = text(said) else { return Self::Unstated };
        let lower = said.to_ascii_lowercase();
        let lower = lower.strip_prefix("urn:oid:").unwrap_or(&lower);
        let other = |name: &str| Self::Other(name.to_owned());
        // Names of HL7 table 0396, X12 product qualifiers, OIDs and URLs of FHIR. [K]
        match lower {
            "hcpcs"
            | "hcpc"
            | "hcpcsleveliicodes"
            | "hc"
            | "hp"
            | "cpt"
            | "c4"
            | "c5"
            | "cpt4"
            | "cpt-4"
            | "cptm"
            | "cpt/hcpcs"
            | "nubc"
            | "rev"
            | "rc"
            | "revenue"
            | "2.16.840.1.113883.6.285"
            | "2.16.840.1.113883.6.12"
            | "2.16.840.1.113883.6.14"
            | "2.16.840.1.113883.6.301.3" => Self::Procedure,
            "sct"
            | "snm"
            | "snomed"
            | "snomed-ct"
            | "snomedct"
            | "sctus"
            | "2.16.840.1.113883.6.96" => other("SNOMED"),
            "ln" | "loinc" | "2.16.840.1.113883.6.1" => other("LOINC"),
            "rxnorm" | "rxn" | "2.16.840.1.113883.6.88" => other("RXNORM"),
            "ndc" | "n4" | "2.16.840.1.113883.6.69" => other("NDC"),
            url if url.contains("hcpcs") || url.contains("/cpt") || url.contains("nubc") => {
                Self::Procedure
            }
            url if url.contains("snomed") => other("SNOMED"),
            url if url.contains("loinc") => other("LOINC"),
            url if url.contains("rxnorm") => other("RXNORM"),
            url if url.ends_with("/ndc") => other("NDC"),
            _ => {
                let is_name = said.len() <= CODE_MAX
                    && said.bytes().all(|b| {
                        b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'/' | b':')
                    });
                other(if is_name { &said } else { "local" })
            }
        }
    }
}

/// Keeps the words of an order for its line: they go to `texts`, and the line says that they are there.
pub(crate) fn describe(
    line: &mut LineRequest,
    texts: &mut Vec<(String, Phi<String>)>,
    place: &str,
    raw: &str,
) {
    let Some(said) = super::words(raw) else { return };
    line.described = true;
    let mut own = texts.iter().rev().take_while(|(at, _)| at == place);
    if !own.any(|(_, known)| known.reveal() == said.reveal()) {
        texts.push((place.to_owned(), said));
    }
}

/// Returns the modifiers that have a modifier's form, four at most.
pub(crate) fn modifiers<'a>(said: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for modifier in said.into_iter().filter_map(|one| Modifier::parse(one).ok()) {
        let modifier = modifier.as_str().to_owned();
        if kept.len() < MODIFIERS_MAX && !kept.contains(&modifier) {
            kept.push(modifier);
        }
    }
    kept
}

/// Reads a whole number above zero, such as `2`, `2.0` or `+2`; a fraction is `None`: it is never rounded.
pub(crate) fn quantity(said: &str) -> Option<u32> {
    let said = said.trim();
    let said = said.strip_prefix('+').unwrap_or(said);
    let (whole, part) = said.split_once('.').unwrap_or((said, ""));
    let is_whole = part.bytes().all(|b| b == b'0') && whole.bytes().all(|b| b.is_ascii_digit());
    if is_whole { whole.parse().ok().filter(|n| *n > 0) } else { None }
}

/// Reads a unit: our names, UCUM, X12 quantity qualifiers, words. `None` when it is none of these.
pub(crate) fn unit(said: &str) -> Option<Unit> {
    match said.trim().to_ascii_lowercase().as_str() {
        "each" | "ea" | "un" | "unit" | "units" | "un1" | "1" | "{each}" | "[each]" | "pc"
        | "piece" | "pieces" => Some(Unit::Each),
        "visit" | "visits" | "vs" | "{visit}" | "{visits}" => Some(Unit::Visit),
        "day" | "days" | "d" | "da" | "dy" => Some(Unit::Day),
        "month" | "months" | "mo" | "mon" => Some(Unit::Month),
        "hour" | "hours" | "h" | "hr" | "hrs" => Some(Unit::Hour),
        "quarter-hour" | "quarter hour" | "15 min" | "15min" => Some(Unit::QuarterHour),
        "dose" | "doses" | "{dose}" => Some(Unit::Dose),
        _ => None,
    }
}
