//! Who else has the case open, in one line of words: as the page has it when it is made, and as its live connection tells.

use crate::posted::Posted;
use doorstep_app::command::COMMANDS;
use doorstep_app::presence::{self, Present};
use doorstep_app::{Ctx, Result};
use doorstep_vocab::CaseId;

/// The forms of a case's pages that give no command, each with its words.
const OTHERS: [(&str, &str); 4] = [
    ("note", "Write a note"),
    ("document", "Add a document"),
    ("message", "Write to somebody outside"),
    ("amendment", "Add or correct facts"),
];

/// Returns the line for a page; empty while nobody else is there.
pub(crate) fn of(ctx: &Ctx, case_id: &CaseId) -> Result<String> {
    Ok(words(&presence::others(ctx, case_id)?))
}

/// Returns the line about those people.
pub(crate) fn words(others: &[Present]) -> String {
    let one = |other: &Present| {
        let who = format!("{}, {},", other.name, other.role.name());
        match title(&other.form) {
            Some(form) => format!("{who} is at the form “{form}” of this case."),
            None => format!("{who} has this case open too."),
        }
    };
    others.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Returns the case and the form that a live page says that it shows.
pub(crate) fn asked(query: &Posted) -> Option<(CaseId, &'static str)> {
    let case_id = query.get("case")?;
    Some((CaseId::from(case_id), form(query.get("form").unwrap_or_default())))
}

/// Returns the name of a form by its id on the page; empty for what is none.
pub(crate) fn form(id: &str) -> &'static str {
    let name = id.strip_prefix("do-").unwrap_or(id);
    let commands = COMMANDS.iter().map(|command| command.name);
    let known = commands.chain(OTHERS.iter().map(|(known, _)| *known));
    known.into_iter().find(|known| *known == name).unwrap_or_default()
}

fn title(form: &str) -> Option<&'static str> {
    let command = COMMANDS.iter().find(|command| command.name == form);
    let other = OTHERS.iter().find(|(known, _)| *known == form);
    command.map(|command| command.words).or(other.map(|(_, words)| *words))
}
