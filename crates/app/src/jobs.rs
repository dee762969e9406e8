//! What has to happen outside, as job rows in the same transaction as the events that want it.

use crate::Result;
use crate::secret::digest;
use doorstep_case::{Case, Effect, Recorded, effects};
use doorstep_db::Tx;
use doorstep_store::jobs::{self, NewJob};
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
];

/// Puts a job for each effect of what was recorded. A job's id is made from the case, the version and what it is
/// about, so that doing the same again makes the same job.
pub(crate) fn enqueue(tx: &mut Tx, case: &Case, recorded: &[Recorded]) -> Result<()> {
    for event in recorded {
        for (at, effect) in effects(case, event).iter().enumerate() {
            let (kind, body) = described(effect);
            let job_id = digest(format!("{}/{}/{at}/{kind}", case.id, event.seq).as_bytes());
            let job = NewJob {
                case_id: case.id.clone(),
                job_id,
                kind: kind.to_owned(),
                body,
                seq: event.seq,
                run_at: event.at,
            };
            jobs::put(tx, &job)?;
        }
    }
    Ok(())
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
        Effect::WarnOwner { clock_id } => ("warn-owner", json!({ "clock_id": clock_id })),
        Effect::RaiseEscalation { escalation_id, level } => {
            ("raise-escalation", json!({ "escalation_id": escalation_id, "level": level }))
        }
    };
    (kind, body.to_string())
}
