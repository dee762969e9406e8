//! Which commands make sense of a case as it stands, and which of them the next step calls for. Whether one is
//! allowed is the core's to say; this only sorts the forms.

use doorstep_case::auth::Auth;
use doorstep_case::benefits::CoverageStatus;
use doorstep_case::delivery::VisitState;
use doorstep_case::disputes::{Complaint, LEVEL_MAX};
use doorstep_case::placement::{LinePlacement, OfferState};
use doorstep_case::{Case, Line};

/// Returns whether the command of that name could do something now.
pub(crate) fn is_possible(name: &str, case: &Case) -> bool {
    let has_ended = |line: &Line| line.cancelled.is_some() || line.completed.is_some();
    let is_closed = case.closing.closed.is_some();
    if name == "reopen" || (is_closed && !matches!(name, "record-death" | "retract-death")) {
        return name == "reopen" && is_closed;
    }
    let line = |test: fn(&Line) -> bool| case.open_lines().any(test);
    let offer = |test: fn(&OfferState) -> bool| {
        case.placement.offers.values().any(|offer| test(&offer.state))
    };
    let visit_ahead =
        || case.delivery.visits.values().any(doorstep_case::delivery::Visit::is_ahead);
    let of_stage = auth_is_possible(name, case).or_else(|| dispute_is_possible(name, case));
    if let Some(is_possible) = of_stage {
        return is_possible;
    }
    match name {
        "record-death" => case.intake.death.is_none(),
        "retract-death" => case.may_have_died(),
        "take-label-off" => !case.intake.labels.is_empty(),
        "request-pick-up" => case.lines.values().any(may_be_picked_up),
        "leave" => case.lines.values().any(Line::is_pick_up_due),
        "acknowledge" => case.intake.acknowledged_at.is_none(),
        "answer-cancel" => case.intake.open_cancel().is_some(),
        "classify" => line(|line| !line.is_classified()),
        "state-quantity" => line(|line| {
            matches!(line.auth, Auth::Undetermined | Auth::Required | Auth::NotRequired { .. })
                && line.ledger.shipped == 0
                && line.ledger.delivered == 0
        }),
        "ask-benefits" => case.benefits.status != CoverageStatus::Pending,
        "answer-benefits" => case.benefits.status != CoverageStatus::Unchecked,
        "ask" | "sign" | "take-verbal" => !case.is_complete(),
        "chase" | "withdraw-ask" => case.orders.open_asks().next().is_some(),
        "offer" | "agree-single-case" => line(|line| line.placement.provider().is_none()),
        "accept" | "decline" | "withdraw-offer" => offer(|state| *state == OfferState::Open),
        "name-contact" => line(|line| line.placement.provider().is_some()),
        "end-single-case" => {
            line(|line| matches!(line.placement, LinePlacement::SingleCaseAgreement { .. }))
        }
        "override-auth" => line(|line| line.approvals().next().is_some()),
        "complete-line" => line(|line| line.ledger.held() > 0),
        "reopen-line" => case.lines.values().any(has_ended),
        "return" => line(|line| matches!(line.placement, LinePlacement::Accepted { .. })),
        "schedule" => case.open_lines().any(|line| may_be_scheduled(case, line)),
        "reschedule" | "depart" | "deliver" | "miss" | "cancel-visit" => visit_ahead(),
        "confirm" => case
            .delivery
            .visits
            .values()
            .any(|visit| visit.is_ahead() && visit.confirmed_at.is_none()),
        "ship" => line(|line| line.placement.provider().is_some() && line.ledger.outstanding() > 0),
        "refuse" | "cancel-line" => case.open_lines().next().is_some(),
        "pick-up" => case.lines.values().any(|line| line.ledger.delivered > line.ledger.returned),
        "close" => case.open_lines().next().is_none(),
        _ => true,
    }
}

/// The same of commands about escalations and disputes; `None` of another.
fn dispute_is_possible(name: &str, case: &Case) -> Option<bool> {
    Some(match name {
        "open-dispute" => case.lines.values().any(|line| line.cancelled.is_none()),
        "acknowledge-escalation" => {
            case.disputes.open_escalations().any(|(_, raised)| raised.acknowledged_at.is_none())
        }
        "say-escalation" => !case.disputes.escalations.is_empty(),
        "raise-escalation" => {
            case.disputes.open_escalations().any(|(_, raised)| raised.level < LEVEL_MAX)
        }
        "commit" | "resolve" => case.disputes.open_escalations().next().is_some(),
        "extend-dispute" => {
            case.disputes.open_disputes().any(|(_, dispute)| dispute.extension.is_none())
        }
        "acknowledge-complaint" => {
            has_complaint(case, |complaint| complaint.acknowledged_at.is_none())
        }
        "answer-complaint" => has_complaint(case, |complaint| complaint.answered.is_none()),
        "file-dispute" | "refile-dispute" | "decide-dispute" => {
            case.disputes.open_disputes().next().is_some()
        }
        _ => return None,
    })
}

/// Returns whether a complaint is open of which that holds.
fn has_complaint(case: &Case, is_meant: fn(&Complaint) -> bool) -> bool {
    let mut open = case.disputes.open_disputes();
    open.any(|(_, dispute)| dispute.complaint.as_deref().is_some_and(is_meant))
}

/// The same of commands about authorization; `None` of another.
fn auth_is_possible(name: &str, case: &Case) -> Option<bool> {
    let line = |test: fn(&Line) -> bool| case.open_lines().any(test);
    Some(match name {
        "determine-auth" => line(|line| {
            matches!(
                line.auth,
                Auth::Undetermined
                    | Auth::Required
                    | Auth::NotRequired { .. }
                    | Auth::Rejected { .. }
            )
        }),
        "request-auth" => line(may_be_requested),
        "renew-auth" => case.lines.values().any(may_be_renewed),
        name if is_asked_of_payer(name) => case.open_lines().any(|line| fits_auth(name, line)),
        "withdraw-auth" => line(|line| {
            line.auth.is_waiting()
                || line.auth.permits()
                || matches!(line.auth, Auth::Rejected { .. } | Auth::Lapsed { .. })
        }),
        "withdraw-renewal" => case.lines.values().any(is_being_renewed),
        "expire-auth" => line(|line| matches!(line.auth, Auth::Approved(_) | Auth::Modified(_))),
        _ => return None,
    })
}

fn is_asked_of_payer(name: &str) -> bool {
    matches!(
        name,
        "pend-auth"
            | "ask-info-auth"
            | "send-info"
            | "reject-auth"
            | "deny-auth"
            | "approve-auth"
            | "expedite-auth"
            | "refuse-expedite"
            | "extend-auth"
    )
}

/// Returns whether an authorization command could be about a line.
pub(crate) fn fits_auth(name: &str, line: &Line) -> bool {
    let is_waiting = line.auth.is_waiting();
    let is_hurried = line.auth_times.expedited_at.is_some();
    let is_lapsed = matches!(line.auth, Auth::Lapsed { .. });
    match name {
        "send-info" => matches!(line.auth, Auth::InfoRequested { .. }),
        "expedite-auth" => is_waiting && !is_hurried,
        "refuse-expedite" => is_waiting && is_hurried,
        "extend-auth" => is_waiting && line.auth_times.extension.is_none(),
        "deny-auth" => is_waiting || is_lapsed,
        "approve-auth" => {
            is_waiting || is_lapsed || matches!(line.auth, Auth::Undetermined | Auth::Required)
        }
        _ => is_waiting,
    }
}

/// Returns whether the payer can be asked about a line.
pub(crate) fn may_be_requested(line: &Line) -> bool {
    matches!(
        line.auth,
        Auth::Undetermined
            | Auth::Required
            | Auth::Rejected { .. }
            | Auth::Withdrawn
            | Auth::Expired(_)
    )
}

/// Returns whether the payer can be asked for what comes after a line's approval.
pub(crate) fn may_be_renewed(line: &Line) -> bool {
    let bounded = |auth: &Auth| match auth {
        Auth::Approved(approval) | Auth::Modified(approval) => {
            approval.to.is_some() || approval.quantity.is_some()
        }
        _ => false,
    };
    line.goes_on() && bounded(&line.auth)
}

/// Returns whether a renewal is with the payer, or came back from it unread.
pub(crate) fn is_being_renewed(line: &Line) -> bool {
    let is_asked = line.auth.is_waiting() || matches!(line.auth, Auth::Rejected { .. });
    line.in_hand.is_some() && is_asked
}

/// Returns whether the member has something of a line.
pub(crate) fn may_be_picked_up(line: &Line) -> bool {
    line.ledger.held() > 0
}

/// Returns whether a visit can be planned for a line.
pub(crate) fn may_be_scheduled(case: &Case, line: &Line) -> bool {
    let has_visit = case.delivery.visits.values().any(|visit| {
        matches!(visit.state, VisitState::Scheduled | VisitState::EnRoute)
            && visit.lines.contains(&line.no)
    });
    line.placement.provider().is_some() && line.is_permitted() && !has_visit
}

/// Returns the commands that the next step calls for, the first one first.
pub(crate) fn called_for(code: &str, case: &Case) -> &'static [&'static str] {
    let is_unconfirmed =
        case.delivery.visits.values().any(|visit| visit.is_ahead() && visit.confirmed_at.is_none());
    match code {
        "commit-escalation" => &["commit", "acknowledge-escalation", "resolve"],
        "confirm-cancel" => &["answer-cancel", "cancel-line"],
        "record-death" => &["record-death", "retract-death"],
        "pick-up" => &["pick-up", "leave"],
        "acknowledge" => &["acknowledge"],
        "triage" => &["triage"],
        "classify" => &["classify"],
        "await-answer" => &["chase"],
        "ask-benefits" => &["ask-benefits", "answer-benefits"],
        "resolve-coverage" => &["answer-benefits", "cancel-line"],
        "determine-auth" => &["determine-auth"],
        "request-auth" | "correct-auth" => &["request-auth"],
        "renew-auth" => &["renew-auth", "complete-line"],
        "send-info" => &["send-info", "approve-auth", "deny-auth", "withdraw-auth"],
        "await-auth" => &["approve-auth", "deny-auth", "pend-auth", "ask-info-auth", "reject-auth"],
        "file-dispute" => &["file-dispute"],
        "await-dispute" => &["decide-dispute", "extend-dispute"],
        "dispute" => &["open-dispute", "cancel-line"],
        "offer" => &["offer"],
        "await-provider" => &["accept", "decline"],
        "schedule" | "reschedule" => &["schedule"],
        "exchange" => &["schedule", "cancel-line"],
        "deliver" if is_unconfirmed => &["confirm", "deliver", "miss"],
        "deliver" | "record-outcome" => &["deliver", "miss"],
        "cancel-line" => &["cancel-line"],
        "complete-line" => &["complete-line", "renew-auth"],
        "close" => &["close"],
        "none" => &["reopen"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_app::command::{COMMANDS, form};

    #[test]
    fn what_a_step_calls_for_are_commands() {
        let codes = [
            "commit-escalation",
            "record-death",
            "pick-up",
            "confirm-cancel",
            "complete-line",
            "record-outcome",
            "acknowledge",
            "triage",
            "classify",
            "await-answer",
            "ask-benefits",
            "resolve-coverage",
            "determine-auth",
            "request-auth",
            "correct-auth",
            "renew-auth",
            "send-info",
            "await-auth",
            "dispute",
            "file-dispute",
            "await-dispute",
            "offer",
            "await-provider",
            "schedule",
            "reschedule",
            "exchange",
            "deliver",
            "cancel-line",
            "close",
            "none",
        ];
        let case = Case::default();
        for name in codes.iter().flat_map(|code| called_for(code, &case)) {
            assert!(form(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_closed_case_can_only_be_reopened_or_learn_of_a_death() {
        let mut case = Case::default();
        case.closing.closed = Some(doorstep_case::closing::Closure {
            at: doorstep_vocab::Timestamp(0),
            by: "ana".into(),
            completed: true,
            kind: None,
        });
        let possible: Vec<&str> =
            COMMANDS.iter().map(|form| form.name).filter(|name| is_possible(name, &case)).collect();
        assert_eq!(possible, ["record-death", "reopen"]);
    }
}
