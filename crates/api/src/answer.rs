//! The HTTP answer to a file: its own protocol's where it has one, else JSON with the outcome.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use doorstep_app::Error;
use doorstep_app::intake::Taken;
use doorstep_exchange::{Outcome, Problem};
use serde_json::{Value, json};

/// Answers a file that was taken, whatever became of it.
pub(crate) fn taken(taken: Taken) -> Response {
    let status = match taken.outcome {
        Outcome::Opened => StatusCode::CREATED,
        Outcome::Linked | Outcome::Updated => StatusCode::OK,
        Outcome::Queued => StatusCode::ACCEPTED,
        Outcome::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        Outcome::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
    };
    let cases: Vec<String> = taken
        .units
        .iter()
        .filter_map(|unit| unit.number.as_ref())
        .map(ToString::to_string)
        .collect();
    let (media_type, body) = match taken.reply {
        Some(reply) => (reply.media_type, reply.bytes),
        None => ("application/json", summary(&taken, &cases).to_string().into_bytes()),
    };
    let mut response = (status, [(header::CONTENT_TYPE, media_type)], body).into_response();
    let headers = response.headers_mut();
    put(headers, "doorstep-receipt", taken.receipt_id.as_str());
    put(headers, "doorstep-outcome", taken.outcome.name());
    for case in &cases {
        if let Ok(value) = HeaderValue::from_str(case) {
            headers.append("doorstep-case", value);
        }
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn summary(taken: &Taken, cases: &[String]) -> Value {
    let problems: Vec<&Problem> =
        taken.problems.iter().chain(taken.units.iter().flat_map(|unit| &unit.problems)).collect();
    json!({ "format": taken.format, "outcome": taken.outcome.name(), "cases": cases, "problems": problems })
}

fn put(headers: &mut axum::http::HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Answers a request that could not be taken. A person outside never sees an internal detail.
pub(crate) fn failed(error: &Error) -> Response {
    let status = match error {
        Error::Refused(_) | Error::Bad { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Forbidden => StatusCode::FORBIDDEN,
        Error::NotFound => StatusCode::UNAUTHORIZED,
        Error::Stale => StatusCode::CONFLICT,
        Error::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let message = match error {
        Error::NotFound => "send a bearer token that is in force".to_owned(),
        other => other.to_string(),
    };
    let body =
        json!({ "problems": [{ "code": error.code(), "where": "request", "message": message }] });
    let mut response =
        (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
