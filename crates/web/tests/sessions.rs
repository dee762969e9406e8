//! A session that ends: nothing typed is lost, nothing is left to be seen, and no page keeps it alive by itself.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode};
use doorstep_case::Role;
use std::time::Duration;
use support::{Session, World};
use tokio_stream::StreamExt as _;
use tower::ServiceExt as _;

/// What is left of the session in seconds, asked as a page that nobody sits at asks, or as somebody's typing does.
async fn left(world: &World, session: &Session, is_typing: bool) -> i64 {
    let mut request = Request::get("/session").header("cookie", &session.cookie);
    if !is_typing {
        request = request.header("x-renew", "1");
    }
    let answer = world.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "the session ended");
    let (seconds, user) = answer.text.split_once(' ').unwrap();
    assert_eq!(user, "agent");
    seconds.parse().unwrap()
}

#[tokio::test]
async fn typing_keeps_a_session_alive_and_waiting_does_not() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    assert_eq!(left(&world, &agent, false).await, 900);
    for _ in 0..4 {
        world.pass_minutes(10);
        assert_eq!(left(&world, &agent, false).await, 300);
        assert_eq!(left(&world, &agent, true).await, 900);
    }
    world.pass_minutes(16);
    let late = world.get("/session", Some(&agent)).await;
    assert_eq!((late.status, late.location()), (StatusCode::SEE_OTHER, "/sign-in?next=%2Fsession"));
}

#[tokio::test]
async fn checking_a_long_form_is_being_there() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    for _ in 0..4 {
        world.pass_minutes(10);
        let told =
            world.post("/referrals/checks", Some(&agent), &[("family_name", "Example")]).await;
        assert_eq!(told.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn what_was_typed_while_the_session_ended_is_kept_and_can_be_sent_again() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.pass_minutes(16);
    let typed = [("text", "Call the \"daughter\" <first>")];
    let path = format!("{case}/notes");
    let kept = world.post(&path, Some(&agent), &typed).await;
    assert_eq!(kept.status, StatusCode::UNAUTHORIZED);
    for words in [
        "Nothing was done",
        &format!("action=\"{path}\""),
        "name=\"text\" value=\"Call the &#34;daughter&#34; &#60;first&#62;\"",
        &format!("name=\"csrf\" value=\"{}\"", agent.csrf),
    ] {
        assert!(kept.text.contains(words), "{words}: {}", kept.text);
    }
    let again = Session { csrf: agent.csrf.clone(), ..world.sign_in(Role::Agent) };
    let sent = world.post(&path, Some(&again), &typed).await;
    assert_eq!(
        (sent.status, sent.location()),
        (StatusCode::SEE_OTHER, &*format!("{case}?done=notes"))
    );
}

#[tokio::test]
async fn a_form_of_somebody_else_or_of_before_signing_out_is_refused() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let path = format!("{case}/notes");
    let others = Session { csrf: agent.csrf.clone(), ..world.sign_in(Role::Nurse) };
    let refused = world.post(&path, Some(&others), &[("text", "Example")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    world.post("/sign-out", Some(&agent), &[]).await;
    let again = Session { csrf: agent.csrf.clone(), ..world.sign_in(Role::Agent) };
    let refused = world.post(&path, Some(&again), &[("text", "Example")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

/// Listens as a page does.
async fn listen(world: &World, session: &Session) -> BodyDataStream {
    let request =
        Request::get("/live").header("cookie", &session.cookie).body(Body::empty()).unwrap();
    let router = doorstep_web::router(world.app.clone(), world.nudge.clone(), world.room.clone());
    router.oneshot(request).await.unwrap().into_body().into_data_stream()
}

/// Returns the next event, or nothing at the stream's end.
async fn heard(events: &mut BodyDataStream) -> Option<String> {
    let next = tokio::time::timeout(Duration::from_secs(20), events.next());
    let event = next.await.expect("the page hears something")?.unwrap();
    Some(String::from_utf8_lossy(&event).into_owned())
}

#[tokio::test]
async fn a_page_hears_of_a_write_and_of_its_end_at_sign_out() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let mut events = listen(&world, &agent).await;
    let time = format!("data: {} 1", world.app.now());
    let first = heard(&mut events).await.unwrap();
    assert!(first.contains("event: time") && first.contains(&time), "{first}");
    world.act(&agent, (&case, "acknowledgement"), &[]).await;
    let changed = heard(&mut events).await.unwrap();
    assert!(changed.contains("event: changed") && changed.contains(&time), "{changed}");
    assert!(!changed.contains("case"), "it says neither what nor about whom: {changed}");
    world.post("/sign-out", Some(&agent), &[]).await;
    world.nudge.fire();
    assert!(heard(&mut events).await.unwrap().contains("event: ended"));
    assert_eq!(heard(&mut events).await, None);
}

#[tokio::test]
async fn a_page_hears_of_what_another_process_writes() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let beside = world.beside();
    let elsewhere = doorstep_web::hear_elsewhere(beside.app.clone(), beside.nudge.clone());
    let hearing = tokio::spawn(elsewhere);
    let mut events = listen(&beside, &agent).await;
    assert!(heard(&mut events).await.unwrap().contains("event: time"));
    // It begins to hear when somebody listens: writes until it has.
    let mut n_acts = 0;
    let told = loop {
        world.pass_minutes(1);
        let note = format!("{n_acts}");
        world.post(&format!("{case}/notes"), Some(&agent), &[("text", &note)]).await;
        n_acts += 1;
        if let Ok(told) = tokio::time::timeout(Duration::from_secs(3), events.next()).await {
            break told.unwrap().unwrap();
        }
        assert!(n_acts < 6, "nothing was heard of six writes");
    };
    assert!(String::from_utf8_lossy(&told).contains("event: changed"));
    hearing.abort();
}
