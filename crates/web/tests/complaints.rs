//! Complaints on their pages: taken down with their receipt, acknowledged, answered, filed as something else, counted.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::{Session, World};

const LATE: [(&str, &str); 8] = [
    ("kind", "grievance"),
    ("category", "late-delivery"),
    ("severity", "2"),
    ("from", "member"),
    ("door", "call"),
    ("received_at", "2026-11-23T08:00"),
    ("words", "The oxygen came two days late."),
    ("dispute_id", "g-1"),
];

async fn page(world: &World, who: &Session, path: &str) -> String {
    let answer = world.get(path, Some(who)).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.text
}

#[tokio::test]
async fn a_grievance_has_its_clocks_and_is_resolved_once_it_is_answered() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let refused = world.act(&agent, (&case, "complaints"), &[("kind", "grievance")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let taken = world.act(&agent, (&case, "complaints"), &LATE).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let list = page(&world, &agent, "/complaints").await;
    for told in
        ["A late or missed delivery", "not acknowledged", "2, grave", "Acknowledge the complaint"]
    {
        assert!(list.contains(told), "{told}");
    }
    assert!(!list.contains("Testa") && !list.contains("two days late"), "it names nobody");
    let story = page(&world, &agent, &case).await;
    assert!(
        story.contains("The oxygen came two days late.") && story.contains("Took down a grievance")
    );
    let of = [("dispute", "g-1")];
    let done = world.act(&agent, (&case, "complaint-acknowledgements"), &of).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let resolve = [("dispute", "g-1"), ("outcome", "resolved")];
    let early = world.act(&agent, (&case, "dispute-decisions"), &resolve).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("answer it first"), "{}", early.text);
    let answer = [("dispute", "g-1"), ("how", "aloud")];
    world.act(&agent, (&case, "complaint-answers"), &answer).await;
    let done = world.act(&agent, (&case, "dispute-decisions"), &resolve).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let list = page(&world, &agent, "/complaints").await;
    assert!(list.contains("No complaint is open.") && list.contains("Severity 1 or 2"), "{list}");
    assert!(list.len() < 100 * 1024);
    let supervisor = world.sign_in(Role::Supervisor);
    let board = page(&world, &supervisor, "/board").await;
    assert!(
        board.contains("Complaints about") && board.contains("A late or missed delivery"),
        "{board}"
    );
    assert!(board.contains("Keep-rate, 30 days") && board.contains("none yet"));
}

#[tokio::test]
async fn quality_of_care_is_raised_to_the_clinical_lead_by_itself() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let mut quality = LATE.to_vec();
    quality[1] = ("category", "quality-of-care");
    world.act(&agent, (&case, "complaints"), &quality).await;
    let list = page(&world, &agent, "/escalations").await;
    assert!(list.contains("Clinical risk") && list.contains("by itself"), "{list}");
}

#[tokio::test]
async fn what_was_filed_wrongly_keeps_its_first_receipt() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.act(&agent, (&case, "complaints"), &LATE).await;
    let refile = |kind: &'static str| [("dispute", "g-1"), ("kind", kind)];
    let wrong = world.act(&agent, (&case, "refilings"), &refile("appeal")).await;
    assert!(wrong.text.contains("only a line that was denied"), "nothing was decided");
    let done = world.act(&agent, (&case, "refilings"), &refile("inquiry")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let story = page(&world, &agent, &case).await;
    assert!(story.contains("with its first receipt") && story.contains("was filed as a grievance"));
    let list = page(&world, &agent, "/complaints?category=late-delivery").await;
    assert!(list.contains("An inquiry") && list.contains("Nov 23, 9:00"), "{list}");
    assert!(
        page(&world, &agent, "/complaints?category=fraud").await.contains("No complaint is open.")
    );
}

#[tokio::test]
async fn the_file_for_outside_holds_what_was_raised_tried_and_recorded() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.act(&agent, (&case, "acknowledgement"), &[]).await;
    world.act(&agent, (&case, "benefit-requests"), &[]).await;
    let done = world.act(&agent, (&case, "complaints"), &LATE).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let before = world.audited();
    let file = world.get(&format!("{case}/file"), Some(&agent)).await;
    assert_eq!((file.status, world.audited()), (StatusCode::OK, before + 1), "one look");
    let attempts = file.text.split("id=\"attempts-head\"").nth(1).unwrap();
    let attempts = attempts.split("id=\"clocks-head\"").next().unwrap();
    assert!(attempts.contains("overage"), "the question about coverage was an attempt: {attempts}");
    assert!(!attempts.contains("Acknowledged"), "an acknowledgement was none: {attempts}");
    for words in ["A grievance", "first heard", "facts 7.2", "Everything that happened", "Z</td>"] {
        assert!(file.text.contains(words), "{words}: {}", file.text);
    }
    let record = file.text.split("id=\"record-head\"").last().unwrap();
    assert!(
        record.find("Case opened").unwrap() < record.find("Took down").unwrap(),
        "in its order"
    );
}
