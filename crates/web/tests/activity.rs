//! The audit trail on its pages: what was done, seen, refused, by whom; for supervisors and nobody else.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::World;

#[tokio::test]
async fn a_supervisor_sees_who_did_and_saw_what() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.get(&case, Some(&agent)).await;
    assert_eq!(world.get("/users", Some(&agent)).await.status, StatusCode::FORBIDDEN);
    let sue = world.sign_in(Role::Supervisor);
    let all = world.get("/activity", Some(&sue)).await.text;
    for word in ["add user", "make link", "sign in", "read case", "/users", "refused"] {
        assert!(all.contains(word), "{word} is not in\n{all}");
    }
    let of_case = world.get(&format!("{case}/activity"), Some(&sue)).await.text;
    assert!(of_case.contains("read case") && !of_case.contains("make link"), "{of_case}");
    let of_user = world.get("/activity?user=agent", Some(&sue)).await.text;
    assert!(of_user.contains("read case") && !of_user.contains("make link"), "{of_user}");
    assert!(world.get("/activity", Some(&sue)).await.text.contains("read activity"));
}

#[tokio::test]
async fn nobody_else_does() {
    let world = World::new();
    for role in [Role::Agent, Role::Nurse, Role::Admin] {
        let session = world.sign_in(role);
        for path in ["/activity", "/cases/none/activity"] {
            assert_eq!(world.get(path, Some(&session)).await.status, StatusCode::FORBIDDEN);
        }
    }
}

#[tokio::test]
async fn a_supervisor_sees_what_the_night_has_found() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let sue = world.sign_in(Role::Supervisor);
    let heading = "Nightly checkup";
    assert!(!world.get("/activity", Some(&sue)).await.text.contains(heading), "none was done");
    let unwatched = "UPDATE case_head SET clock_due_at = NULL";
    let write = |tx: &mut doorstep_db::Tx| tx.execute(unwatched, doorstep_db::params![]);
    assert_eq!(world.app.db.write::<_, doorstep_db::DbError>("meddle", write), Ok(1));
    assert!(doorstep_app::checkup::nightly(&world.app).unwrap());
    let page = world.get("/activity", Some(&sue)).await.text;
    for word in [
        heading,
        "open cases without a clock: 1",
        "give it a next step",
        &format!("href=\"{case}\""),
    ] {
        assert!(page.contains(word), "{word} is not in\n{page}");
    }
    let of_case = world.get(&format!("{case}/activity"), Some(&sue)).await.text;
    assert!(!of_case.contains(heading));
}
