//! Where one is signed in: a list, and a button to end what one does not know.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::when::When;
use askama::Template;
use askama::filters::HtmlSafe;
use doorstep_app::signin::{self, Which};
use doorstep_app::{Ctx, Error, Result};

struct Row {
    name: String,
    device: String,
    address: String,
    since: When,
    seen: When,
    is_this: bool,
}

/// The part of the account page that lists sessions.
#[derive(Template)]
#[template(path = "account/sessions.html")]
pub(super) struct Sessions {
    csrf: String,
    places: Vec<Row>,
    at_once: u32,
    told: &'static str,
}

impl HtmlSafe for Sessions {}

/// Makes the list.
pub(super) fn list(ctx: &Ctx, asked: &Asked) -> Result<Sessions> {
    let zone = &ctx.app.settings.hub_zone;
    let or = |text: String, words: &str| if text.is_empty() { words.to_owned() } else { text };
    let places = signin::places(ctx, asked.token.as_deref().unwrap_or_default())?;
    let row = |place: signin::Place| Row {
        name: place.name,
        device: or(place.whence.device, "A program that does not say its name"),
        address: or(place.whence.address, "address not known"),
        since: When::at(place.since, zone),
        seen: When::at(place.seen_at, zone),
        is_this: place.is_this,
    };
    Ok(Sessions {
        csrf: asked.csrf().to_owned(),
        places: places.into_iter().map(row).collect(),
        at_once: signin::terms(ctx.app).sessions_at_once,
        told: match asked.query.get("done") {
            Some("ended") => "It has ended: whoever sat there is signed out.",
            Some("gone") => "That session had ended already.",
            _ => "",
        },
    })
}

/// Ends one session, or all others.
pub(crate) fn end(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let token = asked.token.as_deref().ok_or(Error::NotFound)?;
    let which = match asked.param("session") {
        "others" => Which::Others,
        name => Which::One(name),
    };
    let done = match signin::end_own(ctx, token, which) {
        Ok(_) => "ended",
        Err(Error::NotFound) => "gone",
        Err(error) => return Err(error),
    };
    Ok(Answer::See(format!("/account?done={done}#sessions")))
}
