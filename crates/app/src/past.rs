//! A case as it was known at a moment that has passed, judged by the rules then in force.
//!
//! Events hold no personal data, so what the member was called and where they lived is shown as it stands now; that it was
//! amended is in the record. Source: facts 11.6 (55).

use crate::act::entry;
use crate::read::standing;
use crate::{CaseFile, Ctx, Error, Result};
use doorstep_case::{Case, apply};
use doorstep_store::{audit, cases, contacts, documents, escalations, messages, notes, people};
use doorstep_vocab::{CaseId, Timestamp};

/// A moment of a case's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// That time: everything recorded until then.
    At(Timestamp),
    /// Right after the event of that number.
    After(u32),
}

/// A case as it was.
pub struct Past {
    /// When.
    pub at: Timestamp,
    /// The case as it was then, with what was kept of it until then.
    pub file: CaseFile,
    /// How many events the record has today.
    pub n_events: u32,
}

/// Returns the case as it was known at a moment, and records who looked.
///
/// # Errors
/// [`Error::Bad`] with the code `before-opened` when the hub did not have the case yet.
pub fn case_as_of(ctx: &Ctx, case_id: &CaseId, moment: Moment) -> Result<Past> {
    let past = read_as_of(ctx, case_id, moment)?;
    let object = format!("as of {}", past.at);
    let look = audit::Entry { object, ..entry(ctx, case_id, "read case") };
    ctx.app.db.write("record a look", |tx| audit::record(tx, &look).map_err(Error::from))?;
    Ok(past)
}

/// Returns the case as a page showed it that was made after the event of that number, to say what changed since. The look
/// is the page's that says it, which records it.
pub fn case_as_seen(ctx: &Ctx, case_id: &CaseId, seen: u32) -> Result<Past> {
    read_as_of(ctx, case_id, Moment::After(seen))
}

fn read_as_of(ctx: &Ctx, case_id: &CaseId, moment: Moment) -> Result<Past> {
    let scope = ctx.scope_of_case()?;
    let (mut record, party, contacts, (mut notes, mut messages, mut threads), mut documents) =
        ctx.app.db.read(|tx| -> Result<_> {
            ctx.sees(tx, &scope, case_id)?;
            cases::view(tx, &scope, case_id)?.ok_or(Error::NotFound)?;
            let party = people::get(tx, &scope, case_id)?.unwrap_or_default();
            let contacts = contacts::list(tx, &scope, case_id)?;
            let record = cases::events(tx, &scope, case_id)?;
            let notes = notes::list(tx, &scope, case_id)?;
            let threads = escalations::messages(tx, &scope, case_id)?;
            let texts = (notes, messages::list(tx, &scope, case_id)?, threads);
            Ok((record, party, contacts, texts, documents::list(tx, &scope, case_id)?))
        })?;
    let n_events = record.last().map_or(0, |last| last.seq);
    record.retain(|recorded| match moment {
        Moment::At(at) => recorded.at <= at,
        Moment::After(seq) => recorded.seq <= seq,
    });
    let last = record.last().ok_or_else(|| {
        Error::bad("before-opened", "the hub did not have this case yet: choose a later time")
    })?;
    let at = match moment {
        Moment::At(at) => at.min(ctx.now),
        Moment::After(_) => last.at,
    };
    notes.retain(|note| note.at <= at);
    messages.retain(|message| message.at <= at);
    documents.retain(|document| document.added_at <= at);
    threads.retain(|message| message.at <= at);
    let mut case = Case::new(case_id.clone());
    for recorded in &record {
        apply(&mut case, recorded);
    }
    let now = standing(ctx, case, (party, contacts), at);
    let file = CaseFile { now, record, notes, messages, documents, threads };
    Ok(Past { at, file, n_events })
}
