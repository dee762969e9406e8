//! Completeness is computed, not ticked: what the packs ask for, less what is known.

use crate::{Blocks, Case, Fact, Item, Known, Line, Owner, Requirement, Terms, rules};
use doorstep_vocab::{Date, LineNo, Timestamp, Zone};

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
    /// Every line that lacks it.
    pub lines: Vec<LineNo>,
    /// Who has to supply it.
    pub owner: Owner,
    /// What its absence stops.
    pub blocks: Blocks,
    /// How it falls short.
    pub lack: Lack,
    /// Why it is needed, in words a discharge planner understands.
    pub why: String,
    /// Where the requirement comes from.
    pub source: String,
}

impl Missing {
    /// Returns whether `line` lacks it.
    pub fn concerns(&self, line: LineNo) -> bool {
        self.lines.contains(&line)
    }
}

/// Returns everything the order still needs, what blocks most first.
pub fn missing(case: &Case, terms: &Terms, now: Timestamp, hub_zone: &Zone) -> Vec<Missing> {
    let today = now.date(case.zone.as_ref().unwrap_or(hub_zone));
    let mut out: Vec<Missing> = Vec::new();
    for line in case.open_lines() {
        let Some(line_terms) = terms.lines.get(&line.service) else {
            out.push(unclassified(line));
            continue;
        };
        for requirement in line_terms.requirements.iter().filter(|r| applies(r, line, case)) {
            let Some((lack, why)) = lacking(requirement, line, case, today) else { continue };
            // The same item asked for by several lines is one question.
            let known = out.iter_mut().find(|m| m.item == requirement.item && m.lack == lack);
            match known {
                Some(missing) => merge(missing, requirement, line.no),
                None => out.push(Missing {
                    item: requirement.item,
                    line: Some(line.no),
                    lines: vec![line.no],
                    owner: requirement.owner,
                    blocks: requirement.blocks,
                    lack,
                    why,
                    source: requirement.source.clone(),
                }),
            }
        }
    }
    out.sort_by_key(|m| (std::cmp::Reverse(weight(m.blocks)), m.item));
    out
}

/// Returns whether nothing remains to be asked of these items: each is known, and no requirement finds it lacking.
pub(crate) fn on_hand(case: &Case, missing: &[Missing], items: &[Item]) -> bool {
    let is_fine = |item: &Item| !missing.iter().any(|m| m.item == *item);
    items.iter().all(|item| case.known.contains_key(item) && is_fine(item))
}

/// Returns whether nothing that blocks authorization or delivery is missing.
pub fn is_complete(missing: &[Missing]) -> bool {
    !missing.iter().any(|m| m.blocks.authorization || m.blocks.delivery)
}

fn weight(blocks: Blocks) -> u8 {
    4 * u8::from(blocks.delivery) + 2 * u8::from(blocks.authorization) + u8::from(blocks.billing)
}

fn merge(missing: &mut Missing, requirement: &Requirement, line: LineNo) {
    if !missing.concerns(line) {
        missing.lines.push(line);
        missing.line = None;
    }
    missing.blocks.authorization |= requirement.blocks.authorization;
    missing.blocks.delivery |= requirement.blocks.delivery;
    missing.blocks.billing |= requirement.blocks.billing;
}

fn unclassified(line: &Line) -> Missing {
    Missing {
        item: Item::named("order.service"),
        line: Some(line.no),
        lines: vec![line.no],
        owner: Owner::Hub,
        blocks: Blocks { authorization: true, delivery: true, billing: true },
        lack: Lack::Absent,
        why: "the code does not tell which service this is: choose the service and item family"
            .to_owned(),
        source: "facts 1.1".to_owned(),
    }
}

fn applies(requirement: &Requirement, line: &Line, case: &Case) -> bool {
    (requirement.families.is_empty() || requirement.families.contains(&line.family))
        && (requirement.urgencies.is_empty()
            || requirement.urgencies.contains(&case.intake.urgency))
        && (!requirement.discharge_only || case.intake.discharge.is_some())
}

fn lacking(
    requirement: &Requirement,
    line: &Line,
    case: &Case,
    today: Date,
) -> Option<(Lack, String)> {
    if let Some(name) = &requirement.rule {
        let Some(rule) = rules::find(name) else {
            // Packs are checked for it. Should one slip through, nothing passes unchecked.
            let words = format!("the check `{name}` is not known: correct the pack");
            return Some((Lack::NotQualified, words));
        };
        return match (rule.check)(case, line, &requirement.values) {
            rules::Verdict::Met => None,
            rules::Verdict::Unknown => Some((Lack::Absent, requirement.why.clone())),
            rules::Verdict::NotMet(words) => Some((Lack::NotQualified, words)),
        };
    }
    let Some(known) = case.known.get(&requirement.item) else {
        return Some((Lack::Absent, requirement.why.clone()));
    };
    let days = requirement.fresh_days?;
    let of = speaks_of(known)?;
    let age = (today - of).get_days();
    (i64::from(age) > i64::from(days)).then(|| {
        let words = format!("{}: it is {age} days old and may be {days} at most", requirement.why);
        (Lack::Stale, words)
    })
}

fn speaks_of(known: &Known) -> Option<Date> {
    match known.fact {
        Fact::On(date) => Some(known.as_of.unwrap_or(date)),
        Fact::Held | Fact::Number(_) | Fact::Code(_) | Fact::Flag(_) => known.as_of,
    }
}
