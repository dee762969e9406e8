//! Files of which rows were refused: who looks at each, and how it was settled.

use crate::act::entry;
use crate::{Ctx, Error, Permission, Result, desk};
use doorstep_store::receipts::Unit;
use doorstep_store::{audit, imports};
use doorstep_vocab::{CaseId, ReceiptId, UserId};

pub use doorstep_store::imports::{COUNT_MAX, Import};

/// Files of a page.
const FILES_MAX: u32 = 50;
/// Refused rows of a page.
const ROWS_MAX: u32 = 50;
/// Characters of what is said when a file is settled: it stands in one line.
pub const NOTE_MAX: usize = 200;

/// Returns how many files with refused rows wait; `None` for those who do not look at files.
pub fn count(ctx: &Ctx) -> Result<Option<u32>> {
    if !Permission::ReadQueue.is_for(ctx.actor.role) {
        return Ok(None);
    }
    let scope = ctx.scope()?;
    ctx.app.db.read(|tx| imports::count(tx, &scope).map(Some).map_err(Error::from))
}

/// A page of files.
#[derive(Debug)]
pub struct Files {
    /// The files: those that wait, the oldest first, or those that were settled, the latest first.
    pub files: Vec<Import>,
    /// Where the page of those that wait goes on.
    pub next: Option<ReceiptId>,
}

/// Returns the files that wait, after one.
pub fn waiting(ctx: &Ctx, after: Option<&ReceiptId>) -> Result<Files> {
    ctx.may(Permission::ReadQueue)?;
    let scope = ctx.scope()?;
    let mut files = ctx
        .app
        .db
        .read(|tx| imports::waiting(tx, &scope, after, FILES_MAX + 1).map_err(Error::from))?;
    let has_more = files.len() > FILES_MAX as usize;
    files.truncate(FILES_MAX as usize);
    let next = files.last().filter(|_| has_more).map(|file| file.receipt_id.clone());
    Ok(Files { files, next })
}

/// Returns the files that were settled last.
pub fn settled(ctx: &Ctx) -> Result<Files> {
    ctx.may(Permission::ReadQueue)?;
    let scope = ctx.scope()?;
    let files =
        ctx.app.db.read(|tx| imports::settled(tx, &scope, FILES_MAX).map_err(Error::from))?;
    Ok(Files { files, next: None })
}

/// A file with the rows that were refused.
#[derive(Debug)]
pub struct Refused {
    /// The file.
    pub file: Import,
    /// Its refused rows, as many as a page has.
    pub rows: Vec<Unit>,
    /// The row after which the next page goes on.
    pub next: Option<u32>,
}

/// Returns a file with its refused rows, after one.
///
/// # Errors
/// [`Error::NotFound`] when there is no such file, or none of its rows was refused.
pub fn refused(ctx: &Ctx, receipt_id: &ReceiptId, after: Option<u32>) -> Result<Refused> {
    ctx.may(Permission::ReadQueue)?;
    let scope = ctx.scope()?;
    let (file, mut rows) = ctx.app.db.read(|tx| -> Result<_> {
        let file = imports::get(tx, &scope, receipt_id)?.ok_or(Error::NotFound)?;
        Ok((file, imports::refused(tx, &scope, (receipt_id, after), ROWS_MAX + 1)?))
    })?;
    let has_more = rows.len() > ROWS_MAX as usize;
    rows.truncate(ROWS_MAX as usize);
    let next = rows.last().filter(|_| has_more).map(|row| row.unit);
    Ok(Refused { file, rows, next })
}

/// Says who looks at a file.
///
/// # Errors
/// [`Error::Bad`] with the code `owner` when it is nobody who looks at files, [`Error::NotFound`] when the file does not wait.
pub fn give(ctx: &Ctx, receipt_id: &ReceiptId, owner: &UserId) -> Result<()> {
    ctx.may(Permission::ReadQueue)?;
    let is_staff = desk::staff(ctx)?.iter().any(|user| user.user_id == *owner);
    if !is_staff {
        return Err(Error::bad("owner", "choose a colleague of the list"));
    }
    let done = of_file(ctx, "give refused rows", format!("receipt {receipt_id}: {owner}"));
    changed(ctx, (receipt_id, &done), &|tx| Ok(imports::give(tx, receipt_id, owner)?))
}

/// Settles a file, and says what was done about it.
///
/// # Errors
/// [`Error::Bad`] with the code `note` when nothing is said, or too much; [`Error::NotFound`] when it does not wait.
pub fn settle(ctx: &Ctx, receipt_id: &ReceiptId, note: &str) -> Result<()> {
    ctx.may(Permission::ReadQueue)?;
    let note = note.trim();
    if note.is_empty() || note.chars().count() > NOTE_MAX || note.chars().any(char::is_control) {
        let words = "say in one line what was done about the refused rows, at most 200 characters";
        return Err(Error::bad("note", words));
    }
    let done = of_file(ctx, "settle refused rows", format!("receipt {receipt_id}"));
    let by = (&ctx.actor.user_id, ctx.now);
    changed(ctx, (receipt_id, &done), &|tx| Ok(imports::settle(tx, receipt_id, by, note)?))
}

fn of_file(ctx: &Ctx, action: &str, object: String) -> audit::Entry {
    audit::Entry { case_id: None, object, ..entry(ctx, &CaseId::default(), action) }
}

type Deed<'a> = dyn Fn(&mut doorstep_db::Tx) -> Result<bool> + Sync + 'a;

fn changed(
    ctx: &Ctx,
    (receipt_id, done): (&ReceiptId, &audit::Entry),
    deed: &Deed<'_>,
) -> Result<()> {
    let scope = ctx.scope()?;
    let waited = ctx.app.db.write("settle import", |tx| -> Result<bool> {
        imports::get(tx, &scope, receipt_id)?.ok_or(Error::NotFound)?;
        let waited = deed(tx)?;
        if waited {
            audit::record(tx, done)?;
        }
        Ok(waited)
    })?;
    ctx.app.wrote_if(waited)
}
