//! One FHIR document to its units: one, or one for each patient that it orders for.

use super::draft::problem;
use super::whole;
use crate::codes::text;
use crate::{Format, Found, Problem, Reading, Unit};
use doorstep_fhir::bundle::Bundle;
use doorstep_fhir::datatype::Identifier;
use doorstep_fhir::detect::looks_like_fhir_xml;
use doorstep_fhir::json::{self, Tree};
use doorstep_fhir::kind::Kind;
use doorstep_fhir::order::{self, Form, Intent, Order};
use doorstep_fhir::problem::{Code, Level, Problem as Wrong};
use doorstep_fhir::resource::Resource;
use doorstep_vocab::Timestamp;

/// Reads a document. What cannot be read at all is refused with the reasons and their places.
pub(crate) fn read(bytes: &[u8], received_at: Timestamp) -> Reading {
    let tree = match json::read(bytes) {
        Ok(tree) => tree,
        Err(wrong) => {
            let problems = wrong.iter().map(problem).collect();
            return Reading::whole(Format::Fhir, Found::Refused, problems);
        }
    };
    let readings = order::read_orders(&tree);
    let (place, key) = (place(&tree), key(&tree));
    let n_orders = readings.len();
    let mut all =
        Reading { format: Format::Fhir, sender: None, units: Vec::new(), problems: Vec::new() };
    for (n, read) in readings.iter().enumerate() {
        let (found, problems, sender) = match (&read.kind, &read.order) {
            (Kind::Order, Some(order)) => ordered(&tree, order, &read.problems, received_at),
            (kind, _) => {
                (Found::Unsupported { what: what(kind) }, not_taken(kind, &read.problems), None)
            }
        };
        all.sender = all.sender.take().or(sender);
        let mut unit = Unit { place: place.to_owned(), key: key.clone(), found, problems };
        if n_orders > 1 {
            unit.place = format!("{place} patient {}", n + 1);
        }
        if n > 0 && !key.is_empty() {
            unit.key = format!("{key} patient {}", n + 1);
        }
        all.units.push(unit);
    }
    all
}

fn place<'t>(tree: &'t Tree<'t>) -> &'static str {
    Resource::at(tree.root()).and_then(Bundle::of).map_or("", |_| "Bundle")
}

/// Refuses FHIR in XML, naming what it is: it may well be an order, which its sender can send again in JSON.
pub(crate) fn refuse_xml(bytes: &[u8]) -> Reading {
    let root = looks_like_fhir_xml(bytes).unwrap_or_default();
    let message =
        format!("this is a FHIR {} in XML, which is not read: send it in JSON", plain(&root));
    let problem = Problem::error("fhir-xml", plain(&root), message);
    Reading::whole(Format::FhirXml, Found::Refused, vec![problem])
}

/// A request without a patient, or a change that only points at requests, still opens a case with what is known, and the
/// rest is asked for. These stop it: nothing to order, or not knowing for whom of several.
const STOPS: &[Code] = &[Code::SeveralPatients, Code::NoLines, Code::TooManyEntries];

type Ordered = (Found, Vec<Problem>, Option<String>);

fn ordered<'t>(
    tree: &'t Tree<'t>,
    order: &Order<'t>,
    wrong: &[Wrong],
    received_at: Timestamp,
) -> Ordered {
    let stops = |one: &&Wrong| {
        let is_needed = one.code != Code::NoLines || order.intent != Intent::Cancel;
        one.level >= Level::Error && STOPS.contains(&one.code) && is_needed
    };
    let mut problems: Vec<Problem> = wrong.iter().map(problem).collect();
    for (made, one) in problems.iter_mut().zip(wrong) {
        if !stops(&one) {
            made.level = crate::Level::Warning;
        }
    }
    let draft = whole::draft(tree, order, received_at);
    let sender = draft.referral.sender.clone();
    problems.extend(draft.problems);
    if wrong.iter().any(|one| stops(&one)) {
        return (Found::Refused, problems, sender);
    }
    if let Some(why) = is_no_order(order) {
        let what = format!("FHIR {} {why}", root_kind(tree));
        return (Found::Unsupported { what }, problems, sender);
    }
    let (referral, attachments) = (Box::new(draft.referral), draft.attachments);
    let found = match order.intent {
        Intent::New | Intent::Inquiry => Found::Order { referral, attachments },
        Intent::Change => Found::Change { referral, attachments },
        Intent::Cancel => Found::Cancel { referral },
    };
    (found, problems, sender)
}

/// A request that was sent for itself is no order when it is over or only proposes. Source: FHIR R4 value sets
/// `request-status` and `request-intent`.
fn is_no_order(order: &Order<'_>) -> Option<&'static str> {
    if order.form != Form::Requests || order.intent == Intent::Cancel || order.lines.is_empty() {
        return None;
    }
    let all = |of: fn(&order::OrderLine<'_>) -> bool| order.lines.iter().all(of);
    if all(|line| matches!(line.status, Some("completed" | "stopped" | "ended"))) {
        return Some("that is over");
    }
    all(|line| matches!(line.intent, Some("proposal" | "plan" | "option")))
        .then_some("that only proposes")
}

fn root_kind(tree: &Tree<'_>) -> String {
    plain(tree.resource_type().unwrap_or_default())
}

/// A name from the document is repeated only when it can be nothing but a name of a type.
fn plain(name: &str) -> String {
    let is_name = (1..=40).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_name { name.to_owned() } else { "resource".to_owned() }
}

fn what(kind: &Kind) -> String {
    match kind {
        Kind::Order => "FHIR order".to_owned(),
        Kind::Inquiry => "FHIR prior-authorization inquiry".to_owned(),
        Kind::ClaimResponse => "FHIR ClaimResponse".to_owned(),
        Kind::Notification => "FHIR notification".to_owned(),
        Kind::Reply => "FHIR reply to a message".to_owned(),
        Kind::Subscription => "FHIR Subscription".to_owned(),
        Kind::Questionnaire => "FHIR Questionnaire".to_owned(),
        Kind::QuestionnaireResponse => "FHIR QuestionnaireResponse".to_owned(),
        Kind::InformationRequest => "FHIR request for information".to_owned(),
        Kind::Progress(status) => format!("FHIR Task that tells `{}`", plain(status)),
        Kind::CdsHooksRequest(hook) => format!("CDS Hooks call {}", plain(hook)),
        Kind::CdsHooksResponse => "CDS Hooks answer".to_owned(),
        Kind::OperationOutcome => "FHIR OperationOutcome".to_owned(),
        Kind::OtherVersion { version, resource_type } => {
            format!("FHIR {} {}", version.as_str(), plain(resource_type))
        }
        Kind::Other(name) => format!("FHIR {}", plain(name)),
        Kind::NotFhir => "JSON that is not FHIR".to_owned(),
    }
}

fn not_taken(kind: &Kind, wrong: &[Wrong]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = wrong.iter().map(problem).collect();
    if let Kind::OtherVersion { version, resource_type } = kind {
        let message = format!("this is FHIR {}, which is not read: send R4", version.as_str());
        problems.push(Problem::error("other-version", plain(resource_type), message));
    }
    problems
}

/// Returns what makes the document the same when it comes again: a bundle's identifier, else a message's id, which stays
/// when it is sent again, else a resource's identifier with its version. A resource without a version keeps its
/// identifier when it changes, so its identifier alone is no key.
fn key(tree: &Tree<'_>) -> String {
    let Some(root) = Resource::at(tree.root()) else { return String::new() };
    let header = match Bundle::of(root) {
        Some(bundle) => {
            if let Some(key) = bundle.identifier().as_ref().and_then(named) {
                return key;
            }
            bundle.entries().next().and_then(|entry| entry.resource)
        }
        None => Some(root),
    };
    let header = header.filter(|resource| resource.kind() == "MessageHeader");
    if let Some(id) = header.and_then(Resource::id).and_then(text) {
        return id;
    }
    let meta = root.node().get("meta");
    let version = meta.and_then(|meta| meta.text("versionId").or_else(|| meta.text("lastUpdated")));
    let identifiers = root.identifiers();
    match (identifiers.iter().find_map(named), version.and_then(text)) {
        (Some(name), Some(version)) => format!("{name} {version}"),
        _ => String::new(),
    }
}

fn named(identifier: &Identifier<'_>) -> Option<String> {
    let value = identifier.value.and_then(text)?;
    Some(match identifier.system.and_then(text) {
        Some(system) => format!("{system}|{value}"),
        None => value,
    })
}
