//! `assignment.toml`: what weighs when cases are handed out.

use super::section::Section;
use super::{Header, source};
use crate::builtin;
use crate::dated::{self, Dated, check_overlaps};
use crate::problem::Log;
use doorstep_case::handout::Weights;
use doorstep_vocab::Date;

/// All rows of the file.
#[derive(Debug, Default)]
pub(crate) struct AssignmentPack {
    weights: Vec<Dated<Weights>>,
}

impl AssignmentPack {
    /// Returns the weights in force on a day; none where the file begins later.
    pub(crate) fn on(&self, day: Date) -> Weights {
        dated::in_force(&self.weights, day).next().copied().unwrap_or_default()
    }

    /// Returns the built-in rows, for a folder of packs that has none of its own.
    pub(crate) fn builtin() -> Self {
        let text = builtin::FILES.iter().find(|(path, _)| *path == "assignment.toml");
        let text = text.map_or("", |(_, text)| text);
        let mut log = Log::new("assignment.toml", text);
        super::file(text, &mut log, read).unwrap_or_default()
    }

    /// Returns the days on which anything changes.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Date> {
        dated::changes(&self.weights)
    }
}

pub(crate) fn read(section: &mut Section, log: &mut Log) -> AssignmentPack {
    let header = Header::read(section, "assignment", log);
    let tables = section.sections("terms", log);
    let rows = tables
        .into_iter()
        .filter_map(|mut table| header.dated(&mut table, log, |table, _, log| weights(table, log)));
    let pack = AssignmentPack { weights: rows.collect() };
    check_overlaps(&pack.weights, |_| "[[terms]]".to_owned(), log);
    pack
}

fn weights(table: &mut Section, log: &mut Log) -> Option<Weights> {
    let mut number = |name| table.count(name, log).map(|(number, _)| number);
    let weights = Weights {
        had_case: number("had_case")?,
        has_member: number("has_member")?,
        language: number("language")?,
        skill: number("skill")?,
        nurse_spared: number("nurse_spared")?,
        load_ours: number("load_ours")?,
        load_waiting: number("load_waiting")?,
        load_at_risk: number("load_at_risk")?,
        load_missed: number("load_missed")?,
        load_max: number("load_max")?,
    };
    source(table, log)?;
    Some(weights)
}
