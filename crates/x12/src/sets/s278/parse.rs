//! Reads the segments of a set into the tree, in one pass.

use std::borrow::Cow;

use crate::envelope::{Set, Verdict, worst};
use crate::problem::{Code, Notes, Place};
use crate::seg::{
    Aaa, Bht, Cl1, Cr1, Cr2, Cr5, Cr6, Crc, Dmg, Dtp, Hcr, Hi, Hsd, Ins, Msg, N3, N4, Nm1, Per,
    Prv, Pwk, Ref, Sv1, Sv2, Sv3, Too, Trn, Um,
};
use crate::sets::s278::GUIDE;
use crate::sets::s278::level::{Here, Levels};
use crate::sets::s278::tree::{Event, Kind, Parsed, Party, Person, Response, Service, ServiceLine};
use crate::sets::s278::{check, values};
use crate::token::Segment;

/// Segments of one 278 that are read; a request of a hundred services has fewer than a thousand. A bound on memory,
/// chosen here.
const MAX_SEGMENTS: usize = 20_000;

/// Returns what a set is for, without reading it whole when its header says so.
pub fn kind(set: &Set<'_>) -> Kind {
    header_kind(set).unwrap_or_else(|| {
        let mut signs = Signs::default();
        set.segments().for_each(|segment| signs.see(&segment));
        signs.kind()
    })
}

/// Returns what the header of a set says it is for; `None` where its segments have to tell.
fn header_kind(set: &Set<'_>) -> Option<Kind> {
    let version = set.version.as_str();
    if set.id != "278" {
        return Some(Kind::Other);
    }
    if version.starts_with("005010X215") {
        return Some(Kind::Inquiry);
    }
    version.starts_with("005010X216").then_some(Kind::Notification)
}

/// What tells the kinds apart, seen on one walk.
#[derive(Default)]
struct Signs<'a> {
    /// BHT02.
    purpose: Option<Cow<'a, str>>,
    /// Whether an HCR or AAA is in it.
    is_answered: bool,
    /// How many UM there are, and how many of them are cancellations.
    n_reviews: usize,
    n_taken_back: usize,
}

impl<'a> Signs<'a> {
    fn see(&mut self, segment: &Segment<'a>) {
        match segment.id() {
            b"BHT" if self.purpose.is_none() => self.purpose = Some(segment.text(2)),
            b"HCR" | b"AAA" => self.is_answered = true,
            b"UM" => {
                self.n_reviews += 1;
                self.n_taken_back += usize::from(segment.text(2) == "3");
            }
            _ => {}
        }
    }

    fn kind(&self) -> Kind {
        let is_taken_back = self.n_reviews > 0 && self.n_taken_back == self.n_reviews;
        match self.purpose.as_deref() {
            Some("11" | "36") => Kind::Response,
            Some("13" | "01") if self.is_answered => Kind::Response,
            Some("01") => Kind::Cancel,
            Some("13") if is_taken_back => Kind::Cancel,
            Some("13") => Kind::Request,
            _ => Kind::Other,
        }
    }
}

/// Reads a 278.
///
/// A set that the envelope refuses, or that has an error, gives problems and neither request nor response.
pub fn parse(set: &Set<'_>) -> Parsed {
    let mut reader = Reader::new(set);
    if set.id != "278" || !set.version.starts_with(GUIDE) {
        let (code, element, what) = match set.id.as_str() {
            "278" => (Code::GuideUnsupported, 3, "guide of the set"),
            _ => (Code::SetUnsupported, 1, "set"),
        };
        let message = format!("the {what} is not one we read: send 278 {GUIDE}");
        reader.notes.error(code, set.place.element(element), message);
        let kind = kind(set);
        return Parsed { kind, request: None, response: None, problems: reader.notes.problems };
    }
    if set.n_segments > MAX_SEGMENTS {
        let message =
            format!("the set has {} segments, at most {MAX_SEGMENTS} are read", set.n_segments);
        reader.notes.error(Code::TooMany, set.place.clone(), message);
        let kind = kind(set);
        return Parsed { kind, request: None, response: None, problems: reader.notes.problems };
    }
    let mut signs = Signs::default();
    for segment in set.segments() {
        signs.see(&segment);
        reader.take(&segment);
    }
    let kind = header_kind(set).unwrap_or_else(|| signs.kind());
    let Reader { tree, mut notes, .. } = reader;
    check::tree(&tree, kind, &mut notes);
    let refused = worst(&set.problems).max(worst(&notes.problems)) == Verdict::Rejected;
    let (request, response) = match kind {
        _ if refused => (None, None),
        Kind::Request | Kind::Cancel => (check::request(*tree, kind), None),
        Kind::Response => (None, Some(tree)),
        Kind::Inquiry | Kind::Notification | Kind::Other => (None, None),
    };
    Parsed { kind, request, response, problems: notes.problems }
}

/// Finds a segment by id in the loop or name that begins at `near`, so that a mapping can name the element it refuses.
///
/// Returns `near` itself when there is none.
pub fn locate(set: &Set<'_>, near: &Place, id: &str) -> Place {
    let from = near.segment.unwrap_or(1);
    set.segments()
        .skip_while(|segment| segment.ordinal < from)
        .enumerate()
        .take_while(|(index, segment)| *index == 0 || !segment.is("HL"))
        .find(|(_, segment)| segment.is(id))
        .map_or_else(|| near.clone(), |(_, segment)| near.segment(&segment))
}

struct Reader {
    tree: Box<Response>,
    notes: Notes,
    levels: Levels,
    here: Here,
    /// Whether an NM1 was opened in this loop: what may follow a name then belongs to it.
    named: bool,
}

impl Reader {
    fn new(set: &Set<'_>) -> Self {
        let tree =
            Response { at: set.place.clone(), control: set.control.clone(), ..Response::default() };
        let notes = Notes::new(set.place.clone());
        let tree = Box::new(tree);
        Self { tree, notes, levels: Levels::default(), here: Here::Top, named: false }
    }

    fn take(&mut self, segment: &Segment<'_>) {
        let notes = &mut self.notes;
        values::check(segment, notes);
        match segment.id() {
            b"ST" | b"SE" | b"" => return,
            b"BHT" => return once(&mut self.tree.bht, Bht::read(segment, notes), segment, notes),
            b"HL" => {
                self.here = self.levels.open(segment, &mut self.tree, notes);
                self.named = false;
                return;
            }
            b"NM1" => return self.name(segment),
            b"AAA" if !self.named && !matches!(self.here, Here::Event(_) | Here::Service(..)) => {
                return self.tree.refusals.push(Aaa::read(segment, notes));
            }
            _ => {}
        }
        let taken = self.of_party(segment) || self.of_person(segment) || self.of_loop(segment);
        if !taken && self.here != Here::Lost && segment.has_possible_id() {
            let place = self.notes.place.segment(segment);
            let message = "the segment has no place in this loop: it was not read";
            self.notes.warn(Code::SegmentUnexpected, place, message);
        }
    }

    fn name(&mut self, segment: &Segment<'_>) {
        let at = self.notes.place.segment(segment);
        let party =
            Party { at: at.clone(), name: Nm1::read(segment, &mut self.notes), ..Party::default() };
        let person = |party| Person { party, ..Person::default() };
        let tree = &mut self.tree;
        let twice = match self.here {
            Here::Umo => tree.umo.replace(party).is_some(),
            Here::Requester => tree.requester.replace(party).is_some(),
            Here::Subscriber => tree.subscriber.replace(person(party)).is_some(),
            Here::Dependent => tree.dependent.replace(person(party)).is_some(),
            Here::Event(event) => {
                tree.events[event].providers.push(party);
                false
            }
            Here::Service(event, service) => {
                tree.events[event].services[service].providers.push(party);
                false
            }
            Here::Top => {
                self.notes.warn(
                    Code::SegmentUnexpected,
                    at,
                    "no HL precedes this name: it was not read",
                );
                return;
            }
            Here::Lost => return,
        };
        if twice {
            self.notes.error(
                Code::LoopTooMany,
                at,
                "the loop has two names: who is meant is unknown",
            );
        }
        self.named = true;
    }

    fn person(&mut self) -> Option<&mut Person> {
        match self.here {
            Here::Subscriber => self.tree.subscriber.as_mut(),
            Here::Dependent => self.tree.dependent.as_mut(),
            _ => None,
        }
    }

    /// Takes what may follow a name.
    fn of_party(&mut self, segment: &Segment<'_>) -> bool {
        if !self.named {
            return false;
        }
        let tree = &mut self.tree;
        let party = match self.here {
            Here::Umo => tree.umo.as_mut(),
            Here::Requester => tree.requester.as_mut(),
            Here::Subscriber => tree.subscriber.as_mut().map(|person| &mut person.party),
            Here::Dependent => tree.dependent.as_mut().map(|person| &mut person.party),
            Here::Event(event) => tree.events[event].providers.last_mut(),
            Here::Service(event, service) => {
                tree.events[event].services[service].providers.last_mut()
            }
            Here::Top | Here::Lost => None,
        };
        let Some(party) = party else { return false };
        let notes = &mut self.notes;
        match segment.id() {
            b"REF" => party.refs.push(Ref::read(segment, notes)),
            b"N3" => once(&mut party.street, N3::read(segment, notes), segment, notes),
            b"N4" => once(&mut party.city, N4::read(segment, notes), segment, notes),
            b"PER" => party.contacts.push(Per::read(segment, notes)),
            b"AAA" => party.refusals.push(Aaa::read(segment, notes)),
            b"PRV" => once(&mut party.specialty, Prv::read(segment, notes), segment, notes),
            b"DTP" => party.dates.push(Dtp::read(segment, notes)),
            _ => return false,
        }
        true
    }

    /// Takes what only a subscriber or dependent has.
    fn of_person(&mut self, segment: &Segment<'_>) -> bool {
        let mut notes = std::mem::take(&mut self.notes);
        let taken = match (self.person(), segment.id()) {
            (Some(person), b"DMG") => {
                let birth = Dmg::read(segment, &mut notes);
                once(&mut person.birth, birth, segment, &mut notes);
                true
            }
            (Some(person), b"INS") => {
                let insured = Ins::read(segment, &mut notes);
                once(&mut person.insured, insured, segment, &mut notes);
                true
            }
            _ => false,
        };
        self.notes = notes;
        taken
    }

    fn of_loop(&mut self, segment: &Segment<'_>) -> bool {
        let (events, notes) = (&mut self.tree.events, &mut self.notes);
        match self.here {
            Here::Event(event) => of_event(&mut events[event], segment, notes),
            Here::Service(event, service) => {
                of_service(&mut events[event].services[service], segment, notes)
            }
            _ => false,
        }
    }
}

fn of_event(event: &mut Event, segment: &Segment<'_>, notes: &mut Notes) -> bool {
    match segment.id() {
        b"TRN" => event.trace.push(Trn::read(segment, notes)),
        b"AAA" => event.refusals.push(Aaa::read(segment, notes)),
        b"UM" => once(&mut event.um, Box::new(Um::read(segment, notes)), segment, notes),
        b"HCR" => once(&mut event.decision, Hcr::read(segment, notes), segment, notes),
        b"REF" => event.refs.push(Ref::read(segment, notes)),
        b"DTP" => event.dates.push(Dtp::read(segment, notes)),
        b"HI" => event.diagnoses.extend(Hi::read(segment, notes).into_diagnoses()),
        b"HSD" => once(&mut event.hsd, Box::new(Hsd::read(segment, notes)), segment, notes),
        b"CRC" => event.crc.push(Crc::read(segment, notes)),
        b"CL1" => once(&mut event.cl1, Cl1::read(segment, notes), segment, notes),
        b"CR1" => once(&mut event.cr1, Box::new(Cr1::read(segment, notes)), segment, notes),
        b"CR2" => once(&mut event.cr2, Box::new(Cr2::read(segment, notes)), segment, notes),
        b"CR5" => once(&mut event.cr5, Box::new(Cr5::read(segment, notes)), segment, notes),
        b"CR6" => once(&mut event.cr6, Box::new(Cr6::read(segment, notes)), segment, notes),
        b"PWK" => event.pwk.push(Pwk::read(segment, notes)),
        b"MSG" => event.messages.push(Msg::read(segment, notes)),
        _ => return false,
    }
    true
}

fn of_service(service: &mut Service, segment: &Segment<'_>, notes: &mut Notes) -> bool {
    match segment.id() {
        b"TRN" => service.trace.push(Trn::read(segment, notes)),
        b"AAA" => service.refusals.push(Aaa::read(segment, notes)),
        b"UM" => once(&mut service.um, Box::new(Um::read(segment, notes)), segment, notes),
        b"HCR" => once(&mut service.decision, Hcr::read(segment, notes), segment, notes),
        b"REF" => service.refs.push(Ref::read(segment, notes)),
        b"DTP" => service.dates.push(Dtp::read(segment, notes)),
        b"HI" => service.diagnoses.extend(Hi::read(segment, notes).into_diagnoses()),
        b"SV1" => {
            line(service, ServiceLine::Professional(Sv1::read(segment, notes)), segment, notes);
        }
        b"SV2" => {
            line(service, ServiceLine::Institutional(Sv2::read(segment, notes)), segment, notes);
        }
        b"SV3" => line(service, ServiceLine::Dental(Sv3::read(segment, notes)), segment, notes),
        b"TOO" => service.teeth.push(Too::read(segment, notes)),
        b"HSD" => once(&mut service.hsd, Box::new(Hsd::read(segment, notes)), segment, notes),
        b"PWK" => service.pwk.push(Pwk::read(segment, notes)),
        b"MSG" => service.messages.push(Msg::read(segment, notes)),
        _ => return false,
    }
    true
}

fn line(service: &mut Service, line: ServiceLine, segment: &Segment<'_>, notes: &mut Notes) {
    once(&mut service.line, Box::new(line), segment, notes);
}

/// Puts a segment that a loop has once; a second one that differs stops the set, since which is meant is unknown.
fn once<T: PartialEq>(slot: &mut Option<T>, value: T, segment: &Segment<'_>, notes: &mut Notes) {
    let Some(first) = slot else {
        *slot = Some(value);
        return;
    };
    let (code, place) = (Code::SegmentTooMany, notes.place.segment(segment));
    if *first == value {
        notes.warn(code, place, "the loop has this segment twice, word for word");
    } else {
        notes.error(code, place, "the loop has this segment twice: which is meant is unknown");
    }
}
