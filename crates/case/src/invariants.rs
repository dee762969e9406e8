//! What holds for any case and any record, whatever happened: said once, for every test that lives cases at random, and
//! so that a planted fault can be shown to it.
//!
//! Not here: whether a state is what its record says (that is [`replay`](crate::replay)), and what the store keeps of it.

use crate::clock::{Clock, ClockEvent, ClockState};
use crate::completeness::{Missing, missing};
use crate::delivery::Fulfilment;
use crate::orders::OrdersEvent;
use crate::placement::{LinePlacement, Offer};
use crate::{About, Case, ClockRule, EVENT_NAMES, Event, Facts, Line, Recorded, Subject};
use doorstep_vocab::{ClockId, LineNo, Span, Time};
use std::collections::{BTreeMap, BTreeSet};

/// Nothing, or what does not hold.
pub type Sound = Result<(), String>;

fn ensure(is_so: bool, words: impl FnOnce() -> String) -> Sound {
    if is_so { Ok(()) } else { Err(words()) }
}

/// Checks one state of a case.
pub fn state(case: &Case) -> Sound {
    for line in case.lines.values() {
        let ledger = line.ledger;
        let most = u64::from(ledger.ordered) + u64::from(ledger.returned);
        ensure(u64::from(ledger.delivered) <= most, || format!("line {}: {ledger:?}", line.no))?;
        ensure(ledger.returned <= ledger.delivered, || format!("line {}: {ledger:?}", line.no))?;
        let awaited =
            case.placement.offers.values().any(|o| o.is_open() && o.lines.contains(&line.no));
        let offered = line.placement == LinePlacement::Offered;
        let is_free = line.placement.provider().is_none();
        ensure(offered == (awaited && is_free), || format!("line {} is not as offered", line.no))?;
    }
    for (id, offer) in case.placement.offers.iter().filter(|(_, offer)| offer.is_open()) {
        let mut lines = offer.lines.iter().filter_map(|no| case.lines.get(no));
        let is_wanted = lines.any(|line| line.is_open() && line.placement.provider().is_none());
        ensure(is_wanted, || format!("offer {id} is open for nothing"))?;
    }
    for (id, visit) in case.delivery.visits.iter().filter(|(_, visit)| visit.is_ahead()) {
        let held = visit.lines.iter().filter_map(|no| case.lines.get(no));
        let mut held = held.map(|line| (line.placement.provider(), line.cancelled.is_some()));
        let is_placed = held.all(|held| held == (Some(&visit.provider_id), false));
        ensure(is_placed, || format!("visit {id} is for lines of somebody else"))?;
    }
    case.clocks.0.values().try_for_each(clock)?;
    one_clock_each(case)?;
    if case.closing.closed.is_some() { closed(case) } else { Ok(()) }
}

fn closed(case: &Case) -> Sound {
    let open = case.placement.offers.values().any(Offer::is_open);
    ensure(!open, || "an offer is open after the end".to_owned())?;
    let asked = case.orders.open_asks().next().is_some();
    ensure(!asked, || "a question is open after the end".to_owned())?;
    let mut live = case.clocks.0.values().filter(|clock| clock.is_live());
    let may = |c: &Clock| {
        matches!(c.started.about, Subject::Dispute(_) | Subject::Escalation(_) | Subject::Call(_))
    };
    ensure(live.all(may), || "a clock of the case runs after the end".to_owned())
}

fn one_clock_each(case: &Case) -> Sound {
    let mut seen = BTreeSet::new();
    let mut live = case.clocks.0.values().filter(|clock| clock.is_live());
    let is_new = |c: &Clock| seen.insert((c.started.rule.clone(), c.started.about.clone()));
    ensure(live.all(is_new), || "two clocks of one rule run about one thing".to_owned())
}

/// Checks that each open line is recorded as complete just when nothing of it that blocks is missing.
pub fn completeness(case: &Case, facts: &Facts) -> Sound {
    let missing = missing(case, facts.terms, facts.now, &facts.hub_zone);
    let blocks = |m: &Missing, no| {
        let blocks = m.lines.get(&no).copied().unwrap_or_default();
        blocks.authorization || blocks.delivery
    };
    for line in case.open_lines().filter(|_| case.is_open()) {
        let lacks = missing.iter().any(|m| blocks(m, line.no));
        let is_complete = line.order.completed_at.is_some();
        ensure(is_complete != lacks, || format!("line {} complete {is_complete}", line.no))?;
    }
    Ok(())
}

/// Checks that each open line that is complete has each clock that the rules keep for such a line, once, until what it
/// waits for has happened; and none of a rule that is about other lines.
///
/// # Panics
/// When the rules keep a clock for complete lines that nothing here is said of.
pub fn timed(case: &Case, rules: &[ClockRule]) -> Sound {
    let of_complete = |rule: &&ClockRule| {
        rule.about == About::Line && rule.starts.iter().any(|event| event == "orders.completed")
    };
    let names: BTreeSet<&str> = rules.iter().filter(of_complete).map(|r| r.name.as_str()).collect();
    let is_complete = |line: &&Line| case.is_open() && line.order.completed_at.is_some();
    for line in case.open_lines().filter(is_complete) {
        for name in &names {
            let mut namesakes = rules.iter().filter(|rule| rule.name == *name);
            let fits = namesakes.any(|rule| is_about(rule, line));
            let is_it = |c: &&Clock| {
                c.is_live() && c.started.rule == *name && c.started.about == Subject::Line(line.no)
            };
            let n_live = case.clocks.0.values().filter(is_it).count();
            let told = || format!("line {} has {n_live} of {name}, fits {fits}: {line:?}", line.no);
            ensure(n_live <= usize::from(fits), told)?;
            ensure(n_live == 1 || !fits || !waits_for(name, line), told)?;
        }
    }
    Ok(())
}

fn is_about(rule: &ClockRule, line: &Line) -> bool {
    (rule.services.is_empty() || rule.services.contains(&line.service))
        && rule.custom.is_none_or(|custom| custom == line.custom)
}

/// Said anew, not asked of the clocks' own code: nobody is planned to come, or nobody has the line.
fn waits_for(name: &str, line: &Line) -> bool {
    match name {
        "schedule" => matches!(line.fulfilment, Fulfilment::Unscheduled | Fulfilment::Missed),
        "place" => line.placement.provider().is_none(),
        name => panic!("say when a line waits for `{name}`"),
    }
}

/// Checks one clock by itself.
pub fn clock(clock: &Clock) -> Sound {
    let id = &clock.started.clock_id;
    let rings = clock.state == ClockState::Running && clock.missed_at.is_none();
    ensure(clock.next_at().is_some() == rings, || format!("{id} rings when it should not"))?;
    let whole_days = Span::CalendarDays { n: 0, to_end_of_day: true }.unit();
    let started = &clock.started;
    if started.within.unit() == whole_days && !started.before {
        let time = started.due_at.civil(&started.zone).time();
        ensure(time == Time::midnight(), || format!("{id} ends in the middle of a day"))?;
    }
    Ok(())
}

/// Checks a record by itself: each clock starts once, and ends, pauses, warns and is missed as a clock can.
pub fn record(record: &[Recorded]) -> Sound {
    let mut clocks: BTreeMap<&ClockId, (ClockState, bool, BTreeSet<u8>)> = BTreeMap::new();
    let mut complete: BTreeSet<LineNo> = BTreeSet::new();
    let mut escalations = BTreeSet::new();
    for (at, recorded) in record.iter().enumerate() {
        ensure(usize::try_from(recorded.seq) == Ok(at + 1), || "a gap in the record".to_owned())?;
        let name = recorded.event.name();
        ensure(EVENT_NAMES.iter().any(|names| names.contains(&name)), || name.to_owned())?;
        match &recorded.event {
            Event::Clock(event) => turn(&mut clocks, event, recorded)?,
            Event::Disputes(crate::disputes::DisputesEvent::Escalated {
                escalation_id, ..
            }) => {
                ensure(escalations.insert(escalation_id), || format!("{escalation_id} twice"))?;
            }
            Event::Orders(OrdersEvent::Completed) => {
                return Err("completed as a whole".to_owned());
            }
            Event::Orders(OrdersEvent::LinesCompleted { lines }) => {
                ensure(!lines.is_empty(), || "nothing completed".to_owned())?;
                let is_new = lines.iter().all(|line| complete.insert(*line));
                ensure(is_new, || "completed twice".to_owned())?;
            }
            Event::Orders(OrdersEvent::Lapsed { items, lines }) => {
                ensure(!items.is_empty() && !lines.is_empty(), || "nothing lapsed".to_owned())?;
                let was = lines.iter().all(|line| complete.remove(line));
                ensure(was, || "lapsed without having been complete".to_owned())?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn turn<'a>(
    clocks: &mut BTreeMap<&'a ClockId, (ClockState, bool, BTreeSet<u8>)>,
    event: &'a ClockEvent,
    recorded: &Recorded,
) -> Sound {
    let id = event.clock_id();
    let wrong = || format!("{id}: {} out of turn at {}", event.name(), recorded.seq);
    if let ClockEvent::Started(_) = event {
        let first = clocks.insert(id, (ClockState::Running, false, BTreeSet::new())).is_none();
        return ensure(first, wrong);
    }
    let (state, is_missed, warned) = clocks.get_mut(id).ok_or_else(wrong)?;
    let running = *state == ClockState::Running;
    let stopped = matches!(state, ClockState::Stopped(_));
    let in_turn = match event {
        ClockEvent::Started(_) => false,
        ClockEvent::Paused { .. } => running && !*is_missed,
        ClockEvent::Resumed { .. } => !running && !stopped,
        ClockEvent::Reopened { .. } => stopped,
        // One that is reopened with another origin moves just before.
        ClockEvent::Moved { .. } => true,
        ClockEvent::Stopped { .. } | ClockEvent::Extended { .. } => !stopped,
        ClockEvent::Warned { percent, .. } => running && !*is_missed && warned.insert(*percent),
        ClockEvent::Missed { .. } => running && !std::mem::replace(is_missed, true),
    };
    match event {
        ClockEvent::Paused { .. } => *state = ClockState::Paused(recorded.at),
        ClockEvent::Resumed { .. } | ClockEvent::Reopened { .. } => *state = ClockState::Running,
        ClockEvent::Stopped { .. } => *state = ClockState::Stopped(recorded.at),
        // What lies ahead again is warned of again.
        ClockEvent::Moved { .. } | ClockEvent::Extended { .. } => warned.clear(),
        ClockEvent::Started(_) | ClockEvent::Warned { .. } | ClockEvent::Missed { .. } => {}
    }
    ensure(in_turn, wrong)
}
