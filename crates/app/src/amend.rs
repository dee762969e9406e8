//! Adding to or correcting an order: what is personal goes to its row, what is not to the record, together.

use crate::act::{Acted, change, entry, lock, not_by_leave, relist};
use crate::open::keep_note;
use crate::party::merged;
use crate::{Ctx, Error, Result};
use doorstep_authz::Permission;
use doorstep_case::intake::{Amendment, IntakeCommand};
use doorstep_case::{Case, Command, Referral};
use doorstep_store::people::{self, Party};
use doorstep_store::{audit, cases};
use doorstep_vocab::{CaseId, Phi, Timestamp, Zip};

/// The personal part of an amendment: what it says replaces what is known, element by element.
pub type PersonChange = Party;

/// Amends a case: people, record and notes of what is said in words, in one transaction. What says no more than is known changes nothing. What the
/// row now holds is recorded as held, so that completeness sees it.
pub fn amend(
    ctx: &Ctx,
    case_id: &CaseId,
    expected: Option<u32>,
    amended: Amended,
) -> Result<Acted> {
    amend_shown(ctx, case_id, Shown { seq: expected, people_at: None }, amended)
}

/// What is amended: the people, the record, and what is said in words.
type Amended<'a> = (&'a PersonChange, &'a Amendment, &'a [Phi<String>]);

/// What whoever amends had before them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown {
    /// The version of the case.
    pub seq: Option<u32>,
    /// When its people were last written. What is personal is in no event, so the version does not tell.
    pub people_at: Option<Timestamp>,
}

/// Returns when the people of a case were last written, for a form that shows them.
pub fn people_written_at(ctx: &Ctx, case_id: &CaseId) -> Result<Option<Timestamp>> {
    ctx.may(Permission::WorkCases)?;
    ctx.app.db.read(|tx| people::written_at(tx, case_id).map_err(Error::from))
}

/// Amends a case as [`amend`] does, unless what the form showed has changed since.
///
/// # Errors
/// [`Error::Stale`] where it has.
pub fn amend_shown(
    ctx: &Ctx,
    case_id: &CaseId,
    shown: Shown,
    (change_of_people, amendment, texts): Amended,
) -> Result<Acted> {
    ctx.may(Permission::WorkCases)?;
    let scope = ctx.own_scope()?;
    let acted = ctx.app.db.write("amend", |tx| {
        lock(tx, case_id)?;
        ctx.sees(tx, &scope, case_id)?;
        let case = cases::load(tx, case_id)?.ok_or(Error::NotFound)?;
        if shown.seq.is_some_and(|seq| seq != case.seq) {
            return Err(Error::Stale);
        }
        if shown.people_at.is_some() && people::written_at(tx, case_id)? != shown.people_at {
            return Err(Error::Stale);
        }
        let known = people::for_writing(tx, case_id)?.unwrap_or_default();
        let merged = merged(&known, change_of_people);
        let record = news(amendment, &case);
        let record = with_held(ctx, record, &case, (&known, &merged));
        let is_other = merged != known;
        let mut acted = if record == Amendment::default() && (is_other || !texts.is_empty()) {
            Acted { case, recorded: Vec::new() }
        } else {
            let command = Command::Intake(IntakeCommand::Amend(record));
            not_by_leave(ctx, &command)?;
            change(tx, ctx, (case, &merged.person), &command)?
        };
        if is_other {
            people::put(tx, case_id, &merged, ctx.now)?;
        }
        if is_other && acted.recorded.is_empty() {
            relist(tx, ctx, (&acted.case, &merged.person))?;
            audit::record(tx, &entry(ctx, case_id, crate::trail::AMENDED))?;
        }
        for text in texts {
            let note_id = keep_note(tx, ctx, case_id, ("", text))?;
            let command = Command::Intake(IntakeCommand::Note(note_id));
            let noted = change(tx, ctx, (acted.case, &merged.person), &command)?;
            acted.recorded.extend(noted.recorded);
            acted.case = noted.case;
        }
        Ok(acted)
    })?;
    ctx.app.wrote();
    Ok(acted)
}

/// A form sends all that it showed; only what differs from the case is news.
fn news(amendment: &Amendment, case: &Case) -> Amendment {
    let mut news = amendment.clone();
    let is_filled = news != Amendment::default();
    news.facts.retain(|item, (fact, as_of)| {
        let known = case.known.get(item);
        known.is_none_or(|known| {
            known.fact != *fact || as_of.is_some_and(|on| known.as_of != Some(on))
        })
    });
    news.withdrawn.retain(|item| case.known.contains_key(item));
    news.diagnoses = news.diagnoses.filter(|diagnoses| *diagnoses != case.intake.diagnoses);
    // An amendment that says what is known is no empty one: the core finds nothing to record in it.
    if is_filled && news == Amendment::default() { amendment.clone() } else { news }
}

/// Adds what the member's row now holds to what is amended, and what follows from it: the zone, the payer, the NPI.
pub(crate) fn with_held(
    ctx: &Ctx,
    mut amendment: Amendment,
    case: &Case,
    (before, after): (&Party, &Party),
) -> Amendment {
    let referral = Referral {
        person: after.person.clone(),
        coverage: after.coverage.clone(),
        prescriber: after.prescriber.clone(),
        diagnoses: amendment.diagnoses.clone().unwrap_or_default(),
        ..Referral::default()
    };
    for (item, known) in referral.known(ctx.now) {
        if !case.known.contains_key(&item) {
            amendment.facts.entry(item).or_insert((known.fact, known.as_of));
        }
    }
    let zip = |party: &Party| party.person.address.as_ref()?.zip.clone();
    if zip(before) != zip(after) {
        let zip = zip(after).and_then(|zip| Zip::parse(zip.reveal()).ok());
        let place = zip.and_then(|zip| zip.place());
        amendment.zone = amendment.zone.or_else(|| place?.zone());
        amendment.state = amendment.state.or_else(|| Some(place?.state().to_owned()));
    }
    let npi = |party: &Party| party.prescriber.clone().filter(|one| one.npi_valid)?.npi;
    if npi(before) != npi(after) {
        amendment.prescriber_npi = amendment.prescriber_npi.or_else(|| npi(after));
    }
    let payer = |party: &Party| party.coverage.iter().find_map(|one| one.payer_id.clone());
    if payer(before) != payer(after) {
        amendment.payer_id = amendment.payer_id.or_else(|| payer(after));
    }
    amendment
}
