//! Which values of a segment make sense, wherever in the tree it stands. Each problem names its element.
//!
//! A bad BHT stops the set, since what it is for is then unknown; any other value is only told.

use std::borrow::Cow;

use crate::moment::{Day, Period};
use crate::problem::{Code, Notes, Place};
use crate::token::{Segment, decode};

/// Checks the values of one segment.
pub(super) fn check(segment: &Segment<'_>, notes: &mut Notes) {
    match segment.id() {
        b"HI" => hi(segment, notes),
        b"BHT" | b"UM" | b"DTP" | b"DMG" | b"HSD" | b"CR5" | b"CR6" | b"SV1" | b"SV2" | b"SV3" => {
            values(&Cut::of(segment), notes);
        }
        _ => {}
    }
}

/// Elements of the longest segment whose values are checked, CR6.
const ELEMENTS_MAX: usize = 21;

/// A segment that is cut, once for all its elements.
struct Cut<'s, 'a> {
    segment: &'s Segment<'a>,
    elements: [&'a [u8]; ELEMENTS_MAX],
}

impl<'s, 'a> Cut<'s, 'a> {
    fn of(segment: &'s Segment<'a>) -> Self {
        let mut elements: [&[u8]; ELEMENTS_MAX] = [&[]; ELEMENTS_MAX];
        for (place, element) in elements.iter_mut().zip(segment.elements()) {
            *place = element;
        }
        Self { segment, elements }
    }

    /// Returns element `n`, from 1, as text without the blanks around it.
    fn text(&self, n: usize) -> Cow<'a, str> {
        let element = self.elements.get(n - 1).copied().unwrap_or_default();
        if element.is_empty() { Cow::Borrowed("") } else { decode(element.trim_ascii()) }
    }

    fn place(&self, element: usize, notes: &Notes) -> Place {
        notes.place.segment(self.segment).element(element)
    }
}

fn values(segment: &Cut<'_, '_>, notes: &mut Notes) {
    match segment.segment.id() {
        b"BHT" => bht(segment, notes),
        b"UM" => um(segment, notes),
        b"DTP" => dtp(segment, notes),
        b"DMG" => {
            date(segment, 2, notes);
            code(segment, 3, &["F", "M", "U"], notes);
        }
        b"HSD" => {
            code(segment, 1, &["DY", "FL", "HS", "MN", "VS"], notes);
            for element in [2, 4, 6] {
                number(segment, element, notes);
            }
        }
        b"CR5" => {
            for element in [2, 6, 7, 8, 10, 11] {
                number(segment, element, notes);
            }
        }
        b"CR6" => {
            for element in [2, 5, 9, 12, 13, 14] {
                date(segment, element, notes);
            }
            period(segment, 3, 4, notes);
            period(segment, 15, 16, notes);
        }
        b"SV1" => number(segment, 4, notes),
        b"SV2" => number(segment, 5, notes),
        b"SV3" => number(segment, 6, notes),
        _ => {}
    }
}

fn bht(segment: &Cut<'_, '_>, notes: &mut Notes) {
    if segment.text(1) != "0007" {
        let message = "BHT01 is not 0007, the order of loops of a review";
        notes.error(Code::CodeInvalid, segment.place(1, notes), message);
    }
    if !matches!(segment.text(2).as_ref(), "01" | "11" | "13" | "36") {
        let message = "BHT02 is none of 01, 11, 13, 36: send one of these";
        notes.error(Code::CodeInvalid, segment.place(2, notes), message);
    }
    date(segment, 4, notes);
}

/// Checks codes of UM. Source: the lists of UM01, UM02 and UM06 in 005010X217 as publicly described.
fn um(segment: &Cut<'_, '_>, notes: &mut Notes) {
    code(segment, 1, &["AR", "HS", "IN", "SC"], notes);
    code(segment, 2, &["I", "R", "S", "1", "2", "3", "4", "5", "6", "N"], notes);
    code(segment, 6, &["U", "03", "E"], notes);
}

fn dtp(segment: &Cut<'_, '_>, notes: &mut Notes) {
    if matches!(segment.text(2).as_ref(), "D8" | "RD8" | "DT") {
        period(segment, 2, 3, notes);
    } else if !segment.text(2).is_empty() {
        notes.warn(Code::CodeInvalid, segment.place(2, notes), "the format is none of D8, RD8, DT");
    }
}

fn hi(segment: &Segment<'_>, notes: &mut Notes) {
    for (index, element) in
        segment.elements().enumerate().filter(|(_, element)| !element.is_empty())
    {
        let mut components = segment.components(element).skip(1);
        let (code, dated) =
            (components.next().unwrap_or_default(), components.nth(1).unwrap_or_default());
        let place = |notes: &Notes| notes.place.segment(segment).element(index + 1);
        if code.trim_ascii().is_empty() {
            let at = place(notes).component(2);
            notes.warn(Code::ElementMissing, at, "the diagnosis has no code");
        }
        let dated = decode(dated.trim_ascii());
        if !dated.is_empty() && Day::parse(&dated).is_none() {
            let at = place(notes).component(4);
            notes.warn(Code::DateInvalid, at, "the date of the diagnosis is not one of 8 digits");
        }
    }
}

fn date(segment: &Cut<'_, '_>, element: usize, notes: &mut Notes) {
    let text = segment.text(element);
    if !text.is_empty() && Day::parse(&text).is_none() {
        notes.warn(
            Code::DateInvalid,
            segment.place(element, notes),
            "the date is not one of 8 digits",
        );
    }
}

fn period(segment: &Cut<'_, '_>, format: usize, value: usize, notes: &mut Notes) {
    let text = segment.text(value);
    if !text.is_empty() && Period::parse(&segment.text(format), &text).is_none() {
        notes.warn(
            Code::DateInvalid,
            segment.place(value, notes),
            "the date is not what its format says",
        );
    }
}

fn code(segment: &Cut<'_, '_>, element: usize, known: &[&str], notes: &mut Notes) {
    let text = segment.text(element);
    if !text.is_empty() && !known.contains(&text.as_ref()) {
        let message = format!("the code is none of {}", known.join(", "));
        notes.warn(Code::CodeInvalid, segment.place(element, notes), message);
    }
}

fn number(segment: &Cut<'_, '_>, element: usize, notes: &mut Notes) {
    let text = segment.text(element);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let points = text.bytes().filter(|&byte| byte == b'.').count();
    if !text.is_empty() && (digits == 0 || points > 1 || digits + points != text.len()) {
        notes.warn(
            Code::CharacterInvalid,
            segment.place(element, notes),
            "the value is not a number",
        );
    }
}
