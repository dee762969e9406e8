//! What an event does to the intake of a case.

use super::{
    Amendment, CancelRequest, Death, Intake, IntakeEvent, NeedBy, Referred, ReferredLine,
    TriageRecord,
};
use crate::{
    Case, Document, DocumentKind, Fact, Item, Known, Line, Recorded, Urgency, auth, delivery,
    orders, placement,
};
use doorstep_planted as planted;
use doorstep_vocab::{Timestamp, UserId};

pub(crate) fn apply(case: &mut Case, event: &IntakeEvent, recorded: &Recorded) {
    let at = recorded.at;
    match event {
        IntakeEvent::Referred(referred) => open(case, referred, at),
        IntakeEvent::Linked(receipt) => {
            if !planted::is("forgets-the-earliest-receipt") {
                case.intake.received_at = case.intake.received_at.min(receipt.received_at);
            }
            case.intake.receipts.push(receipt.clone());
        }
        IntakeEvent::Acknowledged => case.intake.acknowledged_at = Some(at),
        IntakeEvent::Assigned { manager } => case.intake.manager = Some(manager.clone()),
        IntakeEvent::HandedOut { to, .. } => handed_out(case, to.as_ref()),
        IntakeEvent::Triaged { priority, found } => {
            case.intake.priority = Some(*priority);
            if let Some(found) = found {
                let (by, found) = (recorded.by.user_id.clone(), (**found).clone());
                case.intake.triage = Some(Box::new(TriageRecord { at, by, found }));
            }
        }
        IntakeEvent::Amended(amendment) => amend(case, amendment, at),
        IntakeEvent::Classified { line, service, family, custom } => {
            if let Some(line) = case.lines.get_mut(line) {
                (line.service, line.family, line.custom) = (*service, family.clone(), *custom);
            }
        }
        IntakeEvent::LineAdded(line) => add_line(case, line),
        IntakeEvent::DischargeMoved(discharge) => case.intake.discharge = Some(discharge.clone()),
        IntakeEvent::NeedByMoved { at: need_by, reason } => {
            case.intake.need_by.push(NeedBy { at: *need_by, reason: *reason, set_at: at });
        }
        IntakeEvent::Attached(document) => attach(case, document, at),
        IntakeEvent::Noted { note_id } => {
            case.intake.notes.insert(note_id.clone());
        }
        IntakeEvent::CancelRequested(receipt) => {
            let request = CancelRequest { receipt: receipt.clone(), answer: None };
            case.intake.cancel_requests.push(request);
        }
        IntakeEvent::CancelAnswered { answer } => {
            let open = case.intake.cancel_requests.iter_mut().filter(|r| r.answer.is_none());
            open.for_each(|request| request.answer = Some(*answer));
        }
        IntakeEvent::ReviewAsked { receipt_id, reason } => {
            case.intake.reviews.insert(receipt_id.clone(), *reason);
        }
        IntakeEvent::Reviewed { receipt_id } => {
            case.intake.reviews.remove(receipt_id);
        }
        IntakeEvent::DeathRecorded { on, source } => {
            case.intake.death = Some(Death { on: *on, source: *source, recorded_at: at });
        }
        IntakeEvent::DeathRetracted => {
            (case.intake.death, case.intake.death_retracted_at) = (None, Some(at));
            case.lines.values_mut().for_each(|line| line.pick_up_due = None);
        }
        IntakeEvent::Labelled { label } => {
            case.intake.labels.insert(*label);
        }
        IntakeEvent::LabelTakenOff { label } => {
            case.intake.labels.remove(label);
        }
        IntakeEvent::QuantityStated { line, quantity, unit } => {
            if let Some(line) = case.lines.get_mut(line) {
                (line.request.quantity, line.request.unit) = (Some(*quantity), *unit);
                line.ledger.ordered = *quantity;
            }
            let known = Known { fact: Fact::Held, as_of: None, recorded_at: at };
            case.known.insert(Item::named("order.quantity"), known);
        }
    }
}

fn open(case: &mut Case, referred: &Referred, at: Timestamp) {
    case.number = Some(referred.number.clone());
    case.zone = Some(referred.zone.clone());
    case.state.clone_from(&referred.state);
    case.known.clone_from(&referred.known);
    case.intake = Intake {
        received_at: referred.receipt.received_at,
        opened_at: at,
        receipts: vec![referred.receipt.clone()],
        urgency: referred.urgency,
        urgency_stated: referred.urgency_stated,
        payer_id: referred.payer_id.clone(),
        prescriber_npi: referred.prescriber_npi.clone(),
        diagnoses: referred.diagnoses.clone(),
        auth_number: referred.auth_number.clone(),
        ..Intake::default()
    };
    for document in &referred.documents {
        attach(case, document, at);
    }
    for line in &referred.lines {
        add_line(case, line);
    }
}

fn add_line(case: &mut Case, line: &ReferredLine) {
    // None stated, or a zero that a system filled in, is one; where the number matters the packs ask for it.
    let ordered = line.request.quantity.unwrap_or(1).max(1);
    case.lines.insert(
        line.no,
        Line {
            no: line.no,
            request: line.request.clone(),
            service: line.service,
            family: line.family.clone(),
            custom: line.custom,
            order: orders::LineOrder::default(),
            auth: auth::Auth::default(),
            auth_times: auth::Times::default(),
            in_hand: None,
            auth_base: 0,
            running_low: false,
            pick_up_due: None,
            stays: None,
            placement: placement::LinePlacement::default(),
            fulfilment: delivery::Fulfilment::default(),
            ledger: crate::Ledger { ordered, ..crate::Ledger::default() },
            cancelled: None,
            beyond_auth: None,
            completed: None,
        },
    );
}

fn amend(case: &mut Case, amendment: &Amendment, recorded_at: Timestamp) {
    for item in &amendment.withdrawn {
        case.known.remove(item);
    }
    for (item, (fact, as_of)) in &amendment.facts {
        case.known.insert(*item, Known { fact: fact.clone(), as_of: *as_of, recorded_at });
    }
    if let Some(diagnoses) = &amendment.diagnoses {
        case.intake.diagnoses.clone_from(diagnoses);
    }
    if let Some(urgency) = amendment.urgency {
        case.intake.urgency = urgency;
        if urgency != Urgency::Discharge {
            case.intake.urgency_stated = urgency;
        }
    }
    if let Some(payer_id) = &amendment.payer_id {
        case.intake.payer_id = payer_id.clone();
    }
    if let Some(npi) = &amendment.prescriber_npi {
        case.intake.prescriber_npi = Some(npi.clone());
    }
    if let Some(state) = &amendment.state {
        case.state = Some(state.clone());
    }
    if let Some(zone) = &amendment.zone {
        case.zone = Some(zone.clone());
    }
    if let Some(number) = &amendment.auth_number {
        case.intake.auth_number = Some(number.clone());
    }
}

/// A document also supplies the item that it proves.
fn attach(case: &mut Case, document: &Document, recorded_at: Timestamp) {
    let item = match document.kind {
        DocumentKind::PlanOfCare => Some("home-health.plan-of-care"),
        DocumentKind::FaceToFace => Some("order.face-to-face-note"),
        DocumentKind::Clinical => Some("facility.clinical-packet"),
        DocumentKind::Order
        | DocumentKind::TestResult
        | DocumentKind::ProofOfDelivery
        | DocumentKind::Confirmation
        | DocumentKind::Other => None,
    };
    if let Some(item) = item {
        case.known.insert(Item::named(item), Known { fact: Fact::Held, as_of: None, recorded_at });
    }
    case.intake.documents.push(document.clone());
}

fn handed_out(case: &mut Case, to: Option<&UserId>) {
    let before = std::mem::replace(&mut case.intake.manager, to.cloned());
    case.intake.had_by = before.or(case.intake.had_by.take());
}
