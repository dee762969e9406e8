//! One unit of a file: opened, linked, applied to a known case, or left to a person, in a transaction of its own.

use super::{Incoming, UnitTaken, matching, untaken};
use crate::act::{change, today};
use crate::amend::merged;
use crate::open::{Order, attach, open_in, party_of};
use crate::{Ctx, Error, Result};
use doorstep_case::intake::{Amendment, IntakeCommand, Receipt};
use doorstep_case::{Case, Command, Referral};
use doorstep_db::Tx;
use doorstep_exchange::{Attachment, Found, Outcome, Problem, Reading, Unit};
use doorstep_store::inbox::{self, Arrival};
use doorstep_store::people;
use doorstep_store::receipts;
use doorstep_vocab::{CaseNumber, Key, ReceiptId};

/// Takes a unit, once: when its row is there already, what it says is the answer.
pub(super) fn take(
    ctx: &Ctx,
    (receipt_id, at): (&ReceiptId, u32),
    incoming: &Incoming,
    (reading, unit): (&Reading, &Unit),
) -> Result<UnitTaken> {
    let number = match unit.found {
        Found::Order { .. } | Found::Change { .. } => {
            Some(ctx.app.next_number(today(ctx, ctx.now))?)
        }
        _ => None,
    };
    let order = order_of(ctx, (receipt_id, incoming), unit);
    let taken = ctx.app.db.write("take unit", |tx| -> Result<UnitTaken> {
        if let Some(order) = &order {
            order.lock(tx)?;
        }
        if let Some(row) = receipts::unit_at(tx, receipt_id, at)? {
            return UnitTaken::from_row(tx, row);
        }
        let mut taken = apply(tx, ctx, order.as_ref(), (unit, number.as_ref()))?;
        if let Some(problem) = key_reused(tx, ctx, (receipt_id, incoming), (reading, unit))? {
            taken.problems.push(problem);
        }
        receipts::put_unit(tx, receipt_id, &taken.row(at))?;
        Ok(taken)
    });
    match taken {
        Err(Error::Refused(refusal)) => refused(ctx, (receipt_id, at), unit, &refusal),
        other => other,
    }
}

/// The core said no: the unit is kept with the words, for a person.
fn refused(
    ctx: &Ctx,
    (receipt_id, at): (&ReceiptId, u32),
    unit: &Unit,
    refusal: &doorstep_case::Refusal,
) -> Result<UnitTaken> {
    let mut taken = UnitTaken::bare(unit, Outcome::Refused);
    taken.problems.push(Problem::error(refusal.code(), unit.place.clone(), refusal.to_string()));
    let row = taken.row(at);
    ctx.app
        .db
        .write("refuse unit", |tx| receipts::put_unit(tx, receipt_id, &row).map_err(Error::from))?;
    Ok(taken)
}

/// Says what would become of a unit.
pub(super) fn preview(unit: &Unit) -> UnitTaken {
    let mut taken = UnitTaken::bare(unit, untaken(&unit.found));
    if let Found::Order { referral, .. } | Found::Change { referral, .. } = &unit.found
        && referral.lines.is_empty()
    {
        taken.outcome = Outcome::Refused;
        taken.problems.push(Problem::error(
            "order-empty",
            unit.place.clone(),
            "the order names no service",
        ));
    }
    taken
}

fn order_of(
    ctx: &Ctx,
    (receipt_id, incoming): (&ReceiptId, &Incoming),
    unit: &Unit,
) -> Option<Order> {
    let (Found::Order { referral, .. }
    | Found::Change { referral, .. }
    | Found::Cancel { referral }) = &unit.found
    else {
        return None;
    };
    let mut referral = (**referral).clone();
    referral.receipt_id = Some(receipt_id.clone());
    referral.received_at = incoming.received_at;
    Some(Order::prepared(ctx, referral))
}

fn apply(
    tx: &mut Tx,
    ctx: &Ctx,
    order: Option<&Order>,
    (unit, number): (&Unit, Option<&CaseNumber>),
) -> Result<UnitTaken> {
    match (&unit.found, order, number) {
        (Found::Order { attachments, .. }, Some(order), Some(number)) => {
            let opened = open_in(tx, ctx, order, (attachments, number))?;
            let outcome = if opened.linked { Outcome::Linked } else { Outcome::Opened };
            Ok(UnitTaken::of(unit, outcome, &opened.case, opened.problems))
        }
        (Found::Change { attachments, .. }, Some(order), Some(number)) => {
            amend_known(tx, ctx, order, (unit, attachments, number))
        }
        (Found::Cancel { .. }, Some(order), _) => cancel_known(tx, ctx, order, unit),
        _ => Ok(UnitTaken::bare(unit, untaken(&unit.found))),
    }
}

/// A change to a known order amends its facts; to an unknown one, it opens a case and says so.
fn amend_known(
    tx: &mut Tx,
    ctx: &Ctx,
    order: &Order,
    (unit, attachments, number): (&Unit, &[Attachment], &CaseNumber),
) -> Result<UnitTaken> {
    let referral = &order.referral;
    let Some(case) = matching::find(tx, referral, &order.keys)?.same else {
        let opened = open_in(tx, ctx, order, (attachments, number))?;
        let outcome = if opened.linked { Outcome::Linked } else { Outcome::Opened };
        let mut taken = UnitTaken::of(unit, outcome, &opened.case, opened.problems);
        let words = "the message changes an order that is not known here: it was opened as new";
        taken.problems.push(Problem::warning("change-of-unknown-order", unit.place.clone(), words));
        return Ok(taken);
    };
    let case_id = case.id.clone();
    let party = people::for_writing(tx, &case_id)?.unwrap_or_default();
    let merged = merged(&party, &party_of(referral));
    people::put(tx, &case_id, &merged, ctx.now)?;
    let person = &merged.person;
    let mut case = arrive(tx, ctx, (case, person), referral)?;
    let amendment = Amendment {
        facts: referral
            .known(ctx.now)
            .into_iter()
            .map(|(item, known)| (item, (known.fact, known.as_of)))
            .collect(),
        diagnoses: (!referral.diagnoses.is_empty()).then(|| referral.diagnoses.clone()),
        urgency: Some(referral.urgency.max(case.intake.urgency)),
        ..Amendment::default()
    };
    case = change(tx, ctx, (case, person), &Command::Intake(IntakeCommand::Amend(amendment)))?.case;
    if let Some(discharge) = referral.discharge.clone() {
        case = change(
            tx,
            ctx,
            (case, person),
            &Command::Intake(IntakeCommand::MoveDischarge(discharge)),
        )?
        .case;
    }
    for attachment in attachments {
        let document = attach(tx, ctx, &case_id, (attachment, referral.receipt_id.as_ref()))?;
        case = change(tx, ctx, (case, person), &Command::Intake(IntakeCommand::Attach(document)))?
            .case;
    }
    Ok(UnitTaken::of(unit, Outcome::Updated, &case, Vec::new()))
}

/// A cancellation is never silent: the arrival is recorded on the case, and a person confirms it.
fn cancel_known(tx: &mut Tx, ctx: &Ctx, order: &Order, unit: &Unit) -> Result<UnitTaken> {
    let Some(case) = matching::find(tx, &order.referral, &order.keys)?.same else {
        let mut taken = UnitTaken::bare(unit, Outcome::Queued);
        let words = "the message cancels an order that is not known here: find the case it means";
        taken.problems.push(Problem::warning("cancel-of-unknown-order", unit.place.clone(), words));
        return Ok(taken);
    };
    let party = people::for_writing(tx, &case.id)?.unwrap_or_default();
    let case = arrive(tx, ctx, (case, &party.person), &order.referral)?;
    let mut taken = UnitTaken::of(unit, Outcome::Queued, &case, Vec::new());
    let words = "the sender cancels the order: cancel its lines with the reason, or call back if that is wrong";
    taken.problems.push(Problem::warning("cancel-to-confirm", unit.place.clone(), words));
    Ok(taken)
}

fn arrive(
    tx: &mut Tx,
    ctx: &Ctx,
    (case, person): (Case, &doorstep_case::Person),
    referral: &Referral,
) -> Result<Case> {
    let receipt = Receipt {
        receipt_id: referral.receipt_id.clone(),
        channel: referral.channel,
        received_at: referral.received_at,
        order_ref: referral.order_ref.clone(),
    };
    Ok(change(tx, ctx, (case, person), &Command::Intake(IntakeCommand::Link(receipt)))?.case)
}

/// A sender that gives one control number to two contents is told so; neither content is lost.
fn key_reused(
    tx: &mut Tx,
    ctx: &Ctx,
    (receipt_id, incoming): (&ReceiptId, &Incoming),
    (reading, unit): (&Reading, &Unit),
) -> Result<Option<Problem>> {
    if unit.key.is_empty() {
        return Ok(None);
    }
    let source =
        format!("{}/{}", reading.format.words(), reading.sender.as_deref().unwrap_or_default());
    let hash = crate::digest(incoming.bytes);
    let (key, received_at) = (Key(unit.key.clone()), ctx.now);
    let seen = inbox::once(
        tx,
        &Arrival { source: &source, key: &key, hash: &hash, receipt_id, received_at },
    )?;
    Ok(matches!(seen, inbox::Seen::Other { .. }).then(|| {
        let words = "the sender gave this control number to another message before: both are kept; number each anew";
        Problem::warning("control-number-reused", unit.place.clone(), words)
    }))
}
