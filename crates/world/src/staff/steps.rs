//! The routine next step of a case, done as a colleague would.

use super::{agent, calls, is_handed_over, is_ours, is_pressing};
use crate::deed::{Deed, Next};
use crate::hours::at_hour;
use crate::network::declines_percent;
use crate::partners::provider::next_visiting_day;
use crate::story::Scene;
use doorstep_app::Result;
use doorstep_app::desk::{self, Settled};
use doorstep_case::auth::{Auth, AuthCommand, Determination};
use doorstep_case::benefits::BenefitsCommand;
use doorstep_case::closing::{CancelReason, ClosingCommand, CompleteReason};
use doorstep_case::completeness::{self, Missing};
use doorstep_case::delivery::DeliveryCommand;
use doorstep_case::disputes::{DisputeKind, DisputesCommand};
use doorstep_case::intake::{CancelAnswer, IntakeCommand};
use doorstep_case::orders::OrdersCommand;
use doorstep_case::placement::{LinePlacement, PlacementCommand};
use doorstep_case::{Actor, Command, Family, Line, NextStep, Urgency};
use doorstep_store::receipts::Unit;
use doorstep_vocab::{
    AskId, ContactId, DisputeId, LineNo, Micros, OfferId, ProviderId, Timestamp, VisitId,
};
use std::collections::BTreeSet;

/// The local hour after which nobody sets out for a visit of the same day.
const LAST_START: i8 = 15;
/// Files that wait for a person, of which one look reads this many.
const WAITING_MAX: u32 = 50;

/// Does the next step, whatever it is by then.
pub(super) fn step(scene: &Scene, deed: &Deed) -> Result<Next> {
    let (missing, next) = scene.next();
    if next.waits() || !is_ours(scene, &next) {
        return Ok(Next::Drop);
    }
    let agent = agent(scene);
    match next.code {
        "call-back" if calls::is_on_the_line(scene)? => {
            return Ok(Next::Later(scene.now.plus(calls::BUSY)));
        }
        "call-back" => calls::call_back(scene)?,
        "review" => return settle(scene, &agent),
        "dispute" => dispute(scene, deed, next.line)?,
        "determine-auth" => determine(scene, deed, next.line)?,
        "resolve-coverage" => resolve_coverage(scene)?,
        "offer" => offer(scene, deed, (next.line, &missing))?,
        "schedule" | "reschedule" | "exchange" => schedule(scene, deed, (next.line, &missing))?,
        _ => match simple(scene, &missing, &next) {
            Some(command) => scene.act(agent, &command)?,
            None => return Ok(Next::Drop),
        },
    }
    Ok(Next::Done)
}

/// Steps that are one command without a choice.
fn simple(scene: &Scene, missing: &[Missing], next: &NextStep) -> Option<Command> {
    Some(match next.code {
        "acknowledge" => Command::Intake(IntakeCommand::Acknowledge),
        "confirm-cancel" => cancelled(scene),
        "classify" => {
            let (service, family) =
                (scene.story.order.kind.service, Family(scene.story.order.kind.family.to_owned()));
            Command::Intake(IntakeCommand::Classify { line: next.line?, service, family })
        }
        "ask" => ask(scene, missing)?,
        "ask-benefits" => Command::Benefits(BenefitsCommand::Ask),
        "request-auth" | "correct-auth" => request(scene, missing),
        "renew-auth" => renew(scene, next.line?),
        "cancel-line" => {
            let reason = CancelReason::CancelledByMember;
            Command::Closing(ClosingCommand::CancelLine { line: next.line?, reason })
        }
        "complete-line" => {
            let reason = CompleteReason::AuthorizedOnly;
            Command::Closing(ClosingCommand::CompleteLine { line: next.line?, reason })
        }
        "close" => Command::Closing(ClosingCommand::Close),
        _ => return None,
    })
}

/// What the sender cancels is cancelled line by line; what is on its way or delivered already stands.
fn cancelled(scene: &Scene) -> Command {
    let is_planned = |line: &&Line| {
        let visits = scene.case.delivery.visits.values();
        line.ledger.held() > 0
            || visits.filter(|visit| visit.is_ahead()).any(|visit| visit.lines.contains(&line.no))
    };
    let reason = CancelReason::CancelledByReferrer;
    match scene.case.open_lines().find(|line| !is_planned(line)) {
        Some(line) => Command::Closing(ClosingCommand::CancelLine { line: line.no, reason }),
        None if scene.case.open_lines().next().is_some() => {
            Command::Intake(IntakeCommand::AnswerCancel(CancelAnswer::Stands))
        }
        None => Command::Intake(IntakeCommand::AnswerCancel(CancelAnswer::Cancelled)),
    }
}

/// Asks one owner for everything that blocks and that nobody asked for yet.
fn ask(scene: &Scene, missing: &[Missing]) -> Option<Command> {
    let asked =
        |m: &&Missing| scene.case.orders.open_asks().any(|(_, ask)| ask.items.contains(&m.item));
    let blocking: Vec<&Missing> = missing.iter().filter(|m| m.stops() && !asked(m)).collect();
    let of = blocking.first()?.owner;
    let items = blocking.iter().filter(|m| m.owner == of).map(|m| m.item).collect();
    let ask_id = AskId(format!("w{}-ask-{}", scene.story.number, scene.story.steps));
    Some(Command::Orders(OrdersCommand::Ask { ask_id, of, items }))
}

/// Asks the payer about every line that may be asked about: one that lacks something waits.
fn request(scene: &Scene, missing: &[Missing]) -> Command {
    let is_wanting = |line: &&Line| {
        !missing.iter().any(|m| m.blocks_of(line.no).authorization)
            && matches!(
                line.auth,
                Auth::Required | Auth::Rejected { .. } | Auth::Withdrawn | Auth::Expired(_)
            )
    };
    let lines = scene.case.open_lines().filter(is_wanting).map(|line| line.no).collect();
    let trace = format!("TEST-TR-{}-{}", scene.story.number, scene.story.steps);
    let expedited = is_pressing(scene);
    Command::Auth(AuthCommand::Request { lines, trace, expedited, received_at: None })
}

fn renew(scene: &Scene, line: LineNo) -> Command {
    let trace = format!("TEST-TR-{}-{}", scene.story.number, scene.story.steps);
    let (lines, expedited) = (vec![line], is_pressing(scene));
    Command::Auth(AuthCommand::Renew { lines, trace, expedited, received_at: None })
}

/// What came again and differs is compared with the case, which stands as it is.
fn settle(scene: &Scene, agent: &Actor) -> Result<Next> {
    let ctx = scene.app.ctx(agent.clone());
    let of_case = |unit: &&Unit| unit.case_id.as_ref() == Some(&scene.case.id);
    let mut done = Next::Drop;
    for file in desk::waiting_files(&ctx, WAITING_MAX)? {
        for unit in file.units.iter().filter(of_case) {
            let place = (&file.receipt.receipt_id, unit.unit);
            desk::resolve_unit(&ctx, place, Settled::Without("compared with the case"))?;
            done = Next::Done;
        }
    }
    Ok(done)
}

/// Half of the denials are appealed; what was upheld, and the rest, is cancelled with its reason.
fn dispute(scene: &Scene, deed: &Deed, line: Option<LineNo>) -> Result<()> {
    let Some(line) = line else { return Ok(()) };
    let agent = agent(scene);
    let was_disputed =
        scene.case.disputes.disputes.values().any(|dispute| dispute.lines.contains(&line));
    if was_disputed || scene.rng(deed, "how").percent(45) {
        let command = ClosingCommand::CancelLine { line, reason: CancelReason::AuthDenied };
        return scene.act(agent, &Command::Closing(command));
    }
    let dispute_id = DisputeId(format!("w{}-dispute-{}", scene.story.number, scene.story.steps));
    let is_pressing = scene.case.intake.urgency != Urgency::Routine;
    let kind = if is_pressing { DisputeKind::ExpeditedAppeal } else { DisputeKind::Appeal };
    let open = DisputesCommand::Open { dispute_id: dispute_id.clone(), kind, lines: vec![line] };
    scene.act(agent.clone(), &Command::Disputes(open))?;
    scene.act(agent, &Command::Disputes(DisputesCommand::File { dispute_id }))
}

/// By the payer's table; where that does not say, the payer is called.
fn determine(scene: &Scene, deed: &Deed, line: Option<LineNo>) -> Result<()> {
    let Some(line) = line else { return Ok(()) };
    let give =
        |answer| scene.act(agent(scene), &Command::Auth(AuthCommand::Determine { line, answer }));
    let by_table = give(Determination::FromTerms);
    let Err(doorstep_app::Error::Refused(refusal)) = &by_table else { return by_table };
    if refusal.code() != "auth-rule-unknown" {
        return by_table;
    }
    let mut rng = scene.rng(deed, "how");
    if rng.percent(55) {
        return give(Determination::Required);
    }
    give(Determination::NotRequired { proof: format!("TEST-CALL-{:06}", rng.below(1_000_000)) })
}

/// The payer is asked once more; then the lines are cancelled.
fn resolve_coverage(scene: &Scene) -> Result<()> {
    let again = Deed::AnswerBenefits(scene.case.benefits.asked_at.unwrap_or_default());
    let n_answers = scene.story.planned.range(Deed::AnswerBenefits(Timestamp(0))..=again).count();
    if n_answers < 2 {
        return scene.act(agent(scene), &Command::Benefits(BenefitsCommand::Ask));
    }
    let open: Vec<LineNo> = scene.case.open_lines().map(|line| line.no).collect();
    for line in open {
        let command = ClosingCommand::CancelLine { line, reason: CancelReason::NotEligible };
        scene.act(agent(scene), &Command::Closing(command))?;
    }
    Ok(())
}

/// Offers every line of a trade that may be placed to the next provider; when there is none left, somebody outside the
/// network takes it, or it cannot be placed.
fn offer(scene: &Scene, deed: &Deed, (line, missing): (Option<LineNo>, &[Missing])) -> Result<()> {
    let Some(line) = line.and_then(|no| scene.case.lines.get(&no)) else { return Ok(()) };
    let is_placeable = |other: &&Line| {
        other.service == line.service
            && completeness::is_line_complete(missing, other.no)
            && other.is_permitted()
            && other.placement.provider().is_none()
    };
    let lines: Vec<LineNo> =
        scene.case.open_lines().filter(is_placeable).map(|line| line.no).collect();
    let offers = scene.case.placement.offers.values();
    let asked: BTreeSet<&ProviderId> = offers
        .filter(|offer| offer.lines.iter().any(|no| lines.contains(no)))
        .map(|offer| &offer.provider_id)
        .collect();
    let agent = agent(scene);
    let found = desk::providers_for(&scene.app.ctx(agent.clone()), &scene.case.id, line.service)?;
    let left: Vec<ProviderId> = found
        .into_iter()
        .filter(|provider| provider.accepting && !asked.contains(&provider.provider_id))
        .map(|provider| provider.provider_id)
        .collect();
    let mut rng = scene.rng(deed, "whom");
    let (number, steps) = (scene.story.number, scene.story.steps);
    // Whoever usually comes is asked more often.
    let likely: Vec<(u32, ProviderId)> =
        left.into_iter().map(|id| (100 - declines_percent(&id).min(95), id)).collect();
    if let Some(provider_id) = rng.weighed(&likely).cloned() {
        let offer_id = OfferId(format!("w{number}-offer-{steps}"));
        return scene.act(
            agent,
            &Command::Placement(PlacementCommand::Offer { offer_id, provider_id, lines }),
        );
    }
    if rng.percent(60) {
        let command = PlacementCommand::AgreeSingleCase {
            provider_id: ProviderId(format!("outside-sample-{}", rng.between(1, 9))),
            lines,
            reference: format!("TEST-SCA-{number}-{steps}"),
            contact_id: ContactId(format!("w{number}-contact-{steps}")),
        };
        return scene.act_with_contact(agent, (Command::Placement(command), &mut rng));
    }
    for line in lines {
        let command = ClosingCommand::CancelLine { line, reason: CancelReason::NoProvider };
        scene.act(agent.clone(), &Command::Closing(command))?;
    }
    Ok(())
}

/// Plans a visit for the line and whatever else the same provider brings; what was handed over is closed.
fn schedule(
    scene: &Scene,
    deed: &Deed,
    (line, missing): (Option<LineNo>, &[Missing]),
) -> Result<()> {
    let Some(line) = line.and_then(|no| scene.case.lines.get(&no)) else { return Ok(()) };
    let agent = agent(scene);
    if is_handed_over(scene) {
        return scene.act(agent, &Command::Closing(ClosingCommand::Close));
    }
    let holder = line.placement.provider();
    let ahead: Vec<LineNo> = scene
        .case
        .delivery
        .visits
        .values()
        .filter(|visit| visit.is_ahead())
        .flat_map(|visit| visit.lines.iter().copied())
        .collect();
    let comes_along = |other: &&Line| {
        other.placement.provider() == holder
            && other.is_permitted()
            && !ahead.contains(&other.no)
            && !missing.iter().any(|m| m.blocks_of(other.no).delivery)
    };
    let lines = scene.case.open_lines().filter(comes_along).map(|line| line.no).collect();
    let (from, to) = window(scene, deed, line);
    let visit_id = VisitId(format!("w{}-visit-{}", scene.story.number, scene.story.steps));
    scene.act(agent, &Command::Delivery(DeliveryCommand::Schedule { visit_id, lines, from, to }))
}

/// What presses comes as soon as it can, the rest in the morning or the afternoon of the next day, and all of it by the
/// time to which the provider committed.
fn window(scene: &Scene, deed: &Deed, line: &Line) -> (Timestamp, Timestamp) {
    let mut rng = scene.rng(deed, "window");
    let length = Micros::hours(i64::from(rng.between(2, 4)));
    let zone = scene.zone();
    let local = scene.now.civil(zone);
    let promised = match &line.placement {
        LinePlacement::Accepted { commit_by, .. } => Some(commit_by.date(zone)),
        _ => None,
    };
    let is_last_day = promised.is_some_and(|date| date <= local.date());
    let is_pressing = scene.case.intake.urgency == Urgency::Discharge;
    let may_come_today = is_last_day || is_pressing && rng.percent(60) || rng.percent(10);
    if may_come_today && local.hour() < LAST_START {
        let from = scene.in_minutes(rng.between(60, 150));
        return (from, from.plus(length));
    }
    let day = next_visiting_day(scene, line.service, local.date());
    let date = promised.filter(|date| *date > local.date()).map_or(day, |date| day.min(date));
    let from = at_hour(date, if rng.percent(50) { 9 } else { 13 }, zone);
    (from, from.plus(length))
}
