//! The authenticator app of one's own: set up with a picture and a first code, codes on paper, taken off.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::field::{Field, Form};
use crate::posted::{Posted, Wrong};
use crate::shell::Shell;
use crate::signin::broken;
use askama::Template;
use askama::filters::HtmlSafe;
use axum::http::StatusCode;
use doorstep_app::signin;
use doorstep_app::{Ctx, Error, Result};
use qrcode::{Color, QrCode};
use std::fmt::Write as _;

/// The part of the account page that tells of the app.
#[derive(Template)]
#[template(path = "account/second.html")]
pub(super) struct Second {
    csrf: String,
    is_on: bool,
    is_begun: bool,
    n_recovery: u32,
    told: &'static str,
}

impl HtmlSafe for Second {}

#[derive(Template)]
#[template(path = "account/enrol.html")]
struct Enrol<'a> {
    shell: &'a Shell,
    picture: Picture,
    secret: String,
    form: Form,
}

#[derive(Template)]
#[template(path = "account/codes.html")]
struct Codes<'a> {
    shell: &'a Shell,
    listed: Vec<String>,
    is_new: bool,
}

/// A QR code as one path over a square.
struct Picture {
    size: usize,
    path: String,
}

/// Empty modules around a QR code. Source: ISO/IEC 18004, four.
const QUIET_ZONE: usize = 4;

/// Makes the part of the account page.
pub(super) fn part(ctx: &Ctx, asked: &Asked) -> Result<Second> {
    let second = signin::second(ctx)?;
    Ok(Second {
        csrf: asked.csrf().to_owned(),
        is_on: second.is_on,
        is_begun: second.is_begun,
        n_recovery: second.n_recovery,
        told: match asked.query.get("done") {
            Some("app-off") => "The app is off. The password alone signs you in.",
            _ => "",
        },
    })
}

/// Begins with an app.
pub(crate) fn begin(ctx: &Ctx, _: &Asked) -> Result<Answer> {
    signin::begin_app(ctx)?;
    Ok(Answer::See("/account/app".to_owned()))
}

/// Shows the picture, the secret, and the field for a first code.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, (StatusCode::OK, &[]))
}

/// Takes the first code, and shows the codes on paper, once.
pub(crate) fn confirm(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let token = asked.token.as_deref().ok_or(Error::NotFound)?;
    match signin::confirm_app(ctx, token, asked.form.get("code").unwrap_or_default()) {
        Ok(codes) => codes_page(asked, codes, true),
        Err(Error::Bad { message, .. }) => {
            let wrong = [Wrong::at("code", message)];
            page(ctx, asked, (StatusCode::UNPROCESSABLE_ENTITY, &wrong))
        }
        Err(error) => Err(error),
    }
}

/// Makes new codes on paper, and shows them, once.
pub(crate) fn new_codes(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    codes_page(asked, signin::new_recovery_codes(ctx)?, false)
}

/// Takes the app off, or gives up setting it up.
pub(crate) fn remove(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    signin::remove_app(ctx, asked.token.as_deref().ok_or(Error::NotFound)?)?;
    Ok(Answer::See("/account?done=app-off#second".to_owned()))
}

fn codes_page(asked: &Asked, codes: Vec<String>, is_new: bool) -> Result<Answer> {
    let page = Codes { shell: &asked.shell, listed: codes, is_new };
    Ok(Answer::page(page.render().map_err(broken)?))
}

fn page(ctx: &Ctx, asked: &Asked, (status, wrong): (StatusCode, &[Wrong])) -> Result<Answer> {
    let Some(enrolment) = signin::begun_app(ctx)? else {
        return Ok(Answer::See("/account#second".to_owned()));
    };
    let mut code = Field::line("code", "Code").required().hint("Six digits");
    code.autocomplete = "one-time-code";
    let mut form =
        Form::new("app", "/account/app/confirmation", "It shows this code", asked.csrf())
            .field(code);
    form.is_main = true;
    if !wrong.is_empty() {
        form.refill(&Posted::default(), wrong);
    }
    let picture = picture(&enrolment.address)?;
    let page = Enrol { shell: &asked.shell, picture, secret: enrolment.secret, form };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

/// Draws text as a QR code.
fn picture(text: &str) -> Result<Picture> {
    let code = QrCode::new(text).map_err(|error| Error::Broken(error.to_string().into()))?;
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % code.width() + QUIET_ZONE, at / code.width() + QUIET_ZONE);
            write!(path, "M{x} {y}h1v1h-1z").expect("writing to a string does not fail");
        }
    }
    Ok(Picture { size: code.width() + 2 * QUIET_ZONE, path })
}
