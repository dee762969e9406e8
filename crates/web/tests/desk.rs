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

#[tokio::test]
async fn a_nurse_begins_with_what_waits_for_triage() {
    let world = World::new();
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let case = world.open_oxygen(&agent).await;
    let empty = world.get("/worklist", Some(&nurse)).await.text;
    assert!(empty.contains("<h1>Nurse triage</h1>") && empty.contains("Nothing here now"));
    world.act(&agent, (&case, "acknowledgement"), &[]).await;
    let list = world.get("/worklist", Some(&nurse)).await.text;
    assert_eq!(queues(&list)[..2], ["triage", "mine"]);
    assert!(list.contains(&case) && list.contains("Nurse&#39;s turn"), "{list}");
    let of_agent = world.get("/worklist", Some(&agent)).await.text;
    assert_eq!(queues(&of_agent)[..2], ["mine", "triage"]);
    assert!(of_agent.contains("<h1>Mine</h1>"));

    let page = world.get(&case, Some(&agent)).await.text;
    assert!(page.contains("have a nurse triage the case"), "{page}");
    assert!(page.contains("A nurse or a supervisor can do this"), "an agent is told whose it is");
    let page = world.get(&case, Some(&nurse)).await.text;
    let next = page.split("id=\"next-head\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(next.contains("id=\"do-triage\""), "a nurse has the form at hand: {next}");
    let done = world.act(&nurse, (&case, "triage"), &[("priority", "p1")]).await;
    assert!(done.location().contains("done=triage"), "{}", done.text);
    let list = world.get("/worklist", Some(&nurse)).await.text;
    assert!(list.contains("Nothing here now"), "{list}");
}
