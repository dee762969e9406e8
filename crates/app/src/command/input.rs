//! Reading the answers to a form: text in, checked values out, the field named when it cannot be.

use doorstep_case::delivery::Counted;
use doorstep_case::{Case, Item};
use doorstep_vocab::{Date, DateTime, LineNo, Timestamp, Zone};
use std::collections::BTreeMap;

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Which field.
    pub field: &'static str,
    /// Stable kebab-case code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

type Read<T> = Result<T, FieldProblem>;

/// The answers to a form, and what they are read against.
pub struct Input<'a> {
    /// Answers by field.
    pub values: &'a BTreeMap<String, String>,
    /// The case, for its zone and its lines.
    pub case: &'a Case,
    /// The zone of times without an offset, where the case has none.
    pub hub_zone: &'a Zone,
    /// An id for what the command makes, used where the form carries none.
    pub fresh_id: &'a str,
}

impl Input<'_> {
    /// Returns an answer, trimmed; `None` when it was left empty.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.values.get(field).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// Returns an answer that must be given.
    pub fn text(&self, field: &'static str) -> Read<&str> {
        self.get(field).ok_or_else(|| problem(field, "field-missing", "enter this"))
    }

    /// Reads a whole number, when given.
    pub fn number(&self, field: &'static str) -> Read<Option<u32>> {
        let Some(text) = self.get(field) else { return Ok(None) };
        let number = text.parse().map_err(|_| problem(field, "number", "enter a whole number"))?;
        Ok(Some(number))
    }

    /// Reads a date, when given.
    pub fn date_if(&self, field: &'static str) -> Read<Option<Date>> {
        let Some(text) = self.get(field) else { return Ok(None) };
        let date =
            text.parse().map_err(|_| problem(field, "date", "enter a date as 2026-11-23"))?;
        Ok(Some(date))
    }

    /// Reads a date that must be given.
    pub fn date(&self, field: &'static str) -> Read<Date> {
        self.text(field)?;
        self.date_if(field)?.ok_or_else(|| problem(field, "field-missing", "enter this"))
    }

    /// Reads a moment: with an offset as it stands, without one in the case's zone.
    pub fn moment(&self, field: &'static str) -> Read<Timestamp> {
        let text = self.text(field)?;
        if let Some(at) = Timestamp::parse(text) {
            return Ok(at);
        }
        let words = "enter a date and time as 2026-11-23T15:00";
        let local: DateTime =
            text.replace(' ', "T").parse().map_err(|_| problem(field, "moment", words))?;
        Ok(self.zone().instant(local))
    }

    /// Reads a moment, when given.
    pub fn moment_if(&self, field: &'static str) -> Read<Option<Timestamp>> {
        if self.get(field).is_none() { Ok(None) } else { self.moment(field).map(Some) }
    }

    /// Returns the zone that times are entered in.
    pub fn zone(&self) -> &Zone {
        self.case.zone.as_ref().unwrap_or(self.hub_zone)
    }

    /// Reads yes or no; an unchecked box is no.
    pub fn flag(&self, field: &'static str) -> Read<bool> {
        match self.get(field).map(str::to_ascii_lowercase).as_deref() {
            None | Some("no" | "n" | "false" | "0") => Ok(false),
            Some("yes" | "y" | "true" | "1" | "on") => Ok(true),
            Some(_) => Err(problem(field, "flag", "enter yes or no")),
        }
    }

    /// Reads one of a closed list.
    pub fn choice<T>(&self, field: &'static str, parse: impl Fn(&str) -> Option<T>) -> Read<T> {
        let text = self.text(field)?;
        parse(text).ok_or_else(|| problem(field, "choice", "choose one of the list"))
    }

    /// Reads one of a closed list, when given.
    pub fn choice_if<T>(
        &self,
        field: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Read<Option<T>> {
        if self.get(field).is_none() { Ok(None) } else { self.choice(field, parse).map(Some) }
    }

    /// Reads some of a closed list; left empty, none.
    pub fn choices<T>(
        &self,
        field: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Read<Vec<T>> {
        let read = |text: &str| {
            parse(text).ok_or_else(|| problem(field, "choice", "choose some of the list"))
        };
        self.words_of(field).map(read).collect()
    }

    /// Reads the number of a line.
    pub fn line(&self, field: &'static str) -> Read<LineNo> {
        let number = self
            .text(field)?
            .parse()
            .map_err(|_| problem(field, "line", "enter the number of a line"))?;
        Ok(LineNo(number))
    }

    /// Reads numbers of lines; left empty, all open lines.
    pub fn lines(&self, field: &'static str) -> Read<Vec<LineNo>> {
        if self.get(field).is_none() {
            return Ok(self.case.open_lines().map(|line| line.no).collect());
        }
        let read = |text: &str| {
            text.parse().map(LineNo).map_err(|_| problem(field, "line", "enter numbers of lines"))
        };
        self.words_of(field).map(read).collect()
    }

    /// Reads quantities by line; left empty, all that is outstanding on the lines of `visit`.
    pub fn goods(&self, field: &'static str, lines: &[LineNo]) -> Read<Vec<Counted>> {
        if self.get(field).is_none() {
            let outstanding =
                |no: &LineNo| self.case.lines.get(no).map(|line| (line.no, line.owed()));
            let all = lines.iter().filter_map(outstanding).filter(|(_, quantity)| *quantity > 0);
            return Ok(all.map(|(line, quantity)| Counted { line, quantity }).collect());
        }
        let words = "enter quantities by line, as 1=2, 2=1";
        let read = |text: &str| {
            let (line, quantity) = text.split_once('=')?;
            Some(Counted {
                line: LineNo(line.trim().parse().ok()?),
                quantity: quantity.trim().parse().ok()?,
            })
        };
        self.words_of(field)
            .map(|text| read(text).ok_or_else(|| problem(field, "goods", words)))
            .collect()
    }

    /// Reads names of items.
    pub fn items(&self, field: &'static str) -> Read<Vec<Item>> {
        self.text(field)?;
        let unknown = || problem(field, "item", "choose items of the list");
        self.words_of(field).map(|name| Item::parse(name).ok_or_else(unknown)).collect()
    }

    /// Returns the parts of an answer between commas, semicolons and line ends. A part may be of several words, as a
    /// payer's reason is.
    pub fn list(&self, field: &str) -> Vec<String> {
        let text = self.get(field).unwrap_or_default();
        let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    /// Returns the parts of an answer whose parts have no spaces: numbers and names.
    fn words_of(&self, field: &str) -> impl Iterator<Item = &str> {
        let text = self.get(field).unwrap_or_default();
        text.split([',', ';', '\n', ' ']).map(str::trim).filter(|part| !part.is_empty())
    }

    /// Returns the id that the form carries, or the fresh one.
    pub fn id(&self, field: &str) -> &str {
        self.get(field).unwrap_or(self.fresh_id)
    }
}

pub(super) fn problem(field: &'static str, code: &'static str, message: &str) -> FieldProblem {
    FieldProblem { field, code, message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_of_several_words_is_one_reason() {
        let case = Case::default();
        let hub_zone = Zone::parse("America/New_York").expect("a known zone");
        let values = [
            ("reasons", "not medically necessary; out of network"),
            ("serials", "SN 1,SN-2\nSN-3"),
            ("lines", "1 2,3"),
            ("goods", "1=2, 2=1"),
        ];
        let values = values.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        let input = Input { values: &values, case: &case, hub_zone: &hub_zone, fresh_id: "x" };
        assert_eq!(input.list("reasons"), ["not medically necessary", "out of network"]);
        assert_eq!(input.list("serials"), ["SN 1", "SN-2", "SN-3"]);
        assert_eq!(input.lines("lines"), Ok([1, 2, 3].map(LineNo).to_vec()));
        assert_eq!(input.goods("goods", &[]).map(|goods| goods.len()), Ok(2));
    }
}
