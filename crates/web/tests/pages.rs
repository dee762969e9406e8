//! Pages as people meet them: forms that come back with what was entered, forms sent twice, forms from an old page.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::StatusCode;
use doorstep_app::command::COMMANDS;
use doorstep_case::Role;
use support::{OXYGEN, World};

/// Returns the value of a hidden field in the form that posts to `action`.
fn hidden<'a>(page: &'a str, action: &str, name: &str) -> &'a str {
    let form = page
        .split("<form")
        .find(|form| form.contains(&format!("action=\"{action}\"")))
        .expect("a form");
    let field = form
        .split("<input")
        .find(|input| input.contains(&format!("name=\"{name}\"")))
        .expect("a field");
    field.split("value=\"").nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test]
async fn a_referral_of_nothing_comes_back_with_what_was_entered() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let pairs = [("family_name", "Example"), ("zip", "4653"), ("fact.oxygen.spo2", "low")];
    let answer = world.post("/referrals", Some(&agent), &pairs).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "value=\"Example\"",
        "value=\"4653\"",
        "href=\"#line1.family\"",
        "Enter a number, in %",
        "aria-invalid=\"true\"",
    ] {
        assert!(answer.text.contains(words), "{words}");
    }
}

#[tokio::test]
async fn checking_tells_what_is_missing_and_keeps_nothing() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let pairs = [("line1.family", "dme/oxygen"), ("do", "check"), ("family_name", "Example")];
    for path in ["/referrals", "/referrals/checks"] {
        let told = world.post(path, Some(&agent), &pairs).await;
        assert_eq!(told.status, StatusCode::OK);
        assert!(told.text.contains("blocks delivery") && told.text.contains("value=\"Example\""));
        assert!(
            told.text.contains("<details open data-families=\"oxygen"),
            "what the order needs stands open"
        );
    }
    let complete: Vec<(&str, &str)> = OXYGEN.iter().copied().chain([("do", "check")]).collect();
    let told = world.post("/referrals", Some(&agent), &complete).await;
    assert!(told.text.contains("Complete"), "{}", told.text);
    let list = world.get("/worklist?queue=all", Some(&agent)).await.text;
    assert!(list.contains("Nothing here now"));
}

#[tokio::test]
async fn the_same_referral_twice_is_one_case() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let first = world.open_oxygen(&agent).await;
    let again = world.post("/referrals", Some(&agent), OXYGEN).await;
    assert_eq!(again.location(), format!("{first}?done=linked"));
}

#[tokio::test]
async fn every_command_has_its_form_on_the_case_page() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    let page = world.get(&case, Some(&supervisor)).await.text;
    for form in COMMANDS {
        assert!(page.contains(&format!("action=\"{case}/{}\"", form.noun)), "{}", form.name);
    }
    let agent = world.sign_in(Role::Agent);
    let page = world.get(&case, Some(&agent)).await.text;
    assert!(
        !page.contains(&format!("action=\"{case}/triage\"")),
        "an agent is offered what only a nurse may do"
    );
}

#[tokio::test]
async fn every_field_has_a_label_and_every_id_is_the_only_one() {
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    for path in [
        case.clone(),
        format!("{case}/amendment"),
        "/referrals/new".to_owned(),
        "/worklist".to_owned(),
        "/queue".to_owned(),
    ] {
        let page = world.get(&path, Some(&supervisor)).await.text;
        let mut ids: Vec<&str> =
            page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        ids.sort_unstable();
        let double = ids.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(double, None, "{path}");
        for tag in ["<input ", "<select ", "<textarea "] {
            for field in page.split(tag).skip(1).map(|rest| rest.split('>').next().unwrap()) {
                if field.contains("type=\"hidden\"") {
                    continue;
                }
                let id = field
                    .split("id=\"")
                    .nth(1)
                    .unwrap_or_else(|| panic!("{path}: {field}"))
                    .split('"')
                    .next()
                    .unwrap();
                assert!(
                    page.contains(&format!("<label for=\"{id}\""))
                        || page.contains(&format!("for=\"{id}\">")),
                    "{path}: {id}"
                );
            }
        }
        assert!(!page.contains("style=\"") && !page.contains("<script>"), "{path}");
    }
}

#[tokio::test]
async fn what_the_rules_refuse_comes_back_beside_its_field() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let refused = world.act(&agent, (&case, "signatures"), &[("signed_on", "2027-01-01")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("value=\"2027-01-01\""), "the input is kept");
    assert!(
        refused.text.contains("id=\"do-sign-signed_on-wrong\""),
        "the words stand beside the field"
    );
    assert!(refused.text.contains("href=\"#do-sign-signed_on\""), "and in the list at the top");
}

#[tokio::test]
async fn nothing_ticked_is_not_everything() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let refused = world.act(&agent, (&case, "authorization-requests"), &[("trace", "t1")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("Choose at least one line")
            || refused.text.contains("choose at least one line")
    );
}

#[tokio::test]
async fn a_form_from_an_old_page_does_nothing_and_keeps_the_input() {
    let world = World::new();
    let (agent, nurse) = (world.sign_in(Role::Agent), world.sign_in(Role::Nurse));
    let case = world.open_oxygen(&agent).await;
    let seen = world.get(&format!("{case}/version"), Some(&agent)).await.text;
    world.act(&nurse, (&case, "triage"), &[("priority", "p1")]).await;
    let pairs = [
        ("seen", seen.as_str()),
        ("level", "3"),
        ("reason", "clinical-risk"),
        ("escalation_id", "e1"),
    ];
    let stale = world.post(&format!("{case}/escalations"), Some(&agent), &pairs).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(
        stale.text.contains("look at it as it is now")
            && stale.text.contains("value=\"clinical-risk\" selected")
    );
    assert_eq!(hidden(&stale.text, &format!("{case}/escalations"), "escalation_id"), "e1");
    assert!(!stale.text.contains("Escalation, level 3"));
}

#[tokio::test]
async fn a_form_sent_twice_does_one_thing() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let page = world.get(&case, Some(&agent)).await.text;
    let action = format!("{case}/escalations");
    let (id, seen) = (hidden(&page, &action, "escalation_id"), hidden(&page, &action, "seen"));
    let pairs = [("seen", seen), ("escalation_id", id), ("level", "1"), ("reason", "caller-asked")];
    for _ in 0..2 {
        let done = world.post(&action, Some(&agent), &pairs).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let page = world.get(&case, Some(&agent)).await.text;
    assert_eq!(page.matches("Escalation, level 1").count(), 1);
}

#[tokio::test]
async fn a_link_is_used_by_its_button_and_not_by_a_look() {
    let world = World::new();
    let link = doorstep_app::signin::make_link(&world.app.system("test"), &"agent".into()).unwrap();
    let path = format!("/sign-in/link/{}", link.reveal());
    for _ in 0..3 {
        assert_eq!(world.get(&path, None).await.status, StatusCode::OK);
    }
    let signed_in = world.post(&path, None, &[]).await;
    assert_eq!((signed_in.status, signed_in.location()), (StatusCode::SEE_OTHER, "/account?new=1"));
    assert_eq!(world.post(&path, None, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_password_is_set_and_signs_in() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let short = world
        .post("/account/password", Some(&agent), &[("password", "short"), ("again", "short")])
        .await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = "correct horse stapled twice";
    let done =
        world.post("/account/password", Some(&agent), &[("password", long), ("again", long)]).await;
    assert_eq!(done.location(), "/sign-in?done=password");
    assert!(
        world.get("/worklist", Some(&agent)).await.location().starts_with("/sign-in"),
        "older sessions end"
    );
    let pairs = [("name", "agent"), ("password", long), ("next", "/worklist?queue=all")];
    let signed_in = world.post("/sign-in", None, &pairs).await;
    assert_eq!(
        (signed_in.status, signed_in.location()),
        (StatusCode::SEE_OTHER, "/worklist?queue=all")
    );
    let wrong =
        world.post("/sign-in", None, &[("name", "agent"), ("password", "something else")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn live_pages_are_told_and_only_those_who_may_listen() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let listening = world.get("/live", Some(&agent)).await;
    assert_eq!(listening.status, StatusCode::OK);
    assert_eq!(listening.headers["content-type"], "text/event-stream");
    let admin = world.sign_in(Role::Admin);
    assert_eq!(world.get("/live", Some(&admin)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_page_that_says_changed_looks_again() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let page = world.get(&case, Some(&agent)).await.text;
    let version = world.get(&format!("{case}/version"), Some(&agent)).await.text;
    assert!(page.contains(&format!("data-seen=\"{version}\"")));
}
