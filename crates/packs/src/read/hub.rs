//! `hub.toml`: the hub's own numbers and clocks.

use super::names::Known;
use super::section::Section;
use super::{Header, source};
use crate::dated::{Dated, check_overlaps};
use crate::problem::Log;
use doorstep_case::disputes::{LEVEL_MAX, Rung};
use doorstep_case::{ClockRule, Role};
use doorstep_vocab::Zone;

/// The hub's numbers, dated.
#[derive(Debug, Clone)]
pub(crate) struct HubTerms {
    /// Names a file under `calendars`.
    pub(crate) calendar: String,
    pub(crate) calendar_at: usize,
    pub(crate) declines_until_escalation: u32,
    pub(crate) discharge_critical_hours: u32,
    pub(crate) need_by_after_discharge_hours: u32,
    pub(crate) auth_units_low_percent: u32,
}

/// The hub's file.
pub(crate) struct HubPack {
    pub(crate) name: String,
    pub(crate) zone: Zone,
    pub(crate) terms: Vec<Dated<HubTerms>>,
    pub(crate) clocks: Vec<Dated<ClockRule>>,
    pub(crate) ladder: Vec<Dated<Rung>>,
}

pub(crate) fn read(section: &mut Section, known: &Known, log: &mut Log) -> Option<HubPack> {
    let header = Header::read(section, "hub", log);
    let name = section.needed("name", log);
    let zone = section.needed("zone", log).and_then(|word| match Zone::parse(word.text) {
        Ok(zone) => Some(zone),
        Err(problem) => {
            log.at(word.at, "zone-unknown", problem.to_string());
            None
        }
    });
    let tables = section.sections("terms", log);
    let read = |mut table: Section, log: &mut Log| {
        header.dated(&mut table, log, |table, _, log| terms(table, log))
    };
    let rows: Vec<Dated<HubTerms>> =
        tables.into_iter().filter_map(|table| read(table, log)).collect();
    if !section.has("terms") {
        log.at(0, "terms-missing", "the hub's numbers are missing: write them under [[terms]]");
    }
    check_overlaps(&rows, |_| "[[terms]]".to_owned(), log);
    check_gaps(&rows, log);
    let clocks = super::clocks::read(section, &header, (known, None), log);
    let ladder = ladder(section, &header, log);
    Some(HubPack { name: name?.text.to_owned(), zone: zone?, terms: rows, clocks, ladder })
}

/// Reads every `[[level]]`: each level once for a day.
fn ladder(section: &mut Section, header: &Header, log: &mut Log) -> Vec<Dated<Rung>> {
    let tables = section.sections("level", log);
    let read = |mut table: Section, log: &mut Log| {
        header.dated(&mut table, log, |table, _, log| rung(table, log))
    };
    let rows: Vec<Dated<Rung>> = tables.into_iter().filter_map(|table| read(table, log)).collect();
    check_overlaps(&rows, |rung| format!("level {}", rung.level), log);
    rows
}

fn rung(table: &mut Section, log: &mut Log) -> Option<Rung> {
    let level = needed(table, "level", log);
    let known = level.and_then(|level| u8::try_from(level).ok()).filter(|one| *one <= LEVEL_MAX);
    if level.is_some() && known.is_none() {
        log.at(table.at(), "level-unknown", format!("levels go from 0 to {LEVEL_MAX}"));
    }
    let mut text = |key| table.needed(key, log).map(|word| word.text.to_owned());
    let (name, who, trigger) = (text("name"), text("who"), text("trigger"));
    let tells = table.words("tells", log);
    let tells = tells
        .into_iter()
        .filter_map(|word| super::names::one(word, ("role-unknown", "role"), Role::parse, log))
        .collect();
    let source = source(table, log);
    Some(Rung { level: known?, name: name?, who: who?, trigger: trigger?, tells, source: source? })
}

/// From the first day on there are numbers for every day, so that every case has terms.
fn check_gaps(rows: &[Dated<HubTerms>], log: &mut Log) {
    for row in rows {
        let Some(to) = row.to else { continue };
        let next = to.tomorrow().ok();
        if !rows.iter().any(|other| Some(other.from) == next) {
            log.at(
                row.at,
                "terms-gap",
                format!("these numbers end on {to} and none begin the day after: add them"),
            );
        }
    }
}

fn terms(table: &mut Section, log: &mut Log) -> Option<HubTerms> {
    let calendar = table.needed("calendar", log);
    let declines = needed(table, "declines_until_escalation", log);
    let critical = needed(table, "discharge_critical_hours", log);
    let need_by = needed(table, "need_by_after_discharge_hours", log);
    let low = needed(table, "auth_units_low_percent", log);
    source(table, log)?;
    let calendar = calendar?;
    Some(HubTerms {
        calendar: calendar.text.to_owned(),
        calendar_at: calendar.at,
        declines_until_escalation: declines?,
        discharge_critical_hours: critical?,
        need_by_after_discharge_hours: need_by?,
        auth_units_low_percent: low?,
    })
}

fn needed(table: &mut Section, key: &'static str, log: &mut Log) -> Option<u32> {
    let number = table.count(key, log);
    if number.is_none() {
        log.at(table.at(), "key-missing", format!("`{key}` is missing: give a whole number"));
    }
    number.map(|(number, _)| number)
}
