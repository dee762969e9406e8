//! One change to one case: load, decide, append, in one transaction.

use crate::command::Entered;
use crate::{Ctx, Error, Result, handout, jobs, row, supply};
use doorstep_authz::{Permission, Rule};
use doorstep_case::disputes::DisputesCommand;
use doorstep_case::intake::IntakeCommand;
use doorstep_case::placement::PlacementCommand;
use doorstep_case::{Case, Command, Facts, Person, Recorded, Refusal, Terms, apply, decide};
use doorstep_db::Tx;
use doorstep_planted as planted;
use doorstep_store::cases::Append;
use doorstep_store::{audit, cases, contacts, escalations, matching, notes, people};
use doorstep_vocab::{CaseId, ContactId, DocumentId, EscalationId, PayerId, Phi, Timestamp};
use std::sync::Arc;

/// How often a decision is made again when somebody else was quicker. Safe, because deciding is pure.
const TRIES_MAX: u32 = 4;

/// What a command did.
#[derive(Debug)]
pub struct Acted {
    /// The case as it now stands.
    pub case: Case,
    /// The events that were added; empty when it was done before.
    pub recorded: Vec<Recorded>,
}

/// Does `command` to a case.
///
/// `expected` is the version that the person saw: when the case has moved on since, nothing is done and the answer
/// is [`Error::Stale`]. A job that saw nothing gives `None`, and is decided anew when somebody else was quicker.
///
/// # Errors
///
/// [`Error::Refused`] when the rules say no, [`Error::NotFound`] when there is no such case.
pub fn act(ctx: &Ctx, case_id: &CaseId, expected: Option<u32>, command: &Command) -> Result<Acted> {
    if contact_of(command).is_some() {
        let words = "say whom to ask for at the provider, with a telephone number";
        return Err(Error::bad("contact-missing", words));
    }
    act_and(ctx, case_id, expected, command, &mut |_| Ok(()))
}

/// Does what was entered into a form: the command, with the rows that hold what its event may not.
///
/// # Errors
///
/// Those of [`act()`].
pub fn enter(
    ctx: &Ctx,
    case_id: &CaseId,
    expected: Option<u32>,
    entered: &Entered,
) -> Result<Acted> {
    if let (Some((escalation_id, message_id)), Some(words)) =
        (message_of(&entered.command), &entered.words)
    {
        let row = escalations::Message {
            message_id: message_id.clone(),
            escalation_id: escalation_id.clone(),
            at: ctx.now,
            author: ctx.actor.user_id.clone(),
            asked_by: words.asked_by.clone(),
            text: words.text.clone(),
        };
        return act_and(ctx, case_id, expected, &entered.command, &mut |tx| {
            escalations::put_message(tx, case_id, &row).map_err(Error::from)
        });
    }
    if let (Some(note_id), Some(words)) = (note_of(&entered.command), &entered.words) {
        let row = notes::Note {
            note_id: note_id.clone(),
            at: ctx.now,
            author: ctx.actor.user_id.clone(),
            visibility: notes::Visibility::Hub,
            place: if matches!(entered.command, Command::Intake(_)) {
                "triage"
            } else {
                "complaint"
            }
            .to_owned(),
            text: words.text.clone(),
        };
        return act_and(ctx, case_id, expected, &entered.command, &mut |tx| {
            notes::put(tx, case_id, &row).map_err(Error::from)
        });
    }
    let row = match (contact_of(&entered.command), &entered.contact) {
        (Some(contact_id), Some(contact)) => contacts::Contact {
            contact_id: contact_id.clone(),
            at: ctx.now,
            author: ctx.actor.user_id.clone(),
            name: contact.name.clone(),
            phone: contact.phone.clone(),
        },
        _ => return act(ctx, case_id, expected, &entered.command),
    };
    act_and(ctx, case_id, expected, &entered.command, &mut |tx| {
        contacts::put(tx, case_id, &row).map_err(Error::from)
    })
}

/// Returns the note with the words of a complaint or of a triage.
fn note_of(command: &Command) -> Option<&DocumentId> {
    match command {
        Command::Disputes(DisputesCommand::Complain { told, .. }) => told.note_id.as_ref(),
        Command::Intake(IntakeCommand::Assess(assessment)) => assessment.found.note_id.as_ref(),
        _ => None,
    }
}

/// Returns the escalation and the message that a command names.
const fn message_of(command: &Command) -> Option<(&EscalationId, &DocumentId)> {
    match command {
        Command::Disputes(
            DisputesCommand::Escalate { escalation_id, message_id: Some(message_id), .. }
            | DisputesCommand::Raise { escalation_id, message_id: Some(message_id), .. }
            | DisputesCommand::Say { escalation_id, message_id },
        ) => Some((escalation_id, message_id)),
        _ => None,
    }
}

/// Returns the contact that a command names.
const fn contact_of(command: &Command) -> Option<&ContactId> {
    match command {
        Command::Placement(
            PlacementCommand::Accept { contact_id, .. }
            | PlacementCommand::AgreeSingleCase { contact_id, .. }
            | PlacementCommand::NameContact { contact_id, .. },
        ) => Some(contact_id),
        _ => None,
    }
}

/// Leave for a time, or an emergency, makes nobody a part of a case for good: who manages it, what hides it and whose member
/// it is are not changed by it. Source: trust.md 6.3 (12, 13).
pub(crate) fn not_by_leave(ctx: &Ctx, command: &Command) -> Result<()> {
    let opens = match command {
        Command::Intake(
            IntakeCommand::Assign(_)
            | IntakeCommand::HandOut { .. }
            | IntakeCommand::TakeLabelOff(_),
        ) => true,
        Command::Intake(IntakeCommand::Amend(amendment)) => amendment.payer_id.is_some(),
        _ => false,
    };
    if opens && matches!(ctx.rule(), Rule::Grant | Rule::BreakGlass) {
        let words = "you see this case by leave for a time: its manager, its labels and its payer are changed by those whose it is";
        return Err(Refusal::new("by-leave", words).into());
    }
    Ok(())
}

/// Does `command`, and `also` in the same transaction when anything came of it: rows that hold what an event may not.
pub(crate) fn act_and(
    ctx: &Ctx,
    case_id: &CaseId,
    expected: Option<u32>,
    command: &Command,
    also: &mut (dyn FnMut(&mut Tx) -> Result<()> + Send),
) -> Result<Acted> {
    ctx.may(Permission::of(command))?;
    let scope = ctx.own_scope()?;
    for _ in 0..TRIES_MAX {
        let done = ctx.app.db.write("act", |tx| {
            lock(tx, case_id)?;
            ctx.sees(tx, &scope, case_id)?;
            let case = cases::load(tx, case_id)?.ok_or(Error::NotFound)?;
            not_their_own(ctx, &case, command)?;
            not_by_leave(ctx, command)?;
            handout::check_sees(tx, ctx, (case_id, command))?;
            if expected.is_some_and(|seq| seq != case.seq) && !planted::is("asks-no-version") {
                return unless_done(ctx, case, command);
            }
            let party = people::for_writing(tx, case_id)?.unwrap_or_default();
            supply::check(tx, ctx, (&case, &party.person), command)?;
            let acted = change(tx, ctx, (case, &party.person), command)?;
            if !acted.recorded.is_empty() {
                also(tx)?;
            }
            Ok(acted)
        });
        match done {
            Err(Error::Stale) if expected.is_none() => {}
            Ok(acted) => {
                if !acted.recorded.is_empty() {
                    ctx.app.wrote();
                }
                return Ok(acted);
            }
            Err(error) => return Err(error),
        }
    }
    Err(Error::Stale)
}

/// Nobody approves their own work: whoever manages a case has another go beyond its authorization. Source: trust.md 6.3 (4).
fn not_their_own(ctx: &Ctx, case: &Case, command: &Command) -> Result<()> {
    let is_approval = Permission::of(command) == Permission::GoBeyondAuth;
    if is_approval && case.intake.manager.as_ref() == Some(&ctx.actor.user_id) {
        return Err(Error::outside(&case.id, Rule::OwnWork));
    }
    Ok(())
}

/// Lets the writers of a case come one after the other, however many they are. Comes first in a transaction.
pub(crate) fn lock(tx: &mut Tx, case_id: &CaseId) -> Result<()> {
    Ok(matching::lock(tx, &[lock_name(case_id)])?)
}

/// What a case's lock is called, for those who take others with it.
pub(crate) fn lock_name(case_id: &CaseId) -> String {
    format!("case/{case_id}")
}

/// The case has moved on. When it was this very command that moved it, it is done: a form sent twice is no surprise.
fn unless_done(ctx: &Ctx, case: Case, command: &Command) -> Result<Acted> {
    let terms = terms_for(ctx, &case, command);
    match decide(&case, command, &facts(ctx, &terms)) {
        Ok(events) if events.is_empty() => Ok(Acted { case, recorded: Vec::new() }),
        _ => Err(Error::Stale),
    }
}

/// Decides and appends within the caller's transaction: the one place where events are written.
pub(crate) fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    (case, person): (Case, &Person),
    command: &Command,
) -> Result<Acted> {
    let terms = terms_for(ctx, &case, command);
    let facts = facts(ctx, &terms);
    let events = decide(&case, command, &facts)?;
    if events.is_empty() {
        return Ok(Acted { case, recorded: Vec::new() });
    }
    let before = case.seq;
    // A machine's clock may be put back: a record does not go back with it.
    let at = if planted::is("goes-back-in-time") { ctx.now } else { ctx.now.max(case.recorded_at) };
    let mut after = case;
    let mut recorded = Vec::with_capacity(events.len());
    for event in events {
        let next = Recorded { seq: after.seq + 1, at, by: ctx.actor.clone(), event };
        apply(&mut after, &next);
        recorded.push(next);
    }
    let row = row::summary(&after, person, &facts);
    cases::append(tx, &Append { before, case: &after, recorded: &recorded, row: &row })?;
    jobs::enqueue(tx, &after, &recorded)?;
    if !planted::is("records-no-access") {
        audit::record(tx, &entry(ctx, &after.id, recorded[0].event.name()))?;
    }
    Ok(Acted { case: after, recorded })
}

/// Makes the list row of a case anew where its people changed and nothing was recorded.
pub(crate) fn relist(tx: &mut Tx, ctx: &Ctx, (case, person): (&Case, &Person)) -> Result<()> {
    let terms = terms_of(ctx, case, (&case.intake.payer_id, case.intake.received_at));
    let row = row::summary(case, person, &facts(ctx, &terms));
    Ok(cases::append(tx, &Append { before: case.seq, case, recorded: &[], row: &row })?)
}

/// What an order needs is asked by the rules of the day it was received; a new case takes those of its receipt. The
/// payer's table and clocks hold as they are on the day of the command, and a clock that runs keeps its own.
fn terms_for(ctx: &Ctx, case: &Case, command: &Command) -> Arc<Terms> {
    let of = match command {
        Command::Intake(IntakeCommand::Refer { payer_id, referral, .. }) => {
            (payer_id, referral.received_at)
        }
        _ => (&case.intake.payer_id, case.intake.received_at),
    };
    terms_of(ctx, case, of)
}

fn terms_of(ctx: &Ctx, case: &Case, (payer_id, received_at): (&PayerId, Timestamp)) -> Arc<Terms> {
    let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    ctx.app.packs.terms_between(payer_id, received_at.date(zone), ctx.now.date(zone))
}

pub(crate) fn facts<'a>(ctx: &Ctx, terms: &'a Terms) -> Facts<'a> {
    Facts {
        now: ctx.now,
        actor: ctx.actor.clone(),
        terms,
        hub_zone: ctx.app.settings.hub_zone.clone(),
    }
}

/// Refuses a time that ends before it begins, or is over.
pub(crate) fn ends_ahead(ctx: &Ctx, (from, until): (Timestamp, Timestamp)) -> Result<()> {
    if until > from && until > ctx.now {
        return Ok(());
    }
    Err(Error::bad("until", "enter an end that comes after the beginning, and after now"))
}

pub(crate) fn entry(ctx: &Ctx, case_id: &CaseId, action: &str) -> audit::Entry {
    audit::Entry {
        audit_id: ctx.sortable_id(),
        at: ctx.now,
        user_id: ctx.actor.user_id.clone(),
        role: ctx.actor.role,
        action: action.to_owned(),
        case_id: Some(case_id.clone()),
        object: if ctx.is_renewal { "renewal".to_owned() } else { String::new() },
        purpose: match ctx.rule() {
            Rule::BreakGlass => "emergency".to_owned(),
            _ => "treatment, payment, operations".to_owned(),
        },
        outcome: "done".to_owned(),
        request_id: ctx.request_id.clone(),
        rule: ctx.rule().id().to_owned(),
    }
}

/// Keeps a note on a case. Its text is in its row; the record says only that it was kept.
pub fn note(
    ctx: &Ctx,
    case_id: &CaseId,
    visibility: notes::Visibility,
    text: Phi<String>,
) -> Result<Acted> {
    if text.reveal().trim().is_empty() {
        return Err(Error::bad("note-empty", "the note is empty: write something"));
    }
    let note_id = DocumentId(ctx.sortable_id());
    let row = notes::Note {
        note_id: note_id.clone(),
        at: ctx.now,
        author: ctx.actor.user_id.clone(),
        visibility,
        place: String::new(),
        text,
    };
    let command = Command::Intake(IntakeCommand::Note(note_id));
    act_and(ctx, case_id, None, &command, &mut |tx| {
        notes::put(tx, case_id, &row).map_err(Error::from)
    })
}

/// Returns the local date that a case number made now would carry.
pub(crate) fn today(ctx: &Ctx, at: Timestamp) -> doorstep_vocab::Date {
    at.date(&ctx.app.settings.hub_zone)
}
