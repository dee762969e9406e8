//! Everybody outside: who referred the member, the payer, the providers. Each sees what is open for it and plans to answer.

pub(crate) mod payer;
pub(crate) mod provider;
pub(crate) mod referrer;

use crate::deed::{Deed, Next};
use crate::story::Scene;
use doorstep_app::Result;
use doorstep_vocab::Timestamp;

/// Returns what partners are to do about a case as it stands, and when.
pub(crate) fn plans(scene: &Scene) -> Vec<(Deed, Timestamp)> {
    let mut plans = referrer::plans(scene);
    plans.extend(payer::plans(scene));
    plans.extend(provider::plans(scene));
    plans
}

/// Does what a partner planned; `None` when it is not a partner's.
pub(crate) fn perform(scene: &Scene, deed: &Deed) -> Option<Result<Next>> {
    Some(match deed {
        Deed::AnswerAsk(ask_id) => referrer::answer(scene, deed, ask_id),
        Deed::AnswerBenefits(_) => payer::answer_benefits(scene, deed),
        Deed::AnswerAuth(line, trace, round) => {
            payer::answer_auth(scene, deed, (*line, trace, *round))
        }
        Deed::Decide(dispute_id) => payer::decide(scene, deed, dispute_id),
        Deed::AnswerOffer(offer_id) => provider::answer(scene, deed, offer_id),
        Deed::Return(offer_id) => provider::give_back(scene, deed, offer_id),
        Deed::Depart(visit_id, from) => provider::depart(scene, visit_id, *from),
        Deed::EndVisit(visit_id, from) => provider::end(scene, deed, (visit_id, *from)),
        Deed::Triage
        | Deed::Assign
        | Deed::HandOver
        | Deed::Step(_)
        | Deed::Commit(_)
        | Deed::Read(_)
        | Deed::Resolve(_)
        | Deed::Call(_)
        | Deed::Hear(_) => return None,
    })
}
