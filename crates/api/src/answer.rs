//! The HTTP answer to a file: its own protocol's where it has one, else, or when asked for, JSON with the outcome.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use doorstep_app::Error;
use doorstep_app::intake::Taken;
use doorstep_exchange::{Outcome, Problem};
use serde_json::{Value, json};

/// Case numbers put into headers. Whoever sends more orders at once reads them in the body.
const HEADERS_MAX: usize = 20;

/// What form of answer a sender asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The file's own protocol, where it has one.
    Own,
    /// JSON with the outcome, whatever the file is.
    Outcome,
}

impl Wish {
    /// Reads `Accept`: the outcome is meant when `application/json` stands before everything else that could be sent.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|one| one.to_str().ok());
        let first = accepted
            .flat_map(|one| one.split(','))
            .map(|one| one.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
            .find(|one| !one.is_empty());
        match first.as_deref() {
            Some("application/json") => Self::Outcome,
            _ => Self::Own,
        }
    }
}

/// Answers a file that was taken, whatever became of it.
pub(crate) fn taken(taken: Taken, wish: Wish) -> Response {
    let is_preview = taken.receipt_id.as_str().is_empty();
    let status = match taken.outcome {
        _ if is_preview => StatusCode::OK,
        Outcome::Opened => StatusCode::CREATED,
        Outcome::Linked | Outcome::Updated => StatusCode::OK,
        Outcome::Queued => StatusCode::ACCEPTED,
        Outcome::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        Outcome::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
    };
    let mut cases: Vec<String> = taken
        .units
        .iter()
        .filter_map(|unit| unit.number.as_ref())
        .map(ToString::to_string)
        .collect();
    cases.sort();
    cases.dedup();
    let summary = summary(&taken, &cases).to_string().into_bytes();
    let (media_type, body) = match taken.reply {
        Some(reply) if wish == Wish::Own => (reply.media_type, reply.bytes),
        _ => ("application/json", summary),
    };
    let mut response = (status, [(header::CONTENT_TYPE, media_type)], body).into_response();
    let headers = response.headers_mut();
    if !is_preview {
        put(headers, "doorstep-receipt", taken.receipt_id.as_str());
    }
    put(headers, "doorstep-outcome", taken.outcome.name());
    for case in cases.iter().filter(|_| cases.len() <= HEADERS_MAX) {
        if let Ok(value) = HeaderValue::from_str(case) {
            headers.append("doorstep-case", value);
        }
    }
    response
}

/// Adds what every answer of a machine door carries, also one that never reached it. Source: trust.md 2.2, ASVS 3.4.
pub(crate) fn harden(mut response: Response) -> Response {
    let carried = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in carried {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn summary(taken: &Taken, cases: &[String]) -> Value {
    let problems: Vec<&Problem> =
        taken.problems.iter().chain(taken.units.iter().flat_map(|unit| &unit.problems)).collect();
    json!({ "format": taken.format, "outcome": taken.outcome.name(), "cases": cases, "problems": problems })
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Answers a request that could not be taken. A person outside never sees an internal detail.
pub(crate) fn failed(error: &Error) -> Response {
    let status = match error {
        Error::Refused(_) | Error::Bad { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Forbidden | Error::Unproved | Error::Outside { .. } => StatusCode::FORBIDDEN,
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
