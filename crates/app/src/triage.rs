//! The nurses' board: what waits for triage, and what was triaged and has a therapy at risk, each in its place.

use crate::act::entry;
use crate::read::record_list;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::acuity::{Place, place};
use doorstep_case::{Case, ServiceLine};
use doorstep_db::Tx;
use doorstep_store::worklist::{self, Cursor, Filter, Queue};
use doorstep_store::{Scope, audit, cases};
use doorstep_vocab::{CaseId, CaseNumber, PayerId};

/// Cases of a queue that the board puts in order.
pub const CASES_MAX: u32 = 200;
/// Pages of so many cases at risk that are looked through for a therapy: what is due first comes first.
const RISK_PAGES: u32 = 10;

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
    /// Whether more cases are at risk than were looked through for a therapy.
    pub has_more_at_risk: bool,
}

/// Returns the board as it stands now, and records which cases it showed. It names no member.
pub fn board(ctx: &Ctx) -> Result<Board> {
    ctx.may(Permission::Triage)?;
    let scope = ctx.scope()?;
    let board = ctx.app.db.read(|tx| -> Result<Board> {
        let (mut waiting, after) = placed(ctx, tx, (&scope, Queue::Triage, None))?;
        let (mut at_risk, has_more) = therapies(ctx, tx, &scope)?;
        for some in [&mut waiting, &mut at_risk] {
            some.sort_by_key(|one| (one.place.key(), one.case_id.clone()));
        }
        Ok(Board { waiting, at_risk, has_more: after.is_some(), has_more_at_risk: has_more })
    })?;
    let shown: Vec<CaseId> =
        board.waiting.iter().chain(&board.at_risk).map(|one| one.case_id.clone()).collect();
    let look =
        audit::Entry { case_id: None, ..entry(ctx, &CaseId::default(), "read triage board") };
    record_list(ctx, &look, &shown)?;
    Ok(board)
}

/// What was triaged and has a therapy at risk, among as many cases at risk as are looked through; and whether there are more.
fn therapies(ctx: &Ctx, tx: &mut Tx<'_>, scope: &Scope) -> Result<(Vec<Placed>, bool)> {
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..RISK_PAGES {
        let (mut some, next) = placed(ctx, tx, (scope, Queue::AtRisk, after))?;
        some.retain(|one| one.place.is_said && one.place.is_therapy_at_risk());
        found.append(&mut some);
        after = next;
        if after.is_none() {
            return Ok((found, false));
        }
    }
    Ok((found, true))
}

/// A page of a queue, each case with its place, and where the next page begins.
fn placed(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    (scope, queue, after): (&Scope, Queue, Option<Cursor>),
) -> Result<(Vec<Placed>, Option<Cursor>)> {
    let filter = Filter { queue, now: ctx.now, ..Filter::default() };
    let page = worklist::page(tx, scope, &filter, after.as_ref(), CASES_MAX)?;
    let mut placed = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        let case = cases::view(tx, scope, &row.case_id)?.ok_or(Error::NotFound)?;
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
    Ok((placed, page.next))
}
