//! The closed list of things an order may need, and what is known of each.
//!
//! Packs name these items; every door fills them; completeness compares the two. An item about a person holds
//! [`Fact::Held`] only: the value is in its row, under `Phi`.

mod alias;
mod list;
mod milli;

pub use list::ITEMS;
pub use milli::Milli;

use doorstep_vocab::{CodeProblem, Date, DateTime, Timestamp, VisitFrequency, Zone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Who has to supply an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Owner {
    Referrer,
    Member,
    Payer,
    Hub,
    Provider,
}

impl Owner {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Referrer, Self::Member, Self::Payer, Self::Hub, Self::Provider];

    /// Returns the name that packs and pages use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Referrer => "referrer",
            Self::Member => "member",
            Self::Payer => "payer",
            Self::Hub => "hub",
            Self::Provider => "provider",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|owner| owner.name() == name)
    }
}

/// What may be recorded of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// Personal: that it is there, the value being in its row.
    Held,
    /// A number, with its unit.
    Number(&'static str),
    /// One of a closed list of codes.
    Code(&'static [&'static str]),
    /// A calendar date.
    Date,
    /// An instant; the day alone while nobody said the hour.
    Moment,
    /// Yes or no.
    Flag,
}

/// What is known of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// It is there; the value is personal, or a document, and is kept in its row.
    Held,
    /// A measure, in the item's unit.
    Number(Milli),
    /// A code of the item's list.
    Code(String),
    /// A date.
    On(Date),
    /// An instant.
    At(Timestamp),
    /// Yes or no.
    Flag(bool),
}

/// A fact with when it was true and when it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// What.
    pub fact: Fact,
    /// The day the fact speaks of (a test's date), when it has one.
    pub as_of: Option<Date>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// One of [`ITEMS`].
#[derive(Clone, Copy)]
pub struct Item(&'static ItemRow);

struct ItemRow {
    name: &'static str,
    words: &'static str,
    kind: ItemKind,
}

impl Item {
    /// Looks an item up by its name, or by one that it had before.
    pub fn parse(name: &str) -> Option<Self> {
        let name = alias::of_today(name);
        ITEMS.binary_search_by(|item| item.name().cmp(name)).ok().map(|at| ITEMS[at])
    }

    /// Returns the item of that name.
    ///
    /// # Panics
    ///
    /// When there is none: for names written in code, each of which a test looks up.
    pub fn named(name: &str) -> Self {
        Self::parse(name).unwrap_or_else(|| panic!("no item is called {name}"))
    }

    /// Returns the name that packs write.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns what a discharge planner calls it.
    pub const fn words(self) -> &'static str {
        self.0.words
    }

    /// Returns what may be recorded of it.
    pub const fn kind(self) -> ItemKind {
        self.0.kind
    }

    /// Returns whether a fact is of the kind that may be recorded of this item.
    pub fn admits(self, fact: &Fact) -> bool {
        match (self.kind(), fact) {
            (ItemKind::Held, Fact::Held)
            | (ItemKind::Number(_), Fact::Number(_))
            | (ItemKind::Date | ItemKind::Moment, Fact::On(_))
            | (ItemKind::Moment, Fact::At(_))
            | (ItemKind::Flag, Fact::Flag(_)) => true,
            (ItemKind::Code(codes), Fact::Code(code)) => codes.contains(&code.as_str()),
            (
                ItemKind::Held
                | ItemKind::Number(_)
                | ItemKind::Code(_)
                | ItemKind::Date
                | ItemKind::Moment
                | ItemKind::Flag,
                Fact::Held
                | Fact::Number(_)
                | Fact::Code(_)
                | Fact::On(_)
                | Fact::At(_)
                | Fact::Flag(_),
            ) => false,
        }
    }

    /// As [`read`](Self::read), where a time without an offset is on the clock of `zone`.
    pub fn read_in(self, text: &str, zone: &Zone) -> Option<Fact> {
        let local = || text.trim().parse().ok().map(|local: DateTime| zone.instant(local));
        match self.kind() {
            // A date alone reads as its midnight, which nobody said.
            ItemKind::Moment if text.contains([':']) => {
                Timestamp::parse(text.trim()).or_else(local).map(Fact::At)
            }
            _ => self.read(text),
        }
    }

    /// Reads what a person typed, or a file held, for this item. Of a time without an offset only the day is known.
    pub fn read(self, text: &str) -> Option<Fact> {
        let text = text.trim();
        match self.kind() {
            _ if text.is_empty() => None,
            ItemKind::Held => Some(Fact::Held),
            ItemKind::Number(_) => Milli::parse(text).map(Fact::Number),
            ItemKind::Code(codes) => codes.contains(&text).then(|| Fact::Code(text.to_owned())),
            ItemKind::Date => text.parse().ok().map(Fact::On),
            ItemKind::Moment => match Timestamp::parse(text) {
                Some(at) => Some(Fact::At(at)),
                None => text.parse().ok().map(Fact::On),
            },
            ItemKind::Flag => match text.to_ascii_lowercase().as_str() {
                "yes" | "y" | "true" | "1" => Some(Fact::Flag(true)),
                "no" | "n" | "false" | "0" => Some(Fact::Flag(false)),
                _ => None,
            },
        }
    }
}

impl Item {
    /// Reads what else the words of this item tell: a visit frequency, how many visits.
    ///
    /// # Errors
    ///
    /// When they are of a form that is read, and lack a part.
    pub fn also_tells(self, text: &str) -> Result<Option<(Self, Fact)>, CodeProblem> {
        if self.name() != "home-health.frequency" {
            return Ok(None);
        }
        let Some(frequency) = VisitFrequency::parse(text) else { return Ok(None) };
        let visits = Milli::whole(i64::from(frequency?.total()));
        Ok(Some((Self::named("home-health.visits"), Fact::Number(visits))))
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}
impl Eq for Item {}
impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Item {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name().cmp(other.name())
    }
}
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
impl Serialize for Item {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&name)
            .or_else(|| list::RETIRED.iter().copied().find(|item| item.name() == name))
            .ok_or_else(|| serde::de::Error::custom(format!("no item is called {name}")))
    }
}
