//! The nurses' board: what waits for triage, and what was triaged and has a therapy at risk, each in its place.

use crate::act::entry;
use crate::read::record_list;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::acuity::{Place, place};
use doorstep_case::{Case, ServiceLine};
use doorstep_store::worklist::{self, Filter, Queue};
use doorstep_store::{audit, cases};
use doorstep_vocab::{CaseId, CaseNumber, PayerId};

/// Cases of a queue that the board puts in order.
pub const CASES_MAX: u32 = 200;

/// A case on the board.
pub struct Placed {
    /// The case.
    pub case_id: CaseId,
    /// Its number.
    pub number: Option<CaseNumber>,
    /// Its payer.
    pub payer_id: PayerId,
    /// The trades of its lines.
    pub services: Vec<ServiceLine>,
    /// The case itself, for the words of its lines.
    pub case: Case,
    /// Where it stands.
    pub place: Place,
}

/// The board.
pub struct Board {
    /// What waits for triage.
    pub waiting: Vec<Placed>,
    /// What was triaged, and has a therapy at risk.
    pub at_risk: Vec<Placed>,
    /// Whether more wait than are shown.
    pub has_more: bool,
}

/// Returns the board as it stands now, and records which cases it showed. It names no member.
pub fn board(ctx: &Ctx) -> Result<Board> {
    ctx.may(Permission::Triage)?;
    let scope = ctx.scope()?;
    let filter = |queue| Filter { queue, now: ctx.now, ..Filter::default() };
    let board = ctx.app.db.read(|tx| -> Result<Board> {
        let mut placed = |queue| -> Result<(Vec<Placed>, bool)> {
            let page = worklist::page(tx, &scope, &filter(queue), None, CASES_MAX)?;
            let mut placed = Vec::with_capacity(page.rows.len());
            for row in page.rows {
                let case = cases::view(tx, &scope, &row.case_id)?.ok_or(Error::NotFound)?;
                let place = place(&case, ctx.now);
                placed.push(Placed {
                    case_id: row.case_id,
                    number: row.number,
                    payer_id: row.payer_id,
                    services: row.services,
                    case,
                    place,
                });
            }
            placed.sort_by_key(|one| (one.place.key(), one.case_id.clone()));
            Ok((placed, page.next.is_some()))
        };
        let (waiting, has_more) = placed(Queue::Triage)?;
        let (mut at_risk, _) = placed(Queue::AtRisk)?;
        at_risk.retain(|one| one.place.is_said && one.place.is_therapy_at_risk());
        Ok(Board { waiting, at_risk, has_more })
    })?;
    let shown: Vec<CaseId> =
        board.waiting.iter().chain(&board.at_risk).map(|one| one.case_id.clone()).collect();
    let look =
        audit::Entry { case_id: None, ..entry(ctx, &CaseId::default(), "read triage board") };
    record_list(ctx, &look, &shown)?;
    Ok(board)
}
