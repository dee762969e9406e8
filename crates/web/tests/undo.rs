//! What was done last is taken back by whoever did it, while nobody outside was told and nobody went on; and who looked at a
//! case stands in its story.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::{Session, World, hidden};

fn undo(page: &str) -> Option<String> {
    let form = page.split("<form").find(|form| form.contains("id=\"undo\""))?;
    Some(form.split("action=\"").nth(1)?.split('"').next()?.to_owned())
}

/// Presses the button.
async fn press(world: &World, session: &Session, page: &str) -> StatusCode {
    let action = undo(page).unwrap();
    let form = page.split("<form").find(|form| form.contains("id=\"undo\"")).unwrap();
    let pairs: Vec<(String, String)> = form
        .split("type=\"hidden\" name=\"")
        .skip(1)
        .map(|input| {
            let (name, rest) = input.split_once('"').unwrap();
            let value = rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
            (name.to_owned(), value.to_owned())
        })
        .filter(|(name, _)| name != "csrf")
        .collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    world.post(&action, Some(session), &pairs).await.status
}

#[tokio::test]
async fn whoever_did_something_last_takes_it_back_by_a_button() {
    let world = World::new();
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let case = world.open_oxygen(&agent).await;
    assert_eq!(undo(&world.get(&case, Some(&agent)).await.text), None, "the sender was told");
    world.pass_minutes(1);
    world.act(&agent, (&case, "manager"), &[("manager", "agent")]).await;
    world.pass_minutes(1);
    let done = world.act(&agent, (&case, "manager"), &[("manager", "nurse")]).await;
    let page = world.get(done.location(), Some(&agent)).await.text;
    assert_eq!(undo(&page).as_deref(), Some(&*format!("{case}/manager")), "{page}");
    assert!(page.matches("id=\"undo\"").count() == 1, "beside what was done");
    assert_eq!(hidden(&page, &format!("{case}/manager"), "manager"), "agent");
    let others = world.get(&case, Some(&nurse)).await.text;
    assert_eq!(undo(&others), None, "only whoever did it");
    world.pass_minutes(1);
    assert_eq!(press(&world, &agent, &page).await, StatusCode::SEE_OTHER);
    let page = world.get(&case, Some(&agent)).await.text;
    let head = page.split("Case manager").nth(1).unwrap();
    assert!(head.split("</dd>").next().unwrap().contains("agent Example"), "{head}");
    world.pass_minutes(11);
    assert_eq!(undo(&world.get(&case, Some(&agent)).await.text), None, "it is too long ago");
}

#[tokio::test]
async fn nothing_is_taken_back_over_what_somebody_did_since() {
    let world = World::new();
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let case = world.open_oxygen(&agent).await;
    world.pass_minutes(1);
    world.act(&agent, (&case, "manager"), &[("manager", "agent")]).await;
    world.pass_minutes(1);
    world.act(&agent, (&case, "manager"), &[("manager", "nurse")]).await;
    let page = world.get(&case, Some(&agent)).await.text;
    world.pass_minutes(1);
    world.post(&format!("{case}/notes"), Some(&nurse), &[("text", "I have it")]).await;
    assert_eq!(press(&world, &agent, &page).await, StatusCode::CONFLICT);
    assert_eq!(undo(&world.get(&case, Some(&agent)).await.text), None);
}

#[tokio::test]
async fn who_looked_stands_in_the_story_for_those_who_may_read_it_and_only_when_asked() {
    let world = World::new();
    let (agent, supervisor) = (world.sign_in(Role::Agent), world.sign_in(Role::Supervisor));
    let case = world.open_oxygen(&agent).await;
    world.get(&case, Some(&agent)).await;
    let story = |page: &str| {
        page.split("<ol class=\"story\"").nth(1).unwrap().split("</ol>").next().unwrap().to_owned()
    };
    let page = world.get(&case, Some(&supervisor)).await.text;
    assert!(page.contains("stage=views") && !story(&page).contains("Read case"), "off by default");
    let before = world.audited();
    let page = world.get(&format!("{case}?stage=views"), Some(&supervisor)).await.text;
    assert_eq!(world.audited() - before, 1, "a look at the looks is one look");
    let told = story(&page);
    assert!(told.contains("Read case") && told.contains("agent Example, agent"), "{told}");
    assert!(!told.contains("Case opened"), "{told}");
    let page =
        world.get(&format!("{case}?stage=views&by=supervisor"), Some(&supervisor)).await.text;
    assert!(!story(&page).contains("agent Example"), "narrowed to one");
    let page = world.get(&format!("{case}?stage=views"), Some(&agent)).await.text;
    assert!(!page.contains("Who looked") && !page.contains("Read case"), "not for an agent");
}
