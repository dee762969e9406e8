//! Measurements: observations, what a device is set to, and answers under a LOINC code.

use super::dates::date;
use super::draft::Draft;
use crate::codes::{Measured as Taken, measure};
use doorstep_case::{Fact, Item, Milli};
use doorstep_fhir::datatype::{CodeableConcept, Occurrence, Quantity, When};
use doorstep_fhir::order::{AnswerValue, Measured, Order};
use doorstep_vocab::Date;

/// Saturations that say how the member was: code, the saturation it is, the condition. Source: LOINC; 89276-0 also facts
/// 3.5 [K].
const CONDITIONS: &[(&str, &str, &str)] =
    &[("59417-6", "59408-5", "rest"), ("89276-0", "59408-5", "exercise")];

/// Apnea-hypopnea index. Source: LOINC 69990-0 [K].
const INDEX: &str = "69990-0";
const INDEX_UNITS: &[&str] = &["/h", "1/h", "{events}/h", "events/h", "events/hour"];

/// Flow of inhaled oxygen. Source: LOINC 3151-8 [K].
const FLOW: &str = "3151-8";

/// One measurement, of whatever it was read from.
struct Reading<'a, 't> {
    loinc: &'a str,
    quantity: Quantity<'t>,
    on: Option<Date>,
    at: &'a str,
}

/// Records what was measured, the latest last, so that of several the latest stands; then what is ordered of flow.
pub(super) fn note(draft: &mut Draft, order: &Order<'_>) {
    let mut observations: Vec<&Measured<'_>> =
        order.observations.iter().filter(|one| is_final(one)).collect();
    observations.sort_by_key(|one| one.when.as_ref().and_then(Occurrence::start).map(moment));
    for observation in observations {
        let on = observation.when.as_ref().and_then(Occurrence::start).and_then(date);
        let Some(quantity) = observation.quantity else { continue };
        for loinc in loincs(&observation.code) {
            if loinc != FLOW || !is_component(&observation.path) {
                take(draft, &Reading { loinc, quantity, on, at: &observation.path });
            }
        }
    }
    answers(draft, order);
    settings(draft, order);
}

fn is_final(observation: &Measured<'_>) -> bool {
    !matches!(observation.status, Some("entered-in-error" | "cancelled" | "registered"))
}

/// The flow beside a saturation is what the member breathed during the test, not what is ordered.
fn is_component(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|last| last.starts_with("component"))
}

fn moment(when: When<'_>) -> (i16, i8, i8, i8, i8) {
    (when.year, when.month, when.day, when.hour, when.minute)
}

fn loincs<'t>(code: &CodeableConcept<'t>) -> Vec<&'t str> {
    let coded = code.codings.iter().filter(|coding| coding.is_of("loinc.org"));
    coded.filter_map(|coding| coding.code).map(str::trim).collect()
}

fn take(draft: &mut Draft, reading: &Reading<'_, '_>) {
    if reading.loinc == INDEX {
        return index(draft, reading);
    }
    let known = CONDITIONS.iter().find(|(code, _, _)| *code == reading.loinc);
    let (loinc, condition) =
        known.map_or((reading.loinc, None), |(_, same, condition)| (*same, Some(*condition)));
    match measured(loinc, reading) {
        None => {}
        Some(Err(problem)) => draft.problems.push(problem),
        Some(Ok(taken)) => {
            let is_test = taken.iter().any(|(item, _)| is_oxygen_test(*item));
            for (item, fact) in taken {
                draft.know(item.name(), fact, reading.on);
            }
            if is_test {
                tested(draft, reading, condition);
            }
        }
    }
}

fn measured(loinc: &str, reading: &Reading<'_, '_>) -> Option<Result<Taken, crate::Problem>> {
    let Quantity { value, comparator, code, unit, .. } = reading.quantity;
    // A limit such as `<` is not the value.
    let value = value.filter(|_| comparator.is_none()).unwrap_or_default();
    let by = |unit: Option<&str>| measure(loinc, value, unit.unwrap_or_default(), reading.at);
    match by(code.or(unit)) {
        Some(Err(problem)) => match by(unit) {
            Some(Ok(taken)) => Some(Ok(taken)),
            _ => Some(Err(problem)),
        },
        read => read,
    }
}

fn is_oxygen_test(item: Item) -> bool {
    matches!(item.name(), "oxygen.spo2" | "oxygen.pao2")
}

/// A later test whose condition is not stated takes the earlier one's condition away.
fn tested(draft: &mut Draft, reading: &Reading<'_, '_>, condition: Option<&str>) {
    let test_on = Item::named("oxygen.test-on");
    let before = draft.referral.facts.get(&test_on).map(|(fact, _)| fact.clone());
    let on = reading.on.map(Fact::On);
    match (condition, &on) {
        (Some(condition), _) => {
            draft.know("oxygen.condition", Fact::Code(condition.to_owned()), reading.on);
        }
        (None, on) if before != *on => draft.forget("oxygen.condition"),
        (None, _) => {}
    }
    match on {
        Some(on) => draft.know("oxygen.test-on", on, None),
        None => draft.forget("oxygen.test-on"),
    }
}

fn index(draft: &mut Draft, reading: &Reading<'_, '_>) {
    let quantity = reading.quantity;
    let is_known = |unit: Option<&str>| {
        unit.is_some_and(|unit| INDEX_UNITS.contains(&unit.trim().to_ascii_lowercase().as_str()))
    };
    let value = quantity.value.filter(|_| quantity.comparator.is_none()).and_then(Milli::parse);
    let Some(value) = value.filter(|_| is_known(quantity.code) || is_known(quantity.unit)) else {
        let message =
            "the index has no number of events an hour and was left out: send value and unit";
        return draft.warn("measurement-unit", reading.at, message);
    };
    draft.know("pap.ahi", Fact::Number(value), reading.on);
    if let Some(on) = reading.on {
        draft.know("pap.test-on", Fact::On(on), None);
    }
}

/// Takes answers whose question is named by a LOINC code, with or without the slash that form builders put before it; the
/// numbering of any other form says nothing. All answers are kept as words for a person to read.
fn answers(draft: &mut Draft, order: &Order<'_>) {
    for form in order.answers.iter().filter(|form| form.status != Some("entered-in-error")) {
        let on = form.authored_at.and_then(date);
        let mut said: Vec<String> = Vec::new();
        for answer in &form.answers {
            let loinc = answer.link_id.rsplit('/').next().unwrap_or_default();
            if let AnswerValue::Quantity(quantity) = answer.value {
                take(draft, &Reading { loinc, quantity, on, at: &form.path });
            }
            if let Some(value) = in_words(&answer.value) {
                let question = answer.question.unwrap_or(answer.link_id);
                said.push(format!("{question}: {value}"));
            }
        }
        draft.keep_words(&form.path, &said.join("\n"));
    }
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
        take(draft, &Reading { loinc: FLOW, quantity, on: None, at });
    }
}
