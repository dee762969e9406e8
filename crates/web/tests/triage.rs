//! The nurses' board: each case in its place with the reason, and triage that refuses beside its fields.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::World;

#[tokio::test]
async fn what_presses_most_stands_first_with_its_reason() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let nurse = world.sign_in(Role::Nurse);
    assert_eq!(world.get("/triage", Some(&agent)).await.status, StatusCode::FORBIDDEN);
    let empty = world.get("/triage", Some(&nurse)).await.text;
    assert!(empty.contains("Nothing waits for triage."));
    let bed = world.open_bed(&agent).await;
    world.act(&agent, (&bed, "acknowledgement"), &[]).await;
    let oxygen = world.open_oxygen(&agent).await;
    world.act(&agent, (&oxygen, "acknowledgement"), &[]).await;
    let now = doorstep_vocab::Timestamp(world.clock.load(std::sync::atomic::Ordering::Relaxed));
    let soon = now.plus(doorstep_vocab::Micros::hours(6)).to_string();
    let needed = [("at", soon.as_str()), ("reason", "member")];
    let moved = world.act(&agent, (&oxygen, "need-by"), &needed).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
    let supervisor = world.sign_in(Role::Supervisor);
    let escalations = world.get("/escalations", Some(&supervisor)).await.text;
    assert!(escalations.contains("Oxygen, ventilation or an infusion"), "it was raised by itself");
    let id = "missed:therapy-due:line-1";
    let now = world.act(&supervisor, (&oxygen, "resolutions"), &[("escalation", id)]).await;
    assert_eq!(now.status, StatusCode::SEE_OTHER, "{}", now.text);
    let board = world.get("/triage", Some(&nurse)).await.text;
    assert!(board.contains("Oxygen is due") && board.contains("nothing is planned"), "{board}");
    assert!(!board.contains("Testa"), "it names nobody");
    assert!(board.len() < 100 * 1024);
}

#[tokio::test]
async fn triage_without_an_outcome_is_refused_beside_the_field() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let nurse = world.sign_in(Role::Nurse);
    let case = world.open_oxygen(&agent).await;
    let half = [("priority", "p1"), ("words", "Calm, on two liters.")];
    let refused = world.act(&nurse, (&case, "triage"), &half).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"do-triage-outcome-wrong\""), "{}", refused.text);
    assert!(refused.text.contains("Calm, on two liters.</textarea>"), "what was written is kept");
    let full = [
        ("priority", "p1"),
        ("outcome", "bridge"),
        ("reason", "life-sustaining"),
        ("checked", "supply"),
        ("checked", "backup"),
        ("words", "Calm, on two liters."),
    ];
    let done = world.act(&nurse, (&case, "triage"), &full).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = world.get(&case, Some(&nurse)).await.text;
    for told in ["Calm, on two liters.", "safe with a bridge", "a backup, and power for it"] {
        assert!(page.contains(told), "{told}");
    }
}
