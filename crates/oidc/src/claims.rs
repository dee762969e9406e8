//! What an ID token says of who signed in, taken only when everything about it is right. Source: OpenID Connect Core 1.0, 3.1.3.7.

use crate::keys::Algorithm;
use crate::{Keys, Problem, decoded};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Bytes of a token at most: one with hundreds of groups has less.
const BYTES_MAX: usize = 64 * 1024;
/// Characters of a subject at most. Source: OpenID Connect Core 1.0, 2.
const SUBJECT_MAX: usize = 255;

/// What a token has to say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who says it.
    pub issuer: &'a str,
    /// To which program.
    pub client_id: &'a str,
    /// About which trip.
    pub nonce: &'a str,
    /// When it is read, seconds since 1970.
    pub now_s: i64,
    /// Seconds that two clocks may differ.
    pub skew_s: i64,
    /// Seconds since the person last showed their proof at most; `None` where it does not matter.
    pub age_max_s: Option<i64>,
    /// The claim that has the groups.
    pub groups_claim: &'a str,
}

/// Who signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// What the provider calls them for ever. With the issuer it is who they are; nothing else is.
    pub subject: String,
    /// What they may be called to sign in; a hint.
    pub user_name: Option<String>,
    /// The name that others see.
    pub name: Option<String>,
    /// The groups that they are in.
    pub groups: Vec<String>,
    /// When they last showed the provider their proof, seconds since 1970.
    pub proved_at_s: Option<i64>,
}

/// Without names.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person {{ {} groups }}", self.groups.len())
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn all(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

/// A name that stands twice among these is an error; among the rest the last counts.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: OneOrMany,
    azp: Option<String>,
    exp: Seconds,
    iat: Seconds,
    nbf: Option<Seconds>,
    nonce: Option<String>,
    auth_time: Option<Seconds>,
    name: Option<String>,
    preferred_username: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// A time of a token; a fraction is cut off. Source: RFC 7519, 2, `NumericDate`.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "serde_json::Number")]
struct Seconds(i64);

impl TryFrom<serde_json::Number> for Seconds {
    type Error = &'static str;

    fn try_from(number: serde_json::Number) -> Result<Self, Self::Error> {
        if let Some(whole) = number.as_i64() {
            return Ok(Self(whole));
        }
        let text = number.to_string();
        let whole = text.split('.').next().and_then(|whole| whole.parse().ok());
        whole.map(Self).ok_or("not a time")
    }
}

/// Verifies an ID token, and returns who signed in.
pub fn verified(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<Person, Problem> {
    if token.len() > BYTES_MAX {
        return Err(Problem::Unreadable);
    }
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Problem::Unreadable);
    };
    let part = |text: &str| decoded(text).ok_or(Problem::Unreadable);
    let head: Header = serde_json::from_slice(&part(header)?).map_err(|_| Problem::Unreadable)?;
    let algorithm = Algorithm::parse(&head.alg)?;
    // What a token says has to be understood is not.
    if head.crit.is_some() {
        return Err(Problem::Unsupported);
    }
    let signed = &token.as_bytes()[..header.len() + 1 + payload.len()];
    keys.verify((algorithm, head.kid.as_deref()), signed, &part(signature)?)?;
    let claims = serde_json::from_slice(&part(payload)?).map_err(|_| Problem::Unreadable)?;
    check(&claims, expected)?;
    person(claims, expected.groups_claim)
}

fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), Problem> {
    let Expected { issuer, client_id, nonce, now_s, skew_s, age_max_s, .. } = *expected;
    if claims.iss != issuer {
        return Err(Problem::Issuer);
    }
    let is_only = match &claims.aud {
        OneOrMany::One(one) => one == client_id,
        // A token that others take as well is not ours alone.
        OneOrMany::Many(many) => !many.is_empty() && many.iter().all(|one| one == client_id),
    };
    if !is_only || claims.azp.as_deref().is_some_and(|azp| azp != client_id) {
        return Err(Problem::Audience);
    }
    if claims.exp.0.saturating_add(skew_s) <= now_s {
        return Err(Problem::Expired);
    }
    let is_later = |at: Seconds| at.0 > now_s.saturating_add(skew_s);
    if is_later(claims.iat) || claims.nbf.is_some_and(is_later) {
        return Err(Problem::Early);
    }
    if nonce.is_empty() || claims.nonce.as_deref() != Some(nonce) {
        return Err(Problem::Nonce);
    }
    let Some(age_max) = age_max_s else { return Ok(()) };
    let since = now_s.saturating_sub(age_max).saturating_sub(skew_s);
    let is_fresh = claims.auth_time.is_some_and(|at| at.0 >= since && !is_later(at));
    if is_fresh { Ok(()) } else { Err(Problem::Stale) }
}

fn person(mut claims: Claims, groups_claim: &str) -> Result<Person, Problem> {
    let length = claims.sub.chars().count();
    if length == 0 || length > SUBJECT_MAX {
        return Err(Problem::Unreadable);
    }
    let groups = claims.rest.remove(groups_claim).unwrap_or_else(|| Value::Array(Vec::new()));
    let groups: OneOrMany = serde_json::from_value(groups).map_err(|_| Problem::Unreadable)?;
    Ok(Person {
        subject: claims.sub,
        user_name: claims.preferred_username,
        name: claims.name,
        groups: groups.all(),
        proved_at_s: claims.auth_time.map(|at| at.0),
    })
}
