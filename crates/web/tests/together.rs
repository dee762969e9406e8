//! Two people on one case: they see each other, and neither puts anything back over what the other did.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::{World, hidden};

/// What a page says of who else is there.
fn others(page: &str) -> &str {
    page.split("id=\"others\"")
        .nth(1)
        .unwrap()
        .split('>')
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
}

#[tokio::test]
async fn a_page_names_who_else_has_the_case_open_on_whatever_node_for_a_minute() {
    let world = World::new();
    let (there, third) = (world.beside(), world.beside());
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let case = world.open_oxygen(&agent).await;
    let before = world.audited();
    assert_eq!(others(&world.get(&case, Some(&agent)).await.text), "");
    let page = there.get(&case, Some(&nurse)).await.text;
    assert_eq!(others(&page), "agent Example, agent, has this case open too.");
    world.get(&format!("{case}/amendment"), Some(&agent)).await;
    let page = third.get(&case, Some(&nurse)).await.text;
    assert_eq!(
        others(&page),
        "agent Example, agent, is at the form “Add or correct facts” of this case."
    );
    assert_eq!(world.audited() - before, 4, "a look each, and nothing more");
    world.pass_minutes(2);
    assert_eq!(others(&third.get(&case, Some(&nurse)).await.text), "");
}

#[tokio::test]
async fn whoever_may_not_see_the_case_is_not_said_to_be_there() {
    let world = World::new();
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let case = world.open_oxygen(&agent).await;
    let admin = world.sign_in(Role::Admin);
    let id = case.rsplit('/').next().unwrap();
    world.get(&format!("/live?case={id}"), Some(&admin)).await;
    world.get(&case, Some(&admin)).await;
    assert_eq!(others(&world.get(&case, Some(&nurse)).await.text), "");
}

#[tokio::test]
async fn a_stale_form_says_field_by_field_what_it_was_what_it_is_and_what_was_entered() {
    let world = World::new();
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let case = world.open_oxygen(&agent).await;
    let seen = world.get(&format!("{case}/version"), Some(&agent)).await.text;
    let moved = [("at", "2026-11-25T10:00"), ("bedside", "yes")];
    let done = world.act(&nurse, (&case, "discharge"), &moved).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let pairs = [("seen", seen.as_str()), ("at", "2026-11-24T08:00")];
    let stale = world.post(&format!("{case}/discharge"), Some(&agent), &pairs).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let table =
        stale.text.split("class=\"differs\"").nth(1).unwrap().split("</table>").next().unwrap();
    for words in ["<td>nothing</td><td>2026-11-25T10:00</td><td>2026-11-24T08:00</td>", "ticked"] {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert!(stale.text.contains("Send it again"), "the form has a button to send it again");
    let now = hidden(&stale.text, &format!("{case}/discharge"), "seen").to_owned();
    assert_ne!(now, seen);
    let again = [("seen", now.as_str()), ("at", "2026-11-24T08:00")];
    let done = world.post(&format!("{case}/discharge"), Some(&agent), &again).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[tokio::test]
async fn facts_sent_from_an_old_page_put_nothing_back_that_was_not_touched() {
    let world = World::new();
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let case = world.open_oxygen(&agent).await;
    let page = format!("{case}/amendment");
    let old = world.get(&page, Some(&agent)).await.text;
    let fields = |page: &str| {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for input in page.split("<input").skip(1).map(|input| input.split('>').next().unwrap()) {
            let value = |name: &str| {
                let start = format!("{name}=\"");
                input
                    .split(start.as_str())
                    .nth(1)
                    .map(|rest| rest.split('"').next().unwrap().to_owned())
            };
            let is_text = !input.contains("type=\"radio\"") && !input.contains("type=\"checkbox\"");
            if let (Some(name), Some(value), true) = (value("name"), value("value"), is_text)
                && name != "csrf"
                && name != "q"
            {
                pairs.push((name, value));
            }
        }
        pairs
    };
    let mut mine = fields(&old);
    let mut theirs = mine.clone();
    let set = |pairs: &mut Vec<(String, String)>, name: &str, value: &str| {
        pairs.iter_mut().find(|(known, _)| known == name).unwrap().1 = value.to_owned();
    };
    set(&mut theirs, "street", "2 Example Way");
    set(&mut theirs, "city", "Hamlet");
    set(&mut mine, "city", "Monterey");
    let text = |pairs: &[(String, String)]| {
        pairs.iter().map(|(n, v)| (n.clone(), v.clone())).collect::<Vec<_>>()
    };
    let send = async |session, pairs: &[(String, String)]| {
        let owned = text(pairs);
        let pairs: Vec<(&str, &str)> =
            owned.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        world.post(&format!("{case}/amendments"), Some(session), &pairs).await
    };
    world.pass_minutes(1);
    assert_eq!(send(&nurse, &theirs).await.status, StatusCode::SEE_OTHER);
    world.pass_minutes(1);
    let stale = send(&agent, &mine).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
    let table =
        stale.text.split("class=\"differs\"").nth(1).unwrap().split("</table>").next().unwrap();
    let row = "<td>Knox</td><td>Hamlet</td><td>Monterey</td>";
    assert!(table.contains(row), "{table}");
    assert!(
        table.contains("<td>1 Example Way</td><td>2 Example Way</td><td>nothing: it stays"),
        "{table}"
    );
    assert!(stale.text.contains("nurse Example, nurse"), "by whom");
    let again = send(&agent, &fields(&stale.text)).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
    let page = world.get(&case, Some(&agent)).await.text;
    assert!(page.contains("2 Example Way") && page.contains("Monterey"), "{page}");
}
