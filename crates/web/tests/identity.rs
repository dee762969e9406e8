//! The pages that lead to the identity provider and back: they work without scripts, set cookies that serve their step and no
//! other, and say in words what is wrong.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use doorstep_app::signin::{Identity, IdentitySettings, Outward, Reply};
use doorstep_case::Role;
use doorstep_oidc::testing::Issuer;
use serde_json::json;
use std::sync::{Arc, Mutex};
use support::{Answered, World};

const AT: &str = "https://id.example";

/// A hub that knows a provider, and what the provider says next; `None` when it is away.
struct Hub {
    world: World,
    issuer: Arc<Issuer>,
    token: Arc<Mutex<Option<String>>>,
}

fn hub() -> Hub {
    let issuer = Arc::new(Issuer::new(AT, "one"));
    let token = Arc::new(Mutex::new(Some(String::new())));
    let (speaker, said) = (Arc::clone(&issuer), Arc::clone(&token));
    let fetch = move |asked: &Outward| {
        let token = said.lock().unwrap().clone().ok_or("away")?;
        let text = match asked.url.rsplit('/').next() {
            Some("openid-configuration") => speaker.document().to_string(),
            Some("keys") => speaker.keys().to_string(),
            _ => json!({ "id_token": token }).to_string(),
        };
        Ok(Reply { status: 200, body: text.into_bytes() })
    };
    let settings = IdentitySettings {
        issuer: AT.to_owned(),
        client_id: "hub".to_owned(),
        client_secret: "a secret of the tests".to_owned(),
        name: "Example <Health>".to_owned(),
        scopes: Vec::new(),
        groups_claim: "groups".to_owned(),
        groups: vec![("nurses".to_owned(), Role::Nurse)],
    };
    let identity = Identity::new(settings, fetch).unwrap();
    let world = World::at_origin_with("https://hub.example", Some(identity));
    Hub { world, issuer, token }
}

/// The address that a page goes on to by itself.
fn refresh(page: &Answered) -> String {
    let url =
        page.text.split("content=\"0; url=").nth(1).unwrap_or_else(|| panic!("{}", page.text));
    url.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
}

fn part(url: &str, name: &str) -> String {
    let query = url.split_once('?').unwrap().1;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).unwrap().1.to_owned()
}

fn cookie(page: &Answered) -> String {
    page.headers[header::SET_COOKIE].to_str().unwrap().to_owned()
}

impl Hub {
    async fn set_out(&self) -> Answered {
        self.world.post("/sign-in/identity", None, &[("next", "/worklist")]).await
    }

    /// Comes back as a browser does from another site: with the journey's cookie and no other.
    async fn come_back(&self, going: &Answered, groups: &[&str]) -> Answered {
        let url = refresh(going);
        let now_s = self.world.app.wall_now().0 / 1_000_000;
        let mut claims = self.issuer.claims(("hub", &part(&url, "nonce")), "s-1", now_s);
        claims["groups"] = json!(groups);
        claims["preferred_username"] = json!("ana");
        *self.token.lock().unwrap() = Some(self.issuer.token(&claims));
        let journey = cookie(going);
        let path = format!("/sign-in/identity/done?code=c&state={}", part(&url, "state"));
        let request = Request::get(path)
            .header(header::COOKIE, journey.split(';').next().unwrap())
            .header("sec-fetch-site", "cross-site");
        self.world.ask(request.body(Body::empty()).unwrap()).await
    }
}

#[tokio::test]
async fn a_browser_goes_there_and_comes_back_signed_in() {
    let hub = hub();
    let sign_in = hub.world.get("/sign-in?next=/worklist", None).await;
    assert!(sign_in.text.contains("Sign in at Example &#60;Health&#62;"), "{}", sign_in.text);
    let going = hub.set_out().await;
    assert_eq!(going.status, StatusCode::OK);
    assert!(refresh(&going).starts_with("https://id.example/authorize?response_type=code"));
    let journey = cookie(&going);
    for part in ["__Host-doorstep-journey=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(journey.contains(part), "{journey}");
    }
    let arrived = hub.come_back(&going, &["nurses"]).await;
    assert_eq!((arrived.status, refresh(&arrived).as_str()), (StatusCode::OK, "/worklist"));
    let session = cookie(&arrived);
    assert!(session.starts_with("__Host-doorstep=") && session.contains("SameSite=Strict"));
    let inside = hub.world.session(&arrived);
    assert_eq!(hub.world.get("/worklist", Some(&inside)).await.status, StatusCode::OK);
    let account = hub.world.get("/account", Some(&inside)).await.text;
    assert!(account.contains("You sign in at Example") && !account.contains("Set a password"));
    // What takes a fresh factor leads there again.
    hub.world.pass_minutes(6);
    let confirm = hub.world.get("/confirm?next=/worklist", Some(&inside)).await.text;
    assert!(confirm.contains("Confirm at Example") && confirm.contains("name=\"fresh\""));
    assert!(!confirm.contains("confirm.password"), "{confirm}");
}

#[tokio::test]
async fn what_is_wrong_is_said_on_the_page_and_nobody_is_in() {
    let hub = hub();
    let going = hub.set_out().await;
    let refused = hub.come_back(&going, &["others"]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("None of your groups there has a role here")
            || refused.text.contains("none of your groups there has a role here")
    );
    assert!(refused.headers.get(header::SET_COOKIE).is_none());
    let again = hub.come_back(&going, &["nurses"]).await;
    assert!(again.text.contains("was done already"), "{}", again.text);
    let bare = hub.world.get("/sign-in/identity/done", None).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    *hub.token.lock().unwrap() = None;
    hub.world.pass_minutes(61);
    let away = hub.set_out().await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(away.text.contains("does not answer as it should"), "{}", away.text);
}

/// Nobody has to be signed in to have it kept.
#[tokio::test]
async fn of_a_way_on_no_more_is_kept_than_an_address_has() {
    let hub = hub();
    let out = |next: String| {
        let hub = &hub;
        async move { hub.world.post("/sign-in/identity", None, &[("next", &next)]).await }
    };
    let longest = format!("/{}", "a".repeat(2047));
    let going = out(longest.clone()).await;
    assert_eq!(refresh(&hub.come_back(&going, &["nurses"]).await), longest);
    let going = out(format!("{longest}a")).await;
    assert_eq!(refresh(&hub.come_back(&going, &["nurses"]).await), "/");
    let more = out(format!("/{}", "a".repeat(16 * 1024))).await;
    assert_eq!(more.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_hub_without_a_provider_has_no_such_way() {
    let world = World::new();
    assert!(!world.get("/sign-in", None).await.text.contains("/sign-in/identity"));
    let sent = world.post("/sign-in/identity", None, &[]).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/sign-in/identity/done", None).await.status, StatusCode::NOT_FOUND);
}
