//! What the roles beside agents, nurses and supervisors are shown, and what is kept from them.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::World;

#[tokio::test]
async fn whoever_bills_is_shown_codes_and_units_and_nothing_else_of_a_case() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let noted = world.act(&agent, (&case, "notes"), &[("text", "Canary note")]).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER);
    let full = world.get(&case, Some(&agent)).await.text;
    let number = full.split("<title>").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let billing = world.sign_in(Role::Billing);
    assert_eq!(world.get(&case, Some(&billing)).await.status, StatusCode::FORBIDDEN);
    let led = world.post("/billing", Some(&billing), &[("number", &number)]).await;
    assert_eq!(led.location(), format!("{case}/billing"));
    let before = world.audited();
    // Entries of one millisecond have no order.
    world.pass_minutes(1);
    let page = world.get(led.location(), Some(&billing)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for shown in ["Testa Example", "TEST-0001", "Jul 4, 1950", "E1390", "J44.9"] {
        assert!(page.text.contains(shown), "{shown} is missing: {}", page.text);
    }
    for masked in
        ["1 Example Way", "574-555-0101", "46534", "Canary note", "Dr. Example", "574-555-0102"]
    {
        assert!(!page.text.contains(masked), "{masked} is shown");
    }
    assert!(
        full.contains("1 Example Way") && full.contains("Canary note"),
        "there is something to mask"
    );
    assert_eq!(world.audited() - before, 1);
    world.latest_record(|one| {
        assert_eq!((one.entry.role, one.entry.action.as_str()), (Role::Billing, "read billing"));
        assert!(case.ends_with(one.entry.case_id.as_ref().unwrap().as_str()));
    });
}

#[tokio::test]
async fn a_manager_is_told_no_small_count_and_no_name() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    world.open_oxygen(&agent).await;
    let manager = world.sign_in(Role::Manager);
    let page = world.get("/counts", Some(&manager)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("<td>under 11</td>"), "{}", page.text);
    assert!(!page.text.contains("<td>1</td>"));
    assert!(!page.text.contains("Agent Example") && !page.text.contains("Testa"));
    for path in ["/worklist", "/board", "/search", "/activity"] {
        assert_eq!(world.get(path, Some(&manager)).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn each_role_begins_where_it_works() {
    let world = World::new();
    // In an empty hub whoever sets it up sees the first steps first.
    world.open_oxygen(&world.sign_in(Role::Agent)).await;
    let places = [
        (Role::MedicalDirector, "/worklist"),
        (Role::Credentialing, "/providers"),
        (Role::Billing, "/billing"),
        (Role::Manager, "/counts"),
        (Role::Auditor, "/counts"),
        (Role::PrivacyOfficer, "/counts"),
        (Role::Admin, "/users"),
    ];
    for (role, place) in places {
        let session = world.sign_in(role);
        assert_eq!(world.get("/", Some(&session)).await.location(), place, "{role:?}");
        assert_eq!(world.get(place, Some(&session)).await.status, StatusCode::OK, "{role:?}");
    }
}

#[tokio::test]
async fn a_medical_director_reads_a_case_writes_a_note_and_works_no_order() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let director = world.sign_in(Role::MedicalDirector);
    let page = world.get(&case, Some(&director)).await;
    assert_eq!(page.status, StatusCode::OK);
    let noted = world.act(&director, (&case, "notes"), &[("text", "Seen")]).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text);
    let worked = world.act(&director, (&case, "acknowledgement"), &[]).await;
    assert_eq!(worked.status, StatusCode::FORBIDDEN);
    let beyond = |session| world.act(session, (&case, "authorization-overrides"), &[]);
    assert_eq!(beyond(&agent).await.status, StatusCode::FORBIDDEN);
    assert_eq!(beyond(&director).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
