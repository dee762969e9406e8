//! Walls, for whoever manages users: what each team sees, and which payers only their own teams see.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::broken;
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::walls::{self, TeamWall};
use doorstep_app::{Ctx, Error, Result};
use doorstep_case::ServiceLine;
use doorstep_vocab::PayerId;
use std::collections::BTreeSet;

struct Row {
    team: String,
    payers: String,
    services: String,
}

#[derive(Template)]
#[template(path = "walls/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    said: &'static str,
    rows: Vec<Row>,
    wall: Form,
    shut: Form,
}

/// Shows the walls.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let said = match asked.query.get("done") {
        Some("team") => "The wall holds from the next request of everybody in the team.",
        Some("payers") => "The payers are shut from the next request of everybody.",
        _ => "",
    };
    page(ctx, asked, (StatusCode::OK, said), &[])
}

/// Walls a team in.
pub(crate) fn put_team(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let team = asked.form.get("team").unwrap_or_default();
    let payers: Vec<&str> = asked.form.all("payers").collect();
    let services: Vec<&str> = asked.form.all("services").collect();
    match walls::put_team(ctx, team, (&payers, &services)) {
        Ok(()) => Ok(Answer::See("/walls?done=team".to_owned())),
        Err(Error::Bad { message, .. }) => {
            let wrong = [Wrong::at("team", message)];
            page(ctx, asked, (StatusCode::UNPROCESSABLE_ENTITY, ""), &wrong)
        }
        Err(error) => Err(error),
    }
}

/// Shuts payers to all but their own teams.
pub(crate) fn shut(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let payers: Vec<&str> = asked.form.all("shut").collect();
    walls::shut(ctx, &payers)?;
    Ok(Answer::See("/walls?done=payers".to_owned()))
}

fn page(
    ctx: &Ctx,
    asked: &Asked,
    (status, said): (StatusCode, &'static str),
    wrong: &[Wrong],
) -> Result<Answer> {
    let standing = walls::standing(ctx)?;
    let payers = |chosen: &BTreeSet<PayerId>| -> Vec<Choice> {
        let known = ctx.app.packs.payers();
        known
            .map(|payer| {
                let is_chosen = chosen.contains(payer.payer_id);
                Choice::new(payer.payer_id.as_str(), payer.name).chosen(is_chosen)
            })
            .collect()
    };
    let services = ServiceLine::ALL.iter();
    let services = services.map(|line| Choice::new(line.name(), words::service(*line))).collect();
    let none = BTreeSet::new();
    let mut wall = Form::new("wall", "/walls", "Wall a team in", asked.csrf())
        .field(Field::line("team", "Team").required().hint("As the users have it."))
        .field(
            Field::new("payers", "Sees only these payers", Control::Checks(payers(&none)))
                .hint("None chosen: all payers."),
        )
        .field(
            Field::new("services", "Sees only these service lines", Control::Checks(services))
                .hint("None chosen: all. A case is seen when one of its lines is."),
        )
        .submit("Set the wall");
    if !wrong.is_empty() {
        wall.refill(&asked.form, wrong);
    }
    let shut = Form::new("shut-payers", "/walls/payers", "Shut payers", asked.csrf())
        .field(
            Field::new("shut", "Shut to all other teams", Control::Checks(payers(&standing.shut)))
                .hint("Only teams that are walled to a payer see it then."),
        )
        .submit("Shut these");
    let rows = standing.teams.iter().map(|team| row(ctx, team)).collect();
    let page = Page { shell: &asked.shell, said, rows, wall, shut };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn row(ctx: &Ctx, wall: &TeamWall) -> Row {
    let or_all =
        |words: Vec<String>| if words.is_empty() { "all".to_owned() } else { words.join(", ") };
    Row {
        team: wall.team.clone(),
        payers: or_all(wall.payers.iter().map(|id| words::payer(ctx, id)).collect()),
        services: or_all(wall.services.iter().map(|l| words::service(*l).to_owned()).collect()),
    }
}
