//! The one thing to do next about a case, and why.
//!
//! Each line goes its own way: one that is complete is authorized, placed and planned while another waits for the order.

use crate::auth::{self, Auth};
use crate::benefits::CoverageStatus;
use crate::clock::Clock;
use crate::completeness::Missing;
use crate::delivery::Fulfilment;
use crate::placement::LinePlacement;
use crate::{Blocks, Case, From, Line, Subject, Urgency, lines_words};
use doorstep_vocab::LineNo;

/// What to do next: a stable code, the words, and the line it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// The words for a person.
    pub words: String,
    /// The line, when it is about one.
    pub line: Option<LineNo>,
}

impl NextStep {
    /// Returns whether the step is somebody else's: the payer's, a provider's, or whoever was asked.
    pub fn waits(&self) -> bool {
        matches!(
            self.code,
            "await-answer" | "await-auth" | "await-dispute" | "await-provider" | "deliver"
        )
    }

    /// Returns whether the step is about what the order lacks.
    pub fn is_about_order(&self) -> bool {
        matches!(self.code, "classify" | "ask" | AWAIT_ANSWER)
    }

    fn new(code: &'static str, words: impl Into<String>) -> Self {
        Self { code, words: words.into(), line: None }
    }

    fn of(line: &Line, code: &'static str, words: impl Into<String>) -> Self {
        Self { line: Some(line.no), ..Self::new(code, words) }
    }
}

/// Returns the next step. What blocks most comes first; what waits on others comes last.
pub fn next_step(case: &Case, missing: &[Missing]) -> NextStep {
    if case.closing.closed.is_some() {
        return NextStep::new("none", "nothing: the case is closed");
    }
    if let Some((_, escalation)) =
        case.disputes.open_escalations().find(|(_, e)| e.committed_to.is_none())
    {
        let words = format!(
            "take the level {} escalation and promise a time: {}",
            escalation.level,
            escalation.reason.words()
        );
        return NextStep::new("commit-escalation", words);
    }
    if case.intake.open_cancel().is_some() {
        return NextStep::new(
            "confirm-cancel",
            "the sender cancels the order: call back, then cancel the lines or say that the order stands",
        );
    }
    if let Some(reason) = case.intake.reviews.values().next() {
        let words = format!("{}: compare the two, and settle it in the queue", reason.words());
        return NextStep::new("review", words);
    }
    if case.is_death_reported() {
        let words =
            "somebody said that the member has died: record it with its day, or take it back";
        return NextStep::new("record-death", words);
    }
    if case.intake.acknowledged_at.is_none() {
        return NextStep::new(
            "acknowledge",
            "acknowledge the referral: tell the sender the case number",
        );
    }
    let to_triage = is_to_triage(case);
    if to_triage && case.intake.urgency != Urgency::Routine {
        return triage(case);
    }
    if let Some(step) = order_step(case, missing) {
        return step;
    }
    if to_triage {
        return triage(case);
    }
    if let Some(step) = coverage_step(case, missing) {
        return step;
    }
    let renewals = case.lines.values().filter_map(|line| renewal(case, line));
    let steps = case
        .lines
        .values()
        .filter_map(pick_up)
        .chain(renewals)
        .chain(case.open_lines().filter_map(|line| line_step(case, line)))
        .map(|step| unless_held(case, missing, step));
    match steps.min_by_key(|(waits, step)| (*waits, step.code != AWAIT_ANSWER)) {
        Some((_, step)) if step.waits() => call_back(case).unwrap_or(step),
        Some((_, step)) => step,
        None => {
            let close = || NextStep::new("close", "close the case: every line has ended");
            call_back(case).unwrap_or_else(close)
        }
    }
}

/// Where the case itself waits for others, whom we promised to call does not. Source: facts 6.1, recap with call back \[K\].
fn call_back(case: &Case) -> Option<NextStep> {
    let (_, call) = case.calls.owed().min_by_key(|(_, call)| call.promised_to)?;
    let words =
        format!("call back as promised: {}, about {}", spoken(&call.caller), spoken(&call.reason));
    Some(NextStep::new("call-back", words))
}

fn spoken(name: &str) -> String {
    name.replace('-', " ")
}

const AWAIT_ANSWER: &str = "await-answer";

/// What is under way with a payer or a provider is past it: a priority that nobody set no longer orders anything.
fn is_to_triage(case: &Case) -> bool {
    let is_asked = |auth: &Auth| {
        !matches!(auth, Auth::Undetermined | Auth::Required | Auth::NotRequired { .. })
    };
    let has_begun = |line: &Line| {
        is_asked(&line.auth) || line.placement != LinePlacement::Unplaced || line.ledger.held() > 0
    };
    case.intake.priority.is_none() && !case.lines.values().any(has_begun)
}

/// A nurse sees what presses before anybody asks about it, and the rest once the questions are out. Sources: M09, facts 12,
/// referral axis; which comes first is hub policy \[K\].
fn triage(case: &Case) -> NextStep {
    let words = match case.intake.urgency {
        Urgency::Discharge => "have a nurse triage the case: the discharge is near",
        Urgency::Urgent => "have a nurse triage the case: it was ordered as urgent",
        Urgency::Routine => "have a nurse triage the case and set its priority",
    };
    NextStep::new("triage", words)
}

/// What the hub itself has to do about the order: say what a line is, and ask for what stops one.
fn order_step(case: &Case, missing: &[Missing]) -> Option<NextStep> {
    if let Some(no) = missing.iter().find_map(Missing::to_classify) {
        let words = format!("say which service and item family line {no} is");
        return Some(NextStep { line: Some(no), ..NextStep::new("classify", words) });
    }
    let asked = |m: &&Missing| case.orders.open_asks().any(|(_, ask)| ask.items.contains(&m.item));
    let m = missing.iter().filter(|m| m.stops()).find(|m| !asked(m))?;
    let (owner, item, why) = (m.owner.name(), m.item.words(), &m.why);
    let words = format!("ask the {owner} for {item}{}: {why}", of_lines(case, m));
    Some(NextStep { line: m.line, ..NextStep::new("ask", words) })
}

/// Names the lines that an item stops, where it is not every open one.
fn of_lines(case: &Case, missing: &Missing) -> String {
    let stopped: Vec<LineNo> =
        missing.lines.keys().copied().filter(|no| missing.stops_line(*no)).collect();
    if stopped.len() == case.open_lines().count() {
        return String::new();
    }
    format!(" ({})", lines_words(&stopped))
}

/// Coverage is asked about as soon as the payer can be asked about any line.
fn coverage_step(case: &Case, missing: &[Missing]) -> Option<NextStep> {
    let may_be_asked = |line: &Line| !missing.iter().any(|m| m.blocks_of(line.no).authorization);
    let has_open = case.open_lines().next().is_some();
    match case.benefits.status {
        CoverageStatus::Unchecked if case.open_lines().any(may_be_asked) => {
            let words = "verify the member's benefits with the payer";
            Some(NextStep::new("ask-benefits", words))
        }
        CoverageStatus::Inactive if has_open => {
            let words = "the coverage is not active: find other coverage or cancel the lines";
            Some(NextStep::new("resolve-coverage", words))
        }
        CoverageStatus::Unchecked
        | CoverageStatus::Inactive
        | CoverageStatus::Pending
        | CoverageStatus::Active
        | CoverageStatus::CobReview => None,
    }
}

/// A step that the order of its line stops waits for the answer.
fn unless_held(case: &Case, missing: &[Missing], step: (bool, NextStep)) -> (bool, NextStep) {
    let stops: fn(Blocks) -> bool = match step.1.code {
        "determine-auth" | "request-auth" | "correct-auth" | "renew-auth" => {
            |blocks| blocks.authorization
        }
        "offer" => |blocks| blocks.authorization || blocks.delivery,
        "schedule" | "reschedule" | "exchange" => |blocks| blocks.delivery,
        _ => |_| false,
    };
    let line = step.1.line.and_then(|no| case.lines.get(&no));
    let lacks = |no| missing.iter().find(|m| stops(m.blocks_of(no)));
    let Some((line, m)) = line.and_then(|line| Some((line, lacks(line.no)?))) else { return step };
    let (owner, item) = (m.owner.name(), m.item.words());
    let words = if case.lines.len() > 1 {
        format!("line {} waits for the {owner}'s answer about {item}", line.no)
    } else {
        format!("await the {owner}'s answer about {item}")
    };
    (true, NextStep::of(line, AWAIT_ANSWER, words))
}

/// What was left is picked up, whatever became of the line.
fn pick_up(line: &Line) -> Option<(bool, NextStep)> {
    let reason = line.pick_up_due.filter(|_| line.is_pick_up_due())?;
    let words = format!(
        "{} of line {} to be picked up, since {}: arrange it with care and record it",
        line.ledger.held(),
        line.no,
        reason.words()
    );
    Some((false, NextStep::of(line, "pick-up", words)))
}

/// Of the time until a renewal is to be asked for, the percent after which it is the next step: payers take none that
/// comes months ahead \[K\].
const RENEW_FROM: u8 = 75;

/// An authorization that ends before its service does is renewed while there is time.
fn renewal(case: &Case, line: &Line) -> Option<(bool, NextStep)> {
    let no = line.no;
    let is_near = |clock: &Clock| {
        clock.started.from == From::AuthEnds
            && clock.started.about == Subject::Line(no)
            && (clock.warned.iter().any(|percent| *percent >= RENEW_FROM)
                || clock.missed_at.is_some())
    };
    let ends = case.clocks.0.values().find(|clock| clock.is_live() && is_near(clock));
    let goes_on = line.goes_on() && line.auth.permits();
    let words = match (auth::ends_on(line), ends) {
        (Some(last), Some(_)) => {
            format!("renew authorization of line {no}: it ends {last}, and the service goes on")
        }
        _ if goes_on && line.running_low => {
            format!("renew authorization of line {no}: little is left of its number")
        }
        _ => return None,
    };
    Some((false, NextStep::of(line, "renew-auth", words)))
}

/// Returns the line's next step and whether it waits on somebody outside. While a renewal is with the payer, care goes
/// on under the approval in hand.
fn line_step(case: &Case, line: &Line) -> Option<(bool, NextStep)> {
    let is_renewing = line.in_hand.is_some() && line.auth.is_waiting();
    let asked = auth_step(case, line);
    if asked.is_none() {
        return care_step(case, line);
    }
    let waits_on_payer = matches!(asked, Some((true, _)));
    let ours = care_step(case, line).filter(|(waits, _)| is_renewing && waits_on_payer && !waits);
    ours.or(asked)
}

fn auth_step(case: &Case, line: &Line) -> Option<(bool, NextStep)> {
    let no = line.no;
    let act = |code, words: String| Some((false, NextStep::of(line, code, words)));
    let wait = |code, words: String| Some((true, NextStep::of(line, code, words)));
    match &line.auth {
        Auth::Undetermined => {
            act("determine-auth", format!("determine whether line {no} needs authorization"))
        }
        Auth::Required | Auth::Withdrawn | Auth::Expired(_) => {
            act("request-auth", format!("request authorization of line {no}"))
        }
        Auth::Rejected { .. } => act(
            "correct-auth",
            format!("correct the rejected request for line {no} and send it again"),
        ),
        Auth::InfoRequested { .. } => {
            act("send-info", format!("send the payer what it asks for on line {no}"))
        }
        Auth::Denied { .. } | Auth::Lapsed { .. } => Some(after_denial(case, line)),
        Auth::Submitted { .. } | Auth::Pended { .. } => {
            wait("await-auth", format!("await the payer's decision on line {no}"))
        }
        Auth::NotRequired { .. } | Auth::Approved(_) | Auth::Modified(_) => None,
    }
}

fn care_step(case: &Case, line: &Line) -> Option<(bool, NextStep)> {
    let no = line.no;
    let act = |code, words: String| Some((false, NextStep::of(line, code, words)));
    let wait = |code, words: String| Some((true, NextStep::of(line, code, words)));
    match (&line.placement, line.fulfilment) {
        (_, Fulfilment::Refused) => {
            act("cancel-line", format!("the member refused line {no}: cancel it with the reason"))
        }
        (LinePlacement::Unplaced, _) => act("offer", format!("offer line {no} to a provider")),
        (LinePlacement::Offered, _) => {
            wait("await-provider", format!("await the provider's answer on line {no}"))
        }
        (_, Fulfilment::Partial) if line.owed() == 0 => act(
            "complete-line",
            format!(
                "all that is authorized of line {no} is delivered: complete it, or renew the authorization"
            ),
        ),
        (_, Fulfilment::Unscheduled | Fulfilment::Partial) => {
            act("schedule", format!("schedule line {no}"))
        }
        (_, Fulfilment::Missed) => {
            act("reschedule", format!("line {no} was missed: schedule it again"))
        }
        (_, Fulfilment::PickedUp) => {
            act("exchange", format!("line {no} came back: schedule its exchange or cancel it"))
        }
        (_, Fulfilment::Scheduled | Fulfilment::EnRoute) if is_overdue(case, line) => act(
            "record-outcome",
            format!(
                "the time of the visit for line {no} has passed: record the delivery, or the miss with its reason"
            ),
        ),
        (_, Fulfilment::Scheduled | Fulfilment::EnRoute) => {
            wait("deliver", format!("record the delivery of line {no} with its proof"))
        }
        (_, Fulfilment::Delivered | Fulfilment::Exchanged) => None,
    }
}

/// A decision against the member is fought or accepted; what is being fought waits on whoever decides it.
fn after_denial(case: &Case, line: &Line) -> (bool, NextStep) {
    let no = line.no;
    match case.disputes.open_appeal(no) {
        Some(appeal) if appeal.filed_at.is_some() => {
            let words = format!("await the decision on {} for line {no}", appeal.kind.words());
            (true, NextStep::of(line, "await-dispute", words))
        }
        Some(appeal) => {
            let words = format!("file {} for line {no} with the payer", appeal.kind.words());
            (false, NextStep::of(line, "file-dispute", words))
        }
        None if matches!(line.auth, Auth::Lapsed { .. }) => {
            let words = format!(
                "the payer's time for line {no} ran out, which counts as a denial: appeal it, or record its decision"
            );
            (false, NextStep::of(line, "dispute", words))
        }
        None => {
            let words = format!("line {no} was denied: appeal it, or cancel it with a reason");
            (false, NextStep::of(line, "dispute", words))
        }
    }
}

/// Whether the clock of a visit ahead for the line has run out, and nobody said what became of it.
fn is_overdue(case: &Case, line: &Line) -> bool {
    let missed = case.clocks.0.values().filter(|c| c.is_live() && c.missed_at.is_some());
    let mut visits = missed.filter_map(|clock| match &clock.started.about {
        Subject::Visit(id) => case.delivery.visits.get(id),
        _ => None,
    });
    visits.any(|visit| visit.is_ahead() && visit.lines.contains(&line.no))
}
