//! The visitor's colleagues: they do the routine next step of most cases, and leave the rest to whoever came to look.

use crate::deed::{Deed, Next};
use crate::story::Scene;
use crate::users::{actor, is_visitor};
use doorstep_app::{Result, desk};
use doorstep_case::auth::{Auth, AuthCommand, Determination};
use doorstep_case::benefits::BenefitsCommand;
use doorstep_case::closing::{CancelReason, ClosingCommand, CompleteReason};
use doorstep_case::completeness::Missing;
use doorstep_case::delivery::DeliveryCommand;
use doorstep_case::disputes::{DisputeKind, DisputesCommand};
use doorstep_case::intake::{CancelAnswer, IntakeCommand, Priority};
use doorstep_case::orders::OrdersCommand;
use doorstep_case::placement::PlacementCommand;
use doorstep_case::{Actor, Command, Family, Line, NextStep, Unit, Urgency};
use doorstep_vocab::{
    AskId, DisputeId, EscalationId, LineNo, Micros, OfferId, ProviderId, Time, Timestamp, UserId,
    VisitId, Weekday,
};
use std::collections::BTreeSet;

/// What the staff do about a case, and when.
pub(crate) fn plans(scene: &Scene) -> Vec<(Deed, Timestamp)> {
    if !scene.case.is_open() {
        return Vec::new();
    }
    let mut plans = Vec::new();
    let never = Timestamp(i64::MAX);
    let mut once = |deed: Deed, percent: u32, (least, most): (u32, u32)| {
        let mut rng = scene.rng(&deed, "when");
        let at =
            if rng.percent(percent) { scene.after_work(rng.between(least, most)) } else { never };
        plans.push((deed, at));
    };
    if scene.case.intake.priority.is_none() {
        once(Deed::Triage, 75, (6, 45));
    }
    if scene.case.intake.manager.is_none() && scene.story.leave_from.is_none() {
        once(Deed::Assign, 70, (3, 25));
    }
    let step = scene.story.steps;
    if scene.story.leave_from == Some(step) {
        once(Deed::HandOver, 55, (1, 10));
    }
    for (escalation_id, escalation) in scene.case.disputes.open_escalations() {
        if let Some(promised) = escalation.committed_to {
            plans.push(resolve_at(scene, escalation_id, promised));
        }
    }
    let (_, next) = scene.next();
    if !next.waits() && is_ours(scene, &next) {
        let deed = Deed::Step(step);
        let mut rng = scene.rng(&deed, "when");
        let left = if scene.story.leave_from == Some(step) { rng.between(420, 840) } else { 0 };
        let is_pressing =
            scene.case.intake.urgency != Urgency::Routine || next.code == "commit-escalation";
        let minutes = if is_pressing { rng.between(2, 14) } else { rng.between(4, 40) };
        plans.push((deed, scene.after_work(minutes + left)));
    }
    plans
}

/// Most promises are kept.
fn resolve_at(
    scene: &Scene,
    escalation_id: &EscalationId,
    promised: Timestamp,
) -> (Deed, Timestamp) {
    let deed = Deed::Resolve(escalation_id.clone());
    let mut rng = scene.rng(&deed, "when");
    let left = promised.since(scene.now).0.max(0);
    let percent = if rng.percent(78) { rng.between(20, 90) } else { rng.between(105, 160) };
    (deed, scene.now.plus(Micros(left / 100 * i64::from(percent))))
}

/// Whether there is something for the staff to do: what the payer asked for goes out with its own answer, a dispute that
/// was filed is the payer's, and a case ends when what was raised about it has ended.
fn is_ours(scene: &Scene, next: &NextStep) -> bool {
    let is_filed = || {
        let open: Vec<_> = scene.case.disputes.open_disputes().collect();
        next.line.is_some_and(|no| open.iter().any(|(_, dispute)| dispute.lines.contains(&no)))
    };
    let is_raised = || scene.case.disputes.open_escalations().next().is_some();
    match next.code {
        "none" | "send-info" => false,
        "dispute" => !is_filed(),
        "close" => !is_raised(),
        "schedule" => !(is_handed_over(scene) && is_raised()),
        _ => true,
    }
}

/// Care that goes on in visits, days or months is handed over once it has begun.
fn is_handed_over(scene: &Scene) -> bool {
    scene.case.open_lines().all(|line| line.request.unit != Unit::Each && line.ledger.held() > 0)
}

/// Does what the staff planned. A case that a visitor has in hand is left alone for `hands_off`.
pub(crate) fn perform(scene: &Scene, deed: &Deed, hands_off: Micros) -> Result<Next> {
    if !scene.case.is_open() || scene.case.intake.manager.as_ref().is_some_and(is_visitor) {
        return Ok(Next::Drop);
    }
    let free_at = scene.story.touched_at.map(|at| at.plus(hands_off));
    if let Some(free_at) = free_at.filter(|free_at| *free_at > scene.now) {
        return Ok(Next::Later(free_at));
    }
    match deed {
        Deed::Triage => {
            scene.act(actor("ines"), &Command::Intake(IntakeCommand::Triage(priority(scene))))
        }
        Deed::Assign => {
            let agent = agent(scene);
            scene.act(agent.clone(), &Command::Intake(IntakeCommand::Assign(agent.user_id)))
        }
        Deed::HandOver => {
            let visitors = [(75, "ana"), (15, "noor"), (10, "sam")];
            let to = *scene.rng(deed, "whom").weighed(&visitors).unwrap_or(&"ana");
            scene.act(agent(scene), &Command::Intake(IntakeCommand::Assign(UserId::from(to))))
        }
        Deed::Resolve(escalation_id) => {
            let escalation_id = escalation_id.clone();
            scene.act(actor("olu"), &Command::Disputes(DisputesCommand::Resolve { escalation_id }))
        }
        Deed::Step(_) => return step(scene, deed),
        _ => Ok(()),
    }?;
    Ok(Next::Done)
}

fn agent(scene: &Scene) -> Actor {
    actor(if scene.story.number.is_multiple_of(2) { "ben" } else { "ivy" })
}

fn priority(scene: &Scene) -> Priority {
    match scene.case.intake.urgency {
        Urgency::Discharge => Priority::P0,
        Urgency::Urgent => Priority::P1,
        Urgency::Routine if scene.case.intake.discharge.is_some() => Priority::P2,
        Urgency::Routine => Priority::P3,
    }
}

fn step(scene: &Scene, deed: &Deed) -> Result<Next> {
    let (missing, next) = scene.next();
    if next.waits() || !is_ours(scene, &next) {
        return Ok(Next::Drop);
    }
    let agent = agent(scene);
    match next.code {
        "commit-escalation" => commit(scene, deed)?,
        "dispute" => dispute(scene, deed, next.line)?,
        "determine-auth" => determine(scene, deed, next.line)?,
        "resolve-coverage" => resolve_coverage(scene)?,
        "offer" => offer(scene, deed, next.line)?,
        "schedule" | "reschedule" | "exchange" => schedule(scene, deed, next.line)?,
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
        "request-auth" | "correct-auth" => request(scene),
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
    let blocking: Vec<&Missing> = missing
        .iter()
        .filter(|m| m.blocks.authorization || m.blocks.delivery)
        .filter(|m| !asked(m))
        .collect();
    let of = blocking.first()?.owner;
    let items = blocking.iter().filter(|m| m.owner == of).map(|m| m.item).collect();
    let ask_id = AskId(format!("w{}-ask-{}", scene.story.number, scene.story.steps));
    Some(Command::Orders(OrdersCommand::Ask { ask_id, of, items }))
}

fn request(scene: &Scene) -> Command {
    let is_wanting = |line: &&Line| {
        matches!(
            line.auth,
            Auth::Required | Auth::Rejected { .. } | Auth::Withdrawn | Auth::Expired(_)
        )
    };
    let lines = scene.case.open_lines().filter(is_wanting).map(|line| line.no).collect();
    let trace = format!("TEST-TR-{}-{}", scene.story.number, scene.story.steps);
    let expedited = scene.case.intake.urgency != Urgency::Routine;
    Command::Auth(AuthCommand::Request { lines, trace, expedited, received_at: None })
}

fn renew(scene: &Scene, line: LineNo) -> Command {
    let trace = format!("TEST-TR-{}-{}", scene.story.number, scene.story.steps);
    let (lines, expedited) = (vec![line], scene.case.intake.urgency != Urgency::Routine);
    Command::Auth(AuthCommand::Renew { lines, trace, expedited, received_at: None })
}

fn commit(scene: &Scene, deed: &Deed) -> Result<()> {
    let open = scene
        .case
        .disputes
        .open_escalations()
        .find(|(_, escalation)| escalation.committed_to.is_none());
    let Some((escalation_id, _)) = open else { return Ok(()) };
    let minutes = scene.rng(deed, "how").between(90, 300);
    let command = DisputesCommand::Commit {
        escalation_id: escalation_id.clone(),
        owner: UserId::from("olu"),
        committed_to: scene.after_work(minutes),
    };
    scene.act(actor("olu"), &Command::Disputes(command))
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
fn offer(scene: &Scene, deed: &Deed, line: Option<LineNo>) -> Result<()> {
    let Some(line) = line.and_then(|no| scene.case.lines.get(&no)) else { return Ok(()) };
    let is_placeable = |other: &&Line| {
        other.service == line.service
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
    if let Some(provider_id) = rng.pick(&left).cloned() {
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
        };
        return scene.act(agent, &Command::Placement(command));
    }
    for line in lines {
        let command = ClosingCommand::CancelLine { line, reason: CancelReason::NoProvider };
        scene.act(agent.clone(), &Command::Closing(command))?;
    }
    Ok(())
}

/// Plans a visit for the line and whatever else the same provider brings; what was handed over is closed.
fn schedule(scene: &Scene, deed: &Deed, line: Option<LineNo>) -> Result<()> {
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
        other.placement.provider() == holder && other.is_permitted() && !ahead.contains(&other.no)
    };
    let lines = scene.case.open_lines().filter(comes_along).map(|line| line.no).collect();
    let (from, to) = window(scene, deed);
    let visit_id = VisitId(format!("w{}-visit-{}", scene.story.number, scene.story.steps));
    scene.act(agent, &Command::Delivery(DeliveryCommand::Schedule { visit_id, lines, from, to }))
}

/// Before a discharge things come as soon as they can; else in the morning or the afternoon of one of the next days.
fn window(scene: &Scene, deed: &Deed) -> (Timestamp, Timestamp) {
    let mut rng = scene.rng(deed, "window");
    let length = Micros::hours(i64::from(rng.between(2, 4)));
    let is_pressing = scene.case.intake.urgency == Urgency::Discharge;
    let local = scene.now.civil(scene.zone());
    if (is_pressing || rng.percent(15)) && local.hour() < 16 {
        let from = scene.in_minutes(rng.between(60, 150));
        return (from, from.plus(length));
    }
    let mut date = local.date().tomorrow().unwrap_or(local.date());
    if date.weekday() == Weekday::Sunday {
        date = date.tomorrow().unwrap_or(date);
    }
    let hour = if rng.percent(50) { 9 } else { 13 };
    let from = scene.zone().instant(date.to_datetime(Time::constant(hour, 0, 0, 0)));
    (from, from.plus(length))
}
