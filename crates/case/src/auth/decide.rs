//! The rules of authorization.

use super::{
    Approval, Auth, AuthCommand, AuthEvent, AuthWithdrawReason, Determination, hurry, renewal,
};
use crate::disputes::DisputeOutcome;
use crate::line::distinct;
use crate::{AuthRuleAnswer, Case, Facts, Line, Refusal, completeness};
use doorstep_vocab::{Date, LineNo, Timestamp};

pub(super) type Decided = Result<Vec<AuthEvent>, Refusal>;

pub(crate) fn decide(case: &Case, command: &AuthCommand, facts: &Facts) -> Decided {
    match command {
        AuthCommand::Determine { line, answer } => {
            determine(open_line(case, *line)?, answer, facts)
        }
        AuthCommand::Request { lines, trace, expedited, received_at } => {
            request(case, lines, (trace, *expedited, *received_at), facts)
        }
        AuthCommand::Renew { lines, trace, expedited, received_at } => {
            renewal::renew(case, lines, (trace, *expedited, *received_at), facts)
        }
        AuthCommand::Expedite { line } => hurry::expedite(open_line(case, *line)?),
        AuthCommand::RefuseExpedite { line } => hurry::refuse(open_line(case, *line)?),
        AuthCommand::Extend { line, reason } => {
            hurry::extend(case, open_line(case, *line)?, *reason, facts)
        }
        AuthCommand::SendInfo { line } => hurry::send_info(open_line(case, *line)?),
        AuthCommand::Pend { line, reference } => {
            let event = AuthEvent::Pended { line: *line, reference: reference.clone() };
            waiting(open_line(case, *line)?, event)
        }
        AuthCommand::AskInfo { line, wanted, supply_by } => {
            hurry::ask_info(case, open_line(case, *line)?, (wanted, *supply_by), facts)
        }
        AuthCommand::Reject { line, reasons } => {
            needs_reason(reasons)?;
            let event = AuthEvent::Rejected { line: *line, reasons: reasons.clone() };
            waiting(open_line(case, *line)?, event)
        }
        AuthCommand::Approve { line, approval, modified, noticed_on } => {
            not_ahead(case, *noticed_on, facts)?;
            approve(case, open_line(case, *line)?, approval, (*modified, *noticed_on))
        }
        AuthCommand::Deny { line, reasons, noticed_on } => {
            not_ahead(case, *noticed_on, facts)?;
            deny(open_line(case, *line)?, reasons, *noticed_on)
        }
        AuthCommand::Withdraw { line, reason } => withdraw(open_line(case, *line)?, *reason),
        AuthCommand::WithdrawRenewal { line, reason } => {
            renewal::withdraw(open_line(case, *line)?, *reason)
        }
        AuthCommand::Expire { line } => expire(open_line(case, *line)?),
    }
}

/// The payer also decides about what is delivered and goes on, as a rental does.
pub(super) fn open_line(case: &Case, no: LineNo) -> Result<&Line, Refusal> {
    let line = case.lines.get(&no).ok_or_else(|| Refusal::no_line(no))?;
    if line.goes_on() { Ok(line) } else { Err(Refusal::line_ended(no)) }
}

fn determine(line: &Line, answer: &Determination, facts: &Facts) -> Decided {
    let no = line.no;
    if !matches!(
        line.auth,
        Auth::Undetermined
            | Auth::Required
            | Auth::NotRequired { .. }
            | Auth::Rejected { .. }
            | Auth::Withdrawn
            | Auth::Expired(_)
    ) {
        return Err(already(line, "withdraw it before determining anew"));
    }
    let event = match answer {
        Determination::Required => AuthEvent::Required { line: no, version: None },
        Determination::NotRequired { proof } if proof.trim().is_empty() => {
            let words = "enter the payer's reference: without proof the claim will be denied";
            return Err(Refusal::new("proof-missing", words).at("proof"));
        }
        Determination::NotRequired { proof } => {
            AuthEvent::NotRequired { line: no, proof: proof.clone() }
        }
        Determination::FromTerms => from_terms(line, facts)?,
    };
    let is_known = match (&event, &line.auth) {
        (AuthEvent::Required { .. }, Auth::Required) => true,
        (AuthEvent::NotRequired { proof, .. }, Auth::NotRequired { proof: known }) => {
            proof == known
        }
        _ => false,
    };
    Ok(if is_known { Vec::new() } else { vec![event] })
}

fn from_terms(line: &Line, facts: &Facts) -> Result<AuthEvent, Refusal> {
    let code = line.request.code.as_ref().map(|code| code.as_str().to_owned());
    let rule = facts.terms.authorization(line.service, &line.family, code.as_deref());
    match rule.map(|rule| (rule.answer, rule)) {
        Some((AuthRuleAnswer::Required, rule)) => {
            Ok(AuthEvent::Required { line: line.no, version: Some(rule.version.clone()) })
        }
        Some((AuthRuleAnswer::NotRequired, rule)) => Ok(AuthEvent::NotRequired {
            line: line.no,
            proof: format!("{}: {}", rule.version, rule.source),
        }),
        Some((AuthRuleAnswer::Unknown, _)) | None => {
            let words = format!(
                "the payer's table does not say for line {}: ask the payer and record its word",
                line.no
            );
            Err(Refusal::new("auth-rule-unknown", words).at("answer"))
        }
    }
}

/// A first request, or one after a rejection, a withdrawal or an end.
fn request(
    case: &Case,
    lines: &[LineNo],
    (trace, expedited, received_at): (&str, bool, Option<Timestamp>),
    facts: &Facts,
) -> Decided {
    let mut asked = Vec::new();
    for no in distinct(lines) {
        let line = open_line(case, no)?;
        match &line.auth {
            // Sent again under its own trace number: the payer has it already. Source: facts 11.2 (18).
            auth if auth.is_waiting() && auth.trace() == trace => {}
            Auth::Undetermined
            | Auth::Required
            | Auth::Rejected { .. }
            | Auth::Withdrawn
            | Auth::Expired(_) => asked.push(no),
            Auth::Approved(_) | Auth::Modified(_) => {
                return Err(already(line, "renew it for the time after it, or withdraw it"));
            }
            _ => {
                let next = "an update, a dispute or a withdrawal comes before a new request";
                return Err(already(line, next));
            }
        }
    }
    asked_at(case, lines, (&asked, trace, received_at), facts)?;
    let (lines, trace, renews) = (asked, trace.to_owned(), false);
    Ok(match (lines.is_empty(), expedited) {
        (true, _) => Vec::new(),
        (false, true) => vec![AuthEvent::Expedited { lines, trace, received_at, renews }],
        (false, false) => vec![AuthEvent::Requested { lines, trace, received_at, renews }],
    })
}

/// What holds of any request: its receipt has been, it has lines and a trace number, and nothing that blocks
/// authorization of the lines asked for is missing. Source: facts 1.1.
pub(super) fn asked_at(
    case: &Case,
    lines: &[LineNo],
    (asked, trace, received_at): (&[LineNo], &str, Option<Timestamp>),
    facts: &Facts,
) -> Result<(), Refusal> {
    if let Some(at) = received_at {
        facts.within_reach(at, "received_at")?;
        if at > facts.now {
            let words = "the payer's receipt lies in the future: enter when the payer got it";
            return Err(Refusal::new("time-ahead", words).at("received_at"));
        }
    }
    if lines.is_empty() {
        return Err(Refusal::new("lines-missing", "choose the lines to request").at("lines"));
    }
    if trace.trim().is_empty() || trace.len() > 50 {
        return Err(
            Refusal::new("trace-length", "the trace number has 1 to 50 characters").at("trace")
        );
    }
    let missing = completeness::missing(case, facts.terms, facts.now, &facts.hub_zone);
    let blocking = missing.iter().find(|m| asked.iter().any(|no| m.blocks_of(*no).authorization));
    match blocking {
        Some(missing) => {
            let words = format!("{} is missing: {}", missing.item.words(), missing.why);
            Err(Refusal::new("order-incomplete", words).at("lines"))
        }
        None => Ok(()),
    }
}

pub(super) fn waiting(line: &Line, event: AuthEvent) -> Decided {
    let same = match (&line.auth, &event) {
        (Auth::Pended { reference, .. }, AuthEvent::Pended { reference: new, .. }) => {
            reference == new
        }
        (Auth::Rejected { reasons, .. }, AuthEvent::Rejected { reasons: new, .. }) => {
            reasons == new
        }
        _ => false,
    };
    match &line.auth {
        _ if same => Ok(Vec::new()),
        auth if auth.is_waiting() => Ok(vec![event]),
        _ => Err(not_waiting(line)),
    }
}

/// An approval that differs from what was asked is recorded as modified, so that the difference shows.
/// Source: facts 11.2 (12).
fn approve(
    case: &Case,
    line: &Line,
    approval: &Approval,
    (modified, noticed_on): (bool, Option<Date>),
) -> Decided {
    check(approval)?;
    let may_decide = match &line.auth {
        Auth::Approved(known) | Auth::Modified(known) if known == approval => {
            return Ok(Vec::new());
        }
        auth if auth.is_waiting() => true,
        // An order may come with the payer's number already on it: then nothing was asked. A payer that is late may still
        // decide.
        Auth::Undetermined | Auth::Required | Auth::Lapsed { .. } => true,
        Auth::Denied { .. } | Auth::Modified(_) => is_overturned(case, line.no),
        _ => false,
    };
    let (line_no, approval) = (line.no, approval.clone());
    match (may_decide, modified || differs(line, &approval)) {
        (true, true) => Ok(vec![AuthEvent::Modified { line: line_no, approval, noticed_on }]),
        (true, false) => Ok(vec![AuthEvent::Approved { line: line_no, approval, noticed_on }]),
        (false, _) => Err(already(line, "open a dispute, or withdraw and request anew")),
    }
}

/// A number in another unit is not compared, so it differs: units are never converted. Source: facts 3.3.
/// So does another code, other modifiers, or another provider than the one that took the line. Source: facts 3.2, A6.
fn differs(line: &Line, approval: &Approval) -> bool {
    let asked = &line.request;
    // A renewal is asked for what is still to come.
    let wanted =
        if line.in_hand.is_some() { line.ledger.outstanding() } else { line.ledger.ordered };
    let fewer =
        approval.quantity.is_some_and(|quantity| approval.unit != asked.unit || quantity < wanted);
    let sorted = |modifiers: &[String]| {
        let mut modifiers = modifiers.to_vec();
        modifiers.sort_unstable();
        modifiers
    };
    let another_code = approval.code.is_some() && approval.code != asked.code;
    let other_modifiers =
        !approval.modifiers.is_empty() && sorted(&approval.modifiers) != sorted(&asked.modifiers);
    let placed_with = line.placement.provider();
    let another_provider = approval
        .provider_id
        .as_ref()
        .is_some_and(|approved| placed_with.is_some_and(|placed| placed != approved));
    fewer || another_code || other_modifiers || another_provider
}

/// A dispute that was won lets the payer's new decision be recorded.
fn is_overturned(case: &Case, no: LineNo) -> bool {
    case.disputes.disputes.values().any(|dispute| {
        let won = matches!(
            dispute.outcome,
            Some((_, DisputeOutcome::Overturned | DisputeOutcome::Partial))
        );
        won && dispute.kind.is_about_decision() && dispute.lines.contains(&no)
    })
}

fn check(approval: &Approval) -> Result<(), Refusal> {
    let number = approval.number.trim();
    if number.is_empty() || number.len() > 50 {
        let words = "enter the payer's authorization number, 50 characters at most";
        return Err(Refusal::new("number-length", words).at("number"));
    }
    if approval.quantity == Some(0) {
        return Err(Refusal::new(
            "nothing-approved",
            "an approval of none is a denial: record it so",
        )
        .at("quantity"));
    }
    match (approval.from, approval.to) {
        (Some(from), Some(to)) if to < from => Err(Refusal::new(
            "auth-dates",
            "the authorization ends before it begins: check both dates",
        )
        .at("to")),
        _ => Ok(()),
    }
}

fn deny(line: &Line, reasons: &[String], noticed_on: Option<Date>) -> Decided {
    needs_reason(reasons)?;
    match &line.auth {
        Auth::Denied { reasons: known, .. } if known == reasons => Ok(Vec::new()),
        auth if auth.is_waiting() || matches!(auth, Auth::Lapsed { .. }) => {
            Ok(vec![AuthEvent::Denied { line: line.no, reasons: reasons.to_vec(), noticed_on }])
        }
        _ => Err(not_waiting(line)),
    }
}

/// A notice has come: its day is not ahead.
fn not_ahead(case: &Case, noticed_on: Option<Date>, facts: &Facts) -> Result<(), Refusal> {
    let today = facts.now.date(case.zone.as_ref().unwrap_or(&facts.hub_zone));
    if noticed_on.is_some_and(|on| on > today) {
        let words = "the notice is of a day to come: enter the date it bears";
        return Err(Refusal::new("date-ahead", words).at("noticed_on"));
    }
    Ok(())
}

/// A denial names its reason. Source: facts 3.6, denial reason, any channel.
fn needs_reason(reasons: &[String]) -> Result<(), Refusal> {
    if reasons.iter().all(|reason| reason.trim().is_empty()) {
        return Err(
            Refusal::new("reason-missing", "enter the payer's specific reason").at("reasons")
        );
    }
    Ok(())
}

fn withdraw(line: &Line, reason: AuthWithdrawReason) -> Decided {
    match &line.auth {
        Auth::Withdrawn => Ok(Vec::new()),
        Auth::Rejected { .. } | Auth::Lapsed { .. } => {
            Ok(vec![AuthEvent::Withdrawn { line: line.no, reason: Some(reason) }])
        }
        auth if auth.is_waiting() || auth.permits() => {
            Ok(vec![AuthEvent::Withdrawn { line: line.no, reason: Some(reason) }])
        }
        _ => Err(not_waiting(line)),
    }
}

fn expire(line: &Line) -> Decided {
    match &line.auth {
        Auth::Expired(_) => Ok(Vec::new()),
        Auth::Approved(_) | Auth::Modified(_) => Ok(vec![AuthEvent::Expired { line: line.no }]),
        _ => Err(Refusal::new(
            "auth-not-approved",
            format!("line {} has no approval that could expire", line.no),
        )),
    }
}

pub(super) fn not_waiting(line: &Line) -> Refusal {
    let words = format!(
        "line {} waits for no answer, its authorization is {}: request it first",
        line.no,
        line.auth.name()
    );
    Refusal::new("auth-not-requested", words).at("line")
}

pub(super) fn already(line: &Line, next: &str) -> Refusal {
    let words =
        format!("the authorization of line {} is already {}: {next}", line.no, line.auth.name());
    Refusal::new("auth-already-determined", words).at("line")
}
