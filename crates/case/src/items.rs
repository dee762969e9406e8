//! The closed list of things an order may need, and what is known of each.
//!
//! Packs name these items; every door fills them; completeness compares the two. An item about a person holds
//! [`Fact::Held`] only: the value is in its row, under `Phi`.

use doorstep_vocab::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number in thousandths of its item's unit, so that 88.5 % is `Milli(88_500)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Milli(pub i64);

impl Milli {
    /// Returns `n` whole units.
    pub const fn whole(n: i64) -> Self {
        Self(n * 1000)
    }

    /// Reads decimal text; digits after the third place are cut.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && part.is_empty())
            || whole.len() > 12
            || !all_digits(whole)
            || !all_digits(part)
        {
            return None;
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let thousandths: i64 = format!("{part:0<3}").get(..3)?.parse().ok()?;
        Some(Self(sign * (whole * 1000 + thousandths)))
    }
}

impl fmt::Display for Milli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let part = format!("{part:03}");
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

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
    /// Looks an item up by its name.
    pub fn parse(name: &str) -> Option<Self> {
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

    /// Reads what a person typed, or a file held, for this item.
    pub fn read(self, text: &str) -> Option<Fact> {
        let text = text.trim();
        match self.kind() {
            _ if text.is_empty() => None,
            ItemKind::Held => Some(Fact::Held),
            ItemKind::Number(_) => Milli::parse(text).map(Fact::Number),
            ItemKind::Code(codes) => codes.contains(&text).then(|| Fact::Code(text.to_owned())),
            ItemKind::Date => text.parse().ok().map(Fact::On),
            ItemKind::Flag => match text.to_ascii_lowercase().as_str() {
                "yes" | "y" | "true" | "1" => Some(Fact::Flag(true)),
                "no" | "n" | "false" | "0" => Some(Fact::Flag(false)),
                _ => None,
            },
        }
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
            .ok_or_else(|| serde::de::Error::custom(format!("no item is called {name}")))
    }
}

use ItemKind::{Code, Date as OnDate, Flag, Held, Number};

macro_rules! items {
    ($($name:literal, $kind:expr, $words:literal;)*) => {
        &[$(Item(&ItemRow { name: $name, words: $words, kind: $kind })),*]
    };
}

/// Every item, sorted by name (a test sees to it).
pub const ITEMS: &[Item] = items! {
    "auth.number", Held, "the authorization number that the payer already gave";
    "bed.positioning-need", Flag, "why an ordinary bed will not do: positioning, pain, head raised, or traction";
    "bed.weight", Number("lb"), "the member's weight";
    "coverage.member-id", Held, "the member's plan ID";
    "coverage.other", Flag, "whether the member has other coverage";
    "coverage.payer", Held, "the health plan";
    "enteral.formula", Held, "the formula";
    "enteral.kcal-per-day", Number("kcal/day"), "calories a day";
    "enteral.route", Code(&["nasogastric", "gastrostomy", "jejunostomy"]), "the feeding tube";
    "facility.clinical-packet", Held, "the facility's clinical packet: history, therapy notes, medicines";
    "facility.setting", Code(&["snf", "irf", "ltach"]), "the kind of facility";
    "home-health.disciplines", Held, "the disciplines ordered";
    "home-health.face-to-face-on", OnDate, "the date of the face-to-face encounter";
    "home-health.frequency", Held, "visits a week and for how many weeks";
    "home-health.homebound", Flag, "whether the member is homebound";
    "home-health.plan-of-care", Held, "the signed plan of care";
    "home-health.start-on", OnDate, "the start-of-care date";
    "infusion.access-device", Code(&["peripheral", "midline", "picc", "tunneled", "non-tunneled", "port", "subcutaneous", "intrathecal"]), "the vascular access";
    "infusion.dose", Held, "the dose, route, rate and frequency";
    "infusion.drug", Held, "the drug";
    "infusion.first-dose", Flag, "whether the home dose is the first ever";
    "infusion.height", Number("in"), "the member's height";
    "infusion.labs", Held, "the laboratory orders";
    "infusion.next-dose-on", OnDate, "when the next dose is due";
    "infusion.stop-on", OnDate, "the stop date, or the number of doses";
    "infusion.tip-confirmed", Flag, "confirmation of the catheter tip";
    "infusion.weight", Number("lb"), "the member's weight";
    "member.access-barriers", Held, "stairs, gates and other barriers at the door";
    "member.address", Held, "the address where care is delivered";
    "member.allergies", Held, "allergies";
    "member.birth-date", Held, "the member's date of birth";
    "member.language", Held, "the member's language";
    "member.name", Held, "the member's full name";
    "member.phone", Held, "a telephone number for the delivery";
    "member.sex", Held, "the member's sex";
    "npwt.measurements", Held, "wound measurements of the last week";
    "npwt.prior-program", Flag, "thirty days of a prior wound program";
    "order.dates-of-service", OnDate, "the date care should start";
    "order.diagnosis", Held, "a diagnosis with a billable ICD-10-CM code";
    "order.face-to-face-on", OnDate, "the date of the face-to-face encounter about this need";
    "order.face-to-face-note", Held, "the note of the face-to-face encounter";
    "order.length-of-need", Number("months"), "the length of need";
    "order.ordered-on", OnDate, "the date of the order";
    "order.replacement-serial", Held, "the serial number of what is replaced";
    "order.service", Held, "what is ordered, as a code or in words";
    "order.signed-on", OnDate, "the signed order";
    "order.verbal", Flag, "a verbal order";
    "oxygen.condition", Code(&["rest", "exercise", "sleep"]), "whether the test was at rest, in exercise or asleep";
    "oxygen.cor-pulmonale", Flag, "pulmonary hypertension or cor pulmonale";
    "oxygen.device", Code(&["cannula", "mask", "conserver", "other"]), "the delivery device";
    "oxygen.edema", Flag, "dependent edema suggesting heart failure";
    "oxygen.hematocrit", Number("%"), "the hematocrit";
    "oxygen.hours-per-day", Number("h/day"), "hours of oxygen a day";
    "oxygen.lpm", Number("L/min"), "liters of oxygen a minute";
    "oxygen.pao2", Number("mmHg"), "the arterial oxygen pressure";
    "oxygen.portable", Flag, "whether portable oxygen is needed";
    "oxygen.spo2", Number("%"), "the oxygen saturation";
    "oxygen.test-on", OnDate, "the date of the oxygen test";
    "pap.ahi", Number("events/h"), "the apnea-hypopnea index";
    "pap.events", Number("events"), "the number of events in the sleep test";
    "pap.evaluation-on", OnDate, "the date of the clinical evaluation before the sleep test";
    "pap.pressure", Number("cmH2O"), "the pressure setting";
    "pap.symptom", Flag, "a symptom or condition that qualifies a mild index";
    "pap.test-on", OnDate, "the date of the sleep test";
    "prescriber.name", Held, "the ordering clinician's name";
    "prescriber.npi", Held, "the ordering clinician's NPI";
    "prescriber.phone", Held, "the ordering clinician's telephone or fax";
    "wheelchair.home-accessible", Flag, "whether the home can be moved about in";
    "wheelchair.mobility-limit", Flag, "that a cane or walker does not serve";
    "wheelchair.operates", Flag, "who moves the chair: the member, or a caregiver";
    "wheelchair.weight", Number("lb"), "the member's weight";
    "wound.change-frequency", Number("per week"), "dressing changes a week";
    "wound.count", Number("wounds"), "the number of wounds";
    "wound.drainage", Code(&["none", "light", "moderate", "heavy"]), "the drainage";
    "wound.evaluated-on", OnDate, "the date of the last wound evaluation";
    "wound.size", Held, "each wound's size and depth";
    "wound.type", Code(&["surgical", "debrided", "pressure", "venous", "diabetic", "other"]), "the kind of wound";
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(ITEMS.windows(2).all(|pair| pair[0].name() < pair[1].name()));
        assert!(ITEMS.iter().all(|item| Item::parse(item.name()) == Some(*item)));
    }

    #[test]
    fn decimals_read_and_print_alike() {
        for text in ["0", "88", "88.5", "-1.25", "0.001"] {
            assert_eq!(Milli::parse(text).map(|m| m.to_string()).as_deref(), Some(text));
        }
        for text in ["", ".", "1e9", "88 %", "1.2.3", "9999999999999"] {
            assert_eq!(Milli::parse(text), None, "{text}");
        }
    }
}
