//! The staff's skills and hours, and which teams are handed work by rule.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::staff::{self, Typed, hours_in_words};
use doorstep_app::{Ctx, Error, Result};
use doorstep_case::ServiceLine;
use doorstep_store::staff::Profile;
use doorstep_store::users::User;
use doorstep_store::worklist::Language;
use doorstep_vocab::UserId;

/// The weekdays from Monday on, with what their fields are called.
const DAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];

struct Row {
    path: String,
    name: String,
    role: &'static str,
    team: String,
    services: String,
    languages: String,
    hours: String,
}

#[derive(Template)]
#[template(path = "staff/list.html")]
struct ListPage<'a> {
    shell: &'a Shell,
    rows: Vec<Row>,
    teams: Vec<(String, bool)>,
    said: &'static str,
}

#[derive(Template)]
#[template(path = "staff/one.html")]
struct OnePage<'a> {
    shell: &'a Shell,
    name: String,
    form: Form,
    said: &'static str,
}

/// Lists everybody who works cases.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let all = staff::list(ctx)?;
    let page = ListPage {
        shell: &asked.shell,
        rows: all.people.into_iter().map(|(user, profile)| row(user, profile.as_ref())).collect(),
        teams: all.teams.into_iter().collect(),
        said: if asked.query.get("done") == Some("push") {
            "Set. It holds from now on."
        } else {
            ""
        },
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}

fn row(user: User, profile: Option<&Profile>) -> Row {
    let services: Vec<&str> = profile
        .map(|profile| profile.services.iter().map(|service| words::service(*service)).collect())
        .unwrap_or_default();
    let languages: Vec<&str> = profile
        .map(|profile| {
            let known = profile.languages.iter().filter_map(|code| Language::parse(code));
            known.map(words::language).collect()
        })
        .unwrap_or_default();
    let shifts = profile.map(|profile| profile.shifts.as_slice()).unwrap_or_default();
    let hours = (1..=7).zip(DAYS).filter_map(|(weekday, (_, day))| {
        let hours = hours_in_words(shifts, weekday);
        (!hours.is_empty()).then(|| format!("{} {hours}", &day[..3]))
    });
    Row {
        path: format!("/staff/{}", encoded(user.user_id.as_str())),
        name: user.name,
        role: user.role.name(),
        team: user.team.unwrap_or_default(),
        services: services.join(", "),
        languages: languages.join(", "),
        hours: hours.collect::<Vec<_>>().join("; "),
    }
}

/// Shows what was entered about one.
pub(crate) fn one(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, StatusCode::OK, &[])
}

fn page(ctx: &Ctx, asked: &Asked, status: StatusCode, wrong: &[Wrong]) -> Result<Answer> {
    let (user, profile) = staff::one(ctx, &UserId::from(asked.param("user")))?;
    let path = format!("/staff/{}", encoded(user.user_id.as_str()));
    let mut form = form(ctx, asked, (&path, profile.as_ref()));
    if !wrong.is_empty() {
        form.refill(&asked.form, wrong);
    }
    let said =
        if asked.query.get("done") == Some("set") { "Kept. It holds from now on." } else { "" };
    let page = OnePage { shell: &asked.shell, name: user.name, form, said };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn form(ctx: &Ctx, asked: &Asked, (path, profile): (&str, Option<&Profile>)) -> Form {
    let has = |service: ServiceLine| profile.is_some_and(|known| known.services.contains(&service));
    let speaks = |language: Language| {
        profile.is_some_and(|known| known.languages.contains(language.iso639_3()))
    };
    let services = ServiceLine::ALL
        .iter()
        .map(|one| Choice::new(one.name(), words::service(*one)).chosen(has(*one)));
    let languages = Language::ALL.iter().filter(|one| **one != Language::English);
    let languages =
        languages.map(|one| Choice::new(one.name(), words::language(*one)).chosen(speaks(*one)));
    let zone = profile.map_or(&ctx.app.settings.hub_zone, |known| &known.zone).to_string();
    let shifts = profile.map(|known| known.shifts.as_slice()).unwrap_or_default();
    let mut form = Form::new("skills", path, "Keep", asked.csrf())
        .field(
            Field::new("services", "Service lines", Control::Checks(services.collect()))
                .hint("None ticked: all of them."),
        )
        .field(Field::new(
            "languages",
            "Languages besides English",
            Control::Checks(languages.collect()),
        ))
        .field(Field::line("zone", "Zone of the hours").with(zone).hint("As in America/Chicago."));
    for (weekday, (name, day)) in (1..=7).zip(DAYS) {
        let field = Field::line(name, day).with(hours_in_words(shifts, weekday));
        let hint = "As in 08:00-12:00, 13:00-17:00; 19:00-07:00 goes on past midnight. All days empty: at work at all times.";
        form = form.field(if weekday == 1 { field.hint(hint) } else { field });
    }
    form.is_main = true;
    form
}

/// Keeps skills and hours.
pub(crate) fn set(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let user_id = UserId::from(asked.param("user"));
    let typed = Typed {
        zone: asked.form.get("zone").unwrap_or_default(),
        services: asked.form.all("services").collect(),
        languages: asked.form.all("languages").collect(),
        hours: DAYS.iter().map(|(name, _)| asked.form.get(name).unwrap_or_default()).collect(),
    };
    match staff::set(ctx, &user_id, &typed) {
        Ok(()) => Ok(Answer::See(format!("/staff/{}?done=set", encoded(user_id.as_str())))),
        Err(Error::Bad { code, message }) => {
            let field = match code {
                "zone" => "zone",
                "service" => "services",
                "language" => "languages",
                _ => "mon",
            };
            let wrong = Wrong::at(field, capital(&message));
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &[wrong])
        }
        Err(error) => Err(error),
    }
}

/// Lets a team be handed work by rule, or no longer.
pub(crate) fn set_push(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let team = asked.form.get("team").unwrap_or_default();
    staff::set_push(ctx, team, asked.form.get("push") == Some("on"))?;
    Ok(Answer::See("/staff?done=push".to_owned()))
}
