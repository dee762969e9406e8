//! The tour of the README, walked in Chromium through a demo as it starts. `UPDATE_TOUR=1` keeps what is seen on the way as
//! the README's pictures.
//!
//! Skips, and says so, where there is no chromedriver: `DOORSTEP_CHROMEDRIVER` names it, or it is on the path.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use support::{Place, Running};

/// Where the pictures are, from this crate.
const PICTURES: &str = "../../docs/tour";
/// A page that is not there after this long is a failure.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes that a picture may have: a clone should stay small.
const PICTURE_MAX: usize = 200 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_five_minute_tour_of_the_readme_can_be_walked() {
    let Some(driver) = chromedriver() else {
        println!("skipped: no chromedriver on the path, and DOORSTEP_CHROMEDRIVER names none");
        return;
    };
    let place = Place::new();
    let mut command = place.command(["demo", "--port", "0", "--speed", "1"]);
    command.env_remove("DOORSTEP_DB");
    let mut demo = Running::start(command);
    let said = demo.until("Each link signs in once");
    let (_driver, client) = browser(&driver, &place.path("profile")).await;
    let tour = Tour { client: &client, said: &said };
    worklist_and_case(&tour).await;
    call(&tour).await;
    nurse_and_supervisor(&tour).await;
    client.clone().close().await.unwrap();
}

/// Stops one and two: the list of an agent, and the case on top of it.
async fn worklist_and_case(tour: &Tour<'_>) {
    tour.sign_in("agent").await;
    tour.go("/worklist").await;
    tour.until("h1", "Mine").await;
    tour.until(".worklist-next", "").await;
    tour.see("1-worklist").await;
    tour.click(".worklist-case a").await;
    tour.until(".next-words", "").await;
    tour.see("2-case").await;
}

/// Stop three: the member of that case calls, and is verified without a word of what is on file.
async fn call(tour: &Tour<'_>) {
    let name = tour.text(".case-title h1").await;
    let born = spoken(&tour.text(".strip dd").await);
    tour.press("c").await;
    tour.until("h1", "Start a call").await;
    tour.choose("call-caller", "member").await;
    tour.choose("call-reason", "delivery").await;
    tour.click("main button[type=submit]").await;
    tour.until("h1", "the member").await;
    tour.fill("identify-name", &name).await;
    tour.fill("identify-birth-date", &born).await;
    tour.click("#identify button[type=submit]").await;
    tour.until(".said.good", "Matches").await;
    tour.see("3-call").await;
}

/// A birth date as a caller says it, month, day and year, from `Sep 27, 1943, age 83`.
fn spoken(shown: &str) -> String {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let parts: Vec<&str> = shown.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    let month = MONTHS.find(parts[0]).unwrap() / 3 + 1;
    format!("{month}/{}/{}", parts[1], parts[2])
}

/// Stops four and five: what waits for a nurse, and what a supervisor answers for.
async fn nurse_and_supervisor(tour: &Tour<'_>) {
    tour.sign_in("nurse").await;
    tour.go("/triage").await;
    tour.until("h1", "Nurse triage").await;
    tour.see("4-triage").await;
    tour.sign_in("supervisor").await;
    tour.go("/board").await;
    tour.until("h1", "Board").await;
    tour.see("5-board").await;
}

/// Somebody who walks the tour.
struct Tour<'a> {
    client: &'a Client,
    /// What the demo printed at its start.
    said: &'a str,
}

impl Tour<'_> {
    fn base(&self) -> &str {
        let open = self.said.split("  Open ").nth(1).unwrap();
        open.lines().next().unwrap().trim()
    }

    async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base())).await.unwrap();
    }

    /// Signs in by the link that the demo printed for a role.
    async fn sign_in(&self, role: &str) {
        let line = self.said.lines().find(|line| line.trim_start().starts_with(role)).unwrap();
        self.client.delete_all_cookies().await.unwrap();
        self.client.goto(line.split_whitespace().last().unwrap()).await.unwrap();
        self.click("main button").await;
        self.until("h1", "").await;
        self.client.wait().at_most(PATIENCE).for_element(Locator::Css(".bar-who")).await.unwrap();
    }

    async fn click(&self, css: &str) {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        found.unwrap().click().await.unwrap();
    }

    async fn fill(&self, id: &str, value: &str) {
        self.client.find(Locator::Id(id)).await.unwrap().send_keys(value).await.unwrap();
    }

    async fn choose(&self, id: &str, value: &str) {
        let field = self.client.find(Locator::Id(id)).await.unwrap();
        field.select_by_value(value).await.unwrap();
    }

    async fn press(&self, key: &str) {
        let key = key.chars().next().unwrap();
        let actions = KeyActions::new("keyboard".to_owned());
        let actions =
            actions.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        self.client.perform_actions(actions).await.unwrap();
    }

    async fn text(&self, css: &str) -> String {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        found.unwrap().text().await.unwrap()
    }

    /// Waits until an element holds these words.
    async fn until(&self, css: &str, words: &str) {
        let mut text = String::new();
        for _ in 0..150 {
            text = self.text(css).await;
            if text.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} says: {text}");
    }

    /// Looks at the page: the README has a picture of it, which is made anew where that is asked for.
    async fn see(&self, name: &str) {
        let picture = self.client.screenshot().await.unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PICTURES).join(format!("{name}.png"));
        if std::env::var_os("UPDATE_TOUR").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &picture).unwrap();
        }
        let kept = std::fs::metadata(&path).unwrap_or_else(|_| panic!("no picture {name}"));
        assert!(usize::try_from(kept.len()).unwrap() <= PICTURE_MAX, "{name} is too large");
        let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
        let readme = std::fs::read_to_string(readme).unwrap();
        assert!(
            readme.contains(&format!("docs/tour/{name}.png")),
            "the README does not show {name}"
        );
    }
}

/// The program that drives the browser, ended with the test.
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

async fn browser(driver: &Path, profile: &Path) -> (Driver, Client) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new(driver);
    command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
    let driver = Driver(command.spawn().unwrap());
    let options = json!({ "args": [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--hide-scrollbars", "--window-size=1280,940",
        format!("--user-data-dir={}", profile.display()),
    ]});
    let capabilities: serde_json::Map<_, _> =
        [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
    for _ in 0..100 {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connected = builder
            .capabilities(capabilities.clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        if let Ok(client) = connected {
            return (driver, client);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("chromedriver did not answer on port {port}");
}
