//! What each role finds on its desk, and what a case's page says of where the case stands.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use doorstep_case::Role;
use support::World;

/// The queues in the order in which the page shows them.
fn queues(page: &str) -> Vec<&str> {
    let links = page.split("href=\"/worklist?queue=").skip(1);
    let mut queues: Vec<&str> = links.map(|rest| rest.split('"').next().unwrap()).collect();
    queues.dedup();
    queues
}

/// The section of a page under a heading.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let rest = page.split(&format!("id=\"{heading}\"")).nth(1).unwrap();
    rest.split("</section>").next().unwrap()
}

#[tokio::test]
async fn a_nurse_begins_with_what_waits_for_triage() {
    let world = World::new();
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let case = world.open_oxygen(&agent).await;
    let empty = world.get("/worklist", Some(&nurse)).await.text;
    assert!(empty.contains("<h1>Nurse triage</h1>") && empty.contains("Nothing here now"));
    world.act(&agent, (&case, "acknowledgement"), &[]).await;
    let list = world.get("/worklist", Some(&nurse)).await.text;
    assert_eq!(queues(&list)[..3], ["triage", "mine", "team"]);
    assert!(list.contains(&case) && list.contains("Nurse&#39;s turn"), "{list}");
    let of_agent = world.get("/worklist", Some(&agent)).await.text;
    assert_eq!(queues(&of_agent)[..3], ["mine", "team", "triage"]);
    assert!(of_agent.contains("<h1>Mine</h1>"));

    let page = world.get(&case, Some(&agent)).await.text;
    assert!(page.contains("have a nurse triage the case"), "{page}");
    assert!(page.contains("A nurse or a supervisor can do this"), "an agent is told whose it is");
    let page = world.get(&case, Some(&nurse)).await.text;
    let next = page.split("id=\"next-head\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(next.contains("id=\"do-triage\""), "a nurse has the form at hand: {next}");
    let done = world
        .act(
            &nurse,
            (&case, "triage"),
            &[("priority", "p1"), ("outcome", "go-on"), ("reason", "stable")],
        )
        .await;
    assert!(done.location().contains("done=triage"), "{}", done.text);
    let list = world.get("/worklist", Some(&nurse)).await.text;
    assert!(list.contains("Nothing here now"), "{list}");
}

#[tokio::test]
async fn an_acceptance_names_whom_to_ask_for_and_the_line_shows_it() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let offer = [("lines", "1"), ("provider", "TEST-P1"), ("offer_id", "o1")];
    world.act(&agent, (&case, "offers"), &offer).await;
    let accept = [("offer", "o1"), ("lines", "1"), ("commit_by", "2026-11-24T12:00")];
    let refused = world.act(&agent, (&case, "acceptances"), &accept).await;
    assert!(refused.text.contains("id=\"do-accept-contact-wrong\""), "{}", refused.text);
    let person = [("contact", "Cora Sample"), ("contact_phone", "call us"), ("contact_id", "k1")];
    let named: Vec<_> = accept.iter().chain(&person).copied().collect();
    let refused = world.act(&agent, (&case, "acceptances"), &named).await;
    assert!(refused.text.contains("id=\"do-accept-contact_phone-wrong\""), "{}", refused.text);
    let person =
        [("contact", "Cora Sample"), ("contact_phone", "800-555-0142"), ("contact_id", "k1")];
    let named: Vec<_> = accept.iter().chain(&person).copied().collect();
    let done = world.act(&agent, (&case, "acceptances"), &named).await;
    assert!(done.location().contains("done=acceptances"), "{}", done.text);
    let page = world.get(&case, Some(&agent)).await.text;
    let lines = section(&page, "lines-head");
    assert!(lines.contains("ask for Cora Sample, 800-555-0142"), "{lines}");
    assert!(!section(&page, "story-head").contains("Cora"), "the record holds no name");
    let other = [("lines", "1"), ("contact", "Dev Example"), ("contact_phone", "800-555-0143")];
    world.act(&agent, (&case, "contacts"), &other).await;
    let page = world.get(&case, Some(&agent)).await.text;
    assert!(section(&page, "lines-head").contains("ask for Dev Example, 800-555-0143"), "{page}");
}

#[tokio::test]
async fn a_case_is_shown_as_it_was_known_at_any_past_moment() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let first = world.get(&case, Some(&agent)).await.text;
    assert!(
        first.contains("cknowledge the referral: tell") && !first.contains("As it was known on")
    );
    world.clock.fetch_add(600_000_000, std::sync::atomic::Ordering::Relaxed);
    world.act(&agent, (&case, "acknowledgement"), &[]).await;
    world.act(&agent, (&case, "notes"), &[("text", "A note of later")]).await;
    let now = world.get(&case, Some(&agent)).await.text;
    assert!(!now.contains("cknowledge the referral: tell") && now.contains("A note of later"));

    let before = world.audited();
    let past = world.get(&format!("{case}?event=1"), Some(&agent)).await.text;
    assert_eq!(world.audited() - before, 1, "a look back is a look");
    assert!(past.contains("As it was known on") && past.contains("cknowledge the referral: tell"));
    assert!(!past.contains("A note of later") && !past.contains("id=\"do-"), "{past}");
    assert!(!past.contains("data-seen") && !past.contains("data-live"), "nothing goes on there");
    let story = between(&past, "class=\"story\"", "</ol>");
    assert_eq!(story.matches("<li").count(), 1, "{story}");

    let typed = world.get(&format!("{case}?as_of=2020-01-01T00:00"), Some(&agent)).await;
    assert_eq!(typed.status, axum::http::StatusCode::BAD_REQUEST);
    assert!(typed.text.contains("did not have this case yet"), "{}", typed.text);
    let later = world.get(&format!("{case}?as_of=2090-01-01T00:00"), Some(&agent)).await.text;
    assert!(later.contains("A note of later"), "a time to come is now");
    let odd = world.get(&format!("{case}?as_of=soon"), Some(&agent)).await;
    assert_eq!(odd.status, axum::http::StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_supervisor_sees_who_has_what_and_how_old_it_is() {
    let world = World::new();
    let (agent, supervisor) = (world.sign_in(Role::Agent), world.sign_in(Role::Supervisor));
    let empty = world.get("/board", Some(&supervisor)).await.text;
    assert!(empty.contains("No case is open") && empty.contains("No clock has run out"));
    world.open_oxygen(&agent).await;
    let page = world.get("/board", Some(&supervisor)).await.text;
    assert!(between(&page, "id=\"load-head\"", "</table>").contains("Nobody"), "{page}");
    let ages = between(&page, "id=\"ages-head\"", "</table>");
    assert!(ages.contains("stage=order") && !ages.contains("stage=placement"), "{ages}");
    world.post("/worklist/next", Some(&agent), &[]).await;
    let page = world.get("/board", Some(&supervisor)).await.text;
    let load = between(&page, "id=\"load-head\"", "</table>");
    assert!(load.contains("/worklist?queue=missed&#38;manager=agent"), "{load}");
    assert!(!page.contains("Testa"), "the board names no member");
    let before = world.audited();
    world.get("/board", Some(&supervisor)).await;
    assert_eq!(world.audited(), before);
    assert_eq!(world.get("/board", Some(&agent)).await.status, axum::http::StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_story_is_narrowed_to_a_kind_and_to_who_did_it() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    world.act(&agent, (&case, "acknowledgement"), &[]).await;
    let count = async |query: &str| {
        let page = world.get(&format!("{case}?{query}"), Some(&agent)).await.text;
        between(&page, "class=\"story\"", "</ol>").matches("<li").count()
    };
    let all = count("stage=").await;
    let (clocks, by_agent) = (count("stage=clock").await, count("by=agent").await);
    assert!(clocks > 0 && clocks < all, "{clocks} of {all}");
    assert!(by_agent > 0, "{by_agent} of {all}");
    assert_eq!(by_agent + count("by=*").await, all);
    assert_eq!(count("by=nobody").await, 0);
}

fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split(from).nth(1).unwrap_or_default().split(to).next().unwrap_or_default()
}
