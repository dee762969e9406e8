//! Handing out what nobody has: shown with reasons, done on a word or by rule, never to somebody outside its walls.

mod support;

use axum::http::StatusCode;
use doorstep_app::handout;
use doorstep_case::Role;
use doorstep_store::cases::replay_check;
use support::{Session, World};

const PAGE: &str = "/worklist/hand-out?queue=unassigned";

/// What the ticked rows of the plan would send.
fn picks(page: &str) -> Vec<String> {
    let rows = page.split("name=\"give\"").skip(1);
    let value = |row: &str| row.split("value=\"").nth(1)?.split('"').next().map(str::to_owned);
    rows.filter_map(value).collect()
}

/// To whom they would go.
fn to(page: &str) -> Vec<String> {
    let last = |pick: String| pick.rsplit(' ').next().unwrap_or_default().to_owned();
    picks(page).into_iter().map(last).collect()
}

async fn hand_out(world: &World, who: &Session, pick: &str) -> support::Answered {
    let pairs = [("give", pick), ("queue", "unassigned"), ("team", "")];
    world.post("/worklist/hand-outs", Some(who), &pairs).await
}

async fn mine(world: &World, who: &Session) -> bool {
    world.get("/worklist?queue=mine", Some(who)).await.text.contains("Testa")
}

async fn to_team(world: &World, user: &str, team: &str) {
    let admin = world.sign_in(Role::Admin);
    let set = world.post(&format!("/users/{user}/team"), Some(&admin), &[("team", team)]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);
}

/// Walls a user in to a payer that the case is not of.
async fn wall_in(world: &World, user: &str) {
    let admin = world.sign_in(Role::Admin);
    let walled = [("team", "west"), ("payers", "summit-commercial")];
    world.post("/walls", Some(&admin), &walled).await;
    to_team(world, user, "west").await;
}

#[tokio::test]
async fn a_supervisor_sees_who_gets_what_and_why_before_it_is_done() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    world.open_oxygen(&supervisor).await;
    let page = world.get(PAGE, Some(&supervisor)).await.text;
    let given = picks(&page);
    assert_eq!(given.len(), 1, "{page}");
    assert!(given[0].ends_with(" agent"), "nurses are kept for what is theirs: {given:?}");
    assert!(page.contains("nurse Example: load 0"), "who else might have it: {page}");
    assert!(!page.contains("Testa"), "no member is named");
    let agent = world.sign_in(Role::Agent);
    assert!(!mine(&world, &agent).await, "nothing is done yet");

    let done = hand_out(&world, &supervisor, &given[0]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert!(done.text.contains("1 case was handed out"), "{}", done.text);
    assert!(mine(&world, &agent).await);
    let case = given[0].split(' ').next().unwrap_or_default();
    let story = world.get(&format!("/cases/{case}"), Some(&agent)).await.text;
    assert!(story.contains("handed out by a supervisor"), "{story}");
    let verdict = world.app.db.read(|tx| replay_check(tx, &case.into())).expect("it is read");
    assert!(verdict.is_same(), "what is stored is what replays");
    let again = hand_out(&world, &supervisor, &given[0]).await;
    assert_eq!(again.status, StatusCode::OK, "the same twice is one thing: {}", again.text);
}

#[tokio::test]
async fn what_moved_meanwhile_is_not_handed_out() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    let given = picks(&world.get(PAGE, Some(&supervisor)).await.text);
    world.act(&supervisor, (&case, "manager"), &[("manager", "nurse")]).await;
    let late = hand_out(&world, &supervisor, &given[0]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text.contains("moved on"), "{}", late.text);
    let nothing = world.post("/worklist/hand-outs", Some(&supervisor), &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn nobody_is_given_what_they_may_not_see() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    wall_in(&world, "nurse").await;
    wall_in(&world, "agent").await;
    let page = world.get(PAGE, Some(&supervisor)).await.text;
    assert!(picks(&page).is_empty() && page.contains("Nobody may take it now"), "{page}");
    assert!(page.contains("The case is outside the walls of their team"), "{page}");
    let version = world.get(&format!("{case}/version"), Some(&supervisor)).await.text;
    let id = case.rsplit('/').next().unwrap_or_default();
    let forged = hand_out(&world, &supervisor, &format!("{id} {version} nurse")).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(forged.text.contains("outside the walls"), "{}", forged.text);

    let by_hand = world.act(&supervisor, (&case, "manager"), &[("manager", "nurse")]).await;
    assert_eq!(by_hand.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(by_hand.text.contains("choose a colleague who sees it"), "{}", by_hand.text);
    let several = [("case", id), ("to", "nurse"), ("query", "queue=all")];
    let bulk = world.post("/worklist/assignments", Some(&supervisor), &several).await;
    assert_eq!(bulk.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bulk.text.contains("choose a colleague who sees it"), "{}", bulk.text);
}

#[tokio::test]
async fn hours_and_languages_are_entered_and_count() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    world.open_oxygen(&supervisor).await;
    let odd = world.post("/staff/agent", Some(&supervisor), &[("mon", "9 to 5")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.text.contains("Write hours as 08:00-17:00"), "{}", odd.text);
    let night = [("mon", "19:00-07:00"), ("services", "dme"), ("languages", "es")];
    let kept = world.post("/staff/agent", Some(&supervisor), &night).await;
    assert_eq!(kept.location(), "/staff/agent?done=set", "{}", kept.text);
    let staff = world.get("/staff", Some(&supervisor)).await.text;
    assert!(staff.contains("Mon 19:00-07:00") && staff.contains("Spanish"), "{staff}");
    let page = world.get(PAGE, Some(&supervisor)).await.text;
    assert!(page.contains("Not at work now"), "{page}");
    assert_eq!(to(&page), ["nurse"], "{page}");
    world.pass_minutes(12 * 60);
    let supervisor = world.sign_in(Role::Supervisor);
    let page = world.get(PAGE, Some(&supervisor)).await.text;
    assert_eq!(to(&page), ["agent"], "{page}");
    assert!(page.contains("Is named for the service line"), "{page}");
}

#[tokio::test]
async fn a_team_is_handed_work_by_rule_while_that_is_on() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    world.open_oxygen(&supervisor).await;
    to_team(&world, "nurse", "north").await;
    let sweep = || handout::sweep(&world.app).expect("a round");
    assert_eq!(sweep(), 0, "nobody said so");
    let set = |push| [("team", "north"), ("push", push)];
    let on = world.post("/staff/teams", Some(&supervisor), &set("on")).await;
    assert_eq!(on.location(), "/staff?done=push");
    assert_eq!((sweep(), sweep()), (1, 0));
    let nurse = world.sign_in(Role::Nurse);
    assert!(mine(&world, &nurse).await);
    world.open_bed(&supervisor).await;
    world.post("/staff/teams", Some(&supervisor), &set("off")).await;
    assert_eq!(sweep(), 0);
}
