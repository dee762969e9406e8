//! The call in which an order is typed in: who calls is who sends it, and the call goes to the case that it becomes.

use super::fields::Section;
use crate::posted::Posted;
use crate::signin::encoded;
use doorstep_app::{Ctx, Error, Result, calls};
use doorstep_case::Channel;
use doorstep_store::calls::CallRow;
use doorstep_vocab::{CallId, CaseId};

/// The field that names the call.
const CALL: &str = "call";

/// Callers who send an order; what others are called is the member's own, or nobody's business.
const SENDERS: [&str; 3] = ["discharge-planner", "prescriber", "provider"];

/// The call as the form shows it.
pub(super) struct CallView {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) who: String,
    call: CallRow,
}

fn named(posted: &Posted) -> Option<CallId> {
    posted.get(CALL).map(CallId::from)
}

/// Returns the call that a query or a form names. One that is closed, or somebody else's, is left out: what was typed stays.
pub(super) fn view(ctx: &Ctx, posted: &Posted) -> Result<Option<CallView>> {
    let Some(call_id) = named(posted) else { return Ok(None) };
    let call = match calls::own(ctx, &call_id) {
        Ok(call) => call,
        Err(Error::NotFound | Error::Forbidden) => return Ok(None),
        Err(error) => return Err(error),
    };
    let rules = calls::rules(ctx);
    Ok(Some(CallView {
        id: call.call_id.to_string(),
        path: path(&call.call_id),
        who: rules
            .caller(&call.caller)
            .map_or_else(|| call.caller.clone(), |kind| kind.words.clone()),
        call,
    }))
}

fn path(call_id: &CallId) -> String {
    format!("/calls/{}", encoded(call_id.as_str()))
}

impl CallView {
    /// An order by telephone.
    pub(super) const fn channel() -> Channel {
        Channel::Phone
    }

    /// Fills in who sends it, as the call has it.
    pub(super) fn fill(&self, arrival: &mut Section, senders: &mut Section) {
        let call = &self.call;
        let fill = |section: &mut Section, name: &str, value: &str| {
            let field = section.fields.iter_mut().find(|field| field.name == name);
            if let Some(field) = field {
                field.set_value(value);
            }
        };
        fill(arrival, "channel", Self::channel().name());
        if SENDERS.contains(&call.caller.as_str()) {
            fill(senders, "organisation", call.caller_org.reveal());
            fill(senders, "contact", call.caller_name.reveal());
            fill(senders, "contact_phone", call.caller_phone.reveal());
        }
    }
}

/// Puts the call to the case that its order became, and returns where to go on: on the call, or with the case alone when
/// the call is over.
pub(super) fn attached(ctx: &Ctx, posted: &Posted, case_id: &CaseId) -> Result<Option<String>> {
    let Some(call_id) = named(posted) else { return Ok(None) };
    match calls::attach(ctx, &call_id, case_id) {
        Ok(()) => Ok(Some(format!("{}?done=opened", path(&call_id)))),
        Err(Error::NotFound | Error::Forbidden | Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
