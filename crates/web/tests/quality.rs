//! Quality on its pages: a month is drawn, scored by a card, and seen by whose work it is.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::{Session, World};

const FULL: [(&str, &str); 8] = [
    ("verification", "20"),
    ("greeting", "5"),
    ("understanding", "10"),
    ("accuracy", "20"),
    ("documentation", "15"),
    ("recap", "15"),
    ("empathy", "10"),
    ("compliance", "5"),
];

async fn closed_call(world: &World, agent: &Session) -> String {
    let pairs = [("direction", "inbound"), ("caller", "member"), ("reason", "status")];
    let call = world.post("/calls", Some(agent), &pairs).await.location().to_owned();
    let end = [("disposition", "wrong-number")];
    world.post(&format!("{call}/disposition"), Some(agent), &end).await;
    world.post(&format!("{call}/closure"), Some(agent), &[]).await;
    call.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_call_of_the_month_is_scored_and_its_agent_sees_the_card() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let supervisor = world.sign_in(Role::Supervisor);
    let call = closed_call(&world, &agent).await;
    let forbidden = world.get("/quality", Some(&agent)).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN, "agents do not draw");
    let sample = world.get("/quality?month=2026-11", Some(&supervisor)).await.text;
    assert!(sample.contains("1 drawn of 1") && sample.contains("to be scored"), "{sample}");
    let again = world.get("/quality?month=2026-11", Some(&supervisor)).await.text;
    assert_eq!(drawn(&sample), drawn(&again), "the same month draws the same");
    let mut pairs = vec![("month", "2026-11"), ("what", "call"), ("id", call.as_str())];
    pairs.extend([("words", "Say the case number at the end."), ("greeting", "6")]);
    let refused = world.post("/quality/cards", Some(&supervisor), &pairs).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Give 0 to 5 points"), "{}", refused.text);
    pairs.truncate(4);
    pairs.extend(FULL);
    let kept = world.post("/quality/cards", Some(&supervisor), &pairs).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let own = world.get("/quality/own", Some(&agent)).await.text;
    assert!(own.contains("100 of 100") && own.contains("Say the case number at the end."), "{own}");
    assert!(own.contains("supervisor Example"));
    let nurse = world.sign_in(Role::Nurse);
    assert!(!world.get("/quality/own", Some(&nurse)).await.text.contains("100 of 100"));
    let sample = world.get("/quality?month=2026-11", Some(&supervisor)).await.text;
    assert!(sample.contains("100 of 100"));
}

fn drawn(page: &str) -> &str {
    page.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap()
}

#[tokio::test]
async fn an_item_that_fails_fails_the_card_and_complaints_are_all_looked_at() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let supervisor = world.sign_in(Role::Supervisor);
    let call = closed_call(&world, &agent).await;
    let case = world.open_oxygen(&agent).await;
    let complaint = [
        ("kind", "grievance"),
        ("category", "access"),
        ("severity", "4"),
        ("from", "member"),
        ("door", "call"),
        ("received_at", "2026-11-23T08:00"),
        ("words", "Nobody picks up."),
    ];
    world.act(&agent, (&case, "complaints"), &complaint).await;
    let sample = world.get("/quality?month=2026-11", Some(&supervisor)).await.text;
    assert!(sample.contains("2 drawn of 2") && sample.contains("A complaint"), "{sample}");
    let mut pairs = vec![("month", "2026-11"), ("what", "call"), ("id", call.as_str())];
    pairs.extend(FULL);
    pairs[3] = ("verification", "10");
    world.post("/quality/cards", Some(&supervisor), &pairs).await;
    let own = world.get("/quality/own", Some(&agent)).await.text;
    assert!(own.contains(">failed<"), "{own}");
    let bad = world.get("/quality?month=never", Some(&supervisor)).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}
