//! A service line: one thing ordered, decided, placed and delivered for itself.

use crate::{Family, auth, delivery, orders, placement};
use doorstep_vocab::{LineNo, Procedure, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The four trades of care at home, and what could not be told yet.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceLine {
    /// Durable medical equipment and supplies.
    Dme,
    /// Nursing, therapy, aide and social-work visits.
    HomeHealth,
    /// Drugs given at home through a line, with their pump, supplies and nursing.
    HomeInfusion,
    /// Skilled nursing, rehabilitation and long-term acute facilities.
    PostAcute,
    /// A person has to say which it is.
    #[default]
    Unclassified,
}

impl ServiceLine {
    /// The four that a pack can describe.
    pub const ALL: [Self; 4] = [Self::Dme, Self::HomeHealth, Self::HomeInfusion, Self::PostAcute];

    /// Returns the name of the pack's folder.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dme => "dme",
            Self::HomeHealth => "home-health",
            Self::HomeInfusion => "home-infusion",
            Self::PostAcute => "post-acute",
            Self::Unclassified => "unclassified",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|line| line.name() == name)
    }
}

/// What a quantity counts. Units are never converted into one another. Source: facts 3.3.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the units")]
pub enum Unit {
    #[default]
    Each,
    Visit,
    Day,
    Month,
    Hour,
    QuarterHour,
    Dose,
}

impl Unit {
    /// All units.
    pub const ALL: [Self; 7] = [
        Self::Each,
        Self::Visit,
        Self::Day,
        Self::Month,
        Self::Hour,
        Self::QuarterHour,
        Self::Dose,
    ];

    /// Returns the unit's name for one of it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::Visit => "visit",
            Self::Day => "day",
            Self::Month => "month",
            Self::Hour => "hour",
            Self::QuarterHour => "quarter-hour",
            Self::Dose => "dose",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }
}

/// One line as a door read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRequest {
    /// The code, when a known system gave one.
    pub code: Option<Procedure>,
    /// The code as sent in another system, such as `SNOMED:13791008`. Never free text.
    pub other_code: Option<String>,
    /// Two-character modifiers, four at most.
    pub modifiers: Vec<String>,
    /// What the message said of the trade, where the code does not tell.
    pub hint: Option<ServiceLine>,
    /// The item family, where the door can tell (a form's choice).
    pub family: Option<Family>,
    /// How many; `None` when not stated.
    pub quantity: Option<u32>,
    /// Of what.
    pub unit: Unit,
    /// The sender's own number for the line.
    pub line_ref: Option<String>,
    /// Whether the words of the order are kept as text for this line.
    pub described: bool,
}

impl LineRequest {
    /// Returns whether the line says what is ordered at all.
    pub fn is_named(&self) -> bool {
        self.code.is_some() || self.other_code.is_some() || self.family.is_some() || self.described
    }
}

/// How many were ordered, authorized, shipped, delivered and returned, in the line's unit. Source: M36, facts 11.5 (41).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the columns of the ledger")]
pub struct Ledger {
    pub ordered: u32,
    pub authorized: u32,
    pub shipped: u32,
    pub delivered: u32,
    pub returned: u32,
}

impl Ledger {
    /// Returns how many are still to be delivered.
    pub fn outstanding(&self) -> u32 {
        self.ordered.saturating_add(self.returned).saturating_sub(self.delivered)
    }

    /// Returns how many the member has.
    pub fn held(&self) -> u32 {
        self.delivered.saturating_sub(self.returned)
    }
}

/// Why and when a line ended without being completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineEnd {
    /// A coded reason.
    pub reason: crate::closing::CancelReason,
    /// When.
    pub at: Timestamp,
}

/// One service line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the case.
    pub no: LineNo,
    /// What was asked for.
    pub request: LineRequest,
    /// The trade.
    pub service: ServiceLine,
    /// The item family within the trade.
    pub family: Family,
    /// Whether it is custom-made, so that the longer clock applies. Source: M15.
    pub custom: bool,
    /// Whether its order is complete.
    #[serde(default)]
    pub order: orders::LineOrder,
    /// Its authorization.
    pub auth: auth::Auth,
    /// What the clocks of its authorization count from.
    #[serde(default)]
    pub auth_times: auth::Times,
    /// The approval that still holds while the payer decides about what comes after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_hand: Option<auth::InHand>,
    /// How many could be delivered under approvals before the last one.
    #[serde(default)]
    pub auth_base: u32,
    /// Whether little was left of the authorized number when it was last looked at.
    #[serde(default)]
    pub running_low: bool,
    /// Why what the member has of it is to be picked up, while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick_up_due: Option<delivery::PickUpReason>,
    /// Why what was to be picked up stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stays: Option<delivery::StayReason>,
    /// Whether and with whom it is placed.
    pub placement: placement::LinePlacement,
    /// Whether and when it is delivered.
    pub fulfilment: delivery::Fulfilment,
    /// Quantities.
    pub ledger: Ledger,
    /// Set when it was cancelled.
    pub cancelled: Option<LineEnd>,
    /// Why it may be delivered beyond its authorization, when somebody decided so.
    #[serde(default)]
    pub beyond_auth: Option<delivery::BeyondAuth>,
    /// Why it is complete with less than was ordered, when somebody decided so.
    #[serde(default)]
    pub completed: Option<crate::closing::CompleteReason>,
}

impl Line {
    /// Returns whether anything is still to be done about the line.
    pub fn is_open(&self) -> bool {
        self.cancelled.is_none() && !self.is_done()
    }

    /// Returns whether the trade and the item family are known.
    pub fn is_classified(&self) -> bool {
        self.service != ServiceLine::Unclassified && !self.family.0.is_empty()
    }

    /// Returns how many are to be delivered now: what is outstanding, as far as the payer authorized it.
    pub fn owed(&self) -> u32 {
        let authorized = delivery::authorized_most(self).saturating_sub(self.ledger.held());
        self.ledger.outstanding().min(authorized)
    }

    /// Returns whether care that goes on in visits, days or months has begun: the next is planned when it is due.
    pub fn has_begun(&self) -> bool {
        self.request.unit != Unit::Each && self.ledger.held() > 0
    }

    /// Returns whether all of it was delivered, or as much as is to be.
    pub fn is_done(&self) -> bool {
        use delivery::Fulfilment::{Delivered, Exchanged};
        self.completed.is_some() || matches!(self.fulfilment, Delivered | Exchanged)
    }
}

/// Returns each line once, in the order given.
pub(crate) fn distinct(lines: &[LineNo]) -> Vec<LineNo> {
    let mut seen = std::collections::BTreeSet::new();
    lines.iter().copied().filter(|no| seen.insert(*no)).collect()
}

impl fmt::Display for ServiceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
