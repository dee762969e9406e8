//! Messages to somebody outside: written, held back where they seem to tell of another member, sent by a job; and what
//! came in, once somebody has read it.

use crate::act::{Acted, act, act_and, entry};
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::messages::{MessagesCommand, Receiver};
use doorstep_case::{Command, Refusal};
use doorstep_store::audit;
use doorstep_store::messages::{self as rows, Message};
use doorstep_store::search::{self, Trace};
use doorstep_vocab::{CaseId, MessageId, Phi};
use std::collections::BTreeSet;

/// Letters that a message may have: what is longer is a document.
const TEXT_MAX: usize = 8_000;

/// What of other members a message seems to hold, as it stands in it.
pub type Strangers = BTreeSet<(Trace, Phi<String>)>;

/// What became of a message.
pub enum Sent {
    /// It is written, and goes out.
    Done(Box<Acted>),
    /// It is held back: whoever wrote it looks at what seems to be of another member.
    Stopped(Strangers),
}

/// Writes a message to somebody outside. `is_checked` says that what seemed to be of another member is not.
pub fn write(
    ctx: &Ctx,
    case_id: &CaseId,
    (to, text): (Receiver, Phi<String>),
    is_checked: bool,
) -> Result<Sent> {
    ctx.may(Permission::WorkCases)?;
    let words = text.reveal().trim();
    if words.is_empty() {
        return Err(Refusal::new("message-empty", "the message is empty: write something")
            .at("text")
            .into());
    }
    if words.chars().count() > TEXT_MAX {
        let words = format!("the message is longer than {TEXT_MAX} letters: send it as a document");
        return Err(Refusal::new("message-long", words).at("text").into());
    }
    let scope = ctx.own_scope()?;
    let found = ctx.app.db.read(|tx| -> Result<Strangers> {
        ctx.sees(tx, &scope, case_id)?;
        Ok(search::strangers(tx, case_id, words)?)
    })?;
    if !found.is_empty() && !is_checked {
        // Whose data it looked like is told to whoever wrote it: that is a look too.
        let held = entry(ctx, case_id, "hold back message");
        ctx.app.db.write("record a look", |tx| audit::record(tx, &held).map_err(Error::from))?;
        return Ok(Sent::Stopped(found));
    }
    let message = Message {
        message_id: MessageId(ctx.sortable_id()),
        at: ctx.now,
        author: ctx.actor.user_id.clone(),
        to: to.clone(),
        is_checked: !found.is_empty(),
        text,
    };
    let message_id = message.message_id.clone();
    let command = Command::Messages(MessagesCommand::Write { message_id, to });
    let acted = act_and(ctx, case_id, None, &command, &mut |tx| {
        rows::put(tx, case_id, &message).map_err(Error::from)
    })?;
    Ok(Sent::Done(Box::new(acted)))
}

/// Says that what came in was read.
pub fn read(ctx: &Ctx, case_id: &CaseId) -> Result<Acted> {
    act(ctx, case_id, None, &Command::Messages(MessagesCommand::Read))
}

/// Returns a message for the job that sends it.
pub fn one(ctx: &Ctx, case_id: &CaseId, message_id: &MessageId) -> Result<Option<Message>> {
    let scope = ctx.scope()?;
    ctx.app.db.read(|tx| rows::get(tx, &scope, (case_id, message_id)).map_err(Error::from))
}
