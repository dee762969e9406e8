//! The rules of intake.

use super::{Amendment, IntakeCommand, IntakeEvent, NeedByReason, Receipt, Referred, ReferredLine};
use crate::{
    Case, Discharge, Facts, Family, Item, LineRequest, Referral, Refusal, ServiceLine, Urgency,
};
use doorstep_vocab::{CaseNumber, LineNo, Micros, PayerId, Timestamp, Zip, Zone};

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
        IntakeCommand::Link(receipt) => Ok(link(case, receipt)),
        IntakeCommand::Acknowledge => {
            Ok(once(case.intake.acknowledged_at.is_none(), IntakeEvent::Acknowledged))
        }
        IntakeCommand::Assign(manager) => {
            let is_new = case.intake.manager.as_ref() != Some(manager);
            Ok(once(is_new, IntakeEvent::Assigned { manager: manager.clone() }))
        }
        IntakeCommand::Triage(priority) => Ok(once(
            case.intake.priority != Some(*priority),
            IntakeEvent::Triaged { priority: *priority },
        )),
        IntakeCommand::Amend(amendment) => amend(case, amendment),
        IntakeCommand::Classify { line, service, family } => {
            classify(case, *line, (*service, family), facts)
        }
        IntakeCommand::AddLine(request) => add_line(case, request, facts),
        IntakeCommand::MoveDischarge(discharge) => Ok(move_discharge(case, discharge, facts)),
        IntakeCommand::MoveNeedBy { at, reason } => move_need_by(case, *at, *reason, facts),
        IntakeCommand::Attach(document) => {
            let is_new =
                !case.intake.documents.iter().any(|d| d.document_id == document.document_id);
            Ok(once(is_new, IntakeEvent::Attached(document.clone())))
        }
        IntakeCommand::Note(note_id) => Ok(vec![IntakeEvent::Noted { note_id: note_id.clone() }]),
    }
}

fn once(is_new: bool, event: IntakeEvent) -> Vec<IntakeEvent> {
    if is_new { vec![event] } else { Vec::new() }
}

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
        return Err(Refusal::new(
            "order-empty",
            "the order names no service: add at least one line",
        )
        .at("lines"));
    }
    if u16::try_from(referral.lines.len()).is_err() {
        return Err(
            Refusal::new("order-too-long", "the order has too many lines: split it").at("lines")
        );
    }
    let lines = (1..)
        .zip(&referral.lines)
        .map(|(no, request)| opened(LineNo(no), request, facts))
        .collect();
    let prescriber = referral.prescriber.as_ref().filter(|clinician| clinician.npi_valid);
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
        zone: service_zone(referral).unwrap_or_else(|| facts.hub_zone.clone()),
        prescriber_npi: prescriber.and_then(|clinician| clinician.npi.clone()),
        diagnoses: referral.diagnoses.clone(),
        lines,
        known: referral.known(facts.now),
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

/// Returns the zone of the ZIP where care is delivered. Source: facts 11.5 (45), the zone comes from the service ZIP.
fn service_zone(referral: &Referral) -> Option<Zone> {
    let zip = referral.person.address.as_ref()?.zip.as_ref()?;
    Zip::parse(zip.reveal()).ok()?.place()?.zone()
}

fn opened(no: LineNo, request: &LineRequest, facts: &Facts) -> ReferredLine {
    let by_code = request.code.as_ref().and_then(|code| facts.terms.classify(code));
    let (service, family, custom) = match (by_code, &request.family, request.hint) {
        (Some((service, family)), _, _) => (service, family.name.clone(), family.custom),
        (None, Some(name), Some(service)) => {
            let family = facts.terms.family(service, name);
            (service, name.clone(), family.is_some_and(|f| f.custom))
        }
        (None, _, Some(service)) => (service, Family::default(), false),
        (None, _, None) => (ServiceLine::Unclassified, Family::default(), false),
    };
    ReferredLine { no, request: request.clone(), service, family, custom }
}

/// The same order again adds a receipt, not a case: the earliest one keeps the clock. Source: facts 11.1 (1).
fn link(case: &Case, receipt: &Receipt) -> Vec<IntakeEvent> {
    let is_known = receipt.receipt_id.is_some()
        && case.intake.receipts.iter().any(|known| known.receipt_id == receipt.receipt_id);
    once(!is_known, IntakeEvent::Linked(receipt.clone()))
}

fn amend(case: &Case, amendment: &Amendment) -> Decided {
    if *amendment == Amendment::default() {
        return Err(Refusal::new(
            "nothing-amended",
            "nothing was filled in: enter at least one fact",
        ));
    }
    let implausible =
        amendment.facts.iter().find_map(|(item, (fact, _))| crate::rules::implausible(*item, fact));
    if let Some((item, words)) = implausible {
        return Err(
            Refusal::new("value-implausible", format!("{}: {words}", item.words())).at(item.name())
        );
    }
    let is_known = |item: &Item, fact: &crate::Fact| {
        case.known.get(item).is_some_and(|known| known.fact == *fact)
    };
    let adds_facts = amendment.facts.iter().any(|(item, (fact, as_of))| {
        !is_known(item, fact)
            || as_of.is_some_and(|on| case.known.get(item).and_then(|k| k.as_of) != Some(on))
    });
    let changes = adds_facts
        || amendment.withdrawn.iter().any(|item| case.known.contains_key(item))
        || amendment
            .diagnoses
            .as_ref()
            .is_some_and(|diagnoses| *diagnoses != case.intake.diagnoses)
        || amendment.urgency.is_some_and(|urgency| urgency != case.intake.urgency)
        || amendment.payer_id.as_ref().is_some_and(|payer| *payer != case.intake.payer_id)
        || (amendment.prescriber_npi.is_some()
            && amendment.prescriber_npi != case.intake.prescriber_npi)
        || (amendment.zone.is_some() && amendment.zone != case.zone);
    Ok(once(changes, IntakeEvent::Amended(Box::new(amendment.clone()))))
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
        return Err(Refusal::new("order-empty", "say what is ordered: a code, a family or words")
            .at("code"));
    }
    let last = case.lines.last_key_value().map_or(0, |(no, _)| no.0);
    let Some(next) = last.checked_add(1) else {
        return Err(Refusal::new(
            "order-too-long",
            "the case cannot take another line: open a new one",
        )
        .at("lines"));
    };
    Ok(vec![IntakeEvent::LineAdded(opened(LineNo(next), request, facts))])
}

/// The need-by time follows the discharge unless somebody stated another. Source: facts 11.5 (38).
fn move_discharge(case: &Case, discharge: &Discharge, facts: &Facts) -> Vec<IntakeEvent> {
    if case.intake.discharge.as_ref() == Some(discharge) {
        return Vec::new();
    }
    let mut events = vec![IntakeEvent::DischargeMoved(discharge.clone())];
    let follows =
        case.intake.need_by().is_none_or(|need_by| need_by.reason == NeedByReason::Discharge);
    if follows {
        events.push(needed_after(discharge, facts));
    }
    events
}

fn needed_after(discharge: &Discharge, facts: &Facts) -> IntakeEvent {
    let hours = i64::from(facts.terms.need_by_after_discharge_hours);
    IntakeEvent::NeedByMoved {
        at: discharge.at.plus(Micros::hours(hours)),
        reason: NeedByReason::Discharge,
    }
}

fn move_need_by(case: &Case, at: Timestamp, reason: NeedByReason, facts: &Facts) -> Decided {
    if at < facts.now {
        return Err(Refusal::new(
            "need-by-past",
            "the need-by time is in the past: enter a time to come",
        )
        .at("at"));
    }
    let is_new = case.intake.need_by().is_none_or(|known| (known.at, known.reason) != (at, reason));
    Ok(once(is_new, IntakeEvent::NeedByMoved { at, reason }))
}

impl Referral {
    /// Returns the urgency that the discharge makes it, when it is nearer than the packs' critical hours.
    pub fn urgency_at(&self, now: Timestamp, critical_hours: u32) -> Urgency {
        let critical = self.discharge.as_ref().is_some_and(|discharge| {
            discharge.at >= now
                && discharge.at.since(now) <= Micros::hours(i64::from(critical_hours))
        });
        if critical { Urgency::Discharge } else { self.urgency }
    }
}
