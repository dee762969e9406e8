//! The session's cookie: one secret, for this host alone, unseen by scripts, sent to nobody else's requests.

use axum::http::HeaderMap;
use axum::http::header;

/// The prefix makes browsers refuse the cookie unless it is secure, host-only and of the whole site. Loopback counts
/// as secure, so the same name serves on `http://127.0.0.1`.
pub(crate) const NAME: &str = "__Host-doorstep";

/// Returns the cookie for a secret. It has no end of its own: the server ends sessions.
pub(crate) fn set(secret: &str) -> String {
    format!("{NAME}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict")
}

/// The cookie of a browser that is on its way to the identity provider. It is sent by the step that comes back from another
/// site, which the session's is not.
pub(crate) const JOURNEY: &str = "__Host-doorstep-journey";

/// Returns the cookie for the secret of a journey: it ends by itself.
pub(crate) fn set_journey(secret: &str) -> String {
    format!("{JOURNEY}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600")
}

/// Returns the cookie that removes it.
pub(crate) fn clear() -> String {
    format!("{NAME}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// The language that was chosen before anybody signed in. It says nothing of who they are, and stays for a year.
const LANGUAGE: &str = "__Host-doorstep-language";

/// Returns the cookie for a language's tag.
pub(crate) fn set_language(tag: &str) -> String {
    format!("{LANGUAGE}={tag}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000")
}

/// Returns the tag that a request carries.
pub(crate) fn language(headers: &HeaderMap) -> Option<String> {
    named(headers, LANGUAGE)
}

/// Returns the secret that a request carries.
pub(crate) fn read(headers: &HeaderMap) -> Option<String> {
    named(headers, NAME)
}

/// Returns the secret of the journey that a request carries.
pub(crate) fn read_journey(headers: &HeaderMap) -> Option<String> {
    named(headers, JOURNEY)
}

fn named(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == wanted)
        .map(|(_, secret)| secret.to_owned())
        .filter(|secret| !secret.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_secret_is_found_among_others() {
        let mut headers = HeaderMap::new();
        assert_eq!(read(&headers), None);
        headers
            .insert(header::COOKIE, HeaderValue::from_static("a=b; __Host-doorstep=s3cret; c=d"));
        assert_eq!(read(&headers).as_deref(), Some("s3cret"));
        headers.insert(header::COOKIE, HeaderValue::from_static("__Host-doorstep="));
        assert_eq!(read(&headers), None);
    }
}
