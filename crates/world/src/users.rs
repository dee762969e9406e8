//! The hub's staff: four people whom a visitor may be, and their colleagues who do the routine.

use doorstep_app::{App, Ctx, Error, Result, Token, signin};
use doorstep_case::{Actor, Role};
use doorstep_vocab::UserId;

/// Somebody of the hub: user name, name, role.
pub type Staff = (&'static str, &'static str, Role);

/// The people whom a visitor may be, one for each role. The world never acts as one of them.
pub const VISITORS: &[Staff] = &[
    ("ana", "Ana Example", Role::Agent),
    ("noor", "Noor Example", Role::Nurse),
    ("sam", "Sam Example", Role::Supervisor),
    ("ada", "Ada Example", Role::Admin),
];

/// Their colleagues, whom the world plays.
pub const USERS: &[Staff] = &[
    ("ben", "Ben Sample", Role::Agent),
    ("ivy", "Ivy Sample", Role::Agent),
    ("ines", "Ines Sample", Role::Nurse),
    ("olu", "Olu Sample", Role::Supervisor),
];

/// The one team of a hub as small as this.
const TEAM: &str = "East";

/// Makes everybody, where they are not there yet.
pub fn add_users(ctx: &Ctx) -> Result<()> {
    for (user, name, role) in VISITORS.iter().chain(USERS) {
        let user_id = UserId::from(*user);
        match signin::add_user(ctx, &user_id, name, *role) {
            Ok(()) if *role == Role::Admin => {}
            Ok(()) => signin::set_team(ctx, &user_id, TEAM)?,
            Err(Error::Bad { code: "user-known", .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Makes a sign-in link for each person whom a visitor may be.
pub fn visitor_links(app: &App) -> Result<Vec<(Staff, Token)>> {
    let ctx = app.system("demo");
    VISITORS
        .iter()
        .map(|staff| Ok((*staff, signin::make_link(&ctx, &UserId::from(staff.0))?)))
        .collect()
}

/// Returns a colleague as who acts.
pub(crate) fn actor(user: &str) -> Actor {
    let role =
        USERS.iter().find(|(known, ..)| *known == user).map_or(Role::Agent, |(_, _, role)| *role);
    Actor { user_id: UserId::from(user), role }
}

/// Returns whether it is a person whom the world does not play: a visitor, or somebody whom a visitor added.
pub(crate) fn is_visitor(user_id: &UserId) -> bool {
    !USERS.iter().any(|(known, ..)| *known == user_id.as_str())
}
