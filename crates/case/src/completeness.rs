//! Completeness is computed, not ticked: what the packs ask for, less what is known.

use crate::{Blocks, Case, Fact, Item, Known, Line, Owner, Requirement, Terms, Waiver, rules};
use doorstep_vocab::{Date, LineNo, Timestamp, Zone};
use std::collections::BTreeMap;

/// How something falls short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// It is not there.
    Absent,
    /// It is too old.
    Stale,
    /// It is there and does not qualify.
    NotQualified,
}

impl Lack {
    /// Returns the stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Stale => "stale",
            Self::NotQualified => "not-qualified",
        }
    }
}

/// Something an order still needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What.
    pub item: Item,
    /// The line, when it is about one only.
    pub line: Option<LineNo>,
    /// Every line that lacks it, with what its absence stops there: a signature may stop oxygen, and only the bill of a bed.
    pub lines: BTreeMap<LineNo, Blocks>,
    /// Who has to supply it.
    pub owner: Owner,
    /// What its absence stops of any line.
    pub blocks: Blocks,
    /// How it falls short.
    pub lack: Lack,
    /// Why it is needed, in words a discharge planner understands.
    pub why: String,
    /// Where the requirement comes from.
    pub source: String,
}

impl Missing {
    /// Returns the first line of which the hub has to say which service and item family it is.
    pub fn to_classify(&self) -> Option<LineNo> {
        let is_classification = self.owner == Owner::Hub && self.item.name() == "order.service";
        self.lines.keys().next().copied().filter(|_| is_classification)
    }

    /// Returns whether `line` lacks it.
    pub fn concerns(&self, line: LineNo) -> bool {
        self.lines.contains_key(&line)
    }

    /// Returns what its absence stops of `line`.
    pub fn blocks_of(&self, line: LineNo) -> Blocks {
        self.lines.get(&line).copied().unwrap_or_default()
    }

    /// Returns whether its absence stops the authorization or the delivery of any line.
    pub fn stops(&self) -> bool {
        stops(self.blocks)
    }

    /// Returns whether its absence stops the authorization or the delivery of `line`.
    pub fn stops_line(&self, line: LineNo) -> bool {
        stops(self.blocks_of(line))
    }
}

const fn stops(blocks: Blocks) -> bool {
    blocks.authorization || blocks.delivery
}

/// Returns everything the order still needs, what blocks most first.
pub fn missing(case: &Case, terms: &Terms, now: Timestamp, hub_zone: &Zone) -> Vec<Missing> {
    let today = now.date(case.zone.as_ref().unwrap_or(hub_zone));
    let mut out = Gathered::default();
    for line in case.open_lines() {
        if terms.family(line.service, &line.family).is_none() {
            out.add(unclassified(line, case));
        }
        let Some(line_terms) = terms.lines.get(&line.service) else { continue };
        let told = terms.family(line.service, &line.family).map_or(&[][..], |family| &family.tells);
        let is_asked = |lacking: &Lacking| {
            let is_told = lacking.lack == Lack::Absent && told.contains(&lacking.item);
            let waives = |w: &Waiver| w.item == lacking.item && w.is_of(line);
            !is_told && !line_terms.waivers.iter().any(waives)
        };
        for requirement in line_terms.requirements.iter().filter(|r| applies(r, line, case)) {
            for lacking in lacking(requirement, line, case, today).into_iter().filter(is_asked) {
                out.add(lacking.of(requirement, line.no));
            }
        }
    }
    let mut out: Vec<Missing> = out.0.into_iter().map(|(missing, _)| missing).collect();
    out.sort_by_key(|m| (std::cmp::Reverse(weight(m.blocks)), m.item));
    out
}

/// What was found so far, each with what the requirement blocks whose words it has.
#[derive(Default)]
struct Gathered(Vec<(Missing, Blocks)>);

impl Gathered {
    /// The same item that is absent for several lines or reasons is one question: asked in the words, and of the owner,
    /// of the requirement that blocks most. What is there and falls short for different reasons is told apart.
    fn add(&mut self, new: Missing) {
        let is_same = |m: &Missing| {
            m.item == new.item && m.lack == new.lack && (m.lack == Lack::Absent || m.why == new.why)
        };
        let Some((known, said)) = self.0.iter_mut().find(|(m, _)| is_same(m)) else {
            let blocks = new.blocks;
            self.0.push((new, blocks));
            return;
        };
        for (line, blocks) in new.lines {
            let of_line = known.lines.entry(line).or_default();
            *of_line = of_line.or(blocks);
        }
        known.line = known.line.filter(|_| known.lines.len() == 1);
        if weight(new.blocks) > weight(*said) {
            (known.owner, known.why, known.source) = (new.owner, new.why, new.source);
            *said = new.blocks;
        }
        known.blocks = known.blocks.or(new.blocks);
    }
}

/// One shortcoming of one line.
struct Lacking {
    item: Item,
    lack: Lack,
    why: String,
}

impl Lacking {
    fn of(self, requirement: &Requirement, line: LineNo) -> Missing {
        Missing {
            item: self.item,
            line: Some(line),
            lines: BTreeMap::from([(line, requirement.blocks)]),
            owner: requirement.owner,
            blocks: requirement.blocks,
            lack: self.lack,
            why: self.why,
            source: requirement.source.clone(),
        }
    }
}

/// Returns whether nothing remains to be asked of these items: each is known, and no requirement finds it lacking.
pub(crate) fn on_hand(case: &Case, missing: &[Missing], items: &[Item]) -> bool {
    let is_fine = |item: &Item| !missing.iter().any(|m| m.item == *item);
    items.iter().all(|item| case.known.contains_key(item) && is_fine(item))
}

/// Returns whether nothing that blocks authorization or delivery of any line is missing.
pub fn is_complete(missing: &[Missing]) -> bool {
    !missing.iter().any(Missing::stops)
}

/// Returns whether nothing that blocks authorization or delivery of `line` is missing.
pub fn is_line_complete(missing: &[Missing], line: LineNo) -> bool {
    !missing.iter().any(|m| m.stops_line(line))
}

fn weight(blocks: Blocks) -> u8 {
    4 * u8::from(blocks.delivery) + 2 * u8::from(blocks.authorization) + u8::from(blocks.billing)
}

/// A line that the packs cannot place has no requirements of its own, so nothing of it may pass. What is ordered is
/// the referrer's to say; which service that is, the hub's.
fn unclassified(line: &Line, case: &Case) -> Missing {
    let item = Item::named("order.service");
    let (owner, why) = if case.known.contains_key(&item) {
        let words =
            "the order does not tell which service this is: choose the service and item family";
        (Owner::Hub, words)
    } else {
        (Owner::Referrer, "the order does not say what is ordered")
    };
    let blocks = Blocks { authorization: true, delivery: true, billing: true };
    Missing {
        item,
        line: Some(line.no),
        lines: BTreeMap::from([(line.no, blocks)]),
        owner,
        blocks,
        lack: Lack::Absent,
        why: why.to_owned(),
        source: "facts 1.1".to_owned(),
    }
}

fn applies(requirement: &Requirement, line: &Line, case: &Case) -> bool {
    requirement.is_of(line)
        && (requirement.urgencies.is_empty()
            || requirement.urgencies.contains(&case.intake.urgency))
        && (!requirement.discharge_only || case.intake.discharge.is_some())
}

fn lacking(requirement: &Requirement, line: &Line, case: &Case, today: Date) -> Vec<Lacking> {
    if let Some(name) = &requirement.rule {
        return checked(requirement, name, (case, line));
    }
    let item = requirement.item;
    let lacks = |lack, why| vec![Lacking { item, lack, why }];
    let Some(known) = case.known.get(&item) else {
        return lacks(Lack::Absent, requirement.why.clone());
    };
    if !requirement.must_be.is_empty() && !requirement.must_be.contains(&known.fact) {
        let words = format!("{}: the order says {}", requirement.why, said(&known.fact));
        return lacks(Lack::NotQualified, words);
    }
    let (Some(days), Some(of)) = (requirement.fresh_days, speaks_of(known)) else {
        return Vec::new();
    };
    let age = (today - of).get_days();
    if i64::from(age) <= i64::from(days) {
        return Vec::new();
    }
    let words = format!("{}: it is {age} days old and may be {days} at most", requirement.why);
    lacks(Lack::Stale, words)
}

/// What a named check finds. What it has to know first is absent under its own name: nobody is asked again for what
/// was sent.
fn checked(requirement: &Requirement, name: &str, (case, line): (&Case, &Line)) -> Vec<Lacking> {
    let lacks = |words: String| {
        vec![Lacking { item: requirement.item, lack: Lack::NotQualified, why: words }]
    };
    // Packs are checked for both. Should one slip through, nothing passes unchecked.
    let Some(rule) = rules::find(name) else {
        return lacks(format!("the check `{name}` is not known: correct the pack"));
    };
    if let Some(need) = rule.needs.iter().find(|need| !requirement.values.contains_key(**need)) {
        return lacks(format!("the check `{name}` needs the number `{need}`: correct the pack"));
    }
    match (rule.check)(case, line, &requirement.values) {
        rules::Verdict::Met => Vec::new(),
        rules::Verdict::NotMet(words) => lacks(words),
        rules::Verdict::NotCovered => lacks(requirement.why.clone()),
        rules::Verdict::Unknown(wanted) => {
            let absent = |wanted: rules::Wanted| Lacking {
                item: wanted.item,
                lack: Lack::Absent,
                why: wanted.why.unwrap_or_else(|| requirement.why.clone()),
            };
            wanted.into_iter().map(absent).collect()
        }
    }
}

fn said(fact: &Fact) -> String {
    match fact {
        Fact::Held => "something else".to_owned(),
        Fact::Number(number) => number.to_string(),
        Fact::Code(code) => code.replace('-', " "),
        Fact::On(date) => date.to_string(),
        Fact::At(at) => at.to_string(),
        Fact::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
    }
}

fn speaks_of(known: &Known) -> Option<Date> {
    match known.fact {
        Fact::On(date) => Some(known.as_of.unwrap_or(date)),
        Fact::At(at) => Some(known.as_of.unwrap_or(at.date(&Zone::utc()))),
        Fact::Held | Fact::Number(_) | Fact::Code(_) | Fact::Flag(_) => known.as_of,
    }
}
