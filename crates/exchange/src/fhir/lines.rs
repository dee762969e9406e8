//! What is ordered: one line for each request or claim item.

use super::draft::Draft;
use super::{medication, trade};
use crate::Problem;
use crate::codes::{describe, modifiers, name_line, quantity, text, unit};
use doorstep_case::{Fact, LineRequest, ServiceLine};
use doorstep_fhir::datatype::{CodeableConcept, Coding, Identifier, Timing};
use doorstep_fhir::order::{Action, Intent, LineKind, Order, OrderLine};

/// Records the lines. What a change takes out is kept apart, for a person to confirm.
pub(super) fn note(draft: &mut Draft, order: &Order<'_>) {
    for line in &order.lines {
        if order.intent == Intent::Change && line.action == Action::Withdrawn {
            let message = "the sender takes this line out of the order: a person confirms it, and until then it stands";
            draft.warn("line-withdrawn", &line.path, message);
            let mut gone = LineRequest { line_ref: line_ref(line), ..LineRequest::default() };
            name(&mut gone, line, draft);
            draft.referral.withdrawn.push(gone);
            continue;
        }
        let made = request(line, draft);
        draft.referral.lines.push(made);
    }
}

fn request(line: &OrderLine<'_>, draft: &mut Draft) -> LineRequest {
    let mut made = LineRequest {
        modifiers: modifiers(line.modifiers.iter().filter_map(|coding| coding.code)),
        hint: trade::hint(line),
        line_ref: line_ref(line),
        ..LineRequest::default()
    };
    name(&mut made, line, draft);
    amount(&mut made, line, draft);
    let said = line.text.into_iter().chain(line.notes.iter().copied());
    for raw in said {
        describe(&mut made, &mut draft.referral.texts, &line.path, raw);
    }
    for raw in beside(line) {
        describe(&mut made, &mut draft.referral.texts, &line.path, &raw);
    }
    for detail in &line.details {
        describe(&mut made, &mut draft.referral.texts, &line.path, &in_words(detail));
    }
    if !made.is_named() {
        name_unseen(&mut made, line, draft);
    }
    rhythm(&mut made, line, draft);
    medication::note(draft, line);
    if trade::names_discipline(line, made.code.as_ref()) {
        draft.know("home-health.disciplines", Fact::Held, None);
    }
    made
}

/// Returns where on the body, how long a supply lasts, and how often it may be filled again.
fn beside(line: &OrderLine<'_>) -> Vec<String> {
    let sites = line.body_sites.iter().filter(|site| !site.is_empty());
    let sites = sites.map(|site| format!("body site: {}", in_words(site)));
    let supply = line.supply.and_then(|supply| {
        Some(format!("supply for {} {}", supply.value?, supply.unit.or(supply.code)?))
    });
    let refills = line.refills.map(|refills| format!("refills: {refills}"));
    sites.chain(supply).chain(refills).collect()
}

fn line_ref(line: &OrderLine<'_>) -> Option<String> {
    let of_item = || line.trace_numbers.iter().find_map(|number| number.value);
    let own = Identifier::of_kind(&line.identifiers, "PLAC")
        .or_else(|| line.identifiers.iter().find_map(|one| one.value))
        .or_else(of_item);
    own.and_then(text).or_else(|| line.sequence.map(|sequence| sequence.to_string()))
}

/// The request's own codes first, then its revenue code, then a claim item's type of service, which says least.
fn name(made: &mut LineRequest, line: &OrderLine<'_>, draft: &mut Draft) {
    let (types, codes): (Vec<&Coding<'_>>, Vec<&Coding<'_>>) =
        line.codes.iter().partition(|coding| coding.is_of(trade::SERVICE_TYPES));
    for coding in codes.into_iter().filter(|coding| !coding.is_of("data-absent-reason")) {
        take(made, (coding.system.unwrap_or_default(), *coding), &line.path, &mut draft.problems);
    }
    for coding in line.revenue.iter().flat_map(|revenue| &revenue.codings) {
        take(made, ("revenue", *coding), &line.path, &mut draft.problems);
    }
    let categories = line.categories.iter().flat_map(|category| &category.codings);
    let types = types.into_iter().chain(categories.filter(|one| one.is_of(trade::SERVICE_TYPES)));
    if made.code.is_none() {
        for coding in types {
            take(made, ("X12-1365", *coding), &line.path, &mut draft.problems);
        }
    }
    if let Some(end) = line.codes_end.iter().find_map(|coding| coding.code) {
        let raw = format!("range of codes up to {end}");
        describe(made, &mut draft.referral.texts, &line.path, &raw);
    }
}

fn take(
    made: &mut LineRequest,
    (system, coding): (&str, Coding<'_>),
    at: &str,
    problems: &mut Vec<Problem>,
) {
    if let Some(code) = coding.code {
        problems.extend(name_line(made, system, code, at));
    }
}

/// A request that is only pointed at is still an order: what it is called is kept, and a person asks for the rest.
fn name_unseen(made: &mut LineRequest, line: &OrderLine<'_>, draft: &mut Draft) {
    let reference = line.reference.as_ref();
    let named = reference.and_then(|one| one.display.or(one.reference));
    let raw = if line.kind == LineKind::Unseen {
        format!("the sender names a request that did not come along: {}", named.unwrap_or("-"))
    } else {
        "the request does not say what is ordered".to_owned()
    };
    describe(made, &mut draft.referral.texts, &line.path, &raw);
}

fn in_words(detail: &CodeableConcept<'_>) -> String {
    let codes: Vec<&str> = detail.codings.iter().filter_map(|coding| coding.code).collect();
    [detail.words().unwrap_or_default(), &codes.join(", ")].join(" ")
}

/// The words of a unit come before its code: `visit` is often sent with UCUM's code 1.
fn amount(made: &mut LineRequest, line: &OrderLine<'_>, draft: &mut Draft) {
    let Some(said) = line.quantity else { return };
    let Some(value) = said.value else { return };
    let is_unitless = said.unit.is_none() && said.code.is_none();
    let read = said.unit.and_then(unit).or_else(|| said.code.and_then(unit));
    match (quantity(value), read) {
        (Some(n), read) if said.comparator.is_none() && (read.is_some() || is_unitless) => {
            made.quantity = Some(n);
            made.unit = read.unwrap_or_default();
        }
        _ => {
            let message = "the quantity is no whole number of a unit we know and was kept as words";
            draft.warn("quantity-unit", &line.path, message);
            let raw = format!("quantity {value} {}", said.unit.or(said.code).unwrap_or_default());
            describe(made, &mut draft.referral.texts, &line.path, &raw);
        }
    }
}

/// Keeps how often and for how long as words; visits so ordered have a frequency.
fn rhythm(made: &mut LineRequest, line: &OrderLine<'_>, draft: &mut Draft) {
    let Some(timing) = &line.timing else { return };
    let Some(raw) = often(timing) else { return };
    describe(made, &mut draft.referral.texts, &line.path, &raw);
    let is_bounded =
        timing.bounds.is_some() || timing.bounds_duration.is_some() || timing.count.is_some();
    let is_visit = made.hint == Some(ServiceLine::HomeHealth)
        || trade::names_discipline(line, made.code.as_ref());
    if is_bounded && is_visit {
        draft.know("home-health.frequency", Fact::Held, None);
    }
}

fn often(timing: &Timing<'_>) -> Option<String> {
    let by_code = || timing.code.words().or_else(|| timing.code.code()).map(str::to_owned);
    let by_period = || {
        let unit = timing.period_unit?;
        let (times, period) = (timing.frequency.unwrap_or(1), timing.period.unwrap_or("1"));
        Some(format!("{times} times every {period} {unit}"))
    };
    let said = by_period().or_else(by_code)?;
    let in_all = timing.count.map(|count| format!("{count} in all"));
    let length = timing
        .bounds_duration
        .and_then(|length| Some(format!("for {} {}", length.value?, length.unit_or_code()?)));
    Some([Some(said), in_all, length].into_iter().flatten().collect::<Vec<_>>().join(", "))
}
