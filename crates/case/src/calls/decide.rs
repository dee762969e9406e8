//! The rules of what is recorded of calls.

use super::{Call, CallsCommand, CallsEvent, Direction};
use crate::{Case, Facts, Refusal};
use doorstep_vocab::{CallId, Timestamp};

type Decided = Result<Vec<CallsEvent>, Refusal>;

pub(crate) fn decide(case: &Case, command: &CallsCommand, facts: &Facts) -> Decided {
    match command {
        CallsCommand::Begin { call_id, direction, caller, reason } => {
            let (direction, caller, reason) = (*direction, caller.clone(), reason.clone());
            let began = CallsEvent::Began { call_id: call_id.clone(), direction, caller, reason };
            Ok(if case.calls.0.contains_key(call_id) { Vec::new() } else { vec![began] })
        }
        CallsCommand::Verify { call_id, level, matched, authority } => {
            let known = call(case, call_id)?;
            if (known.level, &known.matched, &known.authority) == (*level, matched, authority) {
                return Ok(Vec::new());
            }
            let (matched, authority) = (matched.clone(), authority.clone());
            let call_id = call_id.clone();
            Ok(vec![CallsEvent::Verified { call_id, level: *level, matched, authority }])
        }
        CallsCommand::Fail { call_id } => {
            let is_new = call(case, call_id)?.failed_at.is_none();
            let failed = CallsEvent::Failed { call_id: call_id.clone() };
            Ok(is_new.then_some(failed).into_iter().collect())
        }
        CallsCommand::Transfer { call_id, to, symptoms } => {
            if call(case, call_id)?.handed_to == Some(*to) {
                return Ok(Vec::new());
            }
            let (call_id, symptoms) = (call_id.clone(), symptoms.clone());
            Ok(vec![CallsEvent::Transferred { call_id, to: *to, symptoms }])
        }
        CallsCommand::Promise { call_id, promised_to } => {
            promise(case, call_id, *promised_to, facts)
        }
        CallsCommand::PassOn { call_id, to, cause } => {
            let known = call(case, call_id)?;
            // Not passed on at all, it is still with whoever held the call: to nobody is then somewhere else.
            let is_there = known.passed_to == *to && known.is_laid_back == to.is_none();
            let is_new = known.is_owed() && !is_there;
            let passed_on =
                CallsEvent::PassedOn { call_id: call_id.clone(), to: to.clone(), cause: *cause };
            Ok(is_new.then_some(passed_on).into_iter().collect())
        }
        CallsCommand::Keep { call_id } => {
            let is_owed = call(case, call_id)?.is_owed();
            Ok(is_owed.then(|| CallsEvent::Kept { call_id: call_id.clone() }).into_iter().collect())
        }
        CallsCommand::End { call_id, disposition, was_reached } => {
            end(case, call_id, (disposition, *was_reached))
        }
    }
}

fn call<'a>(case: &'a Case, call_id: &CallId) -> Result<&'a Call, Refusal> {
    let words = "the case has no such call: put the call to the case first";
    case.calls.0.get(call_id).ok_or_else(|| Refusal::new("call-unknown", words))
}

/// Promised anew, a call back is due at the new time. Source: facts 6.1, recap with the time of the call back.
fn promise(case: &Case, call_id: &CallId, promised_to: Timestamp, facts: &Facts) -> Decided {
    let known = call(case, call_id)?;
    if known.is_owed() && known.promised_to == Some(promised_to) {
        return Ok(Vec::new());
    }
    facts.within_reach(promised_to, "promised_to")?;
    if promised_to <= facts.now {
        let words = "promise a time to come: this one has passed already";
        return Err(Refusal::new("promise-past", words).at("promised_to"));
    }
    Ok(vec![CallsEvent::Promised { call_id: call_id.clone(), promised_to }])
}

/// A call of ours that reached somebody keeps what was promised about the case before. What it promises itself it does not.
fn end(case: &Case, call_id: &CallId, (disposition, was_reached): (&str, bool)) -> Decided {
    let known = call(case, call_id)?;
    if known.disposition.as_deref() == Some(disposition) {
        return Ok(Vec::new());
    }
    let ended = CallsEvent::Ended { call_id: call_id.clone(), disposition: disposition.to_owned() };
    let mut out = vec![ended];
    if known.direction == Direction::Outbound && was_reached {
        out.extend(kept(case, call_id));
    }
    Ok(out)
}

/// Returns that every call back is kept which was promised before `call_id` began.
fn kept(case: &Case, call_id: &CallId) -> Vec<CallsEvent> {
    let owed = case.calls.owed().filter(|(owed, _)| *owed != call_id);
    owed.map(|(owed, _)| CallsEvent::Kept { call_id: owed.clone() }).collect()
}
