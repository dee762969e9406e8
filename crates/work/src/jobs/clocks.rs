//! Messages to our own people: a clock runs out, something was raised.

use super::Task;
use crate::Message;
use doorstep_app::Result;
use doorstep_vocab::{ClockId, EscalationId};
use serde::Deserialize;

/// Warns a clock's owner: how much time is gone, when it is due, and how that came about.
pub(super) fn warn(task: &Task) -> Result<()> {
    #[derive(Deserialize)]
    struct Body {
        clock_id: ClockId,
    }
    let Body { clock_id } = task.body()?;
    let Some(clock) = task.file.case.clocks.0.get(&clock_id).filter(|clock| clock.is_live()) else {
        return Ok(());
    };
    let standing = match (clock.missed_at, clock.warned.last()) {
        (Some(at), _) => format!("missed {}", task.local(at)),
        (None, Some(percent)) => format!("{percent} % of the time is gone"),
        (None, None) => "running".to_owned(),
    };
    let mut lines = vec![
        format!(
            "Case {}: clock {} is due {}: {standing}.",
            task.number(),
            clock.started.rule,
            task.local(clock.started.due_at)
        ),
        format!("Next: {}.", task.file.next.words),
    ];
    lines.extend(clock.explain().into_iter().map(|(what, words)| format!("- {what}: {words}")));
    task.send(&to_staff(task, clock.started.owner.name(), lines))
}

/// Tells the level's people that something was raised.
pub(super) fn raise(task: &Task) -> Result<()> {
    #[derive(Deserialize)]
    struct Body {
        escalation_id: EscalationId,
        level: u8,
    }
    let Body { escalation_id, level } = task.body()?;
    let escalation = task.file.case.disputes.escalations.get(&escalation_id);
    let Some(escalation) = escalation.filter(|escalation| escalation.resolved_at.is_none()) else {
        return Ok(());
    };
    let lines = vec![
        format!(
            "Case {}: escalated to level {level}: {}.",
            task.number(),
            escalation.reason.words()
        ),
        "Take it and promise a date and time of resolution.".to_owned(),
        format!("Next: {}.", task.file.next.words),
    ];
    task.send(&to_staff(task, "supervisor", lines))
}

fn to_staff(task: &Task, role: &str, lines: Vec<String>) -> Message {
    let manager = task.file.case.intake.manager.as_ref();
    let address = manager.map_or(role.to_owned(), ToString::to_string);
    Message { to: "staff", address, subject: format!("Case {}", task.number()), lines }
}
