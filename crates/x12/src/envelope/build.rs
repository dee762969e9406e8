//! Builds the structure of a file from its segments, one pass, forgiving: each part that is whole is found. A file that is
//! read in pieces goes on where the last piece ended.

use std::collections::BTreeSet;

use crate::envelope::checks;
use crate::envelope::seen::Numbers;
use crate::envelope::{
    Endpoint, Group, Gs, Interchange, Isa, MAX_FILE_BYTES, MAX_SEGMENT_BYTES, MAX_SETS, Set, Ta1,
    Transmission,
};
use crate::header::BOM;
use crate::problem::{Code, Place, Problem, is_full, push_bounded};
use crate::read::Segments;
use crate::token::Segment;

/// Reads the structure of a file: every interchange, group and set, and all that is wrong with them.
///
/// A file larger than [`MAX_FILE_BYTES`] is not read at all.
pub fn read(bytes: &[u8]) -> Transmission<'_> {
    let mut builder = Builder::new(bytes);
    if bytes.len() > MAX_FILE_BYTES {
        let message =
            format!("the file has {} bytes, at most {MAX_FILE_BYTES} are read", bytes.len());
        builder.whole(Problem::error(Code::FileTooLarge, Place::default(), message));
        return builder.done;
    }
    if let Some(problem) = byte_order_mark(bytes) {
        builder.whole(problem);
    }
    let mut segments = Segments::new(bytes);
    for segment in segments.by_ref() {
        builder.take(&segment);
        if builder.memory.full {
            break;
        }
    }
    builder.finish(segments.left_over())
}

/// Returns what is to be said of the beginning of a file.
pub(crate) fn byte_order_mark(bytes: &[u8]) -> Option<Problem> {
    let message = "a byte-order mark precedes the file: it was passed over";
    let said = || Problem::warning(Code::ByteOrderMark, Place::default(), message);
    bytes.starts_with(&BOM).then(said)
}

pub(crate) struct Builder<'a> {
    bytes: &'a [u8],
    /// Where in the file the bytes begin.
    base: usize,
    pub(crate) done: Transmission<'a>,
    interchange: Option<Interchange<'a>>,
    group: Option<Group<'a>>,
    set: Option<Set<'a>>,
    memory: Memory,
}

/// What is remembered of all that was read, beyond what is open: a number or two for each interchange and group.
#[derive(Default)]
struct Memory {
    interchanges: BTreeSet<(Endpoint, String)>,
    groups: Numbers,
    sets: Numbers,
    /// Sets and groups of the file.
    n_sets: usize,
    n_groups: usize,
    /// Interchanges of the file, groups of the interchange, sets of the group.
    n_interchanges_done: usize,
    n_groups_done: usize,
    n_sets_done: usize,
    /// Whether the file has no limit of size: it is not kept.
    is_passing: bool,
    /// More than the limit was found: nothing further is read.
    full: bool,
    /// The last segment had no terminator.
    cut: bool,
}

/// What is open between two pieces of a file, without what was closed.
#[derive(Default)]
pub(crate) struct Pause {
    interchange: Option<Interchange<'static>>,
    group: Option<Group<'static>>,
    memory: Memory,
}

impl Pause {
    /// Starts a file that passes by in pieces.
    pub(crate) fn passing() -> Self {
        let memory = Memory { is_passing: true, ..Memory::default() };
        Self { memory, ..Self::default() }
    }
}

impl<'a> Builder<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self::resume(Pause::default(), bytes, 0)
    }

    /// Goes on with a piece that begins at `base` in the file.
    pub(crate) fn resume(pause: Pause, bytes: &'a [u8], base: usize) -> Self {
        let Pause { interchange, group, memory } = pause;
        let (done, set) = (Transmission::default(), None);
        Self { bytes, base, done, interchange, group, set, memory }
    }

    /// Stops after a piece in which every set that began has ended. Returns the groups and sets that were read besides.
    pub(crate) fn pause(self) -> (Pause, Transmission<'a>, Vec<Group<'a>>, Vec<Set<'a>>) {
        let (mut groups, mut sets) = (Vec::new(), Vec::new());
        let interchange = self.interchange.map(|open| {
            let Interchange { place, header, delimiters, groups: closed, answers, problems } = open;
            groups = closed;
            Interchange { place, header, delimiters, groups: Vec::new(), answers, problems }
        });
        let group = self.group.map(|open| {
            let Group { place, header, stated_sets, sets: closed, problems } = open;
            sets = closed;
            Group { place, header, stated_sets, sets: Vec::new(), problems }
        });
        (Pause { interchange, group, memory: self.memory }, self.done, groups, sets)
    }

    fn whole(&mut self, problem: Problem) {
        push_bounded(&mut self.done.problems, problem);
    }

    pub(crate) fn take(&mut self, segment: &Segment<'a>) {
        match segment.id() {
            b"ISA" => self.isa(segment),
            b"GS" => self.gs(segment),
            b"ST" => self.st(segment),
            b"SE" if self.set.is_some() => self.se(segment),
            b"GE" if self.group.is_some() => self.ge(segment),
            b"IEA" => self.iea(segment),
            b"TA1" if self.set.is_none() => self.ta1(segment),
            b"ISB" | b"ISE" | b"TA3" if self.set.is_none() => {}
            _ => self.other(segment),
        }
        self.memory.cut = !segment.terminated;
    }

    fn isa(&mut self, segment: &Segment<'a>) {
        self.close_interchange(None);
        if self.is_beyond(self.memory.n_interchanges_done + 1) {
            return self.stop("interchanges");
        }
        let interchange = self.memory.n_interchanges_done;
        let place = Place { interchange, ..Place::default() }.segment(segment);
        let header = isa(segment);
        let mut problems = Vec::new();
        checks::isa(segment, &header, &place, &mut problems);
        let number = (header.sender.clone(), header.control.clone());
        if !self.memory.interchanges.insert(number) {
            let message = format!("interchange {} occurs twice in this file", header.control);
            problems.push(Problem::error(Code::InterchangeDuplicate, place.element(13), message));
        }
        self.memory.groups = Numbers::default();
        self.memory.n_groups_done = 0;
        self.interchange = Some(Interchange {
            place,
            header: Some(header),
            delimiters: segment.delimiters,
            groups: Vec::new(),
            answers: Vec::new(),
            problems,
        });
    }

    /// Returns the open interchange; begins one without header when there is none.
    fn open(&mut self, segment: &Segment<'a>) -> &mut Interchange<'a> {
        let interchange = self.memory.n_interchanges_done;
        self.interchange.get_or_insert_with(|| {
            let place = Place { interchange, ..Place::default() }.segment(segment);
            let message = "no ISA precedes this segment: send the whole interchange";
            let missing = Problem::error(Code::IsaMissing, place.clone(), message);
            Interchange {
                place,
                header: None,
                delimiters: segment.delimiters,
                groups: Vec::new(),
                answers: Vec::new(),
                problems: vec![missing],
            }
        })
    }

    fn gs(&mut self, segment: &Segment<'a>) {
        self.close_group(None);
        self.memory.n_groups += 1;
        if self.is_beyond(self.memory.n_groups) {
            return self.stop("groups");
        }
        let header = gs(segment);
        let group = Some(self.memory.n_groups_done);
        let open = self.open(segment);
        let place = Place { group, ..open.place.clone() }.segment(segment);
        let mut problems = Vec::new();
        checks::gs(&header, &place, &mut problems);
        if !self.memory.groups.insert(&header.control) {
            let message = "the group number occurs twice in this interchange";
            problems.push(Problem::error(Code::GroupDuplicate, place.element(6), message));
        }
        self.memory.sets = Numbers::default();
        self.memory.n_sets_done = 0;
        self.group = Some(Group {
            place,
            header: Some(header),
            stated_sets: None,
            sets: Vec::new(),
            problems,
        });
    }

    fn st(&mut self, segment: &Segment<'a>) {
        self.close_set(None);
        self.memory.n_sets += 1;
        if self.is_beyond(self.memory.n_sets) {
            return self.stop("sets");
        }
        if self.group.is_none() {
            self.group_without_header(segment);
        }
        let Some(group) = self.group.as_ref() else { return };
        let place = Place { set: Some(self.memory.n_sets_done), ..group.place.clone() };
        let place =
            Place { segment: Some(1), segment_id: "ST".into(), offset: segment.offset, ..place };
        let guide = segment.text(3).into_owned();
        let version = match (&group.header, guide.is_empty()) {
            (Some(header), true) => header.version.clone(),
            _ => guide.clone(),
        };
        let mut set = Set {
            place,
            id: segment.text(1).into_owned(),
            control: segment.text(2).into_owned(),
            guide,
            version,
            n_segments: 1,
            range: segment.offset..segment.offset + segment.raw.len(),
            problems: Vec::new(),
            file: self.bytes,
            base: self.base,
            delimiters: segment.delimiters,
        };
        checks::st(&mut set);
        if !self.memory.sets.insert(&set.control) {
            let message = "the set number occurs twice in this group";
            set.problems.push(Problem::error(Code::SetDuplicate, set.place.element(2), message));
        }
        self.set = Some(set);
    }

    /// Holds sets that stand outside a group.
    fn group_without_header(&mut self, segment: &Segment<'a>) {
        self.memory.sets = Numbers::default();
        self.memory.n_sets_done = 0;
        let group = Some(self.memory.n_groups_done);
        let open = self.open(segment);
        let place = Place { group, ..open.place.clone() }.segment(segment);
        let message = "no GS precedes this set: send the whole group";
        let missing = Problem::error(Code::GroupMissing, place.clone(), message);
        if open.header.is_some() {
            push_bounded(&mut open.problems, missing.clone());
        }
        let problems = vec![missing];
        self.group =
            Some(Group { place, header: None, stated_sets: None, sets: Vec::new(), problems });
    }

    fn se(&mut self, segment: &Segment<'a>) {
        if let Some(set) = &mut self.set {
            set.n_segments += 1;
            set.range.end = segment.offset + segment.raw.len();
        }
        self.close_set(Some(segment));
    }

    fn ge(&mut self, segment: &Segment<'a>) {
        self.close_group(Some(segment));
    }

    fn iea(&mut self, segment: &Segment<'a>) {
        self.open(segment);
        self.close_interchange(Some(segment));
    }

    fn ta1(&mut self, segment: &Segment<'a>) {
        let answers = &mut self.open(segment).answers;
        if answers.len() >= MAX_SETS {
            return;
        }
        let text = |n| segment.text(n).into_owned();
        answers.push(Ta1 {
            control: text(1),
            date: text(2),
            time: text(3),
            verdict: text(4),
            note: text(5),
        });
    }

    fn other(&mut self, segment: &Segment<'a>) {
        if let Some(set) = &mut self.set {
            if segment.raw.is_empty() {
                return checks::empty_segment(set, segment);
            }
            set.n_segments += 1;
            set.range.end = segment.offset + segment.raw.len();
            return checks::segment(set, segment);
        }
        if segment.raw.is_empty() {
            return;
        }
        let group = self.group.as_ref().map(|group| group.place.clone());
        let open = self.open(segment);
        if is_full(&open.problems) {
            return;
        }
        let place = group.unwrap_or_else(|| open.place.clone()).segment(segment);
        let message = "the segment stands outside a set: it was not read";
        push_bounded(
            &mut open.problems,
            Problem::warning(Code::SegmentOutsideSet, place.clone(), message),
        );
        if segment.raw.len() > MAX_SEGMENT_BYTES && !segment.binary {
            let message =
                format!("the segment has {} bytes, at most {MAX_SEGMENT_BYTES}", segment.raw.len());
            push_bounded(&mut open.problems, Problem::error(Code::SegmentTooLong, place, message));
        }
    }

    fn close_set(&mut self, trailer: Option<&Segment<'a>>) {
        let Some(mut set) = self.set.take() else { return };
        checks::se(&mut set, trailer, self.memory.cut);
        self.memory.n_sets_done += 1;
        if let Some(group) = &mut self.group {
            group.sets.push(set);
        }
    }

    fn close_group(&mut self, trailer: Option<&Segment<'a>>) {
        self.close_set(None);
        let Some(mut group) = self.group.take() else { return };
        checks::ge(&mut group, self.memory.n_sets_done, trailer);
        self.memory.n_groups_done += 1;
        if let Some(interchange) = &mut self.interchange {
            interchange.groups.push(group);
        }
    }

    fn close_interchange(&mut self, trailer: Option<&Segment<'a>>) {
        self.close_group(None);
        let Some(mut interchange) = self.interchange.take() else { return };
        checks::iea(&mut interchange, self.memory.n_groups_done, trailer);
        self.memory.n_interchanges_done += 1;
        self.done.interchanges.push(interchange);
    }

    fn is_beyond(&self, n: usize) -> bool {
        n > MAX_SETS && !self.memory.is_passing
    }

    fn stop(&mut self, what: &str) {
        let place = self.interchange.as_ref().map(|open| open.place.clone()).unwrap_or_default();
        let message = format!("more than {MAX_SETS} {what} in one file: split it");
        let problem = Problem::error(Code::TooMany, place, message);
        if let Some(open) = &mut self.interchange {
            push_bounded(&mut open.problems, problem.clone());
        }
        self.whole(problem);
        self.memory.full = true;
    }

    /// Ends the file, of which so many bytes were left over.
    pub(crate) fn finish(mut self, left_over: usize) -> Transmission<'a> {
        self.close_interchange(None);
        if self.memory.n_interchanges_done == 0
            && self.done.problems.iter().all(|p| p.code == Code::ByteOrderMark)
        {
            let message = "no ISA, GS or ST was found: this is not X12";
            self.whole(Problem::error(Code::NotX12, Place::default(), message));
        } else if left_over > 0 && !self.memory.full {
            let offset = self.base + self.bytes.len().saturating_sub(left_over);
            let interchange = self.memory.n_interchanges_done.saturating_sub(1);
            let place = Place { interchange, offset, ..Place::default() };
            let message = format!("{left_over} bytes follow the last IEA: they were not read");
            self.whole(Problem::warning(Code::JunkAfterIea, place, message));
        }
        self.done
    }
}

fn isa(segment: &Segment<'_>) -> Isa {
    let text = |n| segment.text(n).into_owned();
    Isa {
        sender: Endpoint { qualifier: text(5), id: text(6) },
        receiver: Endpoint { qualifier: text(7), id: text(8) },
        date: text(9),
        time: text(10),
        version: text(12),
        control: text(13),
        ack_requested: text(14),
        usage: text(15),
    }
}

fn gs(segment: &Segment<'_>) -> Gs {
    let text = |n| segment.text(n).into_owned();
    Gs {
        functional_id: text(1),
        sender: text(2),
        receiver: text(3),
        date: text(4),
        time: text(5),
        control: text(6),
        version: text(8),
    }
}
