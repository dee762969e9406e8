//! Signing in at a real identity provider, node-oidc-provider, which is certified and no work of ours: it checks the challenge,
//! the secret, the code and the address to come back to, as ours checks its token.
//!
//! Skips, and says so, without `DOORSTEP_OIDC`, which `./test` sets to the folder that holds the package.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use support::{Place, Running};
use ureq::Agent;

/// The provider and a hub that knows it.
struct Pair {
    place: Place,
    hub: String,
    groups: PathBuf,
    _provider: Running,
    _hub: Running,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn pair() -> Option<Pair> {
    let Some(folder) = std::env::var_os("DOORSTEP_OIDC") else {
        println!("skipped: DOORSTEP_OIDC names no folder with the identity provider of the tests");
        return None;
    };
    let (place, at, hub_port) = (Place::new(), free_port(), free_port());
    let hub = format!("http://localhost:{hub_port}");
    let groups = place.path("groups.json");
    fs::write(&groups, r#"{"ana":["nurses"]}"#).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/identity/provider.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg(folder).arg(at.to_string());
    node.arg(format!("{hub}/sign-in/identity/done")).arg(&groups).stdin(Stdio::null());
    let mut provider = Running::start(node);
    provider.until("listening");
    fs::write(place.path("secret"), "a secret of the tests\n").unwrap();
    fs::set_permissions(place.path("secret"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(place.path("identity.toml"), settings(at)).unwrap();
    let listen = format!("127.0.0.1:{hub_port}");
    let args = ["serve", "--listen", &listen, "--identity", "identity.toml"];
    let mut running = Running::start(place.command(args));
    running.address();
    Some(Pair { place, hub, groups, _provider: provider, _hub: running })
}

fn settings(port: u16) -> String {
    format!(
        "issuer = \"http://127.0.0.1:{port}\"\nclient_id = \"hub\"\nclient_secret_file = \"secret\"\n\
         name = \"Example Health\"\n\n[[group]]\nname = \"leads\"\nrole = \"supervisor\"\n\n\
         [[group]]\nname = \"nurses\"\nrole = \"nurse\"\n"
    )
}

/// A browser, as far as it is needed: it keeps cookies by host, and goes where it is sent.
struct Browser {
    agent: Agent,
    cookies: BTreeMap<(String, String), String>,
}

/// A page that it got to.
struct Page {
    url: String,
    status: u16,
    text: String,
}

impl Browser {
    fn new() -> Self {
        let config = Agent::config_builder().max_redirects(0).http_status_as_error(false).build();
        Self { agent: config.into(), cookies: BTreeMap::new() }
    }

    fn get(&mut self, url: &str) -> Page {
        self.go(url, None)
    }

    fn post(&mut self, url: &str, form: &str) -> Page {
        self.go(url, Some(form))
    }

    fn go(&mut self, url: &str, form: Option<&str>) -> Page {
        let (mut url, mut form) = (url.to_owned(), form);
        for _ in 0..10 {
            let (status, location, text) = self.step(&url, form);
            let Some(location) = location else { return Page { url, status, text } };
            let origin: String = url.split('/').take(3).collect::<Vec<_>>().join("/");
            url = if location.starts_with('/') { origin + &location } else { location };
            form = None;
        }
        panic!("it is sent on and on, to {url} at last");
    }

    fn step(&mut self, url: &str, form: Option<&str>) -> (u16, Option<String>, String) {
        let host = url.split('/').nth(2).unwrap().to_owned();
        let mine = self.cookies.iter().filter(|((at, _), _)| *at == host);
        let cookie: Vec<String> =
            mine.map(|((_, name), value)| format!("{name}={value}")).collect();
        let mut response = match form {
            None => self.agent.get(url).header("cookie", cookie.join("; ")).call().unwrap(),
            Some(form) => self
                .agent
                .post(url)
                .header("cookie", cookie.join("; "))
                .header("content-type", "application/x-www-form-urlencoded")
                .send(form)
                .unwrap(),
        };
        for line in response.headers().get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert((host.clone(), name.to_owned()), value.to_owned());
        }
        let location = response.headers().get("location");
        let location = location.map(|to| to.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        (status, location, response.body_mut().read_to_string().unwrap())
    }

    /// Goes from the hub to the provider, says who it is, agrees, and comes back.
    fn sign_in(&mut self, hub: &str, name: &str) -> Page {
        let going = self.post(&format!("{hub}/sign-in/identity"), "next=/account");
        assert_eq!(going.status, 200, "{}", going.text);
        let mut page = self.get(&link_of(&going.text));
        for form in [format!("prompt=login&login={name}&password=any"), "prompt=consent".into()] {
            if page.url.starts_with(hub) {
                break;
            }
            assert!(page.url.contains("/interaction/"), "{}: {}", page.url, page.text);
            page = self.post(&page.url.clone(), &form);
        }
        page
    }
}

/// Where a page that goes on by itself leads.
fn link_of(html: &str) -> String {
    let link = html.split("content=\"0; url=").nth(1).unwrap().split('"').next().unwrap();
    link.replace("&#38;", "&").replace("&amp;", "&")
}

#[test]
fn people_of_a_real_provider_come_in_by_their_groups_and_nobody_else_does() {
    let Some(pair) = pair() else { return };
    let mut browser = Browser::new();
    let page = browser.sign_in(&pair.hub, "ana");
    assert!(page.text.contains("You are signed in"), "{}: {}", page.status, page.text);
    assert_eq!(link_of(&page.text), "/account");
    let account = browser.get(&format!("{}/account", pair.hub));
    assert!(account.text.contains("You sign in at Example Health"), "{}", account.text);
    assert!(account.text.contains("ana Example") && account.text.contains("<dd>nurse</dd>"));
    // The same answer a second time is refused.
    let again = browser.get(&page.url);
    assert_eq!(again.status, 422);
    assert!(again.text.contains("was done already"));
    // Her groups are read again each time.
    fs::write(&pair.groups, r#"{"ana":["nurses","leads"]}"#).unwrap();
    browser.sign_in(&pair.hub, "ana");
    let account = browser.get(&format!("{}/account", pair.hub));
    assert!(account.text.contains("<dd>supervisor</dd>"), "{}", account.text);
    // Somebody in no group is told so, and the words name no fault of the program.
    let stranger = Browser::new().sign_in(&pair.hub, "ben");
    assert_eq!(stranger.status, 422);
    assert!(stranger.text.contains("none of your groups there has a role here"));
    let users = pair.place.ok(&["user", "list"]);
    assert!(users.contains("ana") && !users.contains("ben"), "{users}");
    // Nobody of the provider's comes in with a code of somebody else's making.
    let made_up = format!("{}/sign-in/identity/done?state=x&code=y", pair.hub);
    assert_eq!(Browser::new().get(&made_up).status, 422);
}

#[test]
fn a_file_that_is_not_right_is_said_before_anything_is_served() {
    let place = Place::new();
    let refused = |text: &str, words: &str| {
        fs::write(place.path("identity.toml"), text).unwrap();
        let ran =
            place.run(&["serve", "--listen", "127.0.0.1:18051", "--identity", "identity.toml"]);
        assert_ne!(ran.code, Some(0));
        assert!(ran.err.contains(words), "{}", ran.err);
    };
    fs::write(place.path("secret"), "a secret of the tests\n").unwrap();
    refused(&settings(9), "is open to others");
    fs::set_permissions(place.path("secret"), fs::Permissions::from_mode(0o600)).unwrap();
    refused(&settings(9).replace("127.0.0.1", "id.example"), "https://");
    refused(&settings(9).replace("\"nurse\"", "\"owner\""), "which is none");
    refused(&settings(9).replace("\"nurse\"", "\"system\""), "the program's own");
    refused("issuer = \"https://id.example\"", "client_id");
    refused(&format!("secret = \"x\"\n{}", settings(9)), "secret");
}
