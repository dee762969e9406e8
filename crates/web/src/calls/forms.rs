//! The forms of a call's page.

use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::words;
use doorstep_app::calls::{self, CallFile};
use doorstep_case::calls::{Barred, Bridge, Identifier, TransferTo};
use doorstep_store::worklist::Language;

/// The forms of the page.
pub(super) struct Forms {
    pub(super) notes: Form,
    pub(super) caller: Form,
    pub(super) interpreter: Form,
    pub(super) identify: Option<Form>,
    pub(super) attach: Option<Form>,
    pub(super) transfer: Form,
    pub(super) promise: Option<Form>,
    pub(super) end: Form,
}

impl Forms {
    pub(super) fn of(file: &CallFile, (path, csrf): (&str, &str)) -> Self {
        let (call, rules) = (&file.call, &file.rules);
        let form = |id: &str, noun: &str, title: &str| {
            Form::new(id, format!("{path}/{noun}"), title, csrf)
        };
        let is_open = call.life.is_on_the_line();
        let notes = form("notes-form", "notes", "Keep").field(
            Field::new("notes", "What is said", Control::Area)
                .wide()
                .with(call.notes.reveal().as_str()),
        );
        let is_locked = matches!(file.guard.barred, Some(Barred::Tries | Barred::Member { .. }));
        let mut transfer = form("transfer", "transfers", "Hand over").field(Field::new(
            "to",
            "To whom",
            Control::Select(
                TransferTo::ALL.iter().map(|to| Choice::new(to.code(), to.words())).collect(),
            ),
        ));
        transfer.is_main = calls::needs_nurse(call);
        let ways = rules.dispositions.iter();
        let ways = ways.map(|way| Choice::new(&way.named.name, &way.named.words));
        let ways = std::iter::once(Choice::new("", "Choose")).chain(ways).collect();
        let end = form("end", "disposition", "End the call")
            .field(Field::new("disposition", "How it ended", Control::Select(ways)).required());
        let promise = form("promise", "promises", "Promise").field(
            Field::new("promised_to", "We call back by", Control::Line("datetime-local"))
                .required(),
        );
        let attach = form("case", "case", "Put to this case")
            .field(Field::line("number", "Case number").required());
        Self {
            notes,
            caller: caller(file, form("caller", "caller", "Correct")),
            interpreter: interpreter(file, form("interpreter", "interpreter", "Keep")),
            identify: (is_open && !is_locked).then(|| identify(file, (path, csrf))).flatten(),
            attach: (is_open && call.case_id.is_none()).then_some(attach),
            transfer,
            promise: (call.case_id.is_some() && call.closed_at.is_none()).then_some(promise),
            end,
        }
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Form> {
        let own = [&mut self.notes, &mut self.transfer, &mut self.end];
        let own = own.into_iter().chain([&mut self.caller, &mut self.interpreter]);
        own.chain(&mut self.identify).chain(&mut self.attach).chain(&mut self.promise)
    }

    /// Fills the form that was sent with what was sent.
    pub(super) fn refill(&mut self, asked: &Asked, wrong: &[Wrong]) {
        if wrong.is_empty() {
            return;
        }
        let sent = asked.path.as_str();
        for form in self.all().filter(|form| form.action == sent) {
            form.refill(&asked.form, wrong);
            form.wrong.clear();
        }
    }

    /// Returns what is wrong, each with where on the page it stands.
    pub(super) fn told(&mut self, wrong: &[Wrong]) -> Vec<(String, String)> {
        let place = |forms: &mut Self, field: &str| {
            let mut fields = forms.all().flat_map(|form| form.fields.iter());
            let found = fields.find(|known| known.name == field).map(|known| known.id.clone());
            found.unwrap_or_else(|| "main".to_owned())
        };
        wrong.iter().map(|one| (place(self, &one.field), capital(&one.words))).collect()
    }
}

fn caller(file: &CallFile, form: Form) -> Form {
    let call = &file.call;
    let kinds = file.rules.callers.iter();
    let kinds =
        kinds.map(|kind| Choice::new(&kind.name, &kind.words).chosen(kind.name == call.caller));
    form.field(Field::new("caller", "Who is calling", Control::Select(kinds.collect())).required())
        .field(Field::line("caller_name", "Caller's name").with(call.caller_name.reveal().as_str()))
        .field(Field::line("caller_org", "Organisation").with(call.caller_org.reveal().as_str()))
        .field(
            Field::new("caller_phone", "Number to call back", Control::Line("tel"))
                .with(call.caller_phone.reveal().as_str()),
        )
}

fn interpreter(file: &CallFile, form: Form) -> Form {
    let known = &file.call.interpreter;
    let others = Language::ALL.into_iter().filter(|language| *language != Language::English);
    let others = others.map(|language| (language.iso639_3(), words::language(language)));
    let further = [("ase", "American Sign Language"), ("mul", "Another, in the notes")];
    let languages = std::iter::once(("", "English")).chain(others).chain(further);
    let languages = languages
        .map(|(code, words)| Choice::new(code, words).chosen(known.language == code))
        .collect();
    let ways = Bridge::ALL
        .iter()
        .map(|way| Choice::new(way.code(), way.words()).chosen(known.by == Some(*way)));
    let ways = std::iter::once(Choice::new("", "Nobody")).chain(ways).collect();
    form.field(Field::new("language", "Held in", Control::Select(languages)))
        .field(Field::new("by", "Who interprets", Control::Select(ways)).hint("Never a minor"))
        .field(
            Field::line("interpreter", "Vendor and interpreter's number")
                .with(known.number.as_str()),
        )
}

/// The blind form: a field for what can still bring the caller further, and none for what has matched.
fn identify(file: &CallFile, (path, csrf): (&str, &str)) -> Option<Form> {
    let (call, kind) = (&file.call, file.rules.caller(&file.call.caller)?);
    let mut form = Form::new("identify", format!("{path}/identification"), "Compare", csrf);
    for id in kind.asked().into_iter().filter(|id| !call.matched.identifiers.contains(id)) {
        let field = Field::line(id.code(), capital(id.words()));
        form = form.field(match id {
            Identifier::BirthDate => field.hint("As they say it: 1950-07-04 or 7/4/1950"),
            Identifier::Address => field.hint("House number and ZIP are compared"),
            _ => field,
        });
    }
    let seen = kind.authority.iter().map(|seen| {
        Choice::new(seen.code(), capital(seen.words()))
            .chosen(call.matched.authority.contains(seen))
    });
    if !kind.authority.is_empty() {
        form = form.field(Field::new(
            "authority",
            "What you have seen of their authority",
            Control::Checks(seen.collect()),
        ));
    }
    form.is_main = true;
    (!form.fields.is_empty()).then_some(form)
}
