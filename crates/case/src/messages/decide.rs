//! The rules of messages.

use super::{MessagesCommand, MessagesEvent, Receiver};
use crate::{Case, Refusal};
use doorstep_vocab::ProviderId;

type Decided = Result<Vec<MessagesEvent>, Refusal>;

pub(crate) fn decide(case: &Case, command: &MessagesCommand) -> Decided {
    match command {
        MessagesCommand::Write { message_id, to } => {
            if case.messages.written.contains_key(message_id) {
                return Ok(Vec::new());
            }
            may_have(case, to)?;
            let (message_id, to) = (message_id.clone(), to.clone());
            Ok(vec![MessagesEvent::Written { message_id, to }])
        }
        MessagesCommand::Read => {
            let is_any = case.messages.n_unread > 0;
            Ok(is_any.then_some(MessagesEvent::Read).into_iter().collect())
        }
    }
}

/// Nobody writes to a provider that has nothing to do with the case, nor to a member who has died. Sources: facts 5.3,
/// minimum necessary; 11.5 (47).
fn may_have(case: &Case, to: &Receiver) -> Result<(), Refusal> {
    match to {
        Receiver::Provider(id) if !is_of_case(case, id) => {
            let words = "choose a provider that has lines of this case, or an offer";
            Err(Refusal::new("receiver-foreign", words).at("to"))
        }
        Receiver::Member if case.may_have_died() => {
            let words = "the member may have died: nothing is written to them any more";
            Err(Refusal::new("member-died", words).at("to"))
        }
        Receiver::Provider(_) | Receiver::Referrer | Receiver::Member | Receiver::Payer => Ok(()),
    }
}

fn is_of_case(case: &Case, id: &ProviderId) -> bool {
    case.lines.values().any(|line| line.placement.provider() == Some(id))
        || case.placement.offers.values().any(|offer| offer.provider_id == *id)
}
