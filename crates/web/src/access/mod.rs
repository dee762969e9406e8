//! Leave to see one case: asked for on a page that shows nothing of it, and answered by a supervisor.

use crate::answer::Answer as Page;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Choice, Control, Field, Form};
use crate::glass;
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::access::{self, Answer, HOURS, HOURS_MAX, PURPOSES};
use doorstep_app::{Ctx, Error, Permission, Result, desk};
use doorstep_store::access::{Access, Kind};

#[derive(Template)]
#[template(path = "access/ask.html")]
struct AskPage<'a> {
    shell: &'a Shell,
    said: String,
    ask: Form,
    /// For those who may break the glass.
    glass: Option<Form>,
}

/// A request that waits.
struct Row {
    number: String,
    user: String,
    asked: When,
    purpose: &'static str,
    reason: String,
    is_own: bool,
    form: Form,
}

#[derive(Template)]
#[template(path = "access/waiting.html")]
struct Waiting<'a> {
    shell: &'a Shell,
    said: &'static str,
    rows: Vec<Row>,
}

/// Shows how leave is asked for, and what became of what was asked before. It shows nothing of the case.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Page> {
    page(ctx, asked, StatusCode::OK, &[])
}

/// Asks for leave.
pub(crate) fn ask(ctx: &Ctx, asked: &Asked) -> Result<Page> {
    let given = |name| asked.form.get(name).unwrap_or_default();
    match access::ask(ctx, &asked.case_id(), (given("purpose"), given("reason"))) {
        Ok(()) => Ok(Page::See(path_of(asked))),
        Err(Error::Bad { code, message }) => {
            let field = if code == "purpose-unknown" { "purpose" } else { "reason" };
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &[Wrong::at(field, message)])
        }
        Err(error) => Err(error),
    }
}

fn path_of(asked: &Asked) -> String {
    format!("/cases/{}/access", encoded(asked.case_id().as_str()))
}

fn page(ctx: &Ctx, asked: &Asked, status: StatusCode, wrong: &[Wrong]) -> Result<Page> {
    let last = access::latest(ctx, &asked.case_id())?;
    let mut ask = ask_form(asked);
    if !wrong.is_empty() {
        ask.refill(&asked.form, wrong);
    }
    let said = last.map(|last| said(ctx, &last)).unwrap_or_default();
    let glass = glass_form(ctx, asked);
    let page = AskPage { shell: &asked.shell, said, ask, glass };
    Ok(Page::Page(status, page.render().map_err(broken)?))
}

fn glass_form(ctx: &Ctx, asked: &Asked) -> Option<Form> {
    Permission::BreakGlass.is_for(ctx.actor.role).then(|| glass::form(asked))
}

/// Shows the page again with what was said of an emergency, and what is wrong with it.
pub(crate) fn refused(ctx: &Ctx, asked: &Asked, wrong: Wrong) -> Result<Page> {
    let last = access::latest(ctx, &asked.case_id())?;
    let mut glass = glass::form(asked);
    glass.refill(&asked.form, &[wrong]);
    let said = last.map(|last| said(ctx, &last)).unwrap_or_default();
    let page = AskPage { shell: &asked.shell, said, ask: ask_form(asked), glass: Some(glass) };
    Ok(Page::Page(StatusCode::UNPROCESSABLE_ENTITY, page.render().map_err(broken)?))
}

fn ask_form(asked: &Asked) -> Form {
    let mut ask = Form::new("ask", path_of(asked), "Ask for access", asked.csrf())
        .field(Field::new("purpose", "Why", Control::Select(choices(&PURPOSES))).required())
        .field(
            Field::new("reason", "In words", Control::Area)
                .required()
                .hint("A supervisor reads it. Do not name the member."),
        )
        .submit("Ask a supervisor");
    ask.is_main = true;
    ask
}

/// What became of what was asked last.
fn said(ctx: &Ctx, last: &Access) -> String {
    let at = |at| When::in_full(at, &ctx.app.settings.hub_zone).local;
    match (&last.decided, last.until, last.kind) {
        (None, _, Kind::Grant) => {
            format!("You asked on {}. Nobody has answered yet.", at(last.asked_at))
        }
        (_, Some(until), _) if until > ctx.now => format!("You see this case until {}.", at(until)),
        (Some(decided), None, _) => {
            format!("Refused on {}: {}", at(decided.at), decided.words.reveal())
        }
        (_, Some(until), _) => format!("Your access ended on {}.", at(until)),
        (None, None, Kind::Glass) => String::new(),
    }
}

fn choices(list: &[(&'static str, &'static str)]) -> Vec<Choice> {
    list.iter().map(|(code, words)| Choice::new(*code, capital(words))).collect()
}

/// Lists what waits for an answer.
pub(crate) fn waiting(ctx: &Ctx, asked: &Asked) -> Result<Page> {
    let said = match asked.query.get("done") {
        Some("answered") => "The answer holds from now on.",
        _ => "",
    };
    list(ctx, asked, (StatusCode::OK, said), None)
}

/// Answers one.
pub(crate) fn answer(ctx: &Ctx, asked: &Asked) -> Result<Page> {
    let access_id = asked.param("access");
    let hours = asked.form.get("hours").and_then(|hours| hours.parse().ok());
    let answer = match asked.form.get("answer") {
        Some("refuse") => Answer::Refuse,
        _ => Answer::Give(hours.unwrap_or(0)),
    };
    let words = asked.form.get("words").unwrap_or_default();
    match access::answer(ctx, access_id, answer, words) {
        Ok(()) => Ok(Page::See("/access?done=answered".to_owned())),
        Err(Error::Bad { code, message }) => {
            let field = if code == "hours" { "hours" } else { "words" };
            let wrong = Wrong::at(field, message);
            let (status, wrong) = (StatusCode::UNPROCESSABLE_ENTITY, Some((access_id, &wrong)));
            list(ctx, asked, (status, ""), wrong)
        }
        Err(error) => Err(error),
    }
}

fn list(
    ctx: &Ctx,
    asked: &Asked,
    (status, said): (StatusCode, &'static str),
    wrong: Option<(&str, &Wrong)>,
) -> Result<Page> {
    let names = desk::people(ctx)?;
    let mut rows = Vec::new();
    for one in access::waiting(ctx)? {
        let access = one.access;
        let mut form = answer_form(asked, &access);
        if let Some((_, wrong)) = wrong.filter(|(id, _)| *id == access.access_id) {
            form.refill(&asked.form, std::slice::from_ref(wrong));
        }
        let purpose = PURPOSES.iter().find(|(code, _)| *code == access.purpose);
        rows.push(Row {
            number: one.number.map_or_else(|| access.case_id.to_string(), |n| n.to_string()),
            user: names.get(&access.user_id).cloned().unwrap_or_else(|| access.user_id.to_string()),
            asked: When::in_full(access.asked_at, &ctx.app.settings.hub_zone),
            purpose: purpose.map_or("another reason", |(_, words)| words),
            reason: access.reason.reveal().clone(),
            is_own: access.user_id == ctx.actor.user_id,
            form,
        });
    }
    let page = Waiting { shell: &asked.shell, said, rows };
    Ok(Page::Page(status, page.render().map_err(broken)?))
}

fn answer_form(asked: &Asked, access: &Access) -> Form {
    let id = &access.access_id;
    let path = format!("/access/{}/answer", encoded(id));
    let answers =
        vec![Choice::new("give", "Give access").chosen(true), Choice::new("refuse", "Refuse")];
    let mut hours = Field::new("hours", "Hours", Control::Line("number")).with(HOURS.to_string());
    hours.hint = format!("From 1 to {HOURS_MAX}.");
    let mut fields = [
        Field::new("answer", "Answer", Control::Select(answers)).required(),
        hours,
        Field::line("words", "Reason").required(),
    ];
    for field in &mut fields {
        field.id = format!("{}-{id}", field.name);
    }
    let form = Form::new(format!("answer-{id}"), path, "Answer", asked.csrf());
    fields.into_iter().fold(form, Form::field).submit("Answer")
}
