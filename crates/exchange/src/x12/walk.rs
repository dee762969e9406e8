//! One way through a file for reading and for answering: which units there are, and what each was read from.

use doorstep_x12::sets::s278::{self, Kind, Request};
use doorstep_x12::{Interchange, Transmission, Verdict};

/// What units are made of.
pub(super) enum Part {
    /// An interchange without sets: TA1s, or nothing.
    Bare,
    /// A set.
    Set {
        /// Its group and its own index.
        at: (usize, usize),
        /// What it is for.
        kind: Kind,
        /// The request or cancellation, when the set will be acknowledged as taken.
        request: Option<Box<Request>>,
    },
}

impl Part {
    /// Returns how many units it is: one for each patient event, else one.
    pub(super) fn n_units(&self) -> usize {
        match self {
            Self::Set { request: Some(request), .. } => request.events.len().max(1),
            Self::Bare | Self::Set { .. } => 1,
        }
    }
}

/// Visits every part in the file's order, each set parsed and its problems noted on its interchange.
pub(super) fn walk<'a>(
    transmission: &mut Transmission<'a>,
    mut visit: impl FnMut(&mut Interchange<'a>, Part),
) {
    for interchange in &mut transmission.interchanges {
        let sets: Vec<(usize, usize)> = interchange
            .groups
            .iter()
            .enumerate()
            .flat_map(|(group, found)| (0..found.sets.len()).map(move |set| (group, set)))
            .collect();
        if sets.is_empty() {
            visit(interchange, Part::Bare);
        }
        for at in sets {
            let part = part(interchange, at);
            visit(interchange, part);
        }
    }
}

fn part(interchange: &mut Interchange<'_>, at: (usize, usize)) -> Part {
    let (group, index) = at;
    let set = &interchange.groups[group].sets[index];
    if set.id != "278" {
        return Part::Set { at, kind: Kind::Other, request: None };
    }
    let parsed = s278::parse(set);
    let kind = parsed.kind;
    if matches!(kind, Kind::Response | Kind::Inquiry | Kind::Notification) {
        return Part::Set { at, kind, request: None };
    }
    interchange.note(parsed.problems);
    let is_taken = interchange.set_verdict(group, index) != Verdict::Rejected;
    let request = parsed.request.filter(|_| is_taken);
    Part::Set { at, kind, request }
}
