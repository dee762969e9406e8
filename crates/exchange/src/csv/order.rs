//! One order of the import to one referral.

use super::draft::{Cell, Draft, at};
use crate::codes::{self, date, instant, phi, text};
use crate::{Found, Problem, Unit};
use doorstep_case::{Channel, Discharge, Fact, Item, ItemKind, Referral};
use doorstep_vocab::{Date, Phi, Timestamp, Zip, Zone};

/// Makes the unit of one order. What is wrong in any of its rows refuses the whole.
pub(super) fn unit(draft: Draft, received_at: Timestamp) -> Unit {
    let mut read = Reader { problems: draft.problems.clone(), draft };
    let referral = read.referral(received_at);
    let place = super::place(&read.draft.rows);
    let is_whole = read.problems.iter().all(|problem| problem.level == crate::Level::Warning);
    let found = if is_whole {
        Found::Order { referral: Box::new(referral), attachments: Vec::new() }
    } else {
        Found::Refused
    };
    Unit { place, key: String::new(), found, problems: read.problems }
}

/// Reads one order and notes what is wrong.
pub(super) struct Reader {
    pub draft: Draft,
    pub problems: Vec<Problem>,
}

impl Reader {
    fn referral(&mut self, received_at: Timestamp) -> Referral {
        let ordered_on = self.day("order_date");
        let mut referral = Referral {
            channel: Channel::Csv,
            received_at: self.moment("received_at").map_or(received_at, |at| at.min(received_at)),
            sender: self.own("referrer_name"),
            order_ref: self.own("referral_id"),
            person: self.person(),
            coverage: self.coverage().into_iter().collect(),
            prescriber: self.prescriber(),
            referrer: self.referrer(),
            discharge: self.discharge(),
            need_by: self.moment("need_by"),
            auth_number: self.own("auth_number"),
            ..Referral::default()
        };
        self.add_urgency(&mut referral);
        self.add_lines(&mut referral);
        self.add_facts(&mut referral, ordered_on);
        let on = codes::code_day(&referral);
        self.add_diagnoses(&mut referral, on);
        for (name, (_, value)) in &self.draft.added {
            let said = codes::words(value).filter(|_| *name == "notes");
            referral.texts.extend(said.map(|said| ("note".to_owned(), said)));
        }
        referral
    }

    pub(super) fn own(&self, name: &str) -> Option<String> {
        self.draft.text(name).and_then(text)
    }

    pub(super) fn personal(&self, name: &str) -> Option<Phi<String>> {
        self.draft.text(name).and_then(phi)
    }

    pub(super) fn refuse(&mut self, code: &str, at: String, said: &str) {
        self.problems.push(Problem::error(code, at, said));
    }

    pub(super) fn warn(&mut self, code: &str, at: String, said: &str) {
        self.problems.push(Problem::warning(code, at, said));
    }

    pub(super) fn placed(&self, name: &'static str) -> Option<(String, String)> {
        self.draft.placed(name).map(|(value, at)| (value.to_owned(), at))
    }

    /// Reads a date; one that cannot be read, or could be two days, refuses the order.
    pub(super) fn day(&mut self, name: &'static str) -> Option<Date> {
        let (value, at) = self.placed(name)?;
        let read = date(&value).or_else(|| date(value.split_once(['T', ' '])?.0));
        if read.is_none() {
            self.refuse(
                "date-unreadable",
                at,
                "the date cannot be read: write 2026-01-31, 1/31/2026 or 31-Jan-2026",
            );
        }
        read
    }

    /// Reads an instant. Without an offset it is on the clock of the member's ZIP.
    pub(super) fn moment(&mut self, name: &'static str) -> Option<Timestamp> {
        let (value, at) = self.placed(name)?;
        if let Some(instant) = instant(&value) {
            return Some(instant);
        }
        let Some(local) = codes::local(&value) else {
            return self.whole_day(name, &value, at);
        };
        let zone = self.zone_for(at);
        zone.map(|zone| zone.instant(local))
    }

    /// Reads the instant of an item: on the clock of the member's ZIP without an offset, and the day alone without an hour.
    fn item_moment(&mut self, value: &str, at: &str) -> Option<Fact> {
        if let Some(at) = instant(value) {
            return Some(Fact::At(at));
        }
        match codes::local(value) {
            Some(local) => self.zone_for(at.to_owned()).map(|zone| Fact::At(zone.instant(local))),
            None => date(value).map(Fact::On),
        }
    }

    /// A day without a time is enough for `need_by`, which then ends with it; a discharge without its hour is left out.
    fn whole_day(&mut self, name: &'static str, value: &str, at: String) -> Option<Timestamp> {
        let Some(on) = date(value) else {
            let said = "the time cannot be read: write 2026-01-31T14:30-05:00 or 1/31/2026 2:30 PM";
            self.refuse("time-unreadable", at, said);
            return None;
        };
        if name == "need_by" {
            return self.zone_for(at).map(|zone| zone.end_of_day(on));
        }
        self.warn(
            "time-missing",
            at,
            "the day has no time and was left out: write it as 1/31/2026 2:30 PM",
        );
        None
    }

    fn zone_for(&mut self, at: String) -> Option<Zone> {
        let zone = self.zone();
        if zone.is_none() {
            let said = "the time has no offset and the member's ZIP names no zone: write the offset, as in 14:30-05:00";
            self.refuse("time-without-zone", at, said);
        }
        zone
    }

    fn zone(&self) -> Option<Zone> {
        Zip::shape(self.draft.text("zip")?)?.place()?.zone()
    }

    fn discharge(&mut self) -> Option<Discharge> {
        let at = self.moment("discharge_at")?;
        Some(Discharge { at, bedside: self.draft.text("bedside").and_then(flag).unwrap_or(false) })
    }

    fn add_urgency(&mut self, referral: &mut Referral) {
        let Some((said, at)) = self.placed("urgency") else { return };
        let flagged = flag(&said).map(|urgent| if urgent { "urgent" } else { "routine" });
        match codes::urgency(flagged.unwrap_or(&said)) {
            Some(urgency) => referral.urgency = urgency,
            None => self.warn(
                "urgency-unknown",
                at,
                "write routine, urgent or discharge: it was read as routine",
            ),
        }
    }

    /// Diagnoses by number first, then those listed in one cell, divided by commas, semicolons, bars or blanks.
    fn add_diagnoses(&mut self, referral: &mut Referral, on: Date) {
        let numbered = self.draft.diagnoses.iter();
        let numbered =
            numbered.flat_map(|(n, cells)| cells.iter().map(move |cell| (format!("dx{n}"), cell)));
        let listed = self
            .draft
            .added
            .iter()
            .filter(|(name, _)| *name == "dx")
            .map(|(name, cell)| ((*name).to_owned(), cell));
        let all: Vec<(String, &Cell)> = numbered.chain(listed).collect();
        for (column, (row, value)) in all {
            let place = at(*row, &column);
            let parts =
                value.split([',', ';', '|', ' ', '\n']).filter(|part| !part.trim().is_empty());
            for part in parts {
                codes::add_diagnosis(
                    &mut referral.diagnoses,
                    part,
                    on,
                    (&place, &mut self.problems),
                );
            }
        }
    }

    fn add_facts(&mut self, referral: &mut Referral, ordered_on: Option<Date>) {
        let dates = [
            ("order.ordered-on", ordered_on),
            ("order.signed-on", self.day("signed_date")),
            ("order.dates-of-service", self.day("start_date")),
        ];
        for (name, on) in dates {
            if let Some(on) = on {
                referral.facts.insert(Item::named(name), (Fact::On(on), None));
            }
        }
        let items = std::mem::take(&mut self.draft.items);
        for (item, (row, value)) in items {
            match item.also_tells(&value) {
                Ok(told) => {
                    if let Some((item, fact)) = told {
                        referral.facts.entry(item).or_insert((fact, None));
                    }
                }
                Err(problem) => self.refuse(problem.code, at(row, item.name()), &problem.message),
            }
            let fact = match item.kind() {
                ItemKind::Moment => self.item_moment(&value, &at(row, item.name())),
                _ => read_item(item, &value),
            };
            match fact {
                Some(fact) => {
                    if let (Fact::Held, Some(said)) = (&fact, codes::words(&value)) {
                        referral.texts.push((item.name().to_owned(), said));
                    }
                    referral.facts.entry(item).or_insert((fact, None));
                }
                None => self.refuse("item-unreadable", at(row, item.name()), wanted(item)),
            }
        }
    }
}

fn read_item(item: Item, value: &str) -> Option<Fact> {
    match item.kind() {
        ItemKind::Date => date(value).map(Fact::On),
        ItemKind::Code(_) => item.read(&value.to_ascii_lowercase()),
        ItemKind::Held | ItemKind::Number(_) | ItemKind::Moment | ItemKind::Flag => {
            item.read(value)
        }
    }
}

fn wanted(item: Item) -> &'static str {
    match item.kind() {
        ItemKind::Number(_) => {
            "this is not a number: write digits only, in the unit that the list of columns names"
        }
        ItemKind::Code(_) => "this is none of the words that the list of columns names",
        ItemKind::Date => "the date cannot be read: write 2026-01-31",
        ItemKind::Moment => {
            "the time cannot be read: write 2026-01-31T14:30-05:00, or the day alone"
        }
        ItemKind::Flag => "write yes or no",
        ItemKind::Held => "the cell is empty",
    }
}

fn flag(said: &str) -> Option<bool> {
    match said.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}
