//! Passkeys of one's own: made, named, taken off.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::assets;
use crate::errors::capital;
use crate::field::{Field, Form};
use crate::signin::keys::parts;
use crate::when::When;
use askama::Template;
use askama::filters::HtmlSafe;
use axum::http::StatusCode;
use doorstep_app::signin;
use doorstep_app::{Ctx, Error, Result};
use doorstep_passkeys::{ALGORITHMS, Made};
use serde_json::json;

struct Row {
    id: String,
    name: String,
    since: When,
    used: Option<When>,
}

/// The part of the account page that lists passkeys.
#[derive(Template)]
#[template(path = "account/keys.html")]
pub(super) struct Keys {
    csrf: String,
    rows: Vec<Row>,
    form: Form,
    /// Where passkeys work; empty where the hub was not told.
    origin: String,
    script: String,
    told: &'static str,
    wrong: String,
}

impl HtmlSafe for Keys {}

/// Makes the part of the account page.
pub(super) fn part(ctx: &Ctx, asked: &Asked, wrong: &str) -> Result<Keys> {
    let zone = &ctx.app.settings.hub_zone;
    let row = |key: signin::OwnKey| Row {
        id: key.credential_id,
        name: key.name,
        since: When::in_full(key.since, zone),
        used: key.used_at.map(|at| When::in_full(at, zone)),
    };
    let name = Field::line("name", "Name of the device").required().hint("Such as: my telephone");
    let form = Form::new("new-key", "/account/passkeys", "Add a passkey", asked.csrf());
    Ok(Keys {
        csrf: asked.csrf().to_owned(),
        rows: signin::keys(ctx)?.into_iter().map(row).collect(),
        form: form.field(name).hide("made", ""),
        origin: ctx.app.site().map(|site| site.origin.clone()).unwrap_or_default(),
        script: assets::path("passkey.js"),
        told: match asked.query.get("done") {
            Some("key-added") => "The passkey is yours. Your other sessions have ended.",
            Some("key-off") => "It signs nobody in any more. Your other sessions have ended.",
            _ => "",
        },
        wrong: capital(wrong),
    })
}

/// Tells the script what a new key is made from.
pub(crate) fn ask(ctx: &Ctx, _: &Asked) -> Result<Answer> {
    let asked = signin::ask_new_key(ctx)?;
    let told = json!({
        "challenge": asked.challenge,
        "site": asked.site.rp_id,
        "hub": ctx.app.packs.hub_name(),
        "user_handle": asked.user_handle,
        "user": asked.user_id,
        "known": asked.known,
        "algorithms": ALGORITHMS,
    });
    Ok(Answer::Text(told.to_string()))
}

/// Takes a new key.
pub(crate) fn add(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let token = asked.token.as_deref().ok_or(Error::NotFound)?;
    let name = asked.form.get("name").unwrap_or_default();
    let [handle, client_data, attestation] = parts(asked.form.get("made").unwrap_or_default());
    let made = Made { client_data: bytes(&client_data), attestation: bytes(&attestation) };
    match signin::add_key(ctx, token, (name, &handle, &made)) {
        Ok(()) => Ok(Answer::See("/account?done=key-added#keys-own".to_owned())),
        Err(Error::Bad { message, .. }) => refused(ctx, asked, &message),
        Err(error) => Err(error),
    }
}

fn bytes(text: &str) -> Vec<u8> {
    doorstep_passkeys::decoded(text).unwrap_or_default()
}

/// Names a key otherwise.
pub(crate) fn rename(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let name = asked.form.get("name").unwrap_or_default();
    match signin::rename_key(ctx, asked.param("key"), name) {
        Ok(()) => Ok(Answer::See("/account#keys-own".to_owned())),
        Err(Error::Bad { message, .. }) => refused(ctx, asked, &message),
        Err(error) => Err(error),
    }
}

/// Takes a key off.
pub(crate) fn remove(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let token = asked.token.as_deref().ok_or(Error::NotFound)?;
    signin::remove_key(ctx, token, asked.param("key"))?;
    Ok(Answer::See("/account?done=key-off#keys-own".to_owned()))
}

fn refused(ctx: &Ctx, asked: &Asked, words: &str) -> Result<Answer> {
    super::page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (&[], words))
}
