//! The table of forms, in the order in which a case lives.

use super::FieldKind::{
    Area, Ask as AskRef, Call as CallRef, Choice, Choices, Date, Dispute as DisputeRef, Document,
    Escalation as EscalationRef, Family as FamilyName, Flag, Goods, Id, Items, Line, Lines, List,
    Moment, Number, Offer as OfferRef, Phone, Provider, Service, Text, User, Visit as VisitRef,
};
use super::lines::{add_line, classify, state_quantity};
use super::lists::{
    agreement_ends, ask_ends, auth_ends, beyonds, cancel_answers, cancels, complainants,
    complaint_categories, complaint_doors, completions, coverages, death_sources, declines,
    determinations, dispute_kinds, extensions, labels, levels, methods, misses, need_by_reasons,
    offer_ends, outcomes, owners, pick_ups, priorities, raises, refusals, reopens, severities,
    signers, stays, triage_checks, triage_outcomes, triage_reasons, units, visit_ends,
};
use super::{CommandForm, Field, FieldKind, FieldProblem, Input, complaints, escalations};
use doorstep_case::auth::{
    Approval, AuthCommand, AuthWithdrawReason, Determination, ExtensionReason,
};
use doorstep_case::benefits::{Answer, BenefitsCommand, CoverageStatus};
use doorstep_case::closing::{CancelReason, ClosingCommand, CompleteReason, ReopenReason};
use doorstep_case::delivery::{
    BeyondAuth, DeliveryCommand, MissReason, PickUpReason, Proof, ProofMethod, RefusalReason,
    Signer, StayReason, VisitCancelReason,
};
use doorstep_case::disputes::{DisputeKind, DisputeOutcome, DisputesCommand};
use doorstep_case::intake::{
    Assessment, CancelAnswer, DeathSource, Found, IntakeCommand, Label, NeedByReason, Priority,
    TriageCheck, TriageOutcome, TriageReason,
};
use doorstep_case::orders::{AskWithdrawReason, OrdersCommand};
use doorstep_case::placement::{
    AgreementEnd, DeclineReason, LinePlacement, PlacementCommand, WithdrawReason,
};
use doorstep_case::{Command, Discharge, Owner, Unit};
use doorstep_vocab::{
    AskId, ContactId, DisputeId, DocumentId, EscalationId, LineNo, OfferId, Procedure, ProviderId,
    UserId, VisitId,
};

pub(super) type Made = Result<Command, FieldProblem>;

const fn must(name: &'static str, kind: FieldKind, words: &'static str) -> Field {
    Field { name, kind, words, required: true }
}

const fn may(name: &'static str, kind: FieldKind, words: &'static str) -> Field {
    Field { name, kind, words, required: false }
}

macro_rules! forms {
    ($($stage:literal { $($name:literal $noun:literal $words:literal [$($field:expr),* $(,)?] $read:expr;)* })*) => {
        /// Every command that a person may give, in the order in which a case lives.
        pub const COMMANDS: &[CommandForm] = &[$($(
            CommandForm { name: $name, noun: $noun, stage: $stage, words: $words, fields: &[$($field),*], read: $read },
        )*)*];
    };
}

forms! {
    "intake" {
        "acknowledge" "acknowledgement" "Tell the sender the case number" [] |_| Ok(Command::Intake(IntakeCommand::Acknowledge));
        "assign" "manager" "Give the case to a manager" [must("manager", User, "Case manager")]
            |i| Ok(Command::Intake(IntakeCommand::Assign(UserId::from(i.text("manager")?))));
        "triage" "triage" "Record triage" [
            must("priority", Choice(priorities), "Priority"), must("outcome", Choice(triage_outcomes), "What comes of it"),
            must("reason", Choice(triage_reasons), "Because"), may("checked", Choices(triage_checks), "What was checked"),
            may("words", Area, "Clinical note"), may("note_id", Id, ""),
        ] triage;
        "answer-cancel" "cancellation-answers" "Answer the sender's cancellation" [
            must("answer", Choice(cancel_answers), "What became of it"),
        ] |i| Ok(Command::Intake(IntakeCommand::AnswerCancel(i.choice("answer", CancelAnswer::parse)?)));
        "classify" "classification" "Say which service a line is" [
            must("line", Line, "Line"), may("service", Service, "Service line"), must("family", FamilyName, "Item or service"),
        ] classify;
        "add-line" "lines" "Add a line to the order" [
            may("code", Text, "HCPCS, CPT or revenue code"), may("service", Service, "Service line"),
            may("family", FamilyName, "Item or service"), may("quantity", Number, "Quantity"), may("unit", Choice(units), "Unit"),
        ] add_line;
        "state-quantity" "quantities" "Say how many of a line are to be dispensed" [
            must("line", Line, "Line"), must("quantity", Number, "Quantity"), may("unit", Choice(units), "Unit"),
        ] state_quantity;
        "move-discharge" "discharge" "Set or move the discharge" [
            must("at", Moment, "Planned discharge"), may("bedside", Flag, "Portable equipment goes to the bedside"),
        ] |i| Ok(Command::Intake(IntakeCommand::MoveDischarge(Discharge { at: i.moment("at")?, bedside: i.flag("bedside")? })));
        "move-need-by" "need-by" "Set when care has to be there" [
            must("at", Moment, "Needed by"), must("reason", Choice(need_by_reasons), "Because"),
        ] |i| Ok(Command::Intake(IntakeCommand::MoveNeedBy { at: i.moment("at")?, reason: i.choice("reason", NeedByReason::parse)? }));
        "record-death" "death" "Record that the member has died" [
            must("on", Date, "Day of the death"), must("source", Choice(death_sources), "Known from"),
        ] |i| Ok(Command::Intake(IntakeCommand::RecordDeath { on: i.date("on")?, source: i.choice("source", DeathSource::parse)? }));
        "retract-death" "death-retractions" "Take back that the member has died" [] |_| Ok(Command::Intake(IntakeCommand::RetractDeath));
        "label" "labels" "Label the case as sensitive" [must("label", Choice(labels), "Because of")]
            |i| Ok(Command::Intake(IntakeCommand::Label(i.choice("label", Label::parse)?)));
        "take-label-off" "label-removals" "Take a label off" [must("label", Choice(labels), "Label")]
            |i| Ok(Command::Intake(IntakeCommand::TakeLabelOff(i.choice("label", Label::parse)?)));
    }
    "benefits" {
        "ask-benefits" "benefit-requests" "Ask the payer about coverage" [] |_| Ok(Command::Benefits(BenefitsCommand::Ask));
        "answer-benefits" "benefit-answers" "Record the payer's answer about coverage" [
            must("status", Choice(coverages), "Coverage"), may("reference", Text, "Payer's reference"),
            may("from", Date, "First day"), may("to", Date, "Last day"),
        ] answer_benefits;
    }
    "orders" {
        "ask" "asks" "Ask for what is missing" [
            must("of", Choice(owners), "Whom"), must("items", Items, "For what"), may("ask_id", Id, ""),
        ] |i| Ok(Command::Orders(OrdersCommand::Ask {
            ask_id: AskId::from(i.id("ask_id")), of: i.choice("of", Owner::parse)?, items: i.items("items")?,
        }));
        "chase" "chases" "Ask again" [must("ask", AskRef, "Question")]
            |i| Ok(Command::Orders(OrdersCommand::Chase(AskId::from(i.text("ask")?))));
        "withdraw-ask" "ask-withdrawals" "Withdraw a question" [
            must("ask", AskRef, "Question"), must("reason", Choice(ask_ends), "Reason"),
        ] |i| Ok(Command::Orders(OrdersCommand::WithdrawAsk {
            ask_id: AskId::from(i.text("ask")?), reason: i.choice("reason", AskWithdrawReason::parse)?,
        }));
        "sign" "signatures" "Record the signed order" [must("signed_on", Date, "Date of the signature")]
            |i| Ok(Command::Orders(OrdersCommand::Sign { signed_on: i.date("signed_on")? }));
        "take-verbal" "verbal-orders" "Record a verbal order" [must("on", Date, "Date it was given")]
            |i| Ok(Command::Orders(OrdersCommand::TakeVerbal { on: i.date("on")? }));
    }
    "auth" {
        "determine-auth" "determinations" "Determine whether authorization is needed" [
            must("line", Line, "Line"), must("answer", Choice(determinations), "Needed?"), may("proof", Text, "Payer's reference"),
        ] determine;
        "request-auth" "authorization-requests" "Request authorization" [
            may("lines", Lines, "Lines"), may("trace", Id, ""), may("expedited", Flag, "Expedited: delay could harm"),
            may("received_at", Moment, "Payer got it, now if left empty"),
        ] |i| Ok(Command::Auth(AuthCommand::Request {
            lines: i.lines("lines")?, trace: i.id("trace").to_owned(), expedited: i.flag("expedited")?,
            received_at: i.moment_if("received_at")?,
        }));
        "renew-auth" "authorization-renewals" "Renew an authorization for what comes after it" [
            may("lines", Lines, "Lines"), may("trace", Id, ""), may("expedited", Flag, "Expedited: delay could harm"),
            may("received_at", Moment, "Payer got it, now if left empty"),
        ] |i| Ok(Command::Auth(AuthCommand::Renew {
            lines: renewed(i)?, trace: i.id("trace").to_owned(), expedited: i.flag("expedited")?,
            received_at: i.moment_if("received_at")?,
        }));
        "expedite-auth" "expeditings" "Ask the payer to decide at once" [must("line", Line, "Line")]
            |i| Ok(Command::Auth(AuthCommand::Expedite { line: i.line("line")? }));
        "refuse-expedite" "expedite-refusals" "Record that the payer will not hurry" [must("line", Line, "Line")]
            |i| Ok(Command::Auth(AuthCommand::RefuseExpedite { line: i.line("line")? }));
        "extend-auth" "extensions" "Record that the payer takes longer" [
            must("line", Line, "Line"), must("reason", Choice(extensions), "Because"),
        ] |i| Ok(Command::Auth(AuthCommand::Extend {
            line: i.line("line")?, reason: i.choice("reason", ExtensionReason::parse)?,
        }));
        "pend-auth" "pends" "Record that the payer pended it" [must("line", Line, "Line"), may("reference", Text, "Payer's reference")]
            |i| Ok(Command::Auth(AuthCommand::Pend { line: i.line("line")?, reference: i.get("reference").map(str::to_owned) }));
        "ask-info-auth" "information-requests" "Record what more the payer wants" [
            must("line", Line, "Line"), must("wanted", List, "Wanted"), may("supply_by", Moment, "To be supplied by"),
        ] |i| { i.text("wanted")?; Ok(Command::Auth(AuthCommand::AskInfo {
            line: i.line("line")?, wanted: i.list("wanted"), supply_by: i.moment_if("supply_by")?,
        })) };
        "send-info" "information-sent" "Record that it was sent" [must("line", Line, "Line")]
            |i| Ok(Command::Auth(AuthCommand::SendInfo { line: i.line("line")? }));
        "reject-auth" "rejections" "Record that the payer could not process the request" [
            must("line", Line, "Line"), must("reasons", List, "Reject codes"),
        ] |i| Ok(Command::Auth(AuthCommand::Reject { line: i.line("line")?, reasons: i.list("reasons") }));
        "approve-auth" "approvals" "Record an approval" [
            must("line", Line, "Line"), must("number", Text, "Authorization number"), may("from", Date, "First day"),
            may("to", Date, "Last day"), may("quantity", Number, "Quantity approved"), may("unit", Choice(units), "Unit"),
            may("code", Text, "Code approved, if another"), may("modifiers", List, "Modifiers approved"),
            may("approved_provider", Provider, "Provider approved"), may("modified", Flag, "Approved differently than asked"),
            may("noticed_on", Date, "Date of the notice"),
        ] approve;
        "deny-auth" "denials" "Record a denial" [
            must("line", Line, "Line"), must("reasons", List, "Specific reason codes"), may("noticed_on", Date, "Date of the notice"),
        ] |i| Ok(Command::Auth(AuthCommand::Deny {
            line: i.line("line")?, reasons: i.list("reasons"), noticed_on: i.date_if("noticed_on")?,
        }));
        "withdraw-auth" "authorization-withdrawals" "Withdraw the request" [
            must("line", Line, "Line"), must("reason", Choice(auth_ends), "Reason"),
        ] |i| Ok(Command::Auth(AuthCommand::Withdraw {
            line: i.line("line")?, reason: i.choice("reason", AuthWithdrawReason::parse)?,
        }));
        "withdraw-renewal" "renewal-withdrawals" "Withdraw a renewal; the approval stands" [
            must("line", Line, "Line"), must("reason", Choice(auth_ends), "Reason"),
        ] |i| Ok(Command::Auth(AuthCommand::WithdrawRenewal {
            line: i.line("line")?, reason: i.choice("reason", AuthWithdrawReason::parse)?,
        }));
        "expire-auth" "authorization-expiries" "Record that the approval ended unused" [must("line", Line, "Line")]
            |i| Ok(Command::Auth(AuthCommand::Expire { line: i.line("line")? }));
    }
    "placement" {
        "offer" "offers" "Offer lines to a provider" [
            must("provider", Provider, "Provider"), may("lines", Lines, "Lines"), may("offer_id", Id, ""),
        ] |i| Ok(Command::Placement(PlacementCommand::Offer {
            offer_id: OfferId::from(i.id("offer_id")), provider_id: ProviderId::from(i.text("provider")?), lines: i.lines("lines")?,
        }));
        "accept" "acceptances" "Record that the provider accepts" [
            must("offer", OfferRef, "Offer"), may("lines", Lines, "Lines accepted"), must("commit_by", Moment, "Committed to be there by"),
            must("contact", Text, "Whom to ask for there"), must("contact_phone", Phone, "Their telephone"), may("contact_id", Id, ""),
        ] accept;
        "decline" "declines" "Record that the provider declines" [must("offer", OfferRef, "Offer"), must("reason", Choice(declines), "Reason")]
            |i| Ok(Command::Placement(PlacementCommand::Decline {
                offer_id: OfferId::from(i.text("offer")?), reason: i.choice("reason", DeclineReason::parse)?,
            }));
        "withdraw-offer" "offer-withdrawals" "Withdraw an offer" [
            must("offer", OfferRef, "Offer"), must("reason", Choice(offer_ends), "Reason"),
        ] |i| Ok(Command::Placement(PlacementCommand::Withdraw {
            offer_id: OfferId::from(i.text("offer")?), reason: i.choice("reason", WithdrawReason::parse)?,
        }));
        "return" "returns" "Record that the provider gives lines back" [
            must("offer", OfferRef, "Accepted offer"), must("reason", Choice(declines), "Reason"),
        ] |i| Ok(Command::Placement(PlacementCommand::Return {
            offer_id: OfferId::from(i.text("offer")?), reason: i.choice("reason", DeclineReason::parse)?,
        }));
        "agree-single-case" "single-case-agreements" "Record a single-case agreement outside the network" [
            must("provider", Text, "Provider"), may("lines", Lines, "Lines"), must("reference", Text, "Agreement's reference"),
            must("contact", Text, "Whom to ask for there"), must("contact_phone", Phone, "Their telephone"), may("contact_id", Id, ""),
        ] |i| Ok(Command::Placement(PlacementCommand::AgreeSingleCase {
            provider_id: ProviderId::from(i.text("provider")?), lines: i.lines("lines")?, reference: i.text("reference")?.to_owned(),
            contact_id: ContactId::from(i.id("contact_id")),
        }));
        "name-contact" "contacts" "Name another contact at the provider" [
            may("lines", Lines, "Lines"), must("contact", Text, "Whom to ask for there"),
            must("contact_phone", Phone, "Their telephone"), may("contact_id", Id, ""),
        ] |i| Ok(Command::Placement(PlacementCommand::NameContact {
            lines: i.lines("lines")?, contact_id: ContactId::from(i.id("contact_id")),
        }));
        "end-single-case" "agreement-ends" "End a single-case agreement" [
            may("lines", Lines, "Lines"), must("reason", Choice(agreement_ends), "Reason"),
        ] |i| Ok(Command::Placement(PlacementCommand::EndSingleCase {
            lines: agreed(i)?, reason: i.choice("reason", AgreementEnd::parse)?,
        }));
    }
    "delivery" {
        "schedule" "visits" "Schedule a delivery or visit" [
            may("lines", Lines, "Lines"), must("from", Moment, "Window begins"), must("to", Moment, "Window ends"), may("visit_id", Id, ""),
        ] |i| Ok(Command::Delivery(DeliveryCommand::Schedule {
            visit_id: VisitId::from(i.id("visit_id")), lines: i.lines("lines")?, from: i.moment("from")?, to: i.moment("to")?,
        }));
        "reschedule" "reschedulings" "Move a visit" [
            must("visit", VisitRef, "Visit"), must("from", Moment, "Window begins"), must("to", Moment, "Window ends"),
            must("reason", Choice(misses), "Because"),
        ] |i| Ok(Command::Delivery(DeliveryCommand::Reschedule {
            visit_id: VisitId::from(i.text("visit")?), from: i.moment("from")?, to: i.moment("to")?,
            reason: i.choice("reason", MissReason::parse)?,
        }));
        "confirm" "confirmations" "Record the written confirmation of the start" [must("visit", VisitRef, "Visit")]
            |i| Ok(Command::Delivery(DeliveryCommand::Confirm { visit_id: VisitId::from(i.text("visit")?) }));
        "depart" "departures" "Record that they are on the way" [must("visit", VisitRef, "Visit")]
            |i| Ok(Command::Delivery(DeliveryCommand::Depart { visit_id: VisitId::from(i.text("visit")?) }));
        "ship" "shipments" "Record a shipment" [must("goods", Goods, "Quantity by line"), must("tracking", Text, "Tracking number")]
            |i| { i.text("goods")?; Ok(Command::Delivery(DeliveryCommand::Ship {
                goods: i.goods("goods", &[])?, tracking: i.text("tracking")?.to_owned(),
            })) };
        "deliver" "deliveries" "Record the delivery with its proof" [
            must("visit", VisitRef, "Visit"), may("quantity", Goods, "Quantity by line, all if left empty"),
            must("method", Choice(methods), "Proof"), may("signer", Choice(signers), "Who signed"),
            may("signed_on", Date, "Date beside the signature"), may("tracking", Text, "Tracking number"),
            may("serials", List, "Serial numbers"), may("document_id", Document, "Stored proof"),
        ] deliver;
        "miss" "misses" "Record a missed delivery or visit" [must("visit", VisitRef, "Visit"), must("reason", Choice(misses), "Reason")]
            |i| Ok(Command::Delivery(DeliveryCommand::Miss {
                visit_id: VisitId::from(i.text("visit")?), reason: i.choice("reason", MissReason::parse)?,
            }));
        "refuse" "refusals" "Record that the member refuses a line" [
            must("line", Line, "Line"), must("reason", Choice(refusals), "Reason"),
        ] |i| Ok(Command::Delivery(DeliveryCommand::Refuse {
            line: i.line("line")?, reason: i.choice("reason", RefusalReason::parse)?,
        }));
        "pick-up" "pickups" "Record what was picked up" [
            must("goods", Goods, "Quantity by line"), must("reason", Choice(pick_ups), "Reason"), may("serials", List, "Serial numbers"),
        ] |i| { i.text("goods")?; Ok(Command::Delivery(DeliveryCommand::PickUp {
            goods: i.goods("goods", &[])?, serials: i.list("serials"), reason: i.choice("reason", PickUpReason::parse)?,
        })) };
        "request-pick-up" "pickup-requests" "Have what the member has picked up" [
            must("lines", Lines, "Lines"), must("reason", Choice(pick_ups), "Reason"),
        ] |i| { i.text("lines")?; Ok(Command::Delivery(DeliveryCommand::RequestPickUp {
            lines: i.lines("lines")?, reason: i.choice("reason", PickUpReason::parse)?,
        })) };
        "leave" "goods-left" "Record that what was to be picked up stays" [
            must("line", Line, "Line"), must("reason", Choice(stays), "Reason"),
        ] |i| Ok(Command::Delivery(DeliveryCommand::Leave {
            line: i.line("line")?, reason: i.choice("reason", StayReason::parse)?,
        }));
        "cancel-visit" "visit-cancellations" "Cancel a visit" [
            must("visit", VisitRef, "Visit"), must("reason", Choice(visit_ends), "Reason"),
        ] |i| Ok(Command::Delivery(DeliveryCommand::CancelVisit {
            visit_id: VisitId::from(i.text("visit")?), reason: i.choice("reason", VisitCancelReason::parse)?,
        }));
        "override-auth" "authorization-overrides" "Go beyond the authorization, for a reason" [
            may("lines", Lines, "Lines"), must("reason", Choice(beyonds), "Reason"),
        ] |i| Ok(Command::Delivery(DeliveryCommand::OverrideAuth {
            lines: i.lines("lines")?, reason: i.choice("reason", BeyondAuth::parse)?,
        }));
    }
    "disputes" {
        "escalate" "escalations" "Escalate" [
            must("level", Choice(levels), "Level"), must("reason", Choice(raises), "Because"), may("asked_by", Text, "Who asked, when it was a caller"),
            may("words", Area, "What happened, and what is to be done"), may("call", CallRef, ""), may("escalation_id", Id, ""), may("message_id", Id, ""),
        ] escalations::escalate;
        "acknowledge-escalation" "escalation-acknowledgements" "Say that an escalation was seen" [
            must("escalation", EscalationRef, "Escalation"),
        ] escalations::acknowledge;
        "commit" "commitments" "Take an escalation and promise a time" [
            must("escalation", EscalationRef, "Escalation"), must("owner", User, "Owner"), must("committed_to", Moment, "Resolved by"),
        ] |i| Ok(Command::Disputes(DisputesCommand::Commit {
            escalation_id: EscalationId::from(i.text("escalation")?), owner: UserId::from(i.text("owner")?),
            committed_to: i.moment("committed_to")?,
        }));
        "say-escalation" "escalation-messages" "Write about an escalation" [
            must("escalation", EscalationRef, "Escalation"), must("words", Area, "Message"), may("message_id", Id, ""),
        ] escalations::say;
        "raise-escalation" "escalation-levels" "Hand an escalation to a higher level" [
            must("escalation", EscalationRef, "Escalation"), must("level", Choice(levels), "Level"),
            may("words", Area, "Why"), may("message_id", Id, ""),
        ] escalations::raise;
        "resolve" "resolutions" "Resolve an escalation" [must("escalation", EscalationRef, "Escalation")]
            |i| Ok(Command::Disputes(DisputesCommand::Resolve { escalation_id: EscalationId::from(i.text("escalation")?) }));
        "open-dispute" "disputes" "Open an appeal or grievance" [
            must("kind", Choice(dispute_kinds), "Kind"), may("lines", List, "Lines"), may("dispute_id", Id, ""),
        ] open_dispute;
        "complain" "complaints" "Take a complaint down" [
            must("kind", Choice(complaints::kinds), "It is"), must("category", Choice(complaint_categories), "About"),
            must("severity", Choice(severities), "How grave"), must("from", Choice(complainants), "From whom"),
            must("door", Choice(complaint_doors), "How it came"), must("received_at", Moment, "First heard"),
            must("words", Area, "What happened, and what is to be put right"),
            may("lines", List, "A decision is to be changed too: appeal these lines as well"),
            may("call", CallRef, ""), may("dispute_id", Id, ""), may("note_id", Id, ""),
        ] complaints::complain;
        "acknowledge-complaint" "complaint-acknowledgements" "Record that the complaint was acknowledged" [
            must("dispute", DisputeRef, "Complaint"),
        ] complaints::acknowledge;
        "answer-complaint" "complaint-answers" "Record the answer to a complaint" [
            must("dispute", DisputeRef, "Complaint"), must("how", Choice(complaints::answers), "Answered"),
            may("tells_qio", Flag, "It tells of the right to turn to the Quality Improvement Organization"),
            may("document_id", Document, "Stored letter"),
        ] complaints::answer;
        "refile-dispute" "refilings" "File it as something else, with its first receipt" [
            must("dispute", DisputeRef, "Dispute"), must("kind", Choice(complaints::filings), "It is"), may("lines", List, "Lines"),
            may("category", Choice(complaint_categories), "About, where it was no complaint before"),
            may("severity", Choice(severities), "How grave"), may("from", Choice(complainants), "From whom"),
            may("door", Choice(complaint_doors), "How it came"), may("received_at", Moment, "First heard"),
        ] complaints::refile;
        "file-dispute" "filings" "Record that it was filed" [must("dispute", DisputeRef, "Dispute")]
            |i| Ok(Command::Disputes(DisputesCommand::File { dispute_id: DisputeId::from(i.text("dispute")?) }));
        "extend-dispute" "dispute-extensions" "Record that the payer takes longer" [
            must("dispute", DisputeRef, "Dispute"), must("reason", Choice(extensions), "Because"),
        ] |i| Ok(Command::Disputes(DisputesCommand::Extend {
            dispute_id: DisputeId::from(i.text("dispute")?), reason: i.choice("reason", ExtensionReason::parse)?,
        }));
        "decide-dispute" "dispute-decisions" "Record its outcome" [must("dispute", DisputeRef, "Dispute"), must("outcome", Choice(outcomes), "Outcome")]
            |i| Ok(Command::Disputes(DisputesCommand::Decide {
                dispute_id: DisputeId::from(i.text("dispute")?), outcome: i.choice("outcome", DisputeOutcome::parse)?,
            }));
    }
    "closing" {
        "cancel-line" "line-cancellations" "Cancel a line with its reason" [must("line", Line, "Line"), must("reason", Choice(cancels), "Reason")]
            |i| Ok(Command::Closing(ClosingCommand::CancelLine { line: i.line("line")?, reason: i.choice("reason", CancelReason::parse)? }));
        "complete-line" "line-completions" "End a line with what was delivered" [
            must("line", Line, "Line"), must("reason", Choice(completions), "Reason"),
        ] |i| Ok(Command::Closing(ClosingCommand::CompleteLine {
            line: i.line("line")?, reason: i.choice("reason", CompleteReason::parse)?,
        }));
        "reopen-line" "line-reopenings" "Let a line that ended go on" [
            must("line", Line, "Line"), must("reason", Choice(reopens), "Reason"),
        ] |i| Ok(Command::Closing(ClosingCommand::ReopenLine {
            line: i.line("line")?, reason: i.choice("reason", ReopenReason::parse)?,
        }));
        "close" "closure" "Close the case" [] |_| Ok(Command::Closing(ClosingCommand::Close));
        "reopen" "reopening" "Reopen the case" [must("reason", Choice(reopens), "Reason")]
            |i| Ok(Command::Closing(ClosingCommand::Reopen(i.choice("reason", ReopenReason::parse)?)));
    }
}

fn triage(input: &Input) -> Made {
    let is_noted = input.get("words").is_some();
    let found = Found {
        outcome: input.choice("outcome", TriageOutcome::parse)?,
        reason: input.choice("reason", TriageReason::parse)?,
        checked: input.choices("checked", TriageCheck::parse)?.into_iter().collect(),
        note_id: is_noted.then(|| DocumentId::from(input.id("note_id"))),
    };
    let priority = input.choice("priority", Priority::parse)?;
    Ok(Command::Intake(IntakeCommand::Assess(Box::new(Assessment { priority, found }))))
}

fn answer_benefits(input: &Input) -> Made {
    Ok(Command::Benefits(BenefitsCommand::Answer(Answer {
        status: input.choice("status", CoverageStatus::parse)?,
        reference: input.get("reference").map(str::to_owned),
        from: input.date_if("from")?,
        to: input.date_if("to")?,
    })))
}

fn determine(input: &Input) -> Made {
    let proof = input.get("proof").unwrap_or_default().to_owned();
    let answer = input.choice("answer", |text| match text {
        "as-listed" => Some(Determination::FromTerms),
        "required" => Some(Determination::Required),
        "not-required" => Some(Determination::NotRequired { proof: proof.clone() }),
        _ => None,
    })?;
    Ok(Command::Auth(AuthCommand::Determine { line: input.line("line")?, answer }))
}

fn approve(input: &Input) -> Made {
    let line = input.line("line")?;
    let asked = input.case.lines.get(&line).map(|line| line.request.unit);
    let approval = Approval {
        number: input.text("number")?.to_owned(),
        from: input.date_if("from")?,
        to: input.date_if("to")?,
        quantity: input.number("quantity")?,
        unit: input.choice_if("unit", Unit::parse)?.or(asked).unwrap_or_default(),
        code: input.choice_if("code", |text| Procedure::parse(text).ok())?,
        modifiers: input.list("modifiers"),
        provider_id: input.get("approved_provider").map(ProviderId::from),
    };
    let (modified, noticed_on) = (input.flag("modified")?, input.date_if("noticed_on")?);
    Ok(Command::Auth(AuthCommand::Approve { line, approval, modified, noticed_on }))
}

fn accept(input: &Input) -> Made {
    let offer_id = OfferId::from(input.text("offer")?);
    let offered = input.case.placement.offers.get(&offer_id).map(|offer| offer.lines.clone());
    let lines = if input.get("lines").is_none() {
        offered.unwrap_or_default()
    } else {
        input.lines("lines")?
    };
    Ok(Command::Placement(PlacementCommand::Accept {
        offer_id,
        lines,
        commit_by: input.moment("commit_by")?,
        contact_id: ContactId::from(input.id("contact_id")),
    }))
}

/// Left empty, every line that goes on under an approval.
fn renewed(input: &Input) -> Result<Vec<LineNo>, FieldProblem> {
    if input.get("lines").is_some() {
        return input.lines("lines");
    }
    let lines = input.case.lines.values();
    let goes_on = lines.filter(|line| line.goes_on() && line.approvals().next().is_some());
    Ok(goes_on.map(|line| line.no).collect())
}

/// Left empty, every line that an agreement stands for.
fn agreed(input: &Input) -> Result<Vec<LineNo>, FieldProblem> {
    if input.get("lines").is_some() {
        return input.lines("lines");
    }
    let lines = input.case.open_lines();
    let is_agreed = |line: &&doorstep_case::Line| {
        matches!(line.placement, LinePlacement::SingleCaseAgreement { .. })
    };
    Ok(lines.filter(is_agreed).map(|line| line.no).collect())
}

fn deliver(input: &Input) -> Made {
    let visit_id = VisitId::from(input.text("visit")?);
    let planned = input.case.delivery.visits.get(&visit_id).map(|visit| visit.lines.clone());
    let proof = Proof {
        method: input.choice("method", ProofMethod::parse)?,
        signer: input.choice_if("signer", Signer::parse)?,
        signed_on: input.date_if("signed_on")?,
        tracking: input.get("tracking").map(str::to_owned),
        document_id: input.get("document_id").map(DocumentId::from),
        serials: input.list("serials"),
    };
    let goods = input.goods("quantity", &planned.unwrap_or_default())?;
    Ok(Command::Delivery(DeliveryCommand::Deliver { visit_id, goods, proof }))
}

fn open_dispute(input: &Input) -> Made {
    let lines: Vec<LineNo> =
        if input.get("lines").is_none() { Vec::new() } else { input.lines("lines")? };
    Ok(Command::Disputes(DisputesCommand::Open {
        dispute_id: DisputeId::from(input.id("dispute_id")),
        kind: input.choice("kind", DisputeKind::parse)?,
        lines,
    }))
}
