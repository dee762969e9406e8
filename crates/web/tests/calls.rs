//! Calls on their pages: started by one form, verified blind, guided, handed over, ended, listed.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::{Answered, Session, World};

async fn start(world: &World, agent: &Session, caller: &str) -> String {
    let pairs = [
        ("direction", "inbound"),
        ("caller", caller),
        ("reason", "status"),
        ("caller_name", "Pat Caller"),
        ("caller_phone", "555-0142"),
    ];
    let started = world.post("/calls", Some(agent), &pairs).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text);
    started.location().to_owned()
}

async fn say(world: &World, agent: &Session, call: &str, said: &[(&str, &str)]) -> Answered {
    world.post(&format!("{call}/identification"), Some(agent), said).await
}

const RIGHT: [(&str, &str); 2] = [("name", "Testa Example"), ("birth-date", "1950-07-04")];

#[tokio::test]
async fn the_page_guides_and_shows_no_more_than_the_caller_may_hear() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    world.open_oxygen(&agent).await;
    let call = start(&world, &agent, "member").await;
    let before = world.get(&call, Some(&agent)).await.text;
    for asked in
        ["The member&#39;s full name?", "Pat Caller", "nothing about anybody", "You speak with"]
    {
        assert!(before.contains(asked), "{asked}");
    }
    assert!(!before.contains("Testa") && !before.contains("HC-"), "nothing is known yet");
    let told = say(&world, &agent, &call, &RIGHT).await;
    assert!(told.location().ends_with("matched=name,birth-date&failed=&several=0"));
    let status = world.get(told.location(), Some(&agent)).await.text;
    assert!(status.contains("Matches: full name, date of birth."));
    assert!(status.contains("HC-") && !status.contains("TEST-0001"), "the status and no more");
    let told = say(&world, &agent, &call, &[("member-id", "TEST-0001")]).await;
    let full = world.get(told.location(), Some(&agent)).await.text;
    assert!(full.contains("Testa") && full.contains("authorization"), "{full}");
}

#[tokio::test]
async fn what_does_not_match_is_told_without_what_is_on_file() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    world.open_oxygen(&agent).await;
    let call = start(&world, &agent, "member").await;
    say(&world, &agent, &call, &RIGHT).await;
    let told = say(&world, &agent, &call, &[("phone", "555-9999")]).await;
    let page = world.get(told.location(), Some(&agent)).await.text;
    assert!(page.contains("Does not match: telephone on file."));
    let wrong = [("member-id", "TEST-9999")];
    let told = say(&world, &agent, &call, &wrong).await;
    let page = world.get(told.location(), Some(&agent)).await.text;
    assert!(page.contains("Offer to call back at the number on file"));
    assert!(!page.contains("Testa") && !page.contains("TEST-0001"), "nothing is told any more");
    assert!(!page.contains("/identification"), "and nothing more is asked");
}

#[tokio::test]
async fn symptom_words_raise_the_nurse_while_typing_and_until_handed_over() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let call = start(&world, &agent, "family").await;
    let typed = [("notes", "she is short of breath")];
    let checks = world.post(&format!("{call}/checks"), Some(&agent), &typed).await;
    assert!(checks.text.contains("Hand the call to a nurse now"), "{}", checks.text);
    let page = world.get(&call, Some(&agent)).await.text;
    assert!(!page.contains("Hand the call to a nurse now"), "a check keeps nothing");
    world.post(&format!("{call}/notes"), Some(&agent), &typed).await;
    let page = world.get(&call, Some(&agent)).await.text;
    assert!(page.contains("Hand the call to a nurse now"));
    let end = [("disposition", "resolved")];
    let ended = world.post(&format!("{call}/disposition"), Some(&agent), &end).await;
    assert_eq!(ended.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(ended.text.contains("before it ends"));
    world.post(&format!("{call}/transfers"), Some(&agent), &[("to", "nurse")]).await;
    let ended = world.post(&format!("{call}/disposition"), Some(&agent), &end).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
}

#[tokio::test]
async fn a_call_is_gone_back_to_from_anywhere_until_its_wrap_up_is_closed() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let idle = world.get("/worklist", Some(&agent)).await.text;
    assert!(idle.contains("href=\"/calls/new\" data-key=\"c\""));
    let call = start(&world, &agent, "member").await;
    let page = world.get("/worklist", Some(&agent)).await.text;
    assert!(page.contains(&format!("href=\"{call}\" data-key=\"c\"")), "{page}");
    let again = world.get("/calls/new", Some(&agent)).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, call.as_str()));
    let nurse = world.sign_in(Role::Nurse);
    assert!(!world.get("/worklist", Some(&nurse)).await.text.contains("You are on a call"));
    let early = world.post(&format!("{call}/closure"), Some(&agent), &[]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "it goes on");
    let end = [("disposition", "wrong-number")];
    world.post(&format!("{call}/disposition"), Some(&agent), &end).await;
    let closed = world.post(&format!("{call}/closure"), Some(&agent), &[]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER);
    assert!(!world.get("/worklist", Some(&agent)).await.text.contains("You are on a call"));
}

#[tokio::test]
async fn calls_stand_in_the_story_of_their_case_and_in_the_list_of_the_day() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let call = start(&world, &agent, "member").await;
    say(&world, &agent, &call, &RIGHT).await;
    world.pass_minutes(3);
    let past = [("promised_to", "2000-01-01T10:00")];
    let refused = world.post(&format!("{call}/promises"), Some(&agent), &past).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    world.post(&format!("{call}/disposition"), Some(&agent), &[("disposition", "resolved")]).await;
    world.pass_minutes(1);
    world.post(&format!("{call}/closure"), Some(&agent), &[]).await;
    let story = world.get(&case, Some(&agent)).await.text;
    for told in ["Call from member, about status", "full name, date of birth matched", "Call ended"]
    {
        assert!(story.contains(told), "{told}");
    }
    let list = world.get("/calls", Some(&agent)).await.text;
    assert!(list.contains("100 %") && list.contains("1 of 1 calls") && list.contains("4:00"));
    assert!(!list.contains("Pat Caller") && !list.contains("Testa"), "nobody is named");
}

#[tokio::test]
async fn a_form_that_lacks_something_comes_back_with_what_was_typed() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let pairs = [("caller", "member"), ("caller_name", "Pat Caller")];
    let refused = world.post("/calls", Some(&agent), &pairs).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("choose what it is about") && refused.text.contains("Pat Caller")
    );
    let call = start(&world, &agent, "member").await;
    let one = say(&world, &agent, &call, &[("name", "Testa Example")]).await;
    assert_eq!(one.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(one.text.contains("Enter two things") && one.text.contains("Testa Example"));
    let number = [("number", "HC-260703-000042-7")];
    let wrong = world.post(&format!("{call}/case"), Some(&agent), &number).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let size = world.get(&call, Some(&agent)).await.text.len();
    assert!(size < 100 * 1024, "{size} bytes");
}

#[tokio::test]
async fn a_call_from_a_case_begins_with_it_or_not_at_all() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let id = case.rsplit('/').next().unwrap();
    let begin = async |id: &str| {
        let pairs =
            [("direction", "inbound"), ("caller", "member"), ("reason", "status"), ("case", id)];
        world.post("/calls", Some(&agent), &pairs).await
    };
    assert_eq!(begin("none").await.status, StatusCode::NOT_FOUND);
    let calls = world.get("/calls", Some(&agent)).await.text;
    assert!(!calls.contains("You are on a call"), "no call was left behind: {calls}");
    assert_eq!(begin(id).await.status, StatusCode::SEE_OTHER);
    assert!(world.get(&case, Some(&agent)).await.text.contains("Call from member"));
}

#[tokio::test]
async fn who_calls_and_who_interprets_are_put_right_in_mid_call() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    world.open_oxygen(&agent).await;
    let call = start(&world, &agent, "member").await;
    let spanish = [("language", "spa"), ("by", ""), ("interpreter", "")];
    let lacking = world.post(&format!("{call}/interpreter"), Some(&agent), &spanish).await;
    assert_eq!(lacking.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(lacking.text.contains("Say who interprets"), "{}", lacking.text);
    let spanish =
        [("language", "spa"), ("by", "interpreter"), ("interpreter", "Example Line 4711")];
    world.post(&format!("{call}/interpreter"), Some(&agent), &spanish).await;
    let page = world.get(&call, Some(&agent)).await.text;
    assert!(page.contains("Spanish, a qualified interpreter, Example Line 4711"), "{page}");
    let who = [("caller", "parent"), ("caller_name", "Robin Caller"), ("caller_phone", "555-0143")];
    let told = world.post(&format!("{call}/caller"), Some(&agent), &who).await;
    let page = world.get(told.location(), Some(&agent)).await.text;
    assert!(
        page.contains("Robin Caller, 555-0143") && page.contains("a parent of a minor"),
        "{page}"
    );
}

#[tokio::test]
async fn after_failed_tries_the_page_says_what_to_do_and_whom_to_watch() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    world.open_oxygen(&agent).await;
    for _ in 0..2 {
        let call = start(&world, &agent, "member").await;
        for _ in 0..2 {
            say(&world, &agent, &call, &[("name", "Testa Example"), ("birth-date", "1901-01-01")])
                .await;
        }
        let page = world.get(&call, Some(&agent)).await.text;
        assert!(page.contains("Too many tries failed. Tell nothing"), "{page}");
        assert!(!page.contains("id=\"identify\""), "there is nothing more to compare");
        world
            .post(&format!("{call}/disposition"), Some(&agent), &[("disposition", "not-verified")])
            .await;
        world.post(&format!("{call}/closure"), Some(&agent), &[]).await;
    }
    let day = world.get("/calls", Some(&agent)).await.text;
    assert!(day.contains("A number that ends in 0142") && day.contains("about 2 members"), "{day}");
    assert!(!day.contains("555-0142"), "the list names no caller");
    let call = start(&world, &agent, "provider").await;
    let page = world.get(&call, Some(&agent)).await.text;
    assert!(page.contains("A number to watch"), "{page}");
}

#[tokio::test]
async fn a_new_order_is_typed_in_during_the_call_and_the_call_goes_to_its_case() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let call = start(&world, &agent, "discharge-planner").await;
    let id = call.rsplit('/').next().unwrap();
    let page = world.get(&call, Some(&agent)).await.text;
    assert!(page.contains(&format!("/referrals/new?call={id}")), "{page}");
    let form = world.get(&format!("/referrals/new?call={id}"), Some(&agent)).await.text;
    assert!(form.contains("from a discharge planner of a hospital"), "{form}");
    assert!(form.contains("value=\"Pat Caller\"") && form.contains("value=\"phone\" selected"));
    let asked = [("call", id), ("line1.family", "dme/oxygen"), ("do", "check")];
    let checked = world.post("/referrals", Some(&agent), &asked).await.text;
    assert!(checked.contains("<a class=\"what\" href=\"#given\">"), "{checked}");
    assert!(checked.contains(&format!("name=\"call\" value=\"{id}\"")), "{checked}");
    let order = [("call", id), ("line1.family", "dme/oxygen"), ("given", "Testa"), ("do", "open")];
    let opened = world.post("/referrals", Some(&agent), &order).await;
    assert_eq!(opened.location(), format!("{call}?done=opened"));
    let page = world.get(opened.location(), Some(&agent)).await.text;
    assert!(page.contains("the call is put to it") && page.contains("HC-"), "{page}");
    let nurse = world.sign_in(Role::Nurse);
    let others = world.get(&format!("/referrals/new?call={id}"), Some(&nurse)).await.text;
    assert!(!others.contains("Pat Caller"), "another's call");
}
