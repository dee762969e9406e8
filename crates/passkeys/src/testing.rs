//! A passkey of the tests' own: makes keys and signs as a device does, and misbehaves where a test wants it to.

use crate::{Made, Used, encoded};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

/// What a browser and a device say together.
#[derive(Debug, Clone)]
pub struct Said {
    /// The challenge that they answer.
    pub challenge: Vec<u8>,
    /// The page that asked.
    pub origin: String,
    /// The site that the key is for.
    pub rp_id: String,
    /// The device's flags: 0x05 for a person who was there and verified.
    pub flags: u8,
    /// How often the device says that the key was used.
    pub counter: u32,
}

impl Said {
    /// Says what is right, for `http://localhost:PORT` and the like.
    pub fn right(challenge: &[u8], origin: &str) -> Self {
        let host = origin.split("://").nth(1).unwrap_or(origin);
        let rp_id = host.split(':').next().unwrap_or(host).to_owned();
        let challenge = challenge.to_vec();
        Self { challenge, origin: origin.to_owned(), rp_id, flags: 0x05, counter: 0 }
    }
}

/// A device with one key.
pub struct Device {
    key: EcdsaKeyPair,
    /// What it calls its key.
    pub credential_id: Vec<u8>,
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}

impl Device {
    /// Makes a device with a key of its own.
    ///
    /// # Panics
    ///
    /// Where the system has no chance to give.
    pub fn new() -> Self {
        let (chance, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &chance).expect("a key is made");
        let key = EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &chance).expect("and read");
        let credential_id = digest(&SHA256, key.public_key().as_ref()).as_ref()[..16].to_vec();
        Self { key, credential_id }
    }

    /// Makes the answer to being asked for a new key.
    pub fn make(&self, said: &Said) -> Made {
        let mut data = head(said, 0x40);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&[0, u8::try_from(self.credential_id.len()).unwrap_or(u8::MAX)]);
        data.extend_from_slice(&self.credential_id);
        data.extend_from_slice(&self.public_key());
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).unwrap_or(u8::MAX));
        attestation.extend_from_slice(&data);
        Made { client_data: client_data("webauthn.create", said), attestation }
    }

    /// Makes the answer to being asked to sign in.
    ///
    /// # Panics
    ///
    /// Where the system has no chance to give.
    pub fn sign(&self, said: &Said) -> Used {
        let authenticator_data = head(said, 0);
        let client_data = client_data("webauthn.get", said);
        let mut signed = authenticator_data.clone();
        signed.extend_from_slice(digest(&SHA256, &client_data).as_ref());
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("it signs");
        Used { client_data, authenticator_data, signature: signature.as_ref().to_vec() }
    }

    /// Returns the public half as COSE has it.
    pub fn public_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        key.extend_from_slice(&point[1..33]);
        key.extend_from_slice(b"\x22\x58\x20");
        key.extend_from_slice(&point[33..]);
        key
    }
}

fn head(said: &Said, more: u8) -> Vec<u8> {
    let mut data = digest(&SHA256, said.rp_id.as_bytes()).as_ref().to_vec();
    data.push(said.flags | more);
    data.extend_from_slice(&said.counter.to_be_bytes());
    data
}

fn client_data(kind: &str, said: &Said) -> Vec<u8> {
    let (challenge, origin) = (encoded(&said.challenge), &said.origin);
    format!(
        r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#
    )
    .into_bytes()
}
