//! A transmission of any size, looked over as it passes by: what its sender should mend, whoever it goes to.

use super::place;
use crate::Problem;
use doorstep_x12::sets::s278;
use doorstep_x12::{Part, read_from};
use std::io::{self, Read};

/// What was in a transmission.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Interchanges.
    pub interchanges: usize,
    /// Groups.
    pub groups: usize,
    /// Sets of any kind.
    pub sets: usize,
    /// 278 requests and cancellations that nothing in them stops.
    pub requests: usize,
}

/// Looks over a transmission in the memory of its longest set, and tells each problem in the order in which what it is
/// about has ended.
///
/// # Errors
/// Those of the source, and a set that is longer than any file at a door may be.
pub fn check(from: impl Read, mut tell: impl FnMut(Problem)) -> io::Result<Checked> {
    let mut requests = 0;
    let counts = read_from(from, |part| match part {
        Part::Set(set) => {
            let parsed = s278::parse(set);
            requests += usize::from(parsed.request.is_some());
            for problem in set.problems.iter().chain(&parsed.problems) {
                tell(place::passing(problem, &set.control));
            }
        }
        Part::Problems(problems) => {
            for problem in problems {
                tell(place::passing(problem, ""));
            }
        }
    })?;
    let doorstep_x12::Counts { interchanges, groups, sets, .. } = counts;
    Ok(Checked { interchanges, groups, sets, requests })
}
