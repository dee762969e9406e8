//! `sign-in.toml`: the numbers of signing in. Stricter ones may be written; what a source forbids is refused.

use super::section::Section;
use super::{Header, source};
use crate::dated::{self, Dated, check_overlaps};
use crate::problem::Log;
use doorstep_vocab::Date;

/// How long a session holds, how many tries there are, how fresh a factor has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInTerms {
    /// Minutes after its last request that a session ends.
    pub idle_min: u32,
    /// The same for administrators.
    pub idle_admin_min: u32,
    /// Hours after its beginning that a session ends, whatever is asked in it.
    pub lifetime_h: u32,
    /// Sessions of one user at once; the oldest ends.
    pub sessions_at_once: u32,
    /// Minutes that a factor counts as fresh.
    pub factor_fresh_min: u32,
    /// Minutes that a one-time link may be used.
    pub link_min: u32,
    /// Minutes between one part of signing in and the next: until the code of an app is typed, or a passkey answers.
    pub step_min: u32,
    /// Minutes that somebody has at the identity provider of the organisation.
    pub identity_min: u32,
    /// Seconds that the clock of the identity provider may differ from ours.
    pub clock_skew_s: u32,
    /// Wrong tries for one name, within [`tries_within_min`](Self::tries_within_min).
    pub tries_max: u32,
    /// Minutes that a wrong try counts.
    pub tries_within_min: u32,
}

/// Each number with the most that it may be, and why.
const MOST: [(&str, u32, &str); 11] = [
    ("idle_min", 30, "NIST SP 800-63B, AAL2, has 30 minutes without a request [K]"),
    ("idle_admin_min", 30, "NIST SP 800-63B, AAL2, has 30 minutes without a request [K]"),
    ("lifetime_h", 12, "trust.md 6.4 has 12 hours"),
    ("sessions_at_once", 10, "nobody works at more screens"),
    ("factor_fresh_min", 15, "older is no sign of who sits there"),
    ("link_min", 60, "a link is as good as a password while it holds"),
    ("step_min", 15, "who looks for a telephone has found it"),
    ("identity_min", 60, "who has not come back by then begins again"),
    ("clock_skew_s", 300, "a token holds some minutes, and is not to hold twice as long"),
    ("tries_max", 100, "trust.md 7, S05, has 100 an hour"),
    ("tries_within_min", 24 * 60, "tries are kept for a day"),
];

/// Wrong tries an hour for one account. Source: trust.md 7, S05.
const TRIES_AN_HOUR: u32 = 100;

/// All rows of the file.
#[derive(Debug, Default)]
pub(crate) struct SignInPack {
    terms: Vec<Dated<SignInTerms>>,
}

impl SignInPack {
    /// Returns the numbers in force on a day; before the first of them, the first.
    pub(crate) fn on(&self, day: Date) -> Option<SignInTerms> {
        let first = || self.terms.iter().min_by_key(|row| row.from).map(|row| &row.row);
        dated::in_force(&self.terms, day).next().or_else(first).copied()
    }
}

pub(crate) fn read(section: &mut Section, log: &mut Log) -> SignInPack {
    let header = Header::read(section, "sign-in", log);
    let tables = section.sections("terms", log);
    let row = |mut table: Section, log: &mut Log| {
        header.dated(&mut table, log, |table, _, log| terms(table, log))
    };
    let terms: Vec<_> = tables.into_iter().filter_map(|table| row(table, log)).collect();
    if !section.has("terms") {
        let words = "the numbers of signing in are missing: write them under [[terms]]";
        log.at(0, "terms-missing", words);
    }
    check_overlaps(&terms, |_| "[[terms]]".to_owned(), log);
    SignInPack { terms }
}

fn terms(table: &mut Section, log: &mut Log) -> Option<SignInTerms> {
    let read = MOST.map(|most| number(table, most, log));
    source(table, log)?;
    let [idle, idle_admin, lifetime, at_once, fresh, link, step, identity, skew, tries, within] =
        read;
    let terms = SignInTerms {
        idle_min: idle?,
        idle_admin_min: idle_admin?,
        lifetime_h: lifetime?,
        sessions_at_once: at_once?,
        factor_fresh_min: fresh?,
        link_min: link?,
        step_min: step?,
        identity_min: identity?,
        clock_skew_s: skew?,
        tries_max: tries?,
        tries_within_min: within?,
    };
    // As many as may be tried again and again in an hour: as many to sign in, and as many again in a session.
    let an_hour = 2 * u64::from(terms.tries_max) * 60 / u64::from(terms.tries_within_min).min(60);
    if an_hour > u64::from(TRIES_AN_HOUR) {
        let words = format!(
            "that is {an_hour} tries an hour, those of signing in and of confirming together: trust.md 7, S05, has {TRIES_AN_HOUR} at most"
        );
        log.at(table.at(), "too-lax", words);
        return None;
    }
    Some(terms)
}

fn number(
    table: &mut Section,
    (key, most, why): (&'static str, u32, &str),
    log: &mut Log,
) -> Option<u32> {
    let number = table.count(key, log);
    if number.is_none() && !table.has(key) {
        log.at(table.at(), "key-missing", format!("`{key}` is missing: give a whole number"));
    }
    let (number, at) = number?;
    if number == 0 || number > most {
        log.at(at, "too-lax", format!("`{key}` is 1 to {most}: {why}"));
        return None;
    }
    Some(number)
}
