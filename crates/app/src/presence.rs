//! Who else has a case open: colleagues see each other before they change the same thing.
//!
//! Nothing of it enters the record of the case or the audit trail; what somebody read is there already. It is counted by
//! the wall clock, and gone a minute after the last page said so: nobody has to sign off.

use crate::{Ctx, Result};
use doorstep_db::Tx;
use doorstep_store::presence as rows;
pub use doorstep_store::presence::Present;
use doorstep_vocab::{CaseId, Micros, Timestamp};

/// How long a page that fell silent still counts. Live pages say three times as often that they are there.
const GONE_AFTER: Micros = Micros::minutes(1);

/// Says that the reader has a case open, at a form, and returns who else has.
///
/// # Errors
/// [`crate::Error::NotFound`] and [`crate::Error::Outside`] where the reader does not see the case: nothing is kept then.
pub fn here(ctx: &Ctx, case_id: &CaseId, form: &str) -> Result<Vec<Present>> {
    let scope = ctx.scope_of_case()?;
    ctx.app.db.read(|tx| ctx.sees(tx, &scope, case_id))?;
    ctx.app.db.write("say who is here", |tx| is_here(tx, ctx, (case_id, form)))?;
    others(ctx, case_id)
}

/// Returns who else has a case open now.
pub fn others(ctx: &Ctx, case_id: &CaseId) -> Result<Vec<Present>> {
    let scope = ctx.scope_of_case()?;
    let gone = gone(ctx);
    let of = (case_id, &ctx.actor.user_id);
    ctx.app.db.read(|tx| Ok(rows::others(tx, &scope, of, gone)?))
}

/// Keeps that the reader has a case open, in a transaction that has not begun.
pub(crate) fn is_here(tx: &mut Tx, ctx: &Ctx, (case_id, form): (&CaseId, &str)) -> Result<()> {
    let user_id = &ctx.actor.user_id;
    rows::lock(tx, user_id)?;
    let now = ctx.app.wall_now();
    Ok(rows::put(tx, (user_id, case_id), form, (now, gone(ctx)))?)
}

fn gone(ctx: &Ctx) -> Timestamp {
    ctx.app.wall_now().plus(Micros(-GONE_AFTER.0))
}
