//! What a document is: an order, an answer, a question, or something that cannot be ordered from.

use crate::bundle::Bundle;
use crate::json::{KNOWN_MODIFIERS, Node, Tree, Value};
use crate::resource::{Claim, MessageHeader, Resource, Task};

/// What a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Something is ordered, changed or withdrawn.
    Order,
    /// A prior authorization is asked after.
    Inquiry,
    /// A payer answers.
    ClaimResponse,
    /// An event is told without anything being ordered: admission, discharge, a subscription's notice.
    Notification,
    /// A message answers an earlier message.
    Reply,
    /// Someone asks to be notified.
    Subscription,
    /// A blank questionnaire.
    Questionnaire,
    /// Answers to a questionnaire, without an order.
    QuestionnaireResponse,
    /// More information is asked for.
    InformationRequest,
    /// A task tells how far its work has come; the text is its status.
    Progress(String),
    /// A CDS Hooks call; the text is the hook.
    CdsHooksRequest(String),
    /// The answer to a CDS Hooks call.
    CdsHooksResponse,
    /// Another system reports problems.
    OperationOutcome,
    /// A FHIR version that is not R4.
    OtherVersion {
        /// The version.
        version: Version,
        /// The root's resource type.
        resource_type: String,
    },
    /// Another resource, by its type.
    Other(String),
    /// JSON, but not FHIR.
    NotFhir,
}

/// A version of FHIR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// DSTU2, 1.0.
    Dstu2,
    /// STU3, 3.0.
    Stu3,
    /// R4 or R4B, 4.x; also whatever shows no sign of another.
    R4,
    /// R5, 5.0.
    R5,
}

impl Version {
    /// Returns the version's usual name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dstu2 => "DSTU2",
            Self::Stu3 => "STU3",
            Self::R4 => "R4",
            Self::R5 => "R5",
        }
    }
}

/// Requests that something be done, each of which may be an order line.
pub(crate) const REQUESTS: &[&str] =
    &["ServiceRequest", "DeviceRequest", "MedicationRequest", "NutritionOrder"];

/// Returns what `tree` is.
pub fn classify(tree: &Tree<'_>) -> Kind {
    let root: Node<'_> = tree.root();
    let Some(resource) = Resource::at(root) else { return not_a_resource(root) };
    let version = version_of(resource);
    if version != Version::R4 {
        return Kind::OtherVersion { version, resource_type: resource.kind().to_owned() };
    }
    match Bundle::of(resource) {
        Some(bundle) => of_bundle(bundle),
        None => of_resource(resource),
    }
}

fn not_a_resource(root: Node<'_>) -> Kind {
    match root.text("hook") {
        Some(hook) if root.get("context").is_some() || root.get("hookInstance").is_some() => {
            Kind::CdsHooksRequest(hook.to_owned())
        }
        _ if root.get("cards").is_some_and(Value::is_list) => Kind::CdsHooksResponse,
        _ => Kind::NotFhir,
    }
}

fn of_resource(resource: Resource<'_>) -> Kind {
    match resource.kind() {
        "Claim" => Claim::of(resource).map_or(Kind::NotFhir, of_claim),
        "ClaimResponse" => Kind::ClaimResponse,
        "Subscription" => Kind::Subscription,
        "SubscriptionStatus" => Kind::Notification,
        "Questionnaire" => Kind::Questionnaire,
        "QuestionnaireResponse" => Kind::QuestionnaireResponse,
        "CommunicationRequest" => Kind::InformationRequest,
        "OperationOutcome" => Kind::OperationOutcome,
        "Task" => Task::of(resource).map_or(Kind::NotFhir, of_task),
        "MessageHeader" => MessageHeader::of(resource).map_or(Kind::NotFhir, of_message),
        request if REQUESTS.contains(&request) => Kind::Order,
        other => Kind::Other(other.to_owned()),
    }
}

fn of_claim(claim: Claim<'_>) -> Kind {
    let resource = claim.resource();
    match claim.usage() {
        Some("preauthorization" | "predetermination")
            if resource.follows("profile-claim-inquiry") =>
        {
            Kind::Inquiry
        }
        Some("preauthorization" | "predetermination") => Kind::Order,
        _ => Kind::Other("Claim".to_owned()),
    }
}

/// Codes of tasks that ask for information rather than for care. Source: Da Vinci PAS and `CDex`
/// (`attachment-request-code`, `attachment-request-questionnaire`, `data-request`), SDC (`complete-questionnaire`).
const INFORMATION_TASKS: &[&str] = &[
    "attachment-request-code",
    "attachment-request-questionnaire",
    "data-request",
    "complete-questionnaire",
];

fn of_task(task: Task<'_>) -> Kind {
    let code = task.code().unwrap_or_default();
    if INFORMATION_TASKS.iter().any(|information| code.has(information)) {
        return Kind::InformationRequest;
    }
    match task.resource().status() {
        Some(status @ ("accepted" | "rejected" | "in-progress" | "completed" | "failed")) => {
            Kind::Progress(status.to_owned())
        }
        _ if asks_for_care(task) => Kind::Order,
        _ => Kind::Other("Task".to_owned()),
    }
}

/// Returns whether a task points at a request, or says that one is to be fulfilled.
pub(crate) fn asks_for_care(task: Task<'_>) -> bool {
    let is_request = |kind: Option<&str>| kind.is_some_and(|kind| REQUESTS.contains(&kind));
    task.code().unwrap_or_default().has("fulfill")
        || is_request(task.focus().and_then(|focus| focus.target_kind()))
        || task.based_on().iter().any(|reference| is_request(reference.target_kind()))
}

fn of_message(header: MessageHeader<'_>) -> Kind {
    if header.response().is_some() {
        return Kind::Reply;
    }
    let is_order = header.focus().iter().any(|focus| {
        focus.target_kind().is_some_and(|kind| kind == "Task" || REQUESTS.contains(&kind))
    });
    if is_order { Kind::Order } else { Kind::Notification }
}

fn of_bundle(bundle: Bundle<'_>) -> Kind {
    let type_name = bundle.kind().unwrap_or_default();
    let first = bundle.entries().find_map(|entry| entry.resource);
    let first_kind = first.map(Resource::kind).unwrap_or_default();
    if first_kind == "SubscriptionStatus"
        || matches!(type_name, "history" | "subscription-notification")
    {
        return Kind::Notification;
    }
    if first_kind == "ClaimResponse" {
        return Kind::ClaimResponse;
    }
    let resources = || bundle.entries().filter_map(|entry| entry.resource);
    if let Some(claim) = resources()
        .filter_map(Claim::of)
        .find(|claim| of_claim(*claim) != Kind::Other("Claim".into()))
    {
        let is_inquiry = bundle.resource().follows("profile-pas-inquiry-request-bundle");
        return if is_inquiry { Kind::Inquiry } else { of_claim(claim) };
    }
    if let Some(Kind::Reply) = first.and_then(MessageHeader::of).map(of_message) {
        return Kind::Reply;
    }
    let withdraws =
        bundle.entries().any(|entry| withdrawn_request(entry.method, entry.request_url).is_some());
    if withdraws || resources().any(is_order) {
        return Kind::Order;
    }
    let any = |kind: &str| resources().any(|resource| resource.kind() == kind);
    match first_kind {
        "MessageHeader" => Kind::Notification,
        "Questionnaire" => Kind::Questionnaire,
        _ if any("ClaimResponse") => Kind::ClaimResponse,
        "" => Kind::Other("Bundle".to_owned()),
        _ if bundle.entries().count() == 1 => first.map_or(Kind::NotFhir, of_resource),
        _ => Kind::Other("Bundle".to_owned()),
    }
}

/// Returns the address of the request that a bundle's entry deletes.
pub(crate) fn withdrawn_request<'t>(method: Option<&str>, url: Option<&'t str>) -> Option<&'t str> {
    let is_request = |url: &&str| REQUESTS.iter().any(|kind| url.rsplit('/').nth(1) == Some(kind));
    if method == Some("DELETE") { url.filter(is_request) } else { None }
}

/// Returns whether a resource of a bundle makes it an order.
fn is_order(resource: Resource<'_>) -> bool {
    match resource.kind() {
        "Task" => Task::of(resource).is_some_and(|task| of_task(task) == Kind::Order),
        kind => REQUESTS.contains(&kind) && left_out(resource).is_none(),
    }
}

/// Returns why a request that nothing points at is no order: it is over, or it only proposes.
///
/// Source: FHIR R4 value sets `request-status` and `request-intent`.
pub(crate) fn left_out(resource: Resource<'_>) -> Option<&'static str> {
    match (resource.status(), resource.node().text("intent")) {
        (Some("completed" | "stopped" | "ended"), _) => Some("its status says that it is over"),
        (_, Some("proposal" | "plan" | "option")) => Some("its intent is not an order"),
        _ => None,
    }
}

/// Returns whether a request says that something is not to be done, or was withdrawn from the claim that it stands in.
///
/// Source: FHIR R4, `doNotPerform` of `ServiceRequest` and `MedicationRequest`, a modifier element. R4's `DeviceRequest` has
/// none; one that carries it all the same means it.
pub(crate) fn forbids(resource: Resource<'_>) -> bool {
    resource.node().boolean("doNotPerform") == Some(true) || is_info_cancelled(resource.node())
}

/// Returns whether a modifier extension says that what it stands in is withdrawn.
///
/// Source: Da Vinci PAS `modifierextension-infoCancelled`.
pub(crate) fn is_info_cancelled(node: Node<'_>) -> bool {
    node.list("modifierExtension").iter().any(|extension| {
        extension.text("url").is_some_and(|url| KNOWN_MODIFIERS.contains(&url))
            && extension.boolean("valueBoolean") == Some(true)
    })
}

/// Returns the version that a document shows signs of.
///
/// JSON carries no version. Signs are resource types and element shapes that exist in one version only, and the
/// `fhirVersion` of conformance resources.
pub fn version_of(resource: Resource<'_>) -> Version {
    let declared = resource.node().text("fhirVersion").unwrap_or_default();
    let by_number = match declared.split('.').next() {
        Some("1") => Some(Version::Dstu2),
        Some("3") => Some(Version::Stu3),
        Some("5") => Some(Version::R5),
        _ => None,
    };
    if let Some(version) = by_number {
        return version;
    }
    let inside = resource
        .node()
        .list("entry")
        .iter()
        .filter_map(|entry| entry.get("resource"))
        .filter_map(Resource::at);
    std::iter::once(resource).chain(inside).find_map(sign_of).unwrap_or(Version::R4)
}

fn sign_of(resource: Resource<'_>) -> Option<Version> {
    let node = resource.node();
    match resource.kind() {
        "MedicationOrder" | "DeviceUseRequest" | "DiagnosticOrder" | "Order" | "OrderResponse" => {
            Some(Version::Dstu2)
        }
        "ReferralRequest" | "ProcedureRequest" | "EligibilityRequest" | "DataElement"
        | "ExpansionProfile" => Some(Version::Stu3),
        "RequestOrchestration"
        | "DeviceUsage"
        | "DeviceAssociation"
        | "NutritionIntake"
        | "Transport" => Some(Version::R5),
        "ServiceRequest" | "DeviceRequest" if node.find(&["code", "concept"]).is_some() => {
            Some(Version::R5)
        }
        "MedicationRequest" if node.get("medication").is_some_and(Value::is_object) => {
            Some(Version::R5)
        }
        "Questionnaire" if node.list("item").iter().any(|item| is_stu3_item(item)) => {
            Some(Version::Stu3)
        }
        _ => None,
    }
}

/// STU3's `option`, `options`, `enableWhen.hasAnswer` and single `initial[x]` were all renamed in R4.
fn is_stu3_item(item: &Value<'_>) -> bool {
    item.get("option").is_some()
        || item.get("options").is_some()
        || item.list("enableWhen").iter().any(|when| when.get("hasAnswer").is_some())
        || item.members().any(|(key, _)| {
            key.strip_prefix("initial")
                .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('_'))
        })
        || item.list("item").iter().any(is_stu3_item)
}
