//! The queues: what each holds, and the words that find it.

use doorstep_db::Value;
use doorstep_vocab::{Micros, Timestamp, UserId};

/// A discharge nearer than this is soon. Source: facts 6.4, discharge known less than 24 hours away.
pub const DISCHARGE_SOON: Micros = Micros::hours(24);

/// A list of cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Queue {
    /// The user's own.
    #[default]
    Mine,
    /// Those of the user's team, the user's own among them.
    Team,
    /// A nurse has to triage it.
    Triage,
    /// Nobody's.
    Unassigned,
    /// Three quarters of a clock are gone, or it was missed.
    AtRisk,
    /// A clock has run out, or a line was missed and is not planned again.
    Missed,
    /// Something came in that nobody has read.
    Unread,
    /// The member goes home within [`DISCHARGE_SOON`], or should have.
    DischargeSoon,
    /// Somebody comes to the member today, or should have come.
    Today,
    /// A question about the order is open.
    Clarifying,
    /// A provider has an offer to answer.
    OffersWaiting,
    /// The payer has to decide.
    AuthPending,
    /// An escalation is not resolved.
    Escalated,
    /// Every open case.
    All,
    /// Closed cases, the newest first.
    Closed,
}

impl Queue {
    /// All queues, in the order that pages show them.
    pub const ALL: [Self; 15] = [
        Self::Mine,
        Self::Team,
        Self::Triage,
        Self::Unassigned,
        Self::AtRisk,
        Self::Missed,
        Self::Unread,
        Self::DischargeSoon,
        Self::Today,
        Self::Clarifying,
        Self::OffersWaiting,
        Self::AuthPending,
        Self::Escalated,
        Self::All,
        Self::Closed,
    ];

    /// Returns the name that URLs use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Team => "team",
            Self::Triage => "triage",
            Self::Unassigned => "unassigned",
            Self::AtRisk => "at-risk",
            Self::Missed => "missed",
            Self::Unread => "unread",
            Self::DischargeSoon => "discharge-soon",
            Self::Today => "today",
            Self::Clarifying => "clarifying",
            Self::OffersWaiting => "offers-waiting",
            Self::AuthPending => "auth-pending",
            Self::Escalated => "escalated",
            Self::All => "all",
            Self::Closed => "closed",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.name() == name)
    }

    /// The words after `WHERE`, as in the queue's index. `at` is the number of the queue's own parameter.
    pub(super) fn condition(self, at: usize) -> String {
        let of_open = match self {
            Self::Mine => format!(" AND h.manager = ${at}"),
            Self::Team => format!(
                " AND h.manager IN (SELECT u.user_id FROM app_user AS u
                                    WHERE u.team = (SELECT t.team FROM app_user AS t WHERE t.user_id = ${at}))"
            ),
            Self::Triage => " AND h.next_code = 'triage'".to_owned(),
            Self::Unassigned => " AND h.manager IS NULL".to_owned(),
            Self::AtRisk => " AND h.at_risk = 1".to_owned(),
            Self::Missed => " AND h.missed = 1".to_owned(),
            Self::Unread => " AND h.unread = 1".to_owned(),
            Self::DischargeSoon => {
                format!(" AND h.discharge_at IS NOT NULL AND h.discharge_at <= ${at}")
            }
            Self::Today => format!(" AND h.visit_at IS NOT NULL AND h.visit_at <= ${at}"),
            Self::Clarifying => " AND h.clarifying = 1".to_owned(),
            Self::OffersWaiting => " AND h.offers_waiting = 1".to_owned(),
            Self::AuthPending => " AND h.auth_pending = 1".to_owned(),
            Self::Escalated => " AND h.escalation_level > 0".to_owned(),
            Self::All => String::new(),
            Self::Closed => return "h.status = 'closed'".to_owned(),
        };
        format!("h.status = 'open'{of_open}")
    }

    /// Returns whether the queue has a parameter of its own.
    pub(crate) const fn has_parameter(self) -> bool {
        matches!(self, Self::Mine | Self::Team | Self::DischargeSoon | Self::Today)
    }

    /// The queue's own parameter, if it has one.
    pub(super) fn parameter(self, asks: &Asks<'_>) -> Option<Value> {
        match self {
            Self::Mine | Self::Team => Some(Value::from(asks.user_id.as_str())),
            Self::DischargeSoon => Some(Value::from(asks.now.plus(DISCHARGE_SOON).0)),
            Self::Today => Some(Value::from(asks.day_ends.0)),
            Self::Triage
            | Self::Unassigned
            | Self::AtRisk
            | Self::Missed
            | Self::Unread
            | Self::Clarifying
            | Self::OffersWaiting
            | Self::AuthPending
            | Self::Escalated
            | Self::All
            | Self::Closed => None,
        }
    }
}

/// Who asks for queues, and when: what some of them depend on.
#[derive(Debug, Clone, Copy)]
pub struct Asks<'a> {
    /// Whose cases are mine.
    pub user_id: &'a UserId,
    /// The time of asking.
    pub now: Timestamp,
    /// The end of the hub's day.
    pub day_ends: Timestamp,
}
