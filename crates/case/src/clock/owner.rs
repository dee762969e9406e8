//! Whose a clock is, by name where that is one person.

use super::Clock;
use crate::{Case, Role, Subject};
use doorstep_vocab::UserId;

/// Returns the person who owns a clock: whoever took the escalation that it is about, else the case manager for what is
/// an agent's. `None` where it belongs to everybody of its role.
pub fn owner_of(case: &Case, clock: &Clock) -> Option<UserId> {
    if let Subject::Escalation(id) = &clock.started.about
        && let Some(owner) =
            case.disputes.escalations.get(id).and_then(|raised| raised.owner.clone())
    {
        return Some(owner);
    }
    match clock.started.owner {
        Role::Agent => case.intake.manager.clone(),
        _ => None,
    }
}
