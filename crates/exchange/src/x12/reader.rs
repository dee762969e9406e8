//! A file to its units.

use super::source::{Source, sender};
use super::walk::{Part, walk};
use super::{order, place};
use crate::{Format, Found, Problem, Reading, Unit};
use doorstep_vocab::Timestamp;
use doorstep_x12::sets::s278::{Kind, Request};
use doorstep_x12::{Interchange, Place, Set, Transmission, Verdict};

/// Reads every set of a file.
pub(crate) fn read(bytes: &[u8], received_at: Timestamp) -> Reading {
    let mut transmission = doorstep_x12::read(bytes);
    let file_sender = transmission.interchanges.iter().find_map(sender);
    let mut units = Vec::new();
    walk(&mut transmission, |interchange, part| {
        let made = units_of(interchange, part, received_at);
        let keys = Keys { interchange, file_sender: file_sender.as_deref() };
        units.extend(made.into_iter().map(|made| Unit { key: keys.of(&made), ..made.unit }));
    });
    let mut problems = envelope_problems(&transmission);
    if units.is_empty() {
        let unit = unit(String::new(), Found::Refused, std::mem::take(&mut problems));
        units.push(unit);
    }
    Reading { format: Format::X12, sender: file_sender, units, problems }
}

/// A unit, and which event of which set it is.
struct Made {
    unit: Unit,
    set: Option<(usize, usize)>,
    event: usize,
}

fn unit(place: String, found: Found, problems: Vec<Problem>) -> Unit {
    Unit { place, key: String::new(), found, problems }
}

fn units_of(interchange: &Interchange<'_>, part: Part, received_at: Timestamp) -> Vec<Made> {
    let (at, kind, request) = match part {
        Part::Bare => return vec![Made { unit: bare(interchange), set: None, event: 0 }],
        Part::Set { at, kind, request } => (at, kind, request),
    };
    let Some(set) = interchange.groups.get(at.0).and_then(|group| group.sets.get(at.1)) else {
        return Vec::new();
    };
    let from = Source::new(interchange, set, received_at);
    let made = |(event, unit)| Made { unit, set: Some(at), event };
    match request {
        Some(request) => events(&request, &from).into_iter().enumerate().map(made).collect(),
        None => vec![made((0, other(&from, at, kind)))],
    }
}

/// A unit for each patient event; what is wrong with the set stands with the first.
fn events(request: &Request, from: &Source<'_, '_>) -> Vec<Unit> {
    let set_at = from.at(&from.set.place);
    let mut of_set = of_set(from);
    let mut units = Vec::with_capacity(request.events.len());
    for (index, event) in request.events.iter().enumerate() {
        let place = match request.events.len() {
            1 => set_at.clone(),
            _ => format!("{set_at} event {}", index + 1),
        };
        let (found, problems) = order::read(request, event, from);
        let mut all = std::mem::take(&mut of_set);
        all.extend(problems);
        units.push(unit(place, found, all));
    }
    units
}

/// A set that is no request, or one that is refused.
fn other(from: &Source<'_, '_>, at: (usize, usize), kind: Kind) -> Unit {
    let Source { interchange, set, .. } = from;
    let mut problems = of_set(from);
    let what = |kind: &str| {
        let parts = [place::control(&set.id), kind.to_owned(), version(set)];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Found::Unsupported { what: format!("X12 {}", parts.join(" ")) }
    };
    let found = match kind {
        Kind::Response => what("response"),
        Kind::Inquiry => what("inquiry"),
        Kind::Notification => what("notification"),
        Kind::Other if set.id != "278" => what(""),
        Kind::Request | Kind::Cancel | Kind::Other => Found::Refused,
    };
    if matches!(found, Found::Refused) {
        let group = interchange.groups.get(at.0);
        let group = group.into_iter().flat_map(|group| group.problems.iter());
        let around = interchange.problems.iter().chain(group).filter(|problem| problem.is_error());
        problems.extend(around.map(|problem| place::problem(interchange, problem)));
    }
    unit(from.at(&set.place), found, problems)
}

/// An interchange without sets: answers to what we sent, or nothing.
fn bare(interchange: &Interchange<'_>) -> Unit {
    let place = Place { segment: None, ..interchange.place.clone() };
    let problems: Vec<Problem> =
        interchange.problems.iter().map(|problem| place::problem(interchange, problem)).collect();
    let what = |what: &str| Found::Unsupported { what: what.to_owned() };
    let found = match interchange.verdict() {
        _ if !interchange.answers.is_empty() => what("X12 TA1"),
        Verdict::Rejected => Found::Refused,
        Verdict::Accepted | Verdict::WithErrors => what("X12 without transaction sets"),
    };
    unit(place::words(interchange, &place), found, problems)
}

fn of_set(from: &Source<'_, '_>) -> Vec<Problem> {
    from.set.problems.iter().map(|problem| place::problem(from.interchange, problem)).collect()
}

/// Returns the guide as it may be repeated. Source: ST03 has 35 characters, every guide's name 12 or fewer \[K\].
fn version(set: &Set<'_>) -> String {
    set.version.chars().filter(char::is_ascii_alphanumeric).take(12).collect()
}

/// What is wrong with the file, its interchanges and its groups as such; what is wrong with a set stands with its units.
fn envelope_problems(transmission: &Transmission<'_>) -> Vec<Problem> {
    let of_file = transmission.problems.iter().map(place::of_file);
    let around = transmission.interchanges.iter().flat_map(|interchange| {
        let groups = interchange.groups.iter().flat_map(|group| group.problems.iter());
        let all = interchange.problems.iter().chain(groups);
        all.map(move |problem| place::problem(interchange, problem))
    });
    of_file.chain(around).collect()
}

/// Makes the sender's keys for its messages.
struct Keys<'a, 'f> {
    interchange: &'a Interchange<'f>,
    file_sender: Option<&'a str>,
}

impl Keys<'_, '_> {
    /// Returns `ISA13/GS06/ST02`, with the event's number from the second on. One file may hold several senders, and the
    /// reading names the first: before the keys of any other stands who sends.
    fn of(&self, made: &Made) -> String {
        let Some(header) = &self.interchange.header else { return String::new() };
        let mut parts = Vec::new();
        let own = sender(self.interchange);
        if own.as_deref() != self.file_sender {
            parts.push(own.unwrap_or_default());
        }
        parts.push(place::control(&header.control));
        if let Some((group, set)) = made.set {
            let group = self.interchange.groups.get(group);
            let gs = group.and_then(|group| group.header.as_ref());
            parts.push(gs.map(|gs| place::control(&gs.control)).unwrap_or_default());
            let set = group.and_then(|group| group.sets.get(set));
            parts.push(set.map(|set| place::control(&set.control)).unwrap_or_default());
        }
        if made.event > 0 {
            parts.push((made.event + 1).to_string());
        }
        parts.join("/")
    }
}
