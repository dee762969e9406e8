//! Which trade a line is of, as far as the message says, where its code does not tell.

use doorstep_case::ServiceLine;
use doorstep_fhir::datatype::{Coding, Reference};
use doorstep_fhir::order::{LineKind, OrderLine};
use doorstep_fhir::resource::Resource;
use doorstep_vocab::Procedure;

/// The list of service types, X12 data element 1365, by the end of its URI.
pub(super) const SERVICE_TYPES: &str = "/1365";

/// Service types that belong to one trade. Source: facts 3.1, UM03.
const BY_SERVICE_TYPE: &[(&str, ServiceLine)] = &[
    ("11", ServiceLine::Dme),
    ("12", ServiceLine::Dme),
    ("18", ServiceLine::Dme),
    ("42", ServiceLine::HomeHealth),
    ("44", ServiceLine::HomeHealth),
    ("54", ServiceLine::PostAcute),
    ("74", ServiceLine::HomeHealth),
    ("AB", ServiceLine::PostAcute),
    ("AG", ServiceLine::PostAcute),
    ("DM", ServiceLine::Dme),
    ("DS", ServiceLine::Dme),
];

/// SNOMED CT codes of referrals for care at home, as senders of post-acute orders use them. Source: HL7 Post-Acute Orders
/// 0.2.0, examples of `ServiceRequest`.
const HOME_REFERRALS: &[&str] = &["417153003", "416790000"];

/// How codes begin that name who visits: nurse, therapist, aide, social worker. Source: facts 1.4, the table of disciplines.
const DISCIPLINES: &[&str] = &[
    "G015", "G016", "G0299", "G0300", "G049", "S912", "S913", "T1021", "T1030", "T1031", "042",
    "043", "044", "055", "056", "057",
];

/// Returns whether the line tells which discipline is to visit.
pub(super) fn names_discipline(line: &OrderLine<'_>, code: Option<&Procedure>) -> bool {
    let begins =
        |code: &Procedure| DISCIPLINES.iter().any(|start| code.as_str().starts_with(start));
    code.is_some_and(begins) || is_home_referral(line)
}

/// Returns the trade that the message names. Equipment is a trade of its own; a drug is one only when it goes into a vein;
/// a service is whatever its type says.
pub(super) fn hint(line: &OrderLine<'_>) -> Option<ServiceLine> {
    match requested_kind(line) {
        Some("DeviceRequest") => Some(ServiceLine::Dme),
        Some("MedicationRequest") => {
            super::medication::is_infused(line).then_some(ServiceLine::HomeInfusion)
        }
        Some("NutritionOrder") => {
            let is_enteral = line.request?.node().get("enteralFormula").is_some();
            is_enteral.then_some(ServiceLine::Dme)
        }
        _ => by_codes(line),
    }
}

fn requested_kind<'t>(line: &OrderLine<'t>) -> Option<&'t str> {
    let unseen = || line.reference.as_ref().and_then(Reference::target_kind);
    let seen = line.request.map(Resource::kind);
    seen.or_else(|| if line.kind == LineKind::Unseen { unseen() } else { None })
}

fn by_codes(line: &OrderLine<'_>) -> Option<ServiceLine> {
    let categories = line.categories.iter().flat_map(|concept| &concept.codings);
    let mut types = line.codes.iter().chain(categories).filter(|one| one.is_of(SERVICE_TYPES));
    let by_type = types.find_map(|coding| {
        let known = BY_SERVICE_TYPE.iter().find(|(code, _)| coding.is(code));
        known.map(|(_, service)| *service)
    });
    by_type.or_else(|| is_home_referral(line).then_some(ServiceLine::HomeHealth))
}

fn is_home_referral(line: &OrderLine<'_>) -> bool {
    let details = line.details.iter().flat_map(|concept| &concept.codings);
    line.codes.iter().chain(details).any(|coding: &Coding<'_>| {
        coding.is_of("snomed.info/sct") && HOME_REFERRALS.iter().any(|code| coding.is(code))
    })
}
