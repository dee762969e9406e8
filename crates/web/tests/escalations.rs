//! Escalations on their pages: raised with words, seen, promised, kept; a supervisor called for from a case and from a call.

mod support;

use axum::http::StatusCode;
use doorstep_case::Role;
use support::{Session, World};

const SUPERVISOR: [(&str, &str); 5] = [
    ("level", "2"),
    ("reason", "caller-asked"),
    ("asked_by", "Pat Planner, Example Hospital"),
    ("words", "Nobody brought the oxygen."),
    ("escalation_id", "e-now"),
];

/// A moment as forms take it.
fn in_two_hours(world: &World) -> String {
    let now = world.clock.load(std::sync::atomic::Ordering::Relaxed);
    doorstep_vocab::Timestamp(now).plus(doorstep_vocab::Micros::hours(2)).to_string()
}

async fn page(world: &World, who: &Session, path: &str) -> String {
    let answer = world.get(path, Some(who)).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.text
}

#[tokio::test]
async fn a_supervisor_is_called_for_from_a_case_with_a_summary_and_sees_it_at_once() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&agent).await;
    assert!(
        page(&world, &agent, &case)
            .await
            .contains(&format!("data-key=\"s\" href=\"{case}/supervisor\""))
    );
    let form = page(&world, &agent, &format!("{case}/supervisor")).await;
    for told in ["Who: Testa Example", "What:", "Due:", "Blocked:", "ordered as urgent"] {
        assert!(form.contains(told), "{told}");
    }
    assert_eq!(world.get("/", Some(&supervisor)).await.location(), "/worklist");
    let raised = world.post(&format!("{case}/supervisor"), Some(&agent), &SUPERVISOR).await;
    assert_eq!(raised.status, StatusCode::SEE_OTHER, "{}", raised.text);
    assert_eq!(world.get("/", Some(&supervisor)).await.location(), "/escalations");
    let list = page(&world, &supervisor, "/escalations").await;
    assert!(list.contains("1 that nobody has seen") && list.contains("nobody has seen it"));
    assert!(list.contains("<strong>1 raised that nobody has seen.</strong>"));
    assert!(!list.contains("Testa") && !list.contains("Pat Planner"), "it names nobody");
    let thread = page(&world, &supervisor, &case).await;
    assert!(
        thread.contains("Nobody brought the oxygen.") && thread.contains("asked by Pat Planner")
    );
    let again = world.post(&format!("{case}/supervisor"), Some(&agent), &SUPERVISOR).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "sent twice it is one");
    assert!(page(&world, &supervisor, "/escalations").await.contains("1 open"));
}

#[tokio::test]
async fn what_is_left_out_is_asked_for_beside_its_field() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let refused =
        world.post(&format!("{case}/supervisor"), Some(&agent), &[("words", "Help")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("choose a level") && refused.text.contains("choose why"));
    assert!(refused.text.contains(">Help</textarea>"), "what was typed is kept");
    let other = [("level", "1"), ("reason", "other")];
    let refused = world.act(&agent, (&case, "escalations"), &other).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "another reason needs its words");
}

#[tokio::test]
async fn an_escalation_is_seen_promised_written_about_raised_and_resolved() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let supervisor = world.sign_in(Role::Supervisor);
    let number = [("phone", "574-555-0177 ext. 3")];
    let kept = world.post("/account/number", Some(&supervisor), &number).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    let wrong = world.post("/account/number", Some(&supervisor), &[("phone", "<b>call</b>")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let case = world.open_oxygen(&agent).await;
    let raise = [("level", "1"), ("reason", "caller-asked"), ("escalation_id", "e-1")];
    assert_eq!(
        world.act(&agent, (&case, "escalations"), &raise).await.status,
        StatusCode::SEE_OTHER
    );
    let of = [("escalation", "e-1")];
    let seen = world.act(&agent, (&case, "escalation-acknowledgements"), &of).await;
    assert_eq!(seen.status, StatusCode::FORBIDDEN, "whoever answers it says so");
    let seen = world.act(&supervisor, (&case, "escalation-acknowledgements"), &of).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text);
    let list = page(&world, &supervisor, "/escalations").await;
    assert!(list.contains("seen, nothing promised") && list.contains("574-555-0177 ext. 3"));
    let say =
        [("escalation", "e-1"), ("words", "The driver is on the way."), ("message_id", "m-1")];
    assert_eq!(
        world.act(&agent, (&case, "escalation-messages"), &say).await.status,
        StatusCode::SEE_OTHER
    );
    let due =
        [("escalation", "e-1"), ("owner", "supervisor"), ("committed_to", "2036-01-01T10:00")];
    let far = world.act(&supervisor, (&case, "commitments"), &due).await;
    assert_ne!(far.status, StatusCode::FORBIDDEN);
    let up = [("escalation", "e-1"), ("level", "2"), ("words", "It takes too long.")];
    let raised = world.act(&agent, (&case, "escalation-levels"), &up).await;
    assert_eq!(raised.status, StatusCode::SEE_OTHER, "{}", raised.text);
    let down = [("escalation", "e-1"), ("level", "1")];
    let refused = world.act(&agent, (&case, "escalation-levels"), &down).await;
    assert!(refused.text.contains("choose a higher one"), "{}", refused.text);
    let thread = page(&world, &agent, &case).await;
    for told in [
        "The driver is on the way.",
        "It takes too long.",
        "Handed to level 2",
        "Nobody has taken it",
    ] {
        assert!(thread.contains(told), "{told}");
    }
    assert_eq!(
        world.act(&supervisor, (&case, "resolutions"), &of).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(page(&world, &supervisor, "/escalations").await.contains("Nothing is raised."));
}

#[tokio::test]
async fn a_promise_that_was_kept_stands_in_the_rate_with_its_definition() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&agent).await;
    let raise = [("level", "1"), ("reason", "caller-asked"), ("escalation_id", "e-1")];
    world.act(&agent, (&case, "escalations"), &raise).await;
    let soon = in_two_hours(&world);
    let promise = [("escalation", "e-1"), ("owner", "supervisor"), ("committed_to", soon.as_str())];
    let promised = world.act(&supervisor, (&case, "commitments"), &promise).await;
    assert_eq!(promised.status, StatusCode::SEE_OTHER, "{}", promised.text);
    assert!(page(&world, &supervisor, "/escalations").await.contains("none yet"));
    world.act(&supervisor, (&case, "resolutions"), &[("escalation", "e-1")]).await;
    let list = page(&world, &supervisor, "/escalations").await;
    assert!(list.contains("<td>100 %</td>") && list.contains("The keep-rate is promises kept"));
    assert!(
        list.contains("1 business hour") && list.contains("30 min"),
        "the ladder with its times"
    );
    assert!(list.len() < 100 * 1024);
}

#[tokio::test]
async fn in_a_call_one_key_calls_the_supervisor_and_the_caller_is_told_who_has_it() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let supervisor = world.sign_in(Role::Supervisor);
    world.post("/account/number", Some(&supervisor), &[("phone", "574-555-0177")]).await;
    let case = world.open_oxygen(&agent).await;
    let call = [
        ("direction", "inbound"),
        ("caller", "member"),
        ("reason", "complaint"),
        ("caller_name", "Testa Example"),
    ];
    let call = world.post("/calls", Some(&agent), &call).await.location().to_owned();
    assert!(
        !page(&world, &agent, &call).await.contains("Supervisor now</a>"),
        "no case is known yet"
    );
    let said = [("name", "Testa Example"), ("birth-date", "1950-07-04")];
    world.post(&format!("{call}/identification"), Some(&agent), &said).await;
    let call_id = call.rsplit('/').next().unwrap().to_owned();
    let link = format!("{case}/supervisor?call={call_id}");
    assert!(page(&world, &agent, &call).await.contains(&format!("data-key=\"s\" href=\"{link}\"")));
    let form = page(&world, &agent, &link).await;
    assert!(form.contains(&format!("name=\"call\" value=\"{call_id}\"")));
    let mut pairs = SUPERVISOR.to_vec();
    pairs.push(("call", call_id.as_str()));
    let raised = world.post(&format!("{case}/supervisor"), Some(&agent), &pairs).await;
    assert_eq!(raised.location(), format!("{call}?done=raised"));
    assert!(page(&world, &agent, &case).await.contains("Escalated to level 2, in a call"));
    let of = [("escalation", "e-now")];
    world.act(&supervisor, (&case, "escalation-acknowledgements"), &of).await;
    let heard = page(&world, &agent, &call).await;
    assert!(heard.contains("Escalation manager") && heard.contains("574-555-0177"), "{heard}");
}
