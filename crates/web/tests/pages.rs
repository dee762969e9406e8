//! Pages as people meet them: forms that come back with what was entered, forms sent twice, forms from an old page.

mod support;

use axum::http::StatusCode;
use doorstep_app::command::COMMANDS;
use doorstep_case::Role;
use support::{OXYGEN, World, hidden};

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
    assert!(list.contains("No order has come in yet"));
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
        "/imports".to_owned(),
        "/worklist/hand-out".to_owned(),
        "/staff".to_owned(),
        "/rota".to_owned(),
        "/away".to_owned(),
        "/staff/agent".to_owned(),
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
    world
        .act(
            &nurse,
            (&case, "triage"),
            &[("priority", "p1"), ("outcome", "go-on"), ("reason", "stable")],
        )
        .await;
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
    let told =
        stale.text.split("Since you opened it").nth(1).unwrap().split("</ul>").next().unwrap();
    assert!(told.contains("Triaged as P1") && told.contains("nurse Example, nurse"), "{told}");
    assert!(told.contains("CST") && !told.contains("Case opened"), "{told}");
}

#[tokio::test]
async fn a_case_number_with_a_wrong_digit_says_so() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    world.open_oxygen(&agent).await;
    let wrong = world.post("/search", Some(&agent), &[("q", "HC-261123-000001-1")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("has a wrong digit") && !wrong.text.contains("Testa"));
    for text in ["Testa M Example", "example 07/04/50", "Example, Testa 1950-7-4", "7-4-1950"] {
        let found = world.post("/search", Some(&agent), &[("q", text)]).await;
        assert!(found.text.contains("One case."), "{text}");
    }
}

#[tokio::test]
async fn a_hit_says_why_it_is_one_and_stands_under_its_member() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let first = world.open_oxygen(&agent).await;
    let other = world.open_bed(&agent).await;
    assert_ne!(first, other);
    doorstep_app::bring_up(&world.app).unwrap();
    let find =
        async |text: &'static str| world.post("/search", Some(&agent), &[("q", text)]).await.text;
    let found = find("Exampel 7/4/1951").await;
    assert!(found.contains("One letter of Example differs"), "{found}");
    assert!(found.contains("Birth date differs in one digit"), "{found}");
    assert_eq!(found.matches("<article").count(), 1, "two cases of one member: {found}");
    assert!(found.contains(&first) && found.contains(&other), "{found}");
    assert!(found.contains("2 cases.") && !found.contains("By words"), "{found}");
    world.act(&agent, (&first, "notes"), &[("text", "The dog bites <b>")]).await;
    assert!(find("bites").await.contains("Nothing was found"), "not searchable yet");
    doorstep_app::bring_up(&world.app).unwrap();
    let found = find("bites dog").await;
    assert!(
        found.contains("In notes and documents") && found.contains("hold these words"),
        "{found}"
    );
    assert!(found.contains(&first) && !found.contains(&other), "{found}");
    let admin = world.sign_in(Role::Admin);
    let refused = world.post("/search", Some(&admin), &[("q", "bites")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn members_alike_are_shown_when_asked_for_and_recorded() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let first = world.open_oxygen(&agent).await;
    let alone = world.get(&format!("{first}/alike"), Some(&agent)).await.text;
    assert!(alone.contains("No other"), "{alone}");
    let other = world.open_bed(&agent).await;
    doorstep_app::bring_up(&world.app).unwrap();
    let page = world.get(&first, Some(&agent)).await.text;
    assert!(page.contains(&format!("href=\"{first}/alike\"")) && !page.contains(&other));
    let before = world.audited();
    world.pass_minutes(1);
    let alike = world.get(&format!("{first}/alike"), Some(&agent)).await.text;
    assert!(alike.contains(&other) && alike.contains("Birth date"), "{alike}");
    assert!(alike.contains("Plan ID") && alike.contains("Telephone number"), "{alike}");
    assert_eq!(world.audited(), before + 1);
    world.latest_record(|entry| assert_eq!(entry.n_cases, 2, "the case and the other"));
}

#[tokio::test]
async fn a_document_is_of_no_kind_until_somebody_says_so() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let refused = world.post(&format!("{case}/documents"), Some(&agent), &[("title", "x")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"do-document-kind-wrong\""), "the words stand at the field");
    assert!(refused.text.contains("hoose what the document is"));
}

#[tokio::test]
async fn a_line_is_added_by_its_item_and_a_wrong_code_says_what_is_wrong() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let page = world.get(&case, Some(&agent)).await.text;
    assert!(page.contains("<option value=\"dme/hospital-bed\""), "the item says its service");
    for (code, words) in [
        ("D0120", "dental code"),
        ("E13", "a letter that HCPCS uses and four digits"),
        ("1-2", "write a HCPCS code such as E1390"),
        ("", "say what is added"),
    ] {
        let refused = world.act(&agent, (&case, "lines"), &[("code", code)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        assert!(refused.text.contains(words), "{code}: {words}");
        assert!(refused.text.contains("id=\"do-add-line-code-wrong\""), "{code}");
    }
    let added = world.act(&agent, (&case, "lines"), &[("family", "dme/hospital-bed")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let page = world.get(&case, Some(&agent)).await.text;
    assert!(page.contains("The order: 2 lines"));
    let alone = world.act(&agent, (&case, "lines"), &[("family", "oxygen")]).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY, "an item without its service");
}

#[tokio::test]
async fn what_a_provider_says_on_the_phone_is_entered_beside_its_number() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let offer = [("lines", "1"), ("provider", "TEST-P1"), ("offer_id", "o1")];
    let done = world.act(&agent, (&case, "offers"), &offer).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = world.get(&case, Some(&agent)).await.text;
    let offers =
        page.split("id=\"offers-head\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(offers.contains("Phone 574-555-0199"), "{offers}");
}

#[tokio::test]
async fn what_is_missing_names_who_has_to_supply_it_and_all_that_it_blocks() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let few = [("line1.family", "dme/oxygen"), ("family_name", "Example"), ("do", "check")];
    let told = world.post("/referrals/checks", Some(&agent), &few).await.text;
    let told = told.split("id=\"told\"").nth(1).unwrap();
    assert!(told.contains("From the referrer, blocks delivery, authorization, billing"), "{told}");
    assert!(told.contains("From the member"), "{told}");
    let opened = world.post("/referrals", Some(&agent), &few[..2]).await;
    let page = world.get(opened.location(), Some(&agent)).await.text;
    let item = page.split("class=\"what\"").find(|item| item.contains("blocks delivery")).unwrap();
    assert!(item.contains("blocks authorization") && item.contains("blocks billing"), "{item}");
}

#[tokio::test]
async fn a_case_leads_those_who_may_read_it_to_its_trail() {
    let world = World::new();
    let (agent, sue) = (world.sign_in(Role::Agent), world.sign_in(Role::Supervisor));
    let case = world.open_oxygen(&agent).await;
    let link = format!("href=\"{case}/activity\"");
    assert!(world.get(&case, Some(&sue)).await.text.contains(&link));
    assert!(!world.get(&case, Some(&agent)).await.text.contains(&link));
}

#[tokio::test]
async fn a_file_is_settled_with_a_case_or_with_a_reason() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let ctx = world.app.system("test");
    let incoming = doorstep_app::intake::Incoming {
        bytes: b"%PDF-1.4 a page that only a person can read",
        name: "fax.pdf",
        received_at: world.app.now(),
    };
    let taken = doorstep_app::intake::take(&ctx, &incoming).unwrap();
    let path = format!("/queue/{}/resolution", taken.receipt_id);
    let unit = ("unit", "0");
    let page = world.get("/queue", Some(&agent)).await.text;
    let unit = (unit.0, hidden(&page, &path, "unit").to_owned());
    let unit = (unit.0, unit.1.as_str());
    for pairs in
        [vec![unit], vec![unit, ("why", "because")], vec![unit, ("number", "HC-261123-000001-1")]]
    {
        let refused = world.post(&path, Some(&agent), &pairs).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{pairs:?}");
    }
    let before = world.audited();
    let done = world.post(&path, Some(&agent), &[unit, ("why", "no-order")]).await;
    assert_eq!(done.location(), "/queue?done=resolution");
    assert_eq!(world.audited() - before, 1, "who settled it and why is recorded");
    let again = world.post(&path, Some(&agent), &[unit, ("why", "no-order")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_could_not_go_out_is_shown_and_tried_again() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let sql = "UPDATE job SET dead_at = $1, attempts = 12, last_error = 'broken' WHERE kind = 'ask-benefits'";
    let now = world.app.now().0;
    world.app.db.write("give up", |tx| tx.execute(sql, doorstep_db::params![now])).unwrap();
    let page = world.get("/queue", Some(&agent)).await.text;
    assert!(page.contains("Ask benefits") && page.contains("after 12 tries"), "{page}");
    assert!(page.contains(&format!("href=\"{case}\"")), "{page}");
    let pairs = ["case", "job"].map(|name| (name, hidden(&page, "/queue/retries", name)));
    let strange = world.post("/queue/retries", Some(&agent), &[pairs[0], ("job", "none")]).await;
    assert_eq!(strange.status, StatusCode::NOT_FOUND);
    let before = world.audited();
    let done = world.post("/queue/retries", Some(&agent), &pairs).await;
    assert_eq!(done.location(), "/queue?done=retry#left");
    assert_eq!(world.audited() - before, 1, "who tried again is recorded");
    let page = world.get("/queue", Some(&agent)).await.text;
    assert!(!page.contains("Could not go out"), "{page}");
    let again = world.post("/queue/retries", Some(&agent), &pairs).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
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
async fn a_password_is_changed_by_who_knows_it_and_a_link_voids_it() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let (old, new) = ("correct horse stapled twice", "the ferry leaves at noon");
    let set = |current: &'static str, password: &'static str| {
        vec![("current", current), ("password", password), ("again", password)]
    };
    for easy in ["passwordpassword", "agent agent agent", "qwertyuiopasdfgh"] {
        let refused = world.post("/account/password", Some(&agent), &set("", easy)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{easy}");
        assert!(refused.text.contains("too easy to guess"), "{easy}");
    }
    world.post("/account/password", Some(&agent), &set("", old)).await;
    let signed_in = world.post("/sign-in", None, &[("name", "agent"), ("password", old)]).await;
    let agent = world.session(&signed_in);
    for current in ["", "something else entirely"] {
        let refused = world.post("/account/password", Some(&agent), &set(current, new)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{current}");
        assert!(refused.text.contains("The current password is wrong"), "{}", refused.text);
        assert!(!refused.text.contains(new), "no password comes back");
    }
    let done = world.post("/account/password", Some(&agent), &set(old, new)).await;
    assert_eq!(done.location(), "/sign-in?done=password");
    let by = |password| [("name", "agent"), ("password", password)];
    assert_eq!(
        world.post("/sign-in", None, &by(old)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(world.post("/sign-in", None, &by(new)).await.status, StatusCode::SEE_OTHER);
    let agent = world.sign_in(Role::Agent);
    assert_eq!(
        world.post("/sign-in", None, &by(new)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the link stood for a forgotten password"
    );
    let done = world.post("/account/password", Some(&agent), &set("", old)).await;
    assert_eq!(done.location(), "/sign-in?done=password");
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

#[tokio::test]
async fn a_case_says_which_line_waits_for_what_while_another_goes_on() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let other =
        [("line2.family", "dme/walking-aids"), ("line2.code", "E0143"), ("line2.quantity", "1")];
    let order = OXYGEN.iter().copied().filter(|(name, _)| *name != "fact.oxygen.lpm").chain(other);
    let order: Vec<(&str, &str)> = order.collect();
    let opened = world.post("/referrals", Some(&agent), &order).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    let case = opened.location().split('?').next().unwrap().to_owned();
    let page = world.get(&case, Some(&agent)).await.text;
    for words in [
        "Complete in part",
        "Line 1 waits for liters of oxygen a minute",
        "Order complete, cane, crutches or walker (line 2)",
        "<span class=\"badge \">Line 1</span>",
    ] {
        assert!(page.contains(words), "{words}");
    }
    world.act(&agent, (&case, "acknowledgement"), &[]).await;
    let ask = [("of", "referrer"), ("items", "oxygen.lpm"), ("ask_id", "ask-1")];
    world.act(&agent, (&case, "asks"), &ask).await;
    let nurse = world.sign_in(Role::Nurse);
    world
        .act(
            &nurse,
            (&case, "triage"),
            &[("priority", "p1"), ("outcome", "go-on"), ("reason", "stable")],
        )
        .await;
    let list = world.get("/worklist?queue=all", Some(&agent)).await.text;
    assert!(list.contains("Line 1 waits for liters of oxygen a minute"), "{list}");
    assert!(list.contains("Verify the member"), "{list}");
    let page = world.get(&case, Some(&agent)).await.text;
    let form = |noun: &str| {
        let action = format!("action=\"{case}/{noun}\"");
        page.split("<form").find(|form| form.contains(&action)).unwrap_or_else(|| panic!("{noun}"))
    };
    let offer = form("offers");
    assert!(offer.contains("value=\"2\" checked"), "{offer}");
    assert!(offer.contains("value=\"1\"") && !offer.contains("value=\"1\" checked"), "{offer}");
    let request = form("authorization-requests");
    assert!(request.contains("value=\"2\"") && !request.contains("value=\"1\""), "{request}");
}
