//! Visit frequencies as home-health orders write them: `3w1,2w4,2prn for pain` is three visits a week for one week, then
//! two a week for four weeks, and two more when there is pain. Source: facts 1.4 \[K\]; 42 CFR 409.43(b) for visits as
//! needed. Weeks run from Sunday to Saturday.

use crate::{CodeProblem, Date, days_after};

/// So many visits a week for so many weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are what is counted")]
pub struct VisitSpan {
    pub per_week: u32,
    pub weeks: u32,
}

/// A frequency that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VisitFrequency {
    /// One after the other.
    pub spans: Vec<VisitSpan>,
    /// At most so many more, as needed.
    pub as_needed: u32,
}

const FORM: (&str, &str) = ("frequency-form", "write visits and weeks as 3w1,2w4");
const NO_LIMIT: (&str, &str) =
    ("frequency-no-limit", "say how many visits as needed there may be, as 2prn for pain");
const NO_TRIGGER: (&str, &str) = (
    "frequency-no-trigger",
    "say for which signs or symptoms visits are made as needed, as 2prn for pain",
);
const TOO_MANY: (&str, &str) = (
    "frequency-too-many",
    "this is more than 70 visits a week, 104 weeks, or 99 visits as needed: write it again",
);

fn wrong<T>((code, words): (&'static str, &str)) -> Result<T, CodeProblem> {
    Err(CodeProblem::new(code, words))
}

impl VisitFrequency {
    /// Reads a frequency; `None` for words in no such form, which a person reads.
    pub fn parse(text: &str) -> Option<Result<Self, CodeProblem>> {
        let parts: Vec<String> = text.split([',', ';']).map(|p| p.trim().to_lowercase()).collect();
        let is_of_form = |part: &String| span(part).is_some() || as_needed(part).is_some();
        parts.iter().any(is_of_form).then(|| Self::read(&parts))
    }

    fn read(parts: &[String]) -> Result<Self, CodeProblem> {
        let mut out = Self::default();
        let mut is_trigger_open = false;
        for part in parts {
            if let Some((per_week, weeks)) = span(part) {
                if is_trigger_open {
                    return wrong(NO_TRIGGER);
                }
                let taken = (1..=70).contains(&per_week) && (1..=104).contains(&weeks);
                if !taken {
                    return wrong(TOO_MANY);
                }
                out.spans.push(VisitSpan { per_week, weeks });
            } else if let Some((limit, trigger)) = as_needed(part) {
                let Some(limit) = limit else { return wrong(NO_LIMIT) };
                if !(1..=99).contains(&limit) {
                    return wrong(TOO_MANY);
                }
                out.as_needed = out.as_needed.saturating_add(limit);
                is_trigger_open = trigger.is_empty();
            } else if out.as_needed > 0 && !part.is_empty() {
                // A trigger may hold commas, or stand behind one.
                is_trigger_open = false;
            } else {
                return wrong(FORM);
            }
        }
        if is_trigger_open { wrong(NO_TRIGGER) } else { Ok(out) }
    }

    /// Returns how many visits are planned, without those as needed.
    pub fn planned(&self) -> u32 {
        self.spans
            .iter()
            .fold(0_u32, |sum, span| sum.saturating_add(span.per_week.saturating_mul(span.weeks)))
    }

    /// Returns how many visits there may be in all: what is asked of the plan.
    pub fn total(&self) -> u32 {
        self.planned().saturating_add(self.as_needed)
    }

    /// Returns each week by its Sunday, with the visits planned in it. The first is the week of the start of care,
    /// however few of its days are left.
    pub fn weeks(&self, starts_on: Date) -> Vec<(Date, u32)> {
        let past = i64::from(starts_on.weekday().to_sunday_zero_offset());
        let Some(sunday) = days_after(starts_on, -past) else { return Vec::new() };
        let visits = self.spans.iter().flat_map(|span| (0..span.weeks).map(|_| span.per_week));
        (0..).zip(visits).filter_map(|(n, v)| Some((days_after(sunday, 7 * n)?, v))).collect()
    }
}

/// `3w1`, with blanks anywhere.
fn span(part: &str) -> Option<(u32, u32)> {
    let (per_week, weeks) = part.split_once('w')?;
    let count = |text: &str| {
        let text = text.trim();
        let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten()
    };
    Some((count(per_week)?, count(weeks)?))
}

/// `2prn for pain`, with or without its limit and its trigger.
fn as_needed(part: &str) -> Option<(Option<u32>, &str)> {
    let (limit, trigger) = part.split_once("prn")?;
    let (limit, trigger) = (limit.trim(), trigger.trim_matches([' ', ':', '(', ')']));
    if limit.is_empty() {
        return Some((None, trigger));
    }
    let is_number = limit.len() <= 4 && limit.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| (limit.parse().ok(), trigger))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<VisitFrequency, &'static str> {
        let read = VisitFrequency::parse(text).expect("the test's own data is a frequency");
        read.map_err(|problem| problem.code())
    }

    #[test]
    fn visits_are_counted_span_by_span() {
        let order = read("3w1,2w4, 1w4,2prn for a fall or new pain, or fever").unwrap();
        assert_eq!((order.planned(), order.total()), (15, 17));
        assert_eq!(order.spans.len(), 3);
    }

    #[test]
    fn weeks_begin_on_sundays() {
        let starts_on: Date = "2026-06-17".parse().unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let weeks = read("3w1,2w2").unwrap().weeks(starts_on);
        let expected = [(day("2026-06-14"), 3), (day("2026-06-21"), 2), (day("2026-06-28"), 2)];
        assert_eq!(weeks, expected);
        let sunday: Date = "2026-06-14".parse().unwrap();
        assert_eq!(read("1w1").unwrap().weeks(sunday), [(sunday, 1)]);
    }

    #[test]
    fn visits_as_needed_have_a_limit_and_a_trigger() {
        assert_eq!(read("2w4,prn for pain"), Err("frequency-no-limit"));
        assert_eq!(read("2w4,2prn"), Err("frequency-no-trigger"));
        assert_eq!(read("2prn,2w4"), Err("frequency-no-trigger"));
        assert_eq!(read("2prn,pain").map(|order| order.total()), Ok(2));
    }

    #[test]
    fn what_is_not_of_the_form_is_told_from_words() {
        assert_eq!(VisitFrequency::parse("twice a week for six weeks"), None);
        assert_eq!(VisitFrequency::parse(""), None);
        assert_eq!(read("3w1,often"), Err("frequency-form"));
        assert_eq!(read("99w1"), Err("frequency-too-many"));
        assert_eq!(read("3w9999"), Err("frequency-too-many"));
    }
}
