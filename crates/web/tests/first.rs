//! An empty hub explains itself to whoever sets it up, and stops once an order has come.

mod support;

use doorstep_case::Role;
use support::World;

#[tokio::test]
async fn an_empty_hub_says_what_it_needs_until_an_order_comes() {
    let world = World::new();
    let admin = world.sign_in(Role::Admin);
    let agent = world.sign_in(Role::Agent);
    assert_eq!(world.get("/", Some(&admin)).await.location(), "/first-steps");
    let page = world.get("/first-steps", Some(&admin)).await.text;
    for words in ["Rules of payers", "Evergreen", " people</span>", "one provider", "none yet"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("class=\"button\" href=\"/users\""), "people are added there");
    assert_eq!(world.get("/", Some(&agent)).await.location(), "/worklist", "an agent works");
    let list = world.get("/worklist", Some(&agent)).await.text;
    assert!(list.contains("No order has come in yet") && list.contains("/first-steps"));
    let page = world.get("/first-steps", Some(&agent)).await.text;
    assert!(!page.contains("/users"), "who may not add people is not led there");

    world.open_oxygen(&agent).await;
    assert_ne!(world.get("/", Some(&admin)).await.location(), "/first-steps");
    assert!(world.get("/first-steps", Some(&admin)).await.text.contains("they come in"));
    let list = world.get("/worklist?queue=closed", Some(&agent)).await.text;
    assert!(list.contains("Nothing here now"), "an empty queue is no empty hub");
}
