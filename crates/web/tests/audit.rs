//! Every look at a member's data leaves one record, and a look that cannot be recorded shows nothing.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
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
