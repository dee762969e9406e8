//! Walls of teams, labels, and leave to see one case: what is outside is on no page, and asking is on the record.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::{Session, World};

/// Walls a team in to a payer that the case is not of, and puts a user into it.
async fn wall_in(world: &World, user: &str) {
    let admin = world.sign_in(Role::Admin);
    let walled = [("team", "west"), ("payers", "summit-commercial"), ("services", "dme")];
    let answer = world.post("/walls", Some(&admin), &walled).await;
    assert_eq!(answer.location(), "/walls?done=team", "{}", answer.text);
    world.post(&format!("/users/{user}/team"), Some(&admin), &[("team", "west")]).await;
}

/// A case that an agent is walled off from.
async fn outside(world: &World) -> (Session, String) {
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    wall_in(world, "agent").await;
    (world.sign_in(Role::Agent), case)
}

async fn status(world: &World, session: &Session, path: &str) -> StatusCode {
    world.get(path, Some(session)).await.status
}

#[tokio::test]
async fn a_walled_team_meets_a_case_outside_nowhere() {
    let world = World::new();
    let (agent, case) = outside(&world).await;
    let page = world.get(&case, Some(&agent)).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text.contains(&format!("href=\"{case}/access\"")), "{}", page.text);
    assert!(!page.text.contains("Testa"));
    world.clock.fetch_add(2_000, std::sync::atomic::Ordering::Relaxed);
    world.get(&format!("{case}/alike"), Some(&agent)).await;
    world.latest_record(|one| {
        assert_eq!((one.entry.outcome.as_str(), one.entry.rule.as_str()), ("refused", "2-wall"));
        assert!(case.ends_with(one.entry.case_id.as_ref().unwrap().as_str()));
    });
    for path in ["amendment", "version", "alike?x=1", "documents/x"] {
        let path = format!("{case}/{path}");
        assert_eq!(status(&world, &agent, &path).await, StatusCode::FORBIDDEN, "{path}");
    }
    let as_of = format!("{case}?event=1");
    assert_eq!(status(&world, &agent, &as_of).await, StatusCode::FORBIDDEN);
    for noun in ["acknowledgement", "notes", "amendments"] {
        let pairs = [("seen", "1"), ("text", "x"), ("given", "Testa")];
        let done = world.post(&format!("{case}/{noun}"), Some(&agent), &pairs).await;
        assert_eq!(done.status, StatusCode::FORBIDDEN, "{noun}");
    }
    let list = world.get("/worklist?queue=all", Some(&agent)).await.text;
    assert!(!list.contains("Testa") && !list.contains(&case));
    let found = world.post("/search", Some(&agent), &[("q", "Example")]).await;
    assert!(!found.text.contains("Testa"), "{}", found.text);
    let supervisor = world.sign_in(Role::Supervisor);
    assert_eq!(status(&world, &supervisor, &case).await, StatusCode::OK, "others see it");
}

#[tokio::test]
async fn leave_is_asked_for_given_by_another_and_ends_by_itself() {
    let world = World::new();
    let (agent, case) = outside(&world).await;
    let ask = format!("{case}/access");
    let empty = world.post(&ask, Some(&agent), &[("purpose", "cover"), ("reason", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let pairs = [("purpose", "cover"), ("reason", "Noor is out")];
    assert_eq!(world.post(&ask, Some(&agent), &pairs).await.location(), ask);
    assert!(world.get(&ask, Some(&agent)).await.text.contains("Nobody has answered yet"));
    assert_eq!(status(&world, &agent, &case).await, StatusCode::FORBIDDEN);
    let supervisor = world.sign_in(Role::Supervisor);
    let waiting = world.get("/access", Some(&supervisor)).await.text;
    assert!(waiting.contains("Noor is out") && waiting.contains("I stand in"), "{waiting}");
    let path = waiting.split("action=\"/access/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/access/{path}");
    let give = |hours| [("answer", "give"), ("hours", hours), ("words", "for today")];
    let long = world.post(&path, Some(&supervisor), &give("25")).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    let given = world.post(&path, Some(&supervisor), &give("8")).await;
    assert_eq!(given.location(), "/access?done=answered", "{}", given.text);
    let again = world.post(&path, Some(&supervisor), &give("8")).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "it was answered");
    world.pass_minutes(1);
    assert_eq!(status(&world, &agent, &case).await, StatusCode::OK);
    world.latest_record(|one| assert_eq!(one.entry.rule, "12-grant"));
    assert!(world.get("/worklist?queue=all", Some(&agent)).await.text.contains("Testa"));
    world.pass_minutes(8 * 60);
    let later = world.sign_in(Role::Agent);
    assert_eq!(status(&world, &later, &case).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn nobody_gives_leave_to_themselves() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    let pairs = [("purpose", "other"), ("reason", "For later")];
    world.post(&format!("{case}/access"), Some(&supervisor), &pairs).await;
    let waiting = world.get("/access", Some(&supervisor)).await.text;
    assert!(waiting.contains("a colleague answers it"), "{waiting}");
    let db = &world.app.db;
    let id = db
        .read(|tx| doorstep_store::access::waiting(tx, doorstep_store::access::Kind::Grant, 1))
        .unwrap()[0]
        .access_id
        .clone();
    let path = format!("/access/{id}/answer");
    let give = [("answer", "give"), ("hours", "8"), ("words", "mine")];
    assert_eq!(world.post(&path, Some(&supervisor), &give).await.status, StatusCode::FORBIDDEN);
    wall_in(&world, "supervisor").await;
    let walled = world.sign_in(Role::Supervisor);
    assert!(world.get("/access", Some(&walled)).await.text.contains("Nobody asks"));
}

#[tokio::test]
async fn a_payer_that_is_shut_is_seen_by_the_team_walled_to_it_alone() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    let admin = world.sign_in(Role::Admin);
    world.post("/walls/payers", Some(&admin), &[("shut", "evergreen-ma")]).await;
    assert_eq!(status(&world, &supervisor, &case).await, StatusCode::FORBIDDEN);
    world.post("/walls", Some(&admin), &[("team", "east"), ("payers", "evergreen-ma")]).await;
    world.post("/users/nurse/team", Some(&admin), &[("team", "east")]).await;
    let nurse = world.sign_in(Role::Nurse);
    assert_eq!(status(&world, &nurse, &case).await, StatusCode::OK);
    let walls = world.get("/walls", Some(&admin)).await.text;
    assert!(walls.contains("east") && walls.contains("checked"), "{walls}");
}

#[tokio::test]
async fn a_label_hides_a_case_from_all_but_its_manager_and_supervisors() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.act(&agent, (&case, "manager"), &[("manager", "nurse")]).await;
    let labelled = world.act(&agent, (&case, "labels"), &[("label", "part2")]).await;
    assert_eq!(labelled.status, StatusCode::SEE_OTHER, "{}", labelled.text);
    assert_eq!(status(&world, &agent, &case).await, StatusCode::FORBIDDEN);
    let list = world.get("/worklist?queue=all", Some(&agent)).await.text;
    assert!(!list.contains("Testa"));
    let nurse = world.sign_in(Role::Nurse);
    let page = world.get(&case, Some(&nurse)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("42 CFR Part 2"), "{}", page.text);
    let taken_off = world.act(&nurse, (&case, "label-removals"), &[("label", "part2")]).await;
    assert_eq!(taken_off.status, StatusCode::FORBIDDEN, "a supervisor takes it off");
    let supervisor = world.sign_in(Role::Supervisor);
    assert_eq!(status(&world, &supervisor, &case).await, StatusCode::OK);
    world.act(&supervisor, (&case, "label-removals"), &[("label", "part2")]).await;
    assert_eq!(status(&world, &agent, &case).await, StatusCode::OK);
}

#[tokio::test]
async fn an_auditor_opens_a_case_by_leave_and_its_trail_without() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let auditor = world.sign_in(Role::Auditor);
    assert_eq!(status(&world, &auditor, &case).await, StatusCode::FORBIDDEN);
    assert_eq!(status(&world, &auditor, &format!("{case}/activity")).await, StatusCode::OK);
    let pairs = [("purpose", "audit"), ("reason", "Ticket 7")];
    world.post(&format!("{case}/access"), Some(&auditor), &pairs).await;
    let supervisor = world.sign_in(Role::Supervisor);
    let waiting = world.get("/access", Some(&supervisor)).await.text;
    let path = waiting.split("action=\"/access/").nth(1).unwrap().split('"').next().unwrap();
    let give = [("answer", "give"), ("hours", "2"), ("words", "ticket 7")];
    world.post(&format!("/access/{path}"), Some(&supervisor), &give).await;
    let page = world.get(&case, Some(&auditor)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let worked = world.act(&auditor, (&case, "acknowledgement"), &[]).await;
    assert_eq!(worked.status, StatusCode::FORBIDDEN, "reading only");
}

#[tokio::test]
async fn nobody_goes_beyond_an_authorization_of_their_own_case() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    let all = [("lines", "1"), ("reason", "payer-agreed")];
    let beyond = || world.act(&supervisor, (&case, "authorization-overrides"), &all);
    assert_eq!(beyond().await.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing to go beyond");
    world.act(&supervisor, (&case, "manager"), &[("manager", "supervisor")]).await;
    assert_eq!(beyond().await.status, StatusCode::FORBIDDEN);
}
