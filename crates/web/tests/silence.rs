//! What the log of a whole case says: methods, paths, durations, and nothing about anybody.
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use doorstep_case::Role;
use std::io::Write;
use std::sync::{Arc, Mutex};
use support::{OXYGEN, World};
use tracing_subscriber::fmt::MakeWriter;

/// Keeps what is written.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Values that stand for a member, none of which may be in a log line. Source: trust.md S10.
const CANARIES: [&str; 6] =
    ["Testa", "Example Way", "1950-07", "TEST-0001", "574-555-0101", "Canary"];

#[tokio::test]
async fn no_log_line_says_anything_about_a_member() {
    let kept = Kept::default();
    let lines = tracing_subscriber::fmt()
        .with_writer(kept.clone())
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE);
    tracing::subscriber::set_global_default(lines.finish()).unwrap();
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.get(&case, Some(&agent)).await;
    world.post("/search", Some(&agent), &[("q", "Example, Testa")]).await;
    world
        .post(&format!("{case}/notes"), Some(&agent), &[("text", "Canary lives at 1 Example Way")])
        .await;
    world.act(&agent, (&case, "signatures"), &[("signed_on", "Canary")]).await;
    world.get("/cases/Canary%0AForged", Some(&agent)).await;
    let wrong: Vec<(&str, &str)> = OXYGEN.iter().copied().chain([("zip", "Canary")]).collect();
    world.post("/referrals", Some(&agent), &wrong).await;
    let answers = flows_of_rights(&world, &case).await;
    for answer in &answers {
        for canary in CANARIES {
            assert!(!answer.location().contains(canary), "an address has {canary}");
            // A form that comes back holds what was typed into it.
            let is_form = answer.status == axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            let is_error = answer.status.is_client_error() && !is_form;
            let tells = is_error && answer.text.contains(canary);
            assert!(!tells, "an error tells {canary}: {}", answer.text);
        }
    }
    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/cases/{id}"), "the log has the requests: {log}");
    for canary in CANARIES {
        let line = log.lines().find(|line| line.contains(canary));
        assert_eq!(line, None, "{canary}");
    }
}

/// Asks for access, breaks the glass, looks who looked, bills, calls and takes lists away: each with a canary where words go.
async fn flows_of_rights(world: &World, case: &str) -> Vec<support::Answered> {
    let mut answers = Vec::new();
    let supervisor = world.sign_in(Role::Supervisor);
    answers.push(world.act(&supervisor, (case, "labels"), &[("label", "part2")]).await);
    let agent = world.sign_in(Role::Agent);
    for path in ["", "/alike", "/version", "/documents/Canary"] {
        answers.push(world.get(&format!("{case}{path}"), Some(&agent)).await);
    }
    let ask = [("purpose", "cover"), ("reason", "Canary of Testa")];
    answers.push(world.post(&format!("{case}/access"), Some(&agent), &ask).await);
    let glass = [
        ("purpose", "danger"),
        ("reason", "Canary"),
        ("recipient", "Dr. Canary"),
        ("affiliation", "Canary Hospital"),
        ("nature", "Canary"),
    ];
    answers.push(world.post(&format!("{case}/glass"), Some(&agent), &glass).await);
    answers.push(world.get(case, Some(&agent)).await);
    answers.push(world.get("/access", Some(&supervisor)).await);
    let list = [("query", "queue=all&text=Canary"), ("format", "csv")];
    answers.push(world.post("/worklist/exports", Some(&supervisor), &list).await);
    let officer = world.sign_in(Role::PrivacyOfficer);
    for path in ["/glass", "/looks/review", "/looks"] {
        answers.push(world.get(path, Some(&officer)).await);
    }
    let member = [("member", "TEST-0001"), ("from", "2026-11-23"), ("to", "2026-11-23")];
    for path in ["/looks", "/looks/exports"] {
        answers.push(world.post(path, Some(&officer), &member).await);
    }
    answers.push(
        world
            .post(
                "/glass/Canary/review",
                Some(&officer),
                &[("finding", "justified"), ("words", "Canary")],
            )
            .await,
    );
    let billing = world.sign_in(Role::Billing);
    answers.push(world.get(&format!("{case}/billing"), Some(&billing)).await);
    answers.push(world.post("/billing", Some(&billing), &[("number", "Canary")]).await);
    answers
}
