//! Chromium makes a passkey with a virtual device, signs in with it, confirms with it, and is refused where it should be.
//!
//! Skips, and says so, where there is no chromedriver, as `browser.rs` does.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod support;

use doorstep_case::Role;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use support::World;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// The program that drives the browser, ended with the test.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A browser with nothing plugged in.
struct Browser {
    client: Client,
    port: u16,
    _driver: Driver,
    _profile: tempfile::TempDir,
}

async fn free_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

async fn browser() -> Option<Browser> {
    let named = std::env::var_os("DOORSTEP_CHROMEDRIVER").map(std::path::PathBuf::from);
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|at| at.join("chromedriver")).find(|at| at.is_file())
    };
    let Some(driver) = named.or_else(on_path) else {
        println!("skipped: no chromedriver on the path, and DOORSTEP_CHROMEDRIVER names none");
        return None;
    };
    let (port, profile) = (free_port().await, tempfile::tempdir().unwrap());
    let mut command = Command::new(driver);
    command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
    let driver = Driver(command.spawn().unwrap());
    let arguments = json!([
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        format!("--user-data-dir={}", profile.path().display()),
    ]);
    let capabilities: serde_json::Map<String, Value> =
        [("goog:chromeOptions".to_owned(), json!({ "args": arguments }))].into_iter().collect();
    for _ in 0..100 {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}");
        if let Ok(client) = builder.capabilities(capabilities.clone()).connect(&address).await {
            return Some(Browser { client, port, _driver: driver, _profile: profile });
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("chromedriver did not answer");
}

impl Browser {
    /// Plugs a virtual device in, which verifies whoever uses it or nobody. Returns its name. Source: WebAuthn Level 3, 11.
    async fn plug_in(&self, verifies: bool) -> String {
        let device = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": verifies,
        });
        let answer = self.ask("POST", "webauthn/authenticator", &device.to_string()).await;
        answer["value"].as_str().unwrap().to_owned()
    }

    /// Asks the driver what its client has no words for.
    async fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let session = self.client.session_id().await.unwrap().unwrap();
        let mut socket = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let request = format!(
            "{method} /session/{session}/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        // The driver leaves the connection open, whatever is asked: an answer ends where its JSON does.
        let mut answer = Vec::new();
        while let Ok(1..) = socket.read_buf(&mut answer).await {
            let text = String::from_utf8_lossy(&answer);
            let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            if let Ok(value) = serde_json::from_str(body) {
                return value;
            }
        }
        panic!("the driver said: {}", String::from_utf8_lossy(&answer));
    }

    /// Goes to the page that signs in, as somebody who is not.
    async fn at_sign_in(&self, base: &str) {
        self.client.delete_all_cookies().await.unwrap();
        self.client.goto(&format!("{base}/sign-in")).await.unwrap();
    }

    async fn click(&self, css: &str) {
        let element =
            self.client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css(css));
        element.await.unwrap_or_else(|_| panic!("no {css}")).click().await.unwrap();
    }

    /// Waits until the page says so.
    async fn until(&self, css: &str, words: &str) {
        let mut text = String::new();
        for _ in 0..150 {
            if let Ok(element) = self.client.find(Locator::Css(css)).await {
                text = element.text().await.unwrap_or_default();
                if text.contains(words) {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} says: {text}, not {words}");
    }
}

/// Serves a hub on a port of loopback, under the one name that passkeys work with there.
async fn hub() -> (World, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let world = World::at_origin(&base);
    let router = doorstep_web::router(world.app.clone(), world.nudge.clone(), world.room.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (world, base)
}

async fn sign_in_by_link(world: &World, browser: &Browser, base: &str) {
    let system = world.app.system("test");
    let link = doorstep_app::signin::make_link(&system, &Role::Supervisor.name().into()).unwrap();
    browser.client.goto(&format!("{base}/sign-in/link/{}", link.reveal())).await.unwrap();
    browser.click("main button").await;
    browser.until("h1", "Your account").await;
}

async fn add_key(browser: &Browser, name: &str) {
    let field = browser.client.find(Locator::Css("#new-key-name")).await.unwrap();
    field.send_keys(name).await.unwrap();
    browser.click("#new-key button").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_made_signs_in_confirms_and_is_taken_off() {
    let Some(browser) = browser().await else { return };
    let (world, base) = hub().await;
    browser.client.goto(&base).await.unwrap();
    let device = browser.plug_in(true).await;
    sign_in_by_link(&world, &browser, &base).await;
    add_key(&browser, "Example phone").await;
    browser.until("#keys-own .said.good", "The passkey is yours").await;
    // The same device makes no second one.
    add_key(&browser, "Again").await;
    browser.until("[data-passkey] [role=alert]", "The device gave no passkey").await;

    browser.client.delete_all_cookies().await.unwrap();
    browser.client.goto(&format!("{base}/sign-in?next=/account")).await.unwrap();
    browser.click("#passkey button").await;
    browser.until("h1", "Your account").await;

    // Later an export asks for it again.
    world.pass_minutes(6);
    browser.client.goto(&format!("{base}/confirm?next=/worklist")).await.unwrap();
    browser.click("#confirm-key button").await;
    browser.until("h1", "Mine").await;

    browser.client.goto(&format!("{base}/account")).await.unwrap();
    browser.click("#keys-own form[action$='/removal'] button").await;
    browser.until("#keys-own .said.good", "It signs nobody in any more").await;
    browser.client.delete_all_cookies().await.unwrap();
    browser.client.goto(&format!("{base}/sign-in")).await.unwrap();
    browser.click("#passkey button").await;
    browser.until("#wrong", "The passkey was not taken").await;
    browser.ask("DELETE", &format!("webauthn/authenticator/{device}"), "").await;
}

/// What S06 asks to be refused and a device can be made to do: an answer sent twice, a count that went back, a person who was
/// not verified, another site's key. The page is given the device's answer as any page is, and the hub says no.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_sent_twice_a_count_gone_back_and_nobody_verified_are_refused() {
    let Some(browser) = browser().await else { return };
    let (world, base) = hub().await;
    browser.client.goto(&base).await.unwrap();
    let device = browser.plug_in(true).await;
    sign_in_by_link(&world, &browser, &base).await;
    add_key(&browser, "Example phone").await;
    browser.until("#keys-own .said.good", "The passkey is yours").await;

    browser.at_sign_in(&base).await;
    // The answer is kept instead of sent, and then sent two times.
    let keep =
        "HTMLFormElement.prototype.submit = function () { window.kept = this.elements.key.value; }";
    browser.client.execute(keep, Vec::new()).await.unwrap();
    browser.click("#passkey button").await;
    let send = "const done = arguments[0]; (async () => {
        while (!window.kept) await new Promise((go) => setTimeout(go, 50));
        const statuses = [];
        for (let i = 0; i < 2; i++) {
            const body = new URLSearchParams({ key: window.kept });
            const answer = await fetch('/sign-in/passkeys', { method: 'POST', body, redirect: 'manual' });
            statuses.push(answer.type === 'opaqueredirect' ? 303 : answer.status);
        }
        done(statuses);
    })();";
    let statuses = browser.client.execute_async(send, Vec::new()).await.unwrap();
    assert_eq!(statuses, json!([303, 422]));

    // Another site's key: the browser itself gives none.
    browser.at_sign_in(&base).await;
    let other = "const done = arguments[0]; navigator.credentials.get({ publicKey: {
        challenge: new Uint8Array(32), rpId: 'evil.example', userVerification: 'required' } })
        .then(() => done('a key'), (error) => done(error.name));";
    let error = browser.client.execute_async(other, Vec::new()).await.unwrap();
    assert_eq!(error, json!("SecurityError"));

    // A copy of the key that counted less.
    let at = format!("webauthn/authenticator/{device}");
    let held = browser.ask("GET", &format!("{at}/credentials"), "").await;
    let mut key = held["value"][0].clone();
    assert!(key["signCount"].as_u64().unwrap() > 1, "{key}");
    key["signCount"] = json!(0);
    let id = key["credentialId"].as_str().unwrap().to_owned();
    browser.ask("DELETE", &format!("{at}/credentials/{id}"), "").await;
    browser.ask("POST", &format!("{at}/credential"), &key.to_string()).await;
    browser.click("#passkey button").await;
    browser.until("#wrong", "The passkey was not taken").await;

    // A person whom the device does not verify.
    browser.ask("POST", &format!("{at}/uv"), &json!({ "isUserVerified": false }).to_string()).await;
    browser.click("#passkey button").await;
    browser.until("[data-passkey] [role=alert]", "The device gave no passkey").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_verifies_nobody_makes_no_passkey() {
    let Some(browser) = browser().await else { return };
    let (world, base) = hub().await;
    browser.client.goto(&base).await.unwrap();
    browser.plug_in(false).await;
    sign_in_by_link(&world, &browser, &base).await;
    add_key(&browser, "Example phone").await;
    browser.until("[data-passkey] [role=alert]", "The device gave no passkey").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_another_name_of_the_same_hub_a_page_says_where_passkeys_work() {
    let Some(browser) = browser().await else { return };
    let (_world, base) = hub().await;
    let other = base.replace("localhost", "127.0.0.1");
    browser.client.goto(&format!("{other}/sign-in")).await.unwrap();
    browser.until("[data-passkey] [role=alert]", &base).await;
}
