//! Messages to whoever sent the order.

use super::Task;
use super::plan::providers;
use crate::Message;
use doorstep_app::Result;
use doorstep_case::delivery::DeliveryCommand;
use doorstep_case::intake::IntakeCommand;
use doorstep_case::{Channel, Command, Owner};
use doorstep_vocab::{AskId, VisitId};
use serde::Deserialize;

/// Tells the sender the case number, the manager and what is missing. Sources: M05, M06, M07.
///
/// An order that came by telephone or form was acknowledged by the person who took it, or will be.
pub(super) fn acknowledge(task: &Task) -> Result<()> {
    let case = &task.file.case;
    let by_hand = |channel: Channel| matches!(channel, Channel::Phone | Channel::Form);
    if case.intake.receipts.iter().all(|receipt| by_hand(receipt.channel)) {
        return Ok(());
    }
    let manager =
        case.intake.manager.as_ref().map_or("not assigned yet".to_owned(), ToString::to_string);
    let mut lines = vec![
        format!(
            "We received your order {} and opened case {}.",
            task.local(case.intake.received_at),
            task.number()
        ),
        format!("Case manager: {manager}."),
    ];
    lines.extend(missing(task));
    let number = task.number();
    task.send(&to_referrer(task, format!("Referral received: case {number}"), lines))?;
    task.tell(&Command::Intake(IntakeCommand::Acknowledge))
}

/// Asks for what is missing, in words a discharge planner understands.
pub(super) fn ask(task: &Task) -> Result<()> {
    #[derive(Deserialize)]
    struct Body {
        ask_id: AskId,
    }
    let Body { ask_id } = task.body()?;
    let Some(ask) = task.file.case.orders.asks.get(&ask_id).filter(|ask| ask.ended_at.is_none())
    else {
        return Ok(());
    };
    let mut lines = vec![format!("To go on with case {} we need:", task.number())];
    for item in &ask.items {
        let why = task
            .file
            .missing
            .iter()
            .find(|m| m.item == *item)
            .map(|m| m.why.as_str())
            .unwrap_or_default();
        lines.push(format!("- {}. {why}", item.words()));
    }
    let kind = if ask.chased == 0 { "please send" } else { "reminder" };
    task.send(&to_asked(task, ask.of, (kind, lines)))
}

/// Tells whoever was asked that the answer is no longer needed.
pub(super) fn recall(task: &Task) -> Result<()> {
    #[derive(Deserialize)]
    struct Body {
        ask_id: AskId,
    }
    let Body { ask_id } = task.body()?;
    let Some(ask) = task.file.case.orders.asks.get(&ask_id) else { return Ok(()) };
    let mut lines = vec![format!("Case {}: we no longer need this from you:", task.number())];
    lines.extend(ask.items.iter().map(|item| format!("- {}", item.words())));
    task.send(&to_asked(task, ask.of, ("no longer needed", lines)))
}

fn to_asked(task: &Task, of: Owner, (what, lines): (&str, Vec<String>)) -> Message {
    let mut message = to_referrer(task, format!("Case {}: {what}", task.number()), lines);
    if of != Owner::Referrer {
        (message.to, message.address) = (of.name(), String::new());
    }
    message
}

/// Confirms the scheduled start in writing, to show at discharge. Source: M17.
pub(super) fn confirm(task: &Task) -> Result<()> {
    #[derive(Deserialize)]
    struct Body {
        visit_id: VisitId,
    }
    let Body { visit_id } = task.body()?;
    let visit = task.file.case.delivery.visits.get(&visit_id).filter(|visit| visit.is_ahead());
    let Some(visit) = visit else { return Ok(()) };
    let what: Vec<String> = visit.lines.iter().map(|line| format!("line {line}")).collect();
    let mut lines = vec![
        format!("Case {}: {} is scheduled.", task.number(), what.join(", ")),
        format!("Between {} and {}.", task.local(visit.from), task.local(visit.to)),
    ];
    lines.extend(providers(task, &visit.lines)?);
    lines.push("This is the written confirmation of the scheduled start.".to_owned());
    task.send(&to_referrer(task, format!("Case {}: confirmed start", task.number()), lines))?;
    task.tell(&Command::Delivery(DeliveryCommand::Confirm { visit_id }))
}

pub(super) fn to_referrer(task: &Task, subject: String, lines: Vec<String>) -> Message {
    let referrer = task.file.party.referrer.as_ref();
    let address =
        referrer.and_then(|referrer| referrer.fax.clone().or_else(|| referrer.phone.clone()));
    Message { to: "referrer", address: address.unwrap_or_default(), subject, lines }
}

fn missing(task: &Task) -> Vec<String> {
    let mut lines = Vec::new();
    for m in &task.file.missing {
        if lines.is_empty() {
            lines.push("Still missing:".to_owned());
        }
        lines.push(format!("- {} ({}): {}", m.item.words(), m.owner.name(), m.why));
    }
    if lines.is_empty() {
        lines.push("Nothing is missing.".to_owned());
    }
    lines
}
