//! Every route asked by everybody: the answer is the one that the table says, and every answer is hardened.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::{HeaderMap, StatusCode};
use doorstep_app::Outsider;
use doorstep_case::Role;
use doorstep_web::{Access, Decision, Method, Route, Shows, routes};
use std::fmt::Write as _;
use std::path::Path;
use support::{Session, World};

const GOLDEN: &str = "tests/routes.golden.txt";

/// Who asks: nobody known, and each role that a person can have.
fn askers() -> Vec<Option<Role>> {
    std::iter::once(None).chain(Role::PEOPLE.map(Some)).collect()
}

fn name(role: Option<Role>) -> &'static str {
    role.map_or("nobody", Role::name)
}

#[test]
fn the_golden_table_has_every_route_and_role() {
    let mut table = String::from(
        "# Route by role. UPDATE_GOLDEN=1 rewrites this file; the difference is reviewed.\n",
    );
    let mut rows: Vec<&Route> = routes().iter().collect();
    rows.sort_by(|a, b| (&a.path, a.method.name()).cmp(&(&b.path, b.method.name())));
    for route in rows {
        let shows = match route.shows {
            Shows::Nothing => "nothing",
            Shows::Members => "members",
        };
        let (method, path, csrf) = (route.method.name(), &route.path, route.csrf);
        write!(table, "{method:<4} {path:<46} csrf={csrf:<5} shows={shows}").unwrap();
        for role in askers() {
            write!(table, " {}={}", name(role), route.decide(role).name()).unwrap();
        }
        // Nobody outside has an account: whoever asks is led to where one signs in.
        for outsider in Outsider::ALL {
            write!(table, " {}={}", outsider.name(), route.decide(None).name()).unwrap();
        }
        table.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        table, known,
        "the table of routes changed: run again with UPDATE_GOLDEN=1 and review the difference"
    );
}

#[test]
fn every_form_of_whoever_is_signed_in_carries_the_secret() {
    for route in routes() {
        let needs = route.method == Method::Post && route.access != Access::Anybody;
        assert_eq!(route.csrf, needs, "{} {}", route.method.name(), route.path);
    }
}

/// Returns a path that the route matches, with ids that nothing has.
fn guessed(route: &Route) -> String {
    let parts =
        route.path.split('/').map(|part| if part.starts_with('{') { "guessed" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn ask(world: &World, route: &Route, session: Option<&Session>) -> support::Answered {
    match route.method {
        Method::Get => world.get(&guessed(route), session).await,
        Method::Post => world.post(&guessed(route), session, &[("seen", "1")]).await,
    }
}

#[tokio::test]
async fn every_route_answers_everybody_as_the_table_says() {
    let world = World::new();
    for role in askers() {
        for route in routes() {
            let session = role.map(|role| world.sign_in(role));
            let answer = ask(&world, route, session.as_ref()).await;
            let what = format!(
                "{} {} as {}: {}",
                route.method.name(),
                route.path,
                name(role),
                answer.status
            );
            let leads_to_sign_in = leads_to_sign_in(&answer);
            match route.decide(role) {
                Decision::SignIn => assert!(leads_to_sign_in, "{what}"),
                Decision::Forbid => assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}"),
                Decision::Allow => {
                    assert!(!leads_to_sign_in || route.path == "/sign-out", "{what}");
                    assert_ne!(answer.status, StatusCode::FORBIDDEN, "{what}");
                    assert!(!answer.status.is_server_error(), "{what}");
                }
            }
            hardened(&answer.headers, &what);
        }
    }
}

/// A page is asked for again after signing in; what a form sent is kept in the answer.
fn leads_to_sign_in(answer: &support::Answered) -> bool {
    match answer.status {
        StatusCode::SEE_OTHER => answer.location().starts_with("/sign-in"),
        StatusCode::UNAUTHORIZED => answer.text.contains("href=\"/sign-in\""),
        _ => false,
    }
}

fn hardened(headers: &HeaderMap, what: &str) {
    let has = |name: &str, word: &str| {
        let value = headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert!(value.contains(word), "{what}: {name} is `{value}`");
    };
    has("content-security-policy", "default-src 'none'");
    has("content-security-policy", "script-src 'self'");
    has("content-security-policy", "frame-ancestors 'none'");
    has("x-content-type-options", "nosniff");
    has("referrer-policy", "no-referrer");
    has("cross-origin-opener-policy", "same-origin");
    has("cache-control", "no-store");
    has("strict-transport-security", "includeSubDomains");
    has("x-frame-options", "DENY");
    for rule in ["base-uri 'none'", "form-action 'self'", "connect-src 'self'"] {
        has("content-security-policy", rule);
    }
    for lax in ["unsafe-inline", "unsafe-eval", "data:", "*"] {
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(!policy.contains(lax), "{what}: {policy}");
    }
    // A year at least. Source: trust.md 2.2, ASVS 3.4.1.
    let lasting = headers["strict-transport-security"].to_str().unwrap();
    let seconds = lasting.split(['=', ';']).nth(1).and_then(|seconds| seconds.parse::<u64>().ok());
    assert!(seconds >= Some(365 * 24 * 3600), "{what}: {lasting}");
    // Nobody else's page reads an answer, and nothing says what the program is made of. Source: ASVS 3.4.2, 13.4.6.
    for name in [
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "server",
        "x-powered-by",
    ] {
        assert!(!headers.contains_key(name), "{what}: {name}");
    }
    let kind = headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
    // A stream of events is UTF-8 by its own definition.
    let says = !kind.starts_with("text/") || kind.contains("charset=utf-8");
    // A file to keep is shown by no browser, and is in whatever it came in.
    let is_file = headers.contains_key("content-disposition");
    assert!(says || is_file || kind == "text/event-stream", "{what}: {kind}");
    if let Some(cookie) = headers.get("set-cookie") {
        for word in ["__Host-doorstep=", "HttpOnly", "Secure", "SameSite=Strict", "Path=/"] {
            assert!(cookie.to_str().unwrap().contains(word), "{what}: {cookie:?}");
        }
    }
}

#[tokio::test]
async fn a_form_without_the_sessions_secret_is_refused() {
    let world = World::new();
    for role in Role::PEOPLE {
        let session = world.sign_in(role);
        for route in routes()
            .iter()
            .filter(|route| route.csrf && route.decide(Some(role)) == Decision::Allow)
        {
            for body in ["seen=1", "seen=1&csrf=", "seen=1&csrf=guessed"] {
                let answer = world.send(&guessed(route), Some(&session), body.to_owned()).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} with {body}", route.path);
            }
        }
    }
}

/// Source: trust.md 2.2, ASVS 4.1.4 and 13.4.4.
#[tokio::test]
async fn no_other_method_is_taken_on_any_route() {
    let world = World::new();
    let session = world.sign_in(Role::Supervisor);
    for route in routes() {
        let path = guessed(route);
        let own = routes().iter().filter(|other| guessed(other) == path);
        let own: Vec<&str> = own.map(|other| other.method.name()).collect();
        for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "GET", "POST"] {
            if own.contains(&method) {
                continue;
            }
            let request = axum::http::Request::builder()
                .method(method)
                .uri(&path)
                .header("cookie", &session.cookie)
                .body(axum::body::Body::empty())
                .unwrap();
            let answer = world.ask(request).await;
            let what = format!("{method} {path}: {}", answer.status);
            let is_refused =
                [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&answer.status);
            assert!(is_refused, "{what}");
            hardened(&answer.headers, &what);
        }
    }
}

#[tokio::test]
async fn looking_changes_nothing() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let version = world.get(&format!("{case}/version"), Some(&agent)).await.text;
    for route in routes().iter().filter(|route| route.method == Method::Get) {
        let path = route.path.replace("{id}", case.rsplit('/').next().unwrap());
        let path = path
            .replace("{document}", "x")
            .replace("{other}", "x")
            .replace("{receipt}", "x")
            .replace("{token}", "x");
        world.get(&path, Some(&agent)).await;
    }
    assert_eq!(world.get(&format!("{case}/version"), Some(&agent)).await.text, version);
}

#[tokio::test]
async fn a_guessed_id_and_a_foreign_one_are_answered_alike() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let admin = world.sign_in(Role::Admin);
    let (there, not_there) =
        (world.get(&case, Some(&admin)).await, world.get("/cases/guessed", Some(&admin)).await);
    assert_eq!((there.status, not_there.status), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
    let bare = |answer: &support::Answered| {
        let id = answer.headers["x-request-id"].to_str().unwrap().to_owned();
        answer.text.replace(&id, "")
    };
    assert_eq!(bare(&there), bare(&not_there), "the page tells whether the case exists");
    assert_eq!(world.get("/cases/guessed", Some(&agent)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_shut_out_user_is_out_at_the_next_request() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    assert_eq!(world.get("/worklist", Some(&agent)).await.status, StatusCode::OK);
    let admin = world.sign_in(Role::Admin);
    world.post("/users/agent/admission", Some(&admin), &[("admitted", "no")]).await;
    assert!(world.get("/worklist", Some(&agent)).await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_session_ends_when_nobody_is_there_and_a_clock_that_jumps_back_revives_none() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    world.pass_minutes(14);
    assert_eq!(world.get("/worklist", Some(&agent)).await.status, StatusCode::OK);
    world.pass_minutes(16);
    assert!(world.get("/worklist", Some(&agent)).await.location().starts_with("/sign-in"));
    world.pass_minutes(-16);
    let again = world.get("/worklist", Some(&agent)).await;
    assert!(again.location().starts_with("/sign-in"), "{}", again.status);
    world.pass_minutes(-60 * 24);
    assert!(world.get("/worklist", Some(&agent)).await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_page_that_renews_itself_keeps_no_session_alive() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    for _ in 0..4 {
        world.pass_minutes(5);
        let request = axum::http::Request::get("/worklist")
            .header("cookie", &agent.cookie)
            .header("x-renew", "1")
            .body(axum::body::Body::empty())
            .unwrap();
        world.ask(request).await;
    }
    assert!(world.get("/worklist", Some(&agent)).await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn what_another_site_sends_is_refused() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let request = axum::http::Request::post("/sign-out")
        .header("cookie", &agent.cookie)
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(format!("csrf={}", agent.csrf)))
        .unwrap();
    assert_eq!(world.ask(request).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_their_hash_and_no_other_path() {
    let world = World::new();
    let page = world.get("/sign-in", None).await.text;
    let at = page.find("/assets/").unwrap();
    let path = page[at..].split('"').next().unwrap();
    let asset = world.get(path, None).await;
    assert_eq!(asset.status, StatusCode::OK);
    assert!(asset.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(
        world.get("/assets/000000000000/style.css", None).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(world.get("/nothing/there", None).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_error_is_hardened_too() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let large = format!("csrf={}&text={}", agent.csrf, "x".repeat(2 << 20));
    let note = format!("{case}/notes");
    let delete = axum::http::Request::delete(&case).body(axum::body::Body::empty()).unwrap();
    let broken = axum::http::Request::post(&note)
        .header("cookie", &agent.cookie)
        .header("content-type", "application/json")
        .body(axum::body::Body::from("{}"))
        .unwrap();
    let answers = [
        (world.get("/nothing/there", None).await, StatusCode::NOT_FOUND),
        (world.get("/cases/%FF", Some(&agent)).await, StatusCode::NOT_FOUND),
        (world.get("/cases/guessed", Some(&agent)).await, StatusCode::NOT_FOUND),
        (world.ask(delete).await, StatusCode::NOT_FOUND),
        (world.send(&note, Some(&agent), large).await, StatusCode::BAD_REQUEST),
        (world.ask(broken).await, StatusCode::BAD_REQUEST),
        (world.send(&note, Some(&agent), "csrf=no".to_owned()).await, StatusCode::FORBIDDEN),
        (world.send(&note, None, "text=x".to_owned()).await, StatusCode::UNAUTHORIZED),
    ];
    for (answer, status) in answers {
        assert_eq!(answer.status, status, "{}", answer.text);
        hardened(&answer.headers, status.as_str());
    }
}
