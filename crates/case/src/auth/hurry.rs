//! A request that the payer has: hurried, put back, given more time, or supplied with what it asks for.

use super::decide::{Decided, not_waiting, waiting};
use super::{Auth, AuthEvent, ExtensionReason};
use crate::{Case, Facts, Line, Refusal, Subject, clock};
use doorstep_vocab::Timestamp;

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
    let may = may_extend(case, &Subject::Line(line.no), facts);
    let is_new = may.map_err(|refusal| refusal.at("line"))?;
    Ok(is_new.then_some(AuthEvent::Extended { line: line.no, reason }).into_iter().collect())
}

/// Returns whether a clock of the payer's is extended now; not when it was before, since it may be once.
pub(crate) fn may_extend(case: &Case, about: &Subject, facts: &Facts) -> Result<bool, Refusal> {
    let refused = |code, words: &str| Err(Refusal::new(code, words));
    let Some(running) = clock::extendable(case, about) else {
        return refused("not-extendable", "the rules of this payer give it no more time");
    };
    if !running.extended.is_empty() {
        return Ok(false);
    }
    if running.missed_at.is_some() || running.started.due_at <= facts.now {
        return refused("time-ran-out", "the time ran out before it was extended: it was missed");
    }
    Ok(true)
}

/// The payer asks for more. It may be supplied until the payer says, and no earlier than its rules allow. Source: facts 4.3;
/// 29 CFR 2560.503-1(f)(2)(i) and (iii).
pub(super) fn ask_info(
    case: &Case,
    line: &Line,
    (wanted, named): (&[String], Option<Timestamp>),
    facts: &Facts,
) -> Decided {
    if let Some(at) = named {
        facts.within_reach(at, "supply_by")?;
    }
    let known = line.auth_times.supply_by;
    let is_asked =
        matches!(&line.auth, Auth::InfoRequested { wanted: asked, .. } if asked == wanted);
    if is_asked && named <= known {
        return Ok(Vec::new());
    }
    let about = Subject::Line(line.no);
    let least = clock::due(case, "supply-info", (&about, &[line.no]), facts);
    let (wanted, supply_by) = (wanted.to_vec(), named.max(least));
    waiting(line, AuthEvent::InfoRequested { line: line.no, wanted, supply_by })
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
