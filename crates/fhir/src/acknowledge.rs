//! Answers to the sender of an order: a task that tells how it stands, or the reply to a message.

use crate::outcome::write;
use crate::problem::{Problem, any_error};
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

/// What the reply to a message says.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    /// The id of the reply, from which its URLs are made; letters, digits, `-` and `.`.
    pub reply_id: &'a str,
    /// The `id` of the message's header, which the reply answers.
    pub answers_id: &'a str,
    /// The event of the message: system and code.
    pub event: (Option<&'a str>, &'a str),
    /// Our endpoint, a URL.
    pub endpoint: &'a str,
    /// The task that acknowledges, when the message was taken.
    pub task: Option<Acknowledgement<'a>>,
    /// What was wrong.
    pub problems: &'a [Problem],
    /// Now, as an instant with its offset.
    pub now: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BundleOut<'a> {
    resource_type: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: &'a str,
    entry: Vec<EntryOut<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryOut<'a> {
    full_url: String,
    resource: ResourceOut<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ResourceOut<'a> {
    Header(Box<HeaderOut<'a>>),
    Task(Box<TaskOut<'a>>),
    Raw(Box<serde_json::value::RawValue>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HeaderOut<'a> {
    resource_type: &'static str,
    id: &'a str,
    event_coding: EventOut<'a>,
    source: SourceOut<'a>,
    response: ResponseOut<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    focus: Vec<FocusOut>,
}

#[derive(Serialize)]
struct EventOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a str>,
    code: &'a str,
}

#[derive(Serialize)]
struct SourceOut<'a> {
    endpoint: &'a str,
}

#[derive(Serialize)]
struct ResponseOut<'a> {
    identifier: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<FocusOut>,
}

#[derive(Serialize)]
struct FocusOut {
    reference: String,
}

/// Returns the reply to a message in JSON: a bundle of type `message` whose header answers the first one.
///
/// The response code is `ok`, or `fatal-error` when a problem is an error: sending the same again will not help.
pub fn reply(said: &Reply<'_>) -> String {
    let base = said.endpoint.trim_end_matches('/');
    let url = |kind: &str, id: &str| format!("{base}/{kind}/{id}");
    let outcome_url = url("OperationOutcome", said.reply_id);
    let has_problems = !said.problems.is_empty();
    let header = HeaderOut {
        resource_type: "MessageHeader",
        id: said.reply_id,
        event_coding: EventOut { system: said.event.0, code: said.event.1 },
        source: SourceOut { endpoint: said.endpoint },
        response: ResponseOut {
            identifier: said.answers_id,
            code: if any_error(said.problems) { "fatal-error" } else { "ok" },
            details: has_problems.then(|| FocusOut { reference: outcome_url.clone() }),
        },
        focus: said
            .task
            .iter()
            .map(|task| FocusOut { reference: url("Task", task.task_id) })
            .collect(),
    };
    let full_url = url("MessageHeader", said.reply_id);
    let mut entry = vec![EntryOut { full_url, resource: ResourceOut::Header(Box::new(header)) }];
    if let Some(task) = &said.task {
        let resource = ResourceOut::Task(Box::new(task_out(task)));
        entry.push(EntryOut { full_url: url("Task", task.task_id), resource });
    }
    if has_problems {
        let text = crate::outcome::outcome(said.problems);
        let raw =
            serde_json::value::RawValue::from_string(text).expect("what we wrote as JSON is JSON");
        entry.push(EntryOut { full_url: outcome_url, resource: ResourceOut::Raw(raw) });
    }
    write(&BundleOut { resource_type: "Bundle", kind: "message", timestamp: said.now, entry })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{Bundle, Resolver};
    use crate::json::read;
    use crate::kind::{Kind, classify};
    use crate::problem::Code;
    use crate::resource::{MessageHeader, Resource, Task};

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

    #[test]
    fn a_reply_answers_the_message_and_resolves_within_itself() {
        let problems =
            [Problem::warning(Code::Unresolved, "Bundle.entry[1]", "it leads to nothing")];
        let said = Reply {
            reply_id: "r1",
            answers_id: "m7",
            event: (None, "InitialOrder"),
            endpoint: "https://hub.example/fhir",
            task: Some(RECEIVED),
            problems: &problems,
            now: "2026-03-09T14:05:00Z",
        };
        let text = reply(&said);
        let tree = read(text.as_bytes()).unwrap();
        let resource = Resource::at(tree.root()).unwrap();
        let first = Bundle::of(resource).unwrap().entries().next().unwrap().resource.unwrap();
        let header = MessageHeader::of(first).unwrap();
        let response = header.response().unwrap();
        assert_eq!((response.text("identifier"), response.text("code")), (Some("m7"), Some("ok")));
        let resolver = Resolver::of(&tree, &mut Vec::new());
        let focus = header.focus().remove(0);
        assert_eq!(resolver.resolve(&focus, first.node()).map(Resource::kind), Some("Task"));
        assert_eq!(classify(&tree), Kind::Reply);
        let errors = [Problem::error(Code::NoLines, "Bundle", "nothing is ordered")];
        assert!(reply(&Reply { problems: &errors, task: None, ..said }).contains("fatal-error"));
    }
}
