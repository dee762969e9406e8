//! What a supervisor has to know who steps in now, written from the case: who, what, when it is due, what blocks, what was
//! tried, what is promised. Whoever raises it reads it over first.

use crate::completeness::Missing;
use crate::delivery::VisitState;
use crate::placement::{LinePlacement, OfferState};
use crate::{Case, NextStep, waiting};
use doorstep_vocab::{LineNo, ProviderId, Timestamp, UserId};

/// What the words need that a case does not hold: names, and times as people write them.
pub struct Names<'a> {
    /// The member's name with the birth date.
    pub member: &'a str,
    /// The payer's name.
    pub payer: &'a str,
    /// Who asked, where somebody did.
    pub asked_by: Option<&'a str>,
    /// What is on a line.
    pub line: &'a dyn Fn(LineNo) -> String,
    /// A provider's name.
    pub provider: &'a dyn Fn(&ProviderId) -> String,
    /// A user's name.
    pub person: &'a dyn Fn(&UserId) -> String,
    /// A time where care is given.
    pub at: &'a dyn Fn(Timestamp) -> String,
}

/// Returns the summary: six lines at most, each with its heading. What there is nothing of is left out.
pub fn summary(case: &Case, missing: &[Missing], next: &NextStep, names: &Names<'_>) -> String {
    let parts = [
        ("Who", who(case, names)),
        ("What", what(case, names)),
        ("Due", due(case, names)),
        ("Blocked", blocked(case, missing, next)),
        ("Tried", tried(case, names)),
        ("Promised", promised(case, names)),
    ];
    let told = parts.into_iter().filter(|(_, words)| !words.is_empty());
    told.map(|(head, words)| format!("{head}: {}.", words.join("; ")))
        .collect::<Vec<_>>()
        .join("\n")
}

fn who(case: &Case, names: &Names<'_>) -> Vec<String> {
    let mut words = vec![names.member.to_owned()];
    words.extend(case.number.as_ref().map(|number| format!("case {number}")));
    words.push(names.payer.to_owned());
    words.extend(names.asked_by.map(|name| format!("asked by {name}")));
    words
}

fn what(case: &Case, names: &Names<'_>) -> Vec<String> {
    let open = case.open_lines().map(|line| (names.line)(line.no));
    let mut words: Vec<String> = open.collect();
    words.push(format!("ordered as {}", case.intake.urgency.name()));
    words
}

fn due(case: &Case, names: &Names<'_>) -> Vec<String> {
    let discharge =
        case.intake.discharge.as_ref().map(|d| format!("discharge {}", (names.at)(d.at)));
    let need_by = case.intake.need_by().map(|need| format!("needed by {}", (names.at)(need.at)));
    let clock = case.clocks.next_due().map(|clock| {
        let (rule, at) = (clock.started.rule.replace('-', " "), (names.at)(clock.started.due_at));
        let missed = if clock.missed_at.is_some() { ", missed" } else { "" };
        format!("clock {rule} {at}{missed}")
    });
    discharge.into_iter().chain(need_by).chain(clock).collect()
}

fn blocked(case: &Case, missing: &[Missing], next: &NextStep) -> Vec<String> {
    let mut words: Vec<String> = waiting(case, missing).iter().map(crate::Waiting::words).collect();
    words.push(format!("next step: {}", next.words));
    words
}

fn tried(case: &Case, names: &Names<'_>) -> Vec<String> {
    let offers = case.placement.offers.values().filter_map(|offer| {
        let name = (names.provider)(&offer.provider_id);
        match &offer.state {
            OfferState::Declined(reason) => Some(format!("{name} declined: {}", reason.words())),
            OfferState::Returned(reason) => {
                Some(format!("{name} gave it back: {}", reason.words()))
            }
            OfferState::Expired => Some(format!("{name} did not answer")),
            OfferState::Open => Some(format!("{name} was asked, no answer yet")),
            OfferState::Accepted { .. } | OfferState::Withdrawn => None,
        }
    });
    let asks = case.orders.open_asks().map(|(_, ask)| {
        let n = ask.chased.saturating_add(1);
        format!("{} asked {n} times", ask.of.name())
    });
    let missed = case.delivery.visits.values().filter_map(|visit| match &visit.state {
        VisitState::Missed(reason) => Some(format!("visit missed: {}", reason.words())),
        _ => None,
    });
    offers.chain(asks).chain(missed).collect()
}

fn promised(case: &Case, names: &Names<'_>) -> Vec<String> {
    let providers = case.open_lines().filter_map(|line| match &line.placement {
        LinePlacement::Accepted { provider_id, commit_by, .. } => {
            let (name, at) = ((names.provider)(provider_id), (names.at)(*commit_by));
            Some(format!("{name} for line {} by {at}", line.no))
        }
        _ => None,
    });
    let ours = case.disputes.open_escalations().filter_map(|(_, raised)| {
        let (owner, at) = (raised.owner.as_ref()?, raised.committed_to?);
        Some(format!("{} a resolution by {}", (names.person)(owner), (names.at)(at)))
    });
    let calls = case.calls.owed().filter_map(|(_, call)| call.promised_to);
    let calls = calls.map(|at| format!("a call back by {}", (names.at)(at)));
    providers.chain(ours).chain(calls).collect()
}
