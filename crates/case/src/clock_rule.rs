//! A clock's definition, as a pack gives it: what it is kept for, what it counts from, by which calendar, and what follows
//! when it runs out.

use crate::disputes::DisputeKind;
use crate::{Family, Item, Role, ServiceLine, Urgency};
use doorstep_vocab::Span;
use serde::{Deserialize, Serialize};

/// What a clock is kept for each of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the subjects")]
pub enum About {
    Case,
    Line,
    Offer,
    Visit,
    Ask,
    Dispute,
    Escalation,
    Call,
}

/// The instant a clock counts from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum From {
    /// When the starting event was recorded.
    #[default]
    Event,
    /// The earliest receipt by any door.
    Received,
    /// The planned discharge; the clock moves with it.
    Discharge,
    /// The return home or the referral, whichever is later; where the order names a start date, that day. Source: facts
    /// 1.4 and 4.5.
    Home,
    /// The need-by time; the clock moves with it.
    NeedBy,
    /// The date and time that the escalation was committed to, that a call back was promised for, or by which the provider promised to be there.
    Committed,
    /// When a complaint was first heard, whatever it is filed as since; else when the dispute was filed. Source: facts 6.5.
    Complained,
    /// The end of the visit's window; the clock moves with it.
    WindowEnds,
    /// When the payer got the authorization request, whatever became of it since.
    Requested,
    /// When the payer was asked to decide at once.
    Expedited,
    /// When the payer asked for more. Where it gives longer than the clock does, the clock ends with that.
    Asked,
    /// The end of the time in which the payer's question may be answered.
    SupplyBy,
    /// The day of the payer's notice; the decision's own time when nobody said.
    Noticed,
    /// When the next dose is due, where its hour is known; the clock moves with it. Source: facts 1.5, the real deadline.
    NextDose,
    /// When a therapy that life hangs on is due at a line: an infusion's next dose where its hour is known, else the need-by
    /// time; the clock moves with it. Source: facts 6.4, L2.
    TherapyDue,
    /// The planned discharge or the next dose, whichever comes first of those that are known.
    DischargeOrDose,
    /// The end of the last day of an authorization, while its service goes on; the clock moves with it. Where less time is
    /// left than the clock wants before that, half of what is left is kept.
    AuthEnds,
}

impl From {
    /// Returns whether a later event of the same kind makes another instant to count from.
    pub(crate) const fn is_repeated(self) -> bool {
        match self {
            Self::Event
            | Self::Committed
            | Self::Requested
            | Self::Expedited
            | Self::Asked
            | Self::SupplyBy
            | Self::Noticed
            | Self::Complained
            | Self::AuthEnds => true,
            Self::Received
            | Self::Discharge
            | Self::Home
            | Self::NeedBy
            | Self::WindowEnds
            | Self::NextDose
            | Self::TherapyDue
            | Self::DischargeOrDose => false,
        }
    }
}

/// What follows when a clock runs out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnMiss {
    /// It is recorded and shown.
    #[default]
    Record,
    /// An offer that nobody answered expires, and the next provider is asked.
    ExpireOffer,
    /// A question that nobody answered is asked again, by itself.
    Chase,
    /// The referrer and the member are told that a question is not answered, and it is raised to the first level.
    Notify,
    /// It is raised to a level of facts 6.4.
    Escalate(u8),
    /// What was raised is raised to the next level. Source: facts 6.4, a missed promise.
    EscalateNext,
}

/// By which calendar a clock counts business days and hours. Source: facts 4.1, holidays \[K\].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CountedBy {
    /// The hub's.
    #[default]
    Hub,
    /// That of the state where care is given, where the packs have one; else the hub's.
    State,
    /// The calendar of this name: a payer's, or one that the clock itself names.
    Named(String),
}

/// A clock's definition, from a pack.
///
/// Definitions of one name are variants of one clock: the first that applies starts it and alone governs it, so packs
/// put the narrower one first. An event that is among `stops` and `starts` ends one running and begins the next. A
/// filter by service, family or custom make holds for a subject if one of its lines fits: an offer's or a dispute's
/// own lines, else any open line of the case. `orders.completed` is about the lines that are complete now; for a clock of
/// the case it has happened when the last open line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockRule {
    /// Its name: `acknowledge`, `schedule`, `offer-response`.
    pub name: String,
    /// What one is kept for.
    pub about: About,
    /// Events that start it.
    pub starts: Vec<String>,
    /// Events that stop it.
    pub stops: Vec<String>,
    /// Events that pause it.
    pub pauses: Vec<String>,
    /// Items that end it once all of them are known of the time since it began.
    pub until: Vec<Item>,
    /// Events that let it go on.
    pub resumes: Vec<String>,
    /// Events that set a stopped one running again with its original due time.
    pub reopens: Vec<String>,
    /// Whether one that ended starts afresh, though something may reopen it: each denial has a window of its own.
    pub again: bool,
    /// What it counts from.
    pub from: From,
    /// How long. Never converted into another unit.
    pub within: Span,
    /// By which calendar.
    pub calendar: CountedBy,
    /// Due that long before `from`, not after it (discharge-critical).
    pub before: bool,
    /// Only for these urgencies; empty means all.
    pub urgencies: Vec<Urgency>,
    /// Only for these service lines; empty means all.
    pub services: Vec<ServiceLine>,
    /// Only for these families; empty means all.
    pub families: Vec<Family>,
    /// Only for lines that are (`Some(true)`) or are not custom-made.
    pub custom: Option<bool>,
    /// Only for lines whose request is (`Some(true)`) or is not expedited.
    pub expedited: Option<bool>,
    /// Only for disputes of these kinds; empty means all.
    pub kinds: Vec<DisputeKind>,
    /// Only for escalations of these levels; empty means all.
    pub levels: Vec<u8>,
    /// By how much the payer may extend it, once.
    pub extendable_by: Option<Span>,
    /// Whether a payer that lets it run out has thereby decided against the member. Source: facts 4.3.
    pub lapses: bool,
    /// Whose clock it is.
    pub owner: Role,
    /// Percent of the time at which the owner is warned.
    pub warn: Vec<u8>,
    /// What follows when it runs out.
    pub on_miss: OnMiss,
    /// Version of the definition: the pack and its effective date.
    pub version: String,
    /// Where the number comes from.
    pub source: String,
}
