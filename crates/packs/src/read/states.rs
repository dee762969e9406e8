//! `states/*.toml`, and whose calendar counts: a state, a payer or a line of business may name one.

use super::names::Known;
use super::section::Section;
use super::{Header, source};
use crate::dated::{Dated, check_overlaps};
use crate::problem::Log;

/// The name of a file under `calendars`.
pub(crate) type CalendarName = String;

/// Reads the state's file, which is called by its two letters.
pub(crate) fn read(
    section: &mut Section,
    (state, known): (&str, &Known),
    log: &mut Log,
) -> Vec<Dated<CalendarName>> {
    let header = Header::read(section, &format!("states/{state}"), log);
    section.needed("name", log);
    let is_state = state.len() == 2 && state.bytes().all(|b| b.is_ascii_uppercase());
    if !is_state {
        let words = format!("`{state}` is no state: call the file by two letters, as CT.toml");
        log.at(0, "state-name", words);
    }
    if !section.has("terms") {
        log.at(0, "terms-missing", "name the state's calendar under [[terms]]");
    }
    calendars(section, &header, known, log)
}

/// Reads every `[[terms]]` that names a calendar.
pub(crate) fn calendars(
    section: &mut Section,
    header: &Header,
    known: &Known,
    log: &mut Log,
) -> Vec<Dated<CalendarName>> {
    let tables = section.sections("terms", log);
    let read = |table: &mut Section, log: &mut Log| {
        let calendar = table.needed("calendar", log).map(|word| known.calendar(word, log));
        source(table, log)?;
        calendar
    };
    let rows: Vec<Dated<CalendarName>> = tables
        .into_iter()
        .filter_map(|mut table| header.dated(&mut table, log, |table, _, log| read(table, log)))
        .collect();
    check_overlaps(&rows, |_| "[[terms]]".to_owned(), log);
    rows
}
