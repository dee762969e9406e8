//! What no field and no item stands for: every element that was sent and says something is kept as a labelled note.
//!
//! [`CARRIED`] names the elements that the rest of this folder reads, [`SHAPES`] those that only say how another is to be
//! read. All others, known or not, end in a note of their segment.
//!
//! **Invariant:** a social security number (NM108 `34`, REF `SY`) is never kept.

use super::dates::short;
use super::source::{Draft, Source};
use crate::codes;
use doorstep_x12::sets::s278::{Event, Request, Whose};
use doorstep_x12::{Day, Segment};
use std::borrow::Cow;

/// Elements that a field, an item or a text of another file carries.
const CARRIED: &[(&str, &[usize])] = &[
    ("CR1", &[7, 8, 9, 10]),
    ("CR5", &[2, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16]),
    ("CR6", &[2, 12]),
    ("CRC", &[1, 2, 3, 4, 5, 6, 7]),
    ("DMG", &[2, 3]),
    ("DTP", &[1, 3]),
    ("HSD", &[1, 2, 3, 4, 5, 6, 7, 8]),
    ("MSG", &[1]),
    ("PWK", &[1, 2, 6, 7]),
    ("SV1", &[1, 3, 4]),
    ("SV2", &[1, 2, 4, 5]),
    ("SV3", &[1, 6, 7]),
    ("UM", &[2]),
];

/// Elements that only say how another one is to be read: formats, and qualifiers that the label tells.
const SHAPES: &[(&str, &[usize])] = &[
    ("CR6", &[3, 15]),
    ("DMG", &[1]),
    ("DTP", &[2]),
    ("MSG", &[2, 3]),
    ("NM1", &[1, 2, 8]),
    ("PWK", &[5]),
    ("TRN", &[1]),
];

/// What an element is, in our words. One without a name is called by its number.
const NAMES: &[(&str, usize, &str)] = &[
    ("CL1", 1, "kind of admission"),
    ("CL1", 2, "admitted from"),
    ("CL1", 3, "status at discharge"),
    ("CL1", 4, "residence in a nursing home"),
    ("CR1", 1, "unit of weight"),
    ("CR1", 2, "weight"),
    ("CR1", 3, "leg of the journey"),
    ("CR1", 4, "reason"),
    ("CR1", 5, "unit of distance"),
    ("CR1", 6, "distance"),
    ("CR5", 1, "certification"),
    ("CR5", 3, "equipment"),
    ("CR5", 4, "second equipment"),
    ("CR5", 5, "why this equipment"),
    ("CR5", 12, "condition of the test"),
    ("CR5", 17, "delivery system"),
    ("CR5", 18, "third equipment"),
    ("CR6", 1, "prognosis"),
    ("CR6", 4, "certified period"),
    ("CR6", 5, "diagnosed on"),
    ("CR6", 6, "skilled nursing care"),
    ("CR6", 7, "covered by Medicare"),
    ("CR6", 8, "certification"),
    ("CR6", 9, "surgery on"),
    ("CR6", 10, "list of the surgery code"),
    ("CR6", 11, "surgery"),
    ("CR6", 13, "last seen on"),
    ("CR6", 14, "physician spoken to on"),
    ("CR6", 16, "last stay"),
    ("CR6", 17, "discharged from"),
    ("CR6", 18, "second diagnosis on"),
    ("CR6", 19, "third diagnosis on"),
    ("CR6", 20, "fourth diagnosis on"),
    ("CR6", 21, "fifth diagnosis on"),
    ("INS", 1, "is the subscriber"),
    ("INS", 2, "relation to the subscriber"),
    ("INS", 17, "birth sequence"),
    ("NM1", 3, "name"),
    ("NM1", 4, "given name"),
    ("NM1", 5, "middle name"),
    ("NM1", 6, "prefix"),
    ("NM1", 7, "suffix"),
    ("NM1", 9, "number"),
    ("PRV", 1, "role"),
    ("PRV", 2, "list"),
    ("PRV", 3, "specialty"),
    ("SV1", 2, "charge"),
    ("SV1", 5, "place of service"),
    ("SV1", 7, "for the diagnoses"),
    ("SV1", 11, "screening of a child"),
    ("SV1", 20, "level of care"),
    ("SV2", 3, "charge"),
    ("SV2", 6, "rate"),
    ("SV2", 9, "residence in a nursing home"),
    ("SV2", 10, "level of care"),
    ("TRN", 2, "number"),
    ("TRN", 3, "given by"),
    ("TRN", 4, "part"),
    ("UM", 1, "category"),
    ("UM", 3, "type of service"),
    ("UM", 4, "place of service"),
    ("UM", 5, "related causes"),
    ("UM", 6, "level of service"),
    ("UM", 7, "current condition"),
    ("UM", 8, "prognosis"),
    ("UM", 9, "release of information"),
    ("UM", 10, "reason for the delay"),
];

/// Segments read of everybody above the event. Such loops have few; whoever sends more of them lists no reasons.
const ABOVE_MAX: usize = 200;

/// Which loop a segment stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Here {
    Reviewer,
    Requester,
    /// The subscriber who is not the patient.
    Insured,
    Patient,
    Event,
    /// A service of the event, from 1.
    Service(usize),
    Elsewhere,
}

/// Keeps what was not read, of the event and of everybody in its set.
pub(super) fn keep(draft: &mut Draft, (request, event): (&Request, &Event), from: &Source<'_, '_>) {
    let is_dependents = event.whose == Whose::Dependent && request.dependent.is_some();
    let above = from.segments().iter().take(ABOVE_MAX);
    let mut here = Here::Elsewhere;
    for segment in above {
        if segment.is("HL") {
            here = match segment.text(3).as_ref() {
                "20" => Here::Reviewer,
                "21" => Here::Requester,
                "22" if is_dependents => Here::Insured,
                "23" if !is_dependents => Here::Elsewhere,
                "22" | "23" => Here::Patient,
                _ => break,
            };
        } else if here != Here::Elsewhere {
            take(draft, segment, (here, ""));
        }
    }
    within(draft, from.within(&event.at), Here::Event);
    for (n, service) in event.services.iter().enumerate() {
        within(draft, from.within(&service.at), Here::Service(n + 1));
    }
}

fn within(draft: &mut Draft, segments: &[Segment<'_>], here: Here) {
    let mut named = String::new();
    for segment in segments {
        if segment.is("NM1") {
            named = format!("NM1-{}", short(&segment.text(1)));
        }
        take(draft, segment, (here, &named));
    }
}

fn take(draft: &mut Draft, segment: &Segment<'_>, (here, named): (Here, &str)) {
    let is_loop = matches!(here, Here::Event | Here::Service(_)) && named.is_empty();
    let lines = lines(segment, here, (draft, is_loop));
    if let Some(said) = codes::words(&lines.join("\n")) {
        draft.referral.texts.push((place(segment, here, named), said));
    }
}

fn place(segment: &Segment<'_>, here: Here, named: &str) -> String {
    let id = segment.id_text();
    let id = short(&id);
    let id = match id.as_str() {
        "REF" => format!("REF-{}", short(&segment.text(1))),
        _ => id,
    };
    let within = match here {
        Here::Reviewer => "reviewer".to_owned(),
        Here::Requester => "requester".to_owned(),
        Here::Insured => "subscriber".to_owned(),
        Here::Patient => "member".to_owned(),
        Here::Service(n) => format!("service {n}"),
        Here::Event | Here::Elsewhere => String::new(),
    };
    let is_of_provider = matches!(here, Here::Event | Here::Service(_)) && id != "NM1";
    let of = if is_of_provider { named } else { "" };
    [within.as_str(), of, &id]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns what of a segment is not read elsewhere, an element a line.
fn lines(segment: &Segment<'_>, here: Here, (draft, is_loop): (&Draft, bool)) -> Vec<String> {
    match segment.id() {
        b"SE" | b"ST" | b"BHT" | b"HL" => Vec::new(),
        b"HI" => diagnoses(segment),
        b"PER" => contact(segment, draft),
        b"REF" if segment.text(1) == "SY" || is_read_reference(segment, here, is_loop) => {
            Vec::new()
        }
        b"REF" => rest(segment, |n| n > 1),
        b"TRN" => rest(segment, |n| n > 2 || segment.text(1) != "1"),
        b"N3" | b"N4" if here == Here::Patient => {
            let known: usize = if segment.is("N3") { 2 } else { 3 };
            rest(segment, |n| n > known)
        }
        b"NM1" => name(segment, here),
        // Only the event and its services have dates that are read.
        b"DTP" if !is_loop => {
            vec![plain(segment, segment.element(1)), plain(segment, segment.element(3))]
        }
        b"DMG" if here != Here::Patient || Day::parse(&segment.text(2)).is_none() => {
            vec![plain(segment, segment.element(2)), plain(segment, segment.element(3))]
        }
        _ => rest(segment, |_| true),
    }
}

/// Source: what `people`, `order` and `clinical` read of REF.
fn is_read_reference(segment: &Segment<'_>, here: Here, is_loop: bool) -> bool {
    let kind = segment.text(1);
    let is_whole = segment.text(3).is_empty() && segment.text(4).is_empty();
    is_whole
        && match here {
            Here::Patient => matches!(kind.as_ref(), "EJ" | "EA" | "F6" | "NQ" | "6P" | "1L"),
            Here::Insured => matches!(kind.as_ref(), "6P" | "1L"),
            // The event's own are all read; a service's only where the event has none.
            Here::Event => is_loop,
            Here::Reviewer | Here::Requester | Here::Service(_) | Here::Elsewhere => false,
        }
}

fn name(segment: &Segment<'_>, here: Here) -> Vec<String> {
    let is_civil = segment.text(8) == "34";
    match here {
        // The policy holder is nobody else in the referral.
        Here::Insured => rest(segment, |n| n != 9 || !is_civil),
        _ => rest(segment, |n| !matches!(n, 3..=5 | 7 | 9)),
    }
}

fn rest(segment: &Segment<'_>, is_kept: impl Fn(usize) -> bool) -> Vec<String> {
    let id = segment.id();
    let of = |table: &'static [(&str, &[usize])]| {
        let found = table.iter().find(|(of, _)| of.as_bytes() == id);
        found.map_or(&[][..], |(_, elements)| *elements)
    };
    let (carried, shapes) = (of(CARRIED), of(SHAPES));
    let sent = segment.elements().zip(1..).filter(|(element, _)| !element.is_empty());
    sent.filter(|(_, n)| is_kept(*n) && !carried.contains(n) && !shapes.contains(n))
        .filter_map(|(element, n)| {
            let value = plain(segment, element);
            let name = NAMES.iter().find(|(of, at, _)| *at == n && of.as_bytes() == id);
            let said = |value| match name {
                Some((_, _, name)) => format!("{name} {value}"),
                None => format!("element {n} {value}"),
            };
            (!value.is_empty()).then(|| said(value))
        })
        .collect()
}

/// Returns an element as text, its parts divided by colons whatever divided them.
fn plain(segment: &Segment<'_>, element: &[u8]) -> String {
    let parts: Vec<Cow<'_, str>> =
        segment.components(element).map(|part| doorstep_x12::decode(part.trim_ascii())).collect();
    parts.join(":").trim_end_matches(':').to_owned()
}

/// The day of a diagnosis, and codes of lists that are none of diagnoses, have no field.
fn diagnoses(segment: &Segment<'_>) -> Vec<String> {
    let said = segment.elements().filter_map(|element| {
        let parts: Vec<String> = segment
            .components(element)
            .map(|part| doorstep_x12::decode(part.trim_ascii()).into_owned())
            .collect();
        let is_read = parts.first().is_some_and(|list| super::clinical::is_diagnosis(list));
        let has_more = parts.iter().skip(2).any(|part| !part.is_empty());
        let is_empty = parts.iter().all(String::is_empty);
        (!is_empty && (!is_read || has_more)).then(|| plain(segment, element))
    });
    said.collect()
}

/// The numbers that no field of the referral holds, and who answers.
fn contact(segment: &Segment<'_>, draft: &Draft) -> Vec<String> {
    let referral = &draft.referral;
    let person = &referral.person;
    let phones = person.phones.iter().map(|phone| phone.number.reveal().as_str());
    let mail = person.email.iter().map(|mail| mail.reveal().as_str());
    let clinician = referral.prescriber.iter().flat_map(|one| [&one.phone, &one.fax]);
    let referrer = referral.referrer.iter().flat_map(|one| [&one.phone, &one.fax, &one.contact]);
    let held: Vec<&str> =
        phones.chain(mail).chain(clinician.chain(referrer).flatten().map(String::as_str)).collect();
    let is_held = |value: &str| held.iter().any(|known| known.contains(value));
    let name = plain(segment, segment.element(2));
    let mut lines: Vec<String> = Vec::new();
    lines.extend((!name.is_empty() && !is_held(&name)).then(|| format!("contact {name}")));
    for n in [3, 5, 7] {
        let number = plain(segment, segment.element(n + 1));
        if !number.is_empty() && !is_held(&number) {
            lines.push(format!("{} {number}", short(&segment.text(n))));
        }
    }
    lines
}
