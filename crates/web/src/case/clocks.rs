//! The clocks of a case: what is due when, how much is left, and how each due time came about.

use crate::errors::capital;
use crate::when::{Left, When};
use crate::words;
use doorstep_case::clock::{Clock, ClockState, owner_of};
use doorstep_case::{Case, Subject};
use doorstep_packs::Packs;
use doorstep_vocab::{Date, LineNo, Timestamp, Zone};
use std::collections::BTreeMap;

/// A clock as the page shows it.
pub(crate) struct ClockView {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) due: When,
    pub(crate) left: Left,
    pub(crate) owner: String,
    pub(crate) explained: Vec<(String, String)>,
}

/// Returns the live clocks, what is due first at the top, and the ended ones, the latest first.
pub(crate) fn of(
    case: &Case,
    now: Timestamp,
    (zone, packs): (&Zone, &Packs),
    lines: &BTreeMap<LineNo, String>,
) -> (Vec<ClockView>, Vec<EndedClock>) {
    let mut live: Vec<&Clock> = case.clocks.0.values().filter(|clock| clock.is_live()).collect();
    live.sort_by_key(|clock| {
        (!clock.is_running(), clock.started.due_at, clock.started.clock_id.clone())
    });
    let mut ended: Vec<(&Clock, Timestamp)> = Vec::new();
    for clock in case.clocks.0.values() {
        if let ClockState::Stopped(at) = clock.state {
            ended.push((clock, at));
        }
    }
    ended.sort_by_key(|(clock, at)| (std::cmp::Reverse(*at), clock.started.clock_id.clone()));
    let live = live.into_iter().map(|clock| view(case, clock, now, (zone, packs, lines)));
    let ended = ended.into_iter().map(|(clock, at)| EndedClock {
        name: capital(&words::clock(&clock.started.rule)),
        about: about(case, &clock.started.about, lines),
        at: When::at(at, zone),
        is_late: at > clock.started.due_at,
        explained: explained(clock, (now.date(zone), packs)),
    });
    (live.collect(), ended.collect())
}

/// A clock that ended.
pub(crate) struct EndedClock {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) at: When,
    pub(crate) is_late: bool,
    pub(crate) explained: Vec<(String, String)>,
}

fn view(
    case: &Case,
    clock: &Clock,
    now: Timestamp,
    (zone, packs, lines): (&Zone, &Packs, &BTreeMap<LineNo, String>),
) -> ClockView {
    let started = &clock.started;
    // A clock that is due before an instant counts from that instant back: its bar begins when the case was received.
    let from = if started.before { case.intake.received_at } else { started.counts_from };
    ClockView {
        name: capital(&words::clock(&started.rule)),
        about: about(case, &started.about, lines),
        due: When::at(started.due_at, zone),
        left: Left::of(now, from, started.due_at, !clock.is_running()),
        owner: owner(case, clock),
        explained: explained(clock, (now.date(zone), packs)),
    }
}

/// Whoever owns it, by name where that is one person.
fn owner(case: &Case, clock: &Clock) -> String {
    let role = clock.started.owner.name();
    owner_of(case, clock).map_or_else(|| format!("every {role}"), |id| format!("{id}, {role}"))
}

fn explained(clock: &Clock, (today, packs): (Date, &Packs)) -> Vec<(String, String)> {
    let calendar = packs.calendar_named(&clock.started.calendar, today);
    clock.explain_on(&calendar).into_iter().map(|(what, words)| (capital(what), words)).collect()
}

/// What a clock is about, where that does not go without saying.
pub(super) fn about(case: &Case, about: &Subject, lines: &BTreeMap<LineNo, String>) -> String {
    let words = match about {
        Subject::Case => None,
        Subject::Line(_) | Subject::Offer(_) | Subject::Visit(_) if case.lines.len() < 2 => None,
        Subject::Line(no) => lines.get(no).map(|what| format!("{no}. {what}")),
        Subject::Offer(id) => case.placement.offers.get(id).map(|offer| names(&offer.lines, lines)),
        Subject::Visit(id) => case.delivery.visits.get(id).map(|visit| names(&visit.lines, lines)),
        Subject::Ask(id) => case.orders.asks.get(id).map(|ask| words::owner(ask.of).to_owned()),
        Subject::Dispute(id) => {
            case.disputes.disputes.get(id).map(|dispute| dispute.kind.words().to_owned())
        }
        Subject::Escalation(id) => {
            case.disputes.escalations.get(id).map(|raised| raised.reason.words().to_owned())
        }
        Subject::Call(id) => {
            case.calls.0.get(id).map(|call| format!("to {}", call.caller.replace('-', " ")))
        }
    };
    words.unwrap_or_default()
}

fn names(of: &[LineNo], lines: &BTreeMap<LineNo, String>) -> String {
    of.iter().filter_map(|no| lines.get(no).cloned()).collect::<Vec<_>>().join(", ")
}
