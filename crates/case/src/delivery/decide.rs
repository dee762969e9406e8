//! The rules of delivery.

use super::{
    Counted, DeliveryCommand, DeliveryEvent, Fulfilment, MissReason, PickUpReason, Proof,
    ProofMethod, RefusalReason, Visit, VisitCancelReason, VisitState, authorized, pick_up,
};
use crate::line::distinct;
use crate::{Case, Facts, Item, Line, Refusal, Unit, completeness};
use doorstep_vocab::{LineNo, ProviderId, Timestamp, VisitId};

type Decided = Result<Vec<DeliveryEvent>, Refusal>;

pub(crate) fn decide(case: &Case, command: &DeliveryCommand, facts: &Facts) -> Decided {
    match command {
        DeliveryCommand::Schedule { visit_id, lines, from, to } => {
            schedule(case, visit_id, lines, (*from, *to), facts)
        }
        DeliveryCommand::Reschedule { visit_id, from, to, reason } => {
            reschedule(case, visit_id, (*from, *to), *reason, facts)
        }
        DeliveryCommand::Confirm { visit_id } => confirm(case, visit_id),
        DeliveryCommand::Depart { visit_id } => depart(case, visit_id),
        DeliveryCommand::Ship { goods, tracking } => ship(case, goods, tracking, facts),
        DeliveryCommand::Deliver { visit_id, goods, proof } => {
            deliver(case, visit_id, goods, proof, facts)
        }
        DeliveryCommand::Miss { visit_id, reason } => miss(case, visit_id, *reason),
        DeliveryCommand::Refuse { line, reason } => refuse(case, *line, *reason),
        DeliveryCommand::PickUp { goods, serials, reason } => {
            pick_up(case, goods, serials, *reason)
        }
        DeliveryCommand::CancelVisit { visit_id, reason } => cancel_visit(case, visit_id, *reason),
        DeliveryCommand::RequestPickUp { lines, reason } => pick_up::request(case, lines, *reason),
        DeliveryCommand::Leave { line, reason } => pick_up::leave(case, *line, *reason),
        DeliveryCommand::OverrideAuth { lines, reason } => {
            authorized::override_auth(case, lines, *reason)
        }
    }
}

fn visit<'a>(case: &'a Case, visit_id: &VisitId) -> Result<&'a Visit, Refusal> {
    let visit = case.delivery.visits.get(visit_id);
    visit.ok_or_else(|| {
        Refusal::new("visit-unknown", "the case has no such visit: choose one of its own")
    })
}

fn ahead<'a>(case: &'a Case, visit_id: &VisitId) -> Result<&'a Visit, Refusal> {
    let visit = visit(case, visit_id)?;
    if visit.is_ahead() {
        return Ok(visit);
    }
    Err(Refusal::new("visit-ended", "the visit is over or cancelled: schedule another"))
}

fn schedule(
    case: &Case,
    visit_id: &VisitId,
    lines: &[LineNo],
    window: (Timestamp, Timestamp),
    facts: &Facts,
) -> Decided {
    let lines = distinct(lines);
    let (from, to) = window;
    if let Some(known) = case.delivery.visits.get(visit_id) {
        let is_same = (&known.lines, known.from, known.to) == (&lines, from, to);
        let taken =
            Refusal::new("visit-known", "the visit is already scheduled otherwise: reschedule it");
        return if is_same { Ok(Vec::new()) } else { Err(taken) };
    }
    check_window(window, facts)?;
    let provider_id = one_provider(case, &lines)?;
    for no in &lines {
        deliverable(case, *no, facts)?;
        authorized::covers_window(case, *no, window, facts)?;
        if visit_ahead(case, *no) {
            let words = format!("line {no} has a visit ahead: reschedule or cancel that one");
            return Err(Refusal::new("line-scheduled", words).at("lines"));
        }
    }
    Ok(vec![DeliveryEvent::Scheduled { visit_id: visit_id.clone(), provider_id, lines, from, to }])
}

fn visit_ahead(case: &Case, no: LineNo) -> bool {
    case.delivery.visits.values().any(|visit| visit.is_ahead() && visit.lines.contains(&no))
}

fn check_window((from, to): (Timestamp, Timestamp), facts: &Facts) -> Result<(), Refusal> {
    if to <= from {
        let words = "the window ends before it begins: check both times";
        return Err(Refusal::new("window-order", words).at("to"));
    }
    if to < facts.now {
        let words = "the window is in the past: choose a time to come";
        return Err(Refusal::new("window-past", words).at("from"));
    }
    facts.within_reach(from, "from")?;
    facts.within_reach(to, "to")
}

fn one_provider(case: &Case, lines: &[LineNo]) -> Result<ProviderId, Refusal> {
    let mut provider: Option<&ProviderId> = None;
    for no in lines {
        let line = case.lines.get(no).ok_or_else(|| Refusal::no_line(*no))?;
        if !line.is_open() {
            return Err(Refusal::line_ended(*no));
        }
        let Some(holder) = line.placement.provider() else {
            let words = format!("line {no} has no provider yet: offer it and await an acceptance");
            return Err(Refusal::new("line-unplaced", words).at("lines"));
        };
        if provider.is_some_and(|first| first != holder) {
            let words = "the lines are with different providers: schedule a visit for each";
            return Err(Refusal::new("providers-differ", words).at("lines"));
        }
        provider = Some(holder);
    }
    provider
        .cloned()
        .ok_or_else(|| Refusal::new("lines-missing", "choose the lines to deliver").at("lines"))
}

/// What is sent or planned needs its authorization and whatever blocks delivery. Source: facts 1.1, 1.2.
fn deliverable(case: &Case, no: LineNo, facts: &Facts) -> Result<(), Refusal> {
    let line = case.lines.get(&no).ok_or_else(|| Refusal::no_line(no))?;
    if !line.is_permitted() {
        let words =
            format!("the authorization of line {no} is {}: obtain it first", line.auth.name());
        return Err(Refusal::new("auth-not-in-place", words).at("lines"));
    }
    let missing = completeness::missing(case, facts.terms, facts.now, &facts.hub_zone);
    match missing.iter().find(|m| m.blocks_of(no).delivery) {
        Some(m) => {
            let words = format!("{} is missing: {}", m.item.words(), m.why);
            Err(Refusal::new("order-incomplete", words).at("lines"))
        }
        None => Ok(()),
    }
}

fn reschedule(
    case: &Case,
    visit_id: &VisitId,
    window: (Timestamp, Timestamp),
    reason: MissReason,
    facts: &Facts,
) -> Decided {
    let visit = ahead(case, visit_id)?;
    if (visit.from, visit.to) == window {
        return Ok(Vec::new());
    }
    check_window(window, facts)?;
    visit.lines.iter().try_for_each(|no| authorized::covers_window(case, *no, window, facts))?;
    Ok(vec![DeliveryEvent::Rescheduled {
        visit_id: visit_id.clone(),
        from: window.0,
        to: window.1,
        reason,
    }])
}

fn confirm(case: &Case, visit_id: &VisitId) -> Decided {
    let is_new = ahead(case, visit_id)?.confirmed_at.is_none();
    Ok(if is_new {
        vec![DeliveryEvent::Confirmed { visit_id: visit_id.clone() }]
    } else {
        Vec::new()
    })
}

fn depart(case: &Case, visit_id: &VisitId) -> Decided {
    let is_new = ahead(case, visit_id)?.state == VisitState::Scheduled;
    Ok(if is_new {
        vec![DeliveryEvent::Departed { visit_id: visit_id.clone() }]
    } else {
        Vec::new()
    })
}

/// A carton is known by its tracking number: it is sent once.
fn ship(case: &Case, goods: &[Counted], tracking: &str, facts: &Facts) -> Decided {
    let tracking = tracking.trim();
    if tracking.is_empty() {
        let words = "enter the carrier's tracking number";
        return Err(Refusal::new("tracking-missing", words).at("tracking"));
    }
    if let Some(known) = case.delivery.shipments.get(tracking) {
        let taken = Refusal::new(
            "shipment-known",
            "a shipment with this tracking number is recorded with another content: check the number",
        );
        return if known == goods { Ok(Vec::new()) } else { Err(taken.at("tracking")) };
    }
    let most = |line: &Line| line.ledger.outstanding().saturating_sub(in_transit(line));
    check_goods(case, goods, most, "shipped")?;
    authorized::covers_goods(case, goods, |line| {
        in_transit(line).saturating_add(line.ledger.held())
    })?;
    let lines: Vec<LineNo> = goods.iter().map(|good| good.line).collect();
    one_provider(case, &lines)?;
    lines.iter().try_for_each(|no| deliverable(case, *no, facts))?;
    Ok(vec![DeliveryEvent::Shipped { goods: goods.to_vec(), tracking: tracking.to_owned() }])
}

fn in_transit(line: &Line) -> u32 {
    line.ledger.shipped.saturating_sub(line.ledger.delivered)
}

fn check_goods(
    case: &Case,
    goods: &[Counted],
    most: fn(&Line) -> u32,
    verb: &str,
) -> Result<(), Refusal> {
    if goods.is_empty() || goods.iter().any(|good| good.quantity == 0) {
        let words = format!("say how many were {verb}, at least one");
        return Err(Refusal::new("quantity-missing", words).at("quantity"));
    }
    for good in goods {
        let line = case.lines.get(&good.line).ok_or_else(|| Refusal::no_line(good.line))?;
        if quantity_of(goods, line.no) > u64::from(most(line)) {
            let (no, most) = (line.no, most(line));
            let words = format!("line {no} can have at most {most} {verb} now: check the count");
            return Err(Refusal::new("quantity-too-large", words).at("quantity"));
        }
    }
    Ok(())
}

fn quantity_of(goods: &[Counted], no: LineNo) -> u64 {
    goods.iter().filter(|good| good.line == no).map(|good| u64::from(good.quantity)).sum()
}

/// Lines of which all that was outstanding came are delivered, the others partly: each line's clocks follow its own
/// event. Lines of the visit of which nothing came have to be scheduled again.
fn deliver(
    case: &Case,
    visit_id: &VisitId,
    goods: &[Counted],
    proof: &Proof,
    facts: &Facts,
) -> Decided {
    let known = visit(case, visit_id)?;
    if matches!(known.state, VisitState::Done { .. }) && known.proof.as_ref() == Some(proof) {
        return Ok(Vec::new());
    }
    let visit = if came_before_death(case, known, proof) { known } else { ahead(case, visit_id)? };
    if let Some(good) = goods.iter().find(|good| !visit.lines.contains(&good.line)) {
        let words = format!("line {} was not planned for this visit: schedule it first", good.line);
        return Err(Refusal::new("line-not-planned", words).at("quantity"));
    }
    check_goods(case, goods, |line| line.ledger.outstanding(), "delivered")?;
    check_proof(case, proof, facts)?;
    authorized::covers_goods(case, goods, |line| line.ledger.held())?;
    let is_all = |good: &Counted| {
        let outstanding = case.lines.get(&good.line).map_or(0, |line| line.ledger.outstanding());
        quantity_of(goods, good.line) >= u64::from(outstanding)
    };
    let (whole, part): (Vec<Counted>, Vec<Counted>) = goods.iter().partition(|good| is_all(good));
    let of = |goods| (visit_id.clone(), goods, proof.clone());
    let mut events = Vec::new();
    if !whole.is_empty() {
        let (visit_id, goods, proof) = of(whole);
        events.push(DeliveryEvent::Delivered { visit_id, goods, proof });
    }
    if !part.is_empty() {
        let (visit_id, goods, proof) = of(part);
        events.push(DeliveryEvent::PartlyDelivered { visit_id, goods, proof });
    }
    let goods = left_over(case, visit, goods);
    if !goods.is_empty() {
        events.push(DeliveryEvent::LeftOver { visit_id: visit_id.clone(), goods });
    }
    Ok(events)
}

/// What came while the member lived counts, although the visit ended with the death.
fn came_before_death(case: &Case, visit: &Visit, proof: &Proof) -> bool {
    let died_on = case.intake.death.map(|death| death.on);
    let ended = visit.cancelled == Some(VisitCancelReason::Deceased);
    let lived = died_on.zip(proof.signed_on).is_some_and(|(died, signed)| signed <= died);
    ended && lived && visit.state == VisitState::Cancelled
}

/// What the visit was planned for and did not bring. Care in visits, days or months that has begun owes nothing by one
/// visit: the next is planned when it is due.
fn left_over(case: &Case, visit: &Visit, goods: &[Counted]) -> Vec<Counted> {
    let owed = |no: &LineNo| {
        let line = case.lines.get(no).filter(|line| line.is_open())?;
        let brought = quantity_of(goods, *no);
        let left = u64::from(line.ledger.outstanding()).saturating_sub(brought);
        let is_owed = left > 0 && (brought == 0 || line.request.unit == Unit::Each);
        let quantity = u32::try_from(left).unwrap_or(u32::MAX);
        is_owed.then_some(Counted { line: *no, quantity })
    };
    visit.lines.iter().filter_map(owed).collect()
}

/// Source: facts 7.1, what each method of proof needs; facts 11.1 (5), the order is dated on or before delivery.
fn check_proof(case: &Case, proof: &Proof, facts: &Facts) -> Result<(), Refusal> {
    let zone = case.zone.as_ref().unwrap_or(&facts.hub_zone);
    let (code, words, field) = match proof.method {
        ProofMethod::Signature if proof.signer.is_none() => {
            ("signer-missing", "say who signed: the supplier and its staff may not", "signer")
        }
        ProofMethod::Signature if proof.signed_on.is_none() => {
            ("signature-date-missing", "enter the date written beside the signature", "signed_on")
        }
        ProofMethod::Carrier if proof.tracking.as_deref().is_none_or(|t| t.trim().is_empty()) => {
            ("tracking-missing", "enter the carrier's tracking number", "tracking")
        }
        _ if proof.signed_on.is_some_and(|on| on > facts.now.date(zone)) => (
            "date-ahead",
            "the signature's date is in the future: enter the day it was signed",
            "signed_on",
        ),
        _ => return order_precedes(case, proof),
    };
    Err(Refusal::new(code, words).at(field))
}

fn order_precedes(case: &Case, proof: &Proof) -> Result<(), Refusal> {
    let ordered = case.known.get(&Item::named("order.ordered-on")).map(|known| &known.fact);
    if let (Some(crate::Fact::On(ordered_on)), Some(signed_on)) = (ordered, proof.signed_on)
        && signed_on < *ordered_on
    {
        let words = "the delivery was signed for before the order's date: check both dates";
        return Err(Refusal::new("delivered-before-order", words).at("signed_on"));
    }
    Ok(())
}

fn miss(case: &Case, visit_id: &VisitId, reason: MissReason) -> Decided {
    if visit(case, visit_id)?.state == VisitState::Missed(reason) {
        return Ok(Vec::new());
    }
    ahead(case, visit_id)?;
    Ok(vec![DeliveryEvent::Missed { visit_id: visit_id.clone(), reason }])
}

fn refuse(case: &Case, no: LineNo, reason: RefusalReason) -> Decided {
    let line = case.lines.get(&no).ok_or_else(|| Refusal::no_line(no))?;
    match line.fulfilment {
        Fulfilment::Refused => Ok(Vec::new()),
        _ if !line.is_open() => Err(Refusal::line_ended(no)),
        _ => Ok(vec![DeliveryEvent::Refused { line: no, reason: Some(reason) }]),
    }
}

fn pick_up(case: &Case, goods: &[Counted], serials: &[String], reason: PickUpReason) -> Decided {
    check_goods(case, goods, |line| line.ledger.held(), "picked up")?;
    let (goods, serials, reason) = (goods.to_vec(), serials.to_vec(), Some(reason));
    Ok(vec![DeliveryEvent::PickedUp { goods, serials, reason }])
}

fn cancel_visit(case: &Case, visit_id: &VisitId, reason: VisitCancelReason) -> Decided {
    if visit(case, visit_id)?.state == VisitState::Cancelled {
        return Ok(Vec::new());
    }
    ahead(case, visit_id)?;
    Ok(vec![DeliveryEvent::VisitCancelled { visit_id: visit_id.clone(), reason: Some(reason) }])
}
