//! Measurements: observations, what a device is set to, and answers under a LOINC code.

use super::dates::date;
use super::draft::Draft;
use crate::codes::{FLOW, Measurement, is_measure, measure, take_measurements};
use doorstep_fhir::datatype::{CodeableConcept, Occurrence, Quantity, When};
use doorstep_fhir::order::{AnswerValue, Answers, Measured, Order};

/// Records what was measured, then what is ordered of flow, which goes before what was measured of it.
pub(super) fn note(draft: &mut Draft, order: &Order<'_>) {
    let observed = order.observations.iter().filter(|one| is_final(one)).filter_map(observed);
    let forms = || order.answers.iter().filter(|form| form.status != Some("entered-in-error"));
    let measured: Vec<Measurement> = observed.chain(forms().flat_map(answered)).collect();
    take_measurements(&mut draft.referral, &measured, &mut draft.problems);
    for form in forms() {
        keep_answers(draft, form);
    }
    settings(draft, order);
}

fn is_final(observation: &Measured<'_>) -> bool {
    !matches!(observation.status, Some("entered-in-error" | "cancelled" | "registered"))
}

/// The flow beside a saturation is what the member breathed during the test, not what is ordered.
fn is_component(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|last| last.starts_with("component"))
}

/// Returns an observation as what it measures. One without a value that has components says nothing by itself.
fn observed(from: &Measured<'_>) -> Option<Measurement> {
    let said = from.quantity.as_ref().map(in_unit).or_else(|| {
        let concept = from.concept.as_ref();
        let coded = concept.and_then(|concept| concept.words().or_else(|| concept.code()));
        from.words.or(coded).or(from.other).map(str::to_owned)
    });
    let when = from.when.as_ref().and_then(Occurrence::start);
    let is_flow_of_test = |loinc: &&str| *loinc == FLOW && is_component(&from.path);
    let loincs = loincs(&from.code).into_iter().filter(|loinc| !is_flow_of_test(loinc));
    let label = from.code.words().or_else(|| from.code.code()).unwrap_or_default();
    let has_code = !from.code.is_empty();
    let mut made = Measurement {
        loincs: loincs.map(str::to_owned).collect(),
        label: label.to_owned(),
        said: said.unwrap_or_default(),
        on: when.and_then(date),
        minute: when.map_or(0, minute),
        at: from.path.clone(),
        ..Measurement::default()
    };
    add_quantity(&mut made, from.quantity);
    (!made.said.is_empty() || (has_code && !from.has_components)).then_some(made)
}

/// A limit such as `<` is not the value. A unit is looked for by its code, then by its name.
fn add_quantity(made: &mut Measurement, quantity: Option<Quantity<'_>>) {
    let Some(quantity) = quantity else { return };
    made.number = quantity.value.filter(|_| quantity.comparator.is_none()).map(str::to_owned);
    made.units = quantity.code.into_iter().chain(quantity.unit).map(str::to_owned).collect();
}

fn in_unit(quantity: &Quantity<'_>) -> String {
    let unit = quantity.unit.or(quantity.code).unwrap_or_default();
    let comparator = quantity.comparator.unwrap_or_default();
    format!("{comparator}{} {unit}", quantity.value.unwrap_or_default())
}

fn minute(when: When<'_>) -> u16 {
    u16::try_from(i32::from(when.hour) * 60 + i32::from(when.minute)).unwrap_or(0)
}

fn loincs<'t>(code: &CodeableConcept<'t>) -> Vec<&'t str> {
    let coded = code.codings.iter().filter(|coding| coding.is_of("loinc.org"));
    coded.filter_map(|coding| coding.code).map(str::trim).collect()
}

/// Returns answers whose question is named by a LOINC code, with or without the slash that form builders put before it; the
/// numbering of any other form says nothing.
fn answered(form: &Answers<'_>) -> Vec<Measurement> {
    let on = form.authored_at.and_then(date);
    let measured = form.answers.iter().filter_map(|answer| {
        let loinc = answer.link_id.rsplit('/').next().unwrap_or_default();
        let AnswerValue::Quantity(quantity) = answer.value else { return None };
        if !is_measure(loinc) {
            return None;
        }
        let mut made = Measurement {
            loincs: vec![loinc.to_owned()],
            label: answer.question.unwrap_or_default().to_owned(),
            said: in_unit(&quantity),
            on,
            at: form.path.clone(),
            ..Measurement::default()
        };
        add_quantity(&mut made, Some(quantity));
        Some(made)
    });
    measured.collect()
}

/// Keeps all answers as words for a person to read.
fn keep_answers(draft: &mut Draft, form: &Answers<'_>) {
    let said: Vec<String> = form
        .answers
        .iter()
        .filter_map(|answer| {
            let question = answer.question.unwrap_or(answer.link_id);
            Some(format!("{question}: {}", in_words(&answer.value)?))
        })
        .collect();
    draft.keep_words(&form.path, &said.join("\n"));
}

fn in_words(value: &AnswerValue<'_>) -> Option<String> {
    match value {
        AnswerValue::Boolean(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        AnswerValue::Number(text) | AnswerValue::Text(text) => Some((*text).to_owned()),
        AnswerValue::When(when) => Some(when.text.to_owned()),
        AnswerValue::Coding(coding) => coding.display.or(coding.code).map(str::to_owned),
        AnswerValue::Quantity(quantity) => {
            let unit = quantity.unit.or(quantity.code).unwrap_or_default();
            Some(format!("{} {unit}", quantity.value?))
        }
        AnswerValue::Reference(reference) => reference.display.map(str::to_owned),
        AnswerValue::Attachment(_) => None,
    }
}

/// What a device request sets: `DeviceRequest.parameter` with LOINC's code for the flow, or named as one.
fn settings(draft: &mut Draft, order: &Order<'_>) {
    let requests = order.lines.iter().filter_map(|line| Some((line, line.request?)));
    let mut flows = Vec::new();
    for (line, request) in requests.filter(|(_, request)| request.kind() == "DeviceRequest") {
        for parameter in request.node().list("parameter") {
            let code: CodeableConcept<'_> = parameter.one("code").unwrap_or_default();
            let named = code.words().unwrap_or_default().to_ascii_lowercase();
            let is_flow = loincs(&code).contains(&FLOW) || named.contains("flow");
            let Some(quantity) = parameter.one("valueQuantity").filter(|_| is_flow) else {
                continue;
            };
            flows.push((quantity, line.path.as_str()));
        }
    }
    for (quantity, at) in flows {
        let quantity: Quantity<'_> = quantity;
        let value = quantity.value.filter(|_| quantity.comparator.is_none()).unwrap_or_default();
        let units: Vec<&str> = quantity.code.into_iter().chain(quantity.unit).collect();
        match measure(FLOW, value, &units, at) {
            Some(Ok(taken)) => {
                for (item, fact) in taken {
                    draft.know(item.name(), fact, None);
                }
            }
            Some(Err(problem)) => draft.problems.push(problem),
            None => {}
        }
    }
}
