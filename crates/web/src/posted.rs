//! What a form sent: names with their values, in the order sent.

use crate::when;
use doorstep_vocab::{Date, Timestamp, Zone};

/// Names and values of a query or a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Posted(pub(crate) Vec<(String, String)>);

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The field's name; empty when it is about none.
    pub(crate) field: String,
    /// What is wrong and what to do.
    pub(crate) words: String,
}

impl Wrong {
    /// Makes one.
    pub(crate) fn at(field: impl Into<String>, words: impl Into<String>) -> Self {
        Self { field: field.into(), words: words.into() }
    }
}

impl Posted {
    /// Returns the last value of that name, trimmed; `None` when it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Returns the value as text of its own.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// Returns every value of that name that is not empty.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Returns whether a box was ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Reads a date, when one was given.
    pub(crate) fn date(&self, name: &str, wrong: &mut Vec<Wrong>) -> Option<Date> {
        let text = self.get(name)?;
        let date = text.parse().ok();
        if date.is_none() {
            wrong.push(Wrong::at(name, "enter a date as 2026-11-23"));
        }
        date
    }

    /// Reads a local date and time, when one was given.
    pub(crate) fn moment(
        &self,
        name: &str,
        zone: &Zone,
        wrong: &mut Vec<Wrong>,
    ) -> Option<Timestamp> {
        let at = when::read(self.get(name)?, zone);
        if at.is_none() {
            wrong.push(Wrong::at(name, "enter a date and time as 2026-11-23T15:00"));
        }
        at
    }

    /// Reads one of a closed list, when one was given.
    pub(crate) fn choice<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
        wrong: &mut Vec<Wrong>,
    ) -> Option<T> {
        let choice = parse(self.get(name)?);
        if choice.is_none() {
            wrong.push(Wrong::at(name, "choose one of the list"));
        }
        choice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_counts_and_blanks_are_nothing() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let posted = Posted(vec![
            pair("a", "1"),
            pair("a", " 2 "),
            pair("b", "  "),
            pair("on", "not a date"),
        ]);
        assert_eq!((posted.get("a"), posted.get("b"), posted.get("c")), (Some("2"), None, None));
        assert_eq!(posted.all("a").collect::<Vec<_>>(), ["1", "2"]);
        let mut wrong = Vec::new();
        assert_eq!(posted.date("on", &mut wrong), None);
        assert_eq!(wrong, [Wrong::at("on", "enter a date as 2026-11-23")]);
    }
}
