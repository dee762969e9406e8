//! `quality.toml`: how many calls are looked at, and by what card.

use super::section::Section;
use super::{Header, source};
use crate::dated::{self, Dated, check_overlaps};
use crate::problem::Log;
use doorstep_case::quality::{QualityRules, ScoreItem};
use doorstep_vocab::Date;

/// What a card's points add up to.
const FULL: u32 = 100;

/// All rows of the file.
#[derive(Debug, Default)]
pub(crate) struct QualityPack {
    per_agent: Vec<Dated<u32>>,
    items: Vec<Dated<ScoreItem>>,
}

impl QualityPack {
    /// Returns the rules in force on a day; none where the file begins later.
    pub(crate) fn on(&self, day: Date) -> QualityRules {
        QualityRules {
            per_agent: dated::in_force(&self.per_agent, day).next().copied().unwrap_or_default(),
            items: dated::in_force(&self.items, day).cloned().collect(),
        }
    }

    /// Returns the days on which anything changes.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Date> {
        dated::changes(&self.per_agent).chain(dated::changes(&self.items))
    }
}

pub(crate) fn read(section: &mut Section, log: &mut Log) -> QualityPack {
    let header = Header::read(section, "quality", log);
    let terms = section.sections("terms", log);
    let per_agent = terms.into_iter().filter_map(|mut table| {
        header.dated(&mut table, log, |table, _, log| {
            let number = table.count("per_agent", log);
            source(table, log)?;
            number.map(|(number, _)| number)
        })
    });
    let per_agent: Vec<Dated<u32>> = per_agent.collect();
    let tables = section.sections("item", log);
    let items = tables
        .into_iter()
        .filter_map(|mut table| header.dated(&mut table, log, |table, _, log| item(table, log)));
    let pack = QualityPack { per_agent, items: items.collect() };
    check_overlaps(&pack.per_agent, |_| "[[terms]]".to_owned(), log);
    check_overlaps(&pack.items, |item| format!("item `{}`", item.name), log);
    check_sums(&pack, log);
    pack
}

fn item(table: &mut Section, log: &mut Log) -> Option<ScoreItem> {
    let name = table.needed("name", log).map(|word| word.text.to_owned());
    let words = table.needed("words", log).map(|word| word.text.to_owned());
    let points = table.count("points", log).map(|(points, _)| points);
    let auto_fail = table.flag("auto_fail", log).unwrap_or_default();
    source(table, log)?;
    Some(ScoreItem { name: name?, words: words?, points: points?, auto_fail })
}

/// On each day that anything changes, the card is whole.
fn check_sums(pack: &QualityPack, log: &mut Log) {
    let days: Vec<Date> = dated::changes(&pack.items).collect();
    for day in days {
        let points: u32 = dated::in_force(&pack.items, day).map(|item| item.points).sum();
        if points != 0 && points != FULL {
            let words =
                format!("from {day} on the card's points add up to {points}: make them {FULL}");
            log.at(0, "points-sum", words);
        }
    }
}
