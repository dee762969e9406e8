//! Out of office: who is away until when, who stands in, and a form to say so.

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
use doorstep_app::away::{self, Typed};
use doorstep_app::{Ctx, Error, Result, desk};
use doorstep_case::Role;
use doorstep_vocab::UserId;

struct Row {
    name: String,
    from: When,
    until: When,
    is_now: bool,
    stand_in: String,
    is_handed: bool,
    /// Where it is ended; empty where the reader may not.
    end: String,
}

#[derive(Template)]
#[template(path = "away/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    rows: Vec<Row>,
    form: Form,
    said: &'static str,
}

/// Shows who is away, and the form.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, StatusCode::OK, &[])
}

fn page(ctx: &Ctx, asked: &Asked, status: StatusCode, wrong: &[Wrong]) -> Result<Answer> {
    let (zone, names) = (&ctx.app.settings.hub_zone, desk::people(ctx)?);
    let name = |id: &UserId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let is_supervisor = ctx.actor.role == Role::Supervisor;
    let rows = away::list(ctx)?.into_iter().map(|absence| {
        let may_end = is_supervisor || absence.user_id == ctx.actor.user_id;
        let end = format!("/away/{}/end", encoded(&absence.absence_id));
        Row {
            name: name(&absence.user_id),
            from: When::at(absence.from_at, zone),
            until: When::at(absence.until_at, zone),
            is_now: absence.from_at <= ctx.now,
            stand_in: absence.stand_in.as_ref().map(name).unwrap_or_default(),
            is_handed: absence.handed_at.is_some(),
            end: if may_end { end } else { String::new() },
        }
    });
    let rows = rows.collect();
    let mut form = form(ctx, asked)?;
    if !wrong.is_empty() {
        form.refill(&asked.form, wrong);
    }
    let said = match asked.query.get("done") {
        Some("entered") => "Entered. What is due by then goes on when it begins.",
        Some("ended") => "Ended. What went on stays where it is.",
        _ => "",
    };
    let page = Page { shell: &asked.shell, rows, form, said };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn form(ctx: &Ctx, asked: &Asked) -> Result<Form> {
    let staff = desk::staff(ctx)?;
    let own = &ctx.actor.user_id;
    let may_choose = |id: &UserId| ctx.actor.role == Role::Supervisor || id == own;
    let who = staff
        .iter()
        .filter(|user| may_choose(&user.user_id))
        .map(|user| Choice::new(user.user_id.as_str(), &user.name).chosen(user.user_id == *own));
    let others = staff.iter().map(|user| Choice::new(user.user_id.as_str(), &user.name));
    let zone = format!("In {}.", ctx.app.settings.hub_zone);
    let mut form = Form::new("away", "/away", "Enter", asked.csrf())
        .field(Field::new("who", "Who is away", Control::Select(who.collect())).required())
        .field(Field::new("from", "From", Control::Line("datetime-local")).required().hint(zone))
        .field(Field::new("until", "Until", Control::Line("datetime-local")).required())
        .field(
            Field::new("stand_in", "Who stands in", Control::Select(others.collect()))
                .hint("Nobody chosen: the rule says who, case by case."),
        );
    form.is_main = true;
    Ok(form)
}

/// Enters an absence.
pub(crate) fn enter(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let (mut wrong, zone) = (Vec::new(), &ctx.app.settings.hub_zone);
    let from = asked.form.moment("from", zone, &mut wrong);
    let until = asked.form.moment("until", zone, &mut wrong);
    for (is_there, field, words) in
        [(from.is_some(), "from", "say from when"), (until.is_some(), "until", "say until when")]
    {
        if !is_there && wrong.iter().all(|one| one.field != field) {
            wrong.push(Wrong::at(field, words));
        }
    }
    let (Some(from_at), Some(until_at)) = (from, until) else {
        return page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &wrong);
    };
    let user_id = asked.form.get("who").map_or_else(|| ctx.actor.user_id.clone(), UserId::from);
    let stand_in = asked.form.get("stand_in").map(UserId::from);
    match away::enter(ctx, &Typed { user_id, from_at, until_at, stand_in }) {
        Ok(()) => Ok(Answer::See("/away?done=entered".to_owned())),
        Err(Error::Bad { code, message }) => {
            let wrong = Wrong::at(code, capital(&message));
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &[wrong])
        }
        Err(error) => Err(error),
    }
}

/// Ends an absence.
pub(crate) fn end(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    away::end(ctx, asked.param("absence"))?;
    Ok(Answer::See("/away?done=ended".to_owned()))
}
