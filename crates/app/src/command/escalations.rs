//! Reading the forms of escalations.

use super::Input;
use super::table::Made;
use super::words;
use doorstep_case::Command;
use doorstep_case::disputes::{DisputesCommand, EscalationReason};
use doorstep_vocab::{CallId, DocumentId, EscalationId};

pub(super) fn escalate(input: &Input) -> Made {
    let level = input.choice("level", |text| text.parse().ok())?;
    let reason = input.choice("reason", EscalationReason::parse)?;
    if reason == EscalationReason::Other {
        input.text(words::NAME)?;
    }
    Ok(Command::Disputes(DisputesCommand::Escalate {
        escalation_id: EscalationId::from(input.id("escalation_id")),
        level,
        reason,
        call_id: input.get("call").map(CallId::from),
        message_id: message(input)?,
    }))
}

pub(super) fn acknowledge(input: &Input) -> Made {
    let escalation_id = EscalationId::from(input.text("escalation")?);
    Ok(Command::Disputes(DisputesCommand::Acknowledge { escalation_id }))
}

pub(super) fn raise(input: &Input) -> Made {
    Ok(Command::Disputes(DisputesCommand::Raise {
        escalation_id: EscalationId::from(input.text("escalation")?),
        level: input.choice("level", |text| text.parse().ok())?,
        message_id: message(input)?,
    }))
}

pub(super) fn say(input: &Input) -> Made {
    input.text(words::NAME)?;
    Ok(Command::Disputes(DisputesCommand::Say {
        escalation_id: EscalationId::from(input.text("escalation")?),
        message_id: DocumentId::from(input.id("message_id")),
    }))
}

/// A command names a message only where there is one.
fn message(input: &Input) -> Result<Option<DocumentId>, super::FieldProblem> {
    let is_written = words::read(input)?.is_some();
    Ok(is_written.then(|| DocumentId::from(input.id("message_id"))))
}
