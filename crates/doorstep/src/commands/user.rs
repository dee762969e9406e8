//! `doorstep user`: whoever has this machine's command line manages its users.

use crate::cli::User;
use crate::output::{hint, say, say_json};
use crate::place::Place;
use anyhow::Context as _;
use doorstep_app::{Ctx, signin, staff};
use doorstep_case::Role;
use doorstep_vocab::UserId;
use std::process::ExitCode;

/// Manages users.
pub(crate) fn run(place: &Place, command: User) -> anyhow::Result<ExitCode> {
    let app = place.app()?;
    let ctx = app.system("command-line");
    match command {
        User::Add { name, role, full_name, json } => {
            let user_id = UserId::from(name.as_str());
            signin::add_user(
                &ctx,
                &user_id,
                full_name.as_deref().unwrap_or(&name),
                role_of(&role)?,
            )?;
            print_link(&ctx, &user_id, json)?;
        }
        User::Link { name, json } => print_link(&ctx, &UserId::from(name.as_str()), json)?,
        User::Role { name, role } => {
            signin::set_role(&ctx, &UserId::from(name.as_str()), role_of(&role)?)?;
        }
        User::Skills { name, services, languages, zone, hours } => {
            let user_id = UserId::from(name.as_str());
            skills(&ctx, &user_id, (&services, &languages), (&zone, &hours))?;
        }
        User::Disable { name } => signin::set_disabled(&ctx, &UserId::from(name.as_str()), true)?,
        User::Enable { name } => signin::set_disabled(&ctx, &UserId::from(name.as_str()), false)?,
        User::Token { name, label, json } => {
            let token = signin::make_api_token(&ctx, &UserId::from(name.as_str()), &label)?;
            if json {
                say_json(
                    &serde_json::json!({ "user": name, "label": label, "token": token.reveal() }),
                )?;
            } else {
                say(token.reveal())?;
                hint("this token is shown once; send it as `Authorization: Bearer …`");
            }
        }
        User::Tokens { name, json } => tokens(&ctx, &UserId::from(name.as_str()), json)?,
        User::RevokeToken { name, begins } => {
            signin::revoke_api_token(&ctx, &UserId::from(name.as_str()), &begins)?;
        }
        User::List(args) => {
            for user in signin::list(&ctx)? {
                let state = if user.disabled_at.is_some() { "disabled" } else { "active" };
                if args.json {
                    say_json(&serde_json::json!({
                        "user": user.user_id, "name": user.name, "role": user.role.name(), "state": state,
                    }))?;
                } else {
                    say(format!(
                        "{:<24} {:<11} {state:<9} {}",
                        user.user_id,
                        user.role.name(),
                        user.name
                    ))?;
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The days as hours are entered for them.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn skills(
    ctx: &Ctx,
    user_id: &UserId,
    (services, languages): (&[String], &[String]),
    (zone, hours): (&str, &[String]),
) -> anyhow::Result<()> {
    let mut by_day: Vec<Vec<&str>> = vec![Vec::new(); DAYS.len()];
    for one in hours {
        let (day, span) = one.split_once('=').context("write hours as mon=08:00-17:00")?;
        let at = DAYS.iter().position(|known| *known == day);
        let of_day = at.and_then(|at| by_day.get_mut(at));
        of_day.context("write a day as mon, tue, wed, thu, fri, sat or sun")?.push(span);
    }
    let by_day: Vec<String> = by_day.iter().map(|spans| spans.join(",")).collect();
    let typed = staff::Typed {
        zone,
        services: services.iter().map(String::as_str).collect(),
        languages: languages.iter().map(String::as_str).collect(),
        hours: by_day.iter().map(String::as_str).collect(),
    };
    Ok(staff::set(ctx, user_id, &typed)?)
}

/// How much of a token's digest names it.
const BEGINS: usize = 12;

fn tokens(ctx: &Ctx, user_id: &UserId, is_json: bool) -> anyhow::Result<()> {
    for token in signin::api_tokens(ctx, user_id)? {
        let begins = token.token_hash.get(..BEGINS).unwrap_or(&token.token_hash);
        let state = if token.revoked_at.is_some() { "withdrawn" } else { "works" };
        if is_json {
            say_json(&serde_json::json!({
                "begins": begins, "label": token.label, "created_at": token.created_at.to_string(), "state": state,
            }))?;
        } else {
            say(format!("{begins}  {state:<9}  {}  {}", token.created_at, token.label))?;
        }
    }
    Ok(())
}

fn role_of(name: &str) -> anyhow::Result<Role> {
    let role = Role::parse(name).filter(|role| Role::PEOPLE.contains(role));
    role.context("choose a role: agent, nurse, medical-director, supervisor, credentialing, billing, manager, auditor, privacy-officer or admin")
}

fn print_link(ctx: &Ctx, user_id: &UserId, is_json: bool) -> anyhow::Result<()> {
    let link = format!("/sign-in/link/{}", signin::make_link(ctx, user_id)?.reveal());
    if is_json {
        return say_json(&serde_json::json!({ "user": user_id, "link": link }));
    }
    say(link)?;
    hint("put the address of `doorstep serve` before it; it signs in once, within 15 minutes");
    Ok(())
}
