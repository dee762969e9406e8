//! The hub's staff: they do the routine next step of every case, day and late shift, and leave to the visitor what the
//! visitor has in hand, as long as nothing presses.

pub(crate) mod calls;
mod raised;
mod steps;
mod visitor;

use crate::deed::{Deed, Next};
use crate::hours::is_working_day;
use crate::story::Scene;
use crate::users::{VISITORS, actor};
use doorstep_app::Result;
use doorstep_case::delivery::Visit;
use doorstep_case::intake::{IntakeCommand, Priority};
use doorstep_case::messages::MessagesCommand;
use doorstep_case::{Actor, Command, NextStep, Unit, Urgency};
use doorstep_vocab::{Micros, Timestamp, UserId};

/// What the staff do about a case, and when.
pub(crate) fn plans(scene: &Scene) -> Vec<(Deed, Timestamp)> {
    if !scene.case.is_open() {
        return Vec::new();
    }
    let mut plans: Vec<_> = [triage_at(scene), assign_at(scene), visitor::hand_over_at(scene)]
        .into_iter()
        .flatten()
        .collect();
    plans.extend(raised::plans(scene));
    plans.extend(step_at(scene));
    plans.extend(read_at(scene));
    plans
}

/// A nurse is there at all hours for what presses; the rest is looked at in the order in which it came. Source: M08, M09.
fn triage_at(scene: &Scene) -> Option<(Deed, Timestamp)> {
    if scene.case.intake.priority.is_some() {
        return None;
    }
    let deed = Deed::Triage;
    let mut rng = scene.rng(&deed, "when");
    let at = if is_pressing(scene) {
        scene.in_minutes(rng.between(4, 30))
    } else {
        scene.on_duty(rng.between(25, 130))
    };
    Some((deed, at))
}

fn assign_at(scene: &Scene) -> Option<(Deed, Timestamp)> {
    if scene.case.intake.manager.is_some() || visitor::is_left(scene) {
        return None;
    }
    let deed = Deed::Assign;
    let mut rng = scene.rng(&deed, "when");
    let minutes = if is_pressing(scene) { rng.between(3, 30) } else { rng.between(15, 110) };
    Some((deed, scene.on_duty(minutes)))
}

/// What came in is read within some hours, by whoever has the case. The visitor reads for themselves.
fn read_at(scene: &Scene) -> Option<(Deed, Timestamp)> {
    let is_visitors = |id: &UserId| VISITORS.iter().any(|(visitor, ..)| *visitor == id.as_str());
    if scene.case.intake.manager.as_ref().is_some_and(is_visitors) {
        return None;
    }
    let deed = Deed::Read(scene.case.messages.unread_since?);
    let mut rng = scene.rng(&deed, "when");
    // One in four lies for days: nobody's turn, and nobody's question.
    let minutes = if rng.between(0, 3) == 0 { 6_000 } else { rng.between(20, 300) };
    Some((deed, scene.on_duty(minutes)))
}

fn step_at(scene: &Scene) -> Option<(Deed, Timestamp)> {
    let (_, next) = scene.next();
    if next.waits() || !is_ours(scene, &next) {
        return None;
    }
    let deed = Deed::Step(scene.story.steps);
    let mut rng = scene.rng(&deed, "when");
    let at = match next.code {
        // Somebody who was not at home is called in office hours.
        "reschedule" => scene.after_work(rng.between(30, 180)),
        _ if is_pressing(scene) => scene.on_duty(rng.between(2, 14)),
        _ if is_working_day(scene.now.date(scene.hub_zone())) => scene.on_duty(rng.between(4, 40)),
        // Few are there, for what presses.
        _ => scene.on_duty(rng.between(15, 150)),
    };
    Some((deed, at))
}

/// Whether a case goes before others.
fn is_pressing(scene: &Scene) -> bool {
    scene.case.intake.urgency != Urgency::Routine || scene.case.intake.discharge.is_some()
}

/// Whether there is something for an agent to do: triage is the nurse's, an escalation the supervisor's, both planned for
/// themselves; what the payer asked for goes out with its own answer, a dispute that was filed is the payer's, and a case
/// ends when what was raised and what was complained of has ended.
fn is_ours(scene: &Scene, next: &NextStep) -> bool {
    let is_filed = || {
        let open: Vec<_> = scene.case.disputes.open_disputes().collect();
        next.line.is_some_and(|no| open.iter().any(|(_, dispute)| dispute.lines.contains(&no)))
    };
    let is_raised = || scene.case.disputes.open_escalations().next().is_some();
    let is_expected = || scene.case.delivery.visits.values().any(Visit::is_ahead);
    match next.code {
        "none" | "send-info" | "triage" | "commit-escalation" => false,
        "dispute" => !is_filed(),
        "close" => !is_raised() && scene.case.disputes.open_disputes().next().is_none(),
        "schedule" => !(is_handed_over(scene) && (is_raised() || is_expected())),
        _ => true,
    }
}

/// Care that goes on in visits, days or months is handed over once it has begun.
fn is_handed_over(scene: &Scene) -> bool {
    scene.case.open_lines().all(|line| line.request.unit != Unit::Each && line.ledger.held() > 0)
}

/// Does what the staff planned. What a visitor has in hand is left alone: for `hands_off` after the visitor did something,
/// and after that until something presses.
pub(crate) fn perform(scene: &Scene, deed: &Deed, hands_off: Micros) -> Result<Next> {
    if !scene.case.is_open() {
        return Ok(Next::Drop);
    }
    if let Deed::Call(_) = deed {
        return calls::call(scene, deed, hands_off);
    }
    if let Some(free_at) = visitor::busy_until(scene, deed, hands_off) {
        return Ok(Next::Later(free_at));
    }
    match deed {
        Deed::Triage => {
            scene.act(actor("ines"), &Command::Intake(IntakeCommand::Triage(priority(scene))))?;
        }
        Deed::Assign if scene.case.intake.manager.is_some() => return Ok(Next::Drop),
        Deed::Assign => {
            let agent = agent(scene);
            scene.act(agent.clone(), &Command::Intake(IntakeCommand::Assign(agent.user_id)))?;
        }
        Deed::HandOver => return visitor::hand_over(scene, deed),
        Deed::Commit(escalation_id) => return raised::commit(scene, deed, escalation_id),
        Deed::Resolve(escalation_id) => return raised::resolve(scene, deed, escalation_id),
        Deed::Read(_) => {
            scene.act(agent(scene), &Command::Messages(MessagesCommand::Read))?;
        }
        Deed::Hear(dispute_id) => return calls::hear(scene, deed, dispute_id),
        Deed::Step(_) => return steps::step(scene, deed),
        _ => {}
    }
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
