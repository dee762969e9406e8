//! Renewal: the payer is asked for the time, or the number, that comes after an approval, while that approval still
//! holds. Sources: facts 3.3 extension, 11.2 (15, 16) \[K\].
//!
//! **Invariant:** what is asked for takes nothing away. An approval in hand holds until its own last day, whatever the
//! payer says of the time after it.

use super::decide::{Decided, already, asked_at, open_line};
use super::{Approval, Auth, AuthEvent, AuthWithdrawReason};
use crate::line::distinct;
use crate::{Case, Facts, Line, Refusal, Unit};
use doorstep_vocab::{Date, LineNo, Timestamp};
use serde::{Deserialize, Serialize};

/// An approval that holds beside the request, or the decision, about what comes after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InHand {
    /// What it says.
    pub approval: Approval,
    /// Whether it was for something other than was asked.
    pub modified: bool,
    /// How many of the line may be delivered under it and what came before it, in all and in the line's own unit;
    /// `None` when it names no such number.
    pub most: Option<u32>,
}

impl InHand {
    fn of(line: &Line) -> Option<Self> {
        let (approval, modified) = match &line.auth {
            Auth::Approved(approval) => (approval.clone(), false),
            Auth::Modified(approval) => (approval.clone(), true),
            _ => return None,
        };
        Some(Self { approval, modified, most: most(line) })
    }

    fn restored(self) -> Auth {
        if self.modified { Auth::Modified(self.approval) } else { Auth::Approved(self.approval) }
    }
}

impl Line {
    /// Returns the approvals that hold, the newest first: that of the last decision, and the one before it while it is
    /// in hand.
    pub fn approvals(&self) -> impl Iterator<Item = &Approval> {
        let last = match &self.auth {
            Auth::Approved(approval) | Auth::Modified(approval) => Some(approval),
            _ => None,
        };
        last.into_iter().chain(self.in_hand.as_ref().map(|in_hand| &in_hand.approval))
    }

    /// Returns whether care may be placed and delivered, as far as the payer goes.
    pub fn is_permitted(&self) -> bool {
        self.auth.permits() || self.in_hand.is_some()
    }

    /// Returns whether the service goes on: something is still to be done, or the member has what is rented.
    pub fn goes_on(&self) -> bool {
        let is_ended =
            self.cancelled.is_some() || self.completed.is_some() || self.pick_up_due.is_some();
        let is_rented = self.request.modifiers.iter().any(|modifier| modifier == RENTAL);
        self.is_open() || (is_rented && !is_ended && self.ledger.held() > 0)
    }
}

/// The modifier of a rental. Source: facts 1.3, modifiers.
const RENTAL: &str = "RR";

/// Returns the number of an approval, where it counts in the line's own unit.
fn number(line: &Line, approval: &Approval) -> Option<u32> {
    approval.quantity.filter(|_| approval.unit == line.request.unit)
}

/// Returns how many of a line may be delivered in all by what the payer authorized; `None` when it names no number.
pub(crate) fn most(line: &Line) -> Option<u32> {
    match &line.auth {
        Auth::Approved(approval) | Auth::Modified(approval) => {
            number(line, approval).map(|n| line.auth_base.saturating_add(n))
        }
        _ => line.in_hand.as_ref().and_then(|in_hand| in_hand.most),
    }
}

/// Returns the last day of the authorization of a service that goes on and whose renewal nobody asked for yet.
pub(crate) fn ends_on(line: &Line) -> Option<Date> {
    match &line.auth {
        Auth::Approved(approval) | Auth::Modified(approval) if line.goes_on() => approval.to,
        _ => None,
    }
}

/// Asks for what comes after an approval. Nothing less is asked than for a first request: what blocks authorization
/// blocks its renewal.
pub(super) fn renew(
    case: &Case,
    lines: &[LineNo],
    (trace, expedited, received_at): (&str, bool, Option<Timestamp>),
    facts: &Facts,
) -> Decided {
    let mut asked = Vec::new();
    for no in distinct(lines) {
        let line = open_line(case, no)?;
        match &line.auth {
            auth if auth.is_waiting() && auth.trace() == trace => {}
            Auth::Approved(approval) | Auth::Modified(approval)
                if approval.to.is_some() || approval.quantity.is_some() =>
            {
                asked.push(no);
            }
            Auth::Approved(_) | Auth::Modified(_) => {
                let words = format!("the authorization of line {no} has no end to be renewed");
                return Err(Refusal::new("auth-endless", words).at("lines"));
            }
            _ => return Err(already(line, "request it, since there is no approval to renew")),
        }
    }
    asked_at(case, lines, (&asked, trace, received_at), facts)?;
    let (lines, trace, renews) = (asked, trace.to_owned(), true);
    Ok(match (lines.is_empty(), expedited) {
        (true, _) => Vec::new(),
        (false, true) => vec![AuthEvent::Expedited { lines, trace, received_at, renews }],
        (false, false) => vec![AuthEvent::Requested { lines, trace, received_at, renews }],
    })
}

/// Takes a renewal back that the payer has not decided.
pub(super) fn withdraw(line: &Line, reason: AuthWithdrawReason) -> Decided {
    let (no, is_asked) =
        (line.no, line.auth.is_waiting() || matches!(line.auth, Auth::Rejected { .. }));
    match (&line.in_hand, is_asked) {
        (Some(_), true) => Ok(vec![AuthEvent::RenewalWithdrawn { line: no, reason }]),
        _ if line.auth.permits() => Ok(Vec::new()),
        _ => {
            let words = format!("no renewal of the authorization of line {no} waits for an answer");
            Err(Refusal::new("no-renewal", words).at("line"))
        }
    }
}

/// Returns what is said when little is left of the number that the payer authorized and more than that is ordered.
/// Source: facts 11.2 (11, 15) \[K\].
pub(crate) fn running_low(case: &Case, facts: &Facts) -> Vec<AuthEvent> {
    let percent = u64::from(facts.terms.auth_units_low_percent);
    let low = |line: &Line| {
        let approval = line.approvals().next().filter(|_| line.auth.permits())?;
        let (of, most) = (number(line, approval)?, most(line)?);
        let left = most.saturating_sub(line.ledger.held());
        let is_low = u64::from(left) * 100 <= u64::from(of) * percent;
        // Things are asked for once; care that is counted in visits, days or doses goes on.
        let goes_on = line.is_open() && line.request.unit != Unit::Each;
        let is_short = goes_on && line.ledger.outstanding() > left;
        (is_low && is_short && !line.running_low)
            .then_some(AuthEvent::RunningLow { line: line.no, left })
    };
    case.lines.values().filter_map(low).collect()
}

/// What an event leaves of the approval in hand; `line` is as it was before.
pub(super) fn keep(line: &mut Line, event: &AuthEvent) {
    match event {
        AuthEvent::Requested { renews: true, .. } | AuthEvent::Expedited { renews: true, .. } => {
            line.in_hand = InHand::of(line);
            line.running_low = false;
        }
        AuthEvent::Approved { .. } | AuthEvent::Modified { .. } => {
            // What comes after an approval is counted beyond what that one allowed.
            if let Some(in_hand) = &line.in_hand {
                line.auth_base = in_hand.most.unwrap_or_else(|| line.ledger.held());
            }
            line.running_low = false;
        }
        AuthEvent::NotRequired { .. } | AuthEvent::Expired { .. } | AuthEvent::Withdrawn { .. } => {
            line.in_hand = None;
        }
        AuthEvent::RunningLow { .. } => line.running_low = true,
        AuthEvent::Requested { .. }
        | AuthEvent::Expedited { .. }
        | AuthEvent::Required { .. }
        | AuthEvent::ExpediteRefused { .. }
        | AuthEvent::Extended { .. }
        | AuthEvent::Pended { .. }
        | AuthEvent::InfoRequested { .. }
        | AuthEvent::InfoSent { .. }
        | AuthEvent::Rejected { .. }
        | AuthEvent::Denied { .. }
        | AuthEvent::Lapsed { .. }
        | AuthEvent::RenewalWithdrawn { .. } => {}
    }
}

/// A renewal that is taken back leaves what was in hand before it.
pub(super) fn restored(line: &mut Line) -> Auth {
    line.in_hand.take().map_or_else(|| line.auth.clone(), InHand::restored)
}

/// What is delivered after the last day of an approval in hand counts under the one that followed it, and what that one
/// had left is gone: whichever ends first, the days or the number, ends it. Source: facts 3.3.
pub(crate) fn delivered_on(case: &mut Case, lines: &[LineNo], on: Date) {
    for no in lines {
        let Some(line) = case.lines.get_mut(no) else { continue };
        let is_over = |in_hand: &InHand| in_hand.approval.to.is_some_and(|last| last < on);
        if line.auth.permits() && line.in_hand.as_ref().is_some_and(is_over) {
            line.auth_base = line.auth_base.min(line.ledger.held());
            line.in_hand = None;
        }
    }
}
