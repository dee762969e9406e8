//! Reading cases. Every look is recorded before its bytes leave: when the record cannot be written, nothing is read.

use crate::act::entry;
use crate::{Ctx, Error, Result, presence};
use doorstep_case::completeness::{self, Missing};
use doorstep_case::{Case, Line, NextStep, Recorded, next_step};
use doorstep_db::Tx;
use doorstep_store::people::Party;
use doorstep_store::providers::Provider;
use doorstep_store::{
    Scope, audit, cases, contacts, documents, escalations, messages, notes, people, search as find,
    worklist as list,
};
use doorstep_vocab::{CaseId, ContactId, Timestamp};
use std::collections::BTreeMap;
use std::ops::Deref;

/// A case as it stands, with the people around it: what somebody needs who acts on it.
pub struct CaseNow {
    /// The case.
    pub case: Case,
    /// The member and everybody around.
    pub party: Party,
    /// What is missing.
    pub missing: Vec<Missing>,
    /// What to do next.
    pub next: NextStep,
    /// Whom to ask for at providers, by the ids that the events name.
    pub contacts: BTreeMap<ContactId, contacts::Contact>,
}

impl CaseNow {
    /// Returns whom to ask for about a line at the provider who has it.
    pub fn contact(&self, line: &Line) -> Option<&contacts::Contact> {
        self.contacts.get(line.placement.contact()?)
    }
}

/// All that a case page shows: the case as it stands, and all that was kept of how it came to that.
pub struct CaseFile {
    /// The case as it stands.
    pub now: CaseNow,
    /// The whole record, first event first.
    pub record: Vec<Recorded>,
    /// Notes, first first.
    pub notes: Vec<notes::Note>,
    /// Messages of ours, first first.
    pub messages: Vec<messages::Message>,
    /// Documents, first first.
    pub documents: Vec<documents::Document>,
    /// What was written about escalations, each thread together.
    pub threads: Vec<escalations::Message>,
}

impl Deref for CaseFile {
    type Target = CaseNow;

    fn deref(&self) -> &CaseNow {
        &self.now
    }
}

/// Returns the case as it stands, without its record and its papers, and records who looked.
pub fn case_now(ctx: &Ctx, case_id: &CaseId) -> Result<CaseNow> {
    looked_at(ctx, (case_id, None), |_, _| Ok(())).map(|(now, ())| now)
}

/// Returns the case with everything around it, and records who looked.
pub fn case_file(ctx: &Ctx, case_id: &CaseId) -> Result<CaseFile> {
    file(ctx, (case_id, None))
}

/// Returns the same for a page, and says to colleagues that its reader has the case open, at that form.
pub fn case_file_at(ctx: &Ctx, case_id: &CaseId, form: &str) -> Result<CaseFile> {
    file(ctx, (case_id, Some(form)))
}

fn file(ctx: &Ctx, (case_id, form): (&CaseId, Option<&str>)) -> Result<CaseFile> {
    let kept = |tx: &mut Tx, scope: &Scope| {
        let record = cases::events(tx, scope, case_id)?;
        let notes = notes::list(tx, scope, case_id)?;
        let messages = messages::list(tx, scope, case_id)?;
        let threads = escalations::messages(tx, scope, case_id)?;
        Ok((record, notes, (messages, threads), documents::list(tx, scope, case_id)?))
    };
    let (now, (record, notes, (messages, threads), documents)) =
        looked_at(ctx, (case_id, form), kept)?;
    Ok(CaseFile { now, record, notes, messages, documents, threads })
}

/// Reads the case as it stands, and `more` of it on the same snapshot; then records who looked.
fn looked_at<T: Send>(
    ctx: &Ctx,
    (case_id, form): (&CaseId, Option<&str>),
    mut more: impl FnMut(&mut Tx, &Scope) -> Result<T> + Send,
) -> Result<(CaseNow, T)> {
    let scope = ctx.scope_of_case()?;
    let (case, party, contacts, more) = ctx.app.db.read(|tx| -> Result<_> {
        ctx.sees(tx, &scope, case_id)?;
        let case = cases::view(tx, &scope, case_id)?.ok_or(Error::NotFound)?;
        let party = people::get(tx, &scope, case_id)?.unwrap_or_default();
        let contacts = contacts::list(tx, &scope, case_id)?;
        Ok((case, party, contacts, more(tx, &scope)?))
    })?;
    ctx.app.db.write("record a look", |tx| -> Result<()> {
        if let Some(form) = form {
            presence::is_here(tx, ctx, (case_id, form))?;
        }
        Ok(audit::record(tx, &entry(ctx, case_id, "read case"))?)
    })?;
    Ok((standing(ctx, case, (party, contacts), ctx.now), more))
}

/// Says what a case lacks and what is to be done next, as judged at a moment by the rules then in force.
pub(crate) fn standing(
    ctx: &Ctx,
    case: Case,
    (party, contacts): (Party, Vec<contacts::Contact>),
    at: Timestamp,
) -> CaseNow {
    let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let (received_on, day) = (case.intake.received_at.date(zone), at.date(zone));
    let terms = ctx.app.packs.terms_between(&case.intake.payer_id, received_on, day);
    let missing = completeness::missing(&case, &terms, at, &ctx.app.settings.hub_zone);
    let next = next_step(&case, &missing);
    let contacts = contacts.into_iter().map(|row| (row.contact_id.clone(), row)).collect();
    CaseNow { case, party, missing, next, contacts }
}

/// Returns a page of the worklist, and records which members it showed.
pub fn worklist(
    ctx: &Ctx,
    filter: &list::Filter,
    after: Option<&list::Cursor>,
    limit: u32,
) -> Result<list::Page> {
    let scope = ctx.scope()?;
    let page =
        ctx.app.db.read(|tx| list::page(tx, &scope, filter, after, limit).map_err(Error::from))?;
    let shown: Vec<CaseId> = page.rows.iter().map(|row| row.case_id.clone()).collect();
    record_list(ctx, &list_entry(ctx, "read worklist"), &shown)?;
    Ok(page)
}

/// Returns the cases that answer to what was asked, exactly or nearly, and records which it showed.
pub fn search(ctx: &Ctx, query: &find::Query, limit: u32) -> Result<Vec<find::Hit>> {
    let scope = ctx.scope()?;
    let rows = ctx.app.db.read(|tx| find::find(tx, &scope, query, limit).map_err(Error::from))?;
    let shown: Vec<CaseId> = rows.iter().map(|row| row.case_id.clone()).collect();
    record_list(ctx, &list_entry(ctx, "search"), &shown)?;
    Ok(rows)
}

/// Returns a case with those of its member, or of one alike, and records all that it showed.
pub fn alike(ctx: &Ctx, case_id: &CaseId, limit: u32) -> Result<find::Alike> {
    let scope = ctx.scope()?;
    let found = ctx.app.db.read(|tx| -> Result<_> {
        ctx.sees(tx, &scope, case_id)?;
        Ok(find::alike(tx, &scope, case_id, limit)?)
    })?;
    let found = found.ok_or(Error::NotFound)?;
    let shown = [&found.own].into_iter().chain(&found.others).map(|hit| hit.case_id.clone());
    record_list(ctx, &list_entry(ctx, "look for members alike"), &shown.collect::<Vec<_>>())?;
    Ok(found)
}

/// Returns the providers that answer to what was typed. They are no members: no look is recorded.
pub fn search_providers(ctx: &Ctx, typed: &str, limit: u32) -> Result<Vec<Provider>> {
    let scope = ctx.scope()?;
    ctx.app.db.read(|tx| find::providers::find(tx, &scope, typed, limit).map_err(Error::from))
}

pub(crate) fn list_entry(ctx: &Ctx, action: &str) -> audit::Entry {
    audit::Entry { case_id: None, ..entry(ctx, &CaseId::default(), action) }
}

/// Records which members a list showed.
pub(crate) fn record_list(ctx: &Ctx, entry: &audit::Entry, shown: &[CaseId]) -> Result<()> {
    ctx.app
        .db
        .write("record a look", |tx| audit::record_many(tx, entry, shown).map_err(Error::from))
}
