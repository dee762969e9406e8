//! Places in the words of X12, such as `ISA 1 GS 1 ST 0001 segment 7 NM1-09`.

use crate::Problem;
use doorstep_x12::{Interchange, Level, Place};
use std::fmt::Write as _;

/// Longest control number that is repeated. Source: ST02 has 9 characters \[K\].
const CONTROL_MAX: usize = 9;

/// Returns the words for a place in `interchange`.
pub(super) fn words(interchange: &Interchange<'_>, place: &Place) -> String {
    let group = place.group.and_then(|group| interchange.groups.get(group));
    let set = group.zip(place.set).and_then(|(group, set)| group.sets.get(set));
    words_of(place, set.map_or("", |set| set.control.as_str()))
}

/// Returns the words for a place, in the set with that control number if it is in one.
fn words_of(place: &Place, set_control: &str) -> String {
    let mut words = format!("ISA {}", place.interchange + 1);
    if let Some(group) = place.group {
        let _ = write!(words, " GS {}", group + 1);
        if let Some(set) = place.set {
            let _ = match control(set_control).as_str() {
                "" => write!(words, " ST #{}", set + 1),
                control => write!(words, " ST {control}"),
            };
        }
    }
    if let Some(segment) = place.segment.filter(|_| !is_start(place)) {
        let _ = write!(words, " segment {segment}");
    }
    if is_segment_id(&place.segment_id) && !is_start(place) {
        let _ = write!(words, " {}", place.segment_id);
        if let Some(element) = place.element {
            let _ = write!(words, "-{element:02}");
        }
        if let Some(component) = place.component {
            let _ = write!(words, "-{component}");
        }
    }
    words
}

/// Returns a problem of an interchange or of what is in it in our form. Its message holds no personal data: that is an
/// invariant of the crate it comes from.
pub(super) fn problem(interchange: &Interchange<'_>, problem: &doorstep_x12::Problem) -> Problem {
    placed(problem, words(interchange, &problem.at))
}

/// Returns a problem of a transmission that passes by in our form, with the control number of the set that it is in.
pub(super) fn passing(problem: &doorstep_x12::Problem, set_control: &str) -> Problem {
    if problem.at.segment_id.is_empty() {
        return of_file(problem);
    }
    placed(problem, words_of(&problem.at, set_control))
}

/// Returns a problem of the file as a whole in our form.
pub(super) fn of_file(problem: &doorstep_x12::Problem) -> Problem {
    placed(problem, format!("byte {}", problem.at.offset))
}

fn placed(problem: &doorstep_x12::Problem, at: String) -> Problem {
    let (code, message) = (problem.code(), problem.message.as_str());
    match problem.level {
        Level::Warning => Problem::warning(code, at, message),
        Level::Error => Problem::error(code, at, message),
    }
}

/// Returns a control number as it may be repeated.
pub(super) fn control(sent: &str) -> String {
    sent.chars().filter(char::is_ascii_alphanumeric).take(CONTROL_MAX).collect()
}

/// Whether it may be a segment's name: two or three capitals and digits. What stands there in a broken file may be part
/// of a person's name, and is not repeated. Source: X12.6, a segment identifier has 2 or 3 characters \[K\].
fn is_segment_id(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    matches!(text.len(), 2 | 3) && text.chars().all(is_plain)
}

/// Whether the place is a set's, group's or interchange's beginning itself, which its number already tells.
fn is_start(place: &Place) -> bool {
    place.element.is_none() && matches!(place.segment_id.as_str(), "ISA" | "GS" | "ST")
}
