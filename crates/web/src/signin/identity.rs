//! Signing in at the organisation's identity provider: a page that leads there, and one on which a browser comes back.
//!
//! Two pages stand between, because a form that is answered with another site's address is refused by browsers, and because a
//! cookie that only our own pages may send is not sent by the step that comes from another site.

use super::{broken, next, page};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::cookie;
use crate::shell::Shell;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::signin::{self, Back};
use doorstep_app::{App, Error, Result};

#[derive(Template)]
#[template(path = "signin/going.html")]
struct Going<'a> {
    shell: &'a Shell,
    heading: String,
    words: String,
    url: String,
}

/// Leads a browser to the provider.
pub(crate) fn set_out(app: &App, asked: &Asked) -> Result<Answer> {
    let is_fresh = asked.form.is_ticked("fresh");
    match signin::set_out(app, &next(asked), is_fresh) {
        Ok(way) => {
            let name = provider_name(app);
            let going = Going {
                shell: &asked.shell,
                heading: format!("Sign in at {name}"),
                words: format!("Go on to {name}"),
                url: way.url,
            };
            let html = going.render().map_err(broken)?;
            Ok(Answer::With(
                Box::new(Answer::page(html)),
                cookie::set_journey(way.browser.reveal()),
            ))
        }
        Err(error) => refused(app, asked, error),
    }
}

/// Takes a browser that comes back.
pub(crate) fn come_back(app: &App, asked: &Asked) -> Result<Answer> {
    let of = |name: &str| asked.query.get(name).unwrap_or_default();
    let back = Back {
        state: of("state"),
        code: of("code"),
        error: of("error"),
        issuer: asked.query.get("iss"),
        browser: asked.journey.as_deref().unwrap_or_default(),
    };
    match signin::come_back(app, &back, &asked.whence) {
        Ok(arrived) => {
            let going = Going {
                shell: &asked.shell,
                heading: "You are signed in".to_owned(),
                words: "Go on".to_owned(),
                url: arrived.next_path,
            };
            let html = going.render().map_err(broken)?;
            Ok(Answer::With(Box::new(Answer::page(html)), cookie::set(arrived.token.reveal())))
        }
        Err(error) => refused(app, asked, error),
    }
}

fn refused(app: &App, asked: &Asked, error: Error) -> Result<Answer> {
    match error {
        Error::Bad { code: "identity-away", message } => {
            page(app, asked, StatusCode::SERVICE_UNAVAILABLE, (&message, ""))
        }
        Error::Bad { message, .. } => {
            page(app, asked, StatusCode::UNPROCESSABLE_ENTITY, (&message, ""))
        }
        error => Err(error),
    }
}

/// What people call the provider; empty where there is none.
pub(crate) fn provider_name(app: &App) -> String {
    app.identity().map(|identity| identity.name().to_owned()).unwrap_or_default()
}
