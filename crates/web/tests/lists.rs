//! Lists: narrowed, kept under a name, given and chased as a whole, taken away as a file, and the next case.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use doorstep_db::{DbError, params};
use doorstep_store::cases::replay_check;
use support::{Session, World};

/// The cases of a list, in its order.
fn ids(page: &str) -> Vec<&str> {
    let rows = page.split("name=\"case\"").skip(1);
    rows.filter_map(|row| row.split("value=\"").nth(1)?.split('"').next()).collect()
}

async fn list(world: &World, who: &Session, query: &str) -> String {
    world.get(&format!("/worklist?{query}"), Some(who)).await.text
}

#[tokio::test]
async fn a_list_is_narrowed_and_kept_and_forgotten() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    world.open_oxygen(&agent).await;
    assert_eq!(ids(&list(&world, &agent, "queue=all&service=dme&stage=order").await).len(), 1);
    let narrow = "queue=all&service=dme&stage=placement&show=manager";
    let page = list(&world, &agent, narrow).await;
    assert!(ids(&page).is_empty() && page.contains("Nothing here with this filter"));

    let sent = [("query", narrow), ("name", "Oxygen to place"), ("shared", "yes")];
    let kept = world.post("/views", Some(&agent), &sent).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let path = kept.location().to_owned();
    let nurse = world.sign_in(Role::Nurse);
    let page = world.get(&path, Some(&nurse)).await.text;
    assert!(page.contains("<h1>Oxygen to place</h1>"), "{page}");
    assert!(page.contains("value=\"placement\" selected"), "the filters are those kept");
    assert!(!page.contains("/removal"), "another's list is not the nurse's to forget");

    let view = path.split("view=").nth(1).unwrap().to_owned();
    let removal = format!("/views/{view}/removal");
    assert_eq!(world.post(&removal, Some(&nurse), &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.post(&removal, Some(&agent), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get(&path, Some(&agent)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_list_of_ones_own_is_nobody_elses() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let nameless =
        world.post("/views", Some(&agent), &[("query", "queue=all"), ("name", " ")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nameless.text.contains("give the list a name"), "{}", nameless.text);
    let kept =
        world.post("/views", Some(&agent), &[("query", "queue=all"), ("name", "Mine")]).await;
    let nurse = world.sign_in(Role::Nurse);
    assert_eq!(world.get(kept.location(), Some(&nurse)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn ticked_cases_are_given_and_chased_each_by_itself() {
    let world = World::new();
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let case = world.open_oxygen(&agent).await;
    let id = case.rsplit('/').next().unwrap().to_owned();
    let nothing = world.post("/worklist/assignments", Some(&agent), &[("to", "nurse")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text.contains("tick the cases first"));

    let both = [("case", id.as_str()), ("case", "none"), ("to", "nurse"), ("query", "queue=all")];
    let given = world.post("/worklist/assignments", Some(&agent), &both).await;
    assert_eq!(given.status, StatusCode::UNPROCESSABLE_ENTITY, "one of the two was not done");
    assert!(given.text.contains("1 case was given to a colleague"), "{}", given.text);
    assert!(given.text.contains("there is no such case"));
    assert_eq!(ids(&list(&world, &nurse, "queue=mine").await), [id.as_str()]);

    let odd = [("case", id.as_str()), ("to", "nobody"), ("query", "queue=all")];
    let refused = world.post("/worklist/assignments", Some(&agent), &odd).await;
    assert!(refused.text.contains("choose a colleague of the list"));
    assert!(refused.text.contains(&format!("value=\"{id}\" checked")), "what was ticked stays so");

    let chased = world.post("/worklist/chases", Some(&agent), &both).await;
    assert!(chased.text.contains("there is nothing to chase"), "{}", chased.text);
}

#[tokio::test]
async fn a_list_is_taken_away_as_a_file_by_whom_it_is_allowed_to_and_that_is_recorded() {
    let world = World::new();
    let (agent, supervisor) = (world.sign_in(Role::Agent), world.sign_in(Role::Supervisor));
    world.open_oxygen(&agent).await;
    let sent = |format| [("query", "queue=all"), ("format", format)];
    let forbidden = world.post("/worklist/exports", Some(&agent), &sent("csv")).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
    world.clock.fetch_add(2_000, std::sync::atomic::Ordering::Relaxed);
    let csv = world.post("/worklist/exports", Some(&supervisor), &sent("csv")).await;
    assert_eq!(csv.status, StatusCode::OK);
    assert_eq!(csv.headers["content-disposition"], "attachment; filename=\"worklist-all.csv\"");
    assert_eq!(csv.text.lines().count(), 2, "{}", csv.text);
    assert!(csv.text.lines().nth(1).unwrap().contains("Example, Testa"));
    world.latest_record(|entry| {
        assert_eq!((entry.entry.action.as_str(), entry.n_cases), ("export list", 1));
        assert_eq!(entry.entry.object, "list queue=all");
    });
    let xlsx = world.post("/worklist/exports", Some(&supervisor), &sent("xlsx")).await;
    assert!(xlsx.headers["content-type"].to_str().unwrap().contains("spreadsheetml"));
    let odd = world.post("/worklist/exports", Some(&supervisor), &sent("pdf")).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_next_case_is_what_is_due_first_and_is_taken_once() {
    let world = World::new();
    let (agent, other) = (world.sign_in(Role::Agent), world.sign_in(Role::Supervisor));
    let none = world.post("/worklist/next", Some(&agent), &[]).await;
    assert_eq!(none.location(), "/worklist?queue=mine&done=no-next");
    let page = world.get(none.location(), Some(&agent)).await.text;
    assert!(page.contains("Nothing waits for you"));

    let case = world.open_oxygen(&agent).await;
    let taken = world.post("/worklist/next", Some(&agent), &[]).await;
    assert_eq!(taken.location(), format!("{case}?done=next-taken"));
    let page = world.get(taken.location(), Some(&agent)).await.text;
    assert!(page.contains("It is yours now"), "{page}");
    let again = world.post("/worklist/next", Some(&agent), &[]).await;
    assert_eq!(again.location(), format!("{case}?done=next-own"));
    let nothing = world.post("/worklist/next", Some(&other), &[]).await;
    assert_eq!(nothing.location(), "/worklist?queue=mine&done=no-next");
}

#[tokio::test]
async fn a_team_lists_its_cases_together() {
    let world = World::new();
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let admin = world.sign_in(Role::Admin);
    let case = world.open_oxygen(&agent).await;
    world.post("/worklist/next", Some(&agent), &[]).await;
    assert!(ids(&list(&world, &nurse, "queue=team").await).is_empty());
    for user in ["agent", "nurse"] {
        let set =
            world.post(&format!("/users/{user}/team"), Some(&admin), &[("team", " East ")]).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
    }
    let listed = list(&world, &nurse, "queue=team").await;
    assert_eq!(ids(&listed), [case.rsplit('/').next().unwrap()]);
    let page = world.get("/users", Some(&admin)).await.text;
    assert!(page.contains("value=\"East\""));
    let long = "x".repeat(41);
    let refused = world.post("/users/agent/team", Some(&admin), &[("team", long.as_str())]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_row_that_an_upgrade_left_behind_is_made_anew() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let plant = |sql: &'static str| {
        let planted = world.app.db.write::<_, DbError>("plant", |tx| tx.execute(sql, params![]));
        assert_eq!(planted.unwrap(), 1, "{sql}");
    };
    let is_same = || {
        let id = case.rsplit('/').next().unwrap().into();
        world.app.db.read(|tx| replay_check(tx, &id)).unwrap().is_same()
    };
    plant("UPDATE case_head SET sort_at = 7, missed = 1");
    assert!(!is_same(), "the row is not what the events say");
    plant("INSERT INTO case_head_due (case_id) SELECT case_id FROM case_head");
    assert!(is_same(), "nobody is frightened by what is about to be made anew");
    doorstep_app::bring_up(&world.app).unwrap();
    assert!(ids(&list(&world, &agent, "queue=missed").await).is_empty());
    assert!(is_same());
    plant("UPDATE case_head SET sort_at = 7");
    assert!(!is_same(), "it is not due any more");
}
