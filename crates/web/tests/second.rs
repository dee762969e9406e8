//! The second factor in the console: set up on the account page, asked for after the password, taken off.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

#[path = "../../app/tests/trust/authenticator.rs"]
mod authenticator;
mod support;

use authenticator::shows;
use axum::http::StatusCode;
use doorstep_case::Role;
use support::{Answered, Session, World, hidden};

const PHRASE: &str = "the phrase of a test user";

async fn by_password(world: &World, name: &str) -> Answered {
    world.post("/sign-in", None, &[("name", name), ("password", PHRASE), ("next", "/calls")]).await
}

async fn with_password(world: &World, role: Role) -> Session {
    let first = world.sign_in(role);
    let sent = [("password", PHRASE), ("again", PHRASE)];
    world.post("/account/password", Some(&first), &sent).await;
    world.session(&by_password(world, role.name()).await)
}

/// Sets an app up by the pages. Returns its secret and the codes on paper.
async fn set_up(world: &World, session: &Session) -> (String, Vec<String>) {
    let begun = world.post("/account/app", Some(session), &[]).await;
    assert_eq!(begun.location(), "/account/app");
    let page = world.get("/account/app", Some(session)).await.text;
    assert!(page.contains("<svg") && page.contains("M4 4h1v1h-1z"), "a picture: {page}");
    let secret = between(&page, "id=\"secret\">", "<").to_owned();
    let wrong = world.post("/account/app/confirmation", Some(session), &[("code", "1")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains(&secret), "the same secret, to try again");
    let code = shows(&secret, world.app.wall_now());
    let done = world.post("/account/app/confirmation", Some(session), &[("code", &code)]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let codes: Vec<String> = between(&done.text, "id=\"codes\">", "</ol>")
        .split("</li>")
        .filter_map(|item| item.split_once("<li>").map(|(_, code)| code.to_owned()))
        .collect();
    assert_eq!(codes.len(), 10);
    world.pass_minutes(1);
    (secret, codes)
}

fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split(from).nth(1).expect(from).split(to).next().unwrap()
}

#[tokio::test]
async fn an_app_is_set_up_asked_for_and_taken_off() {
    let world = World::new();
    let session = with_password(&world, Role::Agent).await;
    let (secret, codes) = set_up(&world, &session).await;
    let page = world.get("/account", Some(&session)).await.text;
    assert!(page.contains("10 codes on paper are left") && !page.contains(&codes[0]), "{page}");
    assert_eq!(world.get("/account/app", Some(&session)).await.location(), "/account#second");

    let asked = by_password(&world, "agent").await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.headers.get("set-cookie").is_none(), "nobody is in yet");
    let step = hidden(&asked.text, "/sign-in/code", "step").to_owned();
    let send = |code: String| {
        let (world, step) = (&world, step.clone());
        async move {
            let sent = [("step", step.as_str()), ("next", "/calls"), ("code", &code)];
            world.post("/sign-in/code", None, &sent).await
        }
    };
    let wrong = send("000000".to_owned()).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(hidden(&wrong.text, "/sign-in/code", "step"), step);
    assert_eq!(hidden(&wrong.text, "/sign-in/code", "next"), "/calls");
    let right = send(shows(&secret, world.app.wall_now())).await;
    assert_eq!((right.status, right.location()), (StatusCode::SEE_OTHER, "/calls"));
    let inside = world.session(&right);
    assert_eq!(world.get("/calls", Some(&inside)).await.status, StatusCode::OK);
    let again = send(codes[0].clone()).await;
    assert!(again.text.contains("sign in from the beginning"), "{}", again.text);

    let off = world.post("/account/app/removal", Some(&inside), &[]).await;
    assert_eq!(off.location(), "/account?done=app-off#second");
    assert_eq!(by_password(&world, "agent").await.location(), "/calls");
}

#[tokio::test]
async fn setting_up_and_taking_off_take_a_fresh_factor() {
    let world = World::new();
    let session = with_password(&world, Role::Agent).await;
    world.pass_minutes(5);
    let asked = world.post("/account/app", Some(&session), &[]).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.text.contains("confirm.password"), "{}", asked.text);
    let done = world.post("/account/app", Some(&session), &[("confirm.password", PHRASE)]).await;
    assert_eq!(done.location(), "/account/app");
    let session = world.session(&done);
    let (secret, _) = set_up(&world, &session).await;
    world.pass_minutes(5);
    for path in ["/account/app/removal", "/account/recovery-codes"] {
        let asked = world.post(path, Some(&session), &[]).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN, "{path}");
        assert!(asked.text.contains("confirm.code") && !asked.text.contains("confirm.password"));
    }
    let code = shows(&secret, world.app.wall_now());
    let sent = [("confirm.code", code.as_str())];
    let done = world.post("/account/recovery-codes", Some(&session), &sent).await;
    assert_eq!(done.status, StatusCode::OK);
    assert_eq!(done.text.matches("<li>").count() - done.text.matches("<li><a").count(), 10);
}

#[tokio::test]
async fn an_administrator_sees_who_has_an_app_and_takes_it_off() {
    let world = World::new();
    let session = with_password(&world, Role::Agent).await;
    set_up(&world, &session).await;
    let admin = world.sign_in(Role::Admin);
    let page = world.get("/users", Some(&admin)).await.text;
    assert_eq!(page.matches("password, app").count(), 1, "{page}");
    let done = world.post("/users/agent/second/removal", Some(&admin), &[]).await;
    assert_eq!(done.location(), "/users?done=second-off");
    assert!(world.get("/calls", Some(&session)).await.location().starts_with("/sign-in"));
    assert_eq!(by_password(&world, "agent").await.location(), "/calls");
    let own = world.post("/users/admin/second/removal", Some(&admin), &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "nobody changes their own rights so");
}
