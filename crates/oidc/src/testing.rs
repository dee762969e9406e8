//! An identity provider of the tests' own: says of itself and signs what a test wants it to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

/// A provider with one key.
pub struct Issuer {
    key: EcdsaKeyPair,
    /// What it calls itself.
    pub issuer: String,
    /// What it calls its key.
    pub kid: String,
}

impl Issuer {
    /// Makes a provider with a key of its own.
    ///
    /// # Panics
    ///
    /// Where the system has no chance to give.
    pub fn new(issuer: &str, kid: &str) -> Self {
        let (chance, curve) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(curve, &chance).expect("a key is made");
        let key = EcdsaKeyPair::from_pkcs8(curve, pkcs8.as_ref(), &chance).expect("and read");
        Self { key, issuer: issuer.to_owned(), kid: kid.to_owned() }
    }

    /// Returns what it says of itself.
    pub fn document(&self) -> Value {
        let at = &self.issuer;
        json!({
            "issuer": at,
            "authorization_endpoint": format!("{at}/authorize"),
            "token_endpoint": format!("{at}/token"),
            "jwks_uri": format!("{at}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
        })
    }

    /// Returns its list of keys.
    pub fn keys(&self) -> Value {
        json!({ "keys": [self.public()] })
    }

    /// Returns the public half of its key.
    pub fn public(&self) -> Value {
        let point = self.key.public_key().as_ref();
        let (x, y) = (b64(&point[1..33]), b64(&point[33..]));
        json!({ "kty": "EC", "crv": "P-256", "kid": self.kid, "use": "sig", "alg": "ES256", "x": x, "y": y })
    }

    /// Returns what a right token says of somebody, at a time in seconds since 1970.
    pub fn claims(&self, (client_id, nonce): (&str, &str), subject: &str, now_s: i64) -> Value {
        json!({
            "iss": self.issuer, "aud": client_id, "sub": subject, "nonce": nonce,
            "iat": now_s, "exp": now_s + 300, "auth_time": now_s,
        })
    }

    /// Signs claims.
    pub fn token(&self, claims: &Value) -> String {
        self.sign(&json!({ "alg": "ES256", "kid": self.kid }), &claims.to_string())
    }

    /// Signs any payload under any header by its own key.
    ///
    /// # Panics
    ///
    /// Where the system has no chance to give.
    pub fn sign(&self, header: &Value, payload: &str) -> String {
        let signed = unsigned(header, payload);
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes()).expect("it signs");
        format!("{signed}.{}", b64(signature.as_ref()))
    }
}

/// Returns header and payload as they are signed.
pub fn unsigned(header: &Value, payload: &str) -> String {
    format!("{}.{}", b64(header.to_string().as_bytes()), b64(payload.as_bytes()))
}

/// Returns bytes as base64url without padding.
pub fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
