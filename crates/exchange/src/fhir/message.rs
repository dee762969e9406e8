//! The message that answers a message: its header names the one it answers, and points at what is inside.
//!
//! Source: FHIR R4, messaging, `MessageHeader.response`.

use doorstep_fhir::bundle::Bundle;
use doorstep_fhir::json;
use doorstep_fhir::resource::{MessageHeader, Resource};
use doorstep_vocab::Timestamp;
use serde_json::{Value, json};

/// The base of our addresses where the sender did not say how it calls us. Source: RFC 2606, `invalid` is nobody's.
const NOWHERE: &str = "https://doorstep.invalid/fhir";

/// What a message says that its answer has to repeat.
pub(super) struct Asked {
    id: String,
    event: (&'static str, Value),
    endpoint: String,
    /// Where the answer goes: the sender's own endpoint.
    back: Option<String>,
}

impl Asked {
    /// Reads the header of a message; `None` for any other document.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let tree = json::read(bytes).ok()?;
        let bundle = Bundle::of(Resource::at(tree.root())?)?;
        let first = bundle.entries().next()?.resource?;
        let header = MessageHeader::of(first).filter(|_| bundle.kind() == Some("message"))?;
        let event = match header.event() {
            Some(event) => {
                let mut coding = json!({ "code": event.code.unwrap_or_default() });
                if let Some(system) = event.system {
                    coding["system"] = json!(system);
                }
                ("eventCoding", coding)
            }
            None => ("eventUri", json!(header.event_uri().unwrap_or_default())),
        };
        let is_web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
        let destination = first.node().list("destination").iter();
        let mut called = destination.filter_map(|one| one.text("endpoint")).filter(is_web);
        let back = header.source().and_then(|source| source.text("endpoint"));
        Some(Self {
            id: first.id().unwrap_or_default().to_owned(),
            event,
            endpoint: called.next().unwrap_or(NOWHERE).trim_end_matches('/').to_owned(),
            back: back.map(str::to_owned),
        })
    }

    /// Returns the message that answers, numbered `control`. Where nothing was taken it is a `fatal-error`: sending
    /// the same again will not help.
    pub(super) fn answer(
        &self,
        (answers, is_ok): (Vec<Value>, bool),
        now: Timestamp,
        control: u32,
    ) -> Value {
        let own_id = format!("reply-{control}");
        let mut entries = Vec::new();
        let (mut focus, mut details) = (Vec::new(), None);
        for (n, mut resource) in answers.into_iter().enumerate() {
            let kind = resource["resourceType"].as_str().unwrap_or_default().to_owned();
            let id = match resource["id"].as_str() {
                Some(id) => id.to_owned(),
                None => format!("{own_id}-{}", n + 1),
            };
            resource["id"] = json!(id);
            let url = format!("{}/{kind}/{id}", self.endpoint);
            let reference = json!({ "reference": url });
            if kind == "OperationOutcome" {
                details.get_or_insert(reference);
            } else {
                focus.push(reference);
            }
            entries.push(json!({ "fullUrl": url, "resource": resource }));
        }
        let mut response =
            json!({ "identifier": self.id, "code": if is_ok { "ok" } else { "fatal-error" } });
        if let Some(details) = details {
            response["details"] = details;
        }
        let mut header = json!({
            "resourceType": "MessageHeader",
            "id": own_id,
            "source": { "endpoint": self.endpoint },
            "response": response,
        });
        header[self.event.0] = self.event.1.clone();
        if let Some(back) = &self.back {
            header["destination"] = json!([{ "endpoint": back }]);
        }
        if !focus.is_empty() {
            header["focus"] = json!(focus);
        }
        let url = format!("{}/MessageHeader/{own_id}", self.endpoint);
        entries.insert(0, json!({ "fullUrl": url, "resource": header }));
        json!({ "resourceType": "Bundle", "type": "message", "timestamp": now.to_string(), "entry": entries })
    }
}
