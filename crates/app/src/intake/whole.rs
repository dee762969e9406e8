//! A file of one unit, in one transaction: bytes, receipt, case and answer become durable together, with one flush.
//!
//! Most files are so. What does not fit (the same bytes again, an order that the core refuses) goes the longer way.

use super::unit::{Prepared, number_for};
use super::{FILE, Incoming, Received, Taken, UnitTaken, control, receipt_row, taken};
use crate::{Ctx, Error, Result};
use doorstep_db::Tx;
use doorstep_exchange::{Reading, reply};
use doorstep_store::inbox::{self, Arrival, Seen};
use doorstep_store::{blobs, receipts};
use doorstep_vocab::{Key, ReceiptId};

/// What was done in the transaction.
enum Done {
    /// Nothing: the file has to go the longer way.
    Nothing,
    /// What was expected.
    Expected,
    /// Something else.
    Other(Box<Taken>),
}

/// Takes a file of one unit, or returns `None` when it has to go the longer way; then nothing was written.
///
/// The case that is to be expected, its answer and all their rows are made before the transaction.
pub(super) fn take(ctx: &Ctx, incoming: &Incoming, reading: &Reading) -> Result<Option<Taken>> {
    let [unit] = &reading.units[..] else { return Ok(None) };
    let received = Received {
        receipt_id: ReceiptId(ctx.sortable_id()),
        hash: crate::digest(incoming.bytes),
        same_as: None,
    };
    let number = number_for(ctx, unit)?;
    // What follows takes a millisecond: whoever writes meanwhile shares the flush.
    let announced = ctx.app.db.announce();
    let prepared = Prepared::of(ctx, (&received, incoming), (reading, 0, unit), number)?;
    let answered = |unit_taken| answered(ctx, (&received, incoming), reading, unit_taken);
    let expected = prepared.expected().map(answered);
    let draft = expected.as_ref().map(|taken| {
        let drafted = ctx.app.db.draft(|tx| keep(tx, (&received, incoming), reading, taken));
        drafted.map(|((), draft)| draft)
    });
    let expected = expected.zip(draft.transpose()?);
    let done = announced.write("take file", |tx| -> Result<Done> {
        prepared.lock(tx)?;
        if is_known(tx, &received, incoming)? {
            return Ok(Done::Nothing);
        }
        let unit_taken = prepared.take(tx, ctx)?;
        match &expected {
            Some((taken, draft)) if taken.units.first() == Some(&unit_taken) => {
                tx.play(draft)?;
                Ok(Done::Expected)
            }
            _ => {
                let taken = answered(unit_taken);
                keep(tx, (&received, incoming), reading, &taken)?;
                Ok(Done::Other(Box::new(taken)))
            }
        }
    });
    let taken = match done {
        Err(Error::Refused(_)) | Ok(Done::Nothing) => None,
        Ok(Done::Expected) => expected.map(|(taken, _)| taken),
        Ok(Done::Other(taken)) => Some(*taken),
        Err(error) => return Err(error),
    };
    if taken.as_ref().is_some_and(|taken| taken.units[0].changed) {
        ctx.app.wrote();
    }
    Ok(taken)
}

/// Notes the bytes, and returns whether they came before.
fn is_known(tx: &mut Tx, received: &Received, incoming: &Incoming) -> Result<bool> {
    let (key, received_at) = (Key(received.hash.clone()), incoming.received_at);
    let (hash, receipt_id) = (received.hash.as_str(), &received.receipt_id);
    let arrival = Arrival { source: FILE, key: &key, hash, receipt_id, received_at };
    Ok(inbox::once(tx, &arrival)? != Seen::New)
}

fn answered(
    ctx: &Ctx,
    (received, incoming): (&Received, &Incoming),
    reading: &Reading,
    unit_taken: UnitTaken,
) -> Taken {
    let outcomes = [UnitTaken::outcome(&unit_taken)];
    let receipt_id = &received.receipt_id;
    let answer = reply(incoming.bytes, reading, &outcomes, ctx.now, control(receipt_id));
    Taken::new(receipt_id.clone(), reading, vec![unit_taken], answer)
}

/// Keeps the bytes, the receipt and the answer. Only writes, so that it can be drafted.
fn keep(
    tx: &mut Tx,
    (received, incoming): (&Received, &Incoming),
    reading: &Reading,
    taken: &Taken,
) -> Result<()> {
    blobs::put(tx, incoming.bytes)?;
    let mut row = receipt_row(received, incoming, reading);
    taken.outcome.name().clone_into(&mut row.outcome);
    row.reply_hash = taken::keep_reply(tx, taken)?;
    receipts::put(tx, &row)?;
    receipts::put_unit(tx, &received.receipt_id, &taken.units[0].row(0))?;
    taken::wait_for_refused(tx, taken)
}
