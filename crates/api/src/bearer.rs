//! Who sends: a bearer token stands for a user, whose role says what may be sent.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use doorstep_app::{App, Error, Result, signin};
use doorstep_case::Actor;

/// Returns the user that the request's token speaks for.
pub(crate) fn sender(app: &App, headers: &HeaderMap) -> Result<Actor> {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = value.and_then(|value| value.split_once(' ')).ok_or(Error::NotFound)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Error::NotFound);
    }
    signin::by_api_token(app, token.trim())
}
