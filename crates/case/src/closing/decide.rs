//! The rules of ending.

use super::{
    CancelReason, ClosingCommand, ClosingEvent, ClosureKind, CompleteReason, ReopenReason,
};
use crate::delivery::DeliveryCommand;
use crate::intake::{self, IntakeCommand};
use crate::{Case, Command, Facts, Refusal};
use doorstep_vocab::LineNo;

type Decided = Result<Vec<ClosingEvent>, Refusal>;

/// Returns whether a command may be given at all: an unknown case takes only a referral, and a closed one only what
/// adds to its record or reopens it.
pub(crate) fn permits(case: &Case, command: &Command) -> Result<(), Refusal> {
    if case.seq == 0 && !matches!(command, Command::Intake(IntakeCommand::Refer { .. })) {
        return Err(Refusal::new(
            "case-unknown",
            "there is no such case: open it with a referral first",
        ));
    }
    let adds_only = matches!(
        command,
        Command::Intake(
            IntakeCommand::Refer { .. }
                | IntakeCommand::Link(_)
                | IntakeCommand::RequestCancel(_)
                | IntakeCommand::AnswerCancel(_)
                | IntakeCommand::Attach(_)
                | IntakeCommand::Note(_)
                | IntakeCommand::AskReview { .. }
                | IntakeCommand::Review(_)
                | IntakeCommand::RecordDeath { .. }
                | IntakeCommand::RetractDeath
                | IntakeCommand::Acknowledge
        ) | Command::Closing(_)
            | Command::Disputes(_)
            | Command::Calls(_)
            | Command::Messages(_)
            | Command::Clock(_)
            | Command::Delivery(DeliveryCommand::PickUp { .. } | DeliveryCommand::Leave { .. })
    );
    if case.closing.closed.is_some() && !adds_only {
        return Err(Refusal::new("case-closed", "the case is closed: reopen it first"));
    }
    intake::death::permits(case, command)
}

pub(crate) fn decide(case: &Case, command: &ClosingCommand, _: &Facts) -> Decided {
    match command {
        ClosingCommand::CancelLine { line, reason } => cancel_line(case, *line, *reason),
        ClosingCommand::Close => close(case),
        ClosingCommand::CompleteLine { line, reason } => complete_line(case, *line, *reason),
        ClosingCommand::ReopenLine { line, reason } => reopen_line(case, *line, *reason),
        ClosingCommand::Reopen(reason) => Ok(if case.closing.closed.is_some() {
            vec![ClosingEvent::ReopenedFor { reason: *reason }]
        } else {
            Vec::new()
        }),
    }
}

fn open_case(case: &Case) -> Result<(), Refusal> {
    if case.closing.closed.is_some() {
        return Err(Refusal::new("case-closed", "the case is closed: reopen it first"));
    }
    Ok(())
}

fn nobody_on_the_way(case: &Case, no: LineNo) -> Result<(), Refusal> {
    if case.delivery.visits.values().any(|visit| visit.is_ahead() && visit.lines.contains(&no)) {
        let words = format!(
            "somebody is on the way with line {no}: cancel the visit first, so that they know"
        );
        return Err(Refusal::new("visit-ahead", words).at("line"));
    }
    Ok(())
}

/// A number below the order's ends a line when the payer authorized no more, or nobody wants more. Source: facts 3.3.
fn complete_line(case: &Case, no: LineNo, reason: CompleteReason) -> Decided {
    let line = case.lines.get(&no).ok_or_else(|| Refusal::no_line(no))?;
    open_case(case)?;
    if line.completed == Some(reason) {
        return Ok(Vec::new());
    }
    if !line.is_open() {
        return Err(Refusal::line_ended(no));
    }
    nobody_on_the_way(case, no)?;
    if line.ledger.held() == 0 {
        let words = format!("nothing of line {no} was delivered: cancel it with a reason instead");
        return Err(Refusal::new("nothing-delivered", words).at("line"));
    }
    let owed = crate::delivery::authorized_most(line).saturating_sub(line.ledger.held());
    if reason == CompleteReason::AuthorizedOnly && owed > 0 {
        let words = format!(
            "the payer authorized {owed} more of line {no}: deliver them, or choose another reason"
        );
        return Err(Refusal::new("authorized-left", words).at("reason"));
    }
    Ok(vec![ClosingEvent::LineCompleted { line: no, reason }])
}

fn reopen_line(case: &Case, no: LineNo, reason: ReopenReason) -> Decided {
    let line = case.lines.get(&no).ok_or_else(|| Refusal::no_line(no))?;
    open_case(case)?;
    if line.cancelled.is_none() && line.completed.is_none() {
        let words = format!("line {no} was not ended: go on with it, or add another line");
        return if line.is_open() {
            Ok(Vec::new())
        } else {
            Err(Refusal::new("line-delivered", words).at("line"))
        };
    }
    Ok(vec![ClosingEvent::LineReopened { line: no, reason }])
}

fn cancel_line(case: &Case, no: LineNo, reason: CancelReason) -> Decided {
    let line = case.lines.get(&no).ok_or_else(|| Refusal::no_line(no))?;
    open_case(case)?;
    if line.cancelled.as_ref().is_some_and(|end| end.reason == reason) {
        return Ok(Vec::new());
    }
    if !line.is_open() {
        return Err(Refusal::line_ended(no));
    }
    nobody_on_the_way(case, no)?;
    Ok(vec![ClosingEvent::LineCancelled { line: no, reason }])
}

/// A case may end when each line has: nothing is dropped by closing what stands around it.
fn close(case: &Case) -> Decided {
    if case.closing.closed.is_some() {
        return Ok(Vec::new());
    }
    // Care that goes on in visits, days or months is handed over once it has begun.
    if let Some(line) = case.open_lines().find(|line| !line.has_begun()) {
        let words =
            format!("line {} is still open: deliver it, or cancel it with a reason", line.no);
        return Err(Refusal::new("line-open", words));
    }
    if case.delivery.visits.values().any(crate::delivery::Visit::is_ahead) {
        return Err(Refusal::new(
            "visit-ahead",
            "a visit is still ahead: record its outcome or cancel it",
        ));
    }
    if let Some(line) = case.lines.values().find(|line| line.is_pick_up_due()) {
        let words = format!(
            "line {} is to be picked up: record that it was, or that it stays there",
            line.no
        );
        return Err(Refusal::new("pick-up-due", words));
    }
    if case.intake.open_cancel().is_some() {
        let words = "the sender's cancellation waits for an answer: answer it first";
        return Err(Refusal::new("cancel-open", words));
    }
    if !case.intake.reviews.is_empty() {
        let words = "something that came for the case is not settled: settle it in the queue first";
        return Err(Refusal::new("review-open", words));
    }
    if case.disputes.open_escalations().next().is_some() {
        return Err(Refusal::new("escalation-open", "an escalation is open: resolve it first"));
    }
    if case.disputes.open_disputes().next().is_some() {
        return Err(Refusal::new("dispute-open", "a dispute is open: record its outcome first"));
    }
    let completed = case.lines.values().any(|line| line.cancelled.is_none());
    let has_died = case.intake.death.is_some();
    let kind = if has_died { ClosureKind::Deceased } else { ClosureKind::of(&case.lines) };
    let kind = Some(kind);
    Ok(vec![ClosingEvent::Closed { completed, kind }])
}
