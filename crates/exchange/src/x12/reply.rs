//! TA1 and 999 for every interchange of a file, in one file.
//!
//! They say what became of the units. A set that was not taken is refused, also when its syntax is right: a sender that
//! reads `A` must be able to rely on it that the order is here.

use super::walk::{Part, walk};
use crate::{Outcome, Reply, UnitOutcome};
use doorstep_vocab::{Timestamp, Zone};
use doorstep_x12::sets::s278::Request;
use doorstep_x12::{
    AckStamp, Code, Day, Interchange, Level, Minute, Place, Problem, Set, Verdict, ack999, ta1,
};

/// The largest control number. Source: ISA13 has nine digits.
const CONTROL_MAX: u32 = 999_999_999;

/// Answers a file. The answers' interchanges are numbered from `control` on, one after another; their times are UTC.
///
/// Returns nothing when there is nobody to answer (no ISA), and for a file of acknowledgements only.
pub(crate) fn reply(
    bytes: &[u8],
    outcomes: &[UnitOutcome],
    now: Timestamp,
    control: u32,
) -> Option<Reply> {
    let at = minute(now)?;
    let mut transmission = doorstep_x12::read(bytes);
    let mut left = outcomes;
    walk(&mut transmission, |interchange, part| {
        let (own, rest) = left.split_at(part.n_units().min(left.len()));
        left = rest;
        note(interchange, &part, own);
    });
    let mut answers = Vec::new();
    let mut next = control.clamp(1, CONTROL_MAX);
    for interchange in transmission.interchanges.iter().filter(|found| is_answered(found)) {
        for write in [ta1, ack999] {
            let stamp = AckStamp { at, interchange_control: next, group_control: next };
            if let Some(answer) = write(interchange, &stamp) {
                answers.extend(answer);
                next = next % CONTROL_MAX + 1;
            }
        }
    }
    (!answers.is_empty()).then_some(Reply { media_type: "application/edi-x12", bytes: answers })
}

/// Whether an interchange is answered: one that holds acknowledgements only never is, so that no two systems answer one
/// another for ever.
fn is_answered(interchange: &Interchange<'_>) -> bool {
    let groups = &interchange.groups;
    groups.is_empty() || groups.iter().any(|group| !group.is_acknowledgement())
}

/// Notes on a set what became of its units. A unit without an outcome was not taken.
fn note(interchange: &mut Interchange<'_>, part: &Part, outcomes: &[UnitOutcome]) {
    let Part::Set { at: (group, index), request, .. } = part else { return };
    let (group, index) = (*group, *index);
    if interchange.set_verdict(group, index) == Verdict::Rejected {
        return;
    }
    let Some(set) = interchange.groups.get(group).and_then(|group| group.sets.get(index)) else {
        return;
    };
    let problems = match request {
        None => vec![unsupported(set)],
        Some(request) => untaken(request, outcomes),
    };
    interchange.note(problems);
}

fn unsupported(set: &Set<'_>) -> Problem {
    let (code, element) = match set.id.as_str() {
        "278" => (Code::GuideUnsupported, 3),
        _ => (Code::SetUnsupported, 1),
    };
    Problem {
        code,
        at: set.place.element(element),
        message: "sets of this kind are not taken here: send 278 005010X217 requests".to_owned(),
        level: Level::Error,
    }
}

/// The events that were not taken refuse the set when none was taken; else they are told beside those that were.
fn untaken(request: &Request, outcomes: &[UnitOutcome]) -> Vec<Problem> {
    let is_taken = |index: usize| {
        outcomes
            .get(index)
            .is_some_and(|unit| !matches!(unit.outcome, Outcome::Refused | Outcome::Unsupported))
    };
    let n_events = request.events.len();
    let level = if (0..n_events).any(is_taken) { Level::Warning } else { Level::Error };
    let refused = request.events.iter().enumerate().filter(|(index, _)| !is_taken(*index));
    let problem = |(_, event): (usize, &doorstep_x12::sets::s278::Event)| Problem {
        code: Code::CodeInvalid,
        at: Place { element: None, component: None, ..event.at.clone() },
        message: "the event was not taken: correct it and send it again".to_owned(),
        level,
    };
    refused.map(problem).collect()
}

fn minute(now: Timestamp) -> Option<Minute> {
    let civil = now.civil(&Zone::utc());
    let day = Day::new(civil.year(), civil.month(), civil.day())?;
    Minute::new(day, u8::try_from(civil.hour()).ok()?, u8::try_from(civil.minute()).ok()?)
}
