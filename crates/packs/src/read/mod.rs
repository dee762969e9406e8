//! From text to rows: one reader for each kind of file, over one small view of a TOML table.
//!
//! Every problem of a file is found in one reading, each with its place.

pub(crate) mod assignment;
pub(crate) mod calendars;
pub(crate) mod calls;
pub(crate) mod clocks;
pub(crate) mod codes;
pub(crate) mod hub;
pub(crate) mod lines;
pub(crate) mod names;
pub(crate) mod payers;
pub(crate) mod quality;
pub(crate) mod section;
pub(crate) mod signin;
pub(crate) mod states;

use crate::problem::Log;
use section::{Section, Word};
use toml::de::DeTable;

/// Reads a file's table and gives it to `read`; what is not TOML is a problem.
pub(crate) fn file<T>(
    text: &str,
    log: &mut Log,
    read: impl FnOnce(&mut Section, &mut Log) -> T,
) -> Option<T> {
    match DeTable::parse(text) {
        Ok(table) => {
            let mut section = Section::new(table.get_ref(), 0);
            let value = read(&mut section, log);
            section.finish(log);
            Some(value)
        }
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let first = error.message().lines().next().unwrap_or("cannot be read");
            log.at(at, "toml-syntax", format!("this is not TOML: {first}"));
            None
        }
    }
}

/// What a file gives every row that does not say otherwise.
pub(crate) struct Header {
    /// The first day of the file's rows.
    pub(crate) effective_from: Option<doorstep_vocab::Date>,
    /// The folder's or file's name, for versions.
    pub(crate) name: String,
}

impl Header {
    pub(crate) fn read(section: &mut Section, name: &str, log: &mut Log) -> Self {
        Self { effective_from: section.date("effective_from", log), name: name.to_owned() }
    }

    /// Wraps a row in its dates; a row without a first day takes the file's.
    pub(crate) fn dated<T>(
        &self,
        section: &mut Section,
        log: &mut Log,
        read: impl FnOnce(&mut Section, &str, &mut Log) -> Option<T>,
    ) -> Option<crate::dated::Dated<T>> {
        let at = section.at();
        let own = section.date("effective_from", log);
        let to = section.date("effective_to", log);
        let from = own.or(self.effective_from);
        if from.is_none() {
            log.at(at, "effective-missing", "give effective_from here or at the top of the file");
        }
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            log.at(
                at,
                "effective-order",
                format!("this ends on {to}, before it begins on {from}: correct the dates"),
            );
        }
        let version =
            from.map_or_else(|| self.name.clone(), |from| format!("{} {from}", self.name));
        let row = read(section, &version, log);
        section.finish(log);
        Some(crate::dated::Dated { from: from?, to, at, row: row? })
    }
}

/// Reads the row's `source`, without which no number is taken.
pub(crate) fn source(section: &mut Section, log: &mut Log) -> Option<String> {
    match section.word("source", log) {
        Some(Word { text, .. }) if !text.trim().is_empty() => Some(text.to_owned()),
        _ => {
            log.at(section.at(), "source-missing", "say in `source` where this comes from");
            None
        }
    }
}
