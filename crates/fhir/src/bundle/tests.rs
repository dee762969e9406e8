use super::*;
use crate::json::read;

fn ids(text: &str, references: &[(&str, usize)]) -> Vec<Option<String>> {
    let tree = read(text.as_bytes()).expect("the test's document is sound");
    let resolver = Resolver::of(&tree, &mut Vec::new());
    let tops: Vec<_> = resolver.resources().collect();
    let name =
        |resource: Resource<'_>| format!("{}/{}", resource.kind(), resource.id().unwrap_or("-"));
    references
        .iter()
        .map(|(text, from)| resolver.resolve_text(text, tops[*from].node()).map(name))
        .collect()
}

const TWO_SERVERS: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"fullUrl":"https://a.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1","language":"a"}},
    {"fullUrl":"https://b.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1","language":"b"}},
    {"fullUrl":"https://b.example/fhir/Task/7","resource":{"resourceType":"Task","id":"7",
        "contained":[{"resourceType":"Device","id":"d","note":[{"text":"x"}]}]}},
    {"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","resource":{"resourceType":"Coverage"}}]}"#;

#[test]
fn references_of_every_form_are_resolved() {
    let found = ids(
        TWO_SERVERS,
        &[
            ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", 0),
            ("https://a.example/fhir/Patient/1/_history/3", 2),
            ("#d", 2),
            ("#", 2),
            ("#d", 0),
            ("Task/7", 0),
            ("https://c.example/fhir/Task/7", 0),
            ("Patient/2", 0),
            ("nonsense", 0),
            ("", 0),
            ("/", 0),
        ],
    );
    let found: Vec<_> = found.iter().map(|one| one.as_deref().unwrap_or("nothing")).collect();
    assert_eq!(found[..6], ["Coverage/-", "Patient/1", "Device/d", "Task/7", "nothing", "Task/7"]);
    assert!(found[6..].iter().all(|one| *one == "nothing"), "{found:?}");
}

#[test]
fn a_relative_reference_stays_on_its_own_server() {
    let tree = read(TWO_SERVERS.as_bytes()).unwrap();
    let resolver = Resolver::of(&tree, &mut Vec::new());
    let task = resolver.resources().find(|resource| resource.kind() == "Task").unwrap();
    let patient = resolver.resolve_text("Patient/1", task.node()).unwrap();
    assert_eq!(patient.node().text("language"), Some("b"));
}

#[test]
fn rings_of_references_end() {
    let text = r##"{"resourceType":"Task","id":"1","focus":{"reference":"#a"},"contained":[
        {"resourceType":"Task","id":"a","focus":{"reference":"#a"},"partOf":[{"reference":"#"}]}]}"##;
    assert_eq!(
        ids(text, &[("#a", 0), ("#", 0)]),
        [Some("Task/a".to_owned()), Some("Task/1".to_owned())]
    );
}

#[test]
fn what_leads_nowhere_is_reported_with_its_path() {
    let text = r#"{"resourceType":"Bundle","entry":[{"fullUrl":"x","resource":{"resourceType":"Task",
        "for":{"reference":"Patient/9"},"owner":{"reference":"https://a.example/Organization/1"}}},
        {"fullUrl":"x","resource":{"resourceType":"Device"}}]}"#;
    let tree = read(text.as_bytes()).unwrap();
    let mut problems = Vec::new();
    let resolver = Resolver::of(&tree, &mut problems);
    problems.extend(resolver.unresolved(&tree));
    let said: Vec<_> =
        problems.iter().map(|problem| (problem.code, problem.path.as_str())).collect();
    assert_eq!(
        said,
        [
            (Code::DuplicateUrl, "Bundle.entry[1].fullUrl"),
            (Code::Unresolved, "Bundle.entry[0].resource.for")
        ]
    );
}

#[test]
fn a_bundle_is_held_to_the_profile_it_claims() {
    let check = |text: &str| {
        let tree = read(text.as_bytes()).unwrap();
        Bundle::of(Resource::at(tree.root()).unwrap()).unwrap().check_pas(&tree)
    };
    let claimed = check(
        r#"{"resourceType":"Bundle","type":"batch","meta":{"profile":
        ["http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-pas-request-bundle"]},
        "entry":[{"fullUrl":"x","resource":{"resourceType":"Patient"}}]}"#,
    );
    let paths: Vec<_> = claimed.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["Bundle.type", "Bundle.identifier", "Bundle.timestamp", "Bundle.entry"]);
    assert!(crate::problem::any_error(&claimed));
    let unclaimed = check(
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Claim"}}]}"#,
    );
    assert_eq!(unclaimed.len(), 3);
    assert!(!crate::problem::any_error(&unclaimed));
}
