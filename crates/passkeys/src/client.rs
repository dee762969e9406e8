//! What the browser itself says: which ceremony, which challenge, which page.

use crate::{Problem, Site, decoded};
use serde::Deserialize;

/// More is no browser's.
const BYTES_MAX: usize = 4096;

/// `CollectedClientData`. A key that stands twice is an error. Source: WebAuthn Level 3, 5.8.1.
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    is_framed_elsewhere: bool,
}

fn read(bytes: &[u8]) -> Result<ClientData, Problem> {
    if bytes.len() > BYTES_MAX {
        return Err(Problem::Unreadable);
    }
    serde_json::from_slice(bytes).map_err(|_| Problem::Unreadable)
}

/// Returns the challenge that the browser says it answers, for whoever looks it up. It proves nothing by itself.
pub fn challenge_of(client_data: &[u8]) -> Result<Vec<u8>, Problem> {
    decoded(&read(client_data)?.challenge).ok_or(Problem::Unreadable)
}

/// Refuses what was asked by another page, for another ceremony or with another challenge.
pub(crate) fn check(
    bytes: &[u8],
    (kind, challenge): (&str, &[u8]),
    site: &Site,
) -> Result<(), Problem> {
    let data = read(bytes)?;
    if data.kind != kind {
        return Err(Problem::Kind);
    }
    if challenge.is_empty() || decoded(&data.challenge).as_deref() != Some(challenge) {
        return Err(Problem::Challenge);
    }
    // No page of ours stands in another's frame.
    if data.origin != site.origin || data.is_framed_elsewhere {
        return Err(Problem::Origin);
    }
    Ok(())
}
