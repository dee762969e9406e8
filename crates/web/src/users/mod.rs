//! Users, for whoever manages them: added, given a role, shut out, let in again, handed a sign-in link.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::{Ctx, Error, Result, signin};
use doorstep_case::Role;
use doorstep_store::users::User;
use doorstep_vocab::UserId;
use std::collections::BTreeSet;

struct Row {
    user_id: String,
    path: String,
    name: String,
    role: &'static str,
    roles: Vec<Choice>,
    team: String,
    /// With what the user signs in; empty for links only.
    shows: String,
    /// Whether there is anything beside it that an administrator may take off.
    has_second: bool,
    n_sessions: u32,
    is_shut: bool,
    is_self: bool,
    created: When,
}

#[derive(Template)]
#[template(path = "users/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    rows: Vec<Row>,
    form: Form,
    link: Option<(String, String)>,
    said: &'static str,
    link_minutes: u32,
}

/// Lists the users.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let said = match asked.query.get("done") {
        Some("added") => "The user was added. Make a link, and hand it to them.",
        Some("second-off") => {
            "Their second factor is off, and their sessions have ended. Be sure who asked you."
        }
        Some("ended") => "Their sessions have ended: they sign in anew.",
        Some("changed") => "The change holds from their next request.",
        _ => "",
    };
    page(ctx, asked, (StatusCode::OK, said), (None, &[]))
}

/// Adds a user without a password: they sign in by a link.
pub(crate) fn add(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let mut wrong = Vec::new();
    let user_id = asked.form.get("user_id").unwrap_or_default().to_lowercase();
    let name = asked.form.get("name").unwrap_or_default();
    if name.is_empty() {
        wrong.push(Wrong::at("name", "enter the person's name"));
    }
    let role = asked.form.choice("role", person_role, &mut wrong);
    if let (Some(role), true) = (role, wrong.is_empty()) {
        match signin::add_user(ctx, &UserId(user_id), name, role) {
            Ok(()) => return Ok(Answer::See("/users?done=added".to_owned())),
            Err(Error::Bad { message, .. }) => wrong.push(Wrong::at("user_id", message)),
            Err(error) => return Err(error),
        }
    } else if role.is_none() && wrong.iter().all(|wrong| wrong.field != "role") {
        wrong.push(Wrong::at("role", "choose a role"));
    }
    page(ctx, asked, (StatusCode::UNPROCESSABLE_ENTITY, ""), (None, &wrong))
}

fn person_role(name: &str) -> Option<Role> {
    Role::parse(name).filter(|role| Role::PEOPLE.contains(role))
}

/// Gives a user another role.
pub(crate) fn set_role(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let role = asked.form.get("role").and_then(person_role);
    let role = role.ok_or_else(|| Error::bad("role", "choose a role of the list"))?;
    signin::set_role(ctx, &UserId::from(asked.param("user")), role)?;
    Ok(Answer::See("/users?done=changed".to_owned()))
}

/// Puts a user into a team, or into none.
pub(crate) fn set_team(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let team = asked.form.get("team").unwrap_or_default();
    signin::set_team(ctx, &UserId::from(asked.param("user")), team)?;
    Ok(Answer::See("/users?done=changed".to_owned()))
}

/// Shuts a user out, or lets them in again.
pub(crate) fn set_admission(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let is_shut = match asked.form.get("admitted") {
        Some("yes") => false,
        Some("no") => true,
        _ => return Err(Error::bad("admitted", "say whether the user may sign in")),
    };
    signin::set_disabled(ctx, &UserId::from(asked.param("user")), is_shut)?;
    Ok(Answer::See("/users?done=changed".to_owned()))
}

/// Takes the second factors of a user off, who lost them.
pub(crate) fn reset_second(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    signin::reset_second(ctx, &UserId::from(asked.param("user")))?;
    Ok(Answer::See("/users?done=second-off".to_owned()))
}

/// Ends every session of a user, who may sign in again.
pub(crate) fn end_sessions(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    signin::end_all(ctx, &UserId::from(asked.param("user")))?;
    Ok(Answer::See("/users?done=ended".to_owned()))
}

/// Makes a link and shows it, once: it is in no log, no address and no later page.
pub(crate) fn make_link(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let user_id = UserId::from(asked.param("user"));
    let link = signin::make_link(ctx, &user_id)?;
    let path = format!("/sign-in/link/{}", link.reveal());
    page(ctx, asked, (StatusCode::OK, ""), (Some((user_id.to_string(), path)), &[]))
}

/// With what somebody signs in, in words; empty for links only.
fn shown(
    user: &User,
    (apps, keys, elsewhere): (&BTreeSet<UserId>, &BTreeSet<UserId>, &BTreeSet<UserId>),
) -> String {
    let kinds = [
        (user.password_hash.is_some(), "password"),
        (apps.contains(&user.user_id), "app"),
        (keys.contains(&user.user_id), "passkey"),
        (elsewhere.contains(&user.user_id), "identity provider"),
    ];
    let shown: Vec<&str> =
        kinds.iter().filter(|(is_so, _)| *is_so).map(|(_, words)| *words).collect();
    shown.join(", ")
}

type Shown<'a> = (Option<(String, String)>, &'a [Wrong]);

fn page(
    ctx: &Ctx,
    asked: &Asked,
    (status, said): (StatusCode, &'static str),
    (link, wrong): Shown,
) -> Result<Answer> {
    let zone = &ctx.app.settings.hub_zone;
    let (signed_in, second) = (signin::n_places(ctx)?, signin::with_second(ctx)?);
    let with_key = signin::with_key(ctx)?;
    let elsewhere = signin::with_identity(ctx)?;
    let rows = signin::list(ctx)?.into_iter().map(|user| Row {
        shows: shown(&user, (&second, &with_key, &elsewhere)),
        has_second: second.contains(&user.user_id) || with_key.contains(&user.user_id),
        n_sessions: signed_in.get(&user.user_id).copied().unwrap_or(0),
        path: format!("/users/{}", encoded(user.user_id.as_str())),
        is_self: user.user_id == ctx.actor.user_id,
        user_id: user.user_id.to_string(),
        name: user.name,
        role: user.role.name(),
        roles: roles(Some(user.role)),
        team: user.team.unwrap_or_default(),
        is_shut: user.disabled_at.is_some(),
        created: When::in_full(user.created_at, zone),
    });
    let rows = rows.collect();
    let mut form = Form::new("add", "/users", "Add a user", asked.csrf())
        .field(
            Field::line("user_id", "User name")
                .required()
                .hint("Lower-case letters, digits and . - _ @"),
        )
        .field(Field::line("name", "Name").required())
        .field(Field::new("role", "Role", Control::Select(roles(None))).required());
    form.is_main = true;
    if !wrong.is_empty() {
        form.refill(&asked.form, wrong);
    }
    let page = Page {
        shell: &asked.shell,
        rows,
        form,
        link,
        said,
        link_minutes: signin::terms(ctx.app).link_min,
    };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn roles(of: Option<Role>) -> Vec<Choice> {
    let choice = |role: &Role| Choice::new(role.name(), role.name()).chosen(of == Some(*role));
    Role::PEOPLE.iter().map(choice).collect()
}
