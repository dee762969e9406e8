//! Messages of ours to somebody outside. Never in events.

use crate::people::columns as personal;
use crate::{Result, Scope, StoreError, walls};
use doorstep_case::messages::Receiver;
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, MessageId, Phi, ProviderId, Timestamp, UserId};

/// A case shows so many messages at most.
const MESSAGES_MAX: u32 = 500;

const PROVIDER: &str = "provider/";

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id, as the case's event names it.
    pub message_id: MessageId,
    /// When it was written.
    pub at: Timestamp,
    /// By whom.
    pub author: UserId,
    /// To whom.
    pub to: Receiver,
    /// Whether something in it looked like another member's, and the author said that it is not.
    pub is_checked: bool,
    /// The text.
    pub text: Phi<String>,
}

/// Adds a message to a case. One that is there stays as it is.
pub fn put(tx: &mut Tx<'_>, case_id: &CaseId, message: &Message) -> Result<()> {
    tx.execute(
        "INSERT INTO message (message_id, case_id, at, author, receiver, checked, text)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (message_id) DO NOTHING",
        params![
            message.message_id.as_str(),
            case_id.as_str(),
            message.at.0,
            message.author.as_str(),
            written(&message.to),
            message.is_checked,
            personal::text(&message.text),
        ],
    )?;
    Ok(())
}

fn written(to: &Receiver) -> String {
    match to {
        Receiver::Provider(id) => format!("{PROVIDER}{id}"),
        to => to.owner().name().to_owned(),
    }
}

fn read(to: &str) -> Option<Receiver> {
    match to {
        "referrer" => Some(Receiver::Referrer),
        "member" => Some(Receiver::Member),
        "payer" => Some(Receiver::Payer),
        to => to.strip_prefix(PROVIDER).map(|id| Receiver::Provider(ProviderId::from(id))),
    }
}

/// Returns the messages of a case, the oldest first.
pub fn list(tx: &mut Tx<'_>, scope: &Scope, case_id: &CaseId) -> Result<Vec<Message>> {
    if !walls::sees(tx, scope, case_id)? {
        return Ok(Vec::new());
    }
    let sql = "SELECT message_id, at, author, receiver, checked, text
               FROM message
               WHERE case_id = $1
               ORDER BY at, message_id
               LIMIT $2";
    tx.query(sql, params![case_id.as_str(), MESSAGES_MAX])?.iter().map(message).collect()
}

/// Returns one message of a case.
pub fn get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (case_id, message_id): (&CaseId, &MessageId),
) -> Result<Option<Message>> {
    if !walls::sees(tx, scope, case_id)? {
        return Ok(None);
    }
    let sql = "SELECT message_id, at, author, receiver, checked, text
               FROM message
               WHERE message_id = $1 AND case_id = $2";
    tx.query_one(sql, params![message_id.as_str(), case_id.as_str()])?
        .as_ref()
        .map(message)
        .transpose()
}

fn message(row: &Row) -> Result<Message> {
    Ok(Message {
        message_id: MessageId::from(row.text("message_id")?),
        at: Timestamp(row.int("at")?),
        author: UserId::from(row.text("author")?),
        to: read(row.text("receiver")?).ok_or(StoreError::Decode { what: "message.receiver" })?,
        is_checked: row.flag("checked")?,
        text: personal::phi(row, "text")?.unwrap_or_default(),
    })
}
