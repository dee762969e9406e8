//! Acknowledgements: TA1 for an interchange, 999 (005010X231A1) for its groups.
//!
//! They say exactly what [`Interchange::verdict`] and [`Interchange::set_verdict`] say. Acknowledgements themselves are
//! never acknowledged, so two systems cannot answer each other for ever: no TA1 for an interchange of TA1s, no 999 for a
//! group of 997 or 999. Data of a set is never repeated in a 999; it names the place only.

mod codes;

use crate::envelope::{Endpoint, Group, Gs, Interchange, Isa, Set, Verdict, worst};
use crate::moment::Minute;
use crate::problem::Problem;
use crate::token::Delimiters;
use crate::write::{self, GroupOuter, Outer, Writer, clean};

/// The guide of the 999 that is written.
pub const GUIDE_999: &str = "005010X231A1";

/// What an acknowledgement needs and cannot make up: when, and under which numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AckStamp {
    /// When it is written.
    pub at: Minute,
    /// ISA13 of the acknowledgement, 1-999,999,999.
    pub interchange_control: u32,
    /// GS06 of the acknowledgement, 1-999,999,999.
    pub group_control: u32,
}

/// Writes the TA1 for an interchange, in an interchange of its own.
///
/// Returns nothing when there is no ISA to answer to, or when the interchange holds only TA1s.
pub fn ta1(interchange: &Interchange<'_>, stamp: &AckStamp) -> Option<Vec<u8>> {
    let header = interchange.header.as_ref()?;
    if interchange.groups.is_empty() && !interchange.answers.is_empty() {
        return None;
    }
    let verdict = interchange.verdict();
    let level = interchange
        .problems
        .iter()
        .max_by_key(|problem| problem.level)
        .map(|problem| problem.level);
    let note = interchange
        .problems
        .iter()
        .filter(|problem| Some(problem.level) == level)
        .find_map(codes::ta105)
        .unwrap_or(if verdict == Verdict::Rejected { "024" } else { "000" });
    let letter = match verdict {
        Verdict::Accepted => "A",
        Verdict::WithErrors if note == "000" => "A",
        Verdict::WithErrors => "E",
        Verdict::Rejected => "R",
    };
    let elements = [
        clean(&header.control, 9),
        clean(&header.date, 6),
        clean(&header.time, 4),
        letter.into(),
        note.into(),
    ];
    let elements: Vec<&str> = elements.iter().map(String::as_str).collect();
    let written = write::ta1_interchange(&outer(header, stamp), &elements);
    Some(written.expect("every element was cleaned of delimiters and cut to its width"))
}

/// Writes the 999 for an interchange: one set for each of its groups, in one group.
///
/// Returns nothing when there is no ISA or GS to answer to, or when every group holds acknowledgements.
pub fn ack999(interchange: &Interchange<'_>, stamp: &AckStamp) -> Option<Vec<u8>> {
    let header = interchange.header.as_ref()?;
    let answered: Vec<(usize, &Group<'_>, &Gs)> = interchange
        .groups
        .iter()
        .enumerate()
        .filter(|(_, group)| !group.is_acknowledgement())
        .filter_map(|(index, group)| group.header.as_ref().map(|header| (index, group, header)))
        .collect();
    let (_, _, first) = answered.first()?;
    let group = GroupOuter {
        functional_id: "FA".into(),
        sender: code_or(&first.receiver, "UNKNOWN"),
        receiver: code_or(&first.sender, "UNKNOWN"),
        control: stamp.group_control.clamp(1, 999_999_999),
        version: GUIDE_999.into(),
    };
    let written = write::interchange(&outer(header, stamp), &group, Delimiters::USUAL, |writer| {
        for (number, (index, group, header)) in answered.iter().enumerate() {
            let begun = writer.n_segments();
            let control = format!("{:04}", number + 1);
            writer.segment("ST", &["999", &control, GUIDE_999]);
            one_group(writer, interchange, *index, (group, header));
            let n_segments = writer.n_segments() - begun + 1;
            writer.segment("SE", &[&n_segments.to_string(), &control]);
        }
        answered.len()
    });
    Some(written.expect("every element was cleaned of delimiters and cut to its width"))
}

/// Turns the inbound header round: the receiver answers the sender.
fn outer(header: &Isa, stamp: &AckStamp) -> Outer {
    let end = |end: &Endpoint| Endpoint {
        qualifier: code_or(&end.qualifier, "ZZ"),
        id: code_or(&end.id, "UNKNOWN"),
    };
    let usage = if header.usage == "T" { "T" } else { "P" };
    Outer {
        sender: end(&header.receiver),
        receiver: end(&header.sender),
        at: stamp.at,
        control: stamp.interchange_control.clamp(1, 999_999_999),
        wants_ta1: false,
        usage: usage.into(),
    }
}

fn code_or(text: &str, other: &str) -> String {
    let width = if other.len() == 2 { 2 } else { 15 };
    let text = clean(text, width);
    if text.is_empty() { other.into() } else { text }
}

fn one_group(
    writer: &mut Writer,
    interchange: &Interchange<'_>,
    index: usize,
    group: (&Group<'_>, &Gs),
) {
    let (group, header) = group;
    let control = clean(&header.control, 9);
    writer
        .segment("AK1", &[&clean(&header.functional_id, 2), &control, &clean(&header.version, 12)]);
    let mut verdicts = Vec::with_capacity(group.sets.len());
    for (number, set) in group.sets.iter().enumerate() {
        let verdict = interchange.set_verdict(index, number);
        one_set(writer, set, verdict);
        verdicts.push(verdict);
    }
    let n_accepted = verdicts.iter().filter(|&&verdict| verdict != Verdict::Rejected).count();
    let all_clean = verdicts.iter().all(|&verdict| verdict == Verdict::Accepted);
    let around = interchange.verdict().max(group.own_verdict());
    let letter = match (n_accepted, around) {
        (_, Verdict::Rejected) => "R",
        (0, _) if !verdicts.is_empty() => "R",
        (n, _) if n < verdicts.len() => "P",
        (_, Verdict::Accepted) if all_clean => "A",
        (_, Verdict::WithErrors) if all_clean && group.problems.is_empty() => "A",
        _ => "E",
    };
    let n_sets = verdicts.len().to_string();
    let stated = group.stated_sets.map_or_else(|| n_sets.clone(), |stated| stated.to_string());
    let accepted = n_accepted.to_string();
    let mut elements = vec![letter, &stated, &n_sets, &accepted];
    let unread = codes::ak905_unread(header, &group.sets);
    elements.extend(distinct(group.problems.iter().filter_map(codes::ak905).chain(unread)));
    writer.segment("AK9", &elements);
}

fn one_set(writer: &mut Writer, set: &Set<'_>, verdict: Verdict) {
    let id = clean(&set.id, 3);
    let id = if id.is_empty() { "000".into() } else { id };
    let control = clean(&set.control, 9);
    let control = if control.is_empty() { "0000".into() } else { control };
    writer.segment("AK2", &[&id, &control, &clean(&set.guide, 35)]);
    let in_segments = segment_notes(writer, &set.problems);
    let letter = match verdict.max(worst(&set.problems)) {
        Verdict::Accepted => "A",
        Verdict::WithErrors => "E",
        Verdict::Rejected => "R",
    };
    let own = set.problems.iter().filter_map(codes::ik502);
    let within = in_segments.then_some("5");
    let mut elements = vec![letter];
    elements.extend(distinct(own.chain(within)));
    if letter == "R" && elements.len() == 1 {
        // The fault is in what is around the set, for which IK502 has no code of its own. [K]
        elements.push("5");
    }
    writer.segment("IK5", &elements);
}

/// Writes IK3 and IK4 for what is wrong within segments; returns whether there was anything.
fn segment_notes(writer: &mut Writer, problems: &[Problem]) -> bool {
    let mut noted: Vec<(&Problem, &'static str)> = problems
        .iter()
        .filter_map(|problem| codes::ik304(problem).map(|code| (problem, code)))
        .collect();
    noted.sort_by_key(|(problem, code)| (problem.at.segment, *code));
    let mut last = None;
    for (problem, code) in &noted {
        let segment = (problem.at.segment, problem.at.segment_id.as_str(), *code);
        if last != Some(segment) {
            let ordinal = problem.at.segment.unwrap_or(1).to_string();
            writer.segment("IK3", &[&segment_id(&problem.at.segment_id), &ordinal, "", code]);
            last = Some(segment);
        }
        if let (Some(element), Some(code)) = (problem.at.element, codes::ik403(problem)) {
            let element = element.to_string();
            let component = problem.at.component.map(|component| component.to_string());
            writer.begin("IK4");
            writer.composite(1, &[&element, component.as_deref().unwrap_or("")]);
            writer.element(3, code);
            writer.end();
        }
    }
    !noted.is_empty()
}

/// Returns a segment id that IK301 can hold, whatever was sent.
fn segment_id(id: &str) -> String {
    let id: String = id.bytes().filter(u8::is_ascii_alphanumeric).take(3).map(char::from).collect();
    if id.len() < 2 { "ZZZ".into() } else { id.to_ascii_uppercase() }
}

/// Returns each code once, in order, at most five: IK5 and AK9 have no more places.
fn distinct(codes: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut seen: Vec<&'static str> = Vec::new();
    for code in codes {
        if seen.len() < 5 && !seen.contains(&code) {
            seen.push(code);
        }
    }
    seen
}
