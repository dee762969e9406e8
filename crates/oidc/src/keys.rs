//! The keys of a provider, and the signatures that they verify. Sources: RFC 7515, 7517, 7518.

use crate::{Problem, decoded};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;

/// Bytes of a list of keys at most.
const BYTES_MAX: usize = 256 * 1024;

/// The ways to sign that are taken. None is a shared secret, and none is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Es256,
}

impl Algorithm {
    pub(crate) fn parse(name: &str) -> Result<Self, Problem> {
        match name {
            "RS256" => Ok(Self::Rs256),
            "ES256" => Ok(Self::Es256),
            _ => Err(Problem::Algorithm),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}

/// The keys that a provider signs with: those that are taken here, each for one algorithm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys(Vec<Key>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    kid: Option<String>,
    public: Public,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Public {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256([u8; 65]),
}

impl Public {
    const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa { .. } => Algorithm::Rs256,
            Self::P256(_) => Algorithm::Es256,
        }
    }
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    serves: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Keys {
    /// Reads a list of keys. Those of other kinds, or for other purposes than to sign, are left out.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.len() > BYTES_MAX {
            return Err(Problem::Unreadable);
        }
        let set: Set = serde_json::from_slice(bytes).map_err(|_| Problem::Unreadable)?;
        Ok(Self(set.keys.into_iter().filter_map(key).collect()))
    }

    /// Verifies a signature by the one key that is meant: of that name, or the only one of its kind where none is named.
    pub(crate) fn verify(
        &self,
        (algorithm, kid): (Algorithm, Option<&str>),
        signed: &[u8],
        signature: &[u8],
    ) -> Result<(), Problem> {
        let is_meant = |key: &&Key| {
            key.public.algorithm() == algorithm && (kid.is_none() || key.kid.as_deref() == kid)
        };
        let mut meant = self.0.iter().filter(is_meant);
        let (Some(key), None) = (meant.next(), meant.next()) else { return Err(Problem::Key) };
        let verified = match &key.public {
            Public::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                signed,
                signature,
            ),
            Public::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
            }
        };
        verified.map_err(|_| Problem::Signature)
    }
}

fn key(jwk: Jwk) -> Option<Key> {
    if jwk.serves.is_some_and(|serves| serves != "sig") {
        return None;
    }
    let part = |text: Option<String>| text.as_deref().and_then(decoded);
    let public = match jwk.kty.as_str() {
        "RSA" => Public::Rsa { n: part(jwk.n)?, e: part(jwk.e)? },
        "EC" if jwk.crv.as_deref() == Some("P-256") => {
            let (x, y): ([u8; 32], [u8; 32]) =
                (part(jwk.x)?.try_into().ok()?, part(jwk.y)?.try_into().ok()?);
            let mut point = [4_u8; 65];
            point[1..33].copy_from_slice(&x);
            point[33..].copy_from_slice(&y);
            Public::P256(point)
        }
        _ => return None,
    };
    let is_its = jwk.alg.is_none_or(|alg| alg == public.algorithm().name());
    is_its.then_some(Key { kid: jwk.kid, public })
}
