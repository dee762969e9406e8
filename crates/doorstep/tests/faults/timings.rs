//! How long answers took, each of them kept, from the moment at which it should have been asked for: whoever waits for a slow
//! answer asks late the next time, and that wait counts as well.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What an answer was to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    Worklist,
    Renewal,
    Case,
    Search,
    Note,
    Triage,
    /// What would become of a file: how a program outside looks.
    Outside,
    X12,
    Fhir,
    Mllp,
}

/// What a bar is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Read,
    Write,
    Intake,
}

impl Asked {
    pub fn kind(self) -> Kind {
        match self {
            Self::Worklist | Self::Renewal | Self::Case | Self::Search | Self::Outside => {
                Kind::Read
            }
            Self::Note | Self::Triage => Kind::Write,
            Self::X12 | Self::Fhir | Self::Mllp => Kind::Intake,
        }
    }
}

/// How an answer was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Came {
    /// It is what was asked for.
    Well(u16),
    /// It says to come again, and when: 429 or 503 with `Retry-After`, `AR` over MLLP.
    Later(u16),
    /// Somebody else changed the case meanwhile: 409.
    Stale,
    /// Anything else.
    Wrong(String),
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Timing {
    pub asked: Asked,
    pub took: Duration,
    pub came: Came,
}

/// All of them.
#[derive(Default)]
pub struct Timings(Mutex<Vec<Timing>>);

impl Timings {
    /// Keeps what was asked for at `due` and is here now.
    pub fn note(&self, asked: Asked, due: Instant, came: Came) {
        let timing = Timing { asked, took: due.elapsed(), came };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(timing);
    }

    pub fn all(&self) -> Vec<Timing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The share of answers, in percent, that took no longer than is returned.
    pub fn percentile(&self, percent: usize, which: impl Fn(&Timing) -> bool) -> Duration {
        let mut took: Vec<Duration> =
            self.all().iter().filter(|timing| which(timing)).map(|timing| timing.took).collect();
        took.sort_unstable();
        let at = (took.len() * percent).div_ceil(100).saturating_sub(1);
        took.get(at).copied().unwrap_or_default()
    }

    pub fn of(&self, percent: usize, kind: Kind) -> Duration {
        self.percentile(percent, |timing| timing.asked.kind() == kind)
    }

    /// What may not be: an answer that is neither what was asked for nor says when to come again.
    pub fn wrong(&self) -> Vec<String> {
        let all = self.all();
        let wrong = all.iter().filter_map(|timing| match &timing.came {
            Came::Wrong(why) => Some(format!("{:?}: {why}", timing.asked)),
            Came::Well(_) | Came::Later(_) | Came::Stale => None,
        });
        wrong.collect()
    }

    pub fn n_later(&self) -> usize {
        self.all().iter().filter(|timing| matches!(timing.came, Came::Later(_))).count()
    }

    /// A line for each kind and for each thing that was asked: how many, p50, p95, p99, the longest, and how they came.
    pub fn table(&self) -> String {
        let all = self.all();
        let mut rows: BTreeMap<(Kind, Option<Asked>), Vec<&Timing>> = BTreeMap::new();
        for timing in &all {
            for asked in [None, Some(timing.asked)] {
                rows.entry((timing.asked.kind(), asked)).or_default().push(timing);
            }
        }
        let line = |((kind, asked), timings): (&(Kind, Option<Asked>), &Vec<&Timing>)| {
            let name = asked.map_or_else(|| format!("{kind:?}"), |asked| format!("  {asked:?}"));
            let of = |percent| {
                self.percentile(percent, |timing| {
                    timing.asked.kind() == *kind && asked.is_none_or(|asked| timing.asked == asked)
                })
                .as_secs_f64()
                    * 1000.0
            };
            let mut came: BTreeMap<&Came, usize> = BTreeMap::new();
            for timing in timings {
                *came.entry(&timing.came).or_default() += 1;
            }
            let (n, p50, p95) = (timings.len(), of(50), of(95));
            let (p99, longest) = (of(99), of(100));
            format!(
                "{name:<12} n {n:>6}  p50 {p50:>7.1}  p95 {p95:>7.1}  p99 {p99:>7.1}  max {longest:>7.1} ms  {came:?}\n"
            )
        };
        rows.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_of_all_answers_and_the_longest_is_the_last() {
        let timings = Timings::default();
        for n in 1..=100 {
            let took = Duration::from_millis(n);
            let one = Timing { asked: Asked::Case, took, came: Came::Well(200) };
            timings.0.lock().unwrap().push(one);
        }
        let of = |percent| timings.of(percent, Kind::Read).as_millis();
        assert_eq!([of(50), of(95), of(99), of(100)], [50, 95, 99, 100]);
        assert_eq!(timings.of(95, Kind::Write), Duration::ZERO);
    }
}
