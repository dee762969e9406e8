//! From a folder's files to checked rows: what each path means, and the checks that look at more than one file.

use crate::dated::{self, Dated};
use crate::problem::{Log, Problem};
use crate::read::assignment::AssignmentPack;
use crate::read::calls::CallPack;
use crate::read::hub::{HubPack, HubTerms};
use crate::read::lines::{LinePack, Needed};
use crate::read::names::{Families, Known};
use crate::read::payers::{Business, PayerPack};
use crate::read::quality::QualityPack;
use crate::read::section::Section;
use crate::read::signin::SignInPack;
use crate::read::states::CalendarName;
use crate::read::{
    Header, assignment, calendars, calls, codes, file, hub, lines, payers, quality, signin, states,
};
use doorstep_case::ServiceLine;
use doorstep_vocab::{Calendar, Date};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files by path below the packs' folder.
pub(crate) type Files = BTreeMap<String, String>;

/// Everything the files say.
pub(crate) struct Rows {
    pub(crate) hub: HubPack,
    pub(crate) common: Vec<Dated<Needed>>,
    pub(crate) lines: Vec<LinePack>,
    pub(crate) business: BTreeMap<String, Business>,
    pub(crate) payers: Vec<PayerPack>,
    pub(crate) calendars: BTreeMap<String, Arc<Calendar>>,
    /// The calendar of each state that has a file, by its two letters.
    pub(crate) states: BTreeMap<String, Vec<Dated<CalendarName>>>,
    pub(crate) codes: BTreeMap<String, String>,
    pub(crate) calls: CallPack,
    pub(crate) signin: SignInPack,
    pub(crate) quality: QualityPack,
    pub(crate) assignment: AssignmentPack,
}

/// The payer whose terms hold when the payer is not known.
pub(crate) const DEFAULT_PAYER: &str = "default";

/// What a path is the file of.
enum Kind<'a> {
    Hub,
    Calls,
    SignIn,
    Quality,
    Assignment,
    Common,
    Line(ServiceLine),
    Business(&'a str),
    Payer(&'a str),
    Calendar(&'a str),
    State(&'a str),
    Codes,
    /// Read by tests or by other parts of the program.
    Beside,
    Unknown,
}

fn kind(path: &str) -> Kind<'_> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["hub.toml"] => Kind::Hub,
        ["calls.toml"] => Kind::Calls,
        ["sign-in.toml"] => Kind::SignIn,
        ["quality.toml"] => Kind::Quality,
        ["assignment.toml"] => Kind::Assignment,
        ["lines", "common.toml"] => Kind::Common,
        ["lines", folder, "line.toml"] => {
            ServiceLine::parse(folder).map_or(Kind::Unknown, Kind::Line)
        }
        ["payers", folder, "payer.toml"] => Kind::Payer(folder),
        ["business", file] => file.strip_suffix(".toml").map_or(Kind::Unknown, Kind::Business),
        ["calendars", file] => file.strip_suffix(".toml").map_or(Kind::Unknown, Kind::Calendar),
        ["states", file] => file.strip_suffix(".toml").map_or(Kind::Unknown, Kind::State),
        ["codes", "hcpcs.toml"] => Kind::Codes,
        ["lines" | "payers", _, "sample.toml" | "golden.txt"] | ["letters", ..] => Kind::Beside,
        [.., name] if name.rsplit_once('.').is_some_and(|(_, ending)| ending == "md") => {
            Kind::Beside
        }
        _ => Kind::Unknown,
    }
}

/// Reads and checks all files.
pub(crate) fn load(files: &Files) -> Result<Rows, Vec<Problem>> {
    let mut loading = Loading { files, problems: Vec::new() };
    let rows = loading.rows();
    let mut problems = loading.problems;
    problems.sort();
    problems.dedup();
    match rows {
        Some(rows) if problems.is_empty() => Ok(rows),
        _ => Err(problems),
    }
}

struct Loading<'a> {
    files: &'a Files,
    problems: Vec<Problem>,
}

impl<'a> Loading<'a> {
    /// Reads the families of every line, which other files refer to; their problems are noted on the second reading.
    fn families(&self) -> Families {
        let mut out = Families::new();
        for (path, text) in self.files {
            let Kind::Line(service) = kind(path) else { continue };
            let mut log = Log::new(path, text);
            let read = |section: &mut Section, log: &mut Log| {
                let header = Header::read(section, "", log);
                lines::read_families(section, &header, log)
            };
            let families = file(text, &mut log, read).unwrap_or_default();
            out.entry(service).or_default().extend(families.into_iter().map(|row| row.row.name));
        }
        out
    }

    fn rows(&mut self) -> Option<Rows> {
        let calendars = self.calendars();
        let businesses: Vec<String> = self.named(|kind| match kind {
            Kind::Business(name) => Some(name.to_owned()),
            _ => None,
        });
        let (mut lines, mut business, mut payers) = (Vec::new(), BTreeMap::new(), Vec::new());
        let (mut hub, mut common, mut codes) = (None, Vec::new(), BTreeMap::new());
        let (mut calls, mut signin) = (CallPack::default(), SignInPack::default());
        let (mut quality, mut handing) = (QualityPack::default(), None);
        let calendar_names = calendars.keys().cloned().collect();
        let known = Known { families: self.families(), businesses, calendars: calendar_names };
        let mut states = BTreeMap::new();
        for path in self.files.keys() {
            match kind(path) {
                Kind::Hub => hub = self.read(path, |s, log| read_hub(s, (&known, &calendars), log)).flatten(),
                Kind::Calls => calls = self.read(path, calls::read).unwrap_or_default(),
                Kind::SignIn => signin = self.read(path, signin::read).unwrap_or_default(),
                Kind::Quality => quality = self.read(path, quality::read).unwrap_or_default(),
                Kind::Assignment => handing = self.read(path, assignment::read),
                Kind::Common => common = self.read(path, |s, log| read_common(s, &known, log)).unwrap_or_default(),
                Kind::Line(service) => lines.extend(self.read(path, |s, log| lines::read(s, service, &known, log))),
                Kind::State(state) => {
                    let read = self.read(path, |s, log| states::read(s, (state, &known), log));
                    states.insert(state.to_owned(), read.unwrap_or_default());
                }
                Kind::Business(name) => {
                    let clocks = self.read(path, |s, log| payers::read_business(s, name, &known, log));
                    business.insert(name.to_owned(), clocks.unwrap_or_default());
                }
                Kind::Payer(folder) => {
                    let read = self.read(path, |s, log| payers::read(s, folder, &known, log));
                    payers.extend(read.flatten());
                }
                Kind::Codes => codes = self.read(path, codes::read).unwrap_or_default(),
                Kind::Calendar(_) | Kind::Beside => {}
                Kind::Unknown => self.whole(path, "file-unknown", "no part of the program reads this file: see the packs' own folders for the names"),
            }
        }
        self.expect_file("hub.toml");
        self.expect_file("calls.toml");
        self.expect_file("payers/default/payer.toml");
        self.expect_file("sign-in.toml");
        self.check_names(&payers);
        lines.sort_by_key(|line: &LinePack| line.service);
        self.check_codes(&lines);
        Some(Rows {
            hub: hub?,
            common,
            lines,
            business,
            payers,
            calendars,
            states,
            codes,
            calls,
            signin,
            quality,
            assignment: handing.unwrap_or_else(AssignmentPack::builtin),
        })
    }

    fn named<T>(&self, pick: impl Fn(Kind<'a>) -> Option<T>) -> Vec<T> {
        self.files.keys().filter_map(|path| pick(kind(path))).collect()
    }

    fn read<T>(
        &mut self,
        path: &'a str,
        read: impl FnOnce(&mut Section, &mut Log) -> T,
    ) -> Option<T> {
        let mut log = Log::new(path, &self.files[path]);
        let value = file(&self.files[path], &mut log, read);
        self.problems.extend(log.into_problems());
        value
    }

    fn calendars(&mut self) -> BTreeMap<String, Arc<Calendar>> {
        let mut out = BTreeMap::new();
        for (path, text) in self.files {
            let Kind::Calendar(name) = kind(path) else { continue };
            let mut log = Log::new(path, text);
            if let Some(calendar) = calendars::read(text, name, &mut log) {
                out.insert(name.to_owned(), Arc::new(calendar));
            }
            self.problems.extend(log.into_problems());
        }
        out
    }

    fn expect_file(&mut self, path: &str) {
        if !self.files.contains_key(path) {
            self.whole(path, "file-missing", "the packs need this file: add it");
        }
    }

    /// Two payers that answer to one name or code could not be told apart.
    fn check_names(&mut self, payers: &[PayerPack]) {
        let mut known: BTreeMap<String, &str> = BTreeMap::new();
        for payer in payers {
            let id = payer.payer_id.as_str();
            for (name, at) in crate::directory::names(payer) {
                match known.insert(name.clone(), id) {
                    Some(other) if other != id => {
                        let message = format!(
                            "`{name}` is a name or code of `{other}` too: keep it with one payer"
                        );
                        self.note(&format!("payers/{id}/payer.toml"), at, ("payer-twice", message));
                    }
                    _ => {}
                }
            }
        }
    }

    /// A code of two service lines would be told by their order alone.
    fn check_codes(&mut self, lines: &[LinePack]) {
        let mut known: BTreeMap<&str, ServiceLine> = BTreeMap::new();
        for line in lines {
            let path = format!("lines/{}/line.toml", line.service);
            for row in &line.families {
                for code in &row.row.codes {
                    let other = *known.entry(code).or_insert(line.service);
                    if other != line.service {
                        let words = format!("`{code}` is of line `{other}` too: keep it in one");
                        self.note(&path, row.at, ("code-twice", words));
                    }
                }
            }
        }
    }

    /// Notes a problem at a byte offset of a file that was read before.
    fn note(&mut self, path: &str, at: usize, (code, words): (&'static str, String)) {
        let mut log = Log::new(path, self.files.get(path).map_or("", String::as_str));
        log.at(at, code, words);
        self.problems.extend(log.into_problems());
    }

    fn whole(&mut self, path: &str, code: &'static str, message: &str) {
        self.note(path, 0, (code, message.to_owned()));
    }
}

fn read_hub(
    section: &mut Section,
    (known, calendars): (&Known, &BTreeMap<String, Arc<Calendar>>),
    log: &mut Log,
) -> Option<HubPack> {
    let hub = hub::read(section, known, log)?;
    for Dated { row: HubTerms { calendar, calendar_at, .. }, .. } in &hub.terms {
        if !calendars.contains_key(calendar) {
            log.at(
                *calendar_at,
                "calendar-unknown",
                format!("there is no file calendars/{calendar}.toml: add it"),
            );
        }
    }
    Some(hub)
}

fn read_common(section: &mut Section, known: &Known, log: &mut Log) -> Vec<Dated<Needed>> {
    let header = Header::read(section, "lines/common", log);
    lines::read_requirements(section, &header, (known, None), log)
}

impl Rows {
    /// Returns the days on which anything changes, the first of the hub's own numbers first.
    pub(crate) fn changes(&self) -> Vec<Date> {
        let lines = self.lines.iter().flat_map(|line| {
            let families = dated::changes(&line.families);
            families.chain(dated::changes(&line.requirements)).chain(dated::changes(&line.clocks))
        });
        let payers = self.payers.iter().flat_map(|p| {
            let asked = dated::changes(&p.requirements).chain(dated::changes(&p.waivers));
            let asked = asked.chain(dated::changes(&p.calendars));
            dated::changes(&p.auth).chain(dated::changes(&p.clocks)).chain(asked)
        });
        let hub = dated::changes(&self.hub.terms).chain(dated::changes(&self.hub.clocks));
        let business = self.business.values().flat_map(|business| {
            dated::changes(&business.clocks).chain(dated::changes(&business.calendars))
        });
        let states = self.states.values().flat_map(|rows| dated::changes(rows));
        let common =
            dated::changes(&self.common).chain(self.calls.changes()).chain(self.quality.changes());
        let common = common.chain(self.assignment.changes());
        let mut days: Vec<Date> =
            hub.chain(lines).chain(payers).chain(business).chain(states).chain(common).collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}
