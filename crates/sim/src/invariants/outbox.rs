//! The outbox is what the events ask for, and those who are told are told by it.

use super::{Seen, Sound, Watch};
use crate::rows::{self, JobRow};
use crate::sim::Sim;
use doorstep_case::{Case, Effect, Recorded, effects};
use std::collections::{BTreeMap, BTreeSet};

/// Each event's effects are jobs, no more and no less.
///
/// An effect is asked for by the state after its decision. One commit may hold several decisions about a case, so the state
/// after any event that follows will do.
pub(super) fn check((before, seen): (&Case, &Seen), events: &[Recorded], jobs: &[JobRow]) -> Sound {
    let case_id = &seen.fold.id;
    let mut by_event: BTreeMap<u32, Vec<&JobRow>> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for job in jobs {
        if !told.insert((job.seq, &job.receiver, &job.kind, &job.body)) {
            let (receiver, seq) = (&job.receiver, job.seq);
            return Err(format!("case {case_id}: {receiver} is told twice of event {seq}"));
        }
        by_event.entry(job.seq).or_default().push(job);
    }
    let mut states = None;
    for event in events {
        let stored = by_event.remove(&event.seq).unwrap_or_default();
        let stored = sorted(stored.iter().map(|job| job.kind.as_str()));
        let wanted = |case: &Case| sorted(effects(case, event).iter().map(kind));
        if stored == wanted(&seen.fold) {
            continue;
        }
        let states = states.get_or_insert_with(|| states_after(before, events));
        let mut after = states.iter().filter(|case| case.seq >= event.seq);
        if !after.any(|case| stored == wanted(case)) {
            let (seq, name) = (event.seq, event.event.name());
            return Err(format!(
                "case {case_id}: event {seq} ({name}) asks for {:?}, and the jobs are {stored:?}",
                wanted(&seen.fold)
            ));
        }
    }
    match by_event.first_key_value() {
        None => Ok(()),
        Some((seq, _)) => Err(format!("case {case_id}: jobs that no event asks for, at {seq}")),
    }
}

impl Watch {
    /// Returns how often a job was claimed so far.
    pub(crate) fn n_claims(&self, job_id: &str) -> i64 {
        self.rows(|tx| rows::n_claims(tx, job_id)).unwrap_or(0)
    }

    /// Somebody is told for the first time: a job asks for it, and all that was to be told before has been.
    pub(crate) fn told(&self, sim: &Sim, job_id: &str) {
        let words = match self.rows(|tx| rows::job_with_earlier(tx, job_id)) {
            Ok(Some(0)) => return,
            Ok(Some(_)) => "somebody is told before what was to be told earlier".to_owned(),
            Ok(None) => "somebody is told, and no job asks for it".to_owned(),
            Err(words) => words,
        };
        sim.fail(format!("job {}: {words}", job_id.get(..8).unwrap_or(job_id)));
    }
}

fn sorted<'a>(kinds: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut kinds: Vec<&str> = kinds.collect();
    kinds.sort_unstable();
    kinds
}

fn states_after(before: &Case, events: &[Recorded]) -> Vec<Case> {
    let mut case = before.clone();
    let fold = |event: &Recorded| {
        doorstep_case::apply(&mut case, event);
        case.clone()
    };
    events.iter().map(fold).collect()
}

/// What an effect is called as a job: said here once more, by what the runner's list says.
fn kind(effect: &Effect) -> &'static str {
    match effect {
        Effect::AcknowledgeSender { .. } => "acknowledge-sender",
        Effect::AskBenefits => "ask-benefits",
        Effect::SendQuestion { .. } => "send-question",
        Effect::RecallQuestion { .. } => "recall-question",
        Effect::SendAuthRequest { .. } => "send-auth-request",
        Effect::SendOffer { .. } => "send-offer",
        Effect::RecallOffer { .. } => "recall-offer",
        Effect::SendConfirmation { .. } => "send-confirmation",
        Effect::TellProvider { .. } => "tell-provider",
        Effect::TellReferrer { .. } => "tell-referrer",
        Effect::TellMember { .. } => "tell-member",
        Effect::WarnOwner { .. } => "warn-owner",
        Effect::SendMessage { .. } => "send-message",
        Effect::RaiseEscalation { .. } => "raise-escalation",
    }
}
