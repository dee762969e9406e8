//! What the envelope asks of headers, trailers and the segments between them.

use crate::envelope::{Group, Gs, Interchange, Isa, MAX_SEGMENT_BYTES, Set};
use crate::header::ISA_BYTES;
use crate::problem::{Code, Place, Problem, is_full, push_bounded};
use crate::token::Segment;

pub(super) fn isa(segment: &Segment<'_>, header: &Isa, place: &Place, problems: &mut Vec<Problem>) {
    let mut warn =
        |code, element, message: String| problems.push(Problem::warning(code, element, message));
    if segment.skipped > 0 {
        let message = format!(
            "{} bytes of other text precede the ISA: they were passed over",
            segment.skipped
        );
        warn(Code::JunkBeforeIsa, place.clone(), message);
    }
    if segment.raw.len() + 1 != ISA_BYTES {
        let message = format!("the ISA has {} bytes instead of {ISA_BYTES}", segment.raw.len() + 1);
        warn(Code::IsaWidth, place.clone(), message);
    }
    let separator = segment.element(11);
    if header.version.as_str() >= "00402"
        && segment.delimiters.repetition.is_none()
        && !separator.first().is_some_and(u8::is_ascii_alphanumeric)
    {
        let message = "ISA11 cannot separate repetitions: it is missing, or another delimiter";
        warn(Code::DelimiterClash, place.element(11), message.into());
    }
    if header.control.len() != 9 || !is_number(&header.control) {
        warn(Code::IsaElement, place.element(13), "ISA13 is not a number of 9 digits".into());
    }
    if header.sender.id.is_empty() {
        warn(Code::IsaElement, place.element(6), "ISA06 does not say who sends".into());
    }
    if header.receiver.id.is_empty() {
        warn(Code::IsaElement, place.element(8), "ISA08 does not say who receives".into());
    }
    if !matches!(header.usage.as_str(), "P" | "T" | "I") {
        warn(Code::IsaElement, place.element(15), "ISA15 is neither P, T nor I".into());
    }
}

pub(super) fn gs(header: &Gs, place: &Place, problems: &mut Vec<Problem>) {
    if header.control.is_empty() {
        let message = "GS06, the group number, is missing";
        problems.push(Problem::error(Code::GeControl, place.element(6), message));
    } else if !is_number(&header.control) || header.control.len() > 9 {
        let message = "GS06 is not a number of at most 9 digits";
        problems.push(Problem::warning(Code::GeControl, place.element(6), message));
    }
}

pub(super) fn st(set: &mut Set<'_>) {
    if set.id.len() != 3 || !set.id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let at = set.place.element(1);
        push_bounded(
            &mut set.problems,
            Problem::error(Code::SetId, at, "ST01 is not a set identifier"),
        );
    }
    if set.control.is_empty() {
        let at = set.place.element(2);
        push_bounded(
            &mut set.problems,
            Problem::error(Code::SetControl, at, "ST02, the set number, is missing"),
        );
    }
}

pub(super) fn empty_segment(set: &mut Set<'_>, segment: &Segment<'_>) {
    let at = Place { segment: Some(set.n_segments), ..set.place.segment(segment) };
    let message = "nothing stands between two terminators";
    push_bounded(&mut set.problems, Problem::warning(Code::SegmentEmpty, at, message));
}

/// Checks one segment within a set; its ordinal is the set's count so far.
pub(super) fn segment(set: &mut Set<'_>, segment: &Segment<'_>) {
    let impossible = !segment.has_possible_id();
    let too_long = segment.raw.len() > MAX_SEGMENT_BYTES && !segment.binary;
    let false_length = !segment.binary && (segment.is("BIN") || segment.is("BDS"));
    if !(impossible || too_long || false_length) || is_full(&set.problems) {
        return;
    }
    let at = Place { segment: Some(set.n_segments), ..set.place.segment(segment) };
    if impossible {
        let message = "X12 has no segment of this name";
        push_bounded(&mut set.problems, Problem::error(Code::SegmentUnknown, at.clone(), message));
    }
    if too_long {
        let message =
            format!("the segment has {} bytes, at most {MAX_SEGMENT_BYTES}", segment.raw.len());
        push_bounded(&mut set.problems, Problem::error(Code::SegmentTooLong, at.clone(), message));
    }
    if false_length {
        let message = "the binary data does not end where its length says";
        push_bounded(&mut set.problems, Problem::error(Code::BinaryLength, at, message));
    }
}

pub(super) fn se(set: &mut Set<'_>, trailer: Option<&Segment<'_>>, cut: bool) {
    let n_segments = set.n_segments;
    let Some(trailer) = trailer else {
        let at = Place { segment: Some(n_segments), segment_id: "SE".into(), ..set.place.clone() };
        if cut {
            let message = "the file ends within a segment";
            push_bounded(&mut set.problems, Problem::error(Code::Truncated, at.clone(), message));
        }
        let message = format!("set {} has no SE", set.control);
        return push_bounded(&mut set.problems, Problem::error(Code::SeMissing, at, message));
    };
    let at = Place { segment: Some(n_segments), ..set.place.segment(trailer) };
    if trailer.text(1).parse() != Ok(n_segments) {
        let message = format!("SE01 is not the number of segments, which is {n_segments}");
        push_bounded(&mut set.problems, Problem::warning(Code::SeCount, at.element(1), message));
    }
    if trailer.text(2) != set.control.as_str() {
        let message = format!("SE02 is not the number in ST02, {}", set.control);
        push_bounded(&mut set.problems, Problem::error(Code::SeControl, at.element(2), message));
    }
}

pub(super) fn ge(group: &mut Group<'_>, n_sets: usize, trailer: Option<&Segment<'_>>) {
    let Some(header) = &group.header else { return };
    let place = Place { segment_id: "GE".into(), ..group.place.clone() };
    let Some(trailer) = trailer else {
        let message = format!("group {} has no GE", header.control);
        return push_bounded(&mut group.problems, Problem::error(Code::GeMissing, place, message));
    };
    let at = place.segment(trailer);
    let at = Place { segment: None, ..at };
    group.stated_sets = trailer.text(1).parse().ok().filter(|&sets| sets <= 999_999);
    if trailer.text(1).parse() != Ok(n_sets) {
        let message = format!("GE01 is not the number of sets, which is {n_sets}");
        push_bounded(&mut group.problems, Problem::warning(Code::GeCount, at.element(1), message));
    }
    if !same_number(&trailer.text(2), &header.control) {
        let message = format!("GE02 is not the number in GS06, {}", header.control);
        push_bounded(&mut group.problems, Problem::error(Code::GeControl, at.element(2), message));
    }
}

pub(super) fn iea(
    interchange: &mut Interchange<'_>,
    n_groups: usize,
    trailer: Option<&Segment<'_>>,
) {
    let Some(header) = &interchange.header else { return };
    let place = Place { segment_id: "IEA".into(), ..interchange.place.clone() };
    let Some(trailer) = trailer else {
        let message = format!("interchange {} has no IEA: send it again, whole", header.control);
        return push_bounded(
            &mut interchange.problems,
            Problem::error(Code::IeaMissing, place, message),
        );
    };
    let at = place.segment(trailer);
    let only_answers = n_groups == 0 && !interchange.answers.is_empty();
    let stated = trailer.text(1).parse::<usize>().ok();
    if stated != Some(n_groups) && !(only_answers && stated == Some(1)) {
        let message = format!("IEA01 is not the number of groups, which is {n_groups}");
        push_bounded(
            &mut interchange.problems,
            Problem::warning(Code::IeaCount, at.element(1), message),
        );
    }
    if !same_number(&trailer.text(2), &header.control) {
        let message = format!("IEA02 is not the number in ISA13, {}", header.control);
        push_bounded(
            &mut interchange.problems,
            Problem::error(Code::IeaControl, at.element(2), message),
        );
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether two control numbers are the same; leading zeros do not count.
fn same_number(one: &str, other: &str) -> bool {
    one == other
        || (is_number(one)
            && is_number(other)
            && one.trim_start_matches('0') == other.trim_start_matches('0'))
}
