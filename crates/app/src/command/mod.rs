//! Every command as a form: one table from which the console's forms, the command line and scenarios come.
//!
//! A form says what a command is called, what it asks for, and how to read the answers; the rules stay in the core.

mod complaints;
mod contact;
mod escalations;
mod input;
mod lines;
mod lists;
mod table;
mod words;

pub use contact::Contact;
pub use input::{FieldProblem, Input};
pub use table::COMMANDS;
pub use words::Words;

use crate::Result;
use doorstep_case::Command;

/// A command as a form.
pub struct CommandForm {
    /// Its name: the imperative in kebab case, as the command line writes it.
    pub name: &'static str,
    /// The noun that the console posts to under `/cases/{id}/`.
    pub noun: &'static str,
    /// The stage whose rules decide it.
    pub stage: &'static str,
    /// What it does, for people.
    pub words: &'static str,
    /// What it asks for.
    pub fields: &'static [Field],
    read: fn(&Input) -> std::result::Result<Command, FieldProblem>,
}

/// One thing that a form asks for.
pub struct Field {
    /// Its name in forms and on the command line. A refusal names it.
    pub name: &'static str,
    /// What may be entered.
    pub kind: FieldKind,
    /// Its label.
    pub words: &'static str,
    /// Whether it may be left empty.
    pub required: bool,
}

/// What may be entered in a field.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the names say it; the notes say how it is written")]
pub enum FieldKind {
    Text,
    /// A text of several lines.
    Area,
    /// A whole number.
    Number,
    /// `2026-11-23`.
    Date,
    /// `2026-11-23T15:00` in the case's zone, or RFC 3339 with an offset.
    Moment,
    /// `yes` or `no`.
    Flag,
    /// A telephone number.
    Phone,
    /// One of a closed list of codes, each with its words.
    Choice(fn() -> Vec<(&'static str, &'static str)>),
    /// Some of a closed list of codes, each with its words, separated by commas.
    Choices(fn() -> Vec<(&'static str, &'static str)>),
    /// The number of one line.
    Line,
    /// Numbers of lines, separated by commas or spaces.
    Lines,
    /// Quantities by line: `1=2, 2=1`.
    Goods,
    /// An open offer of the case.
    Offer,
    /// A visit ahead.
    Visit,
    /// An open question.
    Ask,
    /// An open escalation.
    Escalation,
    /// An open dispute.
    Dispute,
    /// Names of items, separated by commas or spaces.
    Items,
    /// A stored document of the case.
    Document,
    /// A provider of the network.
    Provider,
    /// A user.
    User,
    /// A service line's name.
    Service,
    /// An item family's name.
    Family,
    /// Codes or words separated by commas.
    List,
    /// Made by whoever shows the form, so that sending it twice does it once.
    Id,
    /// A call of the case: named by the call's own page.
    Call,
}

/// Returns the form of that name.
pub fn form(name: &str) -> Option<&'static CommandForm> {
    COMMANDS.iter().find(|form| form.name == name)
}

/// What was entered into a form: the command, and what goes with it that no event may hold.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The command.
    pub command: Command,
    /// Whom to ask for, where the form asks for it.
    pub contact: Option<Contact>,
    /// A message in words, where the form has one and it was written.
    pub words: Option<Words>,
}

impl CommandForm {
    /// Reads the answers.
    ///
    /// # Errors
    ///
    /// [`FieldProblem`] names the first field that cannot be read; whether the command is allowed is the core's to say.
    pub fn read(&self, input: &Input) -> std::result::Result<Entered, FieldProblem> {
        let command = (self.read)(input)?;
        let asks_for_contact = self.fields.iter().any(|field| field.name == contact::NAME);
        let contact = if asks_for_contact { Some(contact::read(input)?) } else { None };
        let asks_for_words = self.fields.iter().any(|field| field.name == words::NAME);
        let words = if asks_for_words { words::read(input)? } else { None };
        Ok(Entered { command, contact, words })
    }

    /// Reads the answers, for a caller that has no field to put a problem beside.
    pub fn read_all(&self, input: &Input) -> Result<Entered> {
        self.read(input).map_err(|problem| {
            crate::Error::bad(problem.code, format!("{}: {}", problem.field, problem.message))
        })
    }
}
