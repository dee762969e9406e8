//! What would become of a file: said by looking, with nothing kept.

use super::matching::{Sought, has_ended};
use super::pairs::{Pair, pairs};
use super::{Incoming, READING, Taken, UnitTaken, check_size, untaken};
use crate::open::Order;
use crate::{Ctx, Permission, Result, digest};
use doorstep_case::Case;
use doorstep_db::Tx;
use doorstep_exchange::{Found, Outcome, Problem, Unit, read};
use doorstep_store::{inbox, receipts};
use doorstep_vocab::{Key, ReceiptId};

/// Says what would become of a file, and keeps nothing. Of two copies in one run it does not know.
pub fn preview(ctx: &Ctx, incoming: &Incoming) -> Result<Taken> {
    ctx.may(Permission::SendFiles)?;
    check_size(incoming)?;
    let reading = read(incoming.bytes, incoming.received_at);
    let key = Key(digest(incoming.bytes));
    let units = ctx.app.db.read(|tx| -> Result<Vec<UnitTaken>> {
        if let Some(first) = inbox::seen(tx, "file", &key)?
            && let Some((receipt, rows)) = receipts::for_writing(tx, &first)?
            && receipt.outcome != READING
        {
            return rows.into_iter().map(|row| UnitTaken::again(tx, row)).collect();
        }
        reading.units.iter().map(|found| unit(tx, ctx, incoming, found)).collect()
    })?;
    Ok(Taken::new(ReceiptId::default(), &reading, units, None))
}

fn unit(tx: &mut Tx, ctx: &Ctx, incoming: &Incoming, unit: &Unit) -> Result<UnitTaken> {
    let (referral, sought) = match &unit.found {
        Found::Order { referral, .. } => (referral, Sought::Copy),
        Found::Change { referral, .. } => (referral, Sought::Known),
        _ => return Ok(UnitTaken::bare(unit, untaken(&unit.found))),
    };
    let mut referral = (**referral).clone();
    referral.received_at = referral.received_at.min(incoming.received_at);
    let order = Order::prepared(ctx, referral);
    let found = order.find(tx, sought)?;
    if let Some(case) = found.same {
        let outcome = match sought {
            _ if is_for_a_person(&order, &case, sought) => Outcome::Queued,
            Sought::Copy => Outcome::Linked,
            Sought::Known => Outcome::Updated,
        };
        return Ok(UnitTaken { changed: false, ..UnitTaken::of(unit, outcome, &case, Vec::new()) });
    }
    let mut taken = UnitTaken::bare(unit, Outcome::Opened);
    taken.problems.extend(found.problems);
    if order.referral.lines.is_empty() {
        taken.outcome = Outcome::Refused;
        let words = "the order names no service: add at least one line";
        taken.problems.push(Problem::error("order-empty", unit.place.clone(), words));
    }
    Ok(taken)
}

/// Lines tell it already; what else differs is found when the order is taken.
fn is_for_a_person(order: &Order, case: &Case, sought: Sought) -> bool {
    let referral = &order.referral;
    let pairs = pairs(&referral.lines, case, (&order.terms, false));
    (sought == Sought::Copy && has_ended(case))
        || !referral.withdrawn.is_empty()
        || pairs.iter().any(|pair| matches!(pair, Pair::Differs(..)))
}
