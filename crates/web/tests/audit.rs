//! Every look at a member's data leaves one record, and a look that cannot be recorded shows nothing.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use doorstep_db::DbError;
use doorstep_web::{Method, Route, Shows, routes};
use std::fmt::Write as _;
use support::{Session, World};

/// Asks, and returns how many records that left.
async fn left(world: &World, session: &Session, path: &str) -> usize {
    let before = world.audited();
    let answer = world.get(path, Some(session)).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    world.audited() - before
}

#[tokio::test]
async fn every_page_that_shows_a_member_leaves_one_record() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    for path in [
        case.clone(),
        format!("{case}?stage=auth"),
        format!("{case}/amendment"),
        "/worklist?queue=all".to_owned(),
    ] {
        assert_eq!(left(&world, &agent, &path).await, 1, "{path}");
    }
    let before = world.audited();
    let found = world.post("/search", Some(&agent), &[("q", "Example")]).await;
    assert!(found.text.contains("Testa"), "{}", found.text);
    assert_eq!(world.audited() - before, 1);
}

#[tokio::test]
async fn a_refused_form_shows_the_case_and_leaves_one_record() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let before = world.audited();
    let refused = world.act(&agent, (&case, "closure"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.audited() - before, 1);
}

#[tokio::test]
async fn a_change_leaves_one_record() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let before = world.audited();
    let done = world.act(&agent, (&case, "acknowledgement"), &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(world.audited() - before, 1);
}

#[tokio::test]
async fn a_document_and_a_file_leave_one_record_each() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let stored =
        upload(&world, &agent, &format!("{case}/documents"), &[("kind", "clinical")]).await;
    assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.text);
    let page = world.get(&case, Some(&agent)).await.text;
    let at = page.find(&format!("{case}/documents/")).unwrap();
    let path = page[at..].split('"').next().unwrap().to_owned();
    assert_eq!(left(&world, &agent, &path).await, 1);
    let sent = upload(&world, &agent, "/files", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = world.get("/queue", Some(&agent)).await.text;
    let at = page.find("/bytes\"").unwrap();
    let start = page[..at].rfind('"').unwrap() + 1;
    assert_eq!(left(&world, &agent, &format!("{}/bytes", &page[start..at])).await, 1);
}

async fn upload(
    world: &World,
    session: &Session,
    path: &str,
    pairs: &[(&str, &str)],
) -> support::Answered {
    let mut body = String::new();
    for (name, value) in pairs.iter().copied().chain([("csrf", session.csrf.as_str())]) {
        write!(body, "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            .unwrap();
    }
    body += "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"scan.pdf\"\r\n";
    body += "Content-Type: application/pdf\r\n\r\n%PDF-1.4 example\r\n--b--\r\n";
    let request = axum::http::Request::post(path)
        .header("cookie", &session.cookie)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(axum::body::Body::from(body))
        .unwrap();
    world.ask(request).await
}

#[tokio::test]
async fn no_address_title_or_header_names_a_member() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let page = world.get(&case, Some(&agent)).await;
    let title = page.text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert!(title.starts_with("HC-") && !title.contains("Example"), "{title}");
    for canary in ["Testa", "TEST-0001", "1950-07-04"] {
        assert!(!format!("{:?}", page.headers).contains(canary));
        for address in
            page.text.split("href=\"").skip(1).chain(page.text.split("action=\"").skip(1))
        {
            assert!(!address.split('"').next().unwrap().contains(canary), "{canary}");
        }
    }
}

/// What stands for the member on every page that shows one.
const CANARIES: [&str; 3] = ["Testa", "TEST-0001", "1950-07-04"];

/// Starts a call about a case of a member who says enough to hear all of it, and returns its id.
async fn call(world: &World, agent: &Session, case: &str) -> String {
    let id = case.rsplit('/').next().unwrap();
    let pairs =
        [("direction", "inbound"), ("caller", "member"), ("reason", "status"), ("case", id)];
    let started = world.post("/calls", Some(agent), &pairs).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text);
    let path = started.location().to_owned();
    let said = [("name", "Testa Example"), ("birth-date", "7/4/1950"), ("member-id", "test 0001")];
    let told = world.post(&format!("{path}/identification"), Some(agent), &said).await;
    assert!(told.location().contains("matched=name,birth-date,member-id"), "{}", told.location());
    path.rsplit('/').next().unwrap().to_owned()
}

/// A case with a document, a file with a case, and a call about one.
struct Shown {
    case: String,
    document: String,
    receipt: String,
    call: String,
}

impl Shown {
    async fn of(world: &World, agent: &Session) -> Self {
        let case = world.open_oxygen(agent).await;
        upload(world, agent, &format!("{case}/documents"), &[("kind", "clinical")]).await;
        upload(world, agent, "/files", &[]).await;
        let after = |page: &str, mark: &str| {
            let at = page.find(mark).unwrap() + mark.len();
            page[at..].split(['"', '/']).next().unwrap().to_owned()
        };
        let page = world.get(&case, Some(agent)).await.text;
        let document = after(&page, &format!("{case}/documents/"));
        let receipt = after(&world.get("/queue", Some(agent)).await.text, "href=\"/queue/");
        let call = call(world, agent, &case).await;
        Self { case, document, receipt, call }
    }

    /// Asks a route for what is there; a form is sent as one that comes back refused.
    async fn ask(&self, world: &World, agent: &Session, route: &Route) -> support::Answered {
        let id = self.case.rsplit('/').next().unwrap();
        let path = route
            .path
            .replace("{id}", id)
            .replace("{document}", &self.document)
            .replace("{other}", id);
        let path = path.replace("{receipt}", &self.receipt).replace("{call}", &self.call);
        let path = if path == "/worklist" { "/worklist?queue=all".to_owned() } else { path };
        match route.method {
            Method::Get => world.get(&path, Some(agent)).await,
            Method::Post => {
                let pairs = [
                    ("seen", "0"),
                    ("q", "Example"),
                    ("given", "Testa"),
                    ("birth_on", "never"),
                    ("query", "queue=all"),
                ];
                world.post(&path, Some(agent), &pairs).await
            }
        }
    }
}

/// Documents and files are bytes: what they hold is whatever somebody sent.
fn is_bytes(route: &Route) -> bool {
    route.path.ends_with("/bytes") || route.path.ends_with("{document}")
}

#[tokio::test]
async fn every_route_that_shows_a_member_leaves_exactly_one_record_and_no_other_shows_one() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let shown = Shown::of(&world, &supervisor).await;
    let mut n_shown = 0;
    for route in routes()
        .iter()
        .filter(|route| route.decide(Some(Role::Supervisor)) == doorstep_web::Decision::Allow)
    {
        if route.method == Method::Post && route.shows == Shows::Nothing || route.path == "/live" {
            continue;
        }
        let what = format!("{} {}", route.method.name(), route.path);
        let before = world.audited();
        world.clock.fetch_add(2_000, std::sync::atomic::Ordering::Relaxed);
        let answer = shown.ask(&world, &supervisor, route).await;
        let holds = CANARIES.iter().any(|canary| answer.text.contains(canary));
        let n_records = world.audited() - before;
        match route.shows {
            // A look at the trail itself is on the trail.
            Shows::Nothing => assert!(!holds && n_records <= 1, "{what}: {n_records} records"),
            // A case that is as wanted already is led back to, and not shown.
            Shows::Members if answer.status == StatusCode::SEE_OTHER => {
                assert!(!holds && n_records == 0, "{what}: {n_records} records");
            }
            Shows::Members => {
                n_shown += 1;
                assert!(holds || is_bytes(route), "{what} shows nobody: {}", answer.status);
                assert_eq!(n_records, 1, "{what}: {}", answer.status);
                let request_id = answer.headers["x-request-id"].to_str().unwrap();
                world.latest_record(|entry| {
                    assert_eq!(entry.entry.user_id.as_str(), "supervisor", "{what}");
                    assert_eq!(entry.entry.role, Role::Supervisor, "{what}");
                    assert_eq!(entry.entry.request_id, request_id, "{what}");
                    let of_a_list = entry.entry.case_id.is_none() && !is_bytes(route);
                    assert!(!of_a_list || entry.n_cases == 1, "{what} names whom it showed");
                });
            }
        }
    }
    assert!(n_shown > 50, "{n_shown} routes showed a member");
}

#[tokio::test]
async fn no_route_shows_a_member_when_the_look_cannot_be_recorded() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let shown = Shown::of(&world, &supervisor).await;
    let gone = "ALTER TABLE audit RENAME TO audit_gone";
    world.app.db.write::<_, DbError>("meddle", |tx| tx.execute(gone, &[])).unwrap();
    let may = |route: &Route| route.decide(Some(Role::Supervisor)) == doorstep_web::Decision::Allow;
    for route in routes().iter().filter(|route| route.shows == Shows::Members && may(route)) {
        let answer = shown.ask(&world, &supervisor, route).await;
        let what = format!("{} {}", route.method.name(), route.path);
        let is_led_back = answer.status == StatusCode::SEE_OTHER;
        assert!(is_led_back || answer.status == StatusCode::INTERNAL_SERVER_ERROR, "{what}");
        for canary in CANARIES {
            assert!(!answer.text.contains(canary), "{what}: {canary}");
        }
    }
}
