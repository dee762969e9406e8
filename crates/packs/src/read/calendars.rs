//! `calendars/*.toml`: business hours and holidays.

use crate::problem::Log;
use doorstep_vocab::{Calendar, CalendarSpec};
use toml::de::DeTable;

/// Reads a calendar, which is called as its file.
pub(crate) fn read(text: &str, name: &str, log: &mut Log) -> Option<Calendar> {
    let spec: CalendarSpec = match toml::from_str(text) {
        Ok(spec) => spec,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let first = error.message().lines().next().unwrap_or("cannot be read");
            log.at(at, "calendar-format", first);
            return None;
        }
    };
    let places = Places::of(text);
    if spec.name != name {
        let words = format!("the calendar calls itself `{}`: call it as its file", spec.name);
        log.at(places.key("name"), "calendar-name", words);
        return None;
    }
    let unsound = unsound_holiday(&spec);
    match Calendar::new(spec) {
        Ok(calendar) => Some(calendar),
        Err(problem) => {
            let at = match problem.code {
                "calendar-hours" => places.key("close"),
                "calendar-working" => places.key("working"),
                _ => places.holiday(unsound),
            };
            log.at(at, problem.code, problem.message);
            None
        }
    }
}

/// Returns the first holiday that cannot be, by its place in the list. `None` when each may be.
fn unsound_holiday(spec: &CalendarSpec) -> Option<usize> {
    let alone =
        |n: usize| CalendarSpec { holidays: vec![spec.holidays[n].clone()], ..spec.clone() };
    (0..spec.holidays.len())
        .find(|n| Calendar::new(alone(*n)).is_err_and(|problem| problem.code == "calendar-holiday"))
}

/// Where the file's keys stand.
struct Places<'a>(Option<DeTable<'a>>);

impl<'a> Places<'a> {
    fn of(text: &'a str) -> Self {
        Self(DeTable::parse(text).ok().map(toml::Spanned::into_inner))
    }

    fn key(&self, key: &str) -> usize {
        let value = self.0.as_ref().and_then(|table| table.get(key));
        value.map_or(0, |value| value.span().start)
    }

    fn holiday(&self, n: Option<usize>) -> usize {
        let list = self.0.as_ref().and_then(|table| table.get("holiday")?.get_ref().as_array());
        let value = list.and_then(|list| n.map_or(list.last(), |n| list.get(n)));
        value.map_or(0, |value| value.span().start)
    }
}
