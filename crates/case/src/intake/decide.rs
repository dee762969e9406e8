//! The rules of intake.

use super::{
    Amendment, Assessment, CancelAnswer, IntakeCommand, IntakeEvent, NeedByReason, Receipt,
    Referred, ReferredLine, death,
};
use crate::auth::Auth;
use crate::{
    Case, Discharge, Facts, Family, Item, Known, LineRequest, Referral, Refusal, ServiceLine, Unit,
    Urgency, rules,
};
use doorstep_vocab::{CaseNumber, Date, LineNo, Micros, PayerId, Place, Timestamp, Zip};
use std::collections::BTreeMap;

type Decided = Result<Vec<IntakeEvent>, Refusal>;

pub(crate) fn decide(case: &Case, command: &IntakeCommand, facts: &Facts) -> Decided {
    if let IntakeCommand::Refer { number, payer_id, referral } = command {
        return refer(case, (number, payer_id), referral, facts);
    }
    if case.seq == 0 {
        return Err(Refusal::new(
            "case-unknown",
            "there is no such case: open it with a referral first",
        ));
    }
    match command {
        IntakeCommand::Refer { .. } => Ok(Vec::new()),
        IntakeCommand::Link(receipt) => Ok(link(case, receipt, facts)),
        IntakeCommand::RequestCancel(receipt) => Ok(request_cancel(case, receipt, facts)),
        IntakeCommand::AnswerCancel(answer) => answer_cancel(case, *answer),
        IntakeCommand::Acknowledge => {
            Ok(once(case.intake.acknowledged_at.is_none(), IntakeEvent::Acknowledged))
        }
        IntakeCommand::Assign(manager) => {
            let is_new = case.intake.manager.as_ref() != Some(manager);
            Ok(once(is_new, IntakeEvent::Assigned { manager: manager.clone() }))
        }
        IntakeCommand::HandOut { to, reason } => {
            let (is_new, reason) = (case.intake.manager != *to, reason.clone());
            Ok(once(is_new, IntakeEvent::HandedOut { to: to.clone(), reason }))
        }
        IntakeCommand::Triage(priority) => Ok(once(
            case.intake.priority != Some(*priority),
            IntakeEvent::Triaged { priority: *priority, found: None },
        )),
        IntakeCommand::Assess(assessment) => Ok(assess(case, assessment)),
        IntakeCommand::Amend(amendment) => amend(case, amendment, facts),
        IntakeCommand::Classify { line, service, family } => {
            classify(case, *line, (*service, family), facts)
        }
        IntakeCommand::AddLine(request) => add_line(case, request, facts),
        IntakeCommand::StateQuantity { line, quantity, unit } => {
            state_quantity(case, *line, (*quantity, *unit))
        }
        IntakeCommand::MoveDischarge(discharge) => move_discharge(case, discharge, facts),
        IntakeCommand::MoveNeedBy { at, reason } => move_need_by(case, *at, *reason, facts),
        IntakeCommand::Attach(document) => {
            let is_new =
                !case.intake.documents.iter().any(|d| d.document_id == document.document_id);
            Ok(once(is_new, IntakeEvent::Attached(document.clone())))
        }
        IntakeCommand::RecordDeath { on, source } => death::record(case, (*on, *source), facts),
        IntakeCommand::RetractDeath => death::retract(case),
        IntakeCommand::Label(label) => {
            let is_new = !case.intake.labels.contains(label);
            Ok(once(is_new, IntakeEvent::Labelled { label: *label }))
        }
        IntakeCommand::TakeLabelOff(label) => {
            let is_there = case.intake.labels.contains(label);
            Ok(once(is_there, IntakeEvent::LabelTakenOff { label: *label }))
        }
        IntakeCommand::Note(note_id) => {
            let is_new = !case.intake.notes.contains(note_id);
            Ok(once(is_new, IntakeEvent::Noted { note_id: note_id.clone() }))
        }
        IntakeCommand::AskReview { receipt_id, reason } => {
            let is_new = case.intake.reviews.get(receipt_id) != Some(reason);
            let (receipt_id, reason) = (receipt_id.clone(), *reason);
            Ok(once(is_new, IntakeEvent::ReviewAsked { receipt_id, reason }))
        }
        IntakeCommand::Review(receipt_id) => {
            let waits = case.intake.reviews.contains_key(receipt_id);
            Ok(once(waits, IntakeEvent::Reviewed { receipt_id: receipt_id.clone() }))
        }
    }
}

/// The same found again adds nothing.
fn assess(case: &Case, Assessment { priority, found }: &Assessment) -> Vec<IntakeEvent> {
    let was = case.intake.triage.as_ref().map(|record| &record.found);
    let is_new = (case.intake.priority, was) != (Some(*priority), Some(found));
    let found = Some(Box::new(found.clone()));
    once(is_new, IntakeEvent::Triaged { priority: *priority, found })
}

fn once(is_new: bool, event: IntakeEvent) -> Vec<IntakeEvent> {
    if is_new { vec![event] } else { Vec::new() }
}

/// The most lines of one case. An order of more is several orders, or a broken file.
const LINES_MAX: u16 = 999;

fn refer(
    case: &Case,
    (number, payer_id): (&CaseNumber, &PayerId),
    referral: &Referral,
    facts: &Facts,
) -> Decided {
    if case.seq > 0 {
        return Ok(Vec::new());
    }
    if referral.lines.is_empty() {
        let words = "the order names no service: add at least one line";
        return Err(Refusal::new("order-empty", words).at("lines"));
    }
    if referral.lines.len() > usize::from(LINES_MAX) {
        let words = format!("the order has more than {LINES_MAX} lines: split it");
        return Err(Refusal::new("order-too-long", words).at("lines"));
    }
    let lines = (1..=LINES_MAX)
        .zip(&referral.lines)
        .map(|(no, request)| opened(LineNo(no), request, facts))
        .collect();
    let prescriber = referral.prescriber.as_ref().filter(|clinician| clinician.npi_valid);
    let place = service_place(referral);
    let zone = place.and_then(Place::zone).unwrap_or_else(|| facts.hub_zone.clone());
    let referred = Referred {
        number: number.clone(),
        receipt: Receipt {
            receipt_id: referral.receipt_id.clone(),
            channel: referral.channel,
            received_at: referral.received_at.min(facts.now),
            order_ref: referral.order_ref.clone(),
        },
        payer_id: payer_id.clone(),
        urgency: referral.urgency_at(facts.now, facts.terms.discharge_critical_hours),
        urgency_stated: referral.urgency,
        known: referral.sound(facts.now.date(&zone), facts.now),
        auth_number: referral.auth_number.clone().filter(|number| is_number(number)),
        zone,
        state: place.map(|place| place.state().to_owned()),
        prescriber_npi: prescriber.and_then(|clinician| clinician.npi.clone()),
        diagnoses: referral.diagnoses.clone(),
        lines,
        documents: referral.documents.clone(),
        terms: facts.terms.version.clone(),
    };
    let mut events = vec![IntakeEvent::Referred(Box::new(referred))];
    if let Some(at) = referral.need_by {
        events.push(IntakeEvent::NeedByMoved { at, reason: NeedByReason::Stated });
    }
    if let Some(discharge) = &referral.discharge {
        events.push(IntakeEvent::DischargeMoved(discharge.clone()));
        if referral.need_by.is_none() {
            events.push(needed_after(discharge, facts));
        }
    }
    Ok(events)
}

/// Source: facts 3.2, HCR02, 50 characters at most. What is longer is no number, and may say anything.
fn is_number(number: &str) -> bool {
    (1..=50).contains(&number.chars().count())
}

/// Returns where the ZIP of care is. Source: facts 11.5 (45), the zone comes from the service ZIP.
fn service_place(referral: &Referral) -> Option<&'static Place> {
    let zip = referral.person.address.as_ref()?.zip.as_ref()?;
    Zip::parse(zip.reveal()).ok()?.place()
}

/// A family that is not of the trade is not kept: the line is asked about, as one that names none.
fn opened(no: LineNo, request: &LineRequest, facts: &Facts) -> ReferredLine {
    let terms = facts.terms;
    let by_code = request.code.as_ref().and_then(|code| terms.classify(code));
    let by_name = || {
        let name = request.family.as_ref()?;
        match request.hint {
            Some(service) => terms.family(service, name).map(|family| (service, family)),
            None => terms.family_anywhere(name),
        }
    };
    let (service, family, custom) = match by_code.or_else(by_name) {
        Some((service, family)) => (service, family.name.clone(), family.custom),
        None => (request.hint.unwrap_or_default(), Family::default(), false),
    };
    ReferredLine { no, request: request.clone(), service, family, custom }
}

/// The same order again adds a receipt, not a case: the earliest one keeps the clock. Source: facts 11.1 (1).
fn link(case: &Case, receipt: &Receipt, facts: &Facts) -> Vec<IntakeEvent> {
    let receipt = not_later(receipt, facts);
    let is_new = !case.intake.receipts.iter().any(|known| is_same(known, &receipt));
    once(is_new, IntakeEvent::Linked(receipt))
}

fn not_later(receipt: &Receipt, facts: &Facts) -> Receipt {
    Receipt { received_at: receipt.received_at.min(facts.now), ..receipt.clone() }
}

fn is_same(known: &Receipt, receipt: &Receipt) -> bool {
    known == receipt || (known.receipt_id.is_some() && known.receipt_id == receipt.receipt_id)
}

/// What arrives cancels nothing by itself: a bed may be on its way, and a sender may mean another order.
fn request_cancel(case: &Case, receipt: &Receipt, facts: &Facts) -> Vec<IntakeEvent> {
    let receipt = not_later(receipt, facts);
    let is_new = !case.intake.cancel_requests.iter().any(|known| is_same(&known.receipt, &receipt));
    once(is_new, IntakeEvent::CancelRequested(receipt))
}

fn answer_cancel(case: &Case, answer: CancelAnswer) -> Decided {
    if case.intake.open_cancel().is_none() {
        let is_given = |known: &super::CancelRequest| known.answer == Some(answer);
        return match case.intake.cancel_requests.last() {
            Some(last) if is_given(last) => Ok(Vec::new()),
            _ => Err(Refusal::new(
                "cancel-not-requested",
                "no cancellation by the sender waits for an answer",
            )),
        };
    }
    if answer == CancelAnswer::Cancelled && case.is_open() && case.open_lines().next().is_some() {
        let words = "lines are still open: cancel each with its reason, then answer";
        return Err(Refusal::new("line-open", words).at("answer"));
    }
    Ok(vec![IntakeEvent::CancelAnswered { answer }])
}

fn amend(case: &Case, amendment: &Amendment, facts: &Facts) -> Decided {
    if *amendment == Amendment::default() {
        let words = "nothing was filled in: enter at least one fact";
        return Err(Refusal::new("nothing-amended", words));
    }
    if amendment.auth_number.as_deref().is_some_and(|number| !is_number(number)) {
        let words = "an authorization number has 50 characters at most: enter the number alone";
        return Err(Refusal::new("auth-number-too-long", words).at("auth_number"));
    }
    check_facts(case, amendment, facts)?;
    Ok(once(changes(case, amendment, facts), IntakeEvent::Amended(Box::new(amendment.clone()))))
}

fn check_facts(case: &Case, amendment: &Amendment, facts: &Facts) -> Result<(), Refusal> {
    let today = facts.now.date(case.zone.as_ref().unwrap_or(&facts.hub_zone));
    for (item, (fact, _)) in &amendment.facts {
        if let Some(words) = rules::implausible(*item, fact, today) {
            let words = format!("{}: {words}", item.words());
            return Err(Refusal::new("value-implausible", words).at(item.name()));
        }
    }
    let [signed, ordered] = [Item::named("order.signed-on"), Item::named("order.ordered-on")];
    let new = |item| amendment.facts.get(&item).map(|(fact, _)| fact);
    let after = |item| new(item).or_else(|| case.known.get(&item).map(|known| &known.fact));
    if (new(signed).is_some() || new(ordered).is_some())
        && rules::signed_too_early(after(signed), after(ordered))
    {
        return Err(Refusal::signed_before_order());
    }
    Ok(())
}

fn changes(case: &Case, amendment: &Amendment, facts: &Facts) -> bool {
    let is_known = |item: &Item, fact: &crate::Fact| {
        case.known.get(item).is_some_and(|known| known.fact == *fact)
    };
    let adds_facts = amendment.facts.iter().any(|(item, (fact, as_of))| {
        !is_known(item, fact)
            || as_of.is_some_and(|on| case.known.get(item).and_then(|k| k.as_of) != Some(on))
    });
    let takes =
        |item: &&Item| case.known.contains_key(*item) && !amendment.facts.contains_key(*item);
    adds_facts
        || amendment.withdrawn.iter().any(|item| takes(&item))
        || amendment.diagnoses.as_ref().is_some_and(|diagnoses| *diagnoses != case.intake.diagnoses)
        || amendment.urgency.is_some_and(|urgency| hastens(case, urgency, facts))
        || amendment.payer_id.as_ref().is_some_and(|payer| *payer != case.intake.payer_id)
        || (amendment.prescriber_npi.is_some()
            && amendment.prescriber_npi != case.intake.prescriber_npi)
        || (amendment.zone.is_some() && amendment.zone != case.zone)
        || (amendment.state.is_some() && amendment.state != case.state)
        || (amendment.auth_number.is_some() && amendment.auth_number != case.intake.auth_number)
}

/// While the discharge is near it rules; what was stated is kept for when it moves away.
fn hastens(case: &Case, urgency: Urgency, facts: &Facts) -> bool {
    let hours = facts.terms.discharge_critical_hours;
    let is_near = case.intake.discharge.as_ref().is_some_and(|d| d.is_critical(facts.now, hours));
    let is_stated = is_near && urgency == case.intake.urgency_stated;
    urgency != case.intake.urgency && !is_stated
}

fn classify(
    case: &Case,
    no: LineNo,
    (service, family): (ServiceLine, &Family),
    facts: &Facts,
) -> Decided {
    let line = case.lines.get(&no).ok_or_else(|| Refusal::no_line(no))?;
    if !line.is_open() {
        return Err(Refusal::line_ended(no));
    }
    let Some(terms) = facts.terms.family(service, family) else {
        let words = format!("{service} has no item family `{family}`: choose one of the list");
        return Err(Refusal::new("family-unknown", words).at("family"));
    };
    let event =
        IntakeEvent::Classified { line: no, service, family: family.clone(), custom: terms.custom };
    Ok(once((line.service, &line.family) != (service, family), event))
}

fn add_line(case: &Case, request: &LineRequest, facts: &Facts) -> Decided {
    if !request.is_named() {
        let words = "say what is ordered: a code, a family or words";
        return Err(Refusal::new("order-empty", words).at("code"));
    }
    let last = case.lines.last_key_value().map_or(0, |(no, _)| no.0);
    if last >= LINES_MAX {
        let words = "the case cannot take another line: open a new one";
        return Err(Refusal::new("order-too-long", words).at("lines"));
    }
    Ok(vec![IntakeEvent::LineAdded(opened(LineNo(last + 1), request, facts))])
}

/// Once the payer was asked or something left the shelf, another quantity is another order. Source: facts 1.2.
fn state_quantity(case: &Case, no: LineNo, (quantity, unit): (u32, Option<Unit>)) -> Decided {
    let line = case.lines.get(&no).ok_or_else(|| Refusal::no_line(no))?;
    let unit = unit.unwrap_or(line.request.unit);
    if (line.request.quantity, line.request.unit) == (Some(quantity), unit) {
        return Ok(Vec::new());
    }
    if !line.is_open() {
        return Err(Refusal::line_ended(no));
    }
    if quantity == 0 {
        let words = "enter how many are to be dispensed, at least one";
        return Err(Refusal::new("quantity-zero", words).at("quantity"));
    }
    let is_asked =
        !matches!(line.auth, Auth::Undetermined | Auth::Required | Auth::NotRequired { .. });
    if is_asked || line.ledger.shipped > 0 || line.ledger.delivered > 0 {
        let words = format!(
            "the quantity of line {no} is with the payer or on its way: another quantity needs a new order"
        );
        return Err(Refusal::new("quantity-used", words).at("quantity"));
    }
    Ok(vec![IntakeEvent::QuantityStated { line: no, quantity, unit }])
}

/// The need-by time follows the discharge unless somebody stated another. Source: facts 11.5 (38). A discharge that
/// moves away gives the urgency back that was stated; one that comes near takes it.
fn move_discharge(case: &Case, discharge: &Discharge, facts: &Facts) -> Decided {
    if case.intake.discharge.as_ref() == Some(discharge) {
        return Ok(Vec::new());
    }
    facts.within_reach(discharge.at, "discharge")?;
    let mut events = vec![IntakeEvent::DischargeMoved(discharge.clone())];
    let needed = needed_after(discharge, facts);
    let is_followed = case.intake.need_by().is_none_or(|known| {
        known.reason == NeedByReason::Discharge && needed_at(&needed) != Some(known.at)
    });
    events.extend(is_followed.then_some(needed));
    let is_critical = discharge.is_critical(facts.now, facts.terms.discharge_critical_hours);
    let urgency = if is_critical { Urgency::Discharge } else { case.intake.urgency_stated };
    let is_raised = is_critical || case.intake.urgency == Urgency::Discharge;
    if is_raised && urgency != case.intake.urgency {
        let amendment = Amendment { urgency: Some(urgency), ..Amendment::default() };
        events.push(IntakeEvent::Amended(Box::new(amendment)));
    }
    Ok(events)
}

fn needed_after(discharge: &Discharge, facts: &Facts) -> IntakeEvent {
    let hours = i64::from(facts.terms.need_by_after_discharge_hours);
    let after = Micros(hours.saturating_mul(Micros::hours(1).0));
    IntakeEvent::NeedByMoved { at: discharge.at.plus(after), reason: NeedByReason::Discharge }
}

fn needed_at(event: &IntakeEvent) -> Option<Timestamp> {
    if let IntakeEvent::NeedByMoved { at, .. } = event { Some(*at) } else { None }
}

fn move_need_by(case: &Case, at: Timestamp, reason: NeedByReason, facts: &Facts) -> Decided {
    if case.intake.need_by().is_some_and(|known| (known.at, known.reason) == (at, reason)) {
        return Ok(Vec::new());
    }
    if at < facts.now {
        let words = "the need-by time is in the past: enter a time to come";
        return Err(Refusal::new("need-by-past", words).at("at"));
    }
    facts.within_reach(at, "at")?;
    Ok(vec![IntakeEvent::NeedByMoved { at, reason }])
}

impl Referral {
    /// Returns what the order supplies, without values that cannot be: those stay in the receipt, and are asked for.
    pub fn sound(&self, today: Date, now: Timestamp) -> BTreeMap<Item, Known> {
        let mut known = self.known(now);
        known.retain(|item, known| rules::implausible(*item, &known.fact, today).is_none());
        let [signed, ordered] = [Item::named("order.signed-on"), Item::named("order.ordered-on")];
        let fact = |item| known.get(&item).map(|known| &known.fact);
        if rules::signed_too_early(fact(signed), fact(ordered)) {
            known.remove(&signed);
        }
        known
    }

    /// Returns the urgency that the discharge makes it, when it is nearer than the packs' critical hours.
    pub fn urgency_at(&self, now: Timestamp, critical_hours: u32) -> Urgency {
        let discharge = self.discharge.as_ref();
        let is_critical = discharge.is_some_and(|d| d.is_critical(now, critical_hours));
        if is_critical { Urgency::Discharge } else { self.urgency }
    }
}
