//! Messages to our own people: a clock runs out, something was raised.

use super::Task;
use crate::Message;
use doorstep_app::{Result, desk};
use doorstep_case::Role;
use doorstep_case::clock::owner_of;
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
    let zone = &clock.started.zone;
    let today = task.ctx.now.date(zone);
    let calendar = task.ctx.app.packs.calendar_named(&clock.started.calendar, today);
    let explained = clock.explain_on(&calendar).into_iter();
    lines.extend(explained.map(|(what, words)| format!("- {what}: {words}")));
    let address = match owner_of(&task.file.case, clock) {
        Some(owner) => owner.to_string(),
        None => everybody(task, clock.started.owner)?,
    };
    task.send(&to_staff(task, address, lines))
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
    let mut lines = vec![
        format!(
            "Case {}: escalated to level {level}: {}.",
            task.number(),
            escalation.reason.words()
        ),
        "Take it and promise a date and time of resolution.".to_owned(),
        format!("Next: {}.", task.file.next.words),
    ];
    let address = answers(task, level)?;
    if let Some(manager) = &task.file.case.intake.manager {
        lines.push(format!("Case manager: {manager}."));
    }
    task.send(&to_staff(task, address, lines))
}

/// Whoever the packs say answers at a level; the supervisors where they say nobody.
fn answers(task: &Task, level: u8) -> Result<String> {
    let today = task.ctx.now.date(&task.ctx.app.settings.hub_zone);
    let ladder = task.ctx.app.packs.ladder(today);
    let rung = ladder.iter().find(|(rung, _)| rung.level == level);
    let tells = rung.map(|(rung, _)| rung.tells.clone()).filter(|tells| !tells.is_empty());
    let roles = tells.unwrap_or_else(|| vec![Role::Supervisor]);
    let names: Result<Vec<String>> = roles.into_iter().map(|role| everybody(task, role)).collect();
    Ok(names?.join("; "))
}

/// A role with the names of its people: what nobody in particular owns, each of them sees.
fn everybody(task: &Task, role: Role) -> Result<String> {
    let people = desk::staff(task.ctx)?;
    let names: Vec<String> = people
        .iter()
        .filter(|user| user.role == role)
        .map(|user| user.user_id.to_string())
        .collect();
    Ok(if names.is_empty() {
        role.name().to_owned()
    } else {
        format!("{} ({})", role.name(), names.join(", "))
    })
}

fn to_staff(task: &Task, address: String, lines: Vec<String>) -> Message {
    Message { to: "staff", address, subject: format!("Case {}", task.number()), lines }
}
