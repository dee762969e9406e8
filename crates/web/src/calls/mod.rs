//! Calls: started from anywhere, held on a guided page, listed by day. Who is calling is typed in as they say it; the page
//! answers which of it matches, and shows of the case what the caller may hear.

mod begin;
mod day;
mod forms;
mod page;
mod view;

pub(crate) use begin::{new, start};
pub(crate) use day::list;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::posted::Wrong;
use crate::signin::encoded;
use axum::http::StatusCode;
use doorstep_app::calls::{self, Caller, Identified, Said};
use doorstep_app::{Ctx, Error, Result};
use doorstep_case::Refusal;
use doorstep_case::calls::{Authority, Bridge, Identifier, Step, TransferTo};
use doorstep_store::calls::Interpreter;
use doorstep_vocab::{CallId, CaseNumber, Phi};
use std::collections::BTreeMap;

/// Shows the guided page.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page::answer(ctx, asked, StatusCode::OK, &[])
}

/// Compares what the caller says with what is on file.
pub(crate) fn identify(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let mut values = BTreeMap::new();
    for id in Identifier::ALL {
        if let Some(value) = asked.form.text(id.code()) {
            values.insert(*id, Phi::new(value));
        }
    }
    let authority: Vec<Authority> =
        asked.form.all("authority").filter_map(Authority::parse).collect();
    if values.is_empty() && authority.is_empty() {
        let wrong = Wrong::at("name", "enter what the caller says");
        return page::answer(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &[wrong]);
    }
    let said = Said { values, authority };
    done(ctx, asked, calls::identify(ctx, &call_id(asked), &said), |told| outcome(&told))
}

/// What is told of a try stands in the address: which identifiers, never what they are.
fn outcome(told: &Identified) -> String {
    let codes = |ids: &[Identifier]| ids.iter().map(|id| id.code()).collect::<Vec<_>>().join(",");
    let choices: Vec<&str> = told.choices.iter().map(CaseNumber::as_str).collect();
    format!(
        "?done=identified&matched={}&failed={}&several={}",
        codes(&told.matched),
        codes(&told.failed),
        choices.len()
    )
}

/// Puts the call to the case of a number.
pub(crate) fn attach(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let number = asked.form.get("number").unwrap_or_default();
    let number = match CaseNumber::parse(number) {
        Ok(number) => number,
        Err(problem) => {
            let wrong = Wrong::at("number", problem.message);
            return page::answer(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &[wrong]);
        }
    };
    done(ctx, asked, calls::attach_number(ctx, &call_id(asked), &number), |()| "?done=case".into())
}

/// Keeps what was said.
pub(crate) fn notes(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let Some(text) = asked.form.text("notes") else {
        let wrong = Wrong::at("notes", "write what was said");
        return page::answer(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &[wrong]);
    };
    let kept = calls::keep_notes(ctx, &call_id(asked), &Phi::new(text));
    done(ctx, asked, kept, |()| "?done=notes".into())
}

/// Says which symptoms stand in what is being typed, and keeps nothing.
pub(crate) fn check(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let text = asked.form.get("notes").unwrap_or_default();
    let heard = calls::rules(ctx).symptoms_in(text).into_iter().cloned().collect();
    view::told(asked, heard)
}

/// Puts the call on hold, or goes on with it.
pub(crate) fn step(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let step = match asked.form.get("step") {
        Some("hold") => Step::Hold,
        Some("resume") => Step::Resume,
        _ => {
            let wrong = Wrong::at("step", "say whether to hold the call or to go on");
            return page::answer(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &[wrong]);
        }
    };
    done(ctx, asked, calls::step(ctx, &call_id(asked), step), |()| String::new())
}

/// Hands the call over.
pub(crate) fn transfer(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let Some(to) = asked.form.get("to").and_then(TransferTo::parse) else {
        let wrong = Wrong::at("to", "choose to whom");
        return page::answer(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &[wrong]);
    };
    done(ctx, asked, calls::transfer(ctx, &call_id(asked), to), |()| "?done=transferred".into())
}

/// Promises a call back.
pub(crate) fn promise(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let mut wrong = Vec::new();
    let zone = &ctx.app.settings.hub_zone;
    let Some(to) = asked.form.moment("promised_to", zone, &mut wrong) else {
        if wrong.is_empty() {
            wrong.push(Wrong::at("promised_to", "say when we call back"));
        }
        return page::answer(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &wrong);
    };
    done(ctx, asked, calls::promise(ctx, &call_id(asked), to), |()| "?done=promised".into())
}

/// Says that the promised call back was made.
pub(crate) fn kept(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    done(ctx, asked, calls::keep_promise(ctx, &call_id(asked)), |()| "?done=kept".into())
}

/// Corrects who is calling.
pub(crate) fn correct(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let text = |name: &str| Phi::new(asked.form.text(name).unwrap_or_default());
    let caller = Caller {
        kind: asked.form.text("caller").unwrap_or_default(),
        name: text("caller_name"),
        organisation: text("caller_org"),
        phone: text("caller_phone"),
    };
    done(ctx, asked, calls::correct(ctx, &call_id(asked), &caller), |()| "?done=caller".into())
}

/// Says who interprets.
pub(crate) fn interpret(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let interpreter = Interpreter {
        language: asked.form.text("language").unwrap_or_default(),
        by: asked.form.get("by").and_then(Bridge::parse),
        number: asked.form.text("interpreter").unwrap_or_default(),
    };
    let kept = calls::interpret(ctx, &call_id(asked), &interpreter);
    done(ctx, asked, kept, |()| "?done=interpreter".into())
}

/// Says how the call ended.
pub(crate) fn end(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let disposition = asked.form.get("disposition").unwrap_or_default();
    done(ctx, asked, calls::end(ctx, &call_id(asked), disposition), |()| "?done=ended".into())
}

/// Ends the wrap-up.
pub(crate) fn close(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    done(ctx, asked, calls::step(ctx, &call_id(asked), Step::Close), |()| "?done=closed".into())
}

fn call_id(asked: &Asked) -> CallId {
    CallId::from(asked.param("call"))
}

/// Goes back to the page, or shows it with what is wrong.
fn done<T>(
    ctx: &Ctx,
    asked: &Asked,
    result: Result<T>,
    to: impl Fn(T) -> String,
) -> Result<Answer> {
    match result {
        Ok(told) => Ok(Answer::See(format!("/calls/{}{}", encoded(asked.param("call")), to(told)))),
        Err(Error::Refused(refusal)) => refused(ctx, asked, &refusal),
        Err(error) => Err(error),
    }
}

fn refused(ctx: &Ctx, asked: &Asked, refusal: &Refusal) -> Result<Answer> {
    let field = match (refusal.field(), refusal.code()) {
        (Some(field), _) => field,
        (None, "say-two") => "name",
        (None, _) => "",
    };
    let wrong = Wrong::at(field, refusal.to_string());
    page::answer(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &[wrong])
}
