//! The form that starts a call.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::calls::{self, NewCall};
use doorstep_app::{Ctx, Error, Result};
use doorstep_case::calls::Direction;
use doorstep_vocab::{CaseId, Phi};

#[derive(Template)]
#[template(path = "calls/new.html")]
struct Page<'a> {
    shell: &'a Shell,
    form: Form,
}

/// Shows the form. Whoever is on a call is led back to it.
pub(crate) fn new(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    if let Some(call_id) = calls::held(ctx)? {
        return Ok(Answer::See(format!("/calls/{}", encoded(call_id.as_str()))));
    }
    page(ctx, asked, &[])
}

/// Starts the call.
pub(crate) fn start(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let form = &asked.form;
    let text = |name: &str| Phi::new(form.text(name).unwrap_or_default());
    let new = NewCall {
        direction: form.get("direction").and_then(Direction::parse).unwrap_or(Direction::Inbound),
        caller: form.text("caller").unwrap_or_default(),
        reason: form.text("reason").unwrap_or_default(),
        name: text("caller_name"),
        organisation: text("caller_org"),
        phone: text("caller_phone"),
        case_id: form.get("case").map(CaseId::from),
    };
    match calls::start(ctx, &new) {
        Ok(call_id) => Ok(Answer::See(format!("/calls/{}", encoded(call_id.as_str())))),
        Err(Error::Refused(refusal)) => {
            let wrong = Wrong::at(refusal.field().unwrap_or("caller"), refusal.to_string());
            page(ctx, asked, &[wrong])
        }
        Err(error) => Err(error),
    }
}

fn page(ctx: &Ctx, asked: &Asked, wrong: &[Wrong]) -> Result<Answer> {
    let rules = calls::rules(ctx);
    let choose = || Choice::new("", "Choose");
    let callers = rules.callers.iter().map(|kind| Choice::new(&kind.name, &kind.words));
    let callers = std::iter::once(choose()).chain(callers).collect();
    let reasons = rules.reasons.iter().map(|reason| Choice::new(&reason.name, &reason.words));
    let reasons = std::iter::once(choose()).chain(reasons).collect();
    let directions = Direction::ALL.iter().map(|way| Choice::new(way.code(), way.words()));
    let mut form = Form::new("call", "/calls", "Start the call", asked.csrf())
        .field(
            Field::new("direction", "Who called", Control::Radios(directions.collect()))
                .with(asked.query.get("direction").unwrap_or("inbound")),
        )
        .field(Field::new("caller", "Who is calling", Control::Select(callers)).required())
        .field(Field::new("reason", "What it is about", Control::Select(reasons)).required())
        .field(Field::line("caller_name", "Caller's name"))
        .field(Field::line("caller_org", "Organisation"))
        .field(Field::new("caller_phone", "Number to call back", Control::Line("tel")))
        .hide("case", asked.query.get("case").unwrap_or_default());
    form.is_main = true;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if !wrong.is_empty() {
        form.refill(&asked.form, wrong);
    }
    let page = Page { shell: &asked.shell, form };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}
