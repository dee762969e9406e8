//! What a door could not take apart: kept under a receipt, refused, and never read as an order.

use super::{Incoming, Received, Taken, go_on, receipt_row};
use crate::{Ctx, Permission, Result, digest};
use doorstep_exchange::{Found, Outcome, Problem, Reading, detect};
use doorstep_store::{blobs, receipts};
use doorstep_vocab::ReceiptId;

/// Keeps bytes that are known to be broken, such as a frame that was cut off, and refuses them for `problem`.
///
/// They do not stand for the file that they were cut from: when the same bytes come again whole, they are taken.
pub fn keep_broken(ctx: &Ctx, incoming: &Incoming, problem: Problem) -> Result<Taken> {
    ctx.may(Permission::SendFiles)?;
    ctx.app.takes_files()?;
    let mut reading = Reading::whole(detect(incoming.bytes), Found::Refused, vec![problem]);
    for unit in &mut reading.units {
        // The message that the answer is to.
        "message 1".clone_into(&mut unit.place);
    }
    let received = Received {
        receipt_id: ReceiptId(ctx.sortable_id()),
        hash: digest(incoming.bytes),
        same_as: None,
    };
    let mut row = receipt_row(&received, incoming, &reading);
    // Refused from the first moment, so that no start finishes it as if it were whole.
    Outcome::Refused.name().clone_into(&mut row.outcome);
    ctx.app.db.write("keep broken", |tx| -> Result<()> {
        blobs::put(tx, incoming.bytes)?;
        receipts::put(tx, &row)?;
        Ok(())
    })?;
    go_on(ctx, &received, (incoming, &reading), &|_, _| {})
}
