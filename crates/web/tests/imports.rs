//! Files with refused rows: a queue with a live count, the rows with why, who looks, and how each was settled.

mod support;

use axum::http::StatusCode;
use doorstep_app::intake::{Incoming, take};
use doorstep_case::Role;
use support::{Session, World};

/// A list of one row whose birth date nobody can read.
const LIST: &str = "referral_id,last_name,first_name,dob,member_id,hcpcs\n\
                    R7,Example,Testa,soon,TEST-0007,E1390\n";

fn sent(world: &World, bytes: &str) -> String {
    let incoming =
        Incoming { bytes: bytes.as_bytes(), name: "list.csv", received_at: world.app.now() };
    take(&world.app.system("test"), &incoming).expect("a list is taken").receipt_id.to_string()
}

async fn count(world: &World, who: &Session) -> Option<String> {
    let page = world.get("/worklist", Some(who)).await.text;
    let link = page.split("href=\"/imports\"").nth(1)?;
    Some(link.split('>').nth(2)?.split('<').next()?.to_owned())
}

#[tokio::test]
async fn a_file_with_refused_rows_is_in_the_side_list_until_it_is_settled() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    assert_eq!(count(&world, &agent).await.as_deref(), Some("0"));
    let receipt = sent(&world, LIST);
    assert_eq!(count(&world, &agent).await.as_deref(), Some("1"));
    let list = world.get("/imports", Some(&agent)).await.text;
    let path = format!("/imports/{receipt}");
    assert!(list.contains(&path) && list.contains("Nobody yet"), "{list}");
    let page = world.get(&path, Some(&agent)).await.text;
    assert!(page.contains("date-unreadable") && page.contains("1 row refused"), "{page}");

    let stranger = world.post(&format!("{path}/owner"), Some(&agent), &[("owner", "admin")]).await;
    assert_eq!(stranger.status, StatusCode::UNPROCESSABLE_ENTITY);
    let given = world.post(&format!("{path}/owner"), Some(&agent), &[("owner", "nurse")]).await;
    assert_eq!(given.location(), format!("{path}?done=owner"));
    assert!(world.get("/imports", Some(&agent)).await.text.contains("nurse Example"));

    let settlement = format!("{path}/settlement");
    let silent = world.post(&settlement, Some(&agent), &[("note", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("what was done about the refused rows"), "{}", silent.text);
    let before = world.audited();
    let note = [("note", "the hospital sends it again")];
    let done = world.post(&settlement, Some(&agent), &note).await;
    assert_eq!(done.location(), "/imports?done=settlement", "{}", done.text);
    assert_eq!(world.audited() - before, 1, "who settled it is recorded");
    let again = world.post(&settlement, Some(&agent), &note).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert_eq!(count(&world, &agent).await.as_deref(), Some("0"));
    let settled = world.get("/imports?show=settled", Some(&agent)).await.text;
    assert!(settled.contains("the hospital sends it again"), "{settled}");
}

#[tokio::test]
async fn the_same_file_again_waits_once_and_those_who_read_no_files_have_no_such_queue() {
    let world = World::new();
    sent(&world, LIST);
    sent(&world, LIST);
    let agent = world.sign_in(Role::Agent);
    assert_eq!(count(&world, &agent).await.as_deref(), Some("1"), "the answer is the same");
    let director = world.sign_in(Role::MedicalDirector);
    assert_eq!(count(&world, &director).await, None);
}
