//! Names that have to be on a closed list: items, events, roles, families.

use super::section::Word;
use crate::problem::Log;
use doorstep_case::{Family, ServiceLine, Urgency};
use std::collections::{BTreeMap, BTreeSet};

/// The families that any pack gives each service line, whatever their dates.
pub(crate) type Families = BTreeMap<ServiceLine, BTreeSet<Family>>;

/// The names that other files define.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) families: Families,
    /// Lines of business that have a file under `business`.
    pub(crate) businesses: Vec<String>,
    /// Calendars that have a file under `calendars`.
    pub(crate) calendars: Vec<String>,
}

impl Known {
    /// Refuses a line of business that has no file.
    pub(crate) fn business(&self, word: Word, log: &mut Log) -> String {
        if !self.businesses.iter().any(|known| known == word.text) {
            let known = self.businesses.join(", ");
            let words = format!("no line of business is called `{}`: known are {known}", word.text);
            log.at(word.at, "business-unknown", words);
        }
        word.text.to_owned()
    }

    /// Refuses a calendar that has no file.
    pub(crate) fn calendar(&self, word: Word, log: &mut Log) -> String {
        if !self.calendars.iter().any(|known| known == word.text) {
            let words = format!("there is no file calendars/{}.toml: add it", word.text);
            log.at(word.at, "calendar-unknown", words);
        }
        word.text.to_owned()
    }
}

/// Reads a name by `parse`; `what` and the `known` names make the message when it is none.
pub(crate) fn one<T>(
    word: Word,
    (code, what): (&'static str, &str),
    parse: impl Fn(&str) -> Option<T>,
    log: &mut Log,
) -> Option<T> {
    let value = parse(word.text);
    if value.is_none() {
        log.at(word.at, code, format!("no {what} is called `{}`", word.text));
    }
    value
}

/// Reads service lines.
pub(crate) fn services(words: &[Word], log: &mut Log) -> Vec<ServiceLine> {
    words.iter().filter_map(|word| service(*word, log)).collect()
}

/// Reads one service line.
pub(crate) fn service(word: Word, log: &mut Log) -> Option<ServiceLine> {
    one(word, ("service-unknown", "service line"), ServiceLine::parse, log)
}

/// Reads urgencies.
pub(crate) fn urgencies(words: &[Word], log: &mut Log) -> Vec<Urgency> {
    let parse = |word: &Word, log: &mut Log| {
        one(*word, ("urgency-unknown", "urgency"), Urgency::parse, log)
    };
    words.iter().filter_map(|word| parse(word, log)).collect()
}

/// Reads families of `services`; of any line when that is empty.
pub(crate) fn families(
    words: &[Word],
    (known, services): (&Known, &[ServiceLine]),
    log: &mut Log,
) -> Vec<Family> {
    let is_known = |family: &Family| {
        known.families.iter().any(|(service, names)| {
            (services.is_empty() || services.contains(service)) && names.contains(family)
        })
    };
    for word in words {
        if !is_known(&Family(word.text.to_owned())) {
            log.at(
                word.at,
                "family-unknown",
                format!("no item family is called `{}` here", word.text),
            );
        }
    }
    words.iter().map(|word| Family(word.text.to_owned())).collect()
}

/// Reads code patterns: a procedure or revenue code, or its beginning with `*`.
pub(crate) fn patterns(words: &[Word], log: &mut Log) -> Vec<String> {
    for word in words {
        let stem = word.text.strip_suffix('*').unwrap_or(word.text);
        let is_code = !stem.is_empty()
            && stem.len() <= 5
            && stem.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && (word.text.ends_with('*') || doorstep_vocab::Procedure::parse(stem).is_ok());
        if !is_code {
            log.at(
                word.at,
                "code-format",
                format!("`{}` is neither a code nor the beginning of one with *", word.text),
            );
        }
    }
    words.iter().map(|word| word.text.to_owned()).collect()
}
