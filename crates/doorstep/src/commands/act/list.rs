//! What may be done to a case, and what each command asks for.

use super::paper::{PAPERS, Paper};
use crate::cli::Act;
use crate::output::{say, say_json};
use doorstep_app::command::{COMMANDS, CommandForm, Field, FieldKind};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Prints all commands, or one with its fields.
pub(super) fn print(args: &Act) -> anyhow::Result<ExitCode> {
    let one = args.number.as_ref().or(args.command.as_ref());
    let is_asked = |name: &str| one.is_none_or(|one| one == name);
    let forms: Vec<&CommandForm> = COMMANDS.iter().filter(|form| is_asked(form.name)).collect();
    let papers: Vec<_> = PAPERS.iter().filter(|paper| is_asked(paper.name)).collect();
    anyhow::ensure!(
        !forms.is_empty() || !papers.is_empty(),
        "there is no such command: `doorstep act --list` shows them"
    );
    if args.json {
        let papers = papers.into_iter().map(paper_as_json);
        for value in forms.into_iter().map(as_json).chain(papers) {
            say_json(&value)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    for form in forms {
        say(format!("{:<20} {:<10} {}", form.name, form.stage, form.words))?;
        for field in fields(form).filter(|_| one.is_some()) {
            print_field(field)?;
        }
    }
    for paper in papers {
        say(format!("{:<20} {:<10} {}", paper.name, "intake", paper.words))?;
        for (name, words) in paper.fields.iter().filter(|_| one.is_some()) {
            say(format!("    {name}= (may be left out): {words}"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What a person enters. Ids are made here.
fn fields(form: &CommandForm) -> impl Iterator<Item = &Field> {
    form.fields.iter().filter(|field| !matches!(field.kind, FieldKind::Id | FieldKind::Call))
}

fn choices(field: &Field) -> Vec<(&'static str, &'static str)> {
    if let FieldKind::Choice(choices) = field.kind { choices() } else { Vec::new() }
}

fn kind(field: &Field) -> String {
    match field.kind {
        FieldKind::Choice(_) => "Choice".to_owned(),
        kind => format!("{kind:?}"),
    }
}

fn print_field(field: &Field) -> anyhow::Result<()> {
    let need = if field.required { "" } else { " (may be left out)" };
    say(format!("    {}={}{need}: {}", field.name, kind(field), field.words))?;
    for (code, words) in choices(field) {
        say(format!("        {code:<36} {words}"))?;
    }
    Ok(())
}

fn paper_as_json(paper: &Paper) -> Value {
    let field = |(name, words): &(&str, &str)| json!({ "field": name, "words": words });
    let fields: Vec<Value> = paper.fields.iter().map(field).collect();
    json!({ "command": paper.name, "stage": "intake", "words": paper.words, "fields": fields })
}

fn as_json(form: &CommandForm) -> Value {
    let field = |field: &Field| {
        let codes: Vec<&str> = choices(field).into_iter().map(|(code, _)| code).collect();
        json!({
            "field": field.name, "kind": kind(field), "words": field.words, "required": field.required, "choices": codes,
        })
    };
    json!({
        "command": form.name, "stage": form.stage, "words": form.words,
        "fields": fields(form).map(field).collect::<Vec<_>>(),
    })
}
