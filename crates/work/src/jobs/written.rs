//! Messages that our people wrote themselves.

use super::Task;
use super::referrer::to_referrer;
use doorstep_app::{Result, messages};
use doorstep_case::messages::Receiver;
use doorstep_vocab::MessageId;
use serde::Deserialize;

/// Sends a message as it was written, under the case's number.
pub(super) fn send(task: &Task) -> Result<()> {
    #[derive(Deserialize)]
    struct Body {
        message_id: MessageId,
    }
    let Body { message_id } = task.body()?;
    let Some(written) = messages::one(task.ctx, &task.file.case.id, &message_id)? else {
        return Ok(());
    };
    let subject = format!("Case {}: a message", task.number());
    let lines = written.text.reveal().lines().map(str::to_owned).collect();
    let mut message = to_referrer(task, subject, lines);
    match written.to {
        Receiver::Referrer => {}
        Receiver::Provider(id) => (message.to, message.address) = ("provider", id.to_string()),
        to @ (Receiver::Member | Receiver::Payer) => {
            (message.to, message.address) = (to.owner().name(), String::new());
        }
    }
    task.send(&message)
}
