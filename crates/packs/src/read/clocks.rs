//! `[[clock]]`: what has to happen by when.

use super::names::{self, Known};
use super::section::{Section, Word};
use super::{Header, source};
use crate::dated::{Dated, check_overlaps};
use crate::problem::Log;
use doorstep_case::disputes::{DisputeKind, LEVEL_MAX};
use doorstep_case::{About, ClockRule, CountedBy, EVENT_NAMES, From, OnMiss, Role, ServiceLine};
use doorstep_vocab::Span;

/// Reads every `[[clock]]` of a file. `only` is the line whose pack it is.
pub(crate) fn read(
    section: &mut Section,
    header: &Header,
    (families, only): (&Known, Option<ServiceLine>),
    log: &mut Log,
) -> Vec<Dated<ClockRule>> {
    let tables = section.sections("clock", log);
    let read = |mut table: Section, log: &mut Log| {
        header.dated(&mut table, log, |table, version, log| {
            clock(table, (families, only), version, log)
        })
    };
    let rows: Vec<Dated<ClockRule>> =
        tables.into_iter().filter_map(|table| read(table, log)).collect();
    check_overlaps(&rows, identity, log);
    rows
}

/// Returns what two definitions of the same clock for the same cases have in common.
pub(crate) fn identity(rule: &ClockRule) -> String {
    let mut filters: Vec<String> =
        rule.urgencies.iter().map(|urgency| urgency.name().to_owned()).collect();
    filters.extend(rule.services.iter().map(ToString::to_string));
    filters.extend(rule.families.iter().map(ToString::to_string));
    filters
        .extend(rule.custom.map(|custom| if custom { "custom" } else { "not custom" }.to_owned()));
    filters.extend(
        rule.expedited
            .map(|hurried| if hurried { "expedited" } else { "not expedited" }.to_owned()),
    );
    filters.extend(rule.kinds.iter().map(|kind| kind.code().to_owned()));
    filters.extend(rule.levels.iter().map(|level| format!("level {level}")));
    filters.sort();
    if filters.is_empty() {
        return format!("clock `{}`", rule.name);
    }
    format!("clock `{}` for {}", rule.name, filters.join(", "))
}

fn clock(
    table: &mut Section,
    (known, only): (&Known, Option<ServiceLine>),
    version: &str,
    log: &mut Log,
) -> Option<ClockRule> {
    let name = table.needed("name", log);
    let about = table
        .needed("about", log)
        .and_then(|word| names::one(word, ("about-unknown", "clock subject"), about, log));
    let within = table.needed("within", log).and_then(|word| span(word, log));
    let calendar = table.word("calendar", log).map(|word| known.calendar(word, log));
    let owner = table
        .needed("owner", log)
        .and_then(|word| names::one(word, ("role-unknown", "role"), Role::parse, log));
    let starts = events(table, "starts", log);
    if starts.is_empty() {
        log.at(table.at(), "starts-empty", "nothing starts this clock: name an event in `starts`");
    }
    let (stops, pauses) = (events(table, "stops", log), events(table, "pauses", log));
    let (resumes, reopens) = (events(table, "resumes", log), events(table, "reopens", log));
    let from = table.word("from", log);
    let from = from.map_or(Some(From::Event), |word| {
        names::one(word, ("from-unknown", "beginning"), origin, log)
    });
    let on_miss = table.word("on_miss", log);
    let on_miss = on_miss.map_or(Some(OnMiss::Record), |word| {
        names::one(word, ("on-miss-unknown", "consequence"), consequence, log)
    });
    let mut services = names::services(&table.words("services", log), log);
    services.extend(only.filter(|_| services.is_empty()));
    let families = names::families(&table.words("families", log), (known, &services), log);
    let urgencies = names::urgencies(&table.words("urgencies", log), log);
    let kinds = kinds(&table.words("kinds", log), log);
    let levels = levels(&table.counts("levels", log), log);
    let (custom, expedited) = (table.flag("custom", log), table.flag("expedited", log));
    let mut is_so = |key| table.flag(key, log).unwrap_or_default();
    let (before, again, lapses) = (is_so("before"), is_so("again"), is_so("lapses"));
    let until = table.words("until", log);
    let until = until.into_iter().filter_map(|word| super::lines::item(word, log)).collect();
    let extendable_by = table.word("extendable_by", log).map(|word| span(word, log));
    let warn = warnings(table, log);
    check_unit((before, within), table.at(), log);
    let source = source(table, log);
    Some(ClockRule {
        name: name?.text.to_owned(),
        about: about?,
        starts,
        stops,
        until,
        pauses,
        resumes,
        reopens,
        again,
        from: from?,
        within: within?,
        calendar: calendar.map_or(CountedBy::Hub, CountedBy::Named),
        before,
        urgencies,
        services,
        families,
        custom,
        expedited,
        kinds,
        levels,
        extendable_by: extendable_by.flatten(),
        lapses,
        owner: owner?,
        warn,
        on_miss: on_miss?,
        version: version.to_owned(),
        source: source?,
    })
}

/// Business days and hours are not counted backwards.
fn check_unit((before, within): (bool, Option<Span>), at: usize, log: &mut Log) {
    if before && matches!(within, Some(Span::BusinessDays { .. } | Span::BusinessMinutes(_))) {
        log.at(
            at,
            "before-unit",
            "a clock that is due before something counts hours, minutes or calendar days: write `within` so",
        );
    }
}

fn kinds(words: &[Word], log: &mut Log) -> Vec<DisputeKind> {
    let one = |word: &Word, log: &mut Log| {
        names::one(*word, ("kind-unknown", "kind of dispute"), DisputeKind::parse, log)
    };
    words.iter().filter_map(|word| one(word, log)).collect()
}

fn levels(counts: &[(u32, usize)], log: &mut Log) -> Vec<u8> {
    let one = |(count, at): &(u32, usize), log: &mut Log| {
        let level = u8::try_from(*count).ok().filter(|level| (1..=LEVEL_MAX).contains(level));
        if level.is_none() {
            log.at(*at, "level-unknown", format!("levels go from 1 to {LEVEL_MAX}"));
        }
        level
    };
    counts.iter().filter_map(|count| one(count, log)).collect()
}

fn events(table: &mut Section, key: &'static str, log: &mut Log) -> Vec<String> {
    let words = table.words(key, log);
    for word in &words {
        if !EVENT_NAMES.iter().any(|names| names.contains(&word.text)) {
            log.at(word.at, "event-unknown", format!("no event is called `{}`", word.text));
        }
    }
    words.iter().map(|word| word.text.to_owned()).collect()
}

fn span(word: Word, log: &mut Log) -> Option<Span> {
    match Span::parse(word.text) {
        Ok(span) => Some(span),
        Err(problem) => {
            log.at(word.at, problem.code, problem.message);
            None
        }
    }
}

fn warnings(table: &mut Section, log: &mut Log) -> Vec<u8> {
    let counts = table.counts("warn", log);
    let is_sorted = counts.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let outside = counts.iter().find(|(percent, _)| !(1..=99).contains(percent));
    if let Some((_, at)) = outside.or_else(|| counts.first().filter(|_| !is_sorted)) {
        log.at(
            *at,
            "warn-order",
            "warnings are percents from 1 to 99 that rise: write them as in [50, 75, 90]",
        );
    }
    counts.iter().filter_map(|(percent, _)| u8::try_from(*percent).ok()).collect()
}

fn about(name: &str) -> Option<About> {
    Some(match name {
        "case" => About::Case,
        "line" => About::Line,
        "offer" => About::Offer,
        "visit" => About::Visit,
        "ask" => About::Ask,
        "dispute" => About::Dispute,
        "escalation" => About::Escalation,
        "call" => About::Call,
        _ => return None,
    })
}

fn origin(name: &str) -> Option<From> {
    Some(match name {
        "event" => From::Event,
        "received" => From::Received,
        "discharge" => From::Discharge,
        "home" => From::Home,
        "need-by" => From::NeedBy,
        "committed" => From::Committed,
        "window-ends" => From::WindowEnds,
        "requested" => From::Requested,
        "expedited" => From::Expedited,
        "noticed" => From::Noticed,
        "asked" => From::Asked,
        "supply-by" => From::SupplyBy,
        "auth-ends" => From::AuthEnds,
        "complained" => From::Complained,
        "therapy-due" => From::TherapyDue,
        "next-dose" => From::NextDose,
        "discharge-or-dose" => From::DischargeOrDose,
        _ => return None,
    })
}

/// `record`, `expire-offer`, `chase`, `notify`, `escalate-next`, or `escalate-1` to `escalate-5`. Source: facts 6.4, the levels.
fn consequence(name: &str) -> Option<OnMiss> {
    match name {
        "record" => Some(OnMiss::Record),
        "expire-offer" => Some(OnMiss::ExpireOffer),
        "chase" => Some(OnMiss::Chase),
        "notify" => Some(OnMiss::Notify),
        "escalate-next" => Some(OnMiss::EscalateNext),
        _ => {
            let level: u8 = name.strip_prefix("escalate-")?.parse().ok()?;
            (1..=LEVEL_MAX).contains(&level).then_some(OnMiss::Escalate(level))
        }
    }
}
