//! The rules in force for one case: what the packs say, ready for a decision to use.
//!
//! Values and names only. An `if` is Rust, in [`rules`](crate::rules), and a pack names it.

use crate::{ClockRule, CountedBy, Fact, Item, Line, Milli, Owner, ServiceLine, Urgency};
use doorstep_vocab::{Calendar, PayerId, Procedure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// An item family within a service line, such as `oxygen`: the name of a table in the line's pack.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Family(pub String);

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the absence of an item stops.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are what is stopped")]
pub struct Blocks {
    pub authorization: bool,
    pub delivery: bool,
    pub billing: bool,
}

impl Blocks {
    /// Returns what either stops.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self {
            authorization: self.authorization || other.authorization,
            delivery: self.delivery || other.delivery,
            billing: self.billing || other.billing,
        }
    }
}

/// One thing an order needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The item; for a [`rule`](Self::rule) the item it is shown under.
    pub item: Item,
    /// Only these families; empty means all of the line.
    pub families: Vec<Family>,
    /// Only lines of these codes, exact or beginnings ending in `*`; empty means all.
    pub codes: Vec<String>,
    /// Only these urgencies or settings; empty means all.
    pub urgencies: Vec<Urgency>,
    /// Only for orders from a facility with a discharge.
    pub discharge_only: bool,
    /// Who has to supply it.
    pub owner: Owner,
    /// What its absence stops.
    pub blocks: Blocks,
    /// What the item has to say; empty means that any value will do.
    pub must_be: Vec<Fact>,
    /// At most so many days old on the day of the order (its `as_of`, or the date itself).
    pub fresh_days: Option<u32>,
    /// A named check in [`rules`](crate::rules) instead of mere presence.
    pub rule: Option<String>,
    /// The check's own numbers, by the names it declares.
    pub values: BTreeMap<String, Milli>,
    /// Why it is needed, in words a discharge planner understands.
    pub why: String,
    /// Where the requirement comes from.
    pub source: String,
}

/// Whether a payer wants authorization for a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthRuleAnswer {
    /// Ask first.
    Required,
    /// Not needed; the rule itself is the proof.
    NotRequired,
    /// The pack does not know: ask the payer.
    Unknown,
}

/// One line of a payer's authorization table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthRule {
    /// The trade.
    pub service: ServiceLine,
    /// Only these families; empty means all.
    pub families: Vec<Family>,
    /// Only these codes; empty means all.
    pub codes: Vec<String>,
    /// The answer.
    pub answer: AuthRuleAnswer,
    /// Where it comes from.
    pub source: String,
    /// Version: the pack and its effective date.
    pub version: String,
}

impl AuthRule {
    /// Returns whether this row matches whatever the other matches.
    pub fn is_wider_than(&self, other: &Self) -> bool {
        let families = self.families.is_empty()
            || (!other.families.is_empty()
                && other.families.iter().all(|family| self.families.contains(family)));
        let codes = self.codes.is_empty()
            || (!other.codes.is_empty()
                && other.codes.iter().all(|code| is_among(&self.codes, code)));
        self.service == other.service && families && codes
    }
}

/// What a payer's pack says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PayerTerms {
    /// The payer; empty for the terms that hold when the payer is unknown.
    pub payer_id: PayerId,
    /// The payer's name.
    pub name: String,
    /// Line of business: `medicare-advantage`, `medicaid-managed-care`, `commercial`.
    pub line_of_business: String,
    /// Authorization table; the first line that matches answers.
    pub auth: Vec<AuthRule>,
}

/// What a service line's pack says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineTerms {
    /// Families with the codes that belong to each: exact codes, or prefixes ending in `*`.
    pub families: Vec<FamilyTerms>,
    /// What orders of this line need.
    pub requirements: Vec<Requirement>,
    /// What the payer does not ask for.
    pub waivers: Vec<Waiver>,
}

/// An item that a payer does not ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The item.
    pub item: Item,
    /// Only for these families; empty means all of the line.
    pub families: Vec<Family>,
    /// Only for lines of these codes, exact or beginnings ending in `*`; empty means all.
    pub codes: Vec<String>,
    /// Where the waiver comes from.
    pub source: String,
}

impl Waiver {
    /// Returns whether it holds for this line. One for single codes does not for a line without a code, which may be
    /// another.
    pub fn is_of(&self, line: &Line) -> bool {
        let code = line.request.code.as_ref();
        (self.families.is_empty() || self.families.contains(&line.family))
            && (self.codes.is_empty()
                || code.is_some_and(|code| is_among(&self.codes, code.as_str())))
    }
}

/// A family within a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FamilyTerms {
    /// Its name.
    pub name: Family,
    /// What people call it.
    pub words: String,
    /// Codes and prefixes.
    pub codes: Vec<String>,
    /// Whether its items are custom-made.
    pub custom: bool,
    /// Codes of what comes back when it is not needed any more, exact or beginnings ending in `*`; empty when nothing does.
    pub comes_back: Vec<String>,
    /// Items that an order of this family says by being one: a nursing visit names its discipline.
    pub tells: Vec<Item>,
}

/// Everything a decision needs from the packs, in force on the day the case was received.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The payer's.
    pub payer: PayerTerms,
    /// Each service line's.
    pub lines: BTreeMap<ServiceLine, Arc<LineTerms>>,
    /// Clocks, the payer's own in place of a line's of the same name.
    pub clocks: Vec<ClockRule>,
    /// The hub's business calendar.
    pub calendar: Arc<Calendar>,
    /// Every calendar, by name.
    pub calendars: BTreeMap<String, Arc<Calendar>>,
    /// The calendar of each state that has one, by the state's two letters.
    pub states: BTreeMap<String, String>,
    /// So many declines raise the case to the network desk. Source: facts 6.4, 5.3.
    pub declines_until_escalation: u32,
    /// A discharge nearer than this is critical, in hours. Source: M16.
    pub discharge_critical_hours: u32,
    /// Hours after discharge by which the first delivery or visit is needed when nobody said. Source: M14.
    pub need_by_after_discharge_hours: u32,
    /// At so many percent of an authorized number left, when more is ordered, its renewal is due. Source: facts 11.2 (11)
    /// \[K\].
    pub auth_units_low_percent: u32,
    /// Content hash of the packs these terms were made from.
    pub version: String,
}

impl Terms {
    /// Returns the calendar by which a clock counts for care in `state`.
    pub fn calendar_of(&self, by: &CountedBy, state: Option<&str>) -> &Calendar {
        let name = match by {
            CountedBy::Hub => None,
            CountedBy::State => state.and_then(|state| self.states.get(state)),
            CountedBy::Named(name) => Some(name),
        };
        name.and_then(|name| self.calendars.get(name)).unwrap_or(&self.calendar)
    }

    /// Returns the calendar that counted a running clock, as its record names it: by name, in the version of today. The hub's
    /// where it is not known any more.
    pub fn calendar_named(&self, counted: &str) -> &Calendar {
        let name = counted.rsplit_once(' ').map_or(counted, |(name, _)| name);
        self.calendars.get(name).unwrap_or(&self.calendar)
    }

    /// Returns the trade and family that a code belongs to: that of the exact code, else of the longest beginning.
    pub fn classify(&self, code: &Procedure) -> Option<(ServiceLine, &FamilyTerms)> {
        let families = self
            .lines
            .iter()
            .flat_map(|(service, terms)| terms.families.iter().map(|f| (*service, f)));
        let mut best: Option<(usize, (ServiceLine, &FamilyTerms))> = None;
        for found in families {
            let fit =
                found.1.codes.iter().filter(|p| matches(p, code.as_str())).map(|p| fit(p)).max();
            if let Some(fit) = fit.filter(|fit| best.is_none_or(|(most, _)| *fit > most)) {
                best = Some((fit, found));
            }
        }
        best.map(|(_, found)| found)
    }

    /// Returns a family of a trade by name.
    pub fn family(&self, service: ServiceLine, name: &Family) -> Option<&FamilyTerms> {
        self.lines.get(&service)?.families.iter().find(|family| family.name == *name)
    }

    /// Returns the trade and family of that name, when it is of one trade only.
    pub fn family_anywhere(&self, name: &Family) -> Option<(ServiceLine, &FamilyTerms)> {
        let found = |service: &ServiceLine| Some((*service, self.family(*service, name)?));
        let mut all = self.lines.keys().filter_map(found);
        all.next().filter(|_| all.next().is_none())
    }

    /// Returns what the payer's table says of a service. `None` when it does not say: no row matches, the family is not
    /// known, or a row for single codes answers otherwise and the line has no code to tell whether it is one of them.
    pub fn authorization(
        &self,
        service: ServiceLine,
        family: &Family,
        code: Option<&str>,
    ) -> Option<&AuthRule> {
        self.family(service, family)?;
        let fits = |rule: &&AuthRule| {
            rule.service == service && (rule.families.is_empty() || rule.families.contains(family))
        };
        let mut doubts: Vec<AuthRuleAnswer> = Vec::new();
        for rule in self.payer.auth.iter().filter(fits) {
            let is_met = match code {
                _ if rule.codes.is_empty() => true,
                Some(code) => is_among(&rule.codes, code),
                None => {
                    let concerns = rule.codes.iter().any(|p| self.may_be(service, family, p));
                    doubts.extend(concerns.then_some(rule.answer));
                    false
                }
            };
            if is_met {
                return doubts.iter().all(|answer| *answer == rule.answer).then_some(rule);
            }
        }
        None
    }

    /// Returns whether a code that fits the pattern may belong to the family.
    fn may_be(&self, service: ServiceLine, family: &Family, pattern: &str) -> bool {
        if let Ok(code) = Procedure::parse(pattern) {
            return self.classify(&code).is_some_and(|(of, f)| (of, &f.name) == (service, family));
        }
        let stem = |pattern: &str| pattern.trim_end_matches('*').to_owned();
        let wanted = stem(pattern);
        let codes = self.family(service, family).map_or(&[][..], |terms| &terms.codes);
        codes
            .iter()
            .map(|code| stem(code))
            .any(|known| known.starts_with(&wanted) || wanted.starts_with(&known))
    }
}

impl FamilyTerms {
    /// Returns whether what a line brought comes back. A line without a code may be any of the family's.
    pub fn takes_back(&self, line: &Line) -> bool {
        match &line.request.code {
            Some(code) => is_among(&self.comes_back, code.as_str()),
            None => !self.comes_back.is_empty(),
        }
    }
}

impl Requirement {
    /// Returns whether the requirement is one of this line's, by its family and code. A line of the family that has no
    /// code may be any of the codes.
    pub fn is_of(&self, line: &Line) -> bool {
        let has_family = self.families.contains(&line.family);
        let has_code = match &line.request.code {
            Some(code) => is_among(&self.codes, code.as_str()),
            None => has_family,
        };
        (self.families.is_empty() || has_family) && (self.codes.is_empty() || has_code)
    }
}

impl LineTerms {
    /// Returns the families whose orders a requirement may be of, by its own families or else by its codes.
    pub fn families_of(&self, requirement: &Requirement) -> Vec<&FamilyTerms> {
        let named = |family: &&FamilyTerms| requirement.families.contains(&family.name);
        match (&requirement.families[..], &requirement.codes[..]) {
            ([], []) => self.families.iter().collect(),
            ([], codes) => codes.iter().filter_map(|code| self.closest(code)).collect(),
            (_, _) => self.families.iter().filter(named).collect(),
        }
    }

    /// Returns the family that has the longest beginning of a code or pattern.
    fn closest(&self, pattern: &str) -> Option<&FamilyTerms> {
        let wanted = pattern.trim_end_matches('*');
        let fit = |family: &&FamilyTerms| {
            let stems = family.codes.iter().map(|code| code.trim_end_matches('*'));
            stems.filter(|stem| wanted.starts_with(stem)).map(str::len).max()
        };
        self.families.iter().filter(|family| fit(family).is_some()).max_by_key(fit)
    }
}

/// Returns whether the code is one of the patterns'.
fn is_among(patterns: &[String], code: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, code))
}

fn matches(pattern: &str, code: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == code, |prefix| code.starts_with(prefix))
}

/// How closely a pattern fits: whole codes more than beginnings, long beginnings more than short ones.
fn fit(pattern: &str) -> usize {
    pattern.strip_suffix('*').map_or(usize::MAX, str::len)
}
