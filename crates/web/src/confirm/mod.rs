//! Confirming who sits there, before what cannot be taken back. Any form may find that it takes a fresh factor: it comes back
//! on this page with what was sent unseen in it, and goes on to where it was sent as soon as a factor is shown.
//!
//! Files that a form sent are not carried along: what takes files takes no fresh factor.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::assets;
use crate::field::{Control, Field, Form};
use crate::posted::{Posted, Wrong};
use crate::shell::Shell;
use crate::signin::{broken, encoded, keys, next};
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::signin::{self, Proof, SignedIn};
use doorstep_app::{App, Ctx, Error, Result};

/// What stands before the names of this page's own fields.
const OWN: &str = "confirm.";
const PASSWORD: &str = "confirm.password";
const CODE: &str = "confirm.code";
const KEY: &str = "confirm.key";

#[derive(Template)]
#[template(path = "confirm/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    form: Form,
    by_key: Form,
    /// Where passkeys work; `None` for whoever has none.
    origin: Option<String>,
    script: String,
    can_type: bool,
    /// Leads to the identity provider, for whoever signs in there.
    elsewhere: Option<Form>,
    minutes: u32,
}

/// A session that goes on under another token, because a factor was shown.
pub(crate) struct Confirmed {
    /// Who, as of now.
    pub(crate) who: SignedIn,
    /// The secret of the cookie from now on.
    pub(crate) token: String,
}

/// What came of looking for a factor in a form.
pub(crate) enum Shown {
    /// None was shown.
    Nothing,
    /// It was right.
    Right(Box<Confirmed>),
    /// It was wrong: the page that says so.
    Wrong(Answer),
}

/// Looks whether a form carries a factor, verifies it, and takes it out of the form.
pub(crate) fn shown(ctx: &Ctx, asked: &mut Asked) -> Result<Shown> {
    let (Some((name, typed)), Some(who), Some(token)) = (typed(asked), &asked.who, &asked.token)
    else {
        return Ok(Shown::Nothing);
    };
    let key = keys::used(&typed);
    let proof = match name {
        KEY => Proof::Key(&key),
        CODE => Proof::Code(&typed),
        _ => Proof::Password(&typed),
    };
    let proved = signin::prove(ctx.app, (who, token), proof);
    asked.form.0.retain(|(name, _)| !name.starts_with(OWN));
    match proved {
        Ok(token) => confirmed(ctx.app, token.reveal()),
        Err(Error::Bad { message, .. }) => {
            let wrong = [Wrong::at(name, message)];
            Ok(Shown::Wrong(page(ctx, asked, (StatusCode::UNPROCESSABLE_ENTITY, &wrong))?))
        }
        Err(error) => Err(error),
    }
}

/// The factor that a form carries.
fn typed(asked: &Asked) -> Option<(&'static str, String)> {
    let of = |own: &'static str| {
        let sent = asked.form.0.iter().find(|(name, value)| name == own && !value.is_empty());
        sent.map(|(_, value)| (own, value.clone()))
    };
    of(KEY).or_else(|| of(CODE)).or_else(|| of(PASSWORD))
}

fn confirmed(app: &App, token: &str) -> Result<Shown> {
    let who = signin::peek(app, token)?.ok_or(Error::Forbidden)?;
    Ok(Shown::Right(Box::new(Confirmed { who, token: token.to_owned() })))
}

/// Asks for a factor, and keeps what was sent.
pub(crate) fn ask(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, (StatusCode::FORBIDDEN, &[]))
}

/// Asks for a factor before anything is sent.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, (StatusCode::OK, &[]))
}

/// Goes on to where a page wanted a factor.
pub(crate) fn done(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    ctx.stepped_up()?;
    Ok(Answer::See(next(asked)))
}

/// A form that leads to the identity provider and back to where the person was. What was sent is not carried along.
fn elsewhere(asked: &Asked, name: &str) -> Form {
    let back = if asked.is_post {
        "/".to_owned()
    } else if asked.path == "/confirm" {
        next(asked)
    } else {
        address(asked)
    };
    let form = Form::new("elsewhere", "/sign-in/identity", "", "");
    form.submit(format!("Confirm at {name}")).hide("fresh", "yes").hide("next", back)
}

fn page(ctx: &Ctx, asked: &Asked, (status, wrong): (StatusCode, &[Wrong])) -> Result<Answer> {
    let known = signin::provable(ctx)?;
    let mut form = if asked.is_post {
        let sent = asked.form.0.iter().filter(|(name, _)| name != "csrf" && !name.starts_with(OWN));
        let form = Form::new("confirm", &asked.path, "Confirm, and go on", asked.csrf());
        sent.fold(form, |form, (name, value)| form.hide(name, value))
    } else {
        let back = if asked.path == "/confirm" { next(asked) } else { address(asked) };
        Form::new("confirm", "/confirm", "Confirm, and go on", asked.csrf()).hide("next", back)
    };
    let mut by_key = form.clone().submit("Confirm with a passkey").hide(KEY, "");
    "confirm-key".clone_into(&mut by_key.id);
    if known.password {
        let mut field = Field::new(PASSWORD, "Your password", Control::Line("password")).required();
        field.autocomplete = "current-password";
        form = form.field(field);
    }
    if known.code {
        let hint = "Six digits of your authenticator app, or a code on paper";
        let mut field = Field::line(CODE, "Your code").required().hint(hint);
        field.autocomplete = "one-time-code";
        form = form.field(field);
    }
    form.is_main = true;
    if !wrong.is_empty() {
        // Only the words: a factor is never written back, and what goes unseen stands already.
        // A key has no field of its own: the words stand at the top.
        for field in &mut form.fields {
            field.refill(&Posted::default(), wrong);
        }
        form.wrong = wrong.to_vec();
    }
    let minutes = signin::terms(ctx.app).factor_fresh_min;
    let page = Page {
        shell: &asked.shell,
        form,
        by_key,
        origin: ctx.app.site().filter(|_| known.key).map(|site| site.origin.clone()),
        script: assets::path("passkey.js"),
        can_type: known.password || known.code,
        elsewhere: known.identity.map(|name| elsewhere(asked, &name)),
        minutes,
    };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

/// The page that was asked for, to come back to.
fn address(asked: &Asked) -> String {
    let pair = |(name, value): &(String, String)| format!("{}={}", encoded(name), encoded(value));
    let query: Vec<String> = asked.query.0.iter().map(pair).collect();
    if query.is_empty() {
        asked.path.clone()
    } else {
        format!("{}?{}", asked.path, query.join("&"))
    }
}
