//! `payers/*/payer.toml` and `business/*.toml`: names, codes, authorization tables, clocks, and what a payer asks for
//! beyond its service lines or does not ask for.

use super::lines::{self, Needed};
use super::names::{self, Known};
use super::section::{Section, Word};
use super::states::{self, CalendarName};
use super::{Header, source};
use crate::dated::{Dated, check_overlaps};
use crate::problem::Log;
use doorstep_case::{AuthRule, AuthRuleAnswer, ClockRule, Requirement, ServiceLine, Waiver};
use doorstep_vocab::PayerId;

/// One payer's file.
pub(crate) struct PayerPack {
    pub(crate) payer_id: PayerId,
    pub(crate) name: String,
    /// Names a file under `business`.
    pub(crate) line_of_business: String,
    pub(crate) synonyms: Vec<String>,
    pub(crate) codes: Vec<String>,
    /// Name, synonyms and codes, each with its place in the file.
    pub(crate) names: Vec<(String, usize)>,
    pub(crate) auth: Vec<Dated<AuthRule>>,
    pub(crate) clocks: Vec<Dated<ClockRule>>,
    /// The calendar that counts its clocks, and those of its line of business.
    pub(crate) calendars: Vec<Dated<CalendarName>>,
    /// What the payer asks for besides.
    pub(crate) requirements: Vec<Dated<(ServiceLine, Requirement)>>,
    /// What it does not ask for.
    pub(crate) waivers: Vec<Dated<(ServiceLine, Waiver)>>,
}

/// Reads a payer's file; `businesses` are the lines of business that have a file.
pub(crate) fn read(
    section: &mut Section,
    folder: &str,
    known: &Known,
    log: &mut Log,
) -> Option<PayerPack> {
    let header = Header::read(section, &format!("payers/{folder}"), log);
    let name = section.needed("name", log);
    let business = section.needed("line_of_business", log);
    let business = business.map(|word| known.business(word, log));
    let synonyms = section.words("synonyms", log);
    let codes = section.words("codes", log);
    let names = name.iter().chain(&synonyms).chain(&codes);
    let names = names.map(|word| (word.text.to_owned(), word.at)).collect();
    let texts = |words: &[Word]| words.iter().map(|word| word.text.to_owned()).collect();
    let tables = section.sections("auth", log);
    let read = |mut table: Section, log: &mut Log| {
        header.dated(&mut table, log, |table, version, log| auth(table, known, version, log))
    };
    let auth: Vec<Dated<AuthRule>> =
        tables.into_iter().filter_map(|table| read(table, log)).collect();
    check_overlaps(&auth, identity, log);
    check_reached(&auth, log);
    let clocks = super::clocks::read(section, &header, (known, None), log);
    let calendars = states::calendars(section, &header, known, log);
    let requirements = requirements(section, &header, known, log);
    let waivers = waivers(section, &header, known, log);
    Some(PayerPack {
        payer_id: PayerId(folder.to_owned()),
        name: name?.text.to_owned(),
        line_of_business: business?,
        synonyms: texts(&synonyms),
        codes: texts(&codes),
        names,
        auth,
        clocks,
        calendars,
        requirements,
        waivers,
    })
}

fn requirements(
    section: &mut Section,
    header: &Header,
    known: &Known,
    log: &mut Log,
) -> Vec<Dated<(ServiceLine, Requirement)>> {
    let read = |table: &mut Section, log: &mut Log| {
        let service = table.needed("service", log).and_then(|word| names::service(word, log))?;
        if table.has("business") {
            let words = "a payer's own row holds for this payer alone: leave `business` out";
            log.at(table.at(), "business-given", words);
        }
        let needed = lines::requirement(table, (known, Some(service)), log)?;
        Some((service, needed.requirement))
    };
    let tables = section.sections("requirement", log);
    let rows: Vec<_> = tables
        .into_iter()
        .filter_map(|mut table| header.dated(&mut table, log, |table, _, log| read(table, log)))
        .collect();
    let identity = |(service, requirement): &(ServiceLine, Requirement)| {
        let needed = Needed { business: Vec::new(), requirement: requirement.clone() };
        format!("{service} {}", lines::identity(&needed))
    };
    check_overlaps(&rows, identity, log);
    rows
}

fn waivers(
    section: &mut Section,
    header: &Header,
    known: &Known,
    log: &mut Log,
) -> Vec<Dated<(ServiceLine, Waiver)>> {
    let read = |table: &mut Section, log: &mut Log| {
        let service = table.needed("service", log).and_then(|word| names::service(word, log));
        let item = table.needed("item", log).and_then(|word| lines::item(word, log));
        let only: Vec<_> = service.into_iter().collect();
        let families = names::families(&table.words("families", log), (known, &only), log);
        let codes = names::patterns(&table.words("codes", log), log);
        let source = source(table, log);
        Some((service?, Waiver { item: item?, families, codes, source: source? }))
    };
    let tables = section.sections("waiver", log);
    let rows: Vec<_> = tables
        .into_iter()
        .filter_map(|mut table| header.dated(&mut table, log, |table, _, log| read(table, log)))
        .collect();
    let identity = |(service, waiver): &(ServiceLine, Waiver)| {
        let families: Vec<&str> = waiver.families.iter().map(|f| f.0.as_str()).collect();
        let (families, codes) = (families.join("+"), waiver.codes.join("+"));
        format!("[[waiver]] {service} {} {families} {codes}", waiver.item.name())
    };
    check_overlaps(&rows, identity, log);
    rows
}

/// A line of business: its clocks, and the calendar that counts them.
#[derive(Default)]
pub(crate) struct Business {
    pub(crate) clocks: Vec<Dated<ClockRule>>,
    pub(crate) calendars: Vec<Dated<CalendarName>>,
}

/// Reads the file of a line of business.
pub(crate) fn read_business(
    section: &mut Section,
    name: &str,
    known: &Known,
    log: &mut Log,
) -> Business {
    let header = Header::read(section, &format!("business/{name}"), log);
    section.needed("words", log);
    let clocks = super::clocks::read(section, &header, (known, None), log);
    Business { clocks, calendars: states::calendars(section, &header, known, log) }
}

/// The first row that matches answers, so a row behind a wider one never does.
fn check_reached(rows: &[Dated<AuthRule>], log: &mut Log) {
    for (n, row) in rows.iter().enumerate() {
        let hides = |wider: &&Dated<AuthRule>| {
            wider.covers(row)
                && wider.row.is_wider_than(&row.row)
                && identity(&wider.row) != identity(&row.row)
        };
        if let Some(wider) = rows[..n].iter().find(hides) {
            let words = format!(
                "{} stands before it and is wider, so this row never answers: put the narrower one first",
                identity(&wider.row)
            );
            log.at(row.at, "auth-hidden", words);
        }
    }
}

fn identity(rule: &AuthRule) -> String {
    let families: Vec<&str> = rule.families.iter().map(|family| family.0.as_str()).collect();
    format!("[[auth]] {} {} {}", rule.service, families.join("+"), rule.codes.join("+"))
        .trim_end()
        .to_owned()
}

fn auth(table: &mut Section, known: &Known, version: &str, log: &mut Log) -> Option<AuthRule> {
    let service = table.needed("service", log).and_then(|word| names::service(word, log));
    let only: Vec<_> = service.into_iter().collect();
    let families = names::families(&table.words("families", log), (known, &only), log);
    let codes = names::patterns(&table.words("codes", log), log);
    let word = table.needed("answer", log);
    let answer = word.and_then(|word| names::one(word, ("answer-unknown", "answer"), answer, log));
    let source = source(table, log);
    Some(AuthRule {
        service: service?,
        families,
        codes,
        answer: answer?,
        source: source?,
        version: version.to_owned(),
    })
}

fn answer(name: &str) -> Option<AuthRuleAnswer> {
    Some(match name {
        "required" => AuthRuleAnswer::Required,
        "not-required" => AuthRuleAnswer::NotRequired,
        "unknown" => AuthRuleAnswer::Unknown,
        _ => return None,
    })
}
