//! A reader of Spanish: chooses it before and after signing in, and finds no English on any page.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::{Request, StatusCode, header};
use doorstep_case::Role;
use doorstep_web::{Decision, Method, routes};
use std::collections::BTreeSet;
use support::{Answered, Session, World};

/// The same session in a browser where Spanish was chosen.
fn in_spanish(session: &Session) -> Session {
    Session {
        cookie: format!("{}; __Host-doorstep-language=es", session.cookie),
        csrf: session.csrf.clone(),
    }
}

async fn asking(world: &World, path: &str, languages: &str) -> Answered {
    let request = Request::get(path).header(header::ACCEPT_LANGUAGE, languages);
    world.ask(request.body(axum::body::Body::empty()).unwrap()).await
}

#[tokio::test]
async fn before_signing_in_the_browser_is_asked_and_a_choice_rules_over_it() {
    let world = World::new();
    let page = asking(&world, "/sign-in", "es-MX,es;q=0.9,en;q=0.5").await.text;
    assert!(page.contains("<html lang=\"es\">") && page.contains("<h1>Entrar</h1>"), "{page}");
    let page = asking(&world, "/sign-in", "en-US,en;q=0.9,es;q=0.5").await.text;
    assert!(page.contains("<html lang=\"en\">") && page.contains("<h1>Sign in</h1>"), "{page}");
    assert!(page.contains("lang=\"es\">Español</button>"), "{page}");
    let form = "language=es&next=/sign-in".to_owned();
    let chosen = world.send("/language", None, form).await;
    assert_eq!((chosen.status, chosen.location()), (StatusCode::SEE_OTHER, "/sign-in"));
    let cookie = chosen.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-doorstep-language=es;"), "{cookie}");
    let nobody =
        Session { cookie: cookie.split(';').next().unwrap().to_owned(), csrf: String::new() };
    let page = world.get("/sign-in", Some(&nobody)).await.text;
    assert!(page.contains("<h1>Entrar</h1>"), "{page}");
    let wrong = world.send("/language", None, "language=xx".to_owned()).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_choice_is_kept_with_the_account_and_leads_back() {
    let world = World::new();
    let agent = world.sign_in(Role::Agent);
    let page = world.get("/calls", Some(&agent)).await.text;
    assert!(page.contains("<h1>Calls</h1>"), "{page}");
    let pairs = [("language", "es"), ("next", "/calls")];
    let chosen = world.post("/account/language", Some(&agent), &pairs).await;
    assert_eq!((chosen.status, chosen.location()), (StatusCode::SEE_OTHER, "/calls"));
    // Another browser, which asks for nothing and remembers nothing.
    let elsewhere = world.sign_in(Role::Agent);
    let page = world.get("/calls", Some(&elsewhere)).await.text;
    assert!(page.contains("<html lang=\"es\">") && page.contains("<h1>Llamadas</h1>"), "{page}");
    let nurse = world.sign_in(Role::Nurse);
    assert!(world.get("/triage", Some(&nurse)).await.text.contains("<h1>Nurse triage</h1>"));
    let foreign = Session { csrf: "guessed".to_owned(), ..elsewhere.clone() };
    let refused = world.post("/account/language", Some(&foreign), &pairs).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_typed_stays_as_it_is_though_it_is_a_message() {
    let world = World::new();
    let agent = in_spanish(&world.sign_in(Role::Agent));
    let case = world.open_oxygen(&agent).await;
    let kept =
        world.post(&format!("{case}/notes"), Some(&agent), &[("text", "Choose a colleague")]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let page = world.get(&case, Some(&agent)).await.text;
    assert!(page.contains("Choose a colleague"), "{page}");
    assert!(page.contains("Notas, solo para la central"), "{page}");
}

#[tokio::test]
async fn a_refused_form_says_so_in_spanish() {
    let world = World::new();
    let supervisor = in_spanish(&world.sign_in(Role::Supervisor));
    let case = world.open_oxygen(&supervisor).await;
    let refused = world.act(&supervisor, (&case, "triage"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("Eso no se hizo") || refused.text.contains("ingrese esto"),
        "{}",
        refused.text
    );
    let missing = world.get("/nowhere", Some(&supervisor)).await.text;
    assert!(
        missing.contains("There is no such page") || missing.contains("No existe esa página"),
        "{missing}"
    );
}

/// Words that are English and no Spanish: whoever reads one of them reads English.
const ENGLISH: [&str; 46] = [
    "the", "of", "and", "is", "are", "was", "were", "with", "without", "from", "for", "that",
    "this", "these", "which", "what", "who", "whom", "when", "where", "how", "it", "its", "you",
    "your", "they", "their", "to", "by", "not", "none", "nobody", "asked", "open", "closed",
    "case", "cases", "line", "lines", "member", "order", "due", "call", "calls", "choose", "enter",
];

#[tokio::test]
async fn a_reader_of_spanish_finds_no_english_on_any_page() {
    let world = World::new();
    let maker = world.sign_in(Role::Supervisor);
    let case = world.open_oxygen(&maker).await;
    let id = case.rsplit('/').next().unwrap().to_owned();
    let pairs = [
        ("direction", "inbound"),
        ("caller", "member"),
        ("reason", "status"),
        ("case", id.as_str()),
    ];
    let call = world.post("/calls", Some(&maker), &pairs).await.location().to_owned();
    let call = call.rsplit('/').next().unwrap().to_owned();
    let mut found = BTreeSet::new();
    let mut n_pages = 0;
    for role in Role::PEOPLE {
        let reader = in_spanish(&world.sign_in(role));
        for route in routes().iter().filter(|route| route.decide(Some(role)) == Decision::Allow) {
            if route.method != Method::Get || route.path == "/live" {
                continue;
            }
            let path = route.path.replace("{id}", &id).replace("{call}", &call);
            let path = if path == "/worklist" { "/worklist?queue=all".to_owned() } else { path };
            let answer = world.get(&path, Some(&reader)).await;
            let kind = answer.headers.get(header::CONTENT_TYPE);
            if path.contains('{') || kind.is_none_or(|kind| kind != "text/html; charset=utf-8") {
                continue;
            }
            assert!(answer.text.contains("<html lang=\"es\">"), "{path}");
            n_pages += 1;
            for text in texts(&answer.text).into_iter().filter(|text| is_english(text)) {
                found.insert(format!("{}: {text}", route.path));
            }
        }
    }
    assert!(n_pages > 60, "{n_pages} pages were read");
    assert!(found.is_empty(), "{} texts:\n{}", found.len(), Vec::from_iter(found).join("\n"));
}

/// Codes are no words: what holds a digit, a dot or a slash is nobody's language.
fn is_english(text: &str) -> bool {
    let word =
        |token: &str| token.trim_matches(|c: char| ".,:;()“”‘’'?".contains(c)).to_lowercase();
    text.split_whitespace().any(|token| ENGLISH.contains(&word(token).as_str()))
}

/// The texts of a page that people read, but for what stands as it was typed.
fn texts(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut left_alone: Option<(&str, u32)> = None;
    for part in page.split('<').skip(1) {
        let (tag, text) = part.rsplit_once('>').unwrap_or((part, ""));
        let name =
            tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
        match &mut left_alone {
            Some((known, depth)) if *known == name => {
                *depth = if tag.starts_with('/') { *depth - 1 } else { *depth + 1 };
                if *depth == 0 {
                    left_alone = None;
                }
            }
            Some(_) => {}
            None => {
                let is_void = ["input", "img", "meta", "link", "br"].contains(&name);
                let is_typed = ["textarea", "script", "svg", "kbd"].contains(&name)
                    || tag.contains("translate=\"no\"");
                // Sources are cited as they are called, and codes are codes.
                let is_cited = tag.contains("lang=\"en\"") || tag.contains("problem-code");
                if (is_typed || is_cited) && !is_void && !tag.starts_with('/') {
                    left_alone = Some((name, 1));
                }
            }
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // A rule's source is cited as it is called.
        if left_alone.is_none() && !text.is_empty() && !text.starts_with("Fuente: ") {
            found.push(text);
        }
    }
    found
}
