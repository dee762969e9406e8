//! Breaking the glass: for one case, for four hours, by a fresh factor, before the privacy officer's eyes.

mod support;

use axum::http::StatusCode;
use doorstep_app::signin::{self, Whence};
use doorstep_case::Role;
use doorstep_vocab::UserId;
use support::{Session, World};

/// A case that is labelled, so that an agent who has no part in it does not see it.
async fn labelled(world: &World, label: &str) -> String {
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    world.act(&supervisor, (&case, "labels"), &[("label", label)]).await;
    case
}

const WHY: [(&str, &str); 2] = [("purpose", "treatment"), ("reason", "Unconscious at home")];
const RECORD: [(&str, &str); 5] = [
    ("purpose", "treatment"),
    ("reason", "Unconscious at home"),
    ("recipient", "Dr. Sample"),
    ("affiliation", "Example Hospital"),
    ("nature", "overdose"),
];

async fn status(world: &World, session: &Session, path: &str) -> StatusCode {
    world.get(path, Some(session)).await.status
}

#[tokio::test]
async fn the_glass_opens_one_case_for_four_hours_and_tells_the_privacy_officer_at_once() {
    let world = World::new();
    let case = labelled(&world, "hiv").await;
    let agent = world.sign_in(Role::Agent);
    assert_eq!(status(&world, &agent, &case).await, StatusCode::FORBIDDEN);
    let path = format!("{case}/glass");
    let silent = world.post(&path, Some(&agent), &[("purpose", "treatment")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.post(&path, Some(&agent), &WHY).await.location(), case);
    let page = world.get(&case, Some(&agent)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Opened in an emergency"), "{}", page.text);
    world.pass_minutes(1);
    world.get(&case, Some(&agent)).await;
    world.latest_record(|one| {
        assert_eq!(
            (one.entry.rule.as_str(), one.entry.purpose.as_str()),
            ("13-break-glass", "emergency")
        );
    });
    let officer = world.sign_in(Role::PrivacyOfficer);
    let counts = world.get("/counts", Some(&officer)).await.text;
    assert!(counts.contains("An emergency waits for your review"), "{counts}");
    let reviews = world.get("/glass", Some(&officer)).await.text;
    assert!(reviews.contains("Unconscious at home") && !reviews.contains("Testa"), "{reviews}");
    world.pass_minutes(4 * 60);
    let later = world.sign_in(Role::Agent);
    assert_eq!(status(&world, &later, &case).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn it_takes_a_fresh_factor() {
    let world = World::new();
    let case = labelled(&world, "hiv").await;
    let agent = world.sign_in(Role::Agent);
    world.pass_minutes(6);
    let asked = world.post(&format!("{case}/glass"), Some(&agent), &WHY).await;
    assert!(asked.text.contains("confirm."), "{}", asked.text);
    assert_eq!(status(&world, &agent, &case).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_part_2_protects_is_opened_with_its_record_only() {
    let world = World::new();
    let case = labelled(&world, "part2").await;
    let agent = world.sign_in(Role::Agent);
    let path = format!("{case}/glass");
    let without = world.post(&path, Some(&agent), &WHY).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.text.contains("who receives them"), "{}", without.text);
    assert_eq!(status(&world, &agent, &case).await, StatusCode::FORBIDDEN);
    assert_eq!(world.post(&path, Some(&agent), &RECORD).await.location(), case);
    let officer = world.sign_in(Role::PrivacyOfficer);
    let reviews = world.get("/glass", Some(&officer)).await.text;
    for of_record in ["Dr. Sample", "Example Hospital", "overdose", "agent"] {
        assert!(reviews.contains(of_record), "{of_record}: {reviews}");
    }
}

#[tokio::test]
async fn a_list_taken_away_holds_nothing_that_was_opened_in_an_emergency() {
    let world = World::new();
    let nurse = world.sign_in(Role::Nurse);
    let case = world.open_oxygen(&nurse).await;
    let admin = world.sign_in(Role::Admin);
    world.post("/walls/payers", Some(&admin), &[("shut", "evergreen-ma")]).await;
    let supervisor = world.sign_in(Role::Supervisor);
    let opened = world.post(&format!("{case}/glass"), Some(&supervisor), &WHY).await;
    assert_eq!(opened.location(), case, "{}", opened.text);
    let list = world.get("/worklist?queue=all", Some(&supervisor)).await.text;
    assert!(list.contains("Testa"));
    let pairs = [("query", "queue=all"), ("format", "csv")];
    let file = world.post("/worklist/exports", Some(&supervisor), &pairs).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    assert!(!file.text.contains("Testa"), "{}", file.text);
}

#[tokio::test]
async fn a_review_is_kept_once_and_one_that_finds_no_reason_ends_it() {
    let world = World::new();
    let case = labelled(&world, "hiv").await;
    let agent = world.sign_in(Role::Agent);
    world.post(&format!("{case}/glass"), Some(&agent), &WHY).await;
    let officer = world.sign_in(Role::PrivacyOfficer);
    let reviews = world.get("/glass", Some(&officer)).await.text;
    let path = reviews.split("action=\"/glass/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/glass/{path}");
    let silent = world.post(&path, Some(&officer), &[("finding", "unjustified")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let found = [("finding", "unjustified"), ("words", "no emergency")];
    assert_eq!(world.post(&path, Some(&officer), &found).await.location(), "/glass?done=reviewed");
    assert_eq!(status(&world, &agent, &case).await, StatusCode::FORBIDDEN, "it has ended");
    let again = world.post(&path, Some(&officer), &found).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_account_is_shut_when_nobody_reviewed_in_two_business_days() {
    let world = World::new();
    let case = labelled(&world, "hiv").await;
    let agent = world.sign_in(Role::Agent);
    world.post(&format!("{case}/glass"), Some(&agent), &WHY).await;
    let shut = || {
        doorstep_app::glass::sweep(&world.app).unwrap();
        let link = signin::make_link(&world.app.system("test"), &UserId::from("agent")).unwrap();
        signin::by_link(&world.app, link.reveal(), &Whence::default()).is_err()
    };
    // Opened on a Monday: the second business day after it is Wednesday.
    world.pass_minutes(2 * 24 * 60 - 60);
    assert!(!shut(), "it is not due yet");
    world.pass_minutes(24 * 60);
    assert!(shut());
    let admin = world.sign_in(Role::Admin);
    world.post("/users/agent/admission", Some(&admin), &[("admitted", "yes")]).await;
    assert!(!shut(), "it is shut once for each");
}

#[tokio::test]
async fn what_was_opened_in_an_emergency_is_nobodys_for_good() {
    let world = World::new();
    let case = labelled(&world, "hiv").await;
    let id = case.rsplit('/').next().unwrap().to_owned();
    let agent = world.sign_in(Role::Agent);
    let call =
        [("direction", "inbound"), ("caller", "member"), ("reason", "status"), ("case", &id)];
    let hidden = world.post("/calls", Some(&agent), &call).await;
    assert_eq!(hidden.status, StatusCode::FORBIDDEN, "no call is begun on a case that is hidden");
    assert!(!world.get("/calls", Some(&agent)).await.text.contains("You are on a call"));
    assert_eq!(world.post(&format!("{case}/glass"), Some(&agent), &WHY).await.location(), case);
    let mine = [("case", id.as_str()), ("to", "agent"), ("query", "queue=all")];
    let given = world.post("/worklist/assignments", Some(&agent), &mine).await;
    assert!(given.text.contains("you see this case by leave for a time"), "{}", given.text);
    let off = world.act(&agent, (&case, "label-removals"), &[("label", "hiv")]).await;
    assert_ne!(off.status, StatusCode::SEE_OTHER, "nor is the label taken off");
    let note = world.act(&agent, (&case, "notes"), &[("text", "Breathing again")]).await;
    assert_eq!(note.status, StatusCode::SEE_OTHER, "{}", note.text);
    world.pass_minutes(4 * 60 + 1);
    let later = world.sign_in(Role::Agent);
    assert_eq!(status(&world, &later, &case).await, StatusCode::FORBIDDEN);
}
