//! Messages to somebody outside: apart from notes, held back where they tell of another member; and unread replies.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use doorstep_db::{DbError, params};
use support::World;

#[tokio::test]
async fn a_message_leaves_the_hub_and_a_note_does_not() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let page = world.get(&case, Some(&agent)).await.text;
    assert!(page.contains("Notes, for the hub alone") && page.contains("Messages to others"));
    world.act(&agent, (&case, "notes"), &[("text", "We wonder"), ("shared", "yes")]).await;
    let lacking = world.post(&format!("{case}/messages"), Some(&agent), &[("text", "Hello")]).await;
    assert_eq!(lacking.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(lacking.text.contains("Choose to whom it goes") && lacking.text.contains("Hello"));
    let told = [("to", "referrer"), ("text", "The tank is there.")];
    let sent = world.post(&format!("{case}/messages"), Some(&agent), &told).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = world.get(sent.location(), Some(&agent)).await.text;
    assert!(page.contains("The message goes out.") && page.contains("The tank is there."));
    assert!(page.contains("Message sent to the referrer"), "{page}");
    let n_jobs = |kind: &'static str| {
        let sql = "SELECT COUNT(*) AS n FROM job WHERE kind = $1";
        let row = world.app.db.read::<_, DbError>(|tx| tx.query_one(sql, params![kind])).unwrap();
        row.unwrap().int("n").unwrap()
    };
    assert_eq!(n_jobs("send-message"), 1);
}

#[tokio::test]
async fn a_message_that_tells_of_another_member_is_held_back_until_looked_at() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let other = [
        ("line1.family", "dme/oxygen"),
        ("given", "Otto"),
        ("family_name", "Sample"),
        ("member_id", "XK-4816"),
    ];
    let other = world.post("/referrals", Some(&agent), &other).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "{}", other.text);
    let path = format!("{case}/messages");
    let text = "Bring it to Otto Sample (XK4816).";
    let held = world.post(&path, Some(&agent), &[("to", "referrer"), ("text", text)]).await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
    for told in [
        "“Otto Sample”, the name of another member",
        "“XK4816”, the plan ID",
        "I have looked",
        text,
    ] {
        assert!(held.text.contains(told), "{told}: {}", held.text);
    }
    assert!(!world.get(&case, Some(&agent)).await.text.contains("Otto"), "nothing is kept");
    let looked = [("to", "referrer"), ("text", text), ("checked", "yes")];
    let sent = world.post(&path, Some(&agent), &looked).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert!(world.get(&case, Some(&agent)).await.text.contains("looked at twice"));
}

#[tokio::test]
async fn what_a_door_brings_later_is_an_unread_reply_until_somebody_reads_it() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let id = case.rsplit('/').next().unwrap().to_owned();
    let unread =
        async || world.get("/worklist?queue=unread", Some(&agent)).await.text.contains(&id);
    assert!(!unread().await);
    world.pass_minutes(5);
    let text = doorstep_vocab::Phi::new("The sender adds: two flights of stairs.".to_owned());
    let door = world.app.system("intake");
    let hub = doorstep_store::notes::Visibility::Hub;
    doorstep_app::note(&door, &id.as_str().into(), hub, text).unwrap();
    assert!(unread().await);
    let page = world.get(&case, Some(&agent)).await.text;
    assert!(page.contains("Something came in that nobody has read"), "{page}");
    let read = world.post(&format!("{case}/readings"), Some(&agent), &[]).await;
    assert_eq!(read.status, StatusCode::SEE_OTHER);
    assert!(!unread().await);
    let page = world.get(read.location(), Some(&agent)).await.text;
    assert!(page.contains("What came in is read.") && page.contains("What had come in was read"));
}
