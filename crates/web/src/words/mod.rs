//! What pages call things: states, queues, clocks, lines. The words of refusals and of what is missing are not here:
//! the core and the packs have them.

mod event;

pub(crate) use event::{Told, Tone, told};

use crate::errors::capital;
use doorstep_app::Ctx;
use doorstep_case::auth::{Approval, Auth};
use doorstep_case::benefits::CoverageStatus;
use doorstep_case::delivery::Fulfilment;
use doorstep_case::intake::Priority;
use doorstep_case::placement::LinePlacement;
use doorstep_case::{Channel, DocumentKind, Line, Owner, ServiceLine, Stage, Terms, Unit, Urgency};
use doorstep_store::worklist::{Language, Queue};
use doorstep_vocab::PayerId;

/// What a queue is called.
pub(crate) const fn queue(queue: Queue) -> &'static str {
    match queue {
        Queue::Mine => "Mine",
        Queue::Team => "My team",
        Queue::Triage => "Nurse triage",
        Queue::Unassigned => "Unassigned",
        Queue::AtRisk => "At risk",
        Queue::Missed => "Missed",
        Queue::Unread => "Unread replies",
        Queue::DischargeSoon => "Discharge soon",
        Queue::Today => "Today",
        Queue::Clarifying => "Clarifying",
        Queue::OffersWaiting => "Offers waiting",
        Queue::AuthPending => "Auth pending",
        Queue::Escalated => "Escalated",
        Queue::All => "All open",
        Queue::Closed => "Closed",
    }
}

/// What a queue holds.
pub(crate) const fn queue_about(queue: Queue) -> &'static str {
    match queue {
        Queue::Mine => "Open cases that you manage.",
        Queue::Team => "Open cases that you or your team manage.",
        Queue::Triage => "A nurse has to see it before it goes on.",
        Queue::Unassigned => "Open cases that nobody manages yet.",
        Queue::AtRisk => "Three quarters of a clock are gone, or it has run out.",
        Queue::Unread => "Something came in since, and nobody has read it.",
        Queue::Missed => "A clock has run out, or a visit or delivery was missed.",
        Queue::Today => {
            "A visit or delivery is planned for today, or was and nothing was heard of it."
        }
        Queue::DischargeSoon => "The member goes home within a day, or should have.",
        Queue::Clarifying => "A question about the order is open.",
        Queue::OffersWaiting => "A provider has an offer to answer.",
        Queue::AuthPending => "The payer has to decide.",
        Queue::Escalated => "An escalation is not resolved.",
        Queue::All => "Every open case.",
        Queue::Closed => "Closed cases, the newest first.",
    }
}

/// Whose turn it is, from the next step.
pub(crate) fn turn(code: &str, waits: bool) -> &'static str {
    match code {
        "none" => "Done",
        "triage" => "Nurse's turn",
        "await-auth" => "Payer's turn",
        "await-provider" | "deliver" => "Provider's turn",
        "await-answer" => "Answer awaited",
        _ if waits => "Others' turn",
        _ => "Our turn",
    }
}

/// What a part of a case's way is called.
pub(crate) const fn part(stage: Stage) -> &'static str {
    match stage {
        Stage::Order => "Order",
        Stage::Benefits => "Benefits",
        Stage::Authorization => "Authorization",
        Stage::Placement => "Placement",
        Stage::Delivery => "Delivery",
        Stage::Dispute => "Dispute or escalation",
        Stage::Closing => "Closing",
    }
}

/// What a language is called.
pub(crate) const fn language(language: Language) -> &'static str {
    match language {
        Language::English => "English",
        Language::Spanish => "Spanish",
        Language::Chinese => "Chinese",
        Language::Vietnamese => "Vietnamese",
        Language::Tagalog => "Tagalog",
        Language::Korean => "Korean",
        Language::Arabic => "Arabic",
        Language::Russian => "Russian",
        Language::HaitianCreole => "Haitian Creole",
        Language::Portuguese => "Portuguese",
    }
}

/// What a trade is called.
pub(crate) const fn service(service: ServiceLine) -> &'static str {
    match service {
        ServiceLine::Dme => "Equipment and supplies",
        ServiceLine::HomeHealth => "Home health",
        ServiceLine::HomeInfusion => "Home infusion",
        ServiceLine::PostAcute => "Post-acute facility",
        ServiceLine::Unclassified => "Not classified",
    }
}

/// What a payer is called.
pub(crate) fn payer(ctx: &Ctx, payer_id: &PayerId) -> String {
    let known = ctx.app.packs.payer(payer_id).map(|payer| payer.name.to_owned());
    known.unwrap_or_else(|| "Payer not known".to_owned())
}

/// What a clock is called, by its rule. A rule that a pack brings along is called by its own name.
pub(crate) fn clock(rule: &str) -> String {
    match rule {
        "acknowledge" => "acknowledge the order",
        "schedule" => "schedule care",
        "first-visit" => "first visit or delivery",
        "after-discharge" => "care after discharge",
        "discharge-critical" => "in place before discharge",
        "deliver-custom" => "custom equipment",
        "offer-response" => "provider's answer",
        "chase-first" => "first reminder",
        "chase-second" => "second reminder",
        "chase-third" => "third reminder",
        "auth-standard" => "payer's decision",
        "auth-expedited" => "payer's expedited decision",
        "auth-ends" => "renew the authorization",
        "next-dose" => "there by the next dose",
        "pap-reevaluation" => "evaluation of the CPAP trial",
        "pick-up" => "pick up what was left",
        "auth-without-info" => "payer's decision without what it asked for",
        "notice-incomplete" => "say what is missing, by law",
        "auth-units" => "renew what runs low",
        "appeal-by" => "file an appeal",
        "appeal-decision" => "appeal decision",
        "commit" => "take the escalation",
        "keep-promise" => "keep the promise",
        "therapy-due" => "therapy planned in time",
        "complaint-acknowledge" => "acknowledge the complaint",
        "complaint-result" => "supplier's written result",
        "inquiry-answer" => "answer the inquiry",
        "call-back" => "call back",
        other => return other.replace('-', " "),
    }
    .to_owned()
}

/// What is ordered on a line.
pub(crate) fn line(line: &Line, terms: &Terms) -> String {
    let family = terms.family(line.service, &line.family).map(|family| family.words.clone());
    family.filter(|words| !words.is_empty()).unwrap_or_else(|| match line.service {
        ServiceLine::Unclassified => "Not classified yet".to_owned(),
        known => service(known).to_owned(),
    })
}

/// `2 visits`, `1 each`.
pub(crate) fn quantity(n: u32, unit: Unit) -> String {
    match (unit, n) {
        (Unit::Each, n) => format!("{n}"),
        (Unit::QuarterHour, 1) => "1 quarter-hour".to_owned(),
        (unit, 1) => format!("1 {}", unit.name()),
        (unit, n) => format!("{n} {}s", unit.name()),
    }
}

/// What an owner of something missing is called in a sentence.
pub(crate) const fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Referrer => "the referrer",
        Owner::Member => "the member",
        Owner::Payer => "the payer",
        Owner::Hub => "us",
        Owner::Provider => "the provider",
    }
}

/// From whom something missing has to come: `from the referrer`.
pub(crate) fn source(of: Owner) -> String {
    format!("from {}", owner(of))
}

/// What a channel is called in a sentence.
pub(crate) const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Fhir => "FHIR",
        Channel::X12 => "X12",
        Channel::Hl7 => "HL7",
        Channel::Csv => "a list",
        Channel::Form => "the console",
        Channel::Phone => "phone",
        Channel::Portal => "the portal",
        Channel::Fax => "fax",
        Channel::Email => "e-mail",
        Channel::Mail => "mail",
    }
}

/// What a kind of document is called.
pub(crate) const fn document(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Order => "Order",
        DocumentKind::PlanOfCare => "Plan of care",
        DocumentKind::FaceToFace => "Face-to-face note",
        DocumentKind::TestResult => "Test result",
        DocumentKind::ProofOfDelivery => "Proof of delivery",
        DocumentKind::Confirmation => "Confirmation",
        DocumentKind::Clinical => "Clinical packet",
        DocumentKind::Other => "Other",
    }
}

/// What an urgency is called, with its tone.
pub(crate) const fn urgency(urgency: Urgency) -> (&'static str, &'static str) {
    match urgency {
        Urgency::Routine => ("", "Routine"),
        Urgency::Urgent => ("soon", "Urgent"),
        Urgency::Discharge => ("late", "Discharge"),
    }
}

/// What a priority means.
pub(crate) const fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::P0 => "P0, life-sustaining or home within hours",
        Priority::P1 => "P1, within a day",
        Priority::P2 => "P2, within three days",
        Priority::P3 => "P3, routine",
    }
}

/// What a coverage's state is called, with its tone.
pub(crate) const fn coverage(status: CoverageStatus) -> (&'static str, &'static str) {
    match status {
        CoverageStatus::Unchecked => ("", "not checked yet"),
        CoverageStatus::Pending => ("turn", "asked, no answer yet"),
        CoverageStatus::Active => ("good", "active"),
        CoverageStatus::Inactive => ("late", "not active"),
        CoverageStatus::CobReview => ("soon", "another payer may come first"),
    }
}

/// What an authorization's state is called, with its tone.
pub(crate) const fn auth(auth: &Auth) -> (&'static str, &'static str) {
    match auth {
        Auth::Undetermined => ("", "not determined"),
        Auth::NotRequired { .. } => ("good", "not required"),
        Auth::Required => ("soon", "required"),
        Auth::Submitted { .. } => ("turn", "requested"),
        Auth::Rejected { .. } => ("late", "sent back"),
        Auth::Pended { .. } => ("turn", "pended"),
        Auth::InfoRequested { .. } => ("soon", "payer wants more"),
        Auth::Approved(_) => ("good", "approved"),
        Auth::Modified(_) => ("soon", "approved differently"),
        Auth::Denied { .. } => ("late", "denied"),
        Auth::Lapsed { .. } => ("late", "not decided in time"),
        Auth::Withdrawn => ("", "withdrawn"),
        Auth::Expired(_) => ("soon", "expired"),
    }
}

/// What was asked for beside what was authorized, where they differ. Source: facts 11.2 (12).
pub(crate) fn differences(line: &Line, approval: &Approval) -> String {
    let mut out = Vec::new();
    let asked = &line.request;
    if let Some(n) = approval.quantity
        && (n, approval.unit) != (line.ledger.ordered, asked.unit)
    {
        let (got, wanted) = (quantity(n, approval.unit), quantity(line.ledger.ordered, asked.unit));
        out.push(format!("{got}, requested {wanted}"));
    }
    if let Some(code) = approval.code.as_ref().filter(|code| Some(*code) != asked.code.as_ref()) {
        let wanted = asked.code.as_ref().map_or("no code", |code| code.as_str());
        out.push(format!("{}, requested {wanted}", code.as_str()));
    }
    if !approval.modifiers.is_empty() && approval.modifiers != asked.modifiers {
        let wanted =
            if asked.modifiers.is_empty() { "none".to_owned() } else { asked.modifiers.join(" ") };
        out.push(format!("modifiers {}, requested {wanted}", approval.modifiers.join(" ")));
    }
    if let Some(provider_id) = &approval.provider_id
        && line.placement.provider().is_some_and(|placed| placed != provider_id)
    {
        out.push(format!("for the provider {provider_id}, another than has the line"));
    }
    out.iter().fold(String::new(), |all, words| all + "; " + words)
}

/// What a placement's state is called, with its tone.
pub(crate) const fn placement(placement: &LinePlacement) -> (&'static str, &'static str) {
    match placement {
        LinePlacement::Unplaced => ("", "not placed"),
        LinePlacement::Offered => ("turn", "offered"),
        LinePlacement::Accepted { .. } => ("good", "accepted"),
        LinePlacement::SingleCaseAgreement { .. } => ("good", "single-case agreement"),
    }
}

/// What a delivery's state is called, with its tone.
pub(crate) const fn fulfilment(fulfilment: Fulfilment) -> (&'static str, &'static str) {
    match fulfilment {
        Fulfilment::Unscheduled => ("", "not scheduled"),
        Fulfilment::Scheduled => ("turn", "scheduled"),
        Fulfilment::EnRoute => ("turn", "on the way"),
        Fulfilment::Partial => ("soon", "delivered in part"),
        Fulfilment::Delivered => ("good", "delivered"),
        Fulfilment::Missed => ("late", "missed"),
        Fulfilment::Refused => ("late", "refused by the member"),
        Fulfilment::PickedUp => ("soon", "picked up"),
        Fulfilment::Exchanged => ("good", "exchanged"),
    }
}

/// What a stage is called.
pub(crate) fn stage(name: &str) -> String {
    match name {
        "auth" => "Authorization".to_owned(),
        "orders" => "Order".to_owned(),
        other => capital(other),
    }
}
