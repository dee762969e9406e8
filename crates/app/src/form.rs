//! An order that a person types in: opened once, however often the form is sent, and settled with the file that it was
//! typed from.

use crate::act::today;
use crate::desk::settle;
use crate::open::{Opened, Order, open_in};
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::{DocumentKind, Referral};
use doorstep_db::Tx;
use doorstep_exchange::{Attachment, Format};
use doorstep_planted as planted;
use doorstep_store::inbox::{self, Arrival, Seen};
use doorstep_store::receipts::{self, Receipt, Unit};
use doorstep_store::{StoreError, blobs, cases, matching as match_rows};
use doorstep_vocab::{Key, ReceiptId};

/// What goes with an order that a person typed in.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Which form it was, where the form says so.
    pub sent: Option<FormSent>,
    /// The file that waited and that it was typed from, and what that file is.
    pub file: Option<(ReceiptId, DocumentKind)>,
}

/// One form as it was sent.
#[derive(Debug, Clone)]
pub struct FormSent {
    /// Made when the form was shown.
    pub key: Key,
    /// SHA-256 of what was entered, hexadecimal.
    pub hash: String,
}

/// A file that an order was typed from.
struct TypedFrom {
    receipt: Receipt,
    unit: u32,
    attachment: Attachment,
}

/// Opens a case for an order that a person typed in, or links it to the case that already stands for it.
///
/// # Errors
///
/// [`Error::Bad`] with the code `form-sent-before` when the form came with other content before, and `file-settled` when
/// the file does not wait any more. Then nothing is done.
pub fn open(ctx: &Ctx, mut referral: Referral, entry: &Entry) -> Result<Opened> {
    ctx.may(Permission::Refer)?;
    let file = entry.file.as_ref().map(|file| typed_from(ctx, file)).transpose()?;
    if let Some(TypedFrom { receipt, .. }) = &file {
        referral.receipt_id = Some(receipt.receipt_id.clone());
        referral.received_at = referral.received_at.min(receipt.received_at);
    }
    let attachments = file.as_ref().map(|file| std::slice::from_ref(&file.attachment));
    let attachments = attachments.unwrap_or_default();
    let number = ctx.app.next_number(today(ctx, ctx.now))?;
    let order = Order::prepared(ctx, referral).expected_new(ctx, (attachments, &number))?;
    let source = format!("form/{}", ctx.actor.user_id);
    let mut locks = order.keys.clone();
    locks.extend(entry.sent.iter().map(|sent| format!("{source}/{}", sent.key)));
    locks.extend(file.iter().map(|file| format!("receipt/{}", file.receipt.receipt_id)));
    let opened = ctx.app.db.write("open case", |tx| -> Result<Opened> {
        match_rows::lock(tx, &locks)?;
        if let Some(earlier) = sent_before(tx, ctx, (&source, entry))? {
            return Ok(earlier);
        }
        if let Some(file) = &file
            && !receipts::unit_at(tx, &file.receipt.receipt_id, file.unit)?
                .as_ref()
                .is_some_and(waits)
        {
            return Err(file_settled());
        }
        let opened = open_in(tx, ctx, &order, (attachments, &number))?;
        if let Some(sent) = &entry.sent {
            inbox::put_case(tx, (&source, &sent.key), &opened.case.id)?;
        }
        if let Some(file) = &file {
            settle_with(tx, ctx, (file, &opened))?;
        }
        Ok(opened)
    })?;
    if !opened.repeated {
        ctx.app.wrote();
    }
    Ok(opened)
}

/// Returns a file that waits as a whole and that no case has, for whoever types in the order that it is.
///
/// # Errors
///
/// [`Error::Bad`] with the code `file-settled` when it does not wait, and `file-of-many` when it is a list or a batch.
pub fn waiting_file(ctx: &Ctx, receipt_id: &ReceiptId) -> Result<Receipt> {
    let (receipt, unit) = whole_file(ctx, receipt_id)?;
    if waits(&unit) { Ok(receipt) } else { Err(file_settled()) }
}

/// A file of several units is of several members: it never becomes one case's document.
fn whole_file(ctx: &Ctx, receipt_id: &ReceiptId) -> Result<(Receipt, Unit)> {
    ctx.may(Permission::ReadQueue)?;
    let scope = ctx.scope()?;
    ctx.app.db.read(|tx| {
        let receipt = receipts::one(tx, &scope, receipt_id)?.ok_or(Error::NotFound)?;
        let mut units = receipts::first_units(tx, &scope, receipt_id, 2)?;
        match (units.pop(), units.pop()) {
            (Some(unit), None) => Ok((receipt, unit)),
            (None, _) => Err(Error::NotFound),
            (Some(_), Some(_)) => Err(Error::bad(
                "file-of-many",
                "the file holds more than one order: open a case for each and settle it with the case number",
            )),
        }
    })
}

fn waits(unit: &Unit) -> bool {
    unit.outcome == "queued" && unit.resolved_at.is_none() && unit.case_id.is_none()
}

fn file_settled() -> Error {
    Error::bad("file-settled", "the file does not wait any more: look among the latest files")
}

/// Reads the file's bytes. Whether it still waits is asked in the transaction.
fn typed_from(ctx: &Ctx, (receipt_id, kind): &(ReceiptId, DocumentKind)) -> Result<TypedFrom> {
    let (receipt, unit) = whole_file(ctx, receipt_id)?;
    let scope = ctx.scope()?;
    let bytes = match ctx.app.db.read(|tx| blobs::get(tx, &scope, &receipt.hash)) {
        Ok(Some(bytes)) => bytes,
        Ok(None) | Err(StoreError::Decode { .. }) => {
            return Err(Error::bad(
                "file-damaged",
                "the kept bytes are damaged: ask the sender for the file again",
            ));
        }
        Err(error) => return Err(error.into()),
    };
    let media_type = media_type(&receipt.format, &bytes).to_owned();
    let attachment = Attachment { bytes, media_type, kind: *kind, title: None };
    Ok(TypedFrom { receipt, unit: unit.unit, attachment })
}

/// Returns the media type of a file that people read. What a browser might run is bytes and nothing else.
fn media_type(format: &str, bytes: &[u8]) -> &'static str {
    let is = |known: Format| known.words() == format;
    if is(Format::Pdf) {
        "application/pdf"
    } else if is(Format::Tiff) {
        "image/tiff"
    } else if is(Format::Email) {
        "message/rfc822"
    } else if is(Format::Text) {
        "text/plain"
    } else if is(Format::Image) && bytes.starts_with(b"\x89PNG") {
        "image/png"
    } else if is(Format::Image) && bytes.starts_with(b"\xff\xd8") {
        "image/jpeg"
    } else {
        "application/octet-stream"
    }
}

/// Notes the form, and returns the case that it led to when it came before.
fn sent_before(tx: &mut Tx, ctx: &Ctx, (source, entry): (&str, &Entry)) -> Result<Option<Opened>> {
    let Some(FormSent { key, hash }) = &entry.sent else { return Ok(None) };
    if planted::is("forgets-keys-at-a-start") && ctx.app.written() == 0 {
        return Ok(None);
    }
    let (receipt_id, received_at) = (&ReceiptId::default(), ctx.now);
    let seen = inbox::once(tx, &Arrival { source, key, hash, receipt_id, received_at })?;
    if seen == Seen::New {
        return Ok(None);
    }
    let case_id = inbox::case_of(tx, source, key)?.ok_or(Error::NotFound)?;
    let case = cases::load(tx, &case_id)?.ok_or(Error::NotFound)?;
    if let Seen::Other { .. } = seen {
        let number = case.number.map(|number| number.to_string()).unwrap_or_default();
        return Err(Error::bad(
            "form-sent-before",
            format!(
                "this form was sent before, with other content, and led to case {number}: correct that case, \
                 or, when this is another order, send it now"
            ),
        ));
    }
    Ok(Some(Opened { case, linked: true, problems: Vec::new(), differs: false, repeated: true }))
}

/// The file goes with the case. Where the order differs from a case that was there, the file goes on waiting, as one does
/// whose order was read by the program, until a person has compared the two.
fn settle_with(tx: &mut Tx, ctx: &Ctx, (file, opened): (&TypedFrom, &Opened)) -> Result<()> {
    let (place, case_id) = ((&file.receipt.receipt_id, file.unit), &opened.case.id);
    if opened.differs {
        return Ok(receipts::put_case(tx, place, case_id)?);
    }
    if settle(tx, ctx, place, (Some(case_id), "case"))? { Ok(()) } else { Err(file_settled()) }
}
