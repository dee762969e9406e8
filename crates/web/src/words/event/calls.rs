//! Calls, in words.

use super::Told;
use doorstep_case::calls::{CallsEvent, Direction};
use doorstep_case::messages::{MessagesEvent, Receiver};

impl Told<'_> {
    pub(super) fn calls(&self, event: &CallsEvent) -> String {
        match event {
            CallsEvent::Began { direction: Direction::Inbound, caller, reason, .. } => {
                format!("Call from {}, about {}", spoken(caller), spoken(reason))
            }
            CallsEvent::Began { direction: Direction::Outbound, caller, reason, .. } => {
                format!("Call to {}, about {}", spoken(caller), spoken(reason))
            }
            CallsEvent::Verified { level, matched, .. } => {
                let matched: Vec<&str> = matched.iter().map(|id| id.words()).collect();
                let matched = if matched.is_empty() {
                    "nothing matched".to_owned()
                } else {
                    format!("{} matched", matched.join(", "))
                };
                format!("Caller verified for {}: {matched}", level.words())
            }
            CallsEvent::Transferred { to, symptoms, .. } if symptoms.is_empty() => {
                format!("Call handed over to {}", to.words())
            }
            CallsEvent::Transferred { to, symptoms, .. } => {
                let heard: Vec<String> = symptoms.iter().map(|name| spoken(name)).collect();
                format!("Call handed over to {}: {}", to.words(), heard.join(", "))
            }
            CallsEvent::Promised { promised_to, .. } => {
                format!("Call back promised for {}", self.at(*promised_to))
            }
            CallsEvent::PassedOn { to, cause, .. } => {
                let to =
                    to.as_ref().map_or_else(|| "whoever takes it".to_owned(), |to| self.person(to));
                format!("Promised call back passed on to {to}: {}", cause.words())
            }
            CallsEvent::Kept { .. } => "Promised call back was made".to_owned(),
            CallsEvent::Failed { .. } => {
                "Too many tries to verify the caller failed: nothing is told".to_owned()
            }
            CallsEvent::Ended { disposition, .. } => format!("Call ended: {}", spoken(disposition)),
        }
    }
}

impl Told<'_> {
    pub(super) fn messages(&self, event: &MessagesEvent) -> String {
        match event {
            MessagesEvent::Written { to: Receiver::Provider(id), .. } => {
                let name = self.providers.get(id).map_or_else(|| id.to_string(), Clone::clone);
                format!("Message sent to {name}")
            }
            MessagesEvent::Written { to, .. } => {
                format!("Message sent to the {}", to.owner().name())
            }
            MessagesEvent::Read => "What had come in was read".to_owned(),
        }
    }
}

/// A name of a pack as it is read: `discharge-planner` is `discharge planner`. The record outlives the pack's own words.
fn spoken(name: &str) -> String {
    name.replace('-', " ")
}
