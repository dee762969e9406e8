//! What happened, in words, one sentence an event.

mod calls;
mod care;
mod order;
mod rest;

use super::clock;
use crate::when::When;
use doorstep_case::delivery::Counted;
use doorstep_case::{Case, Event, Item, Subject};
use doorstep_vocab::{
    AskId, ClockId, DisputeId, EscalationId, LineNo, OfferId, ProviderId, Timestamp, UserId,
    VisitId, Zone,
};
use std::collections::BTreeMap;

/// What sentences about a case are told with.
pub(crate) struct Told<'a> {
    /// The case as it now stands.
    pub(crate) case: &'a Case,
    /// What is on each line.
    pub(crate) lines: &'a BTreeMap<LineNo, String>,
    /// Names of providers.
    pub(crate) providers: &'a BTreeMap<ProviderId, String>,
    /// Names of users.
    pub(crate) people: &'a BTreeMap<UserId, String>,
    /// The zone that times are told in.
    pub(crate) zone: &'a Zone,
}

/// How an event looks in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As any other.
    Plain,
    /// Something went well.
    Good,
    /// Something went wrong.
    Late,
}

/// Returns an event in words, with its tone.
pub(crate) fn told(event: &Event, with: &Told) -> (String, Tone) {
    let words = match event {
        Event::Intake(event) => with.intake(event),
        Event::Benefits(event) => Told::benefits(event),
        Event::Orders(event) => with.orders(event),
        Event::Auth(event) => with.auth(event),
        Event::Placement(event) => with.placement(event),
        Event::Delivery(event) => with.delivery(event),
        Event::Disputes(event) => with.disputes(event),
        Event::Calls(event) => with.calls(event),
        Event::Messages(event) => with.messages(event),
        Event::Closing(event) => with.closing(event),
        Event::Clock(event) => with.clock(event),
    };
    (words, tone(event.name()))
}

fn tone(name: &str) -> Tone {
    match name {
        "orders.completed"
        | "auth.approved"
        | "auth.not-required"
        | "placement.accepted"
        | "delivery.delivered"
        | "placement.single-case-agreed"
        | "closing.closed"
        | "calls.kept"
        | "disputes.resolved" => Tone::Good,
        "auth.denied"
        | "auth.rejected"
        | "auth.lapsed"
        | "placement.declined"
        | "placement.expired"
        | "placement.returned"
        | "delivery.missed"
        | "delivery.refused"
        | "disputes.escalated"
        | "disputes.raised"
        | "clock.missed"
        | "orders.lapsed"
        | "orders.unanswered"
        | "intake.death-recorded"
        | "closing.line-cancelled" => Tone::Late,
        _ => Tone::Plain,
    }
}

impl Told<'_> {
    /// `line 1, home oxygen`, or only `home oxygen` where the case has one line.
    fn on(&self, lines: &[LineNo]) -> String {
        let one = |no: &LineNo| {
            let what = self.lines.get(no).map_or_else(|| "line".to_owned(), |what| lowered(what));
            if self.case.lines.len() > 1 { format!("{what} (line {no})") } else { what }
        };
        lines.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn at(&self, at: Timestamp) -> String {
        When::at(at, self.zone).local
    }

    fn window(&self, from: Timestamp, to: Timestamp) -> String {
        let end = if from.date(self.zone) == to.date(self.zone) {
            When::clock(to, self.zone)
        } else {
            When::at(to, self.zone)
        };
        format!("{} to {}", self.at(from), end.local)
    }

    fn provider(&self, provider_id: &ProviderId) -> String {
        self.providers.get(provider_id).cloned().unwrap_or_else(|| provider_id.to_string())
    }

    fn of_offer(&self, offer_id: &OfferId) -> String {
        let offer = self.case.placement.offers.get(offer_id);
        offer.map_or_else(|| "the provider".to_owned(), |offer| self.provider(&offer.provider_id))
    }

    fn visit(&self, visit_id: &VisitId) -> String {
        let visit = self.case.delivery.visits.get(visit_id);
        visit.map_or_else(|| "the visit".to_owned(), |visit| self.on(&visit.lines))
    }

    fn goods(&self, goods: &[Counted]) -> String {
        let one = |good: &Counted| format!("{} of {}", good.quantity, self.on(&[good.line]));
        goods.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn ask(&self, ask_id: &AskId) -> String {
        let ask = self.case.orders.asks.get(ask_id);
        ask.map_or_else(|| "a question".to_owned(), |ask| list(&ask.items))
    }

    fn escalation(&self, id: &EscalationId) -> String {
        let escalation = self.case.disputes.escalations.get(id);
        escalation.map_or_else(
            || "the escalation".to_owned(),
            |e| format!("the level {} escalation", e.level),
        )
    }

    fn dispute(&self, id: &DisputeId) -> String {
        let dispute = self.case.disputes.disputes.get(id);
        dispute.map_or_else(|| "the dispute".to_owned(), |dispute| dispute.kind.words().to_owned())
    }

    fn person(&self, user_id: &UserId) -> String {
        self.people.get(user_id).cloned().unwrap_or_else(|| user_id.to_string())
    }

    /// `schedule`, or `schedule (home oxygen)` where several lines have such a clock.
    fn clock_name(&self, id: &ClockId) -> String {
        let Some(known) = self.case.clocks.0.get(id) else {
            return clock(id.as_str().split(':').next().unwrap_or_default());
        };
        let name = clock(&known.started.rule);
        match known.started.about {
            Subject::Line(no) if self.case.lines.len() > 1 => {
                format!("{name} ({})", self.on(&[no]))
            }
            _ => name,
        }
    }
}

fn lowered(words: &str) -> String {
    // Names of things such as CPAP keep their capitals.
    let second_is_small = words.chars().nth(1).is_some_and(char::is_lowercase);
    let mut chars = words.chars();
    match chars.next() {
        Some(first) if second_is_small => first.to_lowercase().chain(chars).collect(),
        _ => words.to_owned(),
    }
}

fn list(items: &[Item]) -> String {
    items.iter().map(|item| item.words()).collect::<Vec<_>>().join("; ")
}

/// The words of a reason behind what happened.
fn because(words: Option<&str>) -> String {
    words.map(|words| format!(": {words}")).unwrap_or_default()
}

fn referenced(reference: Option<&str>) -> String {
    reference.map(|reference| format!(", reference {reference}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Every event that was ever stored, and one of each kind at least: the core keeps an example of each.
    fn stored() -> Vec<(String, Event)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../case/past");
        let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let events = paths.filter(|path| !path.ends_with("recorded.json")).map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_str(&text).unwrap())
        });
        events.collect()
    }

    #[test]
    fn every_event_has_words_that_a_person_reads() {
        let (case, names, zone) = (Case::default(), BTreeMap::new(), Zone::utc());
        let people = BTreeMap::from([(UserId::from("lead-2"), "Lea Example".to_owned())]);
        let with = Told {
            case: &case,
            lines: &BTreeMap::new(),
            providers: &names,
            people: &people,
            zone: &zone,
        };
        let events = stored();
        assert!(events.len() >= doorstep_case::EVENT_NAMES.iter().map(|names| names.len()).sum());
        for (name, event) in events {
            let (words, _) = told(&event, &with);
            assert!(words.len() > 8 && words.contains(' '), "{name}: {words}");
            assert!(!words.contains(['{', '}', '_', '"']), "{name} shows its insides: {words}");
            assert!(!words.contains(event.name()) && !words.contains("lead-2"), "{name}: {words}");
        }
    }
}
