//! OpenID Connect: what an identity provider says of itself, of its keys and of who signed in, read and verified.
//!
//! Pure: the answers of the provider, the time and what was asked are arguments. Who fetches, what is kept meanwhile and who may
//! come in is the caller's. Signatures are verified by `ring`.
//!
//! Taken is the authorization code flow with PKCE (S256) and ID tokens signed by RS256 or ES256. Nothing else is: no implicit
//! flow, no symmetric signature, no key that a token itself names. Sources: OpenID Connect Core 1.0, Discovery 1.0; RFC 7515 to
//! 7519, 7636, 9207.
//!
//! **Invariant:** any bytes are refused or taken, and never bring the program down.

mod address;
mod claims;
mod keys;
mod provider;
mod request;
#[cfg(feature = "testing")]
pub mod testing;

pub use address::{encoded, is_safe};
pub use claims::{Expected, Person, verified};
pub use keys::Keys;
pub use provider::{ByForm, Provider};
pub use request::{Trip, authorization, id_token_of};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Why an answer of the provider is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is not what a provider says.
    #[error("it cannot be read")]
    Unreadable,
    /// The provider calls itself otherwise than it was called.
    #[error("it comes from another provider")]
    Issuer,
    /// One of its addresses would be asked without TLS.
    #[error("it names an address without TLS")]
    Insecure,
    /// It knows no way to sign in that is taken here.
    #[error("it offers no way to sign in that is taken here")]
    Unsupported,
    /// The signature is of no kind that is taken: none at all, or one with a shared secret.
    #[error("it is signed in a way that is not taken")]
    Algorithm,
    /// No key of the provider is named, or more than one.
    #[error("it is signed by a key that is not known")]
    Key,
    /// The signature is not the key's.
    #[error("its signature is wrong")]
    Signature,
    /// It is for somebody else.
    #[error("it is for another program")]
    Audience,
    /// It holds no more.
    #[error("it is too old")]
    Expired,
    /// It holds not yet.
    #[error("it is from the future: the clocks differ")]
    Early,
    /// It answers another sign-in.
    #[error("it answers another sign-in")]
    Nonce,
    /// The person was asked for their proof too long ago.
    #[error("who signed in was not asked afresh")]
    Stale,
}

impl Problem {
    /// Returns the stable code of the problem.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Issuer => "issuer",
            Self::Insecure => "insecure",
            Self::Unsupported => "unsupported",
            Self::Algorithm => "algorithm",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Audience => "audience",
            Self::Expired => "expired",
            Self::Early => "early",
            Self::Nonce => "nonce",
            Self::Stale => "stale",
        }
    }
}

/// Reads base64url without padding.
fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
