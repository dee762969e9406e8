//! What keeps a call from telling anything: its own failed tries, those of another call about the member, a verification
//! that is too old; and numbers that such calls come from. Source: facts 6.2, fail rule; trust.md 6.4.

use super::rules;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::calls::{Barred, CallTerms, Direction, Level};
use doorstep_db::Tx;
use doorstep_store::calls::{self as rows, CallRow, Watched};
use doorstep_vocab::{CaseId, Micros, Timestamp};

const DAY: Micros = Micros::hours(24);

/// Numbers that are shown at once.
const WATCHED_MAX: u32 = 20;

/// How a call stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Guard {
    /// Why nothing is told, if nothing is.
    pub barred: Option<Barred>,
    /// Calls from its number whose tries failed lately, where they are enough to be watched.
    pub failed_calls: Option<u32>,
}

impl Guard {
    /// Looks at a call, of `case_id` or of the case that it has.
    pub(super) fn of(
        tx: &mut Tx,
        (call, case_id): (&CallRow, Option<&CaseId>),
        terms: &CallTerms,
        now: Timestamp,
    ) -> Result<Self> {
        let locked = Micros::hours(i64::from(terms.member_locked_hours));
        let of_member = case_id.or(call.case_id.as_ref());
        let failed_at = match of_member {
            Some(case_id) if call.direction == Direction::Inbound => {
                rows::failed_about(tx, (case_id, &call.call_id), since(now, locked))?
            }
            _ => None,
        };
        let barred = call.matched.barred(terms, (call.verified_at, failed_at), now);
        let n = rows::failed_from(tx, &call.caller_phone, fraud_since(terms, now))?;
        Ok(Self { barred, failed_calls: Some(n).filter(|n| *n >= terms.fraud_calls.max(1)) })
    }

    /// Returns how much may be told of what was reached.
    pub(super) fn level(self, reached: Level) -> Level {
        if self.barred.is_some() { Level::Nothing } else { reached }
    }
}

fn since(now: Timestamp, span: Micros) -> Timestamp {
    now.plus(Micros(-span.0))
}

fn fraud_since(terms: &CallTerms, now: Timestamp) -> Timestamp {
    since(now, Micros(DAY.0.saturating_mul(i64::from(terms.fraud_days))))
}

/// Returns the numbers to watch, the latest first.
pub fn watched(ctx: &Ctx) -> Result<Vec<Watched>> {
    ctx.may(Permission::TakeCalls)?;
    let (scope, terms) = (ctx.scope()?, rules(ctx).terms.clone());
    let what = (fraud_since(&terms, ctx.now), terms.fraud_calls.max(1));
    ctx.app.db.read(|tx| rows::watched(tx, &scope, what, WATCHED_MAX).map_err(Error::from))
}
