//! Whatever comes in, nothing panics and nothing runs away.

use doorstep_fhir::detect;
use doorstep_fhir::json::{Tree, read};
use doorstep_fhir::order::read_orders;
use doorstep_fhir::outcome::outcome;
use proptest::prelude::*;

fn take_whole(bytes: &[u8]) {
    let _ = (
        detect::looks_like_fhir_json(bytes),
        detect::looks_like_fhir_xml(bytes),
        detect::looks_like_cds_hooks(bytes),
    );
    match read(bytes) {
        Ok(tree) => take_tree(&tree),
        Err(problems) => {
            assert!(!problems.is_empty() && read(outcome(&problems).as_bytes()).is_ok());
        }
    }
}

fn take_tree(tree: &Tree<'_>) {
    let readings = read_orders(tree);
    assert!(!readings.is_empty());
    for reading in readings {
        assert!(read(outcome(&reading.problems).as_bytes()).is_ok());
        for document in reading.order.iter().flat_map(|order| &order.documents) {
            let _ = document.content.bytes();
        }
    }
}

const WORDS: &[&str] = &[
    "ServiceRequest",
    "Claim",
    "Task",
    "Bundle",
    "Patient",
    "#a",
    "Patient/a",
    "Patient/b",
    "subject",
    "a",
    "preauthorization",
    "fulfill",
    "2026-02-30",
    "collection",
    "DELETE",
    "3",
    "urn:uuid:a",
    "completed",
    "http://x/extension-requestedService",
    "",
];

const KEYS: &[&str] = &[
    "resourceType",
    "id",
    "entry",
    "resource",
    "fullUrl",
    "reference",
    "contained",
    "use",
    "item",
    "focus",
    "basedOn",
    "subject",
    "patient",
    "for",
    "code",
    "coding",
    "extension",
    "url",
    "valueReference",
    "request",
    "method",
    "status",
    "intent",
    "supportingInfo",
    "linkId",
    "answer",
    "valueDate",
    "data",
    "content",
    "attachment",
    "payor",
    "timing",
];

/// JSON made of the names that the reader looks for, in all the wrong places.
fn odd_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("1.50".to_owned()),
        prop::sample::select(WORDS).prop_map(|text| format!("\"{text}\"")),
    ];
    let key = prop::sample::select(KEYS);
    leaf.prop_recursive(6, 120, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::btree_map(key.clone(), inner, 0..8).prop_map(|members| {
                let members: Vec<String> =
                    members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        take_whole(&bytes);
    }

    #[test]
    fn any_text_of_json_letters_is_taken(text in r#"[\[\]{}",:\\u0-9a-ftrnls.eE+ -]{0,120}"#) {
        take_whole(text.as_bytes());
    }

    #[test]
    fn any_json_of_our_names_is_taken(text in odd_json()) {
        take_whole(text.as_bytes());
        let wrapped = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{text}}}],"type":"message"}}"#);
        take_whole(wrapped.as_bytes());
    }

    #[test]
    fn what_is_json_to_another_reader_is_json_here(text in odd_json()) {
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        prop_assert!(read(text.as_bytes()).is_ok(), "{}", text);
    }

    #[test]
    fn strings_read_the_same_as_by_another_reader(text in any::<String>()) {
        let written = serde_json::to_string(&serde_json::json!({ "a": text })).expect("a string is JSON");
        let tree = read(written.as_bytes()).expect("what another writer wrote is read");
        prop_assert_eq!(tree.root().text("a").unwrap_or_default(), if text.trim().is_empty() { "" } else { text.as_str() });
    }

    #[test]
    fn depth_is_refused_and_not_fallen_into(depth in 1_usize..20_000) {
        take_whole("[".repeat(depth).as_bytes());
        take_whole(format!("{}{}", "{\"item\":[".repeat(depth), "]}".repeat(depth)).as_bytes());
    }
}
