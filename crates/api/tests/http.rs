//! The HTTP doors: who may send, what is answered, and that the answer can be read by whoever sent.

#![expect(clippy::unwrap_used, reason = "a test has no use for an error")]

#[expect(dead_code, reason = "the small world is shared with other crates' tests")]
#[path = "../../app/tests/support/mod.rs"]
mod support;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use doorstep_api::Turns;
use doorstep_app::intake::BYTES_MAX;
use doorstep_app::signin;
use doorstep_case::Role;
use doorstep_db::params;
use doorstep_exchange::{Found, read};
use doorstep_vocab::UserId;
use std::sync::Arc;
use support::orders::{Door, Order};
use support::rows;
use support::world::World;
use tower::ServiceExt as _;

/// What was answered.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// The path of a route, with something for what may follow.
fn path_of(route: &doorstep_api::Route) -> String {
    route.path.replace("{*rest}", "Bundle")
}

/// Sends a request through the routes, without a socket.
fn send(world: &World, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.into()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let response = doorstep_api::router(Arc::clone(&world.app), Turns::default())
            .oneshot(request)
            .await
            .unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        Answer { status, headers, body }
    })
}

/// A user of that role with a token, as the header that it is sent in.
fn bearer(world: &World, role: Role) -> String {
    let (ctx, user_id) =
        (world.app.system("test"), UserId::from(format!("{}-program", role.name()).as_str()));
    signin::add_user(&ctx, &user_id, "A program", role).unwrap();
    let token = signin::make_api_token(&ctx, &user_id, "test").unwrap();
    format!("Bearer {}", token.reveal())
}

fn only_who_may_send_is_let_in(world: &World) {
    let file = Order::nth(0).by(Door::Fhir, 0);
    let agent = bearer(world, Role::Agent);
    let admin = bearer(world, Role::Admin);
    let reversed: String = agent.replace("Bearer ", "").chars().rev().collect();
    let wrong = format!("Bearer {reversed}");
    let basic = agent.replace("Bearer", "Basic");
    for authorization in ["", "Bearer", "Bearer ", &wrong, &basic] {
        for route in doorstep_api::ROUTES {
            let headers: &[(&str, &str)] = &[("authorization", authorization)];
            let headers = if authorization.is_empty() { &[][..] } else { headers };
            let answer = send(world, &path_of(route), headers, file.clone());
            assert_eq!(
                answer.status,
                StatusCode::UNAUTHORIZED,
                "{} with {authorization:?}",
                route.path
            );
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
    for route in doorstep_api::ROUTES {
        let answer = send(world, &path_of(route), &[("authorization", &admin)], file.clone());
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", route.path);
        assert_eq!(answer.json()["problems"][0]["code"], "forbidden");
    }
    let refused = "SELECT object AS t FROM audit WHERE outcome = 'refused' AND action = 'POST'
                   AND user_id = 'admin-program' ORDER BY object";
    let mut doors: Vec<&str> = doorstep_api::ROUTES.iter().map(|route| route.path).collect();
    doors.sort_unstable();
    assert_eq!(rows::texts(world, refused), doors, "each refusal is on the trail");
    assert_eq!(rows::rows(world, "receipt"), 0, "nothing of it was taken");
    signin::set_disabled(&world.app.system("test"), &UserId::from("agent-program"), true).unwrap();
    let answer = send(world, "/fhir", &[("authorization", &agent)], file);
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "a disabled user's token ends at once");
}

/// Every answer carries these, whatever it says.
fn is_hardened(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
}

fn each_outcome_has_its_status(world: &World) {
    let agent = bearer(world, Role::Agent);
    let order = Order::nth(0);
    let nameless = order.by(Door::Csv, 0).replace("Example,Testa0,", ",,");
    let cut_off = order.by(Door::X12, 1).split("~HL*4").next().unwrap().to_owned();
    // Path, content, status, outcome, whether a case is named.
    let cases: [(&str, Vec<u8>, u16, &str, bool); 8] = [
        ("/fhir", order.by(Door::Fhir, 0).into(), 201, "opened", true),
        ("/x12", order.by(Door::X12, 0).into(), 200, "linked", true),
        ("/hl7", order.by(Door::Hl7, 0).replace("ORC|NW", "ORC|XO").into(), 200, "updated", true),
        ("/hl7", order.by(Door::Hl7, 1).replace("ORC|NW", "ORC|CA").into(), 202, "queued", true),
        ("/api/intake", b"\x89PNG\r\n\x1a\nno picture of anything".to_vec(), 202, "queued", false),
        ("/x12", cut_off.into(), 422, "refused", false),
        ("/csv", nameless.into(), 422, "refused", false),
        ("/csv", b"fruit,price\napple,3\n".to_vec(), 415, "unsupported", false),
    ];
    for (path, body, status, outcome, names_case) in cases {
        let answer = send(world, path, &[("authorization", &agent)], body);
        let said = (answer.status.as_u16(), answer.header("doorstep-outcome"));
        assert_eq!(said, (status, outcome), "{path}: {}", answer.text());
        is_hardened(&answer);
        assert!(!answer.header("doorstep-receipt").is_empty());
        assert_eq!(!answer.header("doorstep-case").is_empty(), names_case, "{path} {outcome}");
    }
    assert_eq!(rows::rows(world, "case_head"), 1);
}

/// Each door's answer is in the door's own protocol, reads back without a problem, and names the case.
fn answers_read_back_clean(world: &World) {
    let agent = bearer(world, Role::Agent);
    let doors = [
        (Door::Fhir, "/fhir/$process-message", "application/fhir+json"),
        (Door::X12, "/x12", "application/edi-x12"),
        (Door::Hl7, "/hl7", "hl7"),
        (Door::Csv, "/csv", "text/csv"),
    ];
    for (n, (door, path, media_type)) in (0..).zip(doors) {
        let answer = send(world, path, &[("authorization", &agent)], Order::nth(n).by(door, 0));
        assert_eq!(answer.status, StatusCode::CREATED, "{door:?}: {}", answer.text());
        assert!(
            answer.header("content-type").contains(media_type),
            "{door:?}: {}",
            answer.header("content-type")
        );
        let number = answer.header("doorstep-case").to_owned();
        assert!(number.starts_with("HC-"), "{number}");
        if door == Door::Csv {
            assert!(answer.text().contains(&number), "{}", answer.text());
            continue;
        }
        let again = read(&answer.body, world.clock.now());
        assert_eq!(again.problems, [], "{door:?}: {}", answer.text());
        for unit in &again.units {
            assert!(
                unit.problems.is_empty() && matches!(unit.found, Found::Unsupported { .. }),
                "{door:?}: {unit:?}"
            );
        }
        let text = answer.text();
        match door {
            Door::Fhir => {
                assert!(
                    text.contains("\"status\":\"received\"") && text.contains(&number),
                    "{text}"
                );
            }
            Door::X12 => assert!(text.contains("IK5*A") && text.contains("AK9*A*1*1*1"), "{text}"),
            Door::Hl7 => assert!(text.contains("MSA|AA|M2-0"), "{text}"),
            Door::Csv => {}
        }
    }
}

/// A sender of FHIR finds the address that its own protocol has.
fn every_address_of_fhir_is_a_door(world: &World) {
    let agent = bearer(world, Role::Agent);
    let addresses =
        ["/fhir", "/fhir/Bundle", "/fhir/Task", "/fhir/Claim/$submit", "/fhir/$process-message"];
    for (n, path) in (0..).zip(addresses) {
        let file = Order::nth(n).by(Door::Fhir, 0);
        let answer = send(world, path, &[("authorization", &agent)], file);
        assert_eq!(answer.status, StatusCode::CREATED, "{path}: {}", answer.text());
    }
    assert_eq!(rows::rows(world, "case_head"), 5);
}

fn who_asks_for_json_gets_the_outcome(world: &World) {
    let agent = bearer(world, Role::Agent);
    let asking = |accept: &str, n: u32| {
        let headers = [("authorization", agent.as_str()), ("accept", accept)];
        send(world, "/x12", &headers, Order::nth(n).by(Door::X12, 0))
    };
    let answer = asking("application/json", 0);
    assert_eq!(answer.status, StatusCode::CREATED);
    let said = answer.json();
    assert_eq!((&said["outcome"], &said["format"]), (&"opened".into(), &"X12".into()));
    assert_eq!(said["cases"][0], answer.header("doorstep-case"));
    assert!(said["problems"].is_array());
    for accept in ["*/*", "application/edi-x12, application/json", "application/fhir+json"] {
        let answer = asking(accept, 1);
        assert_eq!(answer.header("content-type"), "application/edi-x12", "{accept}");
    }
}

fn a_dry_run_keeps_nothing(world: &World) {
    let agent = bearer(world, Role::Agent);
    for query in ["dry-run", "dry-run=true", "a=b&dry-run=1"] {
        let path = format!("/hl7?{query}");
        let file = Order::nth(0).by(Door::Hl7, 0);
        let answer = send(world, &path, &[("authorization", &agent)], file);
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json()["outcome"], "opened");
        assert_eq!((answer.header("doorstep-receipt"), answer.header("doorstep-case")), ("", ""));
    }
    assert_eq!((rows::rows(world, "receipt"), rows::rows(world, "case_head")), (0, 0));
}

/// A file of many orders does not fill the headers; its cases are in the body, each once.
fn many_cases_are_not_put_into_headers(world: &World) {
    let agent = bearer(world, Role::Agent);
    let asking = [("authorization", agent.as_str()), ("accept", "application/json")];
    let file = |n: std::ops::Range<u32>| {
        n.map(|n| Order::nth(n).by(Door::Hl7, 0)).collect::<Vec<_>>().join("\r")
    };
    let few = send(world, "/hl7", &asking, [file(0..2), Order::nth(0).by(Door::Hl7, 1)].join("\r"));
    assert_eq!(few.headers.get_all("doorstep-case").iter().count(), 2, "{}", few.text());
    assert_eq!(few.json()["cases"].as_array().unwrap().len(), 2);
    let many = send(world, "/hl7", &asking, file(2..23));
    assert_eq!(many.headers.get_all("doorstep-case").iter().count(), 0);
    assert_eq!(many.json()["cases"].as_array().unwrap().len(), 21);
}

fn a_key_makes_a_request_once(world: &World) {
    let agent = bearer(world, Role::Agent);
    let keyed = |key: &str, n: u32| {
        let headers = [("authorization", agent.as_str()), ("idempotency-key", key)];
        send(world, "/fhir", &headers, Order::nth(n).by(Door::Fhir, 0))
    };
    let first = keyed("key-1", 0);
    assert_eq!(first.status, StatusCode::CREATED);
    let second = keyed("key-1", 0);
    assert_eq!(second.status, StatusCode::OK);
    assert_eq!(second.header("doorstep-case"), first.header("doorstep-case"));
    let reused = keyed("key-1", 1);
    assert_eq!(
        (reused.status, &reused.json()["problems"][0]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &"key-reused".into())
    );
    for key in ["", &"k".repeat(201), "schl\u{fc}ssel"] {
        let answer = keyed(key, 2);
        assert_eq!(answer.json()["problems"][0]["code"], "key-length", "{key:?}");
    }
    assert_eq!(rows::rows(world, "case_head"), 1);
}

fn a_body_that_is_too_large_is_refused_and_not_kept(world: &World) {
    let agent = bearer(world, Role::Agent);
    let answer =
        send(world, "/api/intake", &[("authorization", &agent)], vec![b' '; BYTES_MAX + 1]);
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let empty = send(world, "/api/intake", &[("authorization", &agent)], Vec::new());
    assert!(empty.status.is_client_error(), "{}", empty.status);
    assert_eq!(rows::count(world, "SELECT COUNT(*) AS n FROM receipt WHERE size > 0"), 0);
}

/// Nobody outside sees what broke inside, and the sender is told to send again.
fn a_store_that_fails_is_no_business_of_the_sender(world: &World) {
    let agent = bearer(world, Role::Agent);
    rows::meddle(world, "ALTER TABLE audit RENAME TO audit_gone", params![]);
    let answer =
        send(world, "/fhir", &[("authorization", &agent)], Order::nth(0).by(Door::Fhir, 0));
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let text = answer.text().to_lowercase();
    for word in ["audit", "sql", "table", "relation", "testa0", "panic"] {
        assert!(!text.contains(word), "{text}");
    }
    rows::meddle(world, "ALTER TABLE audit_gone RENAME TO audit", params![]);
    let again = send(world, "/fhir", &[("authorization", &agent)], Order::nth(0).by(Door::Fhir, 0));
    assert_eq!(again.status, StatusCode::CREATED, "nothing was half done");
}

fn only_posts_are_taken(world: &World) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    for route in doorstep_api::ROUTES {
        let request =
            Request::get(path_of(route)).header(header::HOST, "hub").body(Body::empty()).unwrap();
        let router = doorstep_api::router(Arc::clone(&world.app), Turns::default());
        let status = runtime.block_on(async { router.oneshot(request).await.unwrap().status() });
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{}", route.path);
    }
    is_hardened(&send(world, "/fhir", &[], "{}"));
}

on_both!(
    only_who_may_send_is_let_in,
    each_outcome_has_its_status,
    answers_read_back_clean,
    every_address_of_fhir_is_a_door,
    who_asks_for_json_gets_the_outcome,
    a_dry_run_keeps_nothing,
    many_cases_are_not_put_into_headers,
    a_key_makes_a_request_once,
    a_body_that_is_too_large_is_refused_and_not_kept,
    a_store_that_fails_is_no_business_of_the_sender,
    only_posts_are_taken,
);
