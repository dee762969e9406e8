//! An authorization binds by its days and by its number; whichever ends first ends it. Somebody may decide to go beyond,
//! for a reason. Sources: facts 3.3, 11.2 (9, 14, 15).

use super::{BeyondAuth, Counted, DeliveryEvent};
use crate::auth::{self, Approval};
use crate::line::distinct;
use crate::{Case, Facts, Line, Refusal};
use doorstep_vocab::{LineNo, Timestamp};

const GO_BEYOND: &str = "renew it, or record why it goes beyond";

/// Returns the approvals that bind a line; none when somebody decided to go beyond them.
fn binding(line: &Line) -> Vec<&Approval> {
    if line.beyond_auth.is_some() { Vec::new() } else { line.approvals().collect() }
}

/// Returns how many of a line may be delivered: what the payer authorized, where it counted in the line's own unit.
pub(crate) fn authorized_most(line: &Line) -> u32 {
    let most = if line.beyond_auth.is_some() { None } else { auth::most(line) };
    most.unwrap_or(u32::MAX)
}

/// Refuses a window outside the days of every authorization in hand.
pub(super) fn covers_window(
    case: &Case,
    no: LineNo,
    (from, to): (Timestamp, Timestamp),
    facts: &Facts,
) -> Result<(), Refusal> {
    let zone = case.zone.as_ref().unwrap_or(&facts.hub_zone);
    let (first_day, last_day) = (from.date(zone), to.date(zone));
    let Some(line) = case.lines.get(&no) else { return Ok(()) };
    let approvals = binding(line);
    let ends_before = |a: &Approval| a.to.filter(|last| last_day > *last);
    let begins_after = |a: &Approval| a.from.filter(|first| first_day < *first);
    let covers = |a: &&Approval| ends_before(a).is_none() && begins_after(a).is_none();
    let Some(last) = approvals.first().filter(|_| !approvals.iter().any(covers)) else {
        return Ok(());
    };
    if let Some(last) = ends_before(last) {
        let words = format!("the authorization of line {no} ends {last}: {GO_BEYOND}");
        return Err(Refusal::new("auth-ends-before", words).at("to"));
    }
    let first = last.from.map(|first| first.to_string()).unwrap_or_default();
    let words = format!(
        "the authorization of line {no} begins {first}: plan it for later, or record why it goes beyond"
    );
    Err(Refusal::new("auth-begins-after", words).at("from"))
}

/// Refuses more than is authorized, counted with what `had` says that the member has already.
pub(super) fn covers_goods(
    case: &Case,
    goods: &[Counted],
    had: fn(&Line) -> u32,
) -> Result<(), Refusal> {
    for good in goods {
        let Some(line) = case.lines.get(&good.line) else { continue };
        let most = authorized_most(line);
        let all: u64 =
            goods.iter().filter(|g| g.line == line.no).map(|g| u64::from(g.quantity)).sum();
        if all + u64::from(had(line)) > u64::from(most) {
            let no = line.no;
            let words = format!("only {most} of line {no} are authorized in all: {GO_BEYOND}");
            return Err(Refusal::new("over-authorized", words).at("quantity"));
        }
    }
    Ok(())
}

pub(super) fn override_auth(
    case: &Case,
    lines: &[LineNo],
    reason: BeyondAuth,
) -> Result<Vec<DeliveryEvent>, Refusal> {
    let lines = distinct(lines);
    if lines.is_empty() {
        return Err(Refusal::new("lines-missing", "choose the lines").at("lines"));
    }
    for no in &lines {
        let line = case.lines.get(no).ok_or_else(|| Refusal::no_line(*no))?;
        if !line.is_open() {
            return Err(Refusal::line_ended(*no));
        }
        if line.approvals().next().is_none() {
            let words = format!(
                "line {no} has no approval to go beyond: its authorization is {}",
                line.auth.name()
            );
            return Err(Refusal::new("auth-not-approved", words).at("lines"));
        }
    }
    let is_known = |no: &LineNo| case.lines.get(no).is_some_and(|l| l.beyond_auth == Some(reason));
    if lines.iter().all(is_known) {
        return Ok(Vec::new());
    }
    Ok(vec![DeliveryEvent::AuthOverridden { lines, reason }])
}
