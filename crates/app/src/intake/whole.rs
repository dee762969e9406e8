//! A file of one unit, in one transaction: bytes, receipt, case and answer become durable together, with one flush.
//!
//! Most files are so. What does not fit (the same bytes again, an order that the core refuses) goes the longer way.

use super::unit::Prepared;
use super::{Incoming, Received, Taken, UnitTaken, control, receipt_row, taken};
use crate::secret::sortable_id;
use crate::{Ctx, Error, Result};
use doorstep_exchange::{Reading, reply};
use doorstep_store::inbox::{self, Arrival, Seen};
use doorstep_store::{blobs, receipts};
use doorstep_vocab::{Key, ReceiptId};

/// Takes a file of one unit, or returns `None` when it has to go the longer way; then nothing was written.
pub(super) fn take(ctx: &Ctx, incoming: &Incoming, reading: &Reading) -> Result<Option<Taken>> {
    let [unit] = &reading.units[..] else { return Ok(None) };
    let received = Received {
        receipt_id: ReceiptId(sortable_id(ctx.now)),
        hash: crate::digest(incoming.bytes),
        same_as: None,
    };
    let prepared = Prepared::of(ctx, (&received, incoming), (reading, unit))?;
    let done = ctx.app.db.write("take file", |tx| -> Result<Option<Taken>> {
        prepared.lock(tx)?;
        let (key, received_at) = (Key(received.hash.clone()), incoming.received_at);
        let (hash, receipt_id) = (received.hash.as_str(), &received.receipt_id);
        let seen =
            inbox::once(tx, &Arrival { source: "file", key: &key, hash, receipt_id, received_at })?;
        if seen != Seen::New {
            return Ok(None);
        }
        let unit_taken = prepared.take(tx, ctx)?;
        let outcomes = [UnitTaken::outcome(&unit_taken)];
        let answer = reply(incoming.bytes, reading, &outcomes, ctx.now, control(receipt_id));
        let taken = Taken::new(receipt_id.clone(), reading, vec![unit_taken], answer);
        blobs::put(tx, incoming.bytes)?;
        let mut row = receipt_row(&received, incoming, reading);
        row.outcome = taken.outcome.name().to_owned();
        row.reply_hash = taken::keep_reply(tx, &taken)?;
        receipts::put(tx, &row)?;
        receipts::put_unit(tx, receipt_id, &taken.units[0].row(0))?;
        Ok(Some(taken))
    });
    match done {
        Err(Error::Refused(_)) => Ok(None),
        Ok(Some(taken)) => {
            if taken.units[0].changed {
                ctx.app.wrote();
            }
            Ok(Some(taken))
        }
        other => other,
    }
}
