//! A sender's own key for a request: the same key with the same content is the same request, with another it is a
//! mistake that a person should see.

use super::{Incoming, Received, Taken, UnitTaken, check_size, go_on, receipt_row, take};
use crate::{Ctx, Error, Permission, Result, digest};
use doorstep_exchange::{Found, Outcome, Problem, Reading, detect};
use doorstep_store::inbox::{self, Arrival, Seen};
use doorstep_store::{blobs, receipts};
use doorstep_vocab::{Key, ReceiptId};

/// Takes a file under the sender's own key. Keys are kept for as long as the receipts are.
///
/// # Errors
///
/// [`Error::Bad`] with the code `key-reused` when the key came with other content before. The content is kept all the
/// same, and waits for a person.
pub fn take_keyed(ctx: &Ctx, incoming: &Incoming, key: &Key) -> Result<Taken> {
    ctx.may(Permission::SendFiles)?;
    // What is not taken at all uses up no key.
    check_size(incoming)?;
    ctx.app.takes_files()?;
    let hash = digest(incoming.bytes);
    let source = format!("request/{}", ctx.actor.user_id);
    let receipt_id = ReceiptId::default();
    let seen = ctx.app.db.write("note request key", |tx| {
        let arrival = Arrival {
            source: &source,
            key,
            hash: &hash,
            receipt_id: &receipt_id,
            received_at: incoming.received_at,
        };
        inbox::once(tx, &arrival).map_err(Error::from)
    })?;
    match seen {
        Seen::New | Seen::Same { .. } => take(ctx, incoming),
        Seen::Other { .. } => {
            leave_to_a_person(ctx, incoming)?;
            Err(Error::bad(
                "key-reused",
                "this key came with other content before: send new content under a new key",
            ))
        }
    }
}

fn leave_to_a_person(ctx: &Ctx, incoming: &Incoming) -> Result<Taken> {
    let words = "the sender used one key for two contents: ask which of them holds";
    let problem = Problem::error("key-reused", "request", words);
    let what = "a request whose key was used before".to_owned();
    let reading = Reading::whole(detect(incoming.bytes), Found::Queued { what }, vec![problem]);
    // Only kept: were the bytes noted as taken, they could never come in under a key of their own.
    let receipt_id = ReceiptId(ctx.sortable_id());
    let received = Received { receipt_id, hash: digest(incoming.bytes), same_as: None };
    let mut row = receipt_row(&received, incoming, &reading);
    // It waits for a person from the first moment, so that no start takes it for an order.
    Outcome::Queued.name().clone_into(&mut row.outcome);
    let unit = UnitTaken::bare(&reading.units[0], Outcome::Queued);
    ctx.app.db.write("keep", |tx| -> Result<()> {
        blobs::put(tx, incoming.bytes)?;
        receipts::put(tx, &row)?;
        Ok(receipts::put_unit(tx, &received.receipt_id, &unit.row(0))?)
    })?;
    go_on(ctx, &received, (incoming, &reading), &|_, _| {})
}
