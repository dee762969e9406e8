//! Who viewed which member: asked for blind, told by case number, taken away on the record.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::World;

const TODAY: [(&str, &str); 2] = [("from", "2026-11-23"), ("to", "2026-11-23")];

fn asking<'a>(member: &'a str, by: &'a str) -> Vec<(&'a str, &'a str)> {
    TODAY.into_iter().chain([("member", member), ("by", by)]).collect()
}

#[tokio::test]
async fn the_looks_at_all_cases_of_a_member_are_found_by_either_number() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let other = world.open_bed(&agent).await;
    world.get(&other, Some(&agent)).await;
    let nurse = world.sign_in(Role::Nurse);
    world.get("/worklist?queue=all", Some(&nurse)).await;
    let page = world.get(&case, Some(&agent)).await.text;
    let number = page.split("<title>").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let officer = world.sign_in(Role::PrivacyOfficer);
    for member in ["test 0001", number.as_str()] {
        let found = world.post("/looks", Some(&officer), &asking(member, "who")).await;
        assert_eq!(found.status, StatusCode::OK, "{}", found.text);
        for told in ["read case", "read worklist", "nurse", "intake.referred", number.as_str()] {
            assert!(found.text.contains(told), "{told} by {member}: {}", found.text);
        }
        assert!(!found.text.contains("Testa") && !found.text.contains("1950"), "{}", found.text);
        let agents = found.text.find(">agent<").unwrap();
        assert!(agents < found.text.find(">nurse<").unwrap(), "sorted by who");
    }
    let nobody = world.post("/looks", Some(&officer), &asking("TEST-9999", "when")).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let swapped = [("member", "TEST-0001"), ("from", "2026-11-24"), ("to", "2026-11-23")];
    let swapped = world.post("/looks", Some(&officer), &swapped).await;
    assert_eq!(swapped.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_is_taken_away_is_on_the_record_with_its_digest() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    world.open_oxygen(&agent).await;
    let auditor = world.sign_in(Role::Auditor);
    world.pass_minutes(1);
    let file = world.post("/looks/exports", Some(&auditor), &asking("TEST-0001", "when")).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    assert!(file.text.starts_with("When (UTC),User,Role"), "{}", file.text);
    assert!(file.text.contains("intake.referred") && !file.text.contains("Testa"));
    world.latest_record(|one| {
        assert_eq!(one.entry.action, "export looks");
        let digest = doorstep_app::digest(file.text.as_bytes());
        assert!(one.entry.object.ends_with(&digest), "{}", one.entry.object);
        assert_eq!(one.n_cases, 1);
    });
    world.pass_minutes(6);
    let later = world.post("/looks/exports", Some(&auditor), &asking("TEST-0001", "when")).await;
    assert!(later.text.contains("confirm."), "it takes a fresh factor: {}", later.text);
}

#[tokio::test]
async fn a_day_is_asked_for_what_somebody_should_explain() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    // Every user of this hub is called Example, as the member is.
    world.get(&case, Some(&supervisor)).await;
    world.act(&supervisor, (&case, "labels"), &[("label", "hiv")]).await;
    let agent = world.sign_in(Role::Agent);
    world.get(&case, Some(&agent)).await;
    let glass = [("purpose", "danger"), ("reason", "Fell, alone at home")];
    world.post(&format!("{case}/glass"), Some(&agent), &glass).await;
    let auditor = world.sign_in(Role::Auditor);
    let page = world.get("/looks/review?on=2026-11-23", Some(&auditor)).await.text;
    let of = |title: &str| {
        let at = page.find(title).unwrap();
        page[at..].split("</section>").next().unwrap().to_owned()
    };
    assert!(of("own family name").contains("supervisor Example"), "{page}");
    assert!(of("Kept out").contains("agent Example"), "{page}");
    assert!(of("More than 60").contains("Nobody"), "{page}");
    assert!(page.contains("One emergency waits"), "{page}");
    let before = world.get("/looks/review", Some(&auditor)).await.text;
    assert!(!before.contains("supervisor Example"), "yesterday nobody looked");
}
