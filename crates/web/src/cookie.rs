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

/// Returns the cookie that removes it.
pub(crate) fn clear() -> String {
    format!("{NAME}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// Returns the secret that a request carries.
pub(crate) fn read(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == NAME)
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
