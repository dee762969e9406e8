//! The rota: who is on call now, with the number; gaps; and where it is shown when it is needed.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::{Session, World};

/// The world begins on 2026-11-23 at 10:00 in the hub's zone.
async fn shift(world: &World, who: &Session, shift: (&str, &str, &str)) -> support::Answered {
    let pairs = [("who", shift.0), ("from", shift.1), ("until", shift.2)];
    world.post("/rota/shifts", Some(who), &pairs).await
}

async fn with_number(world: &World, role: Role, number: &str) {
    let own = world.sign_in(role);
    let set = world.post("/account/number", Some(&own), &[("phone", number)]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
}

#[tokio::test]
async fn who_is_on_call_is_shown_with_the_number_where_it_is_needed() {
    let world = World::new();
    with_number(&world, Role::Nurse, "574-555-0110").await;
    with_number(&world, Role::Supervisor, "574-555-0120").await;
    let supervisor = world.sign_in(Role::Supervisor);
    let all_day = ("2026-11-23T08:00", "2026-11-23T20:00");
    for who in ["nurse nurse", "supervisor supervisor"] {
        let done = shift(&world, &supervisor, (who, all_day.0, all_day.1)).await;
        assert_eq!(done.location(), "/rota?done=shift", "{}", done.text);
    }
    let agent = world.sign_in(Role::Agent);
    let page = world.get("/rota", Some(&agent)).await.text;
    assert!(page.contains("574-555-0110") && page.contains("nurse Example"), "{page}");
    assert!(!page.contains("action=\"/rota/shifts\""), "an agent reads it");
    assert_eq!(
        shift(&world, &agent, ("nurse nurse", all_day.0, all_day.1)).await.status,
        StatusCode::FORBIDDEN
    );

    let case = world.open_oxygen(&agent).await;
    let id = case.rsplit('/').next().unwrap_or_default();
    let call = [("direction", "inbound"), ("caller", "member"), ("reason", "status"), ("case", id)];
    let call = world.post("/calls", Some(&agent), &call).await.location().to_owned();
    let page = world.get(&call, Some(&agent)).await.text;
    assert!(page.contains("nurse Example, 574-555-0110"), "{page}");
    let page = world.get(&format!("{case}/supervisor"), Some(&agent)).await.text;
    assert!(page.contains("supervisor Example, 574-555-0120"), "{page}");
    world.pass_minutes(11 * 60);
    let agent = world.sign_in(Role::Agent);
    let page = world.get(&format!("{case}/supervisor"), Some(&agent)).await.text;
    assert!(page.contains("Nobody is on call as supervisor"), "{page}");
}

#[tokio::test]
async fn a_gap_is_told_and_within_a_day_it_is_on_the_board() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let board = world.get("/board", Some(&supervisor)).await.text;
    assert!(board.contains("No nurse") && board.contains("href=\"/rota\""), "{board}");
    for who in ["nurse nurse", "supervisor supervisor"] {
        let done = shift(&world, &supervisor, (who, "2026-11-23T10:00", "2026-11-25T10:00")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let board = world.get("/board", Some(&supervisor)).await.text;
    assert!(!board.contains("No nurse"), "{board}");
    let rota = world.get("/rota", Some(&supervisor)).await.text;
    assert!(rota.contains("No nurse"), "the gap of the week is told on the rota");
    let removal =
        rota.split("action=\"/rota/shifts/").nth(1).and_then(|rest| rest.split('"').next());
    let removal = format!("/rota/shifts/{}", removal.unwrap_or_default());
    let done = world.post(&removal, Some(&supervisor), &[]).await;
    assert_eq!(done.location(), "/rota?done=removal");
    assert_eq!(world.post(&removal, Some(&supervisor), &[]).await.status, StatusCode::NOT_FOUND);
    assert!(world.get("/board", Some(&supervisor)).await.text.contains("from"), "a gap again");
}

#[tokio::test]
async fn a_shift_is_somebodys_who_can_do_it_and_of_a_time_to_come() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let day = ("2026-11-23T12:00", "2026-11-23T20:00");
    for (who, from, until) in [
        ("nurse agent", day.0, day.1),
        ("supervisor nurse", day.0, day.1),
        ("nurse nurse", day.1, day.0),
        ("nurse nurse", "2026-11-22T08:00", "2026-11-22T12:00"),
        ("nurse nurse", "2026-11-23T12:00", "2027-11-23T12:00"),
        ("", day.0, day.1),
    ] {
        let refused = shift(&world, &supervisor, (who, from, until)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{who} {from} {until}");
    }
    let admin = world.sign_in(Role::Admin);
    shift(&world, &supervisor, ("nurse nurse", day.0, day.1)).await;
    world.post("/users/nurse/role", Some(&admin), &[("role", "agent")]).await;
    let rota = world.get("/rota", Some(&supervisor)).await.text;
    assert!(rota.contains("no longer able"), "{rota}");
}
