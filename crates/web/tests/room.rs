//! More asked at once than can be done: who waits for too long is told when to come again.

mod support;

use axum::http::{StatusCode, header};
use doorstep_case::Role;
use doorstep_db::DbError;
use doorstep_web::Room;
use std::sync::mpsc::channel;
use std::time::Duration;
use support::World;

#[tokio::test]
async fn where_there_is_no_room_people_are_told_when_to_come_again() {
    let mut world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.room = Room::new(1).waiting(Duration::from_secs(1));
    let (app, (is_held, held), (free, freed)) = (world.app.clone(), channel(), channel::<()>());
    let holding = std::thread::spawn(move || {
        app.db.write::<_, DbError>("hold", |_| {
            is_held.send(()).unwrap();
            freed.recv().unwrap();
            Ok(())
        })
    });
    held.recv().unwrap();
    let note = [("text", "Called back, nothing new.")];
    let path = format!("{case}/notes");
    let noted = world.post(&path, Some(&agent), &note);
    let others = async {
        // The note has the one place once it waits for the store.
        let mut refused = world.get("/search", Some(&agent)).await;
        while refused.status == StatusCode::OK {
            refused = world.get("/search", Some(&agent)).await;
        }
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers[header::RETRY_AFTER], "5");
        assert!(refused.text.contains("Doorstep is busy"), "{}", refused.text);
        assert_eq!(world.get("/healthz", None).await.status, StatusCode::OK);
        free.send(()).unwrap();
    };
    let (noted, ()) = tokio::join!(noted, others);
    assert!(noted.location().contains("done=notes"), "{}", noted.text);
    holding.join().unwrap().unwrap();
    assert_eq!(world.get("/search", Some(&agent)).await.status, StatusCode::OK);
}
