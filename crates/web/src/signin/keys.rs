//! Signing in by a passkey: the page asks for a challenge, the device answers it, and nothing else is asked.

use super::{next, page};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::cookie;
use axum::http::StatusCode;
use doorstep_app::signin::{self, KeyUsed};
use doorstep_app::{App, Error, Result};
use doorstep_passkeys::{Used, decoded};
use serde_json::json;

/// Tells the script what a device is asked.
pub(crate) fn ask(app: &App, _: &Asked) -> Result<Answer> {
    let asked = signin::ask_key(app)?;
    let told = json!({ "challenge": asked.challenge, "site": asked.site.rp_id });
    Ok(Answer::Text(told.to_string()))
}

/// Signs in by what a device answered.
pub(crate) fn by_key(app: &App, asked: &Asked) -> Result<Answer> {
    let key = used(asked.form.get("key").unwrap_or_default());
    match signin::by_key(app, &key, &asked.whence) {
        Ok(token) => Ok(Answer::SeeWith(next(asked), cookie::set(token.reveal()))),
        Err(Error::Bad { message, .. }) => {
            page(app, asked, StatusCode::UNPROCESSABLE_ENTITY, (&message, ""))
        }
        Err(error) => Err(error),
    }
}

/// Reads what the script puts into a form of a key that was used. What cannot be read is empty, and refused as such.
pub(crate) fn used(text: &str) -> KeyUsed {
    let [credential_id, user_handle, client_data, data, signature] = parts(text);
    let bytes = |text: &str| decoded(text).unwrap_or_default();
    let (client_data, authenticator_data) = (bytes(&client_data), bytes(&data));
    let used = Used { client_data, authenticator_data, signature: bytes(&signature) };
    KeyUsed { credential_id, user_handle, used }
}

/// Splits a form's field into its parts, base64url between dots; missing ones are empty.
pub(crate) fn parts<const N: usize>(text: &str) -> [String; N] {
    let mut parts = text.split('.').map(str::to_owned);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}
