//! Signing in and out: by name and password, or by a link that works once.

pub(crate) mod identity;
pub(crate) mod keys;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::shell::Shell;
use crate::{assets, cookie, field::Field, field::Form};
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::signin::{EndWhy, Entered};
use doorstep_app::{App, Ctx, Error, Result, signin};
use std::fmt::Write as _;

/// Bytes of the path that somebody goes on to.
const NEXT_MAX: usize = 2048;

#[derive(Template)]
#[template(path = "signin/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    form: Form,
    by_key: Form,
    /// Leads to the identity provider, where there is one.
    elsewhere: Option<Form>,
    /// Where passkeys work; empty where the hub was not told.
    origin: String,
    script: String,
    wrong: String,
    said: &'static str,
}

#[derive(Template)]
#[template(path = "signin/code.html")]
struct Code<'a> {
    shell: &'a Shell,
    form: Form,
    wrong: String,
}

#[derive(Template)]
#[template(path = "signin/link.html")]
struct Link<'a> {
    shell: &'a Shell,
    action: &'a str,
    wrong: String,
}

#[derive(Template)]
#[template(path = "signin/again.html")]
struct Again<'a> {
    shell: &'a Shell,
    action: &'a str,
    pairs: &'a [(String, String)],
}

/// Answers a form that came after its session had ended: what was entered is in the answer, to be sent again.
pub(crate) fn again(asked: &Asked) -> Result<Answer> {
    let page = Again { shell: &asked.shell, action: &asked.path, pairs: &asked.form.0 };
    Ok(Answer::Page(StatusCode::UNAUTHORIZED, page.render().map_err(broken)?))
}

/// Says how many seconds the session has left, and whose it is: for a page that warns before it ends.
pub(crate) fn session(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let who = asked.who.as_ref().ok_or(Error::NotFound)?;
    Ok(Answer::Text(format!("{} {}", who.idle_s(ctx.app), who.user_id)))
}

/// Shows the form; whoever is signed in goes on. Whoever carries a session that was ended is told why.
pub(crate) fn show(app: &App, asked: &Asked) -> Result<Answer> {
    if asked.who.is_some() {
        return Ok(Answer::See("/".to_owned()));
    }
    let ended = asked.token.as_deref().map(|token| signin::why_ended(app, token));
    let said = match (asked.query.get("done"), ended.transpose()?.flatten()) {
        (Some("password"), _) => "The password is set. Sign in with it.",
        (_, Some(EndWhy::Displaced)) => {
            "You were signed out here: you signed in at more places than you may be at once."
        }
        (_, Some(EndWhy::Ended)) => "You were signed out here from another session of yours.",
        (_, Some(EndWhy::EndedByAdmin)) => "An administrator signed you out.",
        (_, Some(EndWhy::Renewed) | None) => "",
    };
    page(app, asked, StatusCode::OK, ("", said))
}

/// Signs in by name and password.
pub(crate) fn by_password(app: &App, asked: &Asked) -> Result<Answer> {
    let (name, password) =
        (asked.form.get("name"), asked.form.0.iter().find(|(name, _)| name == "password"));
    let (Some(name), Some((_, password))) =
        (name, password.filter(|(_, password)| !password.is_empty()))
    else {
        let wrong = "enter your name and your password";
        return page(app, asked, StatusCode::UNPROCESSABLE_ENTITY, (wrong, ""));
    };
    match signin::by_password(app, (name, password), &asked.whence) {
        Ok(entered) => go_on(asked, entered, next(asked)),
        Err(Error::Bad { message, .. }) => {
            page(app, asked, StatusCode::UNPROCESSABLE_ENTITY, (&message, ""))
        }
        Err(error) => Err(error),
    }
}

/// Goes on after a first factor: to the page that was wanted, or to the second.
fn go_on(asked: &Asked, entered: Entered, to: String) -> Result<Answer> {
    match entered {
        Entered::In(token) => Ok(Answer::SeeWith(to, cookie::set(token.reveal()))),
        Entered::Second(step) => code_page(asked, (step.reveal(), to), (StatusCode::OK, "")),
    }
}

/// Signs in by the second factor.
pub(crate) fn by_second(app: &App, asked: &Asked) -> Result<Answer> {
    let step = asked.form.get("step").unwrap_or_default();
    let typed = asked.form.get("code").unwrap_or_default();
    match signin::by_second(app, (step, typed), &asked.whence) {
        Ok(token) => Ok(Answer::SeeWith(next(asked), cookie::set(token.reveal()))),
        Err(Error::Bad { code: "sign-in-step", message }) => {
            page(app, asked, StatusCode::UNPROCESSABLE_ENTITY, (&message, ""))
        }
        Err(Error::Bad { message, .. }) => {
            let status = (StatusCode::UNPROCESSABLE_ENTITY, message.as_str());
            code_page(asked, (step, next(asked)), status)
        }
        Err(error) => Err(error),
    }
}

fn code_page(
    asked: &Asked,
    (step, to): (&str, String),
    (status, wrong): (StatusCode, &str),
) -> Result<Answer> {
    let mut code = Field::line("code", "Code").required();
    code.autocomplete = "one-time-code";
    let form = Form::new("code", "/sign-in/code", "Sign in", "").field(code);
    let mut form = form.hide("step", step).hide("next", to);
    form.is_main = true;
    let page = Code { shell: &asked.shell, form, wrong: capital(wrong) };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn page(
    app: &App,
    asked: &Asked,
    status: StatusCode,
    (wrong, said): (&str, &'static str),
) -> Result<Answer> {
    let mut name = Field::line("name", "User name").required();
    name.autocomplete = "username";
    name.set_value(asked.form.get("name").unwrap_or_default());
    let mut password =
        Field::new("password", "Password", crate::field::Control::Line("password")).required();
    password.autocomplete = "current-password";
    let form = Form::new("sign-in", "/sign-in", "Sign in", "").field(name).field(password);
    let mut form = form.hide("next", next(asked));
    form.is_main = true;
    let by_key = Form::new("passkey", "/sign-in/passkeys", "Sign in with a passkey", "");
    let elsewhere = app.identity().map(|identity| {
        let words = format!("Sign in at {}", identity.name());
        Form::new("elsewhere", "/sign-in/identity", &words, "").hide("next", next(asked))
    });
    let page = Page {
        shell: &asked.shell,
        form,
        elsewhere,
        by_key: by_key.hide("next", next(asked)).hide("key", ""),
        origin: app.site().map(|site| site.origin.clone()).unwrap_or_default(),
        script: assets::path("passkey.js"),
        wrong: capital(wrong),
        said,
    };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

/// Shows a button: a program that looks at links before people do must not use one up.
pub(crate) fn show_link(_: &App, asked: &Asked) -> Result<Answer> {
    let html = Link { shell: &asked.shell, action: &asked.path, wrong: String::new() }
        .render()
        .map_err(broken)?;
    Ok(Answer::page(html))
}

/// Signs in by the link, which is used up, and offers to set a password.
pub(crate) fn by_link(app: &App, asked: &Asked) -> Result<Answer> {
    match signin::by_link(app, asked.param("token"), &asked.whence) {
        Ok((entered, _)) => go_on(asked, entered, "/account?new=1".to_owned()),
        Err(Error::Bad { message, .. }) => {
            let link = Link { shell: &asked.shell, action: &asked.path, wrong: capital(&message) };
            Ok(Answer::Page(StatusCode::UNPROCESSABLE_ENTITY, link.render().map_err(broken)?))
        }
        Err(error) => Err(error),
    }
}

/// Ends the session.
pub(crate) fn sign_out(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    if let Some(token) = &asked.token {
        signin::sign_out(ctx.app, token)?;
    }
    Ok(Answer::SeeWith("/sign-in".to_owned(), cookie::clear()))
}

/// Where to go on: a path of this site, or the start. Longer than any page's address it is kept nowhere.
pub(crate) fn next(asked: &Asked) -> String {
    let path = asked.form.get("next").or_else(|| asked.query.get("next")).unwrap_or("/");
    let is_ours = path.len() <= NEXT_MAX
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if is_ours { path.to_owned() } else { "/".to_owned() }
}

/// Returns text as a part of a query or a path.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("writing to a string does not fail");
        }
        out
    })
}

/// A template that cannot be filled in is our fault.
pub(crate) fn broken(error: askama::Error) -> Error {
    Error::Broken(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posted::Posted;

    #[test]
    fn nobody_is_led_to_another_site() {
        let to = |path: &str| {
            next(&Asked {
                query: Posted(vec![("next".to_owned(), path.to_owned())]),
                ..Asked::default()
            })
        };
        assert_eq!(to("/cases/1"), "/cases/1");
        for path in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "",
            "/a b",
            "javascript:1",
        ] {
            assert_eq!(to(path), "/", "{path}");
        }
    }

    #[test]
    fn what_stands_in_a_path_is_encoded() {
        assert_eq!(encoded("/cases/a:b c"), "%2Fcases%2Fa%3Ab%20c");
    }
}
