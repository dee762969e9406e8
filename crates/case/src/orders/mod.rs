//! Orders: the order is perfected. What is missing is asked for, chased and received; a signature is recorded.
//!
//! **Invariant:** an order is complete line by line. That of the whole is derived: it is complete when each open line is.

mod decide;
#[cfg(test)]
mod tests;

pub(crate) use decide::decide;

use crate::coded::coded;
use crate::{Case, Fact, Item, Known, Line, Owner, Recorded};
use doorstep_vocab::{AskId, Date, LineNo, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One question, open until it is answered or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Who was asked.
    pub of: Owner,
    /// What for.
    pub items: Vec<Item>,
    /// When.
    pub asked_at: Timestamp,
    /// How often it was chased.
    pub chased: u32,
    /// When it ended, answered or withdrawn.
    pub ended_at: Option<Timestamp>,
    /// When the referrer and the member were told that nobody answers.
    #[serde(default)]
    pub unanswered_at: Option<Timestamp>,
}

/// The questions about an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orders {
    /// Questions by id.
    pub asks: BTreeMap<AskId, Ask>,
}

/// Whether what was ordered on one line can be acted on: nothing that blocks its authorization or delivery is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineOrder {
    /// When it was last found complete; `None` while something that blocks is missing.
    pub completed_at: Option<Timestamp>,
    /// When it was first found complete.
    pub first_completed_at: Option<Timestamp>,
}

impl LineOrder {
    /// Returns whether it is complete now.
    pub const fn is_complete(&self) -> bool {
        self.completed_at.is_some()
    }

    fn complete(&mut self, at: Timestamp) {
        self.completed_at = Some(at);
        self.first_completed_at.get_or_insert(at);
    }
}

coded! {
    /// Why a question needs no answer any more. A closed list \[K\].
    AskWithdrawReason {
        FoundElsewhere = "found-elsewhere", "somebody else supplied it";
        NotNeeded = "not-needed", "it is no longer needed";
        AskedInError = "asked-in-error", "it was asked in error";
        OrderChanged = "order-changed", "the order has changed";
        CaseClosed = "case-closed", "the case is closed";
        Deceased = "deceased", "the member has died";
        Other = "other", "another reason, in a note";
    }
}

/// What may be done about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrdersCommand {
    /// Asks somebody for what is missing.
    Ask {
        /// The question's id.
        ask_id: AskId,
        /// Whom.
        of: Owner,
        /// For what.
        items: Vec<Item>,
    },
    /// Asks again.
    Chase(AskId),
    /// Ends a question without an answer, because it is no longer needed.
    WithdrawAsk {
        /// Which question.
        ask_id: AskId,
        /// Why.
        reason: AskWithdrawReason,
    },
    /// The signed order is on hand.
    Sign {
        /// The date of the clinician's signature.
        signed_on: Date,
    },
    /// A verbal order was taken.
    TakeVerbal {
        /// The date it was given.
        on: Date,
    },
}

/// What happened to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "each is the past participle of its command, or follows from completeness"
)]
pub enum OrdersEvent {
    Asked {
        ask_id: AskId,
        of: Owner,
        items: Vec<Item>,
    },
    Chased {
        ask_id: AskId,
    },
    Answered {
        ask_id: AskId,
    },
    AskWithdrawn {
        ask_id: AskId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<AskWithdrawReason>,
    },
    /// It was asked and chased to no avail: whoever waits for the order hears of it.
    Unanswered {
        ask_id: AskId,
    },
    Signed {
        signed_on: Date,
    },
    VerbalTaken {
        on: Date,
    },
    /// As it was recorded before lines were complete each for itself: nothing that blocks was missing of any open line.
    Completed,
    /// Nothing that blocks their authorization or delivery is missing of these lines any more.
    LinesCompleted {
        lines: Vec<LineNo>,
    },
    /// Something that blocks is missing again of lines that were complete: it was withdrawn, or went stale.
    Lapsed {
        items: Vec<Item>,
        /// Of which lines. None in records of before lines were complete each for itself, which meant every open one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<LineNo>,
    },
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &[
    "orders.asked",
    "orders.chased",
    "orders.answered",
    "orders.ask-withdrawn",
    "orders.signed",
    "orders.verbal-taken",
    "orders.completed",
    "orders.lapsed",
    "orders.unanswered",
];

impl OrdersEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::Asked { .. } => 0,
            Self::Chased { .. } => 1,
            Self::Answered { .. } => 2,
            Self::AskWithdrawn { .. } => 3,
            Self::Signed { .. } => 4,
            Self::VerbalTaken { .. } => 5,
            Self::Completed | Self::LinesCompleted { .. } => 6,
            Self::Lapsed { .. } => 7,
            Self::Unanswered { .. } => 8,
        };
        EVENT_NAMES[at]
    }

    /// Returns the question that the event is about.
    pub fn ask_id(&self) -> Option<&AskId> {
        match self {
            Self::Asked { ask_id, .. }
            | Self::Chased { ask_id }
            | Self::Answered { ask_id }
            | Self::AskWithdrawn { ask_id, .. }
            | Self::Unanswered { ask_id } => Some(ask_id),
            Self::Signed { .. }
            | Self::VerbalTaken { .. }
            | Self::Completed
            | Self::LinesCompleted { .. }
            | Self::Lapsed { .. } => None,
        }
    }

    /// Returns the lines that the event is about; none where it is about the order as a whole.
    pub fn lines(&self) -> Vec<LineNo> {
        match self {
            Self::LinesCompleted { lines } | Self::Lapsed { lines, .. } => lines.clone(),
            Self::Asked { .. }
            | Self::Chased { .. }
            | Self::Answered { .. }
            | Self::AskWithdrawn { .. }
            | Self::Unanswered { .. }
            | Self::Signed { .. }
            | Self::VerbalTaken { .. }
            | Self::Completed => Vec::new(),
        }
    }
}

impl Orders {
    /// Returns the questions that wait for an answer.
    pub fn open_asks(&self) -> impl Iterator<Item = (&AskId, &Ask)> {
        self.asks.iter().filter(|(_, ask)| ask.ended_at.is_none())
    }
}

pub(crate) fn apply(case: &mut Case, event: &OrdersEvent, recorded: &Recorded) {
    let at = recorded.at;
    match event {
        OrdersEvent::Asked { ask_id, of, items } => {
            let ask = Ask {
                of: *of,
                items: items.clone(),
                asked_at: at,
                chased: 0,
                ended_at: None,
                unanswered_at: None,
            };
            case.orders.asks.insert(ask_id.clone(), ask);
        }
        OrdersEvent::Chased { ask_id } => {
            if let Some(ask) = case.orders.asks.get_mut(ask_id) {
                ask.chased += 1;
            }
        }
        OrdersEvent::Unanswered { ask_id } => {
            if let Some(ask) = case.orders.asks.get_mut(ask_id) {
                ask.unanswered_at = Some(at);
            }
        }
        OrdersEvent::Answered { ask_id } | OrdersEvent::AskWithdrawn { ask_id, .. } => {
            if let Some(ask) = case.orders.asks.get_mut(ask_id) {
                ask.ended_at = Some(at);
            }
        }
        OrdersEvent::Signed { signed_on } => {
            know(case, "order.signed-on", Fact::On(*signed_on), at);
        }
        OrdersEvent::VerbalTaken { on } => {
            know(case, "order.verbal", Fact::Flag(true), at);
            case.known.entry(Item::named("order.ordered-on")).or_insert(known(Fact::On(*on), at));
        }
        OrdersEvent::Completed | OrdersEvent::LinesCompleted { .. } => {
            each(case, &event.lines(), |line| line.order.complete(at));
        }
        OrdersEvent::Lapsed { .. } => {
            each(case, &event.lines(), |line| line.order.completed_at = None);
        }
    }
}

/// Changes these lines; where none is named, every one that is open.
fn each(case: &mut Case, lines: &[LineNo], change: impl Fn(&mut Line)) {
    let is_meant = |line: &Line| {
        if lines.is_empty() { line.is_open() } else { lines.contains(&line.no) }
    };
    case.lines.values_mut().filter(|line| is_meant(line)).for_each(change);
}

fn know(case: &mut Case, item: &str, fact: Fact, at: Timestamp) {
    case.known.insert(Item::named(item), known(fact, at));
}

fn known(fact: Fact, recorded_at: Timestamp) -> Known {
    Known { fact, as_of: None, recorded_at }
}
