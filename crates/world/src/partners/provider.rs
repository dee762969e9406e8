//! Providers answer offers, give back what they took, set out, and deliver: all, a part, or not at all.

use crate::deed::{Deed, Next};
use crate::hours::{at_hour, next_working_day, plus_days};
use crate::network::declines_percent;
use crate::rng::Rng;
use crate::story::Scene;
use doorstep_app::Result;
use doorstep_case::delivery::{
    Counted, DeliveryCommand, MissReason, Proof, ProofMethod, RefusalReason, Signer, Visit,
    VisitState,
};
use doorstep_case::placement::{DeclineReason, Offer, OfferState, PlacementCommand};
use doorstep_case::{Command, Line, ServiceLine, Unit, Urgency};
use doorstep_vocab::{ContactId, Date, LineNo, Micros, OfferId, Timestamp, VisitId};

/// Offers that nobody answers, of a hundred.
const SILENT_PERCENT: u32 = 11;
/// Accepted offers that are given back, of a hundred.
const RETURN_PERCENT: u32 = 3;
/// Visits that end after their window, of a hundred. The published aim is 95 in time. Source: M18.
const LATE_PERCENT: u32 = 6;
/// The local hour by which a provider promises to have been there.
const DAYS_END: i8 = 18;
/// How visits end, of a hundred.
const ENDS: &[(u32, End)] =
    &[(85, End::Whole), (6, End::Part), (7, End::Missed), (2, End::Refused)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    Part,
    Missed,
    Refused,
}

pub(super) fn plans(scene: &Scene) -> Vec<(Deed, Timestamp)> {
    let mut plans = Vec::new();
    for (offer_id, offer) in &scene.case.placement.offers {
        match &offer.state {
            OfferState::Open => plans.push(answer_at(scene, offer_id, offer)),
            OfferState::Accepted { .. } => plans.push(return_at(scene, offer_id)),
            _ => {}
        }
    }
    for (visit_id, visit) in scene.case.delivery.visits.iter().filter(|(_, visit)| visit.is_ahead())
    {
        plans.extend(visit_at(scene, visit_id, visit));
    }
    plans
}

fn answer_at(scene: &Scene, offer_id: &OfferId, offer: &Offer) -> (Deed, Timestamp) {
    let deed = Deed::AnswerOffer(offer_id.clone());
    let mut rng = scene.rng(&deed, "when");
    if rng.percent(SILENT_PERCENT) {
        return (deed, Timestamp(i64::MAX));
    }
    let window = offer.respond_by.since(offer.offered_at).0.max(0);
    let at = offer.offered_at.plus(Micros(window / 100 * i64::from(rng.between(8, 85))));
    (deed, at.max(scene.now))
}

fn return_at(scene: &Scene, offer_id: &OfferId) -> (Deed, Timestamp) {
    let deed = Deed::Return(offer_id.clone());
    let mut rng = scene.rng(&deed, "when");
    let minutes = rng.between(45, 240);
    let at =
        if rng.percent(RETURN_PERCENT) { scene.after_work(minutes) } else { Timestamp(i64::MAX) };
    (deed, at)
}

fn visit_at(scene: &Scene, visit_id: &VisitId, visit: &Visit) -> [(Deed, Timestamp); 2] {
    let depart = Deed::Depart(visit_id.clone(), visit.from);
    let end = Deed::EndVisit(visit_id.clone(), visit.from);
    let mut rng = scene.rng(&end, "when");
    let sets_out_at = visit.from.plus(Micros::minutes(-i64::from(rng.between(5, 35))));
    let window = visit.to.since(visit.from).0;
    let ends_at = if rng.percent(LATE_PERCENT) {
        visit.to.plus(Micros::minutes(i64::from(rng.between(10, 75))))
    } else {
        visit.from.plus(Micros(window / 100 * i64::from(rng.between(10, 95))))
    };
    [(depart, sets_out_at.max(scene.now)), (end, ends_at.max(scene.in_minutes(1)))]
}

pub(super) fn answer(scene: &Scene, deed: &Deed, offer_id: &OfferId) -> Result<Next> {
    let offer = scene.case.placement.offers.get(offer_id).filter(|offer| offer.is_open());
    let Some(offer) = offer.filter(|_| scene.case.is_open()) else { return Ok(Next::Drop) };
    let is_free = |no: &&LineNo| {
        scene.case.lines.get(no).is_some_and(|line| line.placement.provider().is_none())
    };
    let free: Vec<LineNo> = offer.lines.iter().filter(is_free).copied().collect();
    let Some(first) = free.first().copied() else { return Ok(Next::Drop) };
    let mut rng = scene.rng(deed, "how");
    let offer_id = offer_id.clone();
    if rng.percent(declines_percent(&offer.provider_id)) {
        let reason = declines(scene, offer, &mut rng);
        let decline = PlacementCommand::Decline { offer_id, reason };
        scene.act_as("provider", &Command::Placement(decline))?;
        return Ok(Next::Done);
    }
    let lines = if free.len() > 1 && rng.percent(8) { vec![first] } else { free };
    let contact_id = ContactId(format!("{offer_id}-contact"));
    let commit_by = commits_by(scene, first, &mut rng);
    let accept = PlacementCommand::Accept { offer_id, lines, commit_by, contact_id };
    scene.act_with_contact(Scene::partner("provider"), (Command::Placement(accept), &mut rng))?;
    Ok(Next::Done)
}

/// By the end of the next day that it drives on, or the one after.
fn commits_by(scene: &Scene, line: LineNo, rng: &mut Rng) -> Timestamp {
    let service = scene.case.lines.get(&line).map(|line| line.service).unwrap_or_default();
    let mut date = next_visiting_day(scene, service, scene.now.date(scene.zone()));
    if scene.case.intake.urgency == Urgency::Routine && rng.percent(40) {
        date = next_visiting_day(scene, service, date);
    }
    at_hour(date, DAYS_END, scene.zone())
}

/// Returns the first day after `date` on which somebody comes: nurses come on every day, and so does whatever presses.
pub(crate) fn next_visiting_day(scene: &Scene, service: ServiceLine, date: Date) -> Date {
    let is_pressing =
        scene.case.intake.urgency != Urgency::Routine || scene.case.intake.discharge.is_some();
    match service {
        ServiceLine::Dme | ServiceLine::PostAcute | ServiceLine::Unclassified if !is_pressing => {
            next_working_day(date)
        }
        _ => plus_days(date, 1),
    }
}

fn declines(scene: &Scene, offer: &Offer, rng: &mut Rng) -> DeclineReason {
    let service =
        offer.lines.first().and_then(|no| scene.case.lines.get(no)).map(|line| line.service);
    let reasons: &[DeclineReason] = match service {
        Some(ServiceLine::HomeHealth | ServiceLine::HomeInfusion) => &[
            DeclineReason::NoStaffDiscipline,
            DeclineReason::NoCapacityDate,
            DeclineReason::OutOfArea,
            DeclineReason::PayerRate,
        ],
        Some(ServiceLine::PostAcute) => &[
            DeclineReason::NoCapacityDate,
            DeclineReason::ClinicalTooComplex,
            DeclineReason::NotContractedPlan,
        ],
        _ => &[
            DeclineReason::EquipmentOutOfStock,
            DeclineReason::NoCapacityDate,
            DeclineReason::OutOfArea,
            DeclineReason::PayerRate,
        ],
    };
    rng.pick(reasons).copied().unwrap_or(DeclineReason::Other)
}

pub(super) fn give_back(scene: &Scene, deed: &Deed, offer_id: &OfferId) -> Result<Next> {
    let offer = scene.case.placement.offers.get(offer_id);
    if !offer.is_some_and(|offer| matches!(offer.state, OfferState::Accepted { .. }))
        || !scene.case.is_open()
    {
        return Ok(Next::Drop);
    }
    let reasons = [
        DeclineReason::NoCapacityDate,
        DeclineReason::EquipmentOutOfStock,
        DeclineReason::UnsafeHome,
    ];
    let reason = scene.rng(deed, "how").pick(&reasons).copied().unwrap_or(DeclineReason::Other);
    let offer_id = offer_id.clone();
    scene.act_as("provider", &Command::Placement(PlacementCommand::Return { offer_id, reason }))?;
    Ok(Next::Done)
}

/// Returns the visit when it is still ahead with the window that was planned for.
fn planned<'s>(scene: &'s Scene, visit_id: &VisitId, from: Timestamp) -> Option<&'s Visit> {
    let visit = scene.case.delivery.visits.get(visit_id)?;
    (visit.is_ahead() && visit.from == from).then_some(visit)
}

pub(super) fn depart(scene: &Scene, visit_id: &VisitId, from: Timestamp) -> Result<Next> {
    if planned(scene, visit_id, from).is_none_or(|visit| visit.state != VisitState::Scheduled) {
        return Ok(Next::Drop);
    }
    let visit_id = visit_id.clone();
    scene.act_as("provider", &Command::Delivery(DeliveryCommand::Depart { visit_id }))?;
    Ok(Next::Done)
}

pub(super) fn end(
    scene: &Scene,
    deed: &Deed,
    (visit_id, from): (&VisitId, Timestamp),
) -> Result<Next> {
    let Some(visit) = planned(scene, visit_id, from) else { return Ok(Next::Drop) };
    let mut rng = scene.rng(deed, "how");
    let end = *rng.weighed(ENDS).unwrap_or(&End::Whole);
    let lines: Vec<&Line> = visit.lines.iter().filter_map(|no| scene.case.lines.get(no)).collect();
    let deliver = |goods: Vec<Counted>, rng: &mut Rng| DeliveryCommand::Deliver {
        visit_id: visit_id.clone(),
        goods,
        proof: proof(scene, &lines, rng),
    };
    let miss = |reason| DeliveryCommand::Miss { visit_id: visit_id.clone(), reason };
    let command = match end {
        End::Whole => deliver(goods(&lines, End::Whole), &mut rng),
        End::Part => deliver(goods(&lines, End::Part), &mut rng),
        End::Missed => miss(misses(&mut rng)),
        End::Refused => miss(MissReason::Refused),
    };
    scene.act_as("provider", &Command::Delivery(command))?;
    if let (End::Refused, Some(line)) = (end, lines.first()) {
        scene.act_as(
            "provider",
            &Command::Delivery(DeliveryCommand::Refuse {
                line: line.no,
                reason: RefusalReason::NotWanted,
            }),
        )?;
    }
    Ok(Next::Done)
}

/// A visit is one visit; of goods all that is owed comes, or a part.
fn goods(lines: &[&Line], end: End) -> Vec<Counted> {
    let count = |line: &&Line| {
        let owed = line.owed();
        let quantity = if line.request.unit == Unit::Visit { owed.min(1) } else { owed };
        Counted { line: line.no, quantity }
    };
    let mut goods: Vec<Counted> =
        lines.iter().map(count).filter(|good| good.quantity > 0).collect();
    if end == End::Part {
        if goods.len() > 1 {
            goods.pop();
        } else if let Some(good) = goods.first_mut() {
            good.quantity = (good.quantity / 2).max(1);
        }
    }
    goods
}

fn misses(rng: &mut Rng) -> MissReason {
    let reasons = [
        (30, MissReason::NotHome),
        (18, MissReason::StockOut),
        (14, MissReason::NoAccess),
        (12, MissReason::Vehicle),
        (12, MissReason::NoShowStaff),
        (8, MissReason::WrongAddress),
        (6, MissReason::Damaged),
    ];
    *rng.weighed(&reasons).unwrap_or(&MissReason::NotHome)
}

fn proof(scene: &Scene, lines: &[&Line], rng: &mut Rng) -> Proof {
    let service = lines.first().map(|line| line.service);
    let method = match service {
        Some(ServiceLine::HomeHealth) => ProofMethod::VisitNote,
        Some(ServiceLine::PostAcute) => ProofMethod::Facility,
        Some(ServiceLine::HomeInfusion) => ProofMethod::Carrier,
        _ => ProofMethod::Signature,
    };
    let is_signed = method == ProofMethod::Signature;
    let signers =
        [Signer::Member, Signer::Member, Signer::Spouse, Signer::Relative, Signer::Caregiver];
    Proof {
        method,
        signer: rng.pick(&signers).copied().filter(|_| is_signed),
        signed_on: is_signed.then(|| scene.now.date(scene.zone())),
        tracking: (method == ProofMethod::Carrier)
            .then(|| format!("TEST-TRACK-{:06}", rng.below(1_000_000))),
        document_id: None,
        serials: if is_signed {
            vec![format!("TEST-SN-{:06}", rng.below(1_000_000))]
        } else {
            Vec::new()
        },
    }
}
