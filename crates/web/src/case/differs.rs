//! What a form shows otherwise than when its page was made, because somebody changed the case meanwhile: what it was, what it
//! is now, and what whoever sent it had entered.

use super::desk::Desk;
use super::forms;
use crate::asked::Asked;
use crate::field::{Control, Field, Form};
use doorstep_app::command::COMMANDS;
use doorstep_app::{Ctx, Result};
use doorstep_case::Case;

/// More of what can be chosen than this is not told one by one.
const NAMED_MAX: usize = 4;

/// A field that is no longer as it was.
pub(crate) struct Differs {
    pub(crate) label: String,
    pub(crate) was: String,
    pub(crate) is: String,
    pub(crate) yours: String,
}

/// Returns the fields of a command's form that changed since a version of the case: `fresh` as the form is now, `sent` as it was
/// sent.
pub(super) fn since(
    (ctx, asked): (&Ctx, &Asked),
    (case, seen): (&Case, u32),
    (fresh, sent): (&Form, &Form),
) -> Result<Vec<Differs>> {
    let name = fresh.id.strip_prefix("do-").unwrap_or_default();
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        return Ok(Vec::new());
    };
    let past = doorstep_app::case_as_seen(ctx, &case.id, seen)?;
    let then = forms::form(&Desk::of(ctx, &past.file, asked.csrf())?, command);
    Ok(between(&then, fresh, sent))
}

fn between(then: &Form, now: &Form, sent: &Form) -> Vec<Differs> {
    let at = |form: &Form, name: &str| form.fields.iter().find(|field| field.name == name).cloned();
    let differs = now.fields.iter().filter_map(|field| {
        let (was, yours) = (at(then, &field.name), at(sent, &field.name));
        let (old, new) = (offered(was.as_ref()), offered(Some(field)));
        let (was, is) = (was.as_ref().map(shown).unwrap_or_default(), shown(field));
        let gone = named("no longer to choose", &old, &new);
        let more = named("new to choose", &new, &old);
        if was == is && gone.is_none() && more.is_none() {
            return None;
        }
        let is = [Some(said(is)), gone, more].into_iter().flatten().collect::<Vec<_>>().join("; ");
        let yours = said(yours.as_ref().map(shown).unwrap_or_default());
        Some(Differs { label: field.label.clone(), was: said(was), is, yours })
    });
    differs.collect()
}

/// What a reader sees where nothing stands.
pub(crate) fn said(words: String) -> String {
    if words.is_empty() { "nothing".to_owned() } else { words }
}

/// What stands in a field, in the words that a reader sees.
fn shown(field: &Field) -> String {
    match &field.control {
        Control::Line(_) | Control::Area => field.value.clone(),
        Control::Tick => if field.value.is_empty() { "" } else { "ticked" }.to_owned(),
        Control::Select(choices) | Control::Radios(choices) | Control::Checks(choices) => {
            let chosen = choices.iter().filter(|choice| choice.is_chosen);
            chosen.map(|choice| choice.words.as_str()).collect::<Vec<_>>().join(", ")
        }
        Control::Counts(choices) => {
            let counted =
                choices.iter().filter(|choice| !matches!(choice.count.as_str(), "" | "0"));
            let counted = counted.map(|choice| format!("{}: {}", choice.words, choice.count));
            counted.collect::<Vec<_>>().join(", ")
        }
        Control::File => String::new(),
    }
}

fn offered(field: Option<&Field>) -> Vec<String> {
    match field.map(|field| &field.control) {
        Some(
            Control::Select(choices)
            | Control::Radios(choices)
            | Control::Checks(choices)
            | Control::Counts(choices),
        ) => choices.iter().map(|choice| choice.words.clone()).collect(),
        Some(Control::Line(_) | Control::Area | Control::Tick | Control::File) | None => Vec::new(),
    }
}

/// What is among the ones and not among the others.
fn named(what: &str, ones: &[String], others: &[String]) -> Option<String> {
    let found: Vec<&str> =
        ones.iter().filter(|one| !others.contains(one)).map(String::as_str).collect();
    match found.len() {
        0 => None,
        1..=NAMED_MAX => Some(format!("{what}: {}", found.join(", "))),
        n => Some(format!("{what}: {n} others")),
    }
}
