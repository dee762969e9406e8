//! `doorstep act`: a command to a case, from the same table as the console's forms, and the three that are no command
//! of the core alone: facts amended, a document attached, a note kept.

mod list;
mod paper;

use super::case::{as_json, find};
use crate::cli::Act;
use crate::output::{say, say_json};
use crate::place::Place;
use anyhow::Context as _;
use doorstep_app::command::{CommandForm, Input, form};
use doorstep_app::{Acted, App, Ctx, Error, case_file, enter, signin, token, trail};
use doorstep_store::cases;
use doorstep_vocab::{CaseId, UserId};
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Does a command, or lists them.
pub(crate) fn run(place: &Place, args: &Act) -> anyhow::Result<ExitCode> {
    if args.list {
        return list::print(args);
    }
    let (Some(number), Some(name)) = (&args.number, &args.command) else {
        anyhow::bail!("say which case and which command: `doorstep act --list` shows the commands");
    };
    let app = place.app()?;
    let ctx = by(&app, args.by.as_deref())?;
    match find(&ctx, number).and_then(|case_id| give(&ctx, &case_id, (name, args))) {
        Ok(acted) if args.json => {
            let file = case_file(&ctx, &acted.case.id)?;
            say_json(&serde_json::json!({ "recorded": acted.recorded, "now": as_json(&file) }))?;
        }
        Ok(acted) if acted.recorded.is_empty() => say("done before: nothing was added")?,
        Ok(acted) => {
            for recorded in &acted.recorded {
                say(format!("{:>4}  {}", recorded.seq, recorded.event.name()))?;
            }
        }
        Err(error) => {
            if matches!(error.downcast_ref(), Some(Error::Forbidden)) {
                trail::refused(&ctx, "act", name)?;
            }
            return refused(args, error);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the context of whoever acts: a user in their role, or the program itself. The trail names the command line.
fn by<'a>(app: &'a App, user: Option<&str>) -> anyhow::Result<Ctx<'a>> {
    let Some(name) = user else { return Ok(app.system("command-line")) };
    let system = app.system("command-line");
    let actor = signin::actor_named(&system, &UserId::from(name)).with_context(|| {
        format!("nobody called {name} may sign in: `doorstep user list` shows who may")
    })?;
    let mut ctx = app.ctx(actor);
    ctx.request_id = format!("cli-{}", ctx.request_id);
    Ok(ctx)
}

/// Reads what was entered and gives it to the case.
fn give(ctx: &Ctx, case_id: &CaseId, (name, args): (&str, &Act)) -> anyhow::Result<Acted> {
    let case = ctx.app.db.read(|tx| cases::load(tx, case_id))?.context("the case is gone")?;
    if let Some(paper) = paper::named(name) {
        let values = paper.answers(&args.fields)?;
        return paper.give(ctx, &case, (&values, args.expect));
    }
    let form = form(name).with_context(|| {
        format!("there is no command `{name}`: `doorstep act --list` shows them")
    })?;
    let values = answers(form, &args.fields)?;
    let fresh_id = token();
    let input = Input {
        values: &values,
        case: &case,
        hub_zone: &ctx.app.settings.hub_zone,
        fresh_id: &fresh_id.reveal()[..20],
    };
    let entered = form.read_all(&input)?;
    Ok(enter(ctx, case_id, args.expect, &entered)?)
}

/// What the rules, the case or the role refuse is an answer; whatever else is an error of ours.
fn refused(args: &Act, error: anyhow::Error) -> anyhow::Result<ExitCode> {
    let (code, mut words) = match error.downcast_ref::<Error>() {
        Some(
            told @ (Error::Refused(_)
            | Error::Bad { .. }
            | Error::Stale
            | Error::NotFound
            | Error::Forbidden),
        ) => (told.code(), told.to_string()),
        _ => return Err(error),
    };
    if code == Error::Forbidden.code() {
        "this takes another role: say --as USER with somebody who may".clone_into(&mut words);
    }
    if args.json {
        say_json(&serde_json::json!({ "refused": { "code": code, "message": words } }))?;
    } else {
        say(format!("refused ({code}): {words}"))?;
    }
    Ok(ExitCode::from(1))
}

fn answers(form: &CommandForm, fields: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut values = BTreeMap::new();
    for field in fields {
        let (name, value) = split(field)?;
        let known = form.fields.iter().any(|known| known.name == name);
        anyhow::ensure!(
            known,
            "`{}` has no field `{name}`: `doorstep act --list {}` shows them",
            form.name,
            form.name
        );
        values.insert(name.to_owned(), value);
    }
    Ok(values)
}

/// Reads `field=value`. A value that begins with `@` stands in the file of that name, `@-` on standard input: what is
/// personal need not be seen by everybody who lists this machine's processes.
pub(crate) fn split(field: &str) -> anyhow::Result<(&str, String)> {
    let (name, value) =
        field.split_once('=').with_context(|| format!("write `{field}` as field=value"))?;
    let text = match value.strip_prefix('@') {
        None => value.to_owned(),
        Some("-") => std::io::read_to_string(std::io::stdin()).context("standard input")?,
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("{path} could not be read"))?
        }
    };
    Ok((name, text.trim_end_matches(['\r', '\n']).to_owned()))
}
