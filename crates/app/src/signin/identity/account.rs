//! The user that a person at the provider is here: found by issuer and subject, made with the first sign-in, in the role that
//! their groups say now.

use super::{Identity, as_provider};
use crate::trail::{self, administered};
use crate::{App, Ctx, Error, Result};
use doorstep_case::Role;
use doorstep_db::Tx;
use doorstep_oidc::Person;
use doorstep_store::users::{self, User};
use doorstep_vocab::UserId;

/// Characters of a user's name that are taken over.
const NAME_MAX: usize = 80;
/// Characters of a user name that are taken over; what makes it unlike others comes behind it.
const USER_NAME_MAX: usize = 48;

/// Characters of a user name, as one that is made by hand.
const LENGTH_MAX: usize = 64;

/// As whom the program itself stands on the record: nobody is called so by what they type at the provider.
const PROGRAMS: [&str; 20] = [
    "api",
    "bench",
    "checkup",
    "clock",
    "command-line",
    "demo",
    "glass",
    "hand-out",
    "identity-provider",
    "intake",
    "mllp",
    "nobody",
    "referrer",
    "sim",
    "system",
    "test",
    "upgrade",
    "watch",
    "worker",
    "world",
];

/// What came of looking for somebody's user.
enum Found {
    Is(UserId),
    Shut(UserId),
    NoRole(Option<UserId>),
}

/// Returns the user of a person, made or brought up to date. Whoever is in no group that has a role here comes in no more, and
/// their sessions, tokens and links end.
pub(super) fn of(app: &App, identity: &Identity, person: &Person) -> Result<UserId> {
    let role = identity.role_of(&person.groups);
    let ctx = as_provider(app);
    let found = app.db.write("find identity", |tx| -> Result<Found> {
        users::lock_identity(tx, &identity.settings.issuer)?;
        let known = (identity.settings.issuer.as_str(), person.subject.as_str());
        let user_id = users::find_identity(tx, known)?;
        let user = match &user_id {
            Some(user_id) => users::find(tx, user_id)?,
            None => None,
        };
        match (user, role) {
            (None, None) => Ok(Found::NoRole(None)),
            (Some(user), None) => {
                put_out(tx, &ctx, &user.user_id)?;
                Ok(Found::NoRole(Some(user.user_id)))
            }
            (Some(user), Some(_)) if user.disabled_at.is_some() => Ok(Found::Shut(user.user_id)),
            (Some(user), Some(role)) => renew(tx, &ctx, (user, role), person).map(Found::Is),
            (None, Some(role)) => make(tx, &ctx, (known, role), person).map(Found::Is),
        }
    })?;
    match found {
        Found::Is(user_id) => Ok(user_id),
        Found::Shut(user_id) => {
            trail::refused(&ctx, "sign in", &format!("identity provider: {user_id} is shut out"))?;
            Err(shut())
        }
        Found::NoRole(user_id) => {
            let who = user_id.map_or_else(|| "somebody".to_owned(), |user_id| user_id.to_string());
            trail::refused(&ctx, "sign in", &format!("identity provider: no role for {who}"))?;
            Err(no_role(identity))
        }
    }
}

/// Ends all that would let somebody in: their sessions, what programs show for them, a link that was not used.
fn put_out(tx: &mut Tx<'_>, ctx: &Ctx, user_id: &UserId) -> Result<()> {
    users::void_sessions(tx, user_id)?;
    users::void_links(tx, user_id)?;
    let n_tokens = users::revoke_tokens(tx, user_id, ctx.app.wall_now())?;
    if n_tokens > 0 {
        administered(tx, ctx, ("revoke tokens", format!("{user_id}, {n_tokens}")))?;
    }
    Ok(())
}

fn no_role(identity: &Identity) -> Error {
    let name = &identity.settings.name;
    let words = format!(
        "{name} knows you, but none of your groups there has a role here: ask whoever manages groups at {name}"
    );
    Error::bad("identity-role", words)
}

pub(super) fn shut() -> Error {
    Error::bad("identity-shut", "your account here is shut: ask an administrator of the hub")
}

/// Brings role and name up to date. Sessions of another role end, and whatever they had of their own here is forgotten.
fn renew(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (user, role): (User, Role),
    person: &Person,
) -> Result<UserId> {
    let user_id = user.user_id;
    users::forget_password(tx, &user_id)?;
    users::remove_passkeys(tx, &user_id)?;
    users::remove_totp(tx, &user_id)?;
    if user.role != role {
        let change = format!("{user_id}, {}", role.name());
        administered(tx, ctx, ("change role", change))?;
        users::set_role(tx, &user_id, role)?;
    }
    if let Some(name) = shown_name(person).filter(|name| *name != user.name) {
        users::set_name(tx, &user_id, &name)?;
    }
    Ok(user_id)
}

/// Makes a user. A name that somebody has already is theirs: the new one gets another.
fn make(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (known, role): ((&str, &str), Role),
    person: &Person,
) -> Result<UserId> {
    let user_id = free_name(tx, known, user_name(person))?;
    let user = User {
        name: shown_name(person).unwrap_or_else(|| user_id.to_string()),
        user_id,
        role,
        password_hash: None,
        disabled_at: None,
        created_at: ctx.now,
        epoch: 1,
        team: None,
        phone: None,
    };
    if !users::create(tx, &user)? {
        // Only with that very name, made by hand: somebody looks.
        return Err(Error::bad("user-known", format!("there is a user {} already", user.user_id)));
    }
    users::bind_identity(tx, known, (&user.user_id, ctx.now))?;
    administered(tx, ctx, ("add user", format!("{}, {}", user.user_id, role.name())))?;
    Ok(user.user_id)
}

/// Returns the name that somebody gets: as they wish, or with so much of a digest behind it that it is theirs alone.
fn free_name(tx: &mut Tx<'_>, known: (&str, &str), wished: UserId) -> Result<UserId> {
    if !PROGRAMS.contains(&wished.as_str()) && users::find(tx, &wished)?.is_none() {
        return Ok(wished);
    }
    let own = crate::digest(format!("{}\n{}", known.0, known.1).as_bytes());
    let with = |length: usize| {
        let stem: String = wished.as_str().chars().take(LENGTH_MAX - 1 - length).collect();
        UserId(format!("{stem}-{}", own.get(..length).unwrap_or(&own)))
    };
    // Whoever may choose their name there may have chosen this one: a longer one nobody finds.
    let short = with(12);
    if users::find(tx, &short)?.is_none() { Ok(short) } else { Ok(with(32)) }
}

/// A name as lists have it: on one line, and not longer than a column.
fn shown_name(person: &Person) -> Option<String> {
    let plain = |c: &char| !c.is_control();
    let name: String =
        person.name.as_deref()?.trim().chars().filter(plain).take(NAME_MAX).collect();
    Some(name).filter(|name| !name.is_empty())
}

/// What the provider lets people type, as a user name of this hub.
fn user_name(person: &Person) -> UserId {
    let is_plain = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_@".contains(*c);
    let typed = person.user_name.as_deref().unwrap_or_default().to_lowercase();
    let name: String = typed.chars().filter(is_plain).take(USER_NAME_MAX).collect();
    UserId(if name.is_empty() { "user".to_owned() } else { name })
}
