//! Out of office: nothing is handed to whoever is away, what is due goes on at the beginning, and nothing is taken back.

mod support;

use axum::http::StatusCode;
use doorstep_app::{away, handout};
use doorstep_case::Role;
use doorstep_store::cases::replay_check;
use support::{Session, World};

async fn enter(world: &World, who: &Session, pairs: &[(&str, &str)]) -> support::Answered {
    world.post("/away", Some(who), pairs).await
}

async fn mine(world: &World, who: &Session) -> bool {
    world.get("/worklist?queue=mine", Some(who)).await.text.contains("Testa")
}

/// The world begins on 2026-11-23 at 09:00 in Chicago; the hub's zone is New York's.
const TODAY: [(&str, &str); 2] = [("from", "2026-11-23T11:00"), ("until", "2026-11-25T08:00")];

#[tokio::test]
async fn what_is_due_goes_to_the_stand_in_at_the_beginning_and_stays_there() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.act(&agent, (&case, "manager"), &[("manager", "agent")]).await;
    let own = [TODAY.as_slice(), &[("stand_in", "nurse")]].concat();
    let entered = enter(&world, &agent, &own).await;
    assert_eq!(entered.location(), "/away?done=entered", "{}", entered.text);
    let sweep = || away::sweep(&world.app).expect("a round");
    assert_eq!(sweep(), 0, "it has not begun");
    world.pass_minutes(61);
    let before = world.audited();
    assert_eq!((sweep(), sweep()), (1, 0));
    assert_eq!(world.audited() - before, 1);
    let nurse = world.sign_in(Role::Nurse);
    assert!(mine(&world, &nurse).await);
    let story = world.get(&case, Some(&nurse)).await.text;
    assert!(story.contains("the stand-in takes over from somebody who is away"), "{story}");
    let id = case.rsplit('/').next().unwrap_or_default();
    let verdict = world.app.db.read(|tx| replay_check(tx, &id.into())).expect("it is read");
    assert!(verdict.is_same());
    let agent = world.sign_in(Role::Agent);
    let next = world.post("/worklist/next", Some(&agent), &[]).await;
    assert_eq!(next.location(), "/worklist?queue=mine&done=away");
    let told = world.get(next.location(), Some(&agent)).await.text;
    assert!(told.contains("You are entered as away"), "{told}");
    world.pass_minutes(48 * 60);
    assert_eq!(sweep(), 0);
    let nurse = world.sign_in(Role::Nurse);
    assert!(mine(&world, &nurse).await, "nothing is taken back");
}

#[tokio::test]
async fn without_a_stand_in_the_rule_says_who_and_else_nobody() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.act(&agent, (&case, "manager"), &[("manager", "agent")]).await;
    enter(&world, &agent, &TODAY).await;
    world.pass_minutes(61);
    assert_eq!(away::sweep(&world.app).expect("a round"), 1);
    let nurse = world.sign_in(Role::Nurse);
    assert!(mine(&world, &nurse).await, "the one who is there");
    enter(&world, &nurse, &[("from", "2026-11-23T11:01"), ("until", "2026-11-24T08:00")]).await;
    assert_eq!(away::sweep(&world.app).expect("a round"), 1);
    let supervisor = world.sign_in(Role::Supervisor);
    let free = world.get("/worklist?queue=unassigned", Some(&supervisor)).await.text;
    assert!(free.contains("Testa"), "{free}");
    let plan = world.get("/worklist/hand-out", Some(&supervisor)).await.text;
    assert!(plan.contains("<dt>Away</dt>"), "{plan}");
    assert!(!plan.contains("name=\"give\""), "nobody is left");
    assert_eq!(handout::sweep(&world.app).expect("a round"), 0);
}

#[tokio::test]
async fn a_promised_call_back_goes_with_its_case_and_says_so() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.act(&agent, (&case, "manager"), &[("manager", "agent")]).await;
    let id = case.rsplit('/').next().unwrap_or_default();
    let call = [("direction", "inbound"), ("caller", "member"), ("reason", "status"), ("case", id)];
    let call = world.post("/calls", Some(&agent), &call).await.location().to_owned();
    let promised = [("promised_to", "2026-11-24T10:00")];
    let done = world.post(&format!("{call}/promises"), Some(&agent), &promised).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    enter(&world, &agent, &[TODAY.as_slice(), &[("stand_in", "nurse")]].concat()).await;
    world.pass_minutes(61);
    assert_eq!(away::sweep(&world.app).expect("a round"), 2, "the case and the call");
    let nurse = world.sign_in(Role::Nurse);
    let story = world.get(&case, Some(&nurse)).await.text;
    assert!(story.contains("Promised call back passed on to nurse Example"), "{story}");
}

#[tokio::test]
async fn an_absence_is_entered_and_ended_by_its_own_or_a_supervisor() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let others = [TODAY.as_slice(), &[("who", "nurse")]].concat();
    assert_eq!(enter(&world, &agent, &others).await.status, StatusCode::FORBIDDEN);
    let back = [("from", "2026-11-25T11:00"), ("until", "2026-11-24T11:00")];
    assert_eq!(enter(&world, &agent, &back).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let selfish = [TODAY.as_slice(), &[("stand_in", "agent")]].concat();
    assert_eq!(enter(&world, &agent, &selfish).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let supervisor = world.sign_in(Role::Supervisor);
    assert_eq!(enter(&world, &supervisor, &others).await.location(), "/away?done=entered");
    let page = world.get("/away", Some(&supervisor)).await.text;
    let end = page.split("action=\"/away/").nth(1).and_then(|rest| rest.split('"').next());
    let end = format!("/away/{}", end.unwrap_or_default());
    assert_eq!(world.post(&end, Some(&agent), &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.post(&end, Some(&supervisor), &[]).await.location(), "/away?done=ended");
    assert_eq!(world.post(&end, Some(&supervisor), &[]).await.status, StatusCode::NOT_FOUND);
}
