//! Orders: the order is perfected. What is missing is asked for, chased and received; a signature is recorded.

mod decide;
#[cfg(test)]
mod tests;

pub(crate) use decide::decide;

use crate::coded::coded;
use crate::{Case, Fact, Item, Known, Owner, Recorded};
use doorstep_vocab::{AskId, Date, Timestamp};
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

/// The order's completeness and the questions about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orders {
    /// Questions by id.
    pub asks: BTreeMap<AskId, Ask>,
    /// When the order was last found complete; `None` while something that blocks is missing.
    pub completed_at: Option<Timestamp>,
    /// When it was first found complete.
    pub first_completed_at: Option<Timestamp>,
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
    /// Nothing that blocks authorization or delivery is missing any more.
    Completed,
    /// Something that blocks is missing again: it was withdrawn, went stale, or a line was added.
    Lapsed {
        items: Vec<Item>,
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
            Self::Completed => 6,
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
            | Self::Lapsed { .. } => None,
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
        OrdersEvent::Completed => {
            case.orders.completed_at = Some(at);
            case.orders.first_completed_at.get_or_insert(at);
        }
        OrdersEvent::Lapsed { .. } => case.orders.completed_at = None,
    }
}

fn know(case: &mut Case, item: &str, fact: Fact, at: Timestamp) {
    case.known.insert(Item::named(item), known(fact, at));
}

fn known(fact: Fact, recorded_at: Timestamp) -> Known {
    Known { fact, as_of: None, recorded_at }
}
