//! The payer answers: about coverage, about authorization line by line, about disputes.

use crate::deed::{Deed, Next};
use crate::hours::{at_hour, next_working_day, plus_days};
use crate::rng::Rng;
use crate::story::Scene;
use doorstep_app::Result;
use doorstep_case::auth::{Approval, Auth, AuthCommand};
use doorstep_case::benefits::{Answer, BenefitsCommand, CoverageStatus};
use doorstep_case::disputes::{DisputeOutcome, DisputesCommand};
use doorstep_case::{Command, Line};
use doorstep_vocab::{DisputeId, LineNo, Micros, Timestamp};

/// What a payer may say to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answered {
    Approved,
    ForLess,
    Denied,
    Pended,
    Asked,
    Rejected,
}

use Answered::{Approved, Asked, Denied, ForLess, Pended, Rejected};

/// How often it says what, at first and once it has looked again.
const FIRST: &[(u32, Answered)] =
    &[(66, Approved), (8, ForLess), (7, Denied), (9, Pended), (6, Asked), (4, Rejected)];
const AGAIN: &[(u32, Answered)] = &[(78, Approved), (10, ForLess), (12, Denied)];

/// Routine decisions that come with the file of the night, of a hundred.
const FILED_PERCENT: u32 = 40;
/// The hour at which that file comes.
const FILE_HOUR: i8 = 6;

/// Approvals of several that are for fewer, of a hundred.
const TRIMMED_PERCENT: u32 = 30;

pub(super) fn plans(scene: &Scene) -> Vec<(Deed, Timestamp)> {
    let mut plans = Vec::new();
    if let (CoverageStatus::Pending, Some(asked_at)) =
        (scene.case.benefits.status, scene.case.benefits.asked_at)
    {
        let deed = Deed::AnswerBenefits(asked_at);
        // A machine answers, at all hours but the smallest.
        let minutes = scene.rng(&deed, "when").between(5, 100);
        plans.push((deed, scene.on_duty(minutes)));
    }
    for line in scene.case.open_lines() {
        let (trace, round) = match &line.auth {
            Auth::Submitted { trace, .. } => (trace, 0),
            Auth::Pended { trace, .. } => (trace, 1),
            Auth::InfoRequested { trace, .. } => (trace, 2),
            _ => continue,
        };
        let deed = Deed::AnswerAuth(line.no, trace.clone(), round);
        // All lines of a request are answered at one time.
        let mut rng = scene.story.rng(scene.seed, &format!("auth {trace} {round}"));
        let at = match (round, line.auth_times.expedited_at.is_some()) {
            (0, true) => scene.on_duty(rng.between(12, 90)),
            (_, true) => scene.on_duty(rng.between(60, 240)),
            (0, false) if rng.percent(FILED_PERCENT) => by_file(scene, &mut rng),
            (0, false) => scene.on_duty(rng.between(40, 500)),
            (_, false) => scene.after_work(rng.between(90, 380)),
        };
        plans.push((deed, at));
    }
    for (dispute_id, dispute) in scene.case.disputes.open_disputes() {
        if dispute.filed_at.is_some() {
            let deed = Deed::Decide(dispute_id.clone());
            let minutes = scene.rng(&deed, "when").between(240, 700);
            plans.push((deed, scene.after_work(minutes)));
        }
    }
    plans
}

/// What a payer decides overnight comes before breakfast of its next working day.
fn by_file(scene: &Scene, rng: &mut Rng) -> Timestamp {
    let zone = scene.hub_zone();
    let comes_at = at_hour(next_working_day(scene.now.date(zone)), FILE_HOUR, zone);
    comes_at.plus(Micros::minutes(i64::from(rng.between(0, 40))))
}

pub(super) fn answer_benefits(scene: &Scene, deed: &Deed) -> Result<Next> {
    if scene.case.benefits.status != CoverageStatus::Pending || !scene.case.is_open() {
        return Ok(Next::Drop);
    }
    let mut rng = scene.rng(deed, "how");
    let choices = [
        (93, CoverageStatus::Active),
        (4, CoverageStatus::Inactive),
        (3, CoverageStatus::CobReview),
    ];
    let status = *rng.weighed(&choices).unwrap_or(&CoverageStatus::Active);
    let answer = Answer {
        status,
        reference: Some(format!("TEST-BEN-{:06}", rng.below(1_000_000))),
        from: Some(doorstep_vocab::Date::constant(2026, 1, 1)),
        to: None,
    };
    scene.act_as("payer", &Command::Benefits(BenefitsCommand::Answer(answer)))?;
    Ok(Next::Done)
}

pub(super) fn answer_auth(
    scene: &Scene,
    deed: &Deed,
    (no, trace, round): (LineNo, &str, u8),
) -> Result<Next> {
    let line = scene.case.lines.get(&no).filter(|line| line.is_open() && line.auth.is_waiting());
    let Some(line) = line else { return Ok(Next::Drop) };
    let (Auth::Submitted { trace: known, .. }
    | Auth::Pended { trace: known, .. }
    | Auth::InfoRequested { trace: known, .. }) = &line.auth
    else {
        return Ok(Next::Drop);
    };
    if known != trace {
        return Ok(Next::Drop);
    }
    let mut rng = scene.rng(deed, "how");
    let answered = *rng.weighed(if round == 0 { FIRST } else { AGAIN }).unwrap_or(&Approved);
    // Of one there is no less; of visits and days payers like to approve fewer.
    let is_trimmed =
        answered == Approved && line.ledger.ordered > 1 && rng.percent(TRIMMED_PERCENT);
    let answered = if is_trimmed { ForLess } else { answered };
    scene.act_as("payer", &Command::Auth(said(scene, line, (answered, &mut rng))))?;
    Ok(Next::Done)
}

fn said(scene: &Scene, line: &Line, (answered, rng): (Answered, &mut Rng)) -> AuthCommand {
    let no = line.no;
    let reference = format!("TEST-REF-{:06}", rng.below(1_000_000));
    let of = |code: &str| vec![code.to_owned()];
    match answered {
        Approved => AuthCommand::Approve {
            line: no,
            approval: approval(scene, line, (line.ledger.ordered, rng)),
            modified: false,
            noticed_on: None,
        },
        ForLess => {
            let fewer = (line.ledger.ordered * 2 / 3).max(1);
            let approval = approval(scene, line, (fewer, rng));
            AuthCommand::Approve { line: no, approval, modified: true, noticed_on: None }
        }
        Denied => AuthCommand::Deny {
            line: no,
            reasons: of("medical-necessity-not-shown"),
            noticed_on: None,
        },
        Pended => AuthCommand::Pend { line: no, reference: Some(reference) },
        Asked => AuthCommand::AskInfo { line: no, wanted: of("clinical-notes"), supply_by: None },
        // AAA03 `75`: the member was not found. Source: facts 3.2.
        Rejected => AuthCommand::Reject { line: no, reasons: of("75") },
    }
}

fn approval(scene: &Scene, line: &Line, (quantity, rng): (u32, &mut Rng)) -> Approval {
    let today = scene.now.date(scene.zone());
    Approval {
        number: format!("TEST-AUTH-{:06}", rng.below(1_000_000)),
        from: Some(today),
        to: Some(plus_days(today, 90)),
        quantity: Some(quantity),
        unit: line.request.unit,
        ..Approval::default()
    }
}

/// Decides a dispute; where the member was right, the approval follows at once.
pub(super) fn decide(scene: &Scene, deed: &Deed, dispute_id: &DisputeId) -> Result<Next> {
    let dispute =
        scene.case.disputes.disputes.get(dispute_id).filter(|dispute| dispute.outcome.is_none());
    let Some(dispute) = dispute else { return Ok(Next::Drop) };
    let mut rng = scene.rng(deed, "how");
    let is_right = rng.percent(45);
    let outcome = if is_right { DisputeOutcome::Overturned } else { DisputeOutcome::Upheld };
    let dispute_id = dispute_id.clone();
    scene.act_as("payer", &Command::Disputes(DisputesCommand::Decide { dispute_id, outcome }))?;
    for line in dispute.lines.iter().filter(|_| is_right).filter_map(|no| scene.case.lines.get(no))
    {
        let approval = approval(scene, line, (line.ledger.ordered, &mut rng));
        let command =
            AuthCommand::Approve { line: line.no, approval, modified: false, noticed_on: None };
        scene.act_as("payer", &Command::Auth(command))?;
    }
    Ok(Next::Done)
}
