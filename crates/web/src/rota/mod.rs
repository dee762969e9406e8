//! The rota of the line that answers at all hours: who is on call, who comes, and where nobody is.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::rota::{self, OnCall, Rota};
use doorstep_app::{Ctx, Error, Permission, Result};
use doorstep_case::rota::{Duty, Span};
use doorstep_vocab::UserId;

struct Now {
    duty: String,
    people: Vec<(String, String)>,
}

struct Row {
    duty: String,
    name: String,
    phone: String,
    from: When,
    until: When,
    is_now: bool,
    is_able: bool,
    removal: String,
}

/// Where nobody is on call.
pub(crate) struct Gap {
    pub(crate) duty: &'static str,
    pub(crate) from: When,
    pub(crate) until: When,
}

#[derive(Template)]
#[template(path = "rota/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    now: Vec<Now>,
    gaps: Vec<Gap>,
    rows: Vec<Row>,
    form: Option<Form>,
    said: &'static str,
}

/// Shows the rota.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, StatusCode::OK, &[])
}

fn page(ctx: &Ctx, asked: &Asked, status: StatusCode, wrong: &[Wrong]) -> Result<Answer> {
    let found = rota::rota(ctx)?;
    let may_change = Permission::HandOut.is_for(ctx.actor.role);
    let mut form = may_change.then(|| form(ctx, asked)).transpose()?;
    if let Some(form) = form.as_mut().filter(|_| !wrong.is_empty()) {
        form.refill(&asked.form, wrong);
    }
    let now = |duty: &Duty| Now {
        duty: capital(duty.words()),
        people: found
            .now(*duty)
            .map(|one| (one.reach.name.clone(), one.reach.phone.clone()))
            .collect(),
    };
    let page = Page {
        shell: &asked.shell,
        now: Duty::ALL.iter().map(now).collect(),
        gaps: gaps(ctx, found.gaps.iter()),
        rows: found.shifts.iter().map(|one| row(ctx, &found, one)).collect(),
        form,
        said: match asked.query.get("done") {
            Some("shift") => "The shift is on the rota.",
            Some("removal") => "The shift is off the rota.",
            _ => "",
        },
    };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

/// Gaps as they are told.
pub(crate) fn gaps<'a>(ctx: &Ctx, gaps: impl Iterator<Item = &'a (Duty, Span)>) -> Vec<Gap> {
    let zone = &ctx.app.settings.hub_zone;
    let gap = |(duty, span): &(Duty, Span)| Gap {
        duty: duty.words(),
        from: When::at(span.from, zone),
        until: When::at(span.until, zone),
    };
    gaps.map(gap).collect()
}

fn row(ctx: &Ctx, found: &Rota, one: &OnCall) -> Row {
    let (zone, span) = (&ctx.app.settings.hub_zone, one.shift.span);
    Row {
        duty: capital(one.shift.duty.words()),
        name: one.reach.name.clone(),
        phone: one.reach.phone.clone(),
        from: When::at(span.from, zone),
        until: When::at(span.until, zone),
        is_now: span.holds(found.now),
        is_able: one.is_able,
        removal: format!("/rota/shifts/{}/removal", encoded(&one.shift.shift_id)),
    }
}

fn form(ctx: &Ctx, asked: &Asked) -> Result<Form> {
    let who = rota::candidates(ctx)?.into_iter().map(|(duty, user)| {
        let value = format!("{} {}", duty.code(), user.user_id);
        Choice::new(value, user.name).under(capital(duty.words()))
    });
    let zone = format!("In {}.", ctx.app.settings.hub_zone);
    let mut form = Form::new("shift", "/rota/shifts", "Put on call", asked.csrf())
        .field(Field::new("who", "Who", Control::Select(who.collect())).required())
        .field(Field::new("from", "From", Control::Line("datetime-local")).required().hint(zone))
        .field(Field::new("until", "Until", Control::Line("datetime-local")).required());
    form.is_main = true;
    Ok(form)
}

/// Puts somebody on call.
pub(crate) fn add(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let (mut wrong, zone) = (Vec::new(), &ctx.app.settings.hub_zone);
    let who = asked.form.choice("who", who, &mut wrong);
    let from = asked.form.moment("from", zone, &mut wrong);
    let until = asked.form.moment("until", zone, &mut wrong);
    for (is_there, field, words) in [
        (who.is_some(), "who", "choose who is on call"),
        (from.is_some(), "from", "say from when"),
        (until.is_some(), "until", "say until when"),
    ] {
        if !is_there && wrong.iter().all(|one| one.field != field) {
            wrong.push(Wrong::at(field, words));
        }
    }
    let (Some((duty, user_id)), Some(from), Some(until)) = (who, from, until) else {
        return page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &wrong);
    };
    match rota::add(ctx, (duty, &user_id), Span { from, until }) {
        Ok(()) => Ok(Answer::See("/rota?done=shift".to_owned())),
        Err(Error::Bad { code, message }) => {
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &[Wrong::at(code, message)])
        }
        Err(error) => Err(error),
    }
}

fn who(value: &str) -> Option<(Duty, UserId)> {
    let (duty, user_id) = value.split_once(' ')?;
    Some((Duty::parse(duty)?, UserId::from(user_id)))
}

/// Takes a shift off the rota.
pub(crate) fn remove(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    rota::remove(ctx, asked.param("shift"))?;
    Ok(Answer::See("/rota?done=removal".to_owned()))
}
