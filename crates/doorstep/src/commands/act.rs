//! `doorstep act`: a command to a case, from the same table as the console's forms.

use super::case::{as_json, find};
use crate::cli::Act;
use crate::output::{say, say_json};
use crate::place::Place;
use anyhow::Context as _;
use doorstep_app::command::{COMMANDS, CommandForm, FieldKind, Input, form};
use doorstep_app::{Error, act, case_file, token};
use doorstep_store::cases;
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Does a command, or lists them.
pub(crate) fn run(place: &Place, args: &Act) -> anyhow::Result<ExitCode> {
    if args.list {
        return list(args);
    }
    let (Some(number), Some(name)) = (&args.number, &args.command) else {
        anyhow::bail!("say which case and which command: `doorstep act --list` shows the commands");
    };
    let form = form(name).with_context(|| {
        format!("there is no command `{name}`: `doorstep act --list` shows them")
    })?;
    let app = place.app()?;
    let ctx = app.system("command-line");
    let case_id = find(&ctx, number)?;
    let case = app.db.read(|tx| cases::load(tx, &case_id))?.context("the case is gone")?;
    let values = answers(form, &args.fields)?;
    let fresh_id = token();
    let input = Input {
        values: &values,
        case: &case,
        hub_zone: &app.settings.hub_zone,
        fresh_id: &fresh_id.reveal()[..20],
    };
    let done = form.read_all(&input).and_then(|command| act(&ctx, &case_id, args.expect, &command));
    match done {
        Ok(acted) if args.json => {
            let file = case_file(&ctx, &case_id)?;
            say_json(&serde_json::json!({ "recorded": acted.recorded, "now": as_json(&file) }))?;
        }
        Ok(acted) if acted.recorded.is_empty() => say("done before: nothing was added")?,
        Ok(acted) => {
            for recorded in &acted.recorded {
                say(format!("{:>4}  {}", recorded.seq, recorded.event.name()))?;
            }
        }
        Err(
            error @ (Error::Refused(_)
            | Error::Bad { .. }
            | Error::Stale
            | Error::NotFound
            | Error::Forbidden),
        ) => {
            return refused(args, &error);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}

fn refused(args: &Act, error: &Error) -> anyhow::Result<ExitCode> {
    if args.json {
        say_json(
            &serde_json::json!({ "refused": { "code": error.code(), "message": error.to_string() } }),
        )?;
    } else {
        say(format!("refused ({}): {error}", error.code()))?;
    }
    Ok(ExitCode::from(1))
}

fn answers(form: &CommandForm, fields: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut values = BTreeMap::new();
    for field in fields {
        let (name, value) =
            field.split_once('=').with_context(|| format!("write `{field}` as field=value"))?;
        let known = form.fields.iter().any(|known| known.name == name);
        anyhow::ensure!(
            known,
            "`{}` has no field `{name}`: `doorstep act --list {}` shows them",
            form.name,
            form.name
        );
        values.insert(name.to_owned(), value.to_owned());
    }
    Ok(values)
}

fn list(args: &Act) -> anyhow::Result<ExitCode> {
    let one = args.number.as_ref().or(args.command.as_ref());
    for form in COMMANDS.iter().filter(|form| one.is_none_or(|name| name == form.name)) {
        say(format!("{:<20} {:<10} {}", form.name, form.stage, form.words))?;
        for field in
            form.fields.iter().filter(|field| one.is_some() && !matches!(field.kind, FieldKind::Id))
        {
            let need = if field.required { "" } else { " (may be left out)" };
            say(format!("    {}={:?}{need}: {}", field.name, field.kind, field.words))?;
            if let FieldKind::Choice(choices) = field.kind {
                for (code, words) in choices() {
                    say(format!("        {code:<36} {words}"))?;
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
