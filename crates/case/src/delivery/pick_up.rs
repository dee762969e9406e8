//! What was delivered and has to come back: found, picked up, or left where it is for a reason. Sources: facts 1.3, payment
//! classes and modifiers; 7.4, pickup triggers; 11.5 (47).

use super::{DeliveryEvent, PickUpReason};
use crate::coded::coded;
use crate::line::distinct;
use crate::{Case, Facts, Line, Refusal};
use doorstep_vocab::LineNo;
use serde::{Deserialize, Serialize};

coded! {
    /// Why what was to be picked up stays. A closed list \[K\].
    StayReason {
        Owned = "owned", "it belongs to the member or the estate";
        Collected = "collected", "the provider collects it without us";
        NotRecoverable = "not-recoverable", "it cannot be got back";
        NotReturnable = "not-returnable", "it cannot be used again";
        NotThere = "not-there", "it is not there";
    }
}

/// The modifiers of what the member bought, new, used or by election. Source: facts 1.3.
const BOUGHT: [&str; 3] = ["NU", "UE", "BP"];

impl Line {
    /// Returns whether something of it is to be picked up.
    pub fn is_pick_up_due(&self) -> bool {
        self.pick_up_due.is_some() && self.ledger.held() > 0
    }
}

/// Returns the lines of which the member has what comes back, and for which nobody knows it yet.
pub(crate) fn to_be_picked_up(case: &Case, facts: &Facts) -> Vec<LineNo> {
    let comes_back = |line: &&Line| {
        let terms = facts.terms.family(line.service, &line.family);
        let is_bought = line.request.modifiers.iter().any(|m| BOUGHT.contains(&m.as_str()));
        terms.is_some_and(|family| family.takes_back(line)) && !is_bought
    };
    let held = case.lines.values().filter(|line| line.ledger.held() > 0);
    let open = held.filter(|line| line.pick_up_due.is_none() && line.stays.is_none());
    open.filter(comes_back).map(|line| line.no).collect()
}

/// Somebody says that equipment is to be picked up: the need has ended, a trial has failed, the member is in a facility.
/// Source: facts 7.4; 11.4 (36).
pub(super) fn request(
    case: &Case,
    lines: &[LineNo],
    reason: PickUpReason,
) -> Result<Vec<DeliveryEvent>, Refusal> {
    let lines = distinct(lines);
    if lines.is_empty() {
        return Err(Refusal::new("lines-missing", "choose the lines to pick up").at("lines"));
    }
    for no in &lines {
        let line = case.lines.get(no).ok_or_else(|| Refusal::no_line(*no))?;
        if line.ledger.held() == 0 {
            let words = format!("the member has nothing of line {no}");
            return Err(Refusal::new("nothing-held", words).at("lines"));
        }
    }
    let is_known = |no: &LineNo| case.lines[no].pick_up_due == Some(reason);
    let is_new = !lines.iter().all(is_known);
    Ok(is_new.then_some(DeliveryEvent::PickUpDue { lines, reason }).into_iter().collect())
}

pub(super) fn leave(
    case: &Case,
    no: LineNo,
    reason: StayReason,
) -> Result<Vec<DeliveryEvent>, Refusal> {
    let line = case.lines.get(&no).ok_or_else(|| Refusal::no_line(no))?;
    match line.stays {
        Some(known) if known == reason => Ok(Vec::new()),
        None if !line.is_pick_up_due() => {
            let words = format!("nothing of line {no} is to be picked up");
            Err(Refusal::new("no-pick-up-due", words).at("line"))
        }
        _ => Ok(vec![DeliveryEvent::Stayed { line: no, reason }]),
    }
}

pub(super) fn apply(case: &mut Case, event: &DeliveryEvent) {
    match event {
        DeliveryEvent::PickUpDue { lines, reason } => each(case, lines, |line| {
            (line.pick_up_due, line.stays) = (Some(*reason), None);
        }),
        DeliveryEvent::Stayed { line, reason } => each(case, &[*line], |line| {
            (line.pick_up_due, line.stays) = (None, Some(*reason));
        }),
        DeliveryEvent::PickedUp { goods, .. } => {
            let lines: Vec<LineNo> = goods.iter().map(|good| good.line).collect();
            each(case, &lines, |line| line.pick_up_due = None);
        }
        _ => {}
    }
}

fn each(case: &mut Case, lines: &[LineNo], change: impl Fn(&mut Line)) {
    case.lines.values_mut().filter(|line| lines.contains(&line.no)).for_each(change);
}
