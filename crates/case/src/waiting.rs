//! Which open lines wait for what of the order: the rest of a case goes on meanwhile.

use crate::completeness::Missing;
use crate::{Case, Item, NextStep, Owner};
use doorstep_vocab::LineNo;

/// Open lines that wait for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// Which, in their order.
    pub lines: Vec<LineNo>,
    /// What for: whatever stops their authorization or delivery, what blocks most first.
    pub lacking: Vec<&'a Missing>,
}

/// Returns the open lines that wait for something, those that wait for the same together.
pub fn waiting<'a>(case: &Case, missing: &'a [Missing]) -> Vec<Waiting<'a>> {
    let mut out: Vec<Waiting<'a>> = Vec::new();
    for line in case.open_lines() {
        let lacking: Vec<&Missing> = missing.iter().filter(|m| m.stops_line(line.no)).collect();
        if lacking.is_empty() {
            continue;
        }
        match out.iter_mut().find(|known| known.lacking == lacking) {
            Some(known) => known.lines.push(line.no),
            None => out.push(Waiting { lines: vec![line.no], lacking }),
        }
    }
    out
}

impl Waiting<'_> {
    /// Returns what is waited for: the first thing in words, and how many more there are. No personal data.
    pub fn what(&self) -> String {
        let first = self.lacking.first().map_or("nothing", |m| words(m));
        match self.lacking.len() {
            0 | 1 => first.to_owned(),
            n => format!("{first}, and {} more", n - 1),
        }
    }

    /// Returns the whole as a sentence: `line 2 waits for the signed order, and 3 more`.
    pub fn words(&self) -> String {
        format!("{} for {}", wait(&self.lines), self.what())
    }
}

/// Returns, for lists, which lines wait for what while `step` is done: those that the step is about are in its own words.
/// Empty where the case has one open line. No personal data.
pub fn others_waiting(case: &Case, missing: &[Missing], step: &NextStep) -> String {
    if case.open_lines().count() < 2 {
        return String::new();
    }
    let told = step.line.filter(|_| step.is_about_order());
    let all = waiting(case, missing);
    let others: Vec<&Waiting> =
        all.iter().filter(|w| told.is_none_or(|no| !w.lines.contains(&no))).collect();
    let (first, rest) = others.split_at(others.len().min(TOLD_MAX));
    let mut words: Vec<String> = first.iter().map(|waiting| waiting.words()).collect();
    let mut rest: Vec<LineNo> = rest.iter().flat_map(|waiting| waiting.lines.clone()).collect();
    rest.sort_unstable();
    if !rest.is_empty() {
        words.push(format!("{} for something else", wait(&rest)));
    }
    words.join("; ")
}

/// So many groups of lines are told one by one: a row of a list is read at a glance.
const TOLD_MAX: usize = 2;

fn words(missing: &Missing) -> &'static str {
    let is_of_hub = missing.owner == Owner::Hub && missing.item == Item::named("order.service");
    if is_of_hub { "a service and item family to be chosen" } else { missing.item.words() }
}

fn wait(lines: &[LineNo]) -> String {
    let verb = if lines.len() == 1 { "waits" } else { "wait" };
    format!("{} {verb}", lines_words(lines))
}

/// Returns `line 2`, `lines 2 and 3`, `lines 1, 2 and 4`.
pub fn lines_words(lines: &[LineNo]) -> String {
    match lines {
        [] => "no line".to_owned(),
        [one] => format!("line {one}"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("lines {} and {last}", first.join(", "))
        }
    }
}
