//! Passkeys: what a browser sends when one is made or used, verified as WebAuthn Level 3 asks, sections 7.1 and 7.2.
//!
//! Pure: the site, the challenge and what is known of the key are arguments; who asks, for how long a challenge holds and that it
//! serves once is the caller's. Signatures are verified by `ring`.
//!
//! Asked for is what staff's sign-in needs and no more: a discoverable key, the person verified by the device each time, no
//! statement about the make of the device. What such a statement says is not read, so nothing rests on it.
//!
//! **Invariant:** any bytes are refused or taken, and never bring the program down.

mod authenticator;
mod cbor;
mod client;
mod key;
#[cfg(feature = "testing")]
pub mod testing;

pub use client::challenge_of;
pub use key::ALGORITHMS;

use authenticator::Seen;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use key::PublicKey;
use ring::digest::{SHA256, digest};

/// The site that keys are made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The host, such as `hub.example`. A key serves for it alone.
    pub rp_id: String,
    /// Scheme, host and port as a browser names them, such as `https://hub.example`.
    pub origin: String,
}

/// A key that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// What the device calls it. At most 1023 bytes.
    pub credential_id: Vec<u8>,
    /// Its public half as COSE has it.
    pub public_key: Vec<u8>,
    /// How often it was used, as the device counts; 0 where it does not.
    pub counter: u32,
}

/// What a browser sends when a key is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `attestationObject`.
    pub attestation: Vec<u8>,
}

/// What a browser sends when a key is used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `authenticatorData`.
    pub authenticator_data: Vec<u8>,
    /// `signature`.
    pub signature: Vec<u8>,
}

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is not what a browser sends.
    #[error("what the browser sent cannot be read")]
    Unreadable,
    /// It was made by the other of the two ceremonies.
    #[error("it answers another question")]
    Kind,
    /// The challenge is not the one that was asked.
    #[error("the challenge is another")]
    Challenge,
    /// A page of another site asked.
    #[error("another site asked")]
    Origin,
    /// The key is another site's.
    #[error("the key is another site's")]
    Site,
    /// Nobody touched the device, or it did not verify who.
    #[error("the device did not verify who uses it")]
    Unverified,
    /// The algorithm is none that was asked for, or the key is none of it.
    #[error("the key is of a kind that is not taken")]
    Key,
    /// The signature is not the key's.
    #[error("the signature is wrong")]
    Signature,
    /// The device counted less than before: there may be two of the same.
    #[error("the key was used elsewhere since: it may have been copied")]
    Counter,
}

impl Problem {
    /// Returns the stable code of the problem.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Kind => "kind",
            Self::Challenge => "challenge",
            Self::Origin => "origin",
            Self::Site => "site",
            Self::Unverified => "unverified",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Counter => "counter",
        }
    }
}

/// Verifies what came of making a key, and returns it. Source: WebAuthn Level 3, 7.1.
pub fn made(site: &Site, challenge: &[u8], sent: &Made) -> Result<Passkey, Problem> {
    client::check(&sent.client_data, ("webauthn.create", challenge), site)?;
    let data = authenticator::of_attestation(&sent.attestation)?;
    let (seen, rest) = Seen::read(&data)?;
    check(&seen, site)?;
    let (credential_id, public_key) = seen.credential(rest)?;
    PublicKey::read(&public_key)?;
    Ok(Passkey { credential_id, public_key, counter: seen.counter })
}

/// Verifies what came of using a key, and returns how often it was used by now. Source: WebAuthn Level 3, 7.2.
pub fn used(site: &Site, challenge: &[u8], known: &Passkey, sent: &Used) -> Result<u32, Problem> {
    client::check(&sent.client_data, ("webauthn.get", challenge), site)?;
    let (seen, rest) = Seen::read(&sent.authenticator_data)?;
    check(&seen, site)?;
    seen.nothing_more(rest)?;
    let mut signed = sent.authenticator_data.clone();
    signed.extend_from_slice(digest(&SHA256, &sent.client_data).as_ref());
    PublicKey::read(&known.public_key)?.verify(&signed, &sent.signature)?;
    let counts = seen.counter != 0 || known.counter != 0;
    if counts && seen.counter <= known.counter {
        return Err(Problem::Counter);
    }
    Ok(seen.counter)
}

fn check(seen: &Seen, site: &Site) -> Result<(), Problem> {
    if seen.rp_id_hash != digest(&SHA256, site.rp_id.as_bytes()).as_ref() {
        return Err(Problem::Site);
    }
    if seen.is_present && seen.is_verified { Ok(()) } else { Err(Problem::Unverified) }
}

/// Returns bytes as a browser writes them: base64url without padding.
pub fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads what a browser wrote so.
pub fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
