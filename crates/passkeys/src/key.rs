//! The public half of a key, as COSE has it, and the signatures that it verifies. Source: RFC 9052, RFC 9053, RFC 8230.

use crate::Problem;
use crate::cbor::{Item, read};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

/// The algorithms that are asked for, the best first. Source: WebAuthn Level 3, 5.4; the last is what Windows Hello makes.
pub const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];

/// Labels of a COSE key. Source: RFC 9052, 7.1; RFC 9053, 7; RFC 8230, 4.
const KIND: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE_OR_N: i64 = -1;
const X_OR_E: i64 = -2;
const Y: i64 = -3;

/// A public key of one of the algorithms.
pub(crate) enum PublicKey {
    P256([u8; 65]),
    Ed25519([u8; 32]),
    Rsa { n: Vec<u8>, e: Vec<u8> },
}

impl PublicKey {
    /// Reads a key; one of another kind than its algorithm is refused.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let (Item::Map(pairs), []) = read(bytes)? else { return Err(Problem::Unreadable) };
        let of = |label: i64| {
            pairs.iter().find(|(key, _)| *key == Item::Number(label)).map(|(_, value)| value)
        };
        let number = |label: i64| match of(label) {
            Some(Item::Number(number)) => Ok(*number),
            _ => Err(Problem::Key),
        };
        let part = |label: i64| match of(label) {
            Some(Item::Bytes(bytes)) => Ok(bytes.as_slice()),
            _ => Err(Problem::Key),
        };
        match (number(KIND)?, number(ALGORITHM)?) {
            (2, ES256) if number(CURVE_OR_N)? == 1 => {
                let (x, y) = (sized::<32>(part(X_OR_E)?)?, sized::<32>(part(Y)?)?);
                let mut point = [4_u8; 65];
                point[1..33].copy_from_slice(&x);
                point[33..].copy_from_slice(&y);
                Ok(Self::P256(point))
            }
            (1, EDDSA) if number(CURVE_OR_N)? == 6 => Ok(Self::Ed25519(sized(part(X_OR_E)?)?)),
            (3, RS256) => {
                Ok(Self::Rsa { n: part(CURVE_OR_N)?.to_vec(), e: part(X_OR_E)?.to_vec() })
            }
            _ => Err(Problem::Key),
        }
    }

    /// Refuses a signature that is not the key's.
    pub(crate) fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<(), Problem> {
        let verified = match self {
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(signed, signature)
            }
            Self::Ed25519(point) => {
                UnparsedPublicKey::new(&ED25519, point).verify(signed, signature)
            }
            Self::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                signed,
                signature,
            ),
        };
        verified.map_err(|_| Problem::Signature)
    }
}

fn sized<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Problem> {
    bytes.try_into().map_err(|_| Problem::Key)
}
