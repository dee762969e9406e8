//! What has to happen outside, as job rows in the same transaction as the events that want it; and what became of those
//! that could not be done.
//!
//! **Invariant:** a job is done, waits, or is left to a person who sees it: none is dropped. Source: trust.md 1.3 (4).

use crate::act::entry;
use crate::secret::digest;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::clock::owner_of;
use doorstep_case::messages::Receiver;
use doorstep_case::{Case, Effect, Owner, Recorded, Role, effects};
use doorstep_db::Tx;
use doorstep_planted as planted;
use doorstep_store::audit;
use doorstep_store::jobs::{self, Job, JobKey, NewJob};
use doorstep_vocab::{AskId, CaseId, ClockId, OfferId, ProviderId};
use serde_json::json;

/// Every kind of job. The worker has one file for each.
pub const JOB_KINDS: &[&str] = &[
    "acknowledge-sender",
    "ask-benefits",
    "send-question",
    "send-auth-request",
    "send-offer",
    "recall-offer",
    "send-confirmation",
    "recall-question",
    "tell-provider",
    "tell-referrer",
    "tell-member",
    "warn-owner",
    "raise-escalation",
    "send-message",
];

/// Puts a job for each effect of what was recorded.
pub(crate) fn enqueue(tx: &mut Tx, case: &Case, recorded: &[Recorded]) -> Result<()> {
    for job in wanted(case, recorded) {
        jobs::put(tx, &job)?;
    }
    Ok(())
}

/// Returns the jobs that follow from what one command recorded; `case` is the state behind it. A job's id is made from the
/// case, the version and what it is about, so that doing the same again makes the same job, and a store can be asked
/// whether it holds all of them and no other.
pub fn wanted(case: &Case, recorded: &[Recorded]) -> Vec<NewJob> {
    let mut all = Vec::new();
    for event in recorded {
        for (at, effect) in effects(case, event).iter().enumerate() {
            let (kind, body) = described(effect);
            let seq = if planted::is("names-a-job-without-its-event") { 0 } else { event.seq };
            let job_id = digest(format!("{}/{seq}/{at}/{kind}", case.id).as_bytes());
            if at > 0 && planted::is("puts-one-job-an-event") {
                continue;
            }
            all.push(NewJob {
                case_id: case.id.clone(),
                job_id,
                kind: kind.to_owned(),
                receiver: receiver(case, effect),
                body,
                seq: event.seq,
                run_at: event.at,
            });
        }
    }
    all
}

/// Returns up to `limit` jobs that are left to a person, the newest first. They hold no personal data.
pub fn left(ctx: &Ctx, limit: u32) -> Result<Vec<Job>> {
    may_retry(ctx)?;
    let scope = ctx.own_scope()?;
    ctx.app.db.read(|tx| jobs::dead(tx, &scope, limit).map_err(Error::from))
}

/// Lets a job that was left to a person run again, and records who did.
pub fn retry(ctx: &Ctx, key: &JobKey) -> Result<()> {
    may_retry(ctx)?;
    let scope = ctx.own_scope()?;
    let is_left = ctx.app.db.write("retry job", |tx| -> Result<bool> {
        if !key.case_id.as_str().is_empty() {
            ctx.sees(tx, &scope, &key.case_id)?;
        }
        let is_left = jobs::revive(tx, key, ctx.now)?;
        if is_left {
            let mut done = entry(ctx, &key.case_id, "retry job");
            done.object = format!("job {}", key.job_id);
            audit::record(tx, &done)?;
        }
        Ok(is_left)
    })?;
    ctx.app.wrote_if(is_left)
}

/// Lets every job that was left to a person run again, and returns how many: what they all needed was mended.
pub fn retry_all(ctx: &Ctx) -> Result<u64> {
    may_retry(ctx)?;
    let n_jobs = ctx.app.db.write("retry jobs", |tx| -> Result<u64> {
        let n_jobs = jobs::revive_all(tx, ctx.now)?;
        let mut done = entry(ctx, &CaseId::default(), "retry jobs");
        (done.case_id, done.object) = (None, format!("{n_jobs} jobs"));
        audit::record(tx, &done)?;
        Ok(n_jobs)
    })?;
    ctx.app.wrote();
    Ok(n_jobs)
}

/// Whoever has the command line on the machine may; over the network whoever sees what waits for a person.
fn may_retry(ctx: &Ctx) -> Result<()> {
    if ctx.actor.role == Role::System { Ok(()) } else { ctx.may(Permission::ReadQueue) }
}

/// Who is told. What goes to one of them keeps its order; nobody waits for another's.
fn receiver(case: &Case, effect: &Effect) -> String {
    let provider = |id: Option<&ProviderId>| match id {
        Some(id) => format!("provider/{id}"),
        None => Owner::Provider.name().to_owned(),
    };
    let of_offer =
        |id: &OfferId| provider(case.placement.offers.get(id).map(|offer| &offer.provider_id));
    let asked = |id: &AskId| {
        case.orders.asks.get(id).map_or(Owner::Referrer, |ask| ask.of).name().to_owned()
    };
    match effect {
        Effect::AcknowledgeSender { .. }
        | Effect::SendConfirmation { .. }
        | Effect::TellReferrer { .. } => Owner::Referrer.name().to_owned(),
        Effect::SendQuestion { ask_id } | Effect::RecallQuestion { ask_id } => asked(ask_id),
        Effect::AskBenefits | Effect::SendAuthRequest { .. } => Owner::Payer.name().to_owned(),
        Effect::SendOffer { offer_id } | Effect::RecallOffer { offer_id } => of_offer(offer_id),
        Effect::TellProvider { provider_id, .. } => provider(Some(provider_id)),
        Effect::TellMember { .. } => Owner::Member.name().to_owned(),
        Effect::SendMessage { to: Receiver::Provider(id), .. } => provider(Some(id)),
        Effect::SendMessage { to, .. } => to.owner().name().to_owned(),
        Effect::WarnOwner { clock_id } => format!("staff/{}", owner(case, clock_id)),
        Effect::RaiseEscalation { level, .. } => format!("staff/level-{level}"),
    }
}

/// Whose clock it is: one of our people by name, or everybody of a role.
fn owner(case: &Case, clock_id: &ClockId) -> String {
    let Some(clock) = case.clocks.0.get(clock_id) else { return Role::Agent.name().to_owned() };
    owner_of(case, clock).map_or_else(|| clock.started.owner.name().to_owned(), |id| id.to_string())
}

fn described(effect: &Effect) -> (&'static str, String) {
    let (kind, body) = match effect {
        Effect::AcknowledgeSender { receipt_id } => {
            ("acknowledge-sender", json!({ "receipt_id": receipt_id }))
        }
        Effect::AskBenefits => ("ask-benefits", json!({})),
        Effect::SendQuestion { ask_id } => ("send-question", json!({ "ask_id": ask_id })),
        Effect::SendAuthRequest { lines, trace } => {
            ("send-auth-request", json!({ "lines": lines, "trace": trace }))
        }
        Effect::SendOffer { offer_id } => ("send-offer", json!({ "offer_id": offer_id })),
        Effect::RecallOffer { offer_id } => ("recall-offer", json!({ "offer_id": offer_id })),
        Effect::SendConfirmation { visit_id } => {
            ("send-confirmation", json!({ "visit_id": visit_id }))
        }
        Effect::RecallQuestion { ask_id } => ("recall-question", json!({ "ask_id": ask_id })),
        Effect::TellProvider { provider_id, tell } => {
            ("tell-provider", json!({ "provider_id": provider_id, "tell": tell }))
        }
        Effect::TellReferrer { tell } => ("tell-referrer", json!({ "tell": tell })),
        Effect::TellMember { provider_id, tell } => {
            ("tell-member", json!({ "provider_id": provider_id, "tell": tell }))
        }
        Effect::SendMessage { message_id, .. } => {
            ("send-message", json!({ "message_id": message_id }))
        }
        Effect::WarnOwner { clock_id } => ("warn-owner", json!({ "clock_id": clock_id })),
        Effect::RaiseEscalation { escalation_id, level } => {
            ("raise-escalation", json!({ "escalation_id": escalation_id, "level": level }))
        }
    };
    (kind, body.to_string())
}
