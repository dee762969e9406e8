//! Skills and hours of the staff, and which teams are handed work by rule: entered by a supervisor or an administrator.

use crate::trail::administered;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::handout::{DAY_MINUTES, Shift};
use doorstep_case::{Role, ServiceLine};
use doorstep_store::staff::{self, Profile};
use doorstep_store::users::{self, User};
use doorstep_store::worklist::Language;
use doorstep_vocab::{UserId, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// People of a page.
const PEOPLE_MAX: u32 = 500;
/// Shifts of one weekday.
const SHIFTS_MAX: usize = 4;

/// Everybody who works cases, with what was entered about them.
#[derive(Debug)]
pub struct Staff {
    /// Who they are, with their skills and hours; `None` where nothing was entered.
    pub people: Vec<(User, Option<Profile>)>,
    /// The teams that people are in, and whether each is handed work by rule.
    pub teams: BTreeMap<String, bool>,
}

/// Returns everybody who works cases.
pub fn list(ctx: &Ctx) -> Result<Staff> {
    ctx.may(Permission::ManageStaff)?;
    ctx.app.db.read(|tx| {
        let mut profiles = staff::profiles(tx)?;
        let pushed = staff::pushed_teams(tx)?;
        let mut teams: BTreeMap<String, bool> =
            pushed.into_iter().map(|team| (team, true)).collect();
        let mut people = Vec::new();
        for user in users::list(tx, None, PEOPLE_MAX)? {
            if !works(&user) {
                continue;
            }
            if let Some(team) = &user.team {
                teams.entry(team.clone()).or_insert(false);
            }
            let profile = profiles.remove(&user.user_id);
            people.push((user, profile));
        }
        Ok(Staff { people, teams })
    })
}

/// Returns one of them.
///
/// # Errors
/// [`Error::NotFound`] when there is no such user, or they work on no cases.
pub fn one(ctx: &Ctx, user_id: &UserId) -> Result<(User, Option<Profile>)> {
    let all = list(ctx)?.people.into_iter();
    all.into_iter().find(|(user, _)| user.user_id == *user_id).ok_or(Error::NotFound)
}

fn works(user: &User) -> bool {
    user.role != Role::System
        && Permission::WorkCases.is_for(user.role)
        && user.disabled_at.is_none()
}

/// Skills and hours as they were typed in.
#[derive(Debug, Clone, Default)]
pub struct Typed<'a> {
    /// The IANA zone of the hours; empty for the hub's.
    pub zone: &'a str,
    /// Names of service lines.
    pub services: Vec<&'a str>,
    /// Names or codes of languages.
    pub languages: Vec<&'a str>,
    /// Hours by weekday from Monday on, each as `08:00-12:00, 13:00-17:00`; empty for none.
    pub hours: Vec<&'a str>,
}

/// Puts somebody's skills and hours in place of those that were entered.
///
/// # Errors
/// [`Error::Bad`] with the code `zone`, `service`, `language` or `hours`; [`Error::NotFound`] as [`one`].
pub fn set(ctx: &Ctx, user_id: &UserId, typed: &Typed<'_>) -> Result<()> {
    if ctx.actor.role != Role::System {
        one(ctx, user_id)?;
    }
    let profile = read(ctx, typed)?;
    ctx.app.db.write("set staff", |tx| -> Result<()> {
        users::find(tx, user_id)?.ok_or(Error::NotFound)?;
        staff::put(tx, user_id, &profile)?;
        administered(tx, ctx, ("set skills and hours", format!("user {user_id}")))
    })
}

fn read(ctx: &Ctx, typed: &Typed<'_>) -> Result<Profile> {
    let zone = match typed.zone.trim() {
        "" => ctx.app.settings.hub_zone.clone(),
        name => Zone::parse(name).map_err(|_| {
            Error::bad("zone", "enter the zone as in America/Chicago, or leave it empty")
        })?,
    };
    let service = |name: &&str| {
        ServiceLine::parse(name)
            .ok_or_else(|| Error::bad("service", "choose service lines of the list"))
    };
    let language = |name: &&str| {
        let known = Language::parse(name).map(|language| language.iso639_3().to_owned());
        known.ok_or_else(|| Error::bad("language", "choose languages of the list"))
    };
    let mut shifts = Vec::new();
    for (weekday, text) in (1..=7).zip(&typed.hours) {
        shifts.extend(shifts_of(weekday, text)?);
    }
    Ok(Profile {
        zone,
        services: typed.services.iter().map(service).collect::<Result<BTreeSet<_>>>()?,
        languages: typed.languages.iter().map(language).collect::<Result<BTreeSet<_>>>()?,
        shifts,
    })
}

fn shifts_of(weekday: u8, text: &str) -> Result<Vec<Shift>> {
    let wrong = || {
        Error::bad("hours", "write hours as 08:00-17:00, or 08:00-12:00, 13:00-17:00 for two parts")
    };
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > SHIFTS_MAX {
        return Err(wrong());
    }
    let shift = |part: &&str| {
        let (from, to) = part.split_once('-').ok_or_else(wrong)?;
        let from_min = minute(from).filter(|at| *at < DAY_MINUTES).ok_or_else(wrong)?;
        let to_min = minute(to).ok_or_else(wrong)?;
        Ok(Shift { weekday, from_min, to_min })
    };
    parts.iter().map(shift).collect()
}

/// Reads a time of day, up to `24:00`.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let at = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && at <= DAY_MINUTES).then_some(at)
}

/// Returns a weekday's hours as they are typed in.
pub fn hours_in_words(shifts: &[Shift], weekday: u8) -> String {
    let time = |at: u16| format!("{:02}:{:02}", at / 60, at % 60);
    let of_day = shifts.iter().filter(|shift| shift.weekday == weekday);
    let parts = of_day.map(|shift| format!("{}-{}", time(shift.from_min), time(shift.to_min)));
    parts.collect::<Vec<_>>().join(", ")
}

/// Lets a team be handed work by rule, or no longer.
///
/// # Errors
/// [`Error::Bad`] with the code `team` when nobody is in it.
pub fn set_push(ctx: &Ctx, team: &str, is_on: bool) -> Result<()> {
    if !list(ctx)?.teams.contains_key(team) {
        return Err(Error::bad("team", "choose a team of the list"));
    }
    ctx.app.db.write("set push", |tx| -> Result<()> {
        staff::set_push(tx, team, is_on, (&ctx.actor.user_id, ctx.now))?;
        let what = if is_on { "by rule" } else { "by hand" };
        administered(tx, ctx, ("set how a team is handed work", format!("{team}: {what}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_and_written_the_same_and_odd_ones_refused() {
        let shifts = shifts_of(3, " 8:00-12:00,13:00-24:00 ").unwrap();
        assert_eq!(hours_in_words(&shifts, 3), "08:00-12:00, 13:00-24:00");
        assert_eq!(hours_in_words(&shifts, 4), "");
        let night = shifts_of(7, "19:00-07:00").unwrap();
        assert_eq!((night[0].from_min, night[0].to_min), (1140, 420));
        for odd in ["8-17", "08:00", "08:60-17:00", "24:00-08:00", "08:00-24:01", "x:00-17:00"] {
            assert!(shifts_of(1, odd).is_err(), "{odd}");
        }
    }
}
