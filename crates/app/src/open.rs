//! Opening a case, or finding the one that already stands for the order.

use crate::act::{change, today};
use crate::intake::bring::{Kind, bring};
use crate::intake::matching::{self, Sought};
use crate::{Ctx, Error, Result};
use doorstep_case::intake::IntakeCommand;
use doorstep_case::{Case, Command, Document, Referral, Terms};
use doorstep_db::{Draft, Tx};
use doorstep_exchange::{Attachment, Problem};
use doorstep_planted as planted;
use doorstep_store::{blobs, documents, matching as match_rows, notes, people};
use doorstep_vocab::{CaseId, CaseNumber, DocumentId, PayerId, Phi, ReceiptId};
use std::sync::Arc;

/// What became of an order.
#[derive(Debug)]
pub struct Opened {
    /// The case.
    pub case: Case,
    /// Whether the case was there before.
    pub linked: bool,
    /// What a person should look at.
    pub problems: Vec<Problem>,
    /// Whether a person has to settle what differs from the case.
    pub differs: bool,
    /// Whether the same form came before: nothing was done, and this is the case that it led to.
    pub repeated: bool,
}

/// An order with what is worked out of it before any transaction: who pays, which rules hold, how it is found again.
pub(crate) struct Order {
    pub(crate) referral: Referral,
    pub(crate) payer_id: PayerId,
    pub(crate) keys: Vec<String>,
    pub(crate) terms: Arc<Terms>,
    opening: Option<Opening>,
}

/// A new case, worked out before any transaction: what was decided, and the statements that keep it. It holds when no
/// case stands for the order, as is mostly so; then others wait for nothing but the rows.
struct Opening {
    case: Case,
    draft: Draft,
}

impl Order {
    /// Finds the payer by what the sender called it, and the keys under which a copy would be found.
    pub(crate) fn prepared(ctx: &Ctx, mut referral: Referral) -> Self {
        for coverage in &mut referral.coverage {
            if coverage.payer_id.is_none() {
                let named = [&coverage.payer_code, &coverage.payer_name];
                coverage.payer_id = named
                    .into_iter()
                    .flatten()
                    .find_map(|name| ctx.app.packs.payer_by(name).cloned());
            }
        }
        let payer_id = referral
            .coverage
            .iter()
            .find_map(|coverage| coverage.payer_id.clone())
            .unwrap_or_default();
        let terms = ctx.app.packs.terms_for(&payer_id, today(ctx, referral.received_at));
        let keys = matching::keys(&referral, &terms);
        Self { referral, payer_id, keys, terms, opening: None }
    }

    /// Works out the new case that the order makes when none stands for it. What the rules refuse is refused in the
    /// transaction, where a case may be found after all.
    pub(crate) fn expected_new(
        mut self,
        ctx: &Ctx,
        with: (&[Attachment], &CaseNumber),
    ) -> Result<Self> {
        self.opening = match ctx.app.db.draft(|tx| open_new(tx, ctx, &self, with)) {
            Ok((case, draft)) => Some(Opening { case, draft }),
            Err(Error::Refused(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(self)
    }

    /// Returns the case that is opened when none stands for the order.
    pub(crate) fn expected(&self) -> Option<&Case> {
        self.opening.as_ref().map(|opening| &opening.case)
    }

    /// Looks for the case that already stands for it.
    pub(crate) fn find(&self, tx: &mut Tx, sought: Sought) -> Result<matching::Match> {
        matching::find(tx, &self.referral, (&self.keys, &self.terms, sought))
    }
}

/// Opens or links within the caller's transaction, which holds the order's lock.
pub(crate) fn open_in(
    tx: &mut Tx,
    ctx: &Ctx,
    order: &Order,
    with: (&[Attachment], &CaseNumber),
) -> Result<Opened> {
    let found = order.find(tx, Sought::Copy)?;
    let mut problems = found.problems;
    if let Some(case) = found.same.filter(|_| !planted::is("opens-a-copy-anew")) {
        let brought = bring(tx, ctx, (case, order), (with.0, Kind::Copy))?;
        let differs = brought.problem.is_some();
        problems.extend(brought.problem);
        return Ok(Opened { case: brought.case, linked: true, problems, differs, repeated: false });
    }
    let case = match &order.opening {
        Some(opening) => {
            tx.play(&opening.draft)?;
            opening.case.clone()
        }
        None => open_new(tx, ctx, order, with)?,
    };
    Ok(Opened { case, linked: false, problems, differs: false, repeated: false })
}

/// Opens a case with a new id. Only writes, so that it can be drafted.
fn open_new(
    tx: &mut Tx,
    ctx: &Ctx,
    order: &Order,
    (attachments, number): (&[Attachment], &CaseNumber),
) -> Result<Case> {
    let case_id = CaseId(ctx.sortable_id());
    let mut referral = Box::new(order.referral.clone());
    people::put(tx, &case_id, &party_of(&referral), ctx.now)?;
    match_rows::put(tx, &case_id, &order.keys)?;
    for attachment in attachments {
        let document = attach(tx, ctx, &case_id, (attachment, referral.receipt_id.as_ref()))?;
        referral.documents.push(document);
    }
    keep_texts(tx, ctx, &case_id, &referral)?;
    let payer_id = order.payer_id.clone();
    let command =
        Command::Intake(IntakeCommand::Refer { number: number.clone(), payer_id, referral });
    let person = &order.referral.person;
    Ok(change(tx, ctx, (Case::new(case_id), person), &command)?.case)
}

/// Stores a document under its content's hash: the same document twice on one case is one.
pub(crate) fn attach(
    tx: &mut Tx,
    ctx: &Ctx,
    case_id: &CaseId,
    (attachment, receipt_id): (&Attachment, Option<&ReceiptId>),
) -> Result<Document> {
    let hash = blobs::put(tx, &attachment.bytes)?;
    let document_id = DocumentId(hash.get(..24).unwrap_or(&hash).to_owned());
    let row = documents::Document {
        document_id: document_id.clone(),
        hash,
        kind: attachment.kind,
        media_type: attachment.media_type.clone(),
        title: attachment.title.clone().unwrap_or_default(),
        receipt_id: receipt_id.cloned(),
        added_at: ctx.now,
        added_by: ctx.actor.user_id.clone(),
    };
    documents::put(tx, case_id, &row)?;
    Ok(Document { document_id, kind: attachment.kind })
}

fn keep_texts(tx: &mut Tx, ctx: &Ctx, case_id: &CaseId, referral: &Referral) -> Result<()> {
    for (place, text) in &referral.texts {
        keep_note(tx, ctx, case_id, (place, text))?;
    }
    Ok(())
}

/// Keeps a text of the order, or about it, as a note for people of the hub.
pub(crate) fn keep_note(
    tx: &mut Tx,
    ctx: &Ctx,
    case_id: &CaseId,
    (place, text): (&str, &Phi<String>),
) -> Result<DocumentId> {
    let note_id = DocumentId(ctx.sortable_id());
    let note = notes::Note {
        note_id: note_id.clone(),
        at: ctx.now,
        author: ctx.actor.user_id.clone(),
        visibility: notes::Visibility::Hub,
        place: place.to_owned(),
        text: text.clone(),
    };
    notes::put(tx, case_id, &note)?;
    Ok(note_id)
}

/// Returns what an order says of the member and everybody around.
pub(crate) fn party_of(referral: &Referral) -> people::Party {
    people::Party {
        person: referral.person.clone(),
        coverage: referral.coverage.clone(),
        prescriber: referral.prescriber.clone(),
        referrer: referral.referrer.clone(),
    }
}
