//! Adding to or correcting an order: what is personal goes to its row, what is not to the record, together.

use crate::act::{Acted, change, lock};
use crate::permissions::Permission;
use crate::{Ctx, Error, Result};
use doorstep_case::intake::{Amendment, IntakeCommand};
use doorstep_case::{Command, Person, Referral};
use doorstep_store::cases;
use doorstep_store::people::{self, Party};
use doorstep_vocab::{CaseId, Zip};

/// The personal part of an amendment: what is `Some`, or not empty, replaces what is known.
pub type PersonChange = Party;

/// Amends a case: `change_of_person` into the member's row, `amendment` into the record. What the row now holds is
/// recorded as held, so that completeness sees it.
pub fn amend(
    ctx: &Ctx,
    case_id: &CaseId,
    expected: Option<u32>,
    (change_of_person, amendment): (&PersonChange, &Amendment),
) -> Result<Acted> {
    ctx.may(Permission::WorkCases)?;
    let acted = ctx.app.db.write("amend", |tx| {
        lock(tx, case_id)?;
        let case = cases::load(tx, case_id)?.ok_or(Error::NotFound)?;
        if expected.is_some_and(|seq| seq != case.seq) {
            return Err(Error::Stale);
        }
        let known = people::for_writing(tx, case_id)?.unwrap_or_default();
        let merged = merged(&known, change_of_person);
        if merged != known {
            people::put(tx, case_id, &merged, ctx.now)?;
        }
        let command = Command::Intake(IntakeCommand::Amend(with_held(ctx, amendment, &merged)));
        change(tx, ctx, (case, &merged.person), &command)
    })?;
    if !acted.recorded.is_empty() {
        ctx.app.wrote();
    }
    Ok(acted)
}

/// Adds what the member's row now holds to what is amended, and what follows from it: the zone, the payer, the NPI.
fn with_held(ctx: &Ctx, amendment: &Amendment, party: &Party) -> Amendment {
    let referral = Referral {
        person: party.person.clone(),
        coverage: party.coverage.clone(),
        prescriber: party.prescriber.clone(),
        diagnoses: amendment.diagnoses.clone().unwrap_or_default(),
        ..Referral::default()
    };
    let mut amendment = amendment.clone();
    for (item, known) in referral.known(ctx.now) {
        amendment.facts.entry(item).or_insert((known.fact, known.as_of));
    }
    let zip = party.person.address.as_ref().and_then(|address| address.zip.as_ref());
    let zone =
        zip.and_then(|zip| Zip::parse(zip.reveal()).ok()).and_then(|zip| zip.place()?.zone());
    amendment.zone = amendment.zone.or(zone);
    let clinician = party.prescriber.as_ref().filter(|clinician| clinician.npi_valid);
    amendment.prescriber_npi = amendment.prescriber_npi.or_else(|| clinician?.npi.clone());
    let payer = party.coverage.iter().find_map(|coverage| coverage.payer_id.clone());
    amendment.payer_id = amendment.payer_id.or(payer);
    amendment
}

/// Returns `known` with what `change` holds in its place. Nothing is emptied by leaving it out.
pub(crate) fn merged(known: &Party, change: &Party) -> Party {
    let (old, new) = (&known.person, &change.person);
    let person = Person {
        family: new.family.clone().or_else(|| old.family.clone()),
        given: if new.given.is_empty() { old.given.clone() } else { new.given.clone() },
        suffix: new.suffix.clone().or_else(|| old.suffix.clone()),
        birth_on: new.birth_on.clone().or_else(|| old.birth_on.clone()),
        sex: new.sex.clone().or_else(|| old.sex.clone()),
        address: new.address.clone().or_else(|| old.address.clone()),
        phones: if new.phones.is_empty() { old.phones.clone() } else { new.phones.clone() },
        email: new.email.clone().or_else(|| old.email.clone()),
        language: new.language.clone().or_else(|| old.language.clone()),
        record_numbers: if new.record_numbers.is_empty() {
            old.record_numbers.clone()
        } else {
            new.record_numbers.clone()
        },
    };
    Party {
        person,
        coverage: if change.coverage.is_empty() {
            known.coverage.clone()
        } else {
            change.coverage.clone()
        },
        prescriber: change.prescriber.clone().or_else(|| known.prescriber.clone()),
        referrer: change.referrer.clone().or_else(|| known.referrer.clone()),
    }
}
