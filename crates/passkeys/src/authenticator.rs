//! What the device says: for which site, whether it verified the person, how often, and of a new key its name and public half.

use crate::Problem;
use crate::cbor::{Item, read};

/// Bits of the flags. Source: WebAuthn Level 3, 6.1.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_BACKED_UP: u8 = 0x08;
const IS_BACKED_UP: u8 = 0x10;
const HAS_CREDENTIAL: u8 = 0x40;
const HAS_EXTENSIONS: u8 = 0x80;

/// Bytes of a credential's id at most. Source: WebAuthn Level 3, 7.1, step 25.
const ID_MAX: usize = 1023;

/// The first part of authenticator data, which is always there. Source: WebAuthn Level 3, 6.1.
pub(crate) struct Seen {
    pub(crate) rp_id_hash: [u8; 32],
    pub(crate) is_present: bool,
    pub(crate) is_verified: bool,
    pub(crate) counter: u32,
    flags: u8,
}

impl Seen {
    /// Reads the first part, and returns what follows it.
    pub(crate) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), Problem> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>().ok_or(Problem::Unreadable)?;
        let (flags, rest) = rest.split_first().ok_or(Problem::Unreadable)?;
        let (counter, rest) = rest.split_first_chunk::<4>().ok_or(Problem::Unreadable)?;
        // What cannot be backed up is not backed up.
        if flags & IS_BACKED_UP != 0 && flags & MAY_BE_BACKED_UP == 0 {
            return Err(Problem::Unreadable);
        }
        let seen = Self {
            rp_id_hash: *rp_id_hash,
            is_present: flags & PRESENT != 0,
            is_verified: flags & VERIFIED != 0,
            counter: u32::from_be_bytes(*counter),
            flags: *flags,
        };
        Ok((seen, rest))
    }

    /// Reads the id and the public half of a new key: a CBOR map, returned as its bytes.
    pub(crate) fn credential(&self, rest: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Problem> {
        if self.flags & HAS_CREDENTIAL == 0 {
            return Err(Problem::Unreadable);
        }
        // Before the id stands the make of the device, which nothing rests on.
        let (_, rest) = rest.split_first_chunk::<16>().ok_or(Problem::Unreadable)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Problem::Unreadable)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > ID_MAX {
            return Err(Problem::Unreadable);
        }
        let (id, rest) = rest.split_at_checked(length).ok_or(Problem::Unreadable)?;
        let (_, after) = read(rest)?;
        let key = rest.len() - after.len();
        self.extensions(after)?;
        Ok((id.to_vec(), rest.get(..key).unwrap_or_default().to_vec()))
    }

    /// Refuses a new key, or anything that the flags do not announce, where a known one is used.
    pub(crate) fn nothing_more(&self, rest: &[u8]) -> Result<(), Problem> {
        if self.flags & HAS_CREDENTIAL != 0 {
            return Err(Problem::Unreadable);
        }
        self.extensions(rest)
    }

    /// Extensions are a map where the flags say so, and nothing stands behind them.
    fn extensions(&self, rest: &[u8]) -> Result<(), Problem> {
        if self.flags & HAS_EXTENSIONS == 0 {
            return if rest.is_empty() { Ok(()) } else { Err(Problem::Unreadable) };
        }
        match read(rest)? {
            (Item::Map(_), []) => Ok(()),
            _ => Err(Problem::Unreadable),
        }
    }
}

/// Returns the authenticator data of an attestation object. Source: WebAuthn Level 3, 6.5.
pub(crate) fn of_attestation(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    let (Item::Map(pairs), []) = read(bytes)? else { return Err(Problem::Unreadable) };
    let of = |name: &str| {
        let named = |(key, _): &&(Item, Item)| *key == Item::Text(name.to_owned());
        pairs.iter().find(named).map(|(_, value)| value)
    };
    match (of("fmt"), of("attStmt"), of("authData")) {
        (Some(Item::Text(_)), Some(Item::Map(_)), Some(Item::Bytes(data))) => Ok(data.clone()),
        _ => Err(Problem::Unreadable),
    }
}
