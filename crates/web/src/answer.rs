//! What a handler answers, and the headers that every answer carries.

use crate::language::Language;
use axum::body::Body;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};

/// How long a built-in file may be kept: its path changes with it.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// What a handler answers.
pub(crate) enum Answer {
    /// A page.
    Page(StatusCode, String),
    /// Look there: after a change, so that a reload repeats nothing.
    See(String),
    /// Look there, with this cookie.
    SeeWith(String, String),
    /// The same with this cookie.
    With(Box<Answer>, String),
    /// A file to keep, under a name without personal data.
    File { bytes: Vec<u8>, media_type: String, name: String },
    /// A built-in file that may be kept for ever.
    Asset(&'static crate::assets::Asset),
    /// A word for a program.
    Text(String),
    /// A word for a program that watches this one: something is wrong.
    Unwell(String),
}

impl Answer {
    /// Answers with a page that went well.
    pub(crate) fn page(html: String) -> Self {
        Self::Page(StatusCode::OK, html)
    }

    /// Returns the answer in a language: pages are read, the rest is for programs.
    pub(crate) fn told(self, language: Language) -> Self {
        match self {
            Self::Page(status, html) => Self::Page(status, language.page(html)),
            Self::With(answer, cookie) => Self::With(Box::new(answer.told(language)), cookie),
            other @ (Self::See(_)
            | Self::SeeWith(..)
            | Self::File { .. }
            | Self::Asset(_)
            | Self::Text(_)
            | Self::Unwell(_)) => other,
        }
    }

    /// Returns the response.
    pub(crate) fn respond(self) -> Response<Body> {
        match self {
            Self::Page(status, html) => {
                let mut response = with_type(status, "text/html; charset=utf-8", html);
                match status {
                    StatusCode::UNAUTHORIZED => {
                        set(&mut response, header::WWW_AUTHENTICATE, "Session");
                    }
                    StatusCode::SERVICE_UNAVAILABLE => set(&mut response, header::RETRY_AFTER, "5"),
                    _ => {}
                }
                response
            }
            Self::Text(text) => with_type(StatusCode::OK, "text/plain; charset=utf-8", text),
            Self::Unwell(text) => {
                with_type(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", text)
            }
            Self::See(path) => see(&path),
            Self::SeeWith(path, cookie) => {
                let mut response = see(&path);
                set(&mut response, header::SET_COOKIE, &cookie);
                response
            }
            Self::With(answer, cookie) => {
                let mut response = answer.respond();
                // What the answer itself says of the cookie rules: signing out ends what was confirmed.
                if !response.headers().contains_key(header::SET_COOKIE) {
                    set(&mut response, header::SET_COOKIE, &cookie);
                }
                response
            }
            Self::Asset(asset) => {
                let mut response = with_type(StatusCode::OK, asset.media_type, asset.bytes);
                set(&mut response, header::CACHE_CONTROL, FOR_EVER);
                response
            }
            Self::File { bytes, media_type, name } => {
                let mut response = with_type(StatusCode::OK, &safe_type(&media_type), bytes);
                let plain: String = name
                    .chars()
                    .filter(|c| c.is_ascii_alphanumeric() || "-._".contains(*c))
                    .collect();
                set(
                    &mut response,
                    header::CONTENT_DISPOSITION,
                    &format!("attachment; filename=\"{plain}\""),
                );
                response
            }
        }
    }
}

/// A workbook's media type: the only one with `xml` in its name that nothing runs.
pub(crate) const WORKBOOK: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What came from outside is never shown in a page's own origin as something that could run.
fn safe_type(media_type: &str) -> String {
    if media_type == WORKBOOK {
        return WORKBOOK.to_owned();
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/+-.".contains(c);
    let runs = ["html", "xml", "svg", "script"]
        .iter()
        .any(|word| media_type.to_ascii_lowercase().contains(word));
    if media_type.is_empty() || runs || !media_type.chars().all(is_plain) {
        return "application/octet-stream".to_owned();
    }
    media_type.to_owned()
}

fn with_type(status: StatusCode, media_type: &str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    set(&mut response, header::CONTENT_TYPE, media_type);
    response
}

fn see(path: &str) -> Response<Body> {
    let mut response = with_type(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", "");
    set(&mut response, header::LOCATION, path);
    response
}

fn set(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Nothing is loaded, framed, sent or run but what this server itself gives. Source: trust.md 2.2, ASVS 3.4.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The headers of every answer, whatever it is.
pub(crate) const fn headers() -> [(HeaderName, &'static str); 8] {
    [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ]
}

/// Adds what every answer carries. What may be kept says so itself; nothing else is kept by anybody.
pub(crate) fn harden(mut response: Response<Body>, request_id: &str) -> Response<Body> {
    for (name, value) in headers() {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let kept = response.headers().get(header::CACHE_CONTROL);
    if kept.is_none_or(|kept| kept != FOR_EVER) {
        set(&mut response, header::CACHE_CONTROL, "no-store");
    }
    set(&mut response, HeaderName::from_static("x-request-id"), request_id);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_from_outside_does_not_run() {
        for runs in
            ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "a\"b", ""]
        {
            assert_eq!(safe_type(runs), "application/octet-stream", "{runs}");
        }
        assert_eq!(safe_type("application/pdf"), "application/pdf");
    }

    #[test]
    fn a_files_name_breaks_no_header() {
        let file = Answer::File {
            bytes: Vec::new(),
            media_type: "a/b".into(),
            name: "x\"\r\n../y.pdf".into(),
        };
        let response = file.respond();
        assert_eq!(
            response.headers()[header::CONTENT_DISPOSITION],
            "attachment; filename=\"x..y.pdf\""
        );
    }
}
