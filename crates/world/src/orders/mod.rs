//! Orders as senders write them: what is wanted for whom, and the bytes of it in four formats.
//!
//! An [`Order`] holds the truth about one member's need. A writer sends what its format has a field for, less what the sender
//! forgot; what is not sent is what the hub has to ask for, and the referrer answers out of the same order.

pub mod csv;
pub mod fhir;
pub mod hl7;
pub mod junk;
pub mod kinds;
mod truth;
pub mod x12;

use crate::hours::{at_hour, plus_days};
use crate::people::{FACILITIES, Member, PLANS, Plan, Prescriber};
use crate::rng::Rng;
use doorstep_vocab::{Date, DateTime, Micros, Timestamp, Zip, Zone};
use kinds::{KINDS, Kind};
use std::collections::BTreeMap;

pub(crate) use truth::truth;

/// What the sender forgot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// The plan ID.
    MemberId,
    /// A telephone number.
    Phone,
    /// The clinician's NPI.
    Npi,
    /// The date of birth.
    BirthDate,
    /// Every second clinical fact.
    Facts,
    /// The signature.
    Signature,
}

const GAPS: &[(u32, Gap)] = &[
    (20, Gap::MemberId),
    (14, Gap::Phone),
    (12, Gap::Npi),
    (6, Gap::BirthDate),
    (30, Gap::Facts),
    (18, Gap::Signature),
];

/// How many hours before the member leaves the hospital the order is written, of a hundred: most planners write in time,
/// and some on the day.
const NOTICE_HOURS: &[(u32, (u32, u32))] = &[(84, (34, 80)), (16, (7, 22))];

/// One member's order.
#[derive(Debug, Clone)]
pub struct Order {
    /// The sender's number for it; begins with `TEST-`.
    pub number: String,
    /// For whom.
    pub member: Member,
    /// Who pays.
    pub plan: &'static Plan,
    /// Who ordered it.
    pub prescriber: Prescriber,
    /// Who sends it: name, identifier, planner, telephone, fax.
    pub sender: &'static [&'static str; 5],
    /// What is wanted.
    pub kind: &'static Kind,
    /// When it was written.
    pub ordered_at: Timestamp,
    /// When the member leaves the hospital, when there is one.
    pub discharge_at: Option<Timestamp>,
    /// Whether the sender presses.
    pub is_urgent: bool,
    /// All that is true of it, by item.
    pub facts: BTreeMap<&'static str, String>,
    /// What the sender forgot.
    pub gaps: Vec<Gap>,
}

impl Order {
    /// Makes the order of a number: the same number and seed make the same order.
    pub fn new(number: u32, seed: u64, ordered_at: Timestamp) -> Self {
        let mut rng = Rng::of(seed, &format!("order {number}"));
        let member = Member::new(number, &mut rng);
        let plan = rng.weighed(PLANS).unwrap_or(&PLANS[0].1);
        let kind = rng.weighed(KINDS).unwrap_or(&KINDS[0].1);
        let has_discharge = rng.percent(kind.discharge_percent);
        let (least, most) = *rng.weighed(NOTICE_HOURS).unwrap_or(&NOTICE_HOURS[0].1);
        let hours = rng.between(least, most);
        let is_urgent = rng.percent(18);
        let n_gaps = rng.weighed(&[(60, 0), (28, 1), (12, 2)]).copied().unwrap_or(0);
        let mut order = Self {
            number: format!("TEST-{seed}-{number:05}"),
            member,
            plan,
            prescriber: Prescriber::new(&mut rng),
            sender: rng.pick(FACILITIES).unwrap_or(&FACILITIES[0]),
            kind,
            ordered_at,
            discharge_at: None,
            is_urgent,
            facts: BTreeMap::new(),
            gaps: (0..n_gaps).filter_map(|_| rng.weighed(GAPS).copied()).collect(),
        };
        order.discharge_at = has_discharge.then(|| discharge(ordered_at, hours, &order.zone()));
        order.fill(&mut rng);
        order
    }

    fn fill(&mut self, rng: &mut Rng) {
        let on = self.ordered_on();
        self.facts =
            self.kind.facts.iter().filter_map(|item| Some((*item, truth(item, on)?))).collect();
        // Now and then a test does not qualify, and another has to be sent.
        if rng.percent(12)
            && let Some(saturation) = self.facts.get_mut("oxygen.spo2")
        {
            "91".clone_into(saturation);
        }
    }

    /// Returns whether the sender forgot it.
    pub fn lacks(&self, gap: Gap) -> bool {
        self.gaps.contains(&gap)
    }

    /// Returns the facts that the sender did not forget.
    pub fn sent_facts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let signature = |item: &str| item == "order.signed-on" && self.lacks(Gap::Signature);
        let all = self.facts.iter().filter(move |(item, _)| !signature(item)).enumerate();
        let is_sent = |at: &usize| !self.lacks(Gap::Facts) || at.is_multiple_of(2);
        all.filter(move |(at, _)| is_sent(at)).map(|(_, (item, value))| (*item, value.as_str()))
    }

    /// Returns a fact as it is sent.
    pub fn sent(&self, item: &str) -> Option<&str> {
        self.sent_facts().find(|(known, _)| *known == item).map(|(_, value)| value)
    }

    /// Returns the member's zone.
    pub fn zone(&self) -> Zone {
        let place = Zip::shape(self.member.zip).and_then(|zip| zip.place()?.zone());
        place.unwrap_or_else(Zone::utc)
    }

    /// Returns the day of the order.
    pub fn ordered_on(&self) -> Date {
        self.ordered_at.date(&self.zone())
    }

    pub(crate) fn local(&self, at: Timestamp) -> DateTime {
        at.civil(&self.zone())
    }
}

/// Wards let people go between ten and five.
fn discharge(ordered_at: Timestamp, hours: u32, zone: &Zone) -> Timestamp {
    let at = ordered_at.plus(Micros::hours(i64::from(hours)));
    let date = at.date(zone);
    let (first, last) = (at_hour(date, 10, zone), at_hour(date, 17, zone));
    if at > last {
        return at_hour(plus_days(date, 1), 11, zone);
    }
    let half = Micros::minutes(30).0;
    Timestamp(at.max(first).0.div_euclid(half) * half)
}
