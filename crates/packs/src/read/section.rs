//! A TOML table whose keys are asked for one by one; what nobody asked for is a problem.

use crate::problem::Log;
use doorstep_case::Milli;
use doorstep_vocab::Date;
use std::collections::BTreeSet;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A text with its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
}

/// A table of a file.
pub(crate) struct Section<'a> {
    table: &'a DeTable<'a>,
    at: usize,
    asked: BTreeSet<&'static str>,
}

impl<'a> Section<'a> {
    pub(crate) fn new(table: &'a DeTable<'a>, at: usize) -> Self {
        Self { table, at, asked: BTreeSet::new() }
    }

    /// Returns where the table begins.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Returns whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Refuses the keys that were not asked for.
    pub(crate) fn finish(&self, log: &mut Log) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !self.asked.contains(name) {
                let known: Vec<&str> = self.asked.iter().copied().collect();
                let message =
                    format!("nothing here is called `{name}`: known are {}", known.join(", "));
                log.at(key.span().start, "key-unknown", message);
            }
        }
    }

    /// Returns a text that may be absent.
    pub(crate) fn word(&mut self, key: &'static str, log: &mut Log) -> Option<Word<'a>> {
        let value = self.value(key)?;
        as_word(value, key, log)
    }

    /// Returns a text that has to be there and not blank.
    pub(crate) fn needed(&mut self, key: &'static str, log: &mut Log) -> Option<Word<'a>> {
        match self.value(key) {
            None => {
                log.at(self.at, "key-missing", format!("`{key}` is missing: give it"));
                None
            }
            Some(value) => {
                let word = as_word(value, key, log)?;
                if word.text.trim().is_empty() {
                    log.at(word.at, "key-missing", format!("`{key}` is empty: fill it in"));
                    return None;
                }
                Some(word)
            }
        }
    }

    /// Returns a list of texts; absent is empty.
    pub(crate) fn words(&mut self, key: &'static str, log: &mut Log) -> Vec<Word<'a>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            log.at(
                value.span().start,
                "value-kind",
                format!("`{key}` is a list of texts: write [\"...\"]"),
            );
            return Vec::new();
        };
        list.iter().filter_map(|value| as_word(value, key, log)).collect()
    }

    /// Returns yes or no.
    pub(crate) fn flag(&mut self, key: &'static str, log: &mut Log) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            log.at(value.span().start, "value-kind", format!("`{key}` is true or false"));
        }
        flag
    }

    /// Returns a whole number of 0 or more with its place.
    pub(crate) fn count(&mut self, key: &'static str, log: &mut Log) -> Option<(u32, usize)> {
        let value = self.value(key)?;
        let at = value.span().start;
        let number = as_count(value);
        if number.is_none() {
            log.at(at, "value-kind", format!("`{key}` is a whole number of 0 or more"));
        }
        number.map(|number| (number, at))
    }

    /// Returns a list of whole numbers with their places.
    pub(crate) fn counts(&mut self, key: &'static str, log: &mut Log) -> Vec<(u32, usize)> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let list = value.get_ref().as_array();
        let numbers: Option<Vec<_>> = list
            .and_then(|list| list.iter().map(|v| Some((as_count(v)?, v.span().start))).collect());
        if numbers.is_none() {
            log.at(value.span().start, "value-kind", format!("`{key}` is a list of whole numbers"));
        }
        numbers.unwrap_or_default()
    }

    /// Returns a date, written `"2026-01-31"`.
    pub(crate) fn date(&mut self, key: &'static str, log: &mut Log) -> Option<Date> {
        let word = self.word(key, log)?;
        let date = word.text.parse().ok();
        if date.is_none() {
            log.at(
                word.at,
                "date-format",
                format!("`{}` is not a date: write it as in \"2026-01-31\"", word.text),
            );
        }
        date
    }

    /// Returns named numbers, with the place of each name.
    pub(crate) fn numbers(&mut self, key: &'static str, log: &mut Log) -> Vec<(Word<'a>, Milli)> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(table) = value.get_ref().as_table() else {
            log.at(value.span().start, "value-kind", format!("`{key}` is a table of numbers"));
            return Vec::new();
        };
        let mut out = Vec::new();
        for (name, value) in table {
            match as_milli(value.get_ref()) {
                Some(number) => {
                    out.push((Word { text: name.get_ref(), at: name.span().start }, number));
                }
                None => log.at(
                    value.span().start,
                    "value-kind",
                    format!("`{}` is a number", name.get_ref()),
                ),
            }
        }
        out
    }

    /// Returns named texts, with the place of each name.
    pub(crate) fn pairs(&mut self, key: &'static str, log: &mut Log) -> Vec<(Word<'a>, Word<'a>)> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(table) = value.get_ref().as_table() else {
            log.at(value.span().start, "value-kind", format!("`{key}` is a table of texts"));
            return Vec::new();
        };
        let mut out = Vec::new();
        for (name, value) in table {
            let pair = as_word(value, name.get_ref(), log);
            out.extend(
                pair.map(|word| (Word { text: name.get_ref(), at: name.span().start }, word)),
            );
        }
        out
    }

    /// Returns the tables of a `[[key]]` list.
    pub(crate) fn sections(&mut self, key: &'static str, log: &mut Log) -> Vec<Section<'a>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let tables: Option<Vec<Section>> = value.get_ref().as_array().and_then(|list| {
            list.iter()
                .map(|v| Some(Section::new(v.get_ref().as_table()?, v.span().start)))
                .collect()
        });
        if tables.is_none() {
            log.at(value.span().start, "value-kind", format!("write `{key}` as tables: [[{key}]]"));
        }
        tables.unwrap_or_default()
    }

    fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.insert(key);
        self.table.get(key)
    }
}

fn as_word<'a>(value: &'a Spanned<DeValue<'a>>, key: &str, log: &mut Log) -> Option<Word<'a>> {
    let at = value.span().start;
    let text = value.get_ref().as_str();
    if text.is_none() {
        log.at(at, "value-kind", format!("`{key}` is a text: put it in quotation marks"));
    }
    text.map(|text| Word { text, at })
}

fn as_count(value: &Spanned<DeValue>) -> Option<u32> {
    let integer = value.get_ref().as_integer()?;
    if integer.radix() == 10 { integer.as_str().parse().ok() } else { None }
}

fn as_milli(value: &DeValue) -> Option<Milli> {
    match value {
        DeValue::Integer(integer) if integer.radix() == 10 => Milli::parse(integer.as_str()),
        DeValue::Float(float) => Milli::parse(float.as_str()),
        _ => None,
    }
}
