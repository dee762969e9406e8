//! The rules of complaints.

use super::decide::{Decided, undecided};
use super::{
    AnswerGiven, Complaint, Dispute, DisputeKind, DisputeOutcome, DisputesEvent, Severity, Told,
};
use crate::line::distinct;
use crate::{Case, Facts, Refusal};
use doorstep_vocab::{DisputeId, LineNo};

/// The line of business whose quality complaints are answered with QIO rights. Source: facts 4.4, MA grievance.
const MEDICARE_ADVANTAGE: &str = "medicare-advantage";

/// Takes a complaint down, and an appeal with it where a decision is to be changed too: two records, each with its own
/// clocks. Source: facts 6.5.
pub(super) fn complain(
    case: &Case,
    dispute_id: &DisputeId,
    (kind, told, appeals): (DisputeKind, &Told, &[LineNo]),
    facts: &Facts,
) -> Decided {
    let appeal_id = DisputeId(format!("{dispute_id}-appeal"));
    if let Some(known) = case.disputes.disputes.get(dispute_id) {
        let appealed = case.disputes.disputes.get(&appeal_id).map(|appeal| appeal.lines.clone());
        let is_same = known.complaint.as_ref().is_some_and(|complaint| complaint.told == *told)
            && appealed.unwrap_or_default() == distinct(appeals);
        let taken = Refusal::new("dispute-known", "another dispute has this id: make a new one");
        return if is_same { Ok(Vec::new()) } else { Err(taken) };
    }
    if !kind.is_complaint() {
        let words = "choose a grievance or an inquiry: what fights a decision is an appeal";
        return Err(Refusal::new("not-a-complaint", words).at("kind"));
    }
    check_told(case, told, facts)?;
    let complained =
        DisputesEvent::Complained { dispute_id: dispute_id.clone(), kind, told: told.clone() };
    if appeals.is_empty() {
        return Ok(vec![complained]);
    }
    let filed = (DisputeKind::Appeal, appeals);
    let appeal = super::decide::open(case, &appeal_id, filed, Some(told.received_at))?;
    Ok(std::iter::once(complained).chain(appeal).collect())
}

fn check_told(case: &Case, told: &Told, facts: &Facts) -> Result<(), Refusal> {
    facts.within_reach(told.received_at, "received_at")?;
    if told.received_at > facts.now {
        let words = "it cannot have come later than now: correct the time";
        return Err(Refusal::new("received-later", words).at("received_at"));
    }
    if told.call_id.as_ref().is_some_and(|id| !case.calls.0.contains_key(id)) {
        let words = "the case has no such call: put the call to the case first";
        return Err(Refusal::new("call-unknown", words));
    }
    Ok(())
}

pub(super) fn acknowledge(case: &Case, dispute_id: &DisputeId) -> Decided {
    let is_new = complaint(case, dispute_id)?.acknowledged_at.is_none();
    let done = DisputesEvent::ComplaintAcknowledged { dispute_id: dispute_id.clone() };
    Ok(is_new.then_some(done).into_iter().collect())
}

pub(super) fn answer(case: &Case, dispute_id: &DisputeId, answer: &AnswerGiven) -> Decided {
    let known = complaint(case, dispute_id)?;
    if known.answered.as_ref().is_some_and(|(_, was)| was == answer) {
        return Ok(Vec::new());
    }
    undecided(case, dispute_id)?;
    if answer.tells_qio && !answer.in_writing {
        let words = "that right is told in writing: say that the answer was a letter";
        return Err(Refusal::new("qio-in-writing", words).at("in_writing"));
    }
    let (dispute_id, answer) = (dispute_id.clone(), answer.clone());
    Ok(vec![DisputesEvent::ComplaintAnswered { dispute_id, answer }])
}

fn complaint<'a>(case: &'a Case, dispute_id: &DisputeId) -> Result<&'a Complaint, Refusal> {
    let known = case.disputes.disputes.get(dispute_id);
    known.and_then(|dispute| dispute.complaint.as_deref()).ok_or_else(|| {
        Refusal::new("complaint-unknown", "the case has no such complaint: choose its own")
            .at("dispute")
    })
}

/// What was filed as the wrong thing is moved, and keeps its receipt: only a decision can be appealed. Source: facts 6.5.
pub(super) fn refile(
    case: &Case,
    dispute_id: &DisputeId,
    (kind, lines, told): (DisputeKind, &[LineNo], Option<&Told>),
    facts: &Facts,
) -> Decided {
    let lines = distinct(lines);
    let known = case.disputes.disputes.get(dispute_id);
    if known.is_some_and(|known| (known.kind, &known.lines) == (kind, &lines)) {
        return Ok(Vec::new());
    }
    let known = undecided(case, dispute_id)?;
    super::decide::check_lines(case, kind, &lines)?;
    let refiled = DisputesEvent::Refiled { dispute_id: dispute_id.clone(), kind, lines };
    if known.complaint.is_some() || !kind.is_complaint() {
        return Ok(vec![refiled]);
    }
    let missing =
        "it was no complaint before: say what it is about, how grave, from whom, and how it came";
    let told = told.ok_or_else(|| Refusal::new("told-missing", missing).at("category"))?;
    check_told(case, told, facts)?;
    // What was heard as an appeal was heard then: to be moved gives nobody more time.
    let received_at = told.received_at.min(known.received_at());
    let (dispute_id, told) = (dispute_id.clone(), Told { received_at, ..told.clone() });
    Ok(vec![DisputesEvent::Complained { dispute_id, kind, told }, refiled])
}

/// A grievance is resolved once it is answered as it has to be; an inquiry when whoever asked was told.
pub(super) fn may_resolve(
    dispute: &Dispute,
    outcome: DisputeOutcome,
    facts: &Facts,
) -> Result<(), Refusal> {
    let is_grievance =
        matches!(dispute.kind, DisputeKind::Grievance | DisputeKind::ExpeditedGrievance);
    let Some(complaint) = dispute.complaint.as_ref().filter(|_| is_grievance) else {
        return Ok(());
    };
    if outcome == DisputeOutcome::Withdrawn {
        return Ok(());
    }
    let is_medicare_advantage = facts.terms.payer.line_of_business == MEDICARE_ADVANTAGE;
    match complaint.lacks(is_medicare_advantage) {
        Some(words) => Err(Refusal::new("answer-missing", words).at("dispute")),
        None => Ok(()),
    }
}

impl Told {
    /// Returns whether the clinical lead has to see it: the quality of care, a safety event, or harm. Source: facts 6.5; harm
    /// by itself is hub policy \[K\].
    pub const fn is_clinical(&self) -> bool {
        self.category.is_clinical() || matches!(self.severity, Severity::Harm)
    }
}
