//! `lines/common.toml` and `lines/*/line.toml`: families, their codes, and what an order needs.

use super::names::{self, Known};
use super::section::{Section, Word};
use super::{Header, source};
use crate::dated::{Dated, check_overlaps};
use crate::problem::Log;
use doorstep_case::{
    Blocks, ClockRule, Fact, Family, FamilyTerms, Item, ItemKind, Milli, Owner, Requirement,
    ServiceLine, rules,
};
use doorstep_vocab::Hcpcs;
use std::collections::BTreeMap;

/// One service line's file.
pub(crate) struct LinePack {
    pub(crate) service: ServiceLine,
    pub(crate) words: String,
    pub(crate) families: Vec<Dated<FamilyTerms>>,
    pub(crate) requirements: Vec<Dated<Needed>>,
    pub(crate) clocks: Vec<Dated<ClockRule>>,
}

/// A requirement and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Needed {
    /// Only for payers of these lines of business; empty means all.
    pub(crate) business: Vec<String>,
    pub(crate) requirement: Requirement,
}

impl Needed {
    pub(crate) fn is_for(&self, business: &str) -> bool {
        self.business.is_empty() || self.business.iter().any(|name| name == business)
    }
}

/// Reads the families only, which other files refer to.
pub(crate) fn read_families(
    section: &mut Section,
    header: &Header,
    log: &mut Log,
) -> Vec<Dated<FamilyTerms>> {
    let tables = section.sections("family", log);
    let read = |mut table: Section, log: &mut Log| {
        header.dated(&mut table, log, |table, _, log| family(table, log))
    };
    let rows: Vec<Dated<FamilyTerms>> =
        tables.into_iter().filter_map(|table| read(table, log)).collect();
    check_overlaps(&rows, |row| format!("family `{}`", row.name), log);
    check_codes(&rows, log);
    rows
}

/// Reads a line's file. `known` are the families of all lines.
pub(crate) fn read(
    section: &mut Section,
    service: ServiceLine,
    known: &Known,
    log: &mut Log,
) -> LinePack {
    let header = Header::read(section, &format!("lines/{service}"), log);
    let words = section.needed("words", log).map(|word| word.text.to_owned()).unwrap_or_default();
    let families = read_families(section, &header, log);
    let requirements = read_requirements(section, &header, (known, Some(service)), log);
    let clocks = super::clocks::read(section, &header, (known, Some(service)), log);
    LinePack { service, words, families, requirements, clocks }
}

/// Reads every `[[requirement]]`; those of `lines/common.toml` belong to no line and name no family.
pub(crate) fn read_requirements(
    section: &mut Section,
    header: &Header,
    (known, service): (&Known, Option<ServiceLine>),
    log: &mut Log,
) -> Vec<Dated<Needed>> {
    let tables = section.sections("requirement", log);
    let read = |mut table: Section, log: &mut Log| {
        header.dated(&mut table, log, |table, _, log| requirement(table, (known, service), log))
    };
    let rows: Vec<Dated<Needed>> =
        tables.into_iter().filter_map(|table| read(table, log)).collect();
    check_overlaps(&rows, identity, log);
    rows
}

/// Returns what tells one requirement from another of its line.
pub(crate) fn identity(needed: &Needed) -> String {
    let row = &needed.requirement;
    let mut families: Vec<&str> = row.families.iter().map(|family| family.0.as_str()).collect();
    families.sort_unstable();
    let urgencies: Vec<&str> = row.urgencies.iter().map(|urgency| urgency.name()).collect();
    let rule = row.rule.as_deref().unwrap_or_default();
    let discharge = if row.discharge_only { " from a facility" } else { "" };
    let codes = row.codes.join("+");
    let filters =
        [rule, &families.join("+"), &codes, &urgencies.join("+"), &needed.business.join("+")]
            .join(" ")
            .trim()
            .to_owned();
    format!("requirement `{} {filters}`{discharge}", row.item.name())
}

fn family(table: &mut Section, log: &mut Log) -> Option<FamilyTerms> {
    let name = table.needed("name", log);
    let words = table.needed("words", log);
    let codes = names::patterns(&table.words("codes", log), log);
    let custom = table.flag("custom", log).unwrap_or_default();
    let comes_back = comes_back(table, &codes, log);
    let tells = table.words("tells", log);
    let tells = tells.into_iter().filter_map(|word| item(word, log)).collect();
    source(table, log);
    Some(FamilyTerms {
        name: Family(name?.text.to_owned()),
        words: words?.text.to_owned(),
        codes,
        custom,
        comes_back,
        tells,
    })
}

/// Reads which of the family's codes come back when they are not needed any more.
fn comes_back(table: &mut Section, codes: &[String], log: &mut Log) -> Vec<String> {
    let words = table.words("comes_back", log);
    let stem = |pattern: &str| pattern.trim_end_matches('*').to_owned();
    for word in &words {
        let wanted = stem(word.text);
        let is_own = |code: &String| {
            stem(code).starts_with(&wanted)
                || (code.ends_with('*') && wanted.starts_with(&stem(code)))
        };
        if !codes.iter().any(is_own) {
            let words = format!("`{}` is no code of this family: take it out", word.text);
            log.at(word.at, "comes-back-unknown", words);
        }
    }
    names::patterns(&words, log)
}

/// A code of two families would be told by their order alone.
fn check_codes(rows: &[Dated<FamilyTerms>], log: &mut Log) {
    let mut known: BTreeMap<&str, &Family> = BTreeMap::new();
    for row in rows {
        for code in &row.row.codes {
            match known.insert(code, &row.row.name) {
                Some(other) if *other != row.row.name => {
                    log.at(
                        row.at,
                        "code-twice",
                        format!("`{code}` is of family `{other}` too: keep it in one"),
                    );
                }
                _ => {}
            }
        }
    }
}

/// Reads the name of an item.
pub(crate) fn item(word: Word, log: &mut Log) -> Option<Item> {
    names::one(word, ("item-unknown", "item"), Item::parse, log)
}

/// Reads one requirement of a line, or of all lines when there is none.
pub(crate) fn requirement(
    table: &mut Section,
    (known, service): (&Known, Option<ServiceLine>),
    log: &mut Log,
) -> Option<Needed> {
    let item = table.needed("item", log).and_then(|word| item(word, log));
    let owner = table
        .needed("owner", log)
        .and_then(|word| names::one(word, ("owner-unknown", "owner"), Owner::parse, log));
    let blocks = blocks(table, log);
    let why = table.needed("why", log);
    let words = table.words("families", log);
    if let (None, Some(first)) = (service, words.first()) {
        log.at(
            first.at,
            "family-unknown",
            "what all lines need names no family: put it into a line's file",
        );
    }
    let only: Vec<ServiceLine> = service.into_iter().collect();
    let families =
        if service.is_some() { names::families(&words, (known, &only), log) } else { Vec::new() };
    let codes = names::patterns(&table.words("codes", log), log);
    let urgencies = names::urgencies(&table.words("urgencies", log), log);
    let discharge_only = table.flag("discharge_only", log).unwrap_or_default();
    let must_be = must_be(table, item, log);
    let fresh_days = table.count("fresh_days", log);
    let rule = table.word("rule", log);
    if let (Some(rule), Some(key)) = (rule, beside_rule(table)) {
        let words =
            format!("a row with a rule checks nothing else: put `{key}` into a row of its own");
        log.at(rule.at, "rule-and-more", words);
    }
    let values = values(table, rule, log);
    let business =
        table.words("business", log).into_iter().map(|word| known.business(word, log)).collect();
    let source = source(table, log);
    let requirement = Requirement {
        item: item?,
        families,
        codes,
        must_be,
        urgencies,
        discharge_only,
        owner: owner?,
        blocks,
        fresh_days: fresh_days.map(|(days, _)| days),
        rule: rule.map(|word| word.text.to_owned()),
        values,
        why: why?.text.to_owned(),
        source: source?,
    };
    Some(Needed { business, requirement })
}

fn beside_rule(table: &Section) -> Option<&'static str> {
    ["fresh_days", "must_be"].into_iter().find(|key| table.has(key))
}

/// Reads what the item has to say: values that may be recorded of it.
fn must_be(table: &mut Section, item: Option<Item>, log: &mut Log) -> Vec<Fact> {
    let words = table.words("must_be", log);
    let Some(item) = item else { return Vec::new() };
    if matches!(item.kind(), ItemKind::Held)
        && let Some(first) = words.first()
    {
        let words = format!("of `{}` only the presence is known: leave `must_be` out", item.name());
        log.at(first.at, "value-kind", words);
        return Vec::new();
    }
    let mut read = |word: &Word| {
        let fact = item.read(word.text);
        if fact.is_none() {
            let words = format!("`{}` cannot be a value of `{}`", word.text, item.name());
            log.at(word.at, "value-kind", words);
        }
        fact
    };
    words.iter().filter_map(&mut read).collect()
}

fn blocks(table: &mut Section, log: &mut Log) -> Blocks {
    let mut blocks = Blocks::default();
    if !table.has("blocks") {
        let words = "say in `blocks` what stops without it: authorization, delivery, billing, or nothing with []";
        log.at(table.at(), "blocks-missing", words);
    }
    let words = table.words("blocks", log);
    for Word { text, at } in words {
        match text {
            "authorization" => blocks.authorization = true,
            "delivery" => blocks.delivery = true,
            "billing" => blocks.billing = true,
            _ => log.at(
                at,
                "blocks-unknown",
                format!("`{text}` is none of authorization, delivery, billing"),
            ),
        }
    }
    blocks
}

/// Reads a rule's numbers: each that it declares, and by-code limits (`K0006-above`, `E0303-max`) for the one that
/// takes them.
fn values(table: &mut Section, rule: Option<Word>, log: &mut Log) -> BTreeMap<String, Milli> {
    let given = table.numbers("values", log);
    let Some(word) = rule else {
        if let Some((name, _)) = given.first() {
            log.at(name.at, "value-unknown", "numbers belong to a rule: name it in `rule`");
        }
        return BTreeMap::new();
    };
    let Some(rule) = rules::find(word.text) else {
        let known: Vec<&str> = rules::RULES.iter().map(|rule| rule.name).collect();
        log.at(
            word.at,
            "rule-unknown",
            format!("no rule is called `{}`: known are {}", word.text, known.join(", ")),
        );
        return BTreeMap::new();
    };
    for need in rule.needs.iter().filter(|need| !given.iter().any(|(name, _)| name.text == **need))
    {
        log.at(
            word.at,
            "value-missing",
            format!("rule `{}` needs `{need}`: give it in `values`", rule.name),
        );
    }
    for (name, _) in &given {
        if !(rule.needs.contains(&name.text) || rule.by_code && is_limit(name.text)) {
            log.at(
                name.at,
                "value-unknown",
                format!("rule `{}` knows no number `{}`", rule.name, name.text),
            );
        }
    }
    given.into_iter().map(|(name, number)| (name.text.to_owned(), number)).collect()
}

/// A limit of one code: `K0006-above`, `E0303-max`.
fn is_limit(name: &str) -> bool {
    let code = name.strip_suffix("-above").or_else(|| name.strip_suffix("-max"));
    code.is_some_and(|code| Hcpcs::parse(code).is_ok_and(|known| known.as_str() == code))
}
