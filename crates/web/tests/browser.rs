//! Chromium drives a case from sign-in and new referral to closed, once with scripts on and once with scripts off.
//!
//! Skips, and says so, where there is no chromedriver: `DOORSTEP_CHROMEDRIVER` names it, or it is on the path.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod support;

use doorstep_case::Role;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use support::{OXYGEN, World};
use tempfile::TempDir;

/// A page that is not there after this long is a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser of its own, ended with the test.
struct Browser {
    client: Client,
    _driver: Driver,
    _profile: TempDir,
}

/// The program that drives it.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn chromedriver() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("DOORSTEP_CHROMEDRIVER") {
        return Some(PathBuf::from(path));
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join("chromedriver"))
        .find(|path| path.is_file())
}

async fn free_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

async fn browser(with_scripts: bool) -> Option<Browser> {
    browser_with(with_scripts, &[]).await
}

async fn browser_with(with_scripts: bool, more: &[&str]) -> Option<Browser> {
    let Some(driver) = chromedriver() else {
        println!("skipped: no chromedriver on the path, and DOORSTEP_CHROMEDRIVER names none");
        return None;
    };
    let port = free_port().await;
    let mut command = Command::new(driver);
    command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
    let driver = Driver(command.spawn().unwrap());
    let profile = tempfile::tempdir().unwrap();
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1400,1000",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
    let scripts = if with_scripts { 1 } else { 2 };
    let options = json!({
        "args": arguments,
        "prefs": { "profile.managed_default_content_settings.javascript": scripts },
    });
    let capabilities: serde_json::Map<String, Value> =
        [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
    let address = format!("http://127.0.0.1:{port}");
    for _ in 0..100 {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        if let Ok(client) = builder.capabilities(capabilities.clone()).connect(&address).await {
            return Some(Browser { client, _driver: driver, _profile: profile });
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("chromedriver did not answer at {address}");
}

/// Whoever works at the desk, with a page before them.
struct Desk<'a> {
    client: &'a Client,
    base: String,
}

impl Desk<'_> {
    async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.unwrap();
    }

    /// Fills a field in. A field that is folded away is unfolded first, as a person would.
    async fn fill(&self, id: &str, value: &str) {
        let css = format!("[id='{id}']");
        let field =
            self.client.find(Locator::Css(&css)).await.unwrap_or_else(|_| panic!("no field {id}"));
        let element = serde_json::to_value(&field).unwrap();
        let script = "const field = arguments[0]; \
                      return [field.type, field.closest('details:not([open])') !== null, field.value]";
        let known = self.client.execute(script, vec![element.clone()]).await.unwrap();
        if known[1] == true {
            self.unfold(id).await;
        }
        match known[0].as_str().unwrap_or_default() {
            "radio" => field.click().await.unwrap(),
            "select-one" => field.select_by_value(value).await.unwrap(),
            "date" | "datetime-local" => {
                // What a browser's own date field takes depends on its language; its value does not.
                let script = "arguments[0].value = arguments[1]";
                self.client.execute(script, vec![element, json!(value)]).await.unwrap();
            }
            _ => {
                if known[2] != "" {
                    field.clear().await.unwrap();
                }
                field.send_keys(value).await.unwrap();
            }
        }
    }

    /// Opens whatever an element is folded away in, the outermost first.
    async fn unfold(&self, id: &str) {
        let path = format!("//*[@id='{id}']/ancestor::details[not(@open)]/summary");
        for summary in self.client.find_all(Locator::XPath(&path)).await.unwrap() {
            summary.click().await.unwrap();
        }
    }

    /// Sends the form of a command and waits for the page that says that it is done.
    async fn send(&self, form: &str, noun: &str) {
        self.unfold(form).await;
        let css = format!("#{form} button[type=submit]");
        self.client.find(Locator::Css(&css)).await.unwrap().click().await.unwrap();
        let done = format!("done={noun}");
        for _ in 0..300 {
            if self.client.current_url().await.unwrap().as_str().contains(&done) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{form} was not done: {}", self.text("main").await);
    }

    /// Returns an element's text. One that its page took away while it was read is looked for again.
    async fn text(&self, css: &str) -> String {
        for _ in 0..5 {
            let element = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
            if let Ok(text) = element.unwrap().text().await {
                return text;
            }
        }
        panic!("{css} is gone each time that it is read");
    }

    /// Waits until an element's text is as it should be, and returns it.
    async fn until(&self, css: &str, is_so: impl Fn(&str) -> bool) -> String {
        let mut text = String::new();
        for _ in 0..150 {
            text = self.text(css).await;
            if is_so(&text) {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} says: {text}");
    }

    async fn click(&self, css: &str) {
        self.client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
    }
}

async fn from_referral_to_closed(with_scripts: bool) {
    let Some(browser) = browser(with_scripts).await else { return };
    let world = World::new();
    let desk = Desk { client: &browser.client, base: served(&world).await };
    sign_in(&world, &desk, Role::Agent).await;
    refer(&desk).await;
    work(&desk).await;
    assert!(desk.text(".case-title").await.contains("Closed, completed"));
    assert!(desk.text(".next-words").await.to_lowercase().contains("the case is closed"));
    browser.client.clone().close().await.unwrap();
}

/// Serves a hub on a port of its own, and returns its address.
async fn served(world: &World) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = doorstep_web::router(world.app.clone(), world.nudge.clone(), world.room.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

async fn sign_in(world: &World, desk: &Desk<'_>, role: Role) {
    let link =
        doorstep_app::signin::make_link(&world.app.system("test"), &role.name().into()).unwrap();
    desk.go("/healthz").await;
    desk.client.delete_all_cookies().await.unwrap();
    desk.go("/worklist").await;
    assert!(desk.text("h1").await.contains("Sign in"));
    desk.go(&format!("/sign-in/link/{}", link.reveal())).await;
    desk.click("main button").await;
    desk.until("h1", |words| words.contains("Your account")).await;
}

/// The order is entered in two steps, as without scripts: what it needs is asked for once it is checked.
async fn refer(desk: &Desk<'_>) {
    desk.go("/referrals/new").await;
    let (facts, others): (Vec<_>, Vec<_>) =
        OXYGEN.iter().partition(|(name, _)| name.starts_with("fact."));
    for (name, value) in others {
        desk.fill(name, value).await;
    }
    desk.click("button[value=check]").await;
    assert!(desk.text("#told").await.contains("blocks"), "{}", desk.text("#told").await);
    for (name, value) in facts {
        desk.fill(name, value).await;
    }
    desk.click("button[value=check]").await;
    desk.client
        .wait()
        .at_most(PATIENCE)
        .for_element(Locator::Css("#told .badge.good"))
        .await
        .unwrap();
    desk.send("referral", "opened").await;
}

async fn work(desk: &Desk<'_>) {
    desk.send("do-acknowledge", "acknowledgement").await;
    desk.send("do-ask-benefits", "benefit-requests").await;
    desk.fill("do-answer-benefits-status-active", "").await;
    desk.fill("do-answer-benefits-reference", "TEST-REF").await;
    desk.send("do-answer-benefits", "benefit-answers").await;
    desk.send("do-determine-auth", "determinations").await;
    desk.send("do-request-auth", "authorization-requests").await;
    desk.fill("do-approve-auth-number", "TEST-AUTH-1").await;
    desk.send("do-approve-auth", "approvals").await;
    desk.fill("do-offer-provider", "TEST-P1").await;
    desk.send("do-offer", "offers").await;
    desk.fill("do-accept-commit_by", "2026-11-24T12:00").await;
    desk.fill("do-accept-contact", "Cora Sample").await;
    desk.fill("do-accept-contact_phone", "800-555-0142").await;
    desk.send("do-accept", "acceptances").await;
    desk.fill("do-schedule-from", "2026-11-24T09:00").await;
    desk.fill("do-schedule-to", "2026-11-24T11:00").await;
    desk.send("do-schedule", "visits").await;
    desk.send("do-confirm", "confirmations").await;
    desk.fill("do-deliver-method-signature", "").await;
    desk.fill("do-deliver-signer", "member").await;
    desk.fill("do-deliver-signed_on", "2026-11-23").await;
    desk.fill("do-deliver-serials", "TEST-SN-1").await;
    desk.send("do-deliver", "deliveries").await;
    desk.send("do-close", "closure").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_goes_from_referral_to_closed_in_chromium() {
    from_referral_to_closed(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn and_it_goes_without_scripts() {
    from_referral_to_closed(false).await;
}

/// The minutes in `3 d 4 h left`, `2 h 14 min left`, `9 min left`.
fn minutes_left(words: &str) -> i64 {
    let words: Vec<&str> = words.strip_suffix(" left").unwrap().split(' ').collect();
    let one = |pair: &[&str]| {
        let n: i64 = pair[0].parse().unwrap();
        match pair[1] {
            "d" => n * 1440,
            "h" => n * 60,
            _ => n,
        }
    };
    words.chunks(2).map(one).sum()
}

/// The clock of the machine that Chromium runs on is far from the hub's: what is left is counted by the hub's alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_is_counted_down_by_the_hubs_clock_and_at_its_pace() {
    let Some(browser) = browser(true).await else { return };
    let world = World::new();
    let case = world.open_oxygen(&world.sign_in(Role::Agent)).await;
    // Near enough for what is left to be told in minutes, and in the midst of one.
    world.pass_minutes(30 * 60 + 7);
    world.clock.fetch_add(30_000_000, std::sync::atomic::Ordering::Relaxed);
    let agent = world.sign_in(Role::Agent);
    let desk = Desk { client: &browser.client, base: served(&world).await };
    sign_in(&world, &desk, Role::Agent).await;
    let page = world.get(&case, Some(&agent)).await.text;
    let served = page.split("data-from=").nth(1).unwrap();
    let served = served.split_once('>').unwrap().1.split_once('<').unwrap().0.to_owned();
    desk.go(&case).await;
    assert_eq!(desk.text("[data-due]").await, served, "the page says what the hub says");
    let before = minutes_left(&served);
    world.pass_minutes(10);
    world.nudge.fire();
    desk.until("[data-due]", |words| minutes_left(words) == before - 10).await;
    world.pace.store(60, std::sync::atomic::Ordering::Relaxed);
    desk.go(&case).await;
    assert!(minutes_left(&desk.text("[data-due]").await) >= before - 13);
    desk.until("[data-due]", |words| minutes_left(words) <= before - 13).await;
    browser.client.clone().close().await.unwrap();
}

/// When the session ends, nothing of the member is left to be seen; what was being typed comes back with its writer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_whose_session_ended_shows_nobody_and_keeps_what_was_typed() {
    let Some(browser) = browser(true).await else { return };
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let desk = Desk { client: &browser.client, base: served(&world).await };
    sign_in(&world, &desk, Role::Agent).await;
    desk.go(&case).await;
    desk.unfold("do-note-text").await;
    desk.fill("do-note-text", "Call the daughter").await;
    world.pass_minutes(16);
    world.nudge.fire();
    desk.until("#session-over", |words| words.contains("What you were entering is kept")).await;
    assert!(!desk.text("body").await.contains("Testa"), "the member is gone from sight");
    let first = desk.client.window().await.unwrap();
    let other = desk.client.new_window(true).await.unwrap();
    desk.client.switch_to_window(other.handle).await.unwrap();
    sign_in(&world, &desk, Role::Agent).await;
    desk.client.close_window().await.unwrap();
    desk.client.switch_to_window(first).await.unwrap();
    let script = "window.dispatchEvent(new Event('focus'))";
    desk.client.execute(script, vec![]).await.unwrap();
    desk.until("h1", |words| words.contains("Testa")).await;
    desk.send("do-note", "notes").await;
    assert!(desk.text("main").await.contains("Call the daughter"));
    browser.client.clone().close().await.unwrap();
}

/// What an agent cannot do: a nurse triages, a supervisor takes the escalation and resolves it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nurse_triages_and_a_supervisor_resolves_an_escalation_in_chromium() {
    let Some(browser) = browser(true).await else { return };
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let desk = Desk { client: &browser.client, base: served(&world).await };
    sign_in(&world, &desk, Role::Agent).await;
    desk.go(&case).await;
    let triage = desk.client.find_all(Locator::Css("#do-triage")).await.unwrap();
    assert!(triage.is_empty(), "an agent is not offered triage");
    desk.fill("do-escalate-reason", "caller-asked").await;
    desk.fill("do-escalate-level", "1").await;
    desk.send("do-escalate", "escalations").await;
    sign_in(&world, &desk, Role::Nurse).await;
    desk.go(&case).await;
    desk.unfold("do-triage").await;
    desk.click("#do-triage [value=p1]").await;
    desk.fill("do-triage-outcome", "go-on").await;
    desk.fill("do-triage-reason", "stable").await;
    desk.send("do-triage", "triage").await;
    assert!(desk.text(".case-title").await.contains("P1"));
    sign_in(&world, &desk, Role::Supervisor).await;
    desk.go("/worklist?queue=escalated").await;
    desk.click(".worklist-case a").await;
    desk.until(".next-words", |words| words.to_lowercase().contains("escalation")).await;
    desk.fill("do-commit-committed_to", "2026-11-23T12:00").await;
    desk.send("do-commit", "commitments").await;
    desk.send("do-resolve", "resolutions").await;
    assert!(!desk.text(".case-title").await.contains("Escalated"));
    let story = desk.text("#story").await;
    for words in
        ["supervisor Example, supervisor", "nurse Example, nurse", "Triaged as P1", "Resolved"]
    {
        assert!(story.contains(words), "{words}: {story}");
    }
    browser.client.clone().close().await.unwrap();
}

impl Desk<'_> {
    /// Presses keys where the focus is.
    async fn press(&self, keys: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for key in keys.chars() {
            // Control is held until the key of no name.
            actions = match key {
                '\u{e009}' => actions.then(KeyAction::Down { value: key }),
                '\u{e000}' => actions.then(KeyAction::Up { value: '\u{e009}' }),
                _ => {
                    actions.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key })
                }
            };
        }
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Waits until a condition in the page's own words holds.
    async fn holds(&self, script: &str) {
        for _ in 0..100 {
            if self.client.execute(&format!("return {script}"), vec![]).await.unwrap() == true {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never so: {script}");
    }
}

/// Control and a letter, and let go.
const PALETTE: &str = "\u{e009}k\u{e000}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_is_found_opened_and_noted_by_keyboard_alone() {
    let Some(browser) = browser(true).await else { return };
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let case = world.open_oxygen(&agent).await;
    let other = world.open_bed(&agent).await;
    doorstep_app::bring_up(&world.app).unwrap();
    let desk = Desk { client: &browser.client, base: served(&world).await };
    sign_in(&world, &desk, Role::Agent).await;
    desk.go("/worklist?queue=all").await;
    desk.press("?").await;
    desk.holds("document.getElementById('keys').open").await;
    assert!(desk.text("#keys").await.contains("Write a note"));
    desk.press(ESCAPE).await;
    desk.holds("!document.getElementById('keys').open").await;
    desk.press("/").await;
    desk.holds("document.activeElement.id === 'bar-q'").await;
    desk.press("exampel 7/4/1951").await;
    desk.press(ENTER).await;
    desk.until(".hit-why", |words| words.contains("One letter of Example differs")).await;
    // The focus of a new page is nowhere: the first key goes to the first row, the next one on.
    desk.press("j").await;
    desk.holds("document.activeElement.matches('[data-pick]')").await;
    let first = "document.activeElement.getAttribute('href')";
    let at = desk.client.execute(&format!("return {first}"), vec![]).await.unwrap();
    desk.press("j").await;
    desk.holds(&format!("{first} !== '{}'", at.as_str().unwrap())).await;
    desk.press("k").await;
    desk.holds(&format!("{first} === '{}'", at.as_str().unwrap())).await;
    assert!(at == case || at == other, "{at}");
    desk.press(ENTER).await;
    desk.until("h1", |words| words.contains("Testa")).await;
    desk.press("n").await;
    desk.holds("document.activeElement.id === 'do-note-text'").await;
    desk.press("The daughter calls back, n j k ? /").await;
    let script = "document.activeElement.value.endsWith('n j k ? /')";
    desk.holds(script).await;
    // A command by its name.
    desk.press(PALETTE).await;
    desk.holds("document.getElementById('palette').open").await;
    assert!(!desk.text("#palette").await.contains("Testa"), "nobody is named in it");
    desk.press("manager give").await;
    desk.holds("document.querySelectorAll('#palette-list li').length === 1").await;
    desk.press(ENTER).await;
    desk.holds("document.activeElement.closest('form')?.id === 'do-assign'").await;
    // A page by its name, with the arrows.
    desk.press(PALETTE).await;
    desk.press("work").await;
    desk.press(DOWN).await;
    desk.press(ENTER).await;
    desk.until("h1", |words| !words.contains("Testa")).await;
    browser.client.clone().close().await.unwrap();
}

/// Asks axe-core what is wrong with the page: rule, how bad, where. Minor and moderate findings are advice.
const ASK_AXE: &str = "const done = arguments[arguments.length - 1]; \
    axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations \
        .filter((rule) => ['serious', 'critical'].includes(rule.impact)) \
        .flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`))))";

async fn findings(desk: &Desk<'_>, axe: &str, path: &str) -> Vec<String> {
    desk.go(path).await;
    desk.client.execute(axe, Vec::new()).await.unwrap();
    let found = desk.client.execute_async(ASK_AXE, Vec::new()).await.unwrap();
    let found = found.as_array().cloned().unwrap_or_else(|| panic!("{path}: axe said nothing"));
    found.iter().map(|finding| format!("{path}: {}", finding.as_str().unwrap_or("?"))).collect()
}

/// An app that the supervisor has yet to set up: its page shows the picture and the secret.
fn begin_app(world: &World) {
    let role = Role::Supervisor;
    let mut own = world.app.ctx(doorstep_case::Actor { user_id: role.name().into(), role });
    own.proved_at = Some(world.app.wall_now());
    doorstep_app::signin::begin_app(&own).unwrap();
}

/// Pages of a supervisor that are about no one case.
const PAGES: [&str; 26] = [
    "/worklist?queue=all&show=manager&show=age",
    "/worklist?queue=closed",
    "/board",
    "/first-steps",
    "/access",
    "/triage",
    "/rota",
    "/quality",
    "/quality/own",
    "/escalations",
    "/complaints",
    "/activity",
    "/search",
    "/queue",
    "/imports",
    "/worklist/hand-out?queue=unassigned",
    "/staff",
    "/away",
    "/staff/agent",
    "/calls",
    "/referrals/new",
    "/providers",
    "/account",
    "/account/app",
    "/confirm",
    "/no-such-page",
];
/// What stands below a case.
const OF_A_CASE: [&str; 8] =
    ["", "/access", "?event=1", "/amendment", "/activity", "/alike", "/file", "/supervisor"];

/// WCAG 2.2 AA as far as a program can tell. `./test` fetches axe-core and says where it is.
async fn nothing_serious(theme: &[&str]) {
    let Some(axe) = std::env::var_os("DOORSTEP_AXE") else {
        println!("skipped: DOORSTEP_AXE names no axe-core");
        return;
    };
    let axe = std::fs::read_to_string(axe).unwrap();
    let Some(browser) = browser_with(true, theme).await else { return };
    let world = World::new();
    let supervisor = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&supervisor).await;
    let id = case.rsplit('/').next().unwrap();
    let pairs =
        [("direction", "inbound"), ("caller", "member"), ("reason", "status"), ("case", id)];
    let call = world.post("/calls", Some(&supervisor), &pairs).await.location().to_owned();
    let desk = Desk { client: &browser.client, base: served(&world).await };
    let mut found = findings(&desk, &axe, "/sign-in").await;
    sign_in(&world, &desk, Role::Supervisor).await;
    begin_app(&world);
    let same = format!("/same/{id}");
    let of_case =
        OF_A_CASE.iter().copied().chain([same.as_str()]).map(|below| format!("{case}{below}"));
    let pages = PAGES.iter().map(|page| (*page).to_owned()).chain([call.clone()]);
    for path in pages.chain(of_case) {
        found.extend(findings(&desk, &axe, &path).await);
    }
    // A screen reader reads Spanish with a Spanish voice.
    let spanish = [("language", "es"), ("next", "/account")];
    let chosen = world.post("/account/language", Some(&supervisor), &spanish).await;
    assert_eq!(chosen.status, axum::http::StatusCode::SEE_OTHER);
    for path in ["/worklist?queue=all", "/account", "/referrals/new", &call, &case] {
        found.extend(findings(&desk, &axe, path).await);
        desk.client.find(Locator::Css("html[lang=es]")).await.unwrap();
    }
    let billed = format!("{case}/billing");
    let of_roles: [(Role, &[&str]); 4] = [
        (Role::Admin, &["/users", "/walls"]),
        (Role::Billing, &["/billing", &billed]),
        (Role::Manager, &["/counts"]),
        (Role::PrivacyOfficer, &["/glass", "/looks", "/looks/review"]),
    ];
    for (role, paths) in of_roles {
        browser.client.delete_all_cookies().await.unwrap();
        sign_in(&world, &desk, role).await;
        for path in paths {
            found.extend(findings(&desk, &axe, path).await);
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_serious_in_the_light() {
    nothing_serious(&["--blink-settings=preferredColorScheme=1"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn and_nothing_in_the_dark() {
    nothing_serious(&["--blink-settings=preferredColorScheme=0"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_started_by_a_key_and_a_symptom_is_told_while_it_is_typed() {
    let Some(browser) = browser(true).await else { return };
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    world.open_oxygen(&agent).await;
    let desk = Desk { client: &browser.client, base: served(&world).await };
    sign_in(&world, &desk, Role::Agent).await;
    desk.go("/worklist").await;
    desk.press("c").await;
    desk.until("h1", |words| words == "Start a call").await;
    desk.fill("call-caller", "member").await;
    desk.fill("call-reason", "delivery").await;
    desk.click("main button[type=submit]").await;
    desk.until("h1", |words| words.contains("the member")).await;
    desk.fill("identify-name", "Testa Example").await;
    desk.fill("identify-birth-date", "7/4/1950").await;
    desk.click("#identify button[type=submit]").await;
    desk.until(".said.good", |words| words.contains("Matches")).await;
    desk.fill("notes-form-notes", "she is short of breath").await;
    desk.until("#told", |words| words.contains("Hand the call to a nurse now")).await;
}

/// Each in a browser of their own: they see each other come, and at which form; whoever sends second is shown what the first did.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_on_one_case_see_each_other_and_overwrite_nothing() {
    let (Some(one), Some(two)) = (browser(true).await, browser(true).await) else { return };
    let world = World::new();
    let case = world.open_oxygen(&world.sign_in(Role::Agent)).await;
    let base = served(&world).await;
    let ana = Desk { client: &one.client, base: base.clone() };
    // The second is on another node.
    let bo = Desk { client: &two.client, base: served(&world.beside()).await };
    sign_in(&world, &ana, Role::Agent).await;
    sign_in(&world, &bo, Role::Nurse).await;
    ana.go(&case).await;
    ana.holds("document.getElementById('others').hidden").await;
    bo.go(&case).await;
    assert_eq!(bo.text("#others").await, "agent Example, agent, has this case open too.");
    ana.until("#others", |words| words == "nurse Example, nurse, has this case open too.").await;
    ana.unfold("do-move-discharge").await;
    ana.fill("do-move-discharge-at", "2026-11-24T08:00").await;
    ana.click("#do-move-discharge-bedside").await;
    bo.until("#others", |words| words.contains("is at the form")).await;
    bo.unfold("do-move-discharge").await;
    bo.fill("do-move-discharge-at", "2026-11-25T10:00").await;
    bo.send("do-move-discharge", "discharge").await;
    ana.click("#do-move-discharge button[type=submit]").await;
    let told = ana.text("#wrong").await;
    for words in
        ["nurse Example, nurse", "2026-11-25T10:00", "2026-11-24T08:00", "Nothing was done"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    let kept = "document.getElementById('do-move-discharge-at').value === '2026-11-24T08:00'";
    ana.holds(kept).await;
    ana.send("do-move-discharge", "discharge").await;
    for browser in [one, two] {
        browser.client.clone().close().await.unwrap();
    }
}
