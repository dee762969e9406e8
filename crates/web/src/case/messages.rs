//! Messages to somebody outside, apart from the hub's own notes in place, colour and words; and what came in unread.

use super::desk::Desk;
use super::forms::action;
use super::page::{self, Said, Sent};
use super::{back, refused};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::when::When;
use axum::http::StatusCode;
use doorstep_app::messages::{self, Strangers};
use doorstep_app::{CaseFile, Ctx, Error, Result};
use doorstep_case::Refusal;
use doorstep_case::messages::Receiver;
use doorstep_store::search::Trace;
use doorstep_vocab::{Phi, ProviderId};
use std::collections::BTreeSet;

/// The id of the form.
const FORM: &str = "do-message";
/// The tick of whoever has looked at what was held back.
const CHECKED: &str = "checked";
const PROVIDER: &str = "provider/";

/// A message.
pub(crate) struct MessageView {
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) by: String,
    pub(crate) at: When,
    pub(crate) is_checked: bool,
}

/// Returns the messages, the latest first.
pub(crate) fn list(desk: &Desk, file: &CaseFile) -> Vec<MessageView> {
    let view = file.messages.iter().rev().map(|message| MessageView {
        to: capital(&called(desk, &message.to)),
        text: message.text.reveal().clone(),
        by: desk.person(&message.author),
        at: When::in_full(message.at, &desk.zone),
        is_checked: message.is_checked,
    });
    view.collect()
}

/// What a receiver is called.
pub(crate) fn called(desk: &Desk, to: &Receiver) -> String {
    match to {
        Receiver::Referrer => "whoever sent the order".to_owned(),
        Receiver::Member => "the member".to_owned(),
        Receiver::Payer => "the payer".to_owned(),
        Receiver::Provider(id) => desk.provider(id),
    }
}

/// What came in and nobody has read: how much, and since when.
pub(crate) struct Unread {
    pub(crate) words: String,
    pub(crate) since: When,
    pub(crate) path: String,
}

/// Returns what is unread.
pub(crate) fn unread(desk: &Desk) -> Option<Unread> {
    let known = &desk.case.messages;
    let words = match known.n_unread {
        1 => "Something came in that nobody has read".to_owned(),
        n => format!("{n} things came in that nobody has read"),
    };
    let since = When::in_full(known.unread_since?, &desk.zone);
    Some(Unread { words, since, path: action(desk, "readings") })
}

/// The form: one that was held back asks whoever wrote it to look.
pub(crate) fn form(desk: &Desk, said: &Said) -> Form {
    let form = Form::new(FORM, action(desk, "messages"), "Write to somebody outside", desk.csrf)
        .field(Field::new("to", "To", Control::Select(receivers(desk))).required())
        .field(
            Field::new("text", "Message", Control::Area)
                .required()
                .hint("It leaves the hub as you write it. What concerns another member does not belong in it."),
        );
    let is_held = match said {
        Said::Refused(sent) => sent.wrong.iter().any(|wrong| wrong.field == CHECKED),
        _ => false,
    };
    let tick =
        || Field::new(CHECKED, "I have looked: nothing in it is of another member", Control::Tick);
    let form = if is_held { form.field(tick()) } else { form };
    form.submit("Send it out")
}

/// Who has to do with the case.
fn receivers(desk: &Desk) -> Vec<Choice> {
    let case = desk.case;
    let placed = case.lines.values().filter_map(|line| line.placement.provider());
    let offered = case.placement.offers.values().map(|offer| &offer.provider_id);
    let providers: BTreeSet<&ProviderId> = placed.chain(offered).collect();
    let fixed = [Receiver::Referrer, Receiver::Member, Receiver::Payer];
    let fixed = fixed.iter().map(|to| Choice::new(to.owner().name(), capital(&called(desk, to))));
    let providers =
        providers.into_iter().map(|id| Choice::new(format!("{PROVIDER}{id}"), desk.provider(id)));
    std::iter::once(Choice::new("", "Choose")).chain(fixed).chain(providers).collect()
}

fn receiver(code: &str) -> Option<Receiver> {
    match code {
        "referrer" => Some(Receiver::Referrer),
        "member" => Some(Receiver::Member),
        "payer" => Some(Receiver::Payer),
        code => code.strip_prefix(PROVIDER).map(|id| Receiver::Provider(ProviderId::from(id))),
    }
}

/// Sends a message out, or holds it back and shows what in it seems to be of another member.
pub(crate) fn write(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let Some(to) = asked.form.get("to").and_then(receiver) else {
        let choose = Refusal::new("receiver-missing", "choose to whom it goes").at("to");
        return refused(ctx, asked, choose.into(), (FORM, "to"));
    };
    let text = Phi::new(asked.form.get("text").unwrap_or_default().to_owned());
    let is_checked = asked.form.is_ticked(CHECKED);
    match messages::write(ctx, &asked.case_id(), (to, text), is_checked) {
        Ok(messages::Sent::Done(_)) => Ok(back(asked, "messages")),
        Ok(messages::Sent::Stopped(strangers)) => {
            let sent = Sent { form: FORM.to_owned(), wrong: held_back(&strangers) };
            page::answer(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &Said::Refused(sent))
        }
        Err(Error::Refused(refusal)) => {
            let field = refusal.field().unwrap_or("text");
            refused(ctx, asked, refusal.clone().into(), (FORM, field))
        }
        Err(error) => Err(error),
    }
}

fn held_back(strangers: &Strangers) -> Vec<Wrong> {
    let told = strangers.iter().map(|(trace, text)| {
        let what = match trace {
            Trace::Name => "the name",
            Trace::PlanId => "the plan ID",
            Trace::Telephone => "the telephone number",
            Trace::BirthDate => "the birth date",
            Trace::CaseNumber => "the number of the case",
        };
        let words = format!("the message holds “{}”, {what} of another member", text.reveal());
        Wrong::at("text", words)
    });
    let look = "it was not sent: take that out, or say that you have looked";
    told.chain([Wrong::at(CHECKED, look)]).collect()
}

/// Says that what came in was read.
pub(crate) fn read(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    messages::read(ctx, &asked.case_id())?;
    Ok(back(asked, "readings"))
}
