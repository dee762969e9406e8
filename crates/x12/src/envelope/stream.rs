//! A transmission of any size, read as it passes by: memory is that of a window, or of the longest set.
//!
//! A piece ends after the last set, group or interchange that ended in it; what is open goes over to the next. Sets are
//! handed out as they end, problems of an envelope when it is closed, so that whoever looks keeps only what they want.

use std::io::{self, Read};

use crate::envelope::build::{Builder, Pause, byte_order_mark};
use crate::envelope::{Group, Interchange, Set, Transmission};
use crate::problem::Problem;
use crate::read::{Counts, Cut, Segments};

/// The longest set that is read, in bytes; a bound on memory, that of a whole file at a door.
pub const SET_BYTES_MAX: usize = super::MAX_FILE_BYTES;

/// Bytes that are read at a time.
const WINDOW_BYTES: usize = 1024 * 1024;

/// What passes by.
#[derive(Debug)]
pub enum Part<'p> {
    /// A set that has ended, with what is wrong in its own envelope. What its group's and interchange's trailers say is not
    /// known yet.
    Set(&'p Set<'p>),
    /// What is wrong with a group or an interchange that has ended, or with the file.
    Problems(&'p [Problem]),
}

/// Reads a whole transmission and hands out its parts in the file's order; returns what was in it.
///
/// Limits of a file at a door do not hold: it may have any size and any number of sets. Otherwise it is read as
/// [`read`](super::read) does, except that a file whose first ISA cannot be read is not searched to its end for another.
///
/// # Errors
/// Those of the source, and [`io::ErrorKind::InvalidData`] for a set longer than [`SET_BYTES_MAX`].
pub fn read_from(from: impl Read, visit: impl FnMut(Part<'_>)) -> io::Result<Counts> {
    read_by(WINDOW_BYTES, from, visit)
}

fn read_by(
    window: usize,
    mut from: impl Read,
    mut visit: impl FnMut(Part<'_>),
) -> io::Result<Counts> {
    let (mut buffer, mut base) = (Vec::new(), 0);
    let (mut pause, mut cut, mut counts) = (Pause::passing(), Cut::default(), Counts::default());
    loop {
        let is_last = fill(&mut from, &mut buffer, window)?;
        let end = if is_last { buffer.len() } else { last_end(&buffer, cut) };
        if end == 0 && !is_last {
            if buffer.len() > SET_BYTES_MAX {
                let message = format!("no set ends within {SET_BYTES_MAX} bytes, at byte {base}");
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            continue;
        }
        if base == 0
            && let Some(problem) = byte_order_mark(&buffer)
        {
            visit(Part::Problems(&[problem]));
        }
        let piece = (&buffer[..end], base);
        let mut builder = Builder::resume(pause, piece.0, base);
        let mut segments = Segments::resume(piece, cut);
        for segment in segments.by_ref() {
            count(&mut counts, segment.id());
            builder.take(&segment);
        }
        if is_last {
            let left_over = segments.left_over();
            hand_out(&builder.finish(left_over), &[], &[], &mut visit);
            return Ok(counts);
        }
        cut = segments.cut();
        let (open, done, groups, sets) = builder.pause();
        hand_out(&done, &groups, &sets, &mut visit);
        pause = open;
        buffer.drain(..end);
        base += end;
    }
}

/// Reads a window more; whether the source has ended.
fn fill(from: &mut impl Read, buffer: &mut Vec<u8>, window: usize) -> io::Result<bool> {
    Ok(from.by_ref().take(window as u64).read_to_end(buffer)? < window)
}

/// Returns the end of the last set, group or interchange that ends in a piece; 0 when none does.
fn last_end(bytes: &[u8], cut: Cut) -> usize {
    let mut segments = Segments::resume((bytes, 0), cut);
    let mut end = 0;
    while let Some(segment) = segments.next() {
        if segment.terminated && matches!(segment.id(), b"SE" | b"GE" | b"IEA") {
            end = segments.at();
        }
    }
    end
}

fn count(counts: &mut Counts, id: &[u8]) {
    counts.segments += 1;
    match id {
        b"ST" => counts.sets += 1,
        b"GS" => counts.groups += 1,
        b"ISA" => counts.interchanges += 1,
        _ => {}
    }
}

/// Hands out what was closed: interchanges, then groups of the one that is open, then sets of the group that is open.
fn hand_out(
    done: &Transmission<'_>,
    groups: &[Group<'_>],
    sets: &[Set<'_>],
    visit: &mut impl FnMut(Part<'_>),
) {
    for interchange in &done.interchanges {
        let Interchange { groups, problems, .. } = interchange;
        hand_out_groups(groups, visit);
        tell(problems, visit);
    }
    hand_out_groups(groups, visit);
    hand_out_sets(sets, visit);
    tell(&done.problems, visit);
}

fn hand_out_groups(groups: &[Group<'_>], visit: &mut impl FnMut(Part<'_>)) {
    for group in groups {
        hand_out_sets(&group.sets, visit);
        tell(&group.problems, visit);
    }
}

fn hand_out_sets(sets: &[Set<'_>], visit: &mut impl FnMut(Part<'_>)) {
    for set in sets {
        visit(Part::Set(set));
    }
}

fn tell(problems: &[Problem], visit: &mut impl FnMut(Part<'_>)) {
    if !problems.is_empty() {
        visit(Part::Problems(problems));
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, read_by};
    use crate::envelope::{Set, read};
    use crate::problem::Problem;
    use crate::sets::s278;
    use proptest::prelude::*;

    /// What is known of a set, its places included.
    fn facts(set: &Set<'_>) -> String {
        let parsed = s278::parse(set);
        format!(
            "{:?} {:?} {:?}",
            (&set.place, &set.id, &set.control),
            set.problems,
            parsed.problems
        )
    }

    /// Returns the sets and the problems of a text, read in windows.
    fn passing(text: &[u8], window: usize) -> (Vec<String>, Vec<Problem>) {
        let (mut sets, mut problems) = (Vec::new(), Vec::new());
        read_by(window, text, |part| match part {
            Part::Set(set) => sets.push(facts(set)),
            Part::Problems(found) => problems.extend_from_slice(found),
        })
        .unwrap();
        problems.sort_by_key(|problem| (problem.at.offset, problem.message.clone()));
        (sets, problems)
    }

    fn whole(text: &[u8]) -> (Vec<String>, Vec<Problem>) {
        let sent = read(text);
        let groups = || sent.interchanges.iter().flat_map(|interchange| &interchange.groups);
        let sets = groups().flat_map(|group| &group.sets).map(facts).collect();
        let of_groups = groups().flat_map(|group| group.problems.clone());
        let of_interchanges = sent.interchanges.iter().flat_map(|found| found.problems.clone());
        let mut problems: Vec<Problem> =
            of_groups.chain(of_interchanges).chain(sent.problems.clone()).collect();
        problems.sort_by_key(|problem| (problem.at.offset, problem.message.clone()));
        (sets, problems)
    }

    fn interchange(number: usize, n_sets: usize) -> String {
        let sets: Vec<String> = (1..=n_sets)
            .map(|set| format!("ST*278*{set:04}*005010X217~BHT*0007*13*B{set}*20260301*0900~HL*1**20*1~SE*4*{set:04}~\r\n"))
            .collect();
        format!(
            "ISA*00*          *00*          *ZZ*TESTSENDER     *ZZ*DOORSTEPHUB    *260301*1200*^*00501*{number:09}*0*T*:~\n\
             GS*HI*TESTSENDER*DOORSTEPHUB*20260301*1200*{number}*X*005010X217~{}GE*{n_sets}*{number}~IEA*1*{number:09}~\n",
            sets.concat()
        )
    }

    #[test]
    fn in_windows_of_any_size_the_same_is_read() {
        let mark = "\u{feff}".to_owned();
        let text = [mark, interchange(1, 7), interchange(2, 0), interchange(3, 3)].concat();
        let expected = whole(text.as_bytes());
        assert_eq!((expected.0.len(), expected.1.len()), (10, 1), "the mark is said");
        for window in (110..400).step_by(9).chain([1_000, 100_000]) {
            assert_eq!(passing(text.as_bytes(), window), expected, "window {window}");
        }
    }

    #[test]
    fn a_set_that_never_ends_is_an_error_and_not_an_endless_wait() {
        let head = interchange(1, 1);
        let (head, _) = head.split_once("SE*").unwrap();
        let endless =
            head.bytes().chain(std::iter::repeat_n(b"REF*EJ*1~", 3_000_000).flatten().copied());
        let text: Vec<u8> = endless.collect();
        assert!(read_by(1 << 20, text.as_slice(), |_| ()).is_err());
    }

    proptest! {
        /// Whatever is damaged behind the first ISA: a byte, a piece left out, an end cut off. Without that ISA the whole
        /// file is searched for another, which nobody can who has not seen all of it.
        #[test]
        fn what_is_damaged_is_read_in_windows_as_it_is_whole(
            sizes in prop::collection::vec(0_usize..5, 1..4),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
            hole in (any::<prop::sample::Index>(), 0_usize..200),
            window in 300_usize..2_000,
        ) {
            let mut text: Vec<u8> =
                sizes.iter().enumerate().flat_map(|(n, size)| interchange(n + 1, *size).into_bytes()).collect();
            for (at, byte) in changes {
                let at = at.index(text.len() - 106) + 106;
                text[at] = byte;
            }
            let from = hole.0.index(text.len() - 106) + 106;
            let to = (from + hole.1).min(text.len());
            text.drain(from..to);
            prop_assert_eq!(passing(&text, window), whole(&text));
        }
    }
}
