//! What was written about escalations. The record has that it was; the words are here alone.

use crate::people::columns as personal;
use crate::{Result, Scope, walls};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, DocumentId, EscalationId, Phi, Timestamp, UserId};

/// A case shows so many messages at most.
const MESSAGES_MAX: u32 = 1000;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id, as the case's event names it.
    pub message_id: DocumentId,
    /// The escalation.
    pub escalation_id: EscalationId,
    /// When it was written.
    pub at: Timestamp,
    /// By whom.
    pub author: UserId,
    /// Who asked for it; empty for nobody but the author.
    pub asked_by: Phi<String>,
    /// The words.
    pub text: Phi<String>,
}

/// Adds a message to a case. One that is there stays as it is.
pub fn put_message(tx: &mut Tx<'_>, case_id: &CaseId, message: &Message) -> Result<()> {
    tx.execute(
        "INSERT INTO escalation_message (case_id, message_id, escalation_id, at, author, asked_by, text)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (case_id, message_id) DO NOTHING",
        params![
            case_id.as_str(),
            message.message_id.as_str(),
            message.escalation_id.as_str(),
            message.at.0,
            message.author.as_str(),
            personal::text(&message.asked_by),
            personal::text(&message.text),
        ],
    )?;
    Ok(())
}

/// Returns the messages of a case, those of one escalation together, the oldest first.
pub fn messages(tx: &mut Tx<'_>, scope: &Scope, case_id: &CaseId) -> Result<Vec<Message>> {
    if !walls::sees(tx, scope, case_id)? {
        return Ok(Vec::new());
    }
    let sql = "SELECT message_id, escalation_id, at, author, asked_by, text
               FROM escalation_message
               WHERE case_id = $1
               ORDER BY escalation_id, at, message_id
               LIMIT $2";
    tx.query(sql, params![case_id.as_str(), MESSAGES_MAX])?.iter().map(message).collect()
}

fn message(row: &Row) -> Result<Message> {
    Ok(Message {
        message_id: DocumentId::from(row.text("message_id")?),
        escalation_id: EscalationId::from(row.text("escalation_id")?),
        at: Timestamp(row.int("at")?),
        author: UserId::from(row.text("author")?),
        asked_by: personal::phi(row, "asked_by")?.unwrap_or_default(),
        text: personal::phi(row, "text")?.unwrap_or_default(),
    })
}
