//! What a provider says of itself.

use crate::{Problem, is_safe};
use serde::Deserialize;

/// Bytes of a document at most: more is no provider's.
const BYTES_MAX: usize = 256 * 1024;

/// Where a provider is asked what. All of it is its own word, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// What it calls itself in each token.
    pub issuer: String,
    /// Where browsers are sent.
    pub authorization_url: String,
    /// Where a code is changed for a token.
    pub token_url: String,
    /// Where its keys are.
    pub keys_url: String,
    /// How this program says who it is.
    pub secret_by: ByForm,
    /// Whether it names itself when it sends a browser back. Source: RFC 9207, 3.
    pub names_itself: bool,
}

/// How the secret of a program is said. Source: OpenID Connect Core 1.0, 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByForm {
    /// In a header: `client_secret_basic`.
    No,
    /// In the form: `client_secret_post`.
    Yes,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    response_types_supported: Option<Vec<String>>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Provider {
    /// Returns where a provider says what it is. Source: OpenID Connect Discovery 1.0, 4.
    pub fn url_of(issuer: &str) -> String {
        format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer))
    }

    /// Reads what a provider says of itself, asked as `issuer`. Source: OpenID Connect Discovery 1.0, 4.3.
    ///
    /// # Errors
    /// [`Problem::Issuer`] when it calls itself otherwise, [`Problem::Insecure`] for an address without TLS where the
    /// issuer's has it,
    /// [`Problem::Unsupported`] when it has no code flow, no signature or no way to say a secret that is taken here.
    pub fn read(bytes: &[u8], issuer: &str) -> Result<Self, Problem> {
        if bytes.len() > BYTES_MAX {
            return Err(Problem::Unreadable);
        }
        let said: Document = serde_json::from_slice(bytes).map_err(|_| Problem::Unreadable)?;
        if said.issuer != issuer {
            return Err(Problem::Issuer);
        }
        let urls = [&said.authorization_endpoint, &said.token_endpoint, &said.jwks_uri];
        // A provider that is met by TLS sends nobody, and no secret, on in plain: not to this machine either.
        let is_tls = |url: &str| url.starts_with("https://");
        let keeps_tls = |url: &str| is_tls(url) || !is_tls(issuer);
        if !urls.iter().all(|url| is_safe(url) && keeps_tls(url)) {
            return Err(Problem::Insecure);
        }
        let says = |list: &Option<Vec<String>>, any: &[&str]| {
            list.as_ref().is_none_or(|list| list.iter().any(|one| any.contains(&one.as_str())))
        };
        if !says(&said.response_types_supported, &["code"])
            || !says(&said.id_token_signing_alg_values_supported, &["RS256", "ES256"])
            || !says(&said.code_challenge_methods_supported, &["S256"])
        {
            return Err(Problem::Unsupported);
        }
        let secret_by = match &said.token_endpoint_auth_methods_supported {
            list if says(list, &["client_secret_basic"]) => ByForm::No,
            list if says(list, &["client_secret_post"]) => ByForm::Yes,
            _ => return Err(Problem::Unsupported),
        };
        Ok(Self {
            issuer: said.issuer,
            authorization_url: said.authorization_endpoint,
            token_url: said.token_endpoint,
            keys_url: said.jwks_uri,
            secret_by,
            names_itself: said.authorization_response_iss_parameter_supported,
        })
    }
}
