//! The loaded packs: checked once, asked for every command.

use crate::dated::in_force;
use crate::directory::{LineInfo, PayerInfo, names, normal};
use crate::load::{DEFAULT_PAYER, Files, Rows, load};
use crate::read::payers::PayerPack;
use crate::read::signin::SignInTerms;
use crate::terms::{self, Lines};
use crate::{Problem, builtin};
use doorstep_case::Terms;
use doorstep_case::calls::CallRules;
use doorstep_case::disputes::Rung;
use doorstep_case::handout::Weights;
use doorstep_case::quality::QualityRules;
use doorstep_vocab::{Calendar, Date, PayerId, Span, Zone};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

/// The clock of whoever has to answer an escalation.
const COMMIT: &str = "commit";

/// Every pack in use, with what was put together of them so far.
///
/// Making terms is done once for each payer and each stretch of days on which nothing changes; asking again is a
/// look-up.
pub struct Packs {
    files: Files,
    rows: Rows,
    version: String,
    /// The days on which anything changes; the first is the hub's first day.
    days: Vec<Date>,
    /// By line of business.
    lines: BTreeMap<String, Vec<OnceLock<Lines>>>,
    payers: BTreeMap<PayerId, Vec<OnceLock<Arc<Terms>>>>,
    calls: Vec<OnceLock<Arc<CallRules>>>,
    by_name: BTreeMap<String, PayerId>,
}

/// Returns what is wrong with an operator's files when they are laid over the built-in ones.
///
/// Paths are relative to the packs' folder, with `/`.
pub fn check(files: &[(&str, &str)]) -> Vec<Problem> {
    Packs::over(builtin::FILES, files).err().unwrap_or_default()
}

impl Packs {
    /// Returns the packs that come with the program.
    ///
    /// # Panics
    ///
    /// Never in a build that passed its tests: one of them loads these very files.
    pub fn builtin() -> Self {
        Self::load(builtin::FILES).unwrap_or_else(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("the built-in packs have problems:\n{}", lines.join("\n"))
        })
    }

    /// Loads a whole set of packs: `(path, text)`, each path relative to the packs' folder, with `/`.
    ///
    /// # Errors
    ///
    /// Every problem of every file, in the order of files and lines.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, Vec<Problem>> {
        Self::over(&[], files)
    }

    /// Lays an operator's files over these: a file of the same path takes the other's place.
    ///
    /// # Errors
    ///
    /// As for [`load`](Self::load).
    pub fn overlay(&self, files: &[(&str, &str)]) -> Result<Self, Vec<Problem>> {
        let base: Vec<(&str, &str)> =
            self.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        Self::over(&base, files)
    }

    fn over(base: &[(&str, &str)], files: &[(&str, &str)]) -> Result<Self, Vec<Problem>> {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        let files: Files = base.iter().chain(files).map(owned).collect();
        let rows = load(&files)?;
        Ok(Self::of(files, rows))
    }

    fn of(files: Files, rows: Rows) -> Self {
        let version = hash(&files);
        let first = rows.hub.terms.iter().map(|row| row.from).min().unwrap_or(Date::MIN);
        let later = rows.changes().into_iter().filter(|day| *day > first);
        let days: Vec<Date> = [first].into_iter().chain(later).collect();
        let mut by_name = BTreeMap::new();
        let mut payers = BTreeMap::new();
        for payer in &rows.payers {
            payers.insert(payer.payer_id.clone(), days.iter().map(|_| OnceLock::new()).collect());
            if payer.payer_id.as_str() != DEFAULT_PAYER {
                by_name.extend(names(payer).map(|(name, _)| (name, payer.payer_id.clone())));
            }
        }
        let empty = || days.iter().map(|_| OnceLock::new()).collect();
        let lines = rows.business.keys().map(|business| (business.clone(), empty())).collect();
        let calls = days.iter().map(|_| OnceLock::new()).collect();
        Self { files, rows, version, days, lines, payers, calls, by_name }
    }

    /// Returns the terms in force for a payer on a day, those of the default payer when it is not known.
    ///
    /// A day before the hub's first is taken as the first: a case has terms whatever its date.
    pub fn terms_for(&self, payer: &PayerId, on: Date) -> Arc<Terms> {
        let period = self.period(on);
        let pack = self.pack(payer);
        let cells = &self.payers[&pack.payer_id];
        let make = || {
            let made = terms::terms(
                &self.rows,
                (pack, self.lines_in(pack, period)),
                self.days[period],
                &self.version,
            );
            Arc::new(made.expect("loading refuses a hub without numbers for a day"))
        };
        cells[period].get_or_init(make).clone()
    }

    /// Returns the terms of a case: what its order needs as on the day it was received, all else as on the day of today.
    pub fn terms_between(&self, payer: &PayerId, received_on: Date, today: Date) -> Arc<Terms> {
        let now = self.terms_for(payer, today);
        if self.period(received_on) == self.period(today) {
            return now;
        }
        let lines = self.terms_for(payer, received_on).lines.clone();
        Arc::new(Terms { lines, ..(*now).clone() })
    }

    /// Returns the names of the clock rules in force on a day, of any payer.
    pub fn clock_names(&self, on: Date) -> BTreeSet<String> {
        let payers = self.rows.payers.iter().map(|payer| self.terms_for(&payer.payer_id, on));
        payers
            .flat_map(|terms| terms.clocks.iter().map(|rule| rule.name.clone()).collect::<Vec<_>>())
            .collect()
    }

    /// Returns the payers, by id.
    pub fn payers(&self) -> impl Iterator<Item = PayerInfo<'_>> {
        let known =
            self.rows.payers.iter().filter(|payer| payer.payer_id.as_str() != DEFAULT_PAYER);
        known.map(PayerInfo::of)
    }

    /// Returns a payer by its id.
    pub fn payer(&self, payer_id: &PayerId) -> Option<PayerInfo<'_>> {
        self.payers().find(|payer| payer.payer_id == payer_id)
    }

    /// Finds a payer by an identifier of X12 or FHIR, its name, or a synonym; case and punctuation do not matter.
    pub fn payer_by(&self, code_or_name: &str) -> Option<&PayerId> {
        self.by_name.get(&normal(code_or_name))
    }

    /// Returns the service lines with the families in force on a day.
    pub fn lines(&self, on: Date) -> impl Iterator<Item = LineInfo<'_>> {
        let lines = self.lines_in(self.pack(&PayerId::default()), self.period(on));
        self.rows.lines.iter().map(|pack| LineInfo {
            service: pack.service,
            words: &pack.words,
            families: lines.get(&pack.service).map_or(&[], |terms| &terms.families),
        })
    }

    /// Returns our own short words for a HCPCS Level II code.
    pub fn hcpcs_words(&self, code: &str) -> Option<&str> {
        self.rows.codes.get(code).map(String::as_str)
    }

    /// Returns the rules of calls on a day.
    pub fn calls(&self, on: Date) -> Arc<CallRules> {
        let period = self.period(on);
        let make = || Arc::new(self.rows.calls.on(self.days[period]));
        self.calls[period].get_or_init(make).clone()
    }

    /// Returns the numbers of signing in on a day.
    ///
    /// # Panics
    ///
    /// Never: loading refuses packs without them.
    pub fn sign_in(&self, on: Date) -> SignInTerms {
        self.rows.signin.on(on).expect("loading refuses packs without these numbers")
    }

    /// Returns how quality is looked at on a day.
    pub fn quality(&self, on: Date) -> QualityRules {
        self.rows.quality.on(on)
    }

    /// Returns what weighs on a day when cases are handed out.
    pub fn handout(&self, on: Date) -> Weights {
        self.rows.assignment.on(on)
    }

    /// Returns the levels of the escalation ladder on a day, the lowest first, each with the time in which it answers.
    pub fn ladder(&self, on: Date) -> Vec<(Rung, Option<Span>)> {
        let terms = self.terms_for(&PayerId::default(), on);
        let answers = |level: u8| {
            let mut commits = terms.clocks.iter().filter(|rule| rule.name == COMMIT);
            commits.find(|rule| rule.levels.contains(&level)).map(|rule| rule.within)
        };
        let rungs = in_force(&self.rows.hub.ladder, on).cloned();
        let mut ladder: Vec<_> = rungs.map(|rung| (rung.clone(), answers(rung.level))).collect();
        ladder.sort_by_key(|(rung, _)| rung.level);
        ladder
    }

    /// Returns the zone of the hub's own days.
    pub fn hub_zone(&self) -> &Zone {
        &self.rows.hub.zone
    }

    /// Returns the hub's name, as letters and acknowledgements give it.
    pub fn hub_name(&self) -> &str {
        &self.rows.hub.name
    }

    /// Returns the hub's business calendar on a day.
    pub fn calendar(&self, on: Date) -> Arc<Calendar> {
        self.terms_for(&PayerId::default(), on).calendar.clone()
    }

    /// Returns the calendar that counted a clock, as its record names it; the hub's on that day where there is none.
    pub fn calendar_named(&self, counted: &str, on: Date) -> Arc<Calendar> {
        let name = counted.rsplit_once(' ').map_or(counted, |(name, _)| name);
        self.rows.calendars.get(name).cloned().unwrap_or_else(|| self.calendar(on))
    }

    /// Returns the content hash of all files, which every case keeps.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns each file with its content, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    fn pack(&self, payer: &PayerId) -> &PayerPack {
        let named = |id: &str| self.rows.payers.iter().find(|pack| pack.payer_id.as_str() == id);
        let known = named(payer.as_str()).or_else(|| named(DEFAULT_PAYER));
        known.expect("loading refuses packs without a default payer")
    }

    fn period(&self, on: Date) -> usize {
        self.days.partition_point(|day| *day <= on).saturating_sub(1)
    }

    fn lines_in(&self, payer: &PayerPack, period: usize) -> &Lines {
        let business = &payer.line_of_business;
        self.lines[business][period]
            .get_or_init(|| terms::lines(&self.rows, business, self.days[period]))
    }
}

impl fmt::Debug for Packs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packs")
            .field("version", &self.version)
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}

/// SHA-256 over paths and texts, the first 16 hexadecimal digits: enough to tell versions apart.
fn hash(files: &Files) -> String {
    let mut hasher = Sha256::new();
    for (path, text) in files {
        for part in [path, text] {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().iter().take(8).fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
        hex
    })
}
