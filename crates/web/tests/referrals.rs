//! New referrals as people type them in: a form sent twice, and a fax that becomes a case.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::StatusCode;
use doorstep_app::intake::{Incoming, take};
use doorstep_case::{Channel, DocumentKind, Role};
use doorstep_store::cases;
use doorstep_vocab::{CaseId, ReceiptId, Timestamp};
use support::{MONDAY, Session, World, hidden};

/// Returns the key of a form that is opened now.
async fn new_key(world: &World, session: &Session) -> String {
    let page = world.get("/referrals/new", Some(session)).await.text;
    hidden(&page, "/referrals", "form_key").to_owned()
}

async fn n_cases(world: &World, session: &Session) -> usize {
    let list = world.get("/worklist?queue=all", Some(session)).await.text;
    list.matches("href=\"/cases/").count()
}

#[tokio::test]
async fn a_form_of_nobody_known_sent_twice_is_one_case() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let key = new_key(&world, &agent).await;
    let pairs = [("form_key", key.as_str()), ("line1.family", "dme/oxygen")];
    let first = world.post("/referrals", Some(&agent), &pairs).await;
    let case = first.location().strip_suffix("?done=opened").unwrap().to_owned();
    world.pass_minutes(3);
    let again = world.post("/referrals", Some(&agent), &pairs).await;
    assert_eq!(again.location(), format!("{case}?done=repeated"));
    let page = world.get(again.location(), Some(&agent)).await.text;
    assert!(page.contains("This form was sent before"));
    let listed = n_cases(&world, &agent).await;
    let other = new_key(&world, &agent).await;
    assert_ne!(other, key);
    let pairs = [("form_key", other.as_str()), ("line1.family", "dme/oxygen")];
    let second = world.post("/referrals", Some(&agent), &pairs).await;
    assert!(second.location().ends_with("?done=opened") && !second.location().contains(&case));
    assert_eq!(n_cases(&world, &agent).await, listed * 2, "one was listed before");
}

#[tokio::test]
async fn a_form_with_other_content_asks_before_it_opens_another_case() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let key = new_key(&world, &agent).await;
    let oxygen = [("form_key", key.as_str()), ("line1.family", "dme/oxygen")];
    let first = world.post("/referrals", Some(&agent), &oxygen).await;
    let bed = [("form_key", key.as_str()), ("line1.family", "dme/hospital-bed")];
    let asked = world.post("/referrals", Some(&agent), &bed).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains("led to case HC-"), "{}", asked.text);
    let fresh = hidden(&asked.text, "/referrals", "form_key");
    assert_ne!(fresh, key);
    let bed = [("form_key", fresh), ("line1.family", "dme/hospital-bed")];
    let second = world.post("/referrals", Some(&agent), &bed).await;
    assert!(second.location().ends_with("?done=opened"), "{}", second.text);
    assert_ne!(second.location(), first.location());
}

/// A page that only a person can read, that came ten minutes ago.
fn fax(world: &World) -> ReceiptId {
    let received_at = Timestamp::parse(MONDAY).unwrap();
    let bytes = b"%PDF-1.4 a page that only a person can read";
    let incoming = Incoming { bytes, name: "fax.pdf", received_at };
    let receipt_id = take(&world.app.system("test"), &incoming).unwrap().receipt_id;
    world.pass_minutes(10);
    receipt_id
}

#[tokio::test]
async fn a_fax_that_waited_becomes_a_case_with_its_receipt() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let receipt_id = fax(&world);
    let path = format!("/referrals/new?file={receipt_id}");
    let queue = world.get("/queue", Some(&agent)).await.text;
    assert!(queue.contains(&format!("href=\"{path}\"")), "{queue}");
    let form = world.get(&path, Some(&agent)).await.text;
    assert!(form.contains("value=\"fax\" selected") && form.contains("name=\"file_kind\""));
    let key = hidden(&form, "/referrals", "form_key").to_owned();
    let file = hidden(&form, "/referrals", "file").to_owned();
    let pairs = [
        ("form_key", key.as_str()),
        ("file", file.as_str()),
        ("file_kind", "order"),
        ("channel", "fax"),
        ("line1.family", "dme/oxygen"),
    ];
    let opened = world.post("/referrals", Some(&agent), &pairs).await;
    let id = opened.location().strip_prefix("/cases/").unwrap().strip_suffix("?done=opened");
    let case = world.app.db.read(|tx| cases::load(tx, &CaseId::from(id.unwrap()))).unwrap();
    let case = case.unwrap();
    let receipt = &case.intake.receipts[0];
    assert_eq!(receipt.receipt_id.as_ref(), Some(&receipt_id));
    assert_eq!((receipt.channel, receipt.received_at.to_string()), (Channel::Fax, monday()));
    assert_eq!(case.intake.received_at.to_string(), monday(), "clocks count from the fax");
    assert_eq!(case.intake.documents[0].kind, DocumentKind::Order);
    let document = case.intake.documents[0].document_id.to_string();
    let document = format!("/cases/{}/documents/{document}", id.unwrap());
    let bytes = world.get(&document, Some(&agent)).await;
    assert_eq!(bytes.headers["content-type"], "application/pdf");
    assert!(bytes.text.starts_with("%PDF-1.4 a page"));
    let queue = world.get("/queue", Some(&agent)).await.text;
    assert!(queue.contains("Nothing waits") && queue.contains("Settled"), "{queue}");
    let again = world.post("/referrals", Some(&agent), &pairs).await;
    assert_eq!(again.location(), format!("/cases/{}?done=repeated", id.unwrap()));
}

fn monday() -> String {
    Timestamp::parse(MONDAY).unwrap().to_string()
}

#[tokio::test]
async fn a_fax_that_a_colleague_settled_opens_nothing_and_keeps_the_input() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let receipt_id = fax(&world);
    let resolution = format!("/queue/{receipt_id}/resolution");
    world.post(&resolution, Some(&agent), &[("unit", "0"), ("why", "no-order")]).await;
    let file = receipt_id.to_string();
    let pairs = [("file", &*file), ("line1.family", "dme/oxygen"), ("family_name", "Example")];
    let refused = world.post("/referrals", Some(&agent), &pairs).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("does not wait any more"), "{}", refused.text);
    assert!(refused.text.contains("value=\"Example\""));
    assert_eq!(n_cases(&world, &agent).await, 0);
    let late = world.get(&format!("/referrals/new?file={file}"), Some(&agent)).await;
    assert!(late.status.is_client_error(), "{}", late.status);
    let unknown = world.get("/referrals/new?file=none", Some(&agent)).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}
