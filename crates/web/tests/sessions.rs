//! A session that ends: nothing typed is lost, nothing is left to be seen, and no page keeps it alive by itself.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::body::{Body, BodyDataStream};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use doorstep_app::signin;
use doorstep_case::Role;
use doorstep_vocab::UserId;
use std::net::SocketAddr;
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

/// Signs in again as a browser that calls itself so.
async fn sign_in_from(world: &World, role: Role, device: &str) -> Session {
    world.pass_minutes(1);
    let system = world.app.system("test");
    let link = signin::make_link(&system, &UserId::from(role.name())).unwrap();
    let request = Request::post(format!("/sign-in/link/{}", link.reveal()))
        .header("user-agent", device)
        .extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4711))))
        .body(Body::empty())
        .unwrap();
    let answer = world.ask(request).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    world.session(&answer)
}

const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0";

/// Returns the path that ends a session, of the row that says so.
fn end_of(page: &str, words: &str) -> String {
    let row = page.split("<tr>").find(|row| row.contains(words)).expect("a row");
    let at = row.find("action=\"").expect("a button") + 8;
    row[at..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn everybody_sees_where_they_are_signed_in_and_ends_what_they_do_not_know() {
    let world = World::new();
    let there = sign_in_from(&world, Role::Agent, FIREFOX).await;
    let here = world.sign_in(Role::Agent);
    let nurse = world.sign_in(Role::Nurse);
    let page = world.get("/account", Some(&here)).await.text;
    assert!(page.contains("Firefox on Windows") && page.contains("192.0.2.7"), "{page}");
    assert_eq!(page.matches("this session").count(), 1);
    let end = end_of(&page, "Firefox on Windows");
    let cookie = there.cookie.split_once('=').unwrap().1;
    assert!(!page.contains(&doorstep_app::digest(cookie.as_bytes())), "a page has no hash");
    // Nobody else may, and the session that asks is not ended so.
    let others = world.post(&end, Some(&nurse), &[]).await;
    assert_eq!(others.location(), "/account?done=gone#sessions");
    assert_eq!(world.get("/worklist", Some(&there)).await.status, StatusCode::OK);
    let done = world.post(&end, Some(&here), &[]).await;
    assert_eq!(done.location(), "/account?done=ended#sessions");
    let gone = world.get("/worklist", Some(&there)).await;
    assert_eq!(gone.location(), "/sign-in?next=%2Fworklist");
    let why = world.get("/sign-in?next=%2Fworklist", Some(&there)).await.text;
    assert!(why.contains("signed out here from another session of yours"), "{why}");
    assert_eq!(world.get("/worklist", Some(&here)).await.status, StatusCode::OK);
    // A form of the session that was ended is void.
    let case = world.open_oxygen(&here).await;
    let stale = Session { csrf: there.csrf.clone(), ..here.clone() };
    let refused = world.post(&format!("{case}/notes"), Some(&stale), &[("text", "x")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn all_other_sessions_end_with_one_button() {
    let world = World::new();
    let (one, two) = (world.sign_in(Role::Agent), world.sign_in(Role::Agent));
    let here = world.sign_in(Role::Agent);
    world.post("/account/sessions/others/end", Some(&here), &[]).await;
    for gone in [&one, &two] {
        assert!(world.get("/worklist", Some(gone)).await.location().starts_with("/sign-in"));
    }
    assert_eq!(world.get("/worklist", Some(&here)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_fourth_session_ends_the_oldest_and_both_are_told() {
    let world = World::new();
    let first = world.sign_in(Role::Agent);
    for _ in 0..2 {
        let page = world.get("/worklist", Some(&world.sign_in(Role::Agent))).await.text;
        assert!(!page.contains("An older session of yours was ended"));
    }
    let fourth = world.sign_in(Role::Agent);
    let page = world.get("/worklist", Some(&fourth)).await.text;
    assert!(page.contains("An older session of yours was ended"), "{page}");
    assert!(world.get("/worklist", Some(&first)).await.location().starts_with("/sign-in"));
    let why = world.get("/sign-in", Some(&first)).await.text;
    assert!(why.contains("signed in at more places"), "{why}");
    world.pass_minutes(6);
    let page = world.get("/worklist", Some(&fourth)).await.text;
    assert!(!page.contains("An older session of yours was ended"), "it is no news any more");
}

#[tokio::test]
async fn an_administrator_ends_every_session_of_a_user() {
    let world = World::new();
    let (one, two) = (world.sign_in(Role::Agent), world.sign_in(Role::Agent));
    let admin = world.sign_in(Role::Admin);
    let page = world.get("/users", Some(&admin)).await.text;
    assert!(page.contains("2 sessions now") && page.contains("1 session now"), "{page}");
    let done = world.post("/users/agent/sessions/end", Some(&admin), &[]).await;
    assert_eq!(done.location(), "/users?done=ended");
    for gone in [&one, &two] {
        assert!(world.get("/worklist", Some(gone)).await.location().starts_with("/sign-in"));
    }
    assert!(
        world.get("/sign-in", Some(&one)).await.text.contains("An administrator signed you out")
    );
    assert_eq!(world.get("/users", Some(&admin)).await.status, StatusCode::OK);
    let nobody = world.post("/users/nobody/sessions/end", Some(&admin), &[]).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_administrator_is_signed_out_after_ten_minutes_and_nobody_stays_past_twelve_hours() {
    let world = World::new();
    let (admin, agent) = (world.sign_in(Role::Admin), world.sign_in(Role::Agent));
    let page = world.get("/users", Some(&admin)).await.text;
    assert!(page.contains("Your session ends after 10 minutes without a request"), "{page}");
    world.pass_minutes(11);
    assert!(world.get("/users", Some(&admin)).await.location().starts_with("/sign-in"));
    assert_eq!(world.get("/worklist", Some(&agent)).await.status, StatusCode::OK);
    for _ in 0..70 {
        world.pass_minutes(10);
        assert_eq!(world.get("/worklist", Some(&agent)).await.status, StatusCode::OK);
    }
    world.pass_minutes(9);
    assert!(world.get("/worklist", Some(&agent)).await.location().starts_with("/sign-in"));
}

const PHRASE: &str = "the phrase of a test user";
const EXPORT: (&str, &[(&str, &str)]) =
    ("/worklist/exports", &[("query", "queue=all"), ("format", "csv")]);

/// A supervisor who signed in by a password some minutes ago.
async fn supervisor_some_minutes_ago(world: &World) -> Session {
    let first = world.sign_in(Role::Supervisor);
    let sent = [("password", PHRASE), ("again", PHRASE)];
    assert_eq!(
        world.post("/account/password", Some(&first), &sent).await.status,
        StatusCode::SEE_OTHER
    );
    let typed = [("name", "supervisor"), ("password", PHRASE)];
    let session = world.session(&world.post("/sign-in", None, &typed).await);
    assert_eq!(world.post(EXPORT.0, Some(&session), EXPORT.1).await.status, StatusCode::OK);
    world.pass_minutes(5);
    session
}

#[tokio::test]
async fn an_export_takes_a_fresh_factor_and_goes_on_with_it() {
    let world = World::new();
    let session = supervisor_some_minutes_ago(&world).await;
    let asked = world.post(EXPORT.0, Some(&session), EXPORT.1).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    for words in [
        "Confirm that it is you",
        "action=\"/worklist/exports\"",
        "name=\"query\" value=\"queue=all\"",
        "type=\"password\"",
    ] {
        assert!(asked.text.contains(words), "{words}: {}", asked.text);
    }
    let with = |password: &'static str| [EXPORT.1, &[("confirm.password", password)]].concat();
    let wrong = world.post(EXPORT.0, Some(&session), &with("wrong")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("password is wrong") && !wrong.text.contains("value=\"wrong\""));
    let done = world.post(EXPORT.0, Some(&session), &with(PHRASE)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert!(done.headers["content-disposition"].to_str().unwrap().contains("worklist-all.csv"));
    // The session goes on under another token, and the old one is worth nothing.
    let renewed = world.session(&done);
    assert_ne!(renewed.cookie, session.cookie);
    assert!(world.get("/worklist", Some(&session)).await.location().starts_with("/sign-in"));
    let old_form = Session { csrf: session.csrf.clone(), ..renewed.clone() };
    assert_eq!(world.post(EXPORT.0, Some(&old_form), EXPORT.1).await.status, StatusCode::OK);
    world.pass_minutes(5);
    assert_eq!(world.post(EXPORT.0, Some(&renewed), EXPORT.1).await.status, StatusCode::FORBIDDEN);
    world.pass_minutes(-10);
    let before = world.post(EXPORT.0, Some(&renewed), EXPORT.1).await;
    assert_ne!(before.status, StatusCode::OK, "a clock that is set back proves nothing");
}

#[tokio::test]
async fn wrong_confirmations_end_confirming_and_keep_nobody_from_signing_in() {
    let world = World::new();
    let session = supervisor_some_minutes_ago(&world).await;
    let with = |password: &'static str| [EXPORT.1, &[("confirm.password", password)]].concat();
    for _ in 0..10 {
        world.post(EXPORT.0, Some(&session), &with("wrong")).await;
    }
    let eleventh = world.post(EXPORT.0, Some(&session), &with(PHRASE)).await;
    assert_eq!(eleventh.status, StatusCode::UNPROCESSABLE_ENTITY);
    let typed = [("name", "supervisor"), ("password", PHRASE)];
    let elsewhere = world.post("/sign-in", None, &typed).await;
    assert_eq!(elsewhere.status, StatusCode::SEE_OTHER, "tries inside and outside count apart");
}

#[tokio::test]
async fn a_refusal_behind_a_right_factor_keeps_the_session() {
    let world = World::new();
    let session = supervisor_some_minutes_ago(&world).await;
    let sent = [("format", "paper"), ("confirm.password", PHRASE)];
    let refused = world.post(EXPORT.0, Some(&session), &sent).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let renewed = world.session(&refused);
    assert_eq!(world.get("/worklist", Some(&renewed)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_has_nothing_to_confirm_with_is_told_so() {
    let world = World::new();
    let session = world.sign_in(Role::Supervisor);
    world.pass_minutes(5);
    let asked = world.post(EXPORT.0, Some(&session), EXPORT.1).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.text.contains("signed in by a link and have set nothing"), "{}", asked.text);
    let sent = [EXPORT.1, &[("confirm.password", "anything")]].concat();
    let refused = world.post(EXPORT.0, Some(&session), &sent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn confirming_beforehand_leads_back() {
    let world = World::new();
    let session = supervisor_some_minutes_ago(&world).await;
    let page = world.get("/confirm?next=%2Fworklist%3Fqueue%3Dall", Some(&session)).await.text;
    assert_eq!(support::hidden(&page, "/confirm", "next"), "/worklist?queue=all");
    let sent = [("next", "/worklist?queue=all"), ("confirm.password", PHRASE)];
    let done = world.post("/confirm", Some(&session), &sent).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/worklist?queue=all"));
    let renewed = world.session(&done);
    assert_eq!(world.post(EXPORT.0, Some(&renewed), EXPORT.1).await.status, StatusCode::OK);
}
