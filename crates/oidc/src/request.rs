//! Sending a browser to the provider, and reading with what it comes back.

use crate::{Problem, Provider, encoded};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde::Deserialize;

/// One way to the provider and back.
#[derive(Debug, Clone, Copy)]
pub struct Trip<'a> {
    /// What the provider calls this program.
    pub client_id: &'a str,
    /// Where the browser comes back to.
    pub redirect_url: &'a str,
    /// What is asked for beside `openid`, such as `profile`.
    pub scopes: &'a [String],
    /// Ties what comes back to the browser that was sent.
    pub state: &'a str,
    /// Ties the token to this trip.
    pub nonce: &'a str,
    /// What is shown when the code is changed for a token; only its digest goes with the browser.
    pub verifier: &'a str,
    /// Whether the person is to be asked for their proof again, although the provider knows them.
    pub is_fresh: bool,
}

/// Returns where to send the browser. Sources: OpenID Connect Core 1.0, 3.1.2.1; RFC 7636, 4.3, S256.
pub fn authorization(provider: &Provider, trip: &Trip<'_>) -> String {
    let mut scope = "openid".to_owned();
    for one in trip.scopes.iter().filter(|one| *one != "openid") {
        scope.push(' ');
        scope.push_str(one);
    }
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, trip.verifier.as_bytes()));
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", trip.client_id),
        ("redirect_uri", trip.redirect_url),
        ("scope", &scope),
        ("state", trip.state),
        ("nonce", trip.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    if trip.is_fresh {
        pairs.extend([("prompt", "login"), ("max_age", "0")]);
    }
    let query: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let joint = if provider.authorization_url.contains('?') { '&' } else { '?' };
    format!("{}{joint}{}", provider.authorization_url, query.join("&"))
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// Returns the ID token of what came for a code. What else came is not kept. Source: OpenID Connect Core 1.0, 3.1.3.3.
pub fn id_token_of(bytes: &[u8]) -> Result<String, Problem> {
    let tokens: Tokens = serde_json::from_slice(bytes).map_err(|_| Problem::Unreadable)?;
    Ok(tokens.id_token)
}
