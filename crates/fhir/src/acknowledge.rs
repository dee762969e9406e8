//! Answers to the sender of an order: a task that tells how it stands.

use crate::outcome::write;
use serde::Serialize;

/// How a referral stands, in the words of `Task.status` and of the `BSeR` business statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It has arrived.
    Received,
    /// It will be carried out.
    Accepted,
    /// It will not be carried out.
    Rejected,
    /// A time is set for it.
    Scheduled,
    /// It was withdrawn.
    Cancelled,
    /// It was carried out.
    Completed,
}

impl Standing {
    /// Returns the code of `Task.status`. Source: FHIR R4 `task-status`.
    pub const fn status(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Scheduled => "in-progress",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
        }
    }

    /// Returns the `BSeR` business status. Source: `BSeR` referral guide, `TaskBusinessStatus`.
    const fn business(self) -> &'static str {
        match self {
            Self::Received => "2.0",
            Self::Accepted => "3.0",
            Self::Rejected => "4.0",
            Self::Scheduled => "5.1.1",
            Self::Cancelled => "6.0",
            Self::Completed => "7.0",
        }
    }
}

const BUSINESS_SYSTEM: &str = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS";

/// What an acknowledging task says.
#[derive(Debug, Clone, Copy)]
pub struct Acknowledgement<'a> {
    /// The task's id on our server.
    pub task_id: &'a str,
    /// The system of our reference numbers, a URI.
    pub system: &'a str,
    /// Our reference number, which the sender may quote.
    pub number: &'a str,
    /// How the referral stands.
    pub standing: Standing,
    /// Why, in words for the sender.
    pub reason: Option<&'a str>,
    /// The reference of the sender's request, sent back as it came.
    pub focus: Option<&'a str>,
    /// The sender's own identifier: system and value.
    pub theirs: Option<(Option<&'a str>, &'a str)>,
    /// Now, as an instant with its offset.
    pub now: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskOut<'a> {
    resource_type: &'static str,
    id: &'a str,
    identifier: Vec<IdentifierOut<'a>>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<TextOut<'a>>,
    business_status: ConceptOut,
    intent: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    focus: Option<ReferenceOut<'a>>,
    last_modified: &'a str,
}

#[derive(Serialize)]
struct IdentifierOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a str>,
    value: &'a str,
}

#[derive(Serialize)]
struct TextOut<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct ConceptOut {
    coding: [CodingOut; 1],
}

#[derive(Serialize)]
struct CodingOut {
    system: &'static str,
    code: &'static str,
}

#[derive(Serialize)]
struct ReferenceOut<'a> {
    reference: &'a str,
}

/// Returns the acknowledging `Task` in JSON.
pub fn task(said: &Acknowledgement<'_>) -> String {
    write(&task_out(said))
}

fn task_out<'a>(said: &Acknowledgement<'a>) -> TaskOut<'a> {
    let ours = IdentifierOut { system: Some(said.system), value: said.number };
    let theirs = said.theirs.map(|(system, value)| IdentifierOut { system, value });
    TaskOut {
        resource_type: "Task",
        id: said.task_id,
        identifier: std::iter::once(ours).chain(theirs).collect(),
        status: said.standing.status(),
        status_reason: said.reason.map(|text| TextOut { text }),
        business_status: ConceptOut {
            coding: [CodingOut { system: BUSINESS_SYSTEM, code: said.standing.business() }],
        },
        intent: "order",
        // A `#id` means something only inside the sender's own resource.
        focus: said
            .focus
            .filter(|focus| !focus.starts_with('#'))
            .map(|reference| ReferenceOut { reference }),
        last_modified: said.now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read;
    use crate::kind::{Kind, classify};
    use crate::resource::{Resource, Task};

    const RECEIVED: Acknowledgement<'_> = Acknowledgement {
        task_id: "t1",
        system: "https://hub.example/case",
        number: "C-1042",
        standing: Standing::Received,
        reason: None,
        focus: Some("ServiceRequest/HomeHealth"),
        theirs: Some((None, "56ae")),
        now: "2026-03-09T14:05:00Z",
    };

    #[test]
    fn a_task_tells_both_numbers_and_how_it_stands() {
        let text = task(&Acknowledgement {
            reason: Some("no \"room\""),
            standing: Standing::Rejected,
            ..RECEIVED
        });
        let tree = read(text.as_bytes()).unwrap();
        let task = Task::of(Resource::at(tree.root()).unwrap()).unwrap();
        let values: Vec<_> =
            task.resource().identifiers().iter().filter_map(|one| one.value).collect();
        assert_eq!(values, ["C-1042", "56ae"]);
        assert_eq!(
            (task.resource().status(), task.business_status().unwrap().code()),
            (Some("rejected"), Some("4.0"))
        );
        assert_eq!(task.status_reason().unwrap().text, Some("no \"room\""));
        assert_eq!(classify(&tree), Kind::Progress("rejected".into()));
    }
}
