//! A request that the payer has: hurried, put back, given more time, or supplied with what it asks for.

use super::decide::{Decided, not_waiting};
use super::{Auth, AuthEvent, ExtensionReason};
use crate::{Case, Facts, Line, Refusal, clock};

/// Asks the payer to decide a standard request at once. Source: facts 4.3; 42 CFR 422.570.
pub(super) fn expedite(line: &Line) -> Decided {
    if !line.auth.is_waiting() {
        return Err(not_waiting(line));
    }
    if line.auth_times.expedited_at.is_some() {
        return Ok(Vec::new());
    }
    let (lines, trace) = (vec![line.no], line.auth.trace());
    Ok(vec![AuthEvent::Expedited { lines, trace, received_at: None, renews: false }])
}

/// The payer refuses to hurry: the standard time holds, counted from when it first got the request. Source: facts 4.3,
/// refused expedite.
pub(super) fn refuse(line: &Line) -> Decided {
    match (line.auth.is_waiting(), line.auth_times.expedited_at) {
        (true, Some(_)) => Ok(vec![AuthEvent::ExpediteRefused { line: line.no }]),
        (true, None) if line.auth_times.expedite_refused => Ok(Vec::new()),
        (true, None) => {
            let words = format!("the request for line {} is a standard one already", line.no);
            Err(Refusal::new("not-expedited", words).at("line"))
        }
        (false, _) => Err(not_waiting(line)),
    }
}

/// The payer takes longer, once, by what its rules allow. Source: facts 3.6, 4.3.
pub(super) fn extend(case: &Case, line: &Line, reason: ExtensionReason, facts: &Facts) -> Decided {
    if !line.auth.is_waiting() {
        return Err(not_waiting(line));
    }
    let refused = |code, words: &str| Err(Refusal::new(code, words).at("line"));
    let Some(running) = clock::extendable(case, line.no) else {
        return refused("not-extendable", "the rules of this payer give it no more time");
    };
    if !running.extended.is_empty() {
        return Ok(Vec::new());
    }
    if running.missed_at.is_some() || running.started.due_at <= facts.now {
        return refused("time-ran-out", "the time ran out before it was extended: it was missed");
    }
    Ok(vec![AuthEvent::Extended { line: line.no, reason }])
}

/// What the payer asked for was sent: it has the request again.
pub(super) fn send_info(line: &Line) -> Decided {
    match &line.auth {
        Auth::InfoRequested { .. } => Ok(vec![AuthEvent::InfoSent { line: line.no }]),
        auth if auth.is_waiting() && line.auth_times.info_sent_at.is_some() => Ok(Vec::new()),
        auth if auth.is_waiting() => {
            let words = format!("the payer asks for nothing more on line {}", line.no);
            Err(Refusal::new("info-not-asked", words).at("line"))
        }
        _ => Err(not_waiting(line)),
    }
}
