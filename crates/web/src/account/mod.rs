//! One's own account: the name, the role, the password, where one is signed in.

pub(crate) mod keys;
pub(crate) mod second;
mod sessions;

pub(crate) use sessions::end;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::cookie;
use crate::field::{Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::broken;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::signin::{self, PASSWORD_LENGTH_MIN};
use doorstep_app::{Ctx, Error, Result, raised};
use sessions::Sessions;

#[derive(Template)]
#[template(path = "account/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    user_id: String,
    form: Form,
    is_new: bool,
    has_password: bool,
    /// The identity provider where they sign in.
    elsewhere: Option<String>,
    second: second::Second,
    keys: keys::Keys,
    sessions: Sessions,
    number: Form,
    said: &'static str,
}

/// Shows the account.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, StatusCode::OK, (&[], ""))
}

/// Sets the direct number that callers are given.
pub(crate) fn set_number(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    match raised::set_own_phone(ctx, asked.form.get("phone").unwrap_or_default()) {
        Ok(()) => Ok(Answer::See("/account?done=number".to_owned())),
        Err(Error::Bad { message, .. }) => {
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (&[Wrong::at("phone", message)], ""))
        }
        Err(error) => Err(error),
    }
}

/// Sets the password. It is asked for twice, because nobody sees it.
pub(crate) fn set_password(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let sent = |name: &str| {
        asked.form.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    };
    if sent("password") != sent("again") {
        let wrong = Wrong::at("again", "the two do not match: type the password again");
        return page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (&[wrong], ""));
    }
    match signin::set_password(ctx, sent("current"), sent("password")) {
        // Every session ends with the old password, this one too.
        Ok(()) => Ok(Answer::SeeWith("/sign-in?done=password".to_owned(), cookie::clear())),
        Err(Error::Bad { code, message }) => {
            let field = if code == "password-current" { "current" } else { "password" };
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (&[Wrong::at(field, message)], ""))
        }
        Err(error) => Err(error),
    }
}

fn page(
    ctx: &Ctx,
    asked: &Asked,
    status: StatusCode,
    (wrong, key_wrong): (&[Wrong], &str),
) -> Result<Answer> {
    let has_password = signin::has_password(ctx)?;
    let password = |name: &str, label: &str, autocomplete: &'static str| {
        let mut field = Field::new(name, label, Control::Line("password")).required();
        field.autocomplete = autocomplete;
        field
    };
    let hint = format!(
        "At least {PASSWORD_LENGTH_MIN} characters. A short sentence is easy to keep and hard to guess."
    );
    let mut form = Form::new("password", "/account/password", "Set a password", asked.csrf());
    if has_password {
        form = form.field(password("current", "Current password", "current-password"));
    }
    let mut form = form
        .field(password("password", "New password", "new-password").hint(hint))
        .field(password("again", "The same again", "new-password"));
    let mut number = Form::new("number", "/account/number", "Keep the number", asked.csrf()).field(
        Field::new("phone", "Number or extension", Control::Line("tel"))
            .hint("Callers are given it when you take an escalation.")
            .with(raised::own_phone(ctx)?),
    );
    if wrong.iter().any(|one| one.field == "phone") {
        number.refill(&asked.form, wrong);
    } else if !wrong.is_empty() {
        form.refill(&crate::posted::Posted::default(), wrong);
    }
    form.is_main = true;
    let html = Page {
        shell: &asked.shell,
        user_id: ctx.actor.user_id.to_string(),
        form,
        is_new: asked.query.is_ticked("new"),
        has_password,
        elsewhere: signin::provider_of(ctx)?,
        second: second::part(ctx, asked)?,
        keys: keys::part(ctx, asked, key_wrong)?,
        sessions: sessions::list(ctx, asked)?,
        number,
        said: match asked.query.get("done") {
            Some("number") => "The number is kept.",
            _ => "",
        },
    };
    Ok(Answer::Page(status, html.render().map_err(broken)?))
}
