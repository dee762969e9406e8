//! What was done last, taken back by whoever did it: the command that does so, filled in, as one button. It is decided by the same
//! rules as any command, and stands in the record beside what it takes back. What somebody outside was told of is not taken
//! back by a button: they have to be told again.

use super::desk::Desk;
use super::forms::{action, permission};
use crate::field::Form;
use crate::when;
use crate::words::{Told, told};
use doorstep_app::command::COMMANDS;
use doorstep_case::closing::ClosingEvent;
use doorstep_case::intake::IntakeEvent;
use doorstep_case::{Case, Event, Recorded, apply, effects};
use doorstep_vocab::Micros;

/// How long the button stands.
const WINDOW: Micros = Micros::minutes(10);
/// Why something that ended goes on: it was ended in error.
const MISTAKE: &str = "ended-in-error";

/// Returns the button that takes back what the reader did last; `None` where the case went on since, where it is too long ago,
/// where somebody outside was told, and where no command takes it back.
pub(super) fn form(desk: &Desk, record: &[Recorded], told_with: &Told) -> Option<Form> {
    let last = record.last()?;
    let begins = record.partition_point(|recorded| recorded.at < last.at);
    let (before, decided) = record.split_at_checked(begins)?;
    let first = decided.first()?;
    let is_own = decided.iter().all(|recorded| recorded.by.user_id.as_str() == desk.user_id);
    let is_told = decided.iter().any(|recorded| !effects(desk.case, recorded).is_empty());
    if !is_own || is_told || desk.now.since(last.at) > WINDOW {
        return None;
    }
    let (name, values) = inverse(desk, before, first)?;
    let command = COMMANDS.iter().find(|command| command.name == name)?;
    if !permission(command).is_for(desk.role) {
        return None;
    }
    let title = format!("Undo: {}", told(&first.event, told_with).0);
    let mut form = Form::new("undo", action(desk, command.noun), title, desk.csrf)
        .submit("Undo")
        .hide("seen", desk.case.seq.to_string());
    for (field, value) in values {
        form = form.hide(field, value);
    }
    Some(form)
}

type Inverse = (&'static str, Vec<(&'static str, String)>);

/// The command that takes an event back, with what its fields say.
fn inverse(desk: &Desk, before: &[Recorded], first: &Recorded) -> Option<Inverse> {
    let was = || {
        let mut case = Case::new(desk.case.id.clone());
        for recorded in before {
            apply(&mut case, recorded);
        }
        case
    };
    let again = |line: &doorstep_vocab::LineNo| {
        let values = vec![("line", line.to_string()), ("reason", MISTAKE.to_owned())];
        Some(("reopen-line", values))
    };
    match &first.event {
        Event::Intake(IntakeEvent::Assigned { .. }) => {
            Some(("assign", vec![("manager", was().intake.manager?.to_string())]))
        }
        Event::Intake(IntakeEvent::DischargeMoved(_)) => {
            let discharge = was().intake.discharge?;
            let mut values = vec![("at", when::field(discharge.at, &desk.zone))];
            values.extend(discharge.bedside.then(|| ("bedside", "yes".to_owned())));
            Some(("move-discharge", values))
        }
        Event::Intake(IntakeEvent::Labelled { label }) => {
            Some(("take-label-off", vec![("label", label.code().to_owned())]))
        }
        Event::Intake(IntakeEvent::LabelTakenOff { label }) => {
            Some(("label", vec![("label", label.code().to_owned())]))
        }
        Event::Intake(IntakeEvent::DeathRecorded { .. }) => Some(("retract-death", Vec::new())),
        Event::Closing(
            ClosingEvent::LineCancelled { line, .. } | ClosingEvent::LineCompleted { line, .. },
        ) => again(line),
        Event::Closing(ClosingEvent::Closed { .. }) => {
            Some(("reopen", vec![("reason", MISTAKE.to_owned())]))
        }
        _ => None,
    }
}
