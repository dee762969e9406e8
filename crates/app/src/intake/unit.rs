//! One unit of a file: opened, linked, applied to a known case, or left to a person, in one transaction.

use super::bring::{Kind, bring};
use super::matching::{Sought, ref_keys};
use super::{Incoming, Received, UnitTaken, untaken};
use crate::act::{change, today};
use crate::open::{Order, open_in};
use crate::{Ctx, Error, Result};
use doorstep_case::intake::{IntakeCommand, Receipt, ReviewReason};
use doorstep_case::{Command, Referral};
use doorstep_db::Tx;
use doorstep_exchange::{Attachment, Found, Outcome, Problem, Reading, Unit};
use doorstep_store::inbox::{self, Arrival};
use doorstep_store::{cases, matching as match_rows, people, receipts};
use doorstep_vocab::{CaseId, CaseNumber, Key, ReceiptId};

/// A unit with all that is worked out of it before any transaction.
pub(super) struct Prepared<'a> {
    received: &'a Received,
    at: u32,
    unit: &'a Unit,
    source: String,
    order: Option<Order>,
    number: Option<CaseNumber>,
    locks: Vec<String>,
}

impl<'a> Prepared<'a> {
    pub(super) fn of(
        ctx: &Ctx,
        (received, incoming): (&'a Received, &Incoming),
        (reading, at, unit): (&Reading, u32, &'a Unit),
        number: Option<CaseNumber>,
    ) -> Result<Self> {
        let order = match (order_of(ctx, (received, incoming), unit), &unit.found, &number) {
            (Some(order), Found::Order { attachments, .. }, Some(number)) => {
                Some(order.expected_new(ctx, (attachments, number))?)
            }
            (order, ..) => order,
        };
        // The file's own hash keeps two doors from taking the same bytes at once.
        let keys = order.iter().flat_map(|order| order.keys.iter().cloned());
        let locks = keys.chain([received.hash.clone()]).collect();
        let source =
            format!("{}/{}", reading.format.words(), reading.sender.as_deref().unwrap_or_default());
        Ok(Self { received, at, unit, source, order, number, locks })
    }

    /// Keeps every other door from taking the same bytes, or the same order, meanwhile. Comes first.
    pub(super) fn lock(&self, tx: &mut Tx) -> Result<()> {
        Ok(match_rows::lock(tx, &self.locks)?)
    }

    /// Returns what becomes of an order that no case stands for yet and that nothing is wrong with.
    pub(super) fn expected(&self) -> Option<UnitTaken> {
        let case = self.order.as_ref()?.expected()?;
        Some(UnitTaken::of(self.unit, Outcome::Opened, case, Vec::new()))
    }

    /// Takes the unit within the caller's transaction, which holds the lock.
    pub(super) fn take(&self, tx: &mut Tx, ctx: &Ctx) -> Result<UnitTaken> {
        let mut taken = self.apply(tx, ctx)?;
        if let Some(problem) = self.key_reused(tx, ctx)? {
            taken.problems.push(problem);
        }
        Ok(taken)
    }

    fn apply(&self, tx: &mut Tx, ctx: &Ctx) -> Result<UnitTaken> {
        let unit = self.unit;
        match (&unit.found, &self.order, &self.number) {
            (Found::Order { attachments, .. }, Some(order), Some(number)) => {
                let opened = open_in(tx, ctx, order, (attachments, number))?;
                UnitTaken::opened(unit, opened).or_overtaken(tx, ctx, order)
            }
            (Found::Change { attachments, .. }, Some(order), Some(number)) => {
                amend_known(tx, ctx, order, (unit, attachments, number))
            }
            (Found::Cancel { .. }, Some(order), _) => {
                cancel_known(tx, ctx, order, (unit, (&self.received.receipt_id, self.at)))
            }
            _ => Ok(UnitTaken::bare(unit, untaken(&unit.found))),
        }
    }

    /// A sender that gives one control number to two contents is told so; neither content is lost.
    fn key_reused(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Problem>> {
        if self.unit.key.is_empty() {
            return Ok(None);
        }
        let (key, receipt_id) = (Key(self.unit.key.clone()), &self.received.receipt_id);
        let (source, hash, received_at) =
            (self.source.as_str(), self.received.hash.as_str(), ctx.now);
        let seen = inbox::once(tx, &Arrival { source, key: &key, hash, receipt_id, received_at })?;
        Ok(matches!(seen, inbox::Seen::Other { .. }).then(|| {
            let words =
                "the sender gave this control number to another message before: both are kept; number each anew";
            Problem::warning("control-number-reused", self.unit.place.clone(), words)
        }))
    }
}

/// Returns the number for the case that a unit may open.
pub(super) fn number_for(ctx: &Ctx, unit: &Unit) -> Result<Option<CaseNumber>> {
    match unit.found {
        Found::Order { .. } | Found::Change { .. } => {
            Ok(Some(ctx.app.next_number(today(ctx, ctx.now))?))
        }
        _ => Ok(None),
    }
}

/// Takes some units of a file together, with one flush. Where the core refuses one, each is taken alone.
pub(super) fn take_some(
    ctx: &Ctx,
    (received, some): (&Received, &[(u32, &Unit)]),
    incoming: &Incoming,
    reading: &Reading,
) -> Result<Vec<UnitTaken>> {
    let mut prepared = Vec::with_capacity(some.len());
    for (at, unit) in some {
        let of = (reading, *at, *unit);
        let number = number_for(ctx, unit)?;
        prepared.push((*at, Prepared::of(ctx, (received, incoming), of, number)?));
    }
    let together = take_prepared(ctx, received, &prepared);
    if !matches!(together, Err(Error::Refused(_))) {
        return together;
    }
    let mut taken = Vec::with_capacity(some.len());
    for one in prepared.chunks(1) {
        match take_prepared(ctx, received, one) {
            Err(Error::Refused(refusal)) => {
                taken.push(refused(ctx, (received, one[0].0), one[0].1.unit, &refusal)?);
            }
            other => taken.extend(other?),
        }
    }
    Ok(taken)
}

/// Takes units once: when a row is there already, what it says is the answer.
fn take_prepared(
    ctx: &Ctx,
    received: &Received,
    prepared: &[(u32, Prepared)],
) -> Result<Vec<UnitTaken>> {
    let receipt_id = &received.receipt_id;
    let locks: Vec<String> = prepared.iter().flat_map(|(_, one)| one.locks.clone()).collect();
    ctx.app.db.write("take units", |tx| -> Result<Vec<UnitTaken>> {
        match_rows::lock(tx, &locks)?;
        let mut taken = Vec::with_capacity(prepared.len());
        for (at, one) in prepared {
            if let Some(row) = receipts::unit_at(tx, receipt_id, *at)? {
                taken.push(UnitTaken::from_row(tx, row)?);
                continue;
            }
            let unit = one.take(tx, ctx)?;
            receipts::put_unit(tx, receipt_id, &unit.row(*at))?;
            taken.push(unit);
        }
        Ok(taken)
    })
}

/// The core said no: the unit is kept with the words, for a person.
fn refused(
    ctx: &Ctx,
    (received, at): (&Received, u32),
    unit: &Unit,
    refusal: &doorstep_case::Refusal,
) -> Result<UnitTaken> {
    let mut taken = UnitTaken::bare(unit, Outcome::Refused);
    taken.problems.push(Problem::error(refusal.code(), unit.place.clone(), refusal.to_string()));
    let row = taken.row(at);
    let receipt_id = &received.receipt_id;
    ctx.app
        .db
        .write("refuse unit", |tx| receipts::put_unit(tx, receipt_id, &row).map_err(Error::from))?;
    Ok(taken)
}

fn order_of(ctx: &Ctx, (received, incoming): (&Received, &Incoming), unit: &Unit) -> Option<Order> {
    let (Found::Order { referral, .. }
    | Found::Change { referral, .. }
    | Found::Cancel { referral }) = &unit.found
    else {
        return None;
    };
    let mut referral = (**referral).clone();
    referral.receipt_id = Some(received.receipt_id.clone());
    // A file may tell of an earlier receipt (a list kept by hand), never of a later one.
    referral.received_at = referral.received_at.min(incoming.received_at);
    Some(Order::prepared(ctx, referral))
}

/// A change to a known order amends its case; to an unknown one, it opens a case and says so.
fn amend_known(
    tx: &mut Tx,
    ctx: &Ctx,
    order: &Order,
    (unit, attachments, number): (&Unit, &[Attachment], &CaseNumber),
) -> Result<UnitTaken> {
    let Some(case) = order.find(tx, Sought::Known)?.same else {
        let opened = open_in(tx, ctx, order, (attachments, number))?;
        let mut taken = UnitTaken::opened(unit, opened);
        let words = "the message changes an order that is not known here: it was opened as new";
        taken.problems.push(Problem::warning("change-of-unknown-order", unit.place.clone(), words));
        return taken.or_overtaken(tx, ctx, order);
    };
    let brought = bring(tx, ctx, (case, order), (attachments, Kind::Change))?;
    let outcome = if brought.problem.is_some() { Outcome::Queued } else { Outcome::Updated };
    Ok(UnitTaken::of(unit, outcome, &brought.case, brought.problem.into_iter().collect()))
}

impl UnitTaken {
    /// When the order's cancellation overtook it, the case that was opened says so at once: its sender wants no care sent.
    fn or_overtaken(mut self, tx: &mut Tx, ctx: &Ctx, order: &Order) -> Result<Self> {
        let Some(case_id) = self.case_id.clone().filter(|_| self.outcome == Outcome::Opened) else {
            return Ok(self);
        };
        for key in ref_keys(&order.referral) {
            for (receipt_id, unit) in match_rows::waiting(tx, &key)? {
                overtaken(tx, ctx, (&case_id, order), (&receipt_id, unit))?;
                let words = "the sender's cancellation came before the order: confirm it, or call back if that is wrong";
                self.problems.push(Problem::warning("cancelled-before", self.place.clone(), words));
            }
        }
        Ok(self)
    }
}

fn overtaken(
    tx: &mut Tx,
    ctx: &Ctx,
    (case_id, order): (&CaseId, &Order),
    (receipt_id, unit): (&ReceiptId, u32),
) -> Result<()> {
    receipts::put_case(tx, (receipt_id, unit), case_id)?;
    let (Some(case), Some(cancel)) = (cases::load(tx, case_id)?, receipts::head(tx, receipt_id)?)
    else {
        return Ok(());
    };
    let person = &order.referral.person;
    let (received_at, receipt_id) = (cancel.received_at, receipt_id.clone());
    let request =
        Receipt { receipt_id: Some(receipt_id.clone()), received_at, ..arrival(&order.referral) };
    let reason = ReviewReason::CancelledBefore;
    let request = Command::Intake(IntakeCommand::RequestCancel(request));
    let case = change(tx, ctx, (case, person), &request)?.case;
    let review = Command::Intake(IntakeCommand::AskReview { receipt_id, reason });
    change(tx, ctx, (case, person), &review)?;
    Ok(())
}

/// A cancellation is never silent: the request is recorded on the case with a clock of its own, the sender is told that
/// it arrived, and a person confirms it.
fn cancel_known(
    tx: &mut Tx,
    ctx: &Ctx,
    order: &Order,
    (unit, at): (&Unit, (&ReceiptId, u32)),
) -> Result<UnitTaken> {
    let Some(case) = order.find(tx, Sought::Known)?.same else {
        // The order may still be on its way.
        match_rows::wait(tx, &ref_keys(&order.referral), at)?;
        let mut taken = UnitTaken::bare(unit, Outcome::Queued);
        let words = "the message cancels an order that is not known here: find the case it means";
        taken.problems.push(Problem::warning("cancel-of-unknown-order", unit.place.clone(), words));
        return Ok(taken);
    };
    let party = people::for_writing(tx, &case.id)?.unwrap_or_default();
    let request = IntakeCommand::RequestCancel(arrival(&order.referral));
    let case = change(tx, ctx, (case, &party.person), &Command::Intake(request))?.case;
    let mut taken = UnitTaken::of(unit, Outcome::Queued, &case, Vec::new());
    let words = "the sender cancels the order: cancel its lines with the reason, or call back if that is wrong";
    taken.problems.push(Problem::warning("cancel-to-confirm", unit.place.clone(), words));
    Ok(taken)
}

fn arrival(referral: &Referral) -> Receipt {
    Receipt {
        receipt_id: referral.receipt_id.clone(),
        channel: referral.channel,
        received_at: referral.received_at,
        order_ref: referral.order_ref.clone(),
    }
}
