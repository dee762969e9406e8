//! What is ordered: the services of an event, or the event itself when it names none.

use super::dates::short;
use super::source::{Draft, Source};
use super::{frequency, service_line};
use crate::codes;
use doorstep_case::{LineRequest, ServiceLine as Trade, Unit};
use doorstep_vocab::Revenue;
use doorstep_x12::seg::{Hsd, Procedure};
use doorstep_x12::sets::s278::{Event, Service, ServiceLine};

/// Reads every line; there is always at least one.
pub(super) fn read(draft: &mut Draft, event: &Event, from: &Source<'_, '_>) {
    for (index, service) in event.services.iter().enumerate() {
        let line = service_line(draft, (event, service, index + 1), from);
        draft.referral.lines.push(line);
    }
    if event.services.is_empty() {
        draft.referral.lines.push(bare(event, None));
    }
    if let Some(hsd) = &event.hsd {
        draft.text("HSD", &frequency::words(hsd));
        // How often is meant for the event; with several lines it is for a person to say for which.
        if let [line] = draft.referral.lines.as_mut_slice()
            && line.quantity.is_none()
        {
            set_total(line, hsd);
        }
    }
    visits(draft, event);
}

/// A line without procedure is named by the type of service it asks for, UM03, else by the category, UM01.
fn bare(event: &Event, service: Option<&Service>) -> LineRequest {
    let category = event.um.as_ref().map(|um| um.category.as_str()).unwrap_or_default();
    let other_code = match (service_line::service_type(event, service), category) {
        ("", "") => None,
        ("", category) => Some(format!("X12-1525:{}", short(category))),
        (kind, _) => Some(format!("X12-1365:{}", short(kind))),
    };
    LineRequest { other_code, hint: service_line::hint(event, service), ..LineRequest::default() }
}

fn service_line(
    draft: &mut Draft,
    (event, service, number): (&Event, &Service, usize),
    from: &Source<'_, '_>,
) -> LineRequest {
    let mut line = LineRequest {
        hint: service_line::hint(event, Some(service)),
        line_ref: service
            .trace
            .iter()
            .find(|trn| trn.kind == "1")
            .and_then(|trn| codes::text(&trn.number)),
        ..LineRequest::default()
    };
    if let Some(asked) = &service.line {
        named(draft, &mut line, (service, asked, number), from);
        counted(draft, &mut line, (service, asked, number), from);
    }
    if !line.is_named() {
        line.other_code = bare(event, Some(service)).other_code;
    }
    if let Some(hsd) = &service.hsd {
        draft.text(&format!("service {number} HSD"), &frequency::words(hsd));
        if line.quantity.is_none() {
            set_total(&mut line, hsd);
        }
    }
    for message in &service.messages {
        draft.text(&format!("service {number} MSG"), &message.text);
    }
    for dtp in &service.dates {
        let label = format!("service {number} DTP-{}", short(&dtp.qualifier));
        draft.text(&label, &dtp.value);
    }
    line
}

/// SV101, SV202 or SV301, and the revenue code of SV201.
fn named(
    draft: &mut Draft,
    line: &mut LineRequest,
    (service, asked, number): (&Service, &ServiceLine, usize),
    from: &Source<'_, '_>,
) {
    let (id, element) = place_of(asked);
    let procedure = asked.procedure();
    let at = from.find(&service.at, id, element);
    let place = format!("service {number} {id}");
    let problem = codes::name_line(line, system(procedure), &procedure.code, &at);
    if !procedure.code.is_empty() && line.code.is_none() && line.other_code.is_none() {
        codes::describe(line, &mut draft.referral.texts, &place, &procedure.code);
    }
    draft.problems.extend(problem);
    line.modifiers = codes::modifiers(procedure.modifiers());
    if let ServiceLine::Institutional(sv2) = asked
        && let Ok(revenue) = Revenue::parse(&sv2.revenue)
    {
        if line.code.is_none() {
            let at = from.find(&service.at, id, 1);
            draft.problems.extend(codes::name_line(line, "REV", revenue.as_str(), &at));
        } else {
            line.other_code.get_or_insert(format!("REV:{}", revenue.as_str()));
        }
    }
    let described = match asked {
        ServiceLine::Dental(sv3) => &sv3.description,
        ServiceLine::Professional(_) | ServiceLine::Institutional(_) => "",
    };
    let texts = &mut draft.referral.texts;
    codes::describe(line, texts, &place, &procedure.description);
    codes::describe(line, texts, &place, described);
    if !procedure.code_to.is_empty() {
        draft.text(&place, &format!("codes {} to {}", procedure.code, procedure.code_to));
    }
}

/// The list of a code; one we have no name for keeps its qualifier.
fn system(procedure: &Procedure) -> &str {
    match procedure.qualifier.as_str() {
        // In 278 this is the list of dental codes, and never one of ours.
        "AD" => "X12-AD",
        qualifier => qualifier,
    }
}

/// How many, when the unit is one of ours. Minutes and international units are not converted. Source: facts 3.3.
fn counted(
    draft: &mut Draft,
    line: &mut LineRequest,
    (service, asked, number): (&Service, &ServiceLine, usize),
    from: &Source<'_, '_>,
) {
    let (quantity, unit) = asked.quantity();
    if quantity.is_empty() {
        return;
    }
    let is_dental = matches!(asked, ServiceLine::Dental(_));
    let unit = if is_dental { Some(Unit::Each) } else { codes::unit(unit) };
    if let (Some(quantity), Some(unit)) = (codes::quantity(quantity), unit) {
        (line.quantity, line.unit) = (Some(quantity), unit);
        return;
    }
    let (id, element) = place_of(asked);
    let (_, sent) = asked.quantity();
    draft.text(&format!("service {number} {id} quantity"), &format!("{quantity} {sent}"));
    let at = from.find(&service.at, id, element + 3);
    let message = "the quantity is not a whole number of a unit we count in: it was kept as a note, send UN or DA";
    draft.warn("quantity-unit", at, message);
}

/// The segment of a service, and the element of its procedure; the quantity stands three further.
fn place_of(asked: &ServiceLine) -> (&'static str, usize) {
    match asked {
        ServiceLine::Professional(_) => ("SV1", 1),
        ServiceLine::Institutional(_) => ("SV2", 2),
        ServiceLine::Dental(_) => ("SV3", 1),
    }
}

fn set_total(line: &mut LineRequest, hsd: &Hsd) {
    if let Some((quantity, unit)) = frequency::total(hsd) {
        (line.quantity, line.unit) = (Some(quantity), unit);
    }
}

/// How often visits are is kept as text; that it is there, and the disciplines, are facts of home health.
fn visits(draft: &mut Draft, event: &Event) {
    let is_home_health = event.cr6.is_some()
        || draft.referral.lines.iter().any(|line| line.hint == Some(Trade::HomeHealth));
    if !is_home_health {
        return;
    }
    let of_services = event.services.iter().filter_map(|service| service.hsd.as_deref());
    let mut patterns = event.hsd.as_deref().into_iter().chain(of_services);
    if patterns.any(frequency::is_of_visits) {
        draft.fact("home-health.frequency", doorstep_case::Fact::Held, None);
    }
    let by_type = (0..event.services.len().max(1)).any(|index| {
        let kind = service_line::service_type(event, event.services.get(index));
        matches!(kind, "AD" | "AF" | "AG" | "PT")
    });
    let by_code = draft.referral.lines.iter().filter_map(|line| line.code.as_ref());
    if by_type || by_code.map(doorstep_vocab::Procedure::as_str).any(is_discipline) {
        draft.fact("home-health.disciplines", doorstep_case::Fact::Held, None);
    }
}

/// Whether a code names a discipline of home health. Source: facts 1.4, disciplines and codes \[K\].
fn is_discipline(code: &str) -> bool {
    matches!(
        code,
        "G0151"
            | "G0152"
            | "G0153"
            | "G0155"
            | "G0156"
            | "G0157"
            | "G0158"
            | "G0159"
            | "G0160"
            | "G0161"
            | "G0299"
            | "G0300"
            | "G0493"
            | "G0494"
            | "G0495"
            | "G0496"
            | "S9122"
            | "S9123"
            | "S9124"
            | "S9127"
            | "S9128"
            | "S9129"
            | "S9131"
            | "T1021"
            | "T1030"
            | "T1031"
    ) || (code.len() == 4 && matches!(&code[..3], "042" | "043" | "044" | "055" | "056" | "057"))
}
