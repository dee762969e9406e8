//! The audit trail as it is written for what is about no case, and as it is read.

use crate::act::entry;
use crate::{Ctx, Result};
use doorstep_db::Tx;
use doorstep_store::audit;
use doorstep_vocab::CaseId;

/// Why somebody administers.
const ADMINISTRATION: &str = "administration";

/// Records, in the transaction that does it, what was done to whom or what of the hub itself: a user, a provider.
pub(crate) fn administered(tx: &mut Tx, ctx: &Ctx, (action, object): (&str, String)) -> Result<()> {
    let entry = audit::Entry {
        case_id: None,
        object,
        purpose: ADMINISTRATION.to_owned(),
        ..entry(ctx, &CaseId::default(), action)
    };
    Ok(audit::record(tx, &entry)?)
}
