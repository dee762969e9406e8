//! The provider network on its page: entered, imported, corrected, closed; by a supervisor and nobody else.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::World;

const PINE: &[(&str, &str)] = &[
    ("provider_id", "pine"),
    ("name", "Pine Example"),
    ("services", "dme"),
    ("services", "home-health"),
    ("areas", "MN, 537"),
    ("accepting", "yes"),
];

#[tokio::test]
async fn a_supervisor_keeps_the_network() {
    let world = World::new();
    let sue = world.sign_in(Role::Supervisor);
    assert_eq!(world.post("/providers", Some(&sue), PINE).await.status, StatusCode::SEE_OTHER);
    let page = world.get("/providers", Some(&sue)).await.text;
    assert!(page.contains("Pine Example") && page.contains("dme, home-health"), "{page}");
    let closed = [("accepting", "no")];
    world.post("/providers/pine/acceptance", Some(&sue), &closed).await;
    assert!(world.get("/providers", Some(&sue)).await.text.contains("not taken"));
    let correcting = world.get("/providers?correct=pine", Some(&sue)).await.text;
    assert!(correcting.contains("value=\"MN, 537\""), "{correcting}");
    assert_eq!(
        world.get("/providers?correct=nobody", Some(&sue)).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_wrong_field_comes_back_with_what_was_entered() {
    let world = World::new();
    let sue = world.sign_in(Role::Supervisor);
    let mut wrong = PINE.to_vec();
    wrong.push(("npi", "1234567890"));
    let answer = world.post("/providers", Some(&sue), &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Pine Example") && answer.text.contains("1234567890"));
    assert!(!world.get("/providers", Some(&sue)).await.text.contains("Pine Example"));
}

#[tokio::test]
async fn nobody_else_sees_or_changes_it() {
    let world = World::new();
    for role in [Role::Agent, Role::Nurse, Role::Admin] {
        let session = world.sign_in(role);
        assert_eq!(world.get("/providers", Some(&session)).await.status, StatusCode::FORBIDDEN);
        let answer = world.post("/providers", Some(&session), PINE).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
}
