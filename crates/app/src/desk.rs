//! What people at the desk look up and keep besides acts: counts, colleagues, providers, documents, files that wait.
//!
//! Whatever shows a member's data is recorded before its bytes leave.

use crate::act::{change, entry, facts, lock, today};
use crate::open::{Order, attach};
use crate::{Acted, Ctx, Error, Permission, Result, Scope, supply};
use doorstep_case::completeness::{self, Missing};
use doorstep_case::intake::IntakeCommand;
use doorstep_case::{Case, Command, Recorded, Referral, Role, ServiceLine, apply, decide};
use doorstep_db::Tx;
use doorstep_exchange::Attachment;
use doorstep_store::board::{self, Aging, Broken, Load};
use doorstep_store::documents::Document;
use doorstep_store::providers::{self, Need, Provider};
use doorstep_store::receipts::{self, Receipt, Resolution, Unit};
use doorstep_store::users::{self, User};
use doorstep_store::worklist::{self, Asks, Queue};
use doorstep_store::{audit, blobs, cases, documents, people};
use doorstep_vocab::{CaseId, CaseNumber, DocumentId, ProviderId, ReceiptId, Timestamp, UserId};
use std::collections::BTreeMap;

/// Colleagues and providers that a form offers at most.
const CHOICES_MAX: u32 = 500;
/// Units of a file that a list shows; one of thousands is looked at in the file itself.
const UNITS_LISTED: u32 = 20;
/// People whose names a record may need.
const PEOPLE_MAX: u32 = 10_000;

/// Returns how many cases each queue has, in the order in which pages show them: the first one of the role first.
pub fn queue_counts(ctx: &Ctx) -> Result<Vec<(Queue, u32)>> {
    let scope = ctx.scope()?;
    let asks = Asks { user_id: &ctx.actor.user_id, now: ctx.now, day_ends: day_ends(ctx) };
    let mut counts =
        ctx.app.db.read(|tx| worklist::counts(tx, &scope, &asks).map_err(Error::from))?;
    let first = first_queue(ctx.actor.role);
    counts.sort_by_key(|(queue, _)| *queue != first);
    Ok(counts)
}

/// All open cases in numbers.
#[derive(Debug)]
pub struct Board {
    /// What everybody has.
    pub load: Vec<Load>,
    /// How old the cases are, by their next step.
    pub aging: Vec<Aging>,
    /// Which clocks ran out.
    pub broken: Vec<Broken>,
}

/// Returns the supervisor's board. It shows no member.
pub fn board(ctx: &Ctx) -> Result<Board> {
    ctx.may(Permission::ReadBoard)?;
    let scope = ctx.scope()?;
    ctx.app.db.read(|tx| {
        let (load, aging) = (board::load(tx, &scope)?, board::aging(tx, &scope, ctx.now)?);
        Ok(Board { load, aging, broken: board::broken(tx, &scope)? })
    })
}

/// Returns when the hub's day ends: what is planned until then is planned for today.
pub fn day_ends(ctx: &Ctx) -> Timestamp {
    ctx.app.settings.hub_zone.end_of_day(today(ctx, ctx.now))
}

/// Returns the queue that a role begins its day with: nurses with what waits for triage. Source: M09.
pub const fn first_queue(role: Role) -> Queue {
    match role {
        Role::Nurse => Queue::Triage,
        Role::MedicalDirector => Queue::Escalated,
        _ => Queue::Mine,
    }
}

/// Returns a case that is seen.
fn seen(ctx: &Ctx, scope: &Scope, case_id: &CaseId) -> Result<Option<Case>> {
    ctx.app.db.read(|tx| {
        ctx.sees(tx, scope, case_id)?;
        cases::view(tx, scope, case_id).map_err(Error::from)
    })
}

/// Returns a case's version, so that a page knows whether it is still the latest. It tells nothing else.
pub fn version(ctx: &Ctx, case_id: &CaseId) -> Result<u32> {
    let scope = ctx.scope_of_case()?;
    let case = seen(ctx, &scope, case_id)?;
    case.map(|case| case.seq).ok_or(Error::NotFound)
}

/// Returns what people call a case aloud: its number, or its id before it has one.
pub fn number_of(ctx: &Ctx, case_id: &CaseId) -> Result<String> {
    let scope = ctx.scope_of_case()?;
    let case = ctx.app.db.read(|tx| cases::view(tx, &scope, case_id).map_err(Error::from))?;
    let number = case.and_then(|case| case.number);
    Ok(number.map_or_else(|| case_id.to_string(), |number| number.to_string()))
}

/// Returns a case for reading a form against it: its lines, its zone. Nothing of it is shown.
pub fn case_for_form(ctx: &Ctx, case_id: &CaseId) -> Result<Case> {
    let scope = ctx.scope_of_case()?;
    let case = seen(ctx, &scope, case_id)?;
    case.ok_or(Error::NotFound)
}

/// Returns the colleagues who can be given a case.
pub fn staff(ctx: &Ctx) -> Result<Vec<User>> {
    ctx.may(Permission::ReadCase)?;
    let all = ctx.app.db.read(|tx| users::list(tx, None, CHOICES_MAX).map_err(Error::from))?;
    let works = |user: &User| user.role != Role::System && Permission::WorkCases.is_for(user.role);
    Ok(all.into_iter().filter(|user| works(user) && user.disabled_at.is_none()).collect())
}

/// Returns the providers that offer a trade where the member lives, those who take new members first. Where the
/// member's address is not known, there are none.
pub fn providers_for(ctx: &Ctx, case_id: &CaseId, service: ServiceLine) -> Result<Vec<Provider>> {
    let scope = ctx.scope_of_case()?;
    ctx.app.db.read(|tx| {
        let party = people::get(tx, &scope, case_id)?.unwrap_or_default();
        let (zip, state) = supply::place(&party.person);
        let (zip, state) = (zip.as_deref(), state.as_deref());
        let need = Need { service, zip, state, on: today(ctx, ctx.now) };
        Ok(providers::find(tx, &need, CHOICES_MAX)?)
    })
}

/// Returns the providers of that id, as far as they are known.
pub fn providers(ctx: &Ctx, ids: &[ProviderId]) -> Result<BTreeMap<ProviderId, Provider>> {
    ctx.app.db.read(|tx| {
        let mut known = BTreeMap::new();
        for id in ids {
            if let Some(provider) = providers::get(tx, id)? {
                known.insert(id.clone(), provider);
            }
        }
        Ok(known)
    })
}

/// Returns a provider, when the network knows it.
pub fn provider(ctx: &Ctx, provider_id: &ProviderId) -> Result<Option<Provider>> {
    ctx.app.db.read(|tx| providers::get(tx, provider_id).map_err(Error::from))
}

/// Returns the names of everybody who ever could sign in: a case's record names them long after.
pub fn people(ctx: &Ctx) -> Result<BTreeMap<UserId, String>> {
    ctx.may(Permission::ReadCase)?;
    let all = ctx.app.db.read(|tx| users::list(tx, None, PEOPLE_MAX).map_err(Error::from))?;
    Ok(all.into_iter().map(|user| (user.user_id, user.name)).collect())
}

/// Returns a document with its bytes, and records who took it.
pub fn document(
    ctx: &Ctx,
    case_id: &CaseId,
    document_id: &DocumentId,
) -> Result<(Document, Vec<u8>)> {
    let scope = ctx.scope_of_case()?;
    let (document, bytes) = ctx.app.db.read(|tx| -> Result<_> {
        ctx.sees(tx, &scope, case_id)?;
        let found = documents::get(tx, &scope, case_id, document_id)?.ok_or(Error::NotFound)?;
        let bytes = blobs::get(tx, &scope, &found.hash)?.ok_or(Error::NotFound)?;
        Ok((found, bytes))
    })?;
    let look = audit::Entry {
        object: format!("document {document_id}"),
        ..entry(ctx, case_id, "read document")
    };
    ctx.app.db.write("record a look", |tx| audit::record(tx, &look).map_err(Error::from))?;
    Ok((document, bytes))
}

/// Stores a document and adds it to the case. The same document twice on one case is one.
pub fn add_document(ctx: &Ctx, case_id: &CaseId, attachment: &Attachment) -> Result<Acted> {
    ctx.may(Permission::WorkCases)?;
    if attachment.bytes.is_empty() {
        return Err(Error::bad("document-empty", "the file is empty: choose another"));
    }
    let scope = ctx.own_scope()?;
    let acted = ctx.app.db.write("add document", |tx| {
        lock(tx, case_id)?;
        ctx.sees(tx, &scope, case_id)?;
        let case = cases::load(tx, case_id)?.ok_or(Error::NotFound)?;
        let party = people::for_writing(tx, case_id)?.unwrap_or_default();
        let document = attach(tx, ctx, case_id, (attachment, None))?;
        let command = Command::Intake(IntakeCommand::Attach(document));
        change(tx, ctx, (case, &party.person), &command)
    })?;
    if !acted.recorded.is_empty() {
        ctx.app.wrote();
    }
    Ok(acted)
}

/// A file in a list: its receipt and the first of its units.
#[derive(Debug)]
pub struct ListedFile {
    /// The receipt.
    pub receipt: Receipt,
    /// Its first units, or the first of those that wait.
    pub units: Vec<Unit>,
    /// Whether there are more.
    pub has_more: bool,
}

impl ListedFile {
    fn of(receipt: Receipt, mut units: Vec<Unit>) -> Self {
        let has_more = units.len() > UNITS_LISTED as usize;
        units.truncate(UNITS_LISTED as usize);
        Self { receipt, units, has_more }
    }
}

/// Returns the latest files, the newest first, each with its first units.
pub fn files(ctx: &Ctx, limit: u32) -> Result<Vec<ListedFile>> {
    ctx.may(Permission::ReadQueue)?;
    let scope = ctx.scope()?;
    ctx.app.db.read(|tx| {
        let mut files = Vec::new();
        for receipt in receipts::list(tx, &scope, None, limit)? {
            let units = receipts::first_units(tx, &scope, &receipt.receipt_id, UNITS_LISTED + 1)?;
            files.push(ListedFile::of(receipt, units));
        }
        Ok(files)
    })
}

/// Returns the files with units that wait for a person, the oldest first, each with the first of those. A list of which
/// thousands wait hides no other file.
pub fn waiting_files(ctx: &Ctx, limit: u32) -> Result<Vec<ListedFile>> {
    ctx.may(Permission::ReadQueue)?;
    let scope = ctx.scope()?;
    ctx.app.db.read(|tx| {
        let mut files: Vec<ListedFile> = Vec::new();
        for _ in 0..limit {
            let last = files.last().map(|file| (&file.receipt.receipt_id, u32::MAX));
            let waiting = receipts::queued(tx, &scope, last, UNITS_LISTED + 1)?;
            let Some(receipt_id) = waiting.first().map(|unit| unit.receipt_id.clone()) else {
                break;
            };
            let Some(receipt) = receipts::one(tx, &scope, &receipt_id)? else { break };
            let of_file = waiting.into_iter().take_while(|unit| unit.receipt_id == receipt_id);
            files.push(ListedFile::of(receipt, of_file.map(|queued| queued.unit).collect()));
        }
        Ok(files)
    })
}

/// Returns a file's original bytes, and records who took them.
pub fn file_bytes(ctx: &Ctx, receipt_id: &ReceiptId) -> Result<(Receipt, Vec<u8>)> {
    ctx.may(Permission::ReadQueue)?;
    let scope = ctx.scope()?;
    let (receipt, shown, bytes) = ctx.app.db.read(|tx| -> Result<_> {
        let receipt = receipts::one(tx, &scope, receipt_id)?.ok_or(Error::NotFound)?;
        // A file of many members is seen by those who see all of their cases.
        let shown = receipts::cases_of(tx, receipt_id)?;
        for case_id in &shown {
            ctx.sees(tx, &scope, case_id)?;
        }
        let bytes = blobs::get(tx, &scope, &receipt.hash)?.ok_or(Error::NotFound)?;
        Ok((receipt, shown, bytes))
    })?;
    let mut look = entry(ctx, &CaseId::default(), "read file");
    (look.case_id, look.object) = (None, format!("receipt {receipt_id}"));
    ctx.app
        .db
        .write("record a look", |tx| audit::record_many(tx, &look, &shown).map_err(Error::from))?;
    Ok((receipt, bytes))
}

/// Why a unit that waited is settled without a case, each with its words.
pub const SETTLED_WITHOUT_CASE: [(&str, &str); 5] = [
    ("done", "what it asked for was done"),
    ("no-order", "it is no order"),
    ("handled-before", "it was handled before"),
    ("taken-back", "the sender took it back"),
    ("sent-again", "the sender will send it again"),
];

/// How a unit that waited was settled.
#[derive(Debug, Clone, Copy)]
pub enum Settled<'a> {
    /// It went to the case of that number.
    Case(&'a CaseNumber),
    /// It went to none; the code of why.
    Without(&'static str),
}

/// Settles a unit that waits for a person, and records how. When nothing of the receipt waits any more, its case is told
/// that it was reviewed.
pub fn resolve_unit(
    ctx: &Ctx,
    (receipt_id, unit): (&ReceiptId, u32),
    settled: Settled,
) -> Result<()> {
    ctx.may(Permission::ReadQueue)?;
    let scope = ctx.scope()?;
    let (waits, named, why) = ctx.app.db.read(|tx| -> Result<_> {
        let (named, why) = match settled {
            Settled::Case(number) => {
                let unknown =
                    || Error::bad("case-unknown", "no case has this number: read it again");
                (Some(cases::by_number(tx, &scope, number)?.ok_or_else(unknown)?), "case")
            }
            Settled::Without(why) => (None, why),
        };
        Ok((receipts::unit_at(tx, receipt_id, unit)?, named, why))
    })?;
    let reviewed = waits.and_then(|unit| unit.case_id);
    let resolved = ctx.app.db.write("resolve unit", |tx| -> Result<bool> {
        if let Some(case_id) = &reviewed {
            lock(tx, case_id)?;
            ctx.sees(tx, &scope, case_id)?;
        }
        let resolved = settle(tx, ctx, (receipt_id, unit), (named.as_ref(), why))?;
        if let (true, Some(case_id)) = (resolved, &reviewed)
            && !receipts::waits_for(tx, receipt_id, case_id)?
        {
            review(tx, ctx, case_id, receipt_id)?;
        }
        Ok(resolved)
    })?;
    ctx.app.wrote_if(resolved)
}

/// Settles a unit within the caller's transaction, and records who did and why. Returns whether it did wait.
pub(crate) fn settle(
    tx: &mut Tx,
    ctx: &Ctx,
    (receipt_id, unit): (&ReceiptId, u32),
    (case_id, why): (Option<&CaseId>, &str),
) -> Result<bool> {
    let (by, at) = (&ctx.actor.user_id, ctx.now);
    let resolved = receipts::resolve(tx, &Resolution { receipt_id, unit, case_id, by, at })?;
    if resolved {
        let mut done = entry(ctx, &CaseId::default(), "settle file");
        done.case_id = case_id.cloned();
        done.object = format!("receipt {receipt_id} unit {unit}: {why}");
        audit::record(tx, &done)?;
    }
    Ok(resolved)
}

fn review(tx: &mut Tx, ctx: &Ctx, case_id: &CaseId, receipt_id: &ReceiptId) -> Result<()> {
    let Some(case) = cases::load(tx, case_id)? else { return Ok(()) };
    let party = people::for_writing(tx, case_id)?.unwrap_or_default();
    let command = Command::Intake(IntakeCommand::Review(receipt_id.clone()));
    change(tx, ctx, (case, &party.person), &command).map(|_| ())
}

/// Says what an order that a person types in would lack, and keeps nothing.
pub fn check(ctx: &Ctx, referral: Referral) -> Result<Vec<Missing>> {
    ctx.may(Permission::Refer)?;
    let order = Order::prepared(ctx, referral);
    let terms = ctx.app.packs.terms_for(&order.payer_id, today(ctx, order.referral.received_at));
    let facts = facts(ctx, &terms);
    let number = CaseNumber::new(today(ctx, ctx.now), 0);
    let (payer_id, referral) = (order.payer_id, Box::new(order.referral));
    let command = Command::Intake(IntakeCommand::Refer { number, payer_id, referral });
    let mut case = Case::new(CaseId::from("check"));
    for event in decide(&case, &command, &facts)? {
        let (seq, at, by) = (case.seq + 1, ctx.now, ctx.actor.clone());
        apply(&mut case, &Recorded { seq, at, by, event });
    }
    Ok(completeness::missing(&case, &terms, ctx.now, &facts.hub_zone))
}
