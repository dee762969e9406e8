//! What was raised: the supervisor promises a time, and resolves it once its cause is mended. Most promises are kept.

use crate::deed::{Deed, Next};
use crate::story::Scene;
use crate::users::actor;
use doorstep_app::Result;
use doorstep_case::Command;
use doorstep_case::disputes::{DisputesCommand, Escalation};
use doorstep_vocab::{ClockId, EscalationId, LineNo, Micros, Timestamp, UserId};

/// Promises that are kept, of a hundred.
const KEPT_PERCENT: u32 = 93;
/// How often the supervisor looks whether the cause is mended.
const LOOK: Micros = Micros::minutes(20);

/// When the supervisor takes what was raised, and when it is looked at again.
pub(super) fn plans(scene: &Scene) -> Vec<(Deed, Timestamp)> {
    let plan = |(escalation_id, raised): (&EscalationId, &Escalation)| {
        let id = escalation_id.clone();
        let is_taken = raised.committed_to.is_some();
        let deed = if is_taken { Deed::Resolve(id) } else { Deed::Commit(id) };
        // It is taken within the half hour, by night too. Source: facts 6.4, L2.
        let (least, most) = if is_taken { (10, 40) } else { (4, 24) };
        let minutes = scene.rng(&deed, "when").between(least, most);
        (deed, scene.in_minutes(minutes))
    };
    scene.case.disputes.open_escalations().map(plan).collect()
}

/// Takes it and promises a time in working hours.
pub(super) fn commit(scene: &Scene, deed: &Deed, escalation_id: &EscalationId) -> Result<Next> {
    let raised = scene.case.disputes.escalations.get(escalation_id);
    if raised.is_none_or(|raised| raised.resolved_at.is_some() || raised.committed_to.is_some()) {
        return Ok(Next::Drop);
    }
    let command = DisputesCommand::Commit {
        escalation_id: escalation_id.clone(),
        owner: UserId::from("olu"),
        committed_to: scene.on_duty(scene.rng(deed, "how").between(150, 420)),
    };
    scene.act(actor("olu"), &Command::Disputes(command))?;
    Ok(Next::Done)
}

/// Resolves what is mended; what is not, shortly before the promised time, with another arrangement, or too late.
pub(super) fn resolve(scene: &Scene, deed: &Deed, escalation_id: &EscalationId) -> Result<Next> {
    let raised = scene.case.disputes.escalations.get(escalation_id);
    let Some(raised) = raised.filter(|raised| raised.resolved_at.is_none()) else {
        return Ok(Next::Drop);
    };
    let Some(promised) = raised.committed_to else { return Ok(Next::Drop) };
    let mut rng = scene.rng(deed, "how");
    let slack = Micros::minutes(i64::from(rng.between(10, 50)));
    let is_kept = rng.percent(KEPT_PERCENT);
    let at_last = promised.plus(if is_kept { Micros(-slack.0) } else { slack });
    if scene.now < at_last && !is_mended(scene, escalation_id) {
        return Ok(Next::Later(scene.now.plus(LOOK).min(at_last)));
    }
    let command = DisputesCommand::Resolve { escalation_id: escalation_id.clone() };
    scene.act(actor("olu"), &Command::Disputes(command))?;
    Ok(Next::Done)
}

/// Whether what it was raised for is no more: the clock that ran out has stopped, the line that nobody took is placed.
fn is_mended(scene: &Scene, escalation_id: &EscalationId) -> bool {
    let id = escalation_id.as_str();
    if let Some(clock_id) = id.strip_prefix("missed:") {
        let clock = scene.case.clocks.0.get(&ClockId::from(clock_id));
        return clock.is_none_or(|clock| !clock.is_live());
    }
    let declined = id.strip_prefix("declines:line-").and_then(|no| no.parse().ok()).map(LineNo);
    let line = declined.and_then(|no| scene.case.lines.get(&no));
    line.is_some_and(|line| !line.is_open() || line.placement.provider().is_some())
}
