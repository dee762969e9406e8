//! `calls.toml`: how calls are held. Every name that one table gives another has to be there on the same days.

use super::names::one;
use super::section::{Section, Word};
use super::{Header, source};
use crate::dated::{self, Dated, check_overlaps};
use crate::problem::Log;
use doorstep_case::calls::{
    Authority, CallRules, CallTerms, CallerKind, Disposition, Ends, Identifier, Named, Script,
    Symptom,
};
use doorstep_vocab::Date;

/// All rows of the file.
#[derive(Debug, Default)]
pub(crate) struct CallPack {
    pub(crate) terms: Vec<Dated<CallTerms>>,
    callers: Vec<Dated<CallerKind>>,
    reasons: Vec<Dated<Named>>,
    scripts: Vec<Dated<Script>>,
    dispositions: Vec<Dated<Disposition>>,
    symptoms: Vec<Dated<Symptom>>,
}

impl CallPack {
    /// Returns the rules in force on a day; none where the file begins later.
    pub(crate) fn on(&self, day: Date) -> CallRules {
        fn of<T: Clone>(rows: &[Dated<T>], day: Date) -> Vec<T> {
            dated::in_force(rows, day).cloned().collect()
        }
        CallRules {
            terms: of(&self.terms, day).into_iter().next().unwrap_or_default(),
            callers: of(&self.callers, day),
            reasons: of(&self.reasons, day),
            scripts: of(&self.scripts, day),
            dispositions: of(&self.dispositions, day),
            symptoms: of(&self.symptoms, day),
        }
    }

    /// Returns the days on which anything changes.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Date> {
        let named = dated::changes(&self.callers).chain(dated::changes(&self.reasons));
        let named = named.chain(dated::changes(&self.scripts)).chain(dated::changes(&self.terms));
        named.chain(dated::changes(&self.dispositions)).chain(dated::changes(&self.symptoms))
    }
}

pub(crate) fn read(section: &mut Section, log: &mut Log) -> CallPack {
    let header = Header::read(section, "calls", log);
    let pack = CallPack {
        terms: rows(section, (&header, "terms"), terms, log),
        callers: rows(section, (&header, "caller"), caller, log),
        reasons: rows(section, (&header, "reason"), named, log),
        scripts: rows(section, (&header, "script"), script, log),
        dispositions: rows(section, (&header, "disposition"), disposition, log),
        symptoms: rows(section, (&header, "symptom"), symptom, log),
    };
    if !section.has("terms") {
        log.at(0, "terms-missing", "the numbers of calls are missing: write them under [[terms]]");
    }
    check_overlaps(&pack.terms, |_| "[[terms]]".to_owned(), log);
    check_overlaps(&pack.callers, |row| format!("caller `{}`", row.name), log);
    check_overlaps(&pack.reasons, |row| format!("reason `{}`", row.name), log);
    check_overlaps(&pack.dispositions, |row| format!("disposition `{}`", row.named.name), log);
    check_overlaps(&pack.symptoms, |row| format!("symptom `{}`", row.name), log);
    check_scripts(&pack, log);
    pack
}

type Read<T> = fn(&mut Section, &mut Log) -> Option<T>;

fn rows<T>(
    section: &mut Section,
    (header, key): (&Header, &'static str),
    read: Read<T>,
    log: &mut Log,
) -> Vec<Dated<T>> {
    let tables = section.sections(key, log);
    let row = |mut table: Section, log: &mut Log| {
        header.dated(&mut table, log, |table, _, log| {
            let row = read(table, log);
            source(table, log)?;
            row
        })
    };
    tables.into_iter().filter_map(|table| row(table, log)).collect()
}

fn terms(table: &mut Section, log: &mut Log) -> Option<CallTerms> {
    let callback_number = text(table, "callback_number", log);
    let tries_max = number(table, "tries_max", log);
    let verified_minutes = number(table, "verified_minutes", log);
    let member_locked_hours = number(table, "member_locked_hours", log);
    let fraud_calls = number(table, "fraud_calls", log);
    let fraud_days = number(table, "fraud_days", log);
    let first_contact_days = number(table, "first_contact_days", log);
    let abandoned_after_s = table.counts("abandoned_after_s", log);
    let never_aloud = texts(table, "never_aloud", log);
    let voicemail = wording(table, "voicemail", log);
    let opening = wording(table, "opening", log);
    let closing = wording(table, "closing", log);
    Some(CallTerms {
        callback_number: callback_number?,
        tries_max: tries_max?,
        verified_minutes: verified_minutes?,
        member_locked_hours: member_locked_hours?,
        fraud_calls: fraud_calls?,
        fraud_days: fraud_days?,
        first_contact_days: first_contact_days?,
        abandoned_after_s: abandoned_after_s.into_iter().map(|(seconds, _)| seconds).collect(),
        never_aloud,
        voicemail: voicemail?,
        opening: opening?,
        closing: closing?,
    })
}

fn caller(table: &mut Section, log: &mut Log) -> Option<CallerKind> {
    let row = named(table, log);
    let must = identifiers(table, "must", log);
    let authority = table.words("authority", log);
    let parse = |word: &Word, log: &mut Log| {
        one(*word, ("authority-unknown", "authority"), Authority::parse, log)
    };
    let authority = authority.iter().filter_map(|word| parse(word, log)).collect();
    let counted = identifiers(table, "counted", log);
    let status = table.count("status", log);
    let full = table.count("full", log);
    let full_must = identifiers(table, "full_must", log);
    for (wanted, at) in [status, full].into_iter().flatten() {
        if usize::try_from(wanted).is_ok_and(|wanted| wanted > counted.len()) {
            let words = format!("{wanted} matches are asked for, and {} count", counted.len());
            log.at(at, "count-unreachable", words);
        }
    }
    let hears_status = text(table, "hears_status", log);
    let hears_full = table.word("hears_full", log);
    let (status, full) = (status.map(|(n, _)| n), full.map(|(n, _)| n));
    let hears_full = hears_full.map(|word| word.text.to_owned()).unwrap_or_default();
    let Named { name, words } = row?;
    let hears_status = hears_status?;
    Some(CallerKind {
        name,
        words,
        must,
        authority,
        counted,
        status,
        full,
        full_must,
        hears_status,
        hears_full,
    })
}

fn named(table: &mut Section, log: &mut Log) -> Option<Named> {
    let (name, words) = (text(table, "name", log), text(table, "words", log));
    Some(Named { name: name?, words: words? })
}

fn script(table: &mut Section, log: &mut Log) -> Option<Script> {
    let (callers, reasons) = (texts(table, "callers", log), texts(table, "reasons", log));
    let questions = texts(table, "questions", log);
    if questions.is_empty() {
        log.at(table.at(), "key-missing", "`questions` is missing: write what is asked");
        return None;
    }
    Some(Script { callers, reasons, questions })
}

fn disposition(table: &mut Section, log: &mut Log) -> Option<Disposition> {
    let named = named(table, log);
    let ends = table
        .needed("ends", log)
        .and_then(|word| one(word, ("ends-unknown", "end of a call"), Ends::parse, log));
    Some(Disposition { named: named?, ends: ends? })
}

fn symptom(table: &mut Section, log: &mut Log) -> Option<Symptom> {
    let name = text(table, "name", log);
    let words = table.words("words", log);
    for word in words.iter().filter(|word| !word.text.chars().any(char::is_alphanumeric)) {
        log.at(word.at, "words-empty", "a phrase without a letter is in every text: leave it out");
    }
    if words.is_empty() {
        log.at(table.at(), "key-missing", "`words` is missing: write what callers say");
    }
    let say = text(table, "say", log);
    let words = words.into_iter().map(|word| word.text.to_owned()).collect();
    Some(Symptom { name: name?, words, say: say? })
}

/// A script for callers or reasons that do not exist is never read by anybody.
fn check_scripts(pack: &CallPack, log: &mut Log) {
    for row in &pack.scripts {
        let callers = pack.callers.iter().map(|row| row.row.name.as_str()).collect::<Vec<_>>();
        let reasons = pack.reasons.iter().map(|row| row.row.name.as_str()).collect::<Vec<_>>();
        let unknown = |names: &[String], known: &[&str]| {
            names.iter().find(|name| !known.contains(&name.as_str())).cloned()
        };
        if let Some(name) = unknown(&row.row.callers, &callers) {
            log.at(row.at, "caller-unknown", format!("no caller is called `{name}`"));
        }
        if let Some(name) = unknown(&row.row.reasons, &reasons) {
            log.at(row.at, "reason-unknown", format!("no reason is called `{name}`"));
        }
    }
}

/// What may stand in braces in a wording. A voicemail says nothing else of a case. Source: facts 6.2.
const PLACES: [&str; 4] = ["agent", "hub", "callback", "case"];

fn wording(table: &mut Section, key: &'static str, log: &mut Log) -> Option<String> {
    let word = table.needed(key, log)?;
    for piece in word.text.split('{').skip(1) {
        let name = piece.split('}').next().unwrap_or_default();
        if !PLACES.contains(&name) {
            let words = format!("`{{{name}}}` stands for nothing: known are {}", PLACES.join(", "));
            log.at(word.at, "place-unknown", words);
        }
    }
    Some(word.text.to_owned())
}

fn identifiers(table: &mut Section, key: &'static str, log: &mut Log) -> Vec<Identifier> {
    let words = table.words(key, log);
    let parse = |word: &Word, log: &mut Log| {
        one(*word, ("identifier-unknown", "identifier"), Identifier::parse, log)
    };
    words.iter().filter_map(|word| parse(word, log)).collect()
}

fn text(table: &mut Section, key: &'static str, log: &mut Log) -> Option<String> {
    table.needed(key, log).map(|word| word.text.to_owned())
}

fn texts(table: &mut Section, key: &'static str, log: &mut Log) -> Vec<String> {
    table.words(key, log).into_iter().map(|word| word.text.to_owned()).collect()
}

fn number(table: &mut Section, key: &'static str, log: &mut Log) -> Option<u32> {
    let number = table.count(key, log);
    if number.is_none() && !table.has(key) {
        log.at(table.at(), "key-missing", format!("`{key}` is missing: give a whole number"));
    }
    number.map(|(number, _)| number)
}
