//! What is whose: which cases the staff hand over to whoever came to look, how long they leave them alone, and when they
//! help out, so that no case burns because nobody clicked.

use super::agent;
use crate::START;
use crate::deed::{Deed, Next};
use crate::story::Scene;
use crate::users::is_visitor;
use doorstep_app::Result;
use doorstep_case::Command;
use doorstep_case::intake::IntakeCommand;
use doorstep_vocab::{Micros, Timestamp, UserId};

/// The visitor's shift begins an hour before the console opens.
const SHIFT: Timestamp = Timestamp(START.0 - Micros::hours(1).0);
/// Cases that are kept for the visitor and handed over, of a hundred; the others wait unassigned.
const HANDED_PERCENT: u32 = 55;
/// How often the staff look whether something of the visitor's presses.
const LOOK: Micros = Micros::minutes(10);
/// At this share of a clock a colleague helps out: the second of the three warnings.
const PRESSING_PERCENT: u8 = 75;
/// After so long a colleague takes a case on that was left, whether or not anything presses.
const LEFT_MAX: Micros = Micros::hours(14);

/// When a case is handed over that is kept for the visitor: one of the days before in the morning of the visitor's first
/// day, so that it stands somewhere in the middle of its way, and a later one at a step of its own.
pub(super) fn hand_over_at(scene: &Scene) -> Option<(Deed, Timestamp)> {
    let step = scene.story.leave_from?;
    let deed = Deed::HandOver;
    let mut rng = scene.rng(&deed, "when");
    if scene.case.intake.opened_at < SHIFT {
        return Some((deed, SHIFT.plus(Micros::minutes(i64::from(rng.between(5, 50))))));
    }
    if step != scene.story.steps {
        return None;
    }
    let is_handed = rng.percent(HANDED_PERCENT);
    let at = scene.on_duty(rng.between(1, 10));
    Some((deed, if is_handed { at } else { Timestamp(i64::MAX) }))
}

/// Gives the case to a visitor, unless one has it.
pub(super) fn hand_over(scene: &Scene, deed: &Deed) -> Result<Next> {
    if scene.case.intake.manager.as_ref().is_some_and(is_visitor) {
        return Ok(Next::Drop);
    }
    let visitors = [(70, "ana"), (18, "noor"), (12, "sam")];
    let to = *scene.rng(deed, "whom").weighed(&visitors).unwrap_or(&"ana");
    scene.act(agent(scene), &Command::Intake(IntakeCommand::Assign(UserId::from(to))))?;
    Ok(Next::Done)
}

/// Whether the case waits at this step for a visitor to take it.
pub(super) fn is_left(scene: &Scene) -> bool {
    let opened_at = scene.case.intake.opened_at;
    scene.is_watched
        && opened_at >= SHIFT
        && scene.story.leave_from == Some(scene.story.steps)
        && scene.now.since(opened_at) < LEFT_MAX
}

/// Returns until when the staff keep their hands off, when they do.
pub(super) fn busy_until(scene: &Scene, deed: &Deed, hands_off: Micros) -> Option<Timestamp> {
    let touched_until = scene.story.touched_at.map(|at| at.plus(hands_off));
    if touched_until.is_some_and(|until| until > scene.now) {
        return touched_until;
    }
    let is_theirs = scene.case.intake.manager.as_ref().is_some_and(is_visitor);
    let is_kept = is_left(scene) || (scene.is_watched && is_theirs);
    let helps_out = match deed {
        Deed::HandOver => true,
        // Whoever opened a case here wants to see it through.
        _ if scene.story.is_own => false,
        _ => is_pressing(scene),
    };
    (is_kept && !helps_out).then(|| scene.now.plus(LOOK))
}

/// Whether a clock of the case is far gone, or an escalation waits for somebody to take it.
fn is_pressing(scene: &Scene) -> bool {
    let mut running = scene.case.clocks.0.values().filter(|clock| clock.is_running());
    let is_raised =
        || scene.case.disputes.open_escalations().any(|(_, raised)| raised.committed_to.is_none());
    running.any(|clock| {
        clock.missed_at.is_some() || clock.warned.iter().any(|percent| *percent >= PRESSING_PERCENT)
    }) || is_raised()
}
