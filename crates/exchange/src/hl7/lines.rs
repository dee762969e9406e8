//! What is ordered: OBR, RQD, RXO, ODS under their ORC; PR1 and RF1 of a referral.

use super::Part;
use crate::Problem;
use crate::codes::{describe, modifiers, name_line, quantity, unit};
use doorstep_case::{LineRequest, Referral, ServiceLine};
use doorstep_hl7::types::{Code, Quantity};
use doorstep_hl7::{About, Item, Message, Order, OrderKind, OrderMessage, Timing};

/// Routes of a drug that goes in through a line or under the skin. Source: HL7 table 0162 \[K\].
const INFUSED: [&str; 17] = [
    "IV",
    "IVP",
    "IVPB",
    "IVSOLN",
    "IV PUSH",
    "INTRAVENOUS",
    "SC",
    "SQ",
    "SUBQ",
    "SUBCUTANEOUS",
    "IT",
    "EP",
    "ID",
    "IM",
    "IP",
    "TPN",
    "IVI",
];

/// Adds the lines of the orders of one part, and the words that belong to them.
pub(super) fn add(
    referral: &mut Referral,
    order: &OrderMessage,
    part: &Part,
    (message, problems): (&Message<'_>, &mut Vec<Problem>),
) {
    let hint = hint(order.kind, message);
    for n in &part.orders {
        let Some(one) = order.orders.get(*n) else { continue };
        let Some(item) = &one.item else { continue };
        let place = format!("line {}", referral.lines.len() + 1);
        let mut line = of_item(item, (one, &place), (&mut *referral, problems));
        line.hint = hint;
        for note in order.notes_about(About::Order(*n)) {
            describe(&mut line, &mut referral.texts, &place, note);
        }
        if line.is_named() {
            referral.lines.push(line);
        }
    }
    if order.kind == OrderKind::Referral && referral.lines.is_empty() {
        of_referral(referral, order, problems);
    }
    if order.kind == OrderKind::Pharmacy && hint.is_none() && !referral.lines.is_empty() {
        let said = "no route says that the drug is infused: a person has to say whether it is given at home";
        problems.push(Problem::warning("route-unclear", "RXR-1", said));
    }
    let unclear =
        matches!(order.kind, OrderKind::Laboratory | OrderKind::Imaging | OrderKind::Diet);
    if unclear && !referral.lines.is_empty() {
        let said = "laboratory, imaging and diet orders are seldom care at home: a person has to say which trade it is";
        problems.push(Problem::warning("trade-unclear", "MSH-9", said));
    }
}

/// A pharmacy order is an infusion when one of its routes says so. Without a route that is not known.
fn hint(kind: OrderKind, message: &Message<'_>) -> Option<ServiceLine> {
    if kind != OrderKind::Pharmacy {
        return None;
    }
    let routes: Vec<String> = message.segments("RXR").filter_map(|rxr| rxr.text(1)).collect();
    let is_infused =
        |route: &String| INFUSED.iter().any(|one| one.eq_ignore_ascii_case(route.trim()));
    routes.iter().any(is_infused).then_some(ServiceLine::HomeInfusion)
}

fn of_item(
    item: &Item,
    (order, place): (&Order, &str),
    (referral, problems): (&mut Referral, &mut Vec<Problem>),
) -> LineRequest {
    let segment = item.segment.as_str();
    let mut line = LineRequest {
        line_ref: order.placer.as_ref().map(|placer| placer.id.clone()),
        modifiers: modifiers(item.modifiers.iter().filter_map(|code| code.id.as_deref())),
        ..LineRequest::default()
    };
    if let Some(code) = &item.procedure {
        add_code(&mut line, code, &format!("{segment}-44"), problems);
    }
    if let Some(code) = &item.service {
        add_code(&mut line, code, &format!("{segment}-{}", service_field(segment)), problems);
    }
    for code in [&item.service, &item.procedure].into_iter().flatten() {
        describe_code(&mut line, code, (referral, place));
    }
    let dose = item.dose.as_ref().map(|dose| format!("dose {}", words_of(dose)));
    let form = item.form.as_ref().and_then(Code::shown).map(|form| format!("form {form}"));
    let catalog = item.catalog_number.as_ref().map(|number| format!("catalog number {number}"));
    for words in
        [dose, form, catalog].into_iter().flatten().chain(item.instructions.iter().cloned())
    {
        describe(&mut line, &mut referral.texts, place, &words);
    }
    for words in order.timings.iter().filter_map(timing_words) {
        describe(&mut line, &mut referral.texts, place, &words);
    }
    let timed = order.timings.iter().find_map(|timing| timing.quantity.as_ref());
    if let Some(asked) = item.quantity.as_ref().or(timed) {
        set_quantity(&mut line, asked, (referral, place));
    }
    line
}

fn service_field(segment: &str) -> u8 {
    match segment {
        "RXO" => 1,
        "RXE" | "RQD" => 2,
        "ODS" => 3,
        _ => 4,
    }
}

/// Adds the code in each of its two systems.
fn add_code(line: &mut LineRequest, code: &Code, at: &str, problems: &mut Vec<Problem>) {
    for (id, system) in [(&code.id, &code.system), (&code.other_id, &code.other_system)] {
        let Some(id) = id else { continue };
        problems.extend(name_line(line, system.as_deref().unwrap_or_default(), id, at));
    }
}

/// Keeps the words of a code, and the code itself where it is none.
fn describe_code(line: &mut LineRequest, code: &Code, (referral, place): (&mut Referral, &str)) {
    for words in [&code.text, &code.original, &code.other_text].into_iter().flatten() {
        describe(line, &mut referral.texts, place, words);
    }
    if let (None, None, Some(id)) = (&line.code, &line.other_code, &code.id) {
        describe(line, &mut referral.texts, place, id);
    }
}

/// A quantity whose unit is not ours, or that is no whole number, is kept as words: a line has none rather than a wrong one.
fn set_quantity(
    line: &mut LineRequest,
    asked: &Quantity,
    (referral, place): (&mut Referral, &str),
) {
    let said = asked.unit.as_ref().and_then(|unit| unit.id.as_deref().or(unit.text.as_deref()));
    let known = said.map_or(Some(doorstep_case::Unit::Each), unit);
    match (quantity(&asked.number), known) {
        (Some(n), Some(of)) => (line.quantity, line.unit) = (Some(n), of),
        _ => describe(line, &mut referral.texts, place, &format!("quantity {}", words_of(asked))),
    }
}

fn words_of(quantity: &Quantity) -> String {
    let unit = quantity.unit.as_ref().and_then(Code::shown).unwrap_or_default();
    format!("{} {unit}", quantity.number).trim_end().to_owned()
}

fn timing_words(timing: &Timing) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    if !timing.repeats.is_empty() {
        words.push(format!("repeat {}", timing.repeats.join(" ")));
    }
    words.extend(timing.duration.as_ref().map(|duration| format!("for {duration}")));
    words.extend(timing.occurrences.as_ref().map(|n| format!("{n} times")));
    words.extend(timing.instructions.iter().cloned());
    (!words.is_empty()).then(|| words.join("; "))
}

/// A referral without orders asks for its procedures, else for the kind of care it names.
fn of_referral(referral: &mut Referral, order: &OrderMessage, problems: &mut Vec<Problem>) {
    for (n, procedure) in order.procedures.iter().enumerate() {
        let place = format!("line {}", referral.lines.len() + 1);
        let codes = procedure.modifiers.iter().filter_map(|code| code.id.as_deref());
        let mut line = LineRequest { modifiers: modifiers(codes), ..LineRequest::default() };
        if let Some(code) = &procedure.code {
            add_code(&mut line, code, "PR1-3", problems);
            describe_code(&mut line, code, (referral, &place));
        }
        if let Some(words) = &procedure.description {
            describe(&mut line, &mut referral.texts, &place, words);
        }
        let mut asked = order.authorizations.iter().filter(|one| one.procedure == Some(n));
        if let Some(asked) = asked.find_map(|one| one.requested.as_ref()) {
            set_quantity(&mut line, asked, (referral, &place));
        }
        if line.is_named() {
            referral.lines.push(line);
        }
    }
    if referral.lines.is_empty() {
        let line = of_kind(referral, order, problems);
        referral.lines.extend(line);
    }
}

/// `HOM` is care at home. `SKN`, skilled nursing, is given at home and in facilities. Source: HL7 table 0281 \[K\].
fn of_table_0281(kind: Option<&str>, problems: &mut Vec<Problem>) -> Option<ServiceLine> {
    match kind {
        Some("HOM") => Some(ServiceLine::HomeHealth),
        Some("SKN") => {
            let said = "skilled nursing is given at home and in facilities: a person has to say which is meant";
            problems.push(Problem::warning("trade-unclear", "RF1-3", said));
            None
        }
        _ => None,
    }
}

fn of_kind(
    referral: &mut Referral,
    order: &OrderMessage,
    problems: &mut Vec<Problem>,
) -> Option<LineRequest> {
    let asked = order.referral.as_ref()?;
    let mut line = LineRequest::default();
    if let Some(kind) = &asked.kind {
        // HL7 table 0281 is the system of RF1-3 when none is said.
        let system = kind.system.clone().or_else(|| Some("HL70281".to_owned()));
        let kind = Code { system, ..kind.clone() };
        add_code(&mut line, &kind, "RF1-3", problems);
        describe_code(&mut line, &kind, (referral, "line 1"));
        line.hint = of_table_0281(kind.id.as_deref(), problems);
    }
    for words in asked
        .reasons
        .iter()
        .filter_map(Code::shown)
        .chain(asked.comments.iter().map(String::as_str))
    {
        describe(&mut line, &mut referral.texts, "line 1", words);
    }
    for panel in
        order.panels.iter().filter_map(|panel| panel.service.as_ref()).filter_map(Code::shown)
    {
        describe(&mut line, &mut referral.texts, "line 1", panel);
    }
    line.is_named().then_some(line)
}
