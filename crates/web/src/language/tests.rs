//! The catalogue is whole, agrees with itself and with the sources, and a page is read as it should be.

use super::catalogue::{Catalogue, core, messages, spanish};
use super::{Language, markup};
use axum::http::{HeaderMap, HeaderValue, header};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(under: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_str().unwrap().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn told(html: &str) -> String {
    Language::Spanish.page(html.to_owned())
}

#[test]
fn each_message_stands_once_and_its_places_are_those_of_its_translation() {
    Catalogue::of(&messages()).unwrap();
    for (english, spanish) in messages() {
        assert!(!spanish.trim().is_empty(), "{english:?} has no Spanish");
    }
}

/// What a template can hold in a place, one of each kind.
const HELD: [&str; 4] = ["7", "Jul 3, 2026", "Zed", "Open"];

#[test]
fn each_text_of_a_template_is_understood() {
    let mut missing = BTreeSet::new();
    for path in files(&root().join("crates/web/src"), ".html") {
        let template = fs::read_to_string(&path).unwrap();
        // The block of the width names a class.
        let template = ["narrow", "slim"].iter().fold(template, |text, class| {
            text.replace(&format!("{{% block width %}}{class}{{% endblock %}}"), "")
        });
        for text in templates::texts(&template) {
            if !templates::filled(&text, &HELD).iter().any(|text| spanish().say(text).is_some()) {
                missing.insert(format!("{}: {text}", path.file_name().unwrap().to_str().unwrap()));
            }
        }
    }
    assert!(missing.is_empty(), "the catalogue lacks:\n{}", Vec::from_iter(missing).join("\n"));
}

#[test]
fn each_message_is_one_that_the_sources_hold() {
    let mut sources = String::new();
    let crates = ["web", "case", "app", "authz", "vocab", "packs"];
    let folders = crates.iter().flat_map(|name| {
        [(format!("crates/{name}/src"), ".rs"), (format!("crates/{name}/src"), ".html")]
    });
    for (folder, ending) in folders.chain([("packs".to_owned(), ".toml")]) {
        for path in files(&root().join(folder), ending) {
            // Tables of codes are long, and hold nobody's words.
            let is_table = fs::metadata(&path).unwrap().len() > 100_000;
            if !path.ends_with("language/tests.rs") && !is_table {
                sources.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let sources =
        sources.replace("\\\n", " ").replace("\\\"", "\"").replace('-', " ").to_lowercase();
    let sources = sources.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_held = |piece: &str| {
        let piece = core(piece).1.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let piece = piece.replace('-', " ");
        piece.len() < 4 || in_chunks(&piece, &sources)
    };
    let unused: Vec<String> = messages()
        .into_iter()
        .map(|(english, _)| english)
        .filter(|english| !english.split(['{', '}']).step_by(2).all(is_held))
        .collect();
    assert!(unused.is_empty(), "nothing in the sources says:\n{}", unused.join("\n"));
}

/// A sentence that a template puts together of two or three parts is held in parts.
fn in_chunks(piece: &str, sources: &str) -> bool {
    let mut rest = piece;
    for _ in 0..4 {
        if sources.contains(rest) || sources.contains(rest.trim_end_matches('s')) {
            return true;
        }
        let ends = rest.match_indices(' ').map(|(at, _)| at).rev();
        let held = ends.into_iter().find(|end| *end >= 2 && sources.contains(&rest[..*end]));
        let Some(end) = held else { return false };
        rest = rest[end..].trim_start();
    }
    false
}

#[test]
fn a_text_is_translated_with_its_marks_its_numbers_and_its_names() {
    assert_eq!(told("<h1>Sign in</h1>"), "<h1>Entrar</h1>");
    assert_eq!(told("<p>3 missing.</p>"), "<p>faltan 3.</p>");
    assert_eq!(told("<p> Choose </p>"), "<p> Elegir </p>");
    assert_eq!(told("<p>Welcome, Rosa &#38; Ana</p>"), "<p>Bienvenido, Rosa &#38; Ana</p>");
    assert_eq!(
        told("<a title=\"Choose\" href=\"/Choose\">x</a>"),
        "<a title=\"Elegir\" href=\"/Choose\">x</a>"
    );
    assert_eq!(
        told("<time datetime=\"2026-07-03T23:00:00Z\">Fri, Jul 3, 6:00 PM CDT</time>"),
        "<time datetime=\"2026-07-03T23:00:00Z\">vie, 3 jul, 6:00 p. m. CDT</time>"
    );
    assert_eq!(
        told("<span data-due>2 h 14 min left</span>"),
        "<span data-due>quedan 2 h 14 min</span>"
    );
}

#[test]
fn what_people_typed_stays_as_it_is() {
    for html in [
        "<p translate=\"no\">Choose</p>",
        "<div translate=\"no\"><div>Choose</div> Choose</div>",
        "<textarea id=\"t\">Choose</textarea>",
        "<input value=\"Choose\">",
        "<p>Choose well, dear colleague.</p>",
    ] {
        assert_eq!(told(html), html);
    }
    assert_eq!(
        told("<div translate=\"no\"><div>Choose</div></div><p>Choose</p>"),
        "<div translate=\"no\"><div>Choose</div></div><p>Elegir</p>"
    );
}

#[test]
fn a_sentence_that_is_not_understood_whole_is_left_whole() {
    assert_eq!(
        told("<p>Sign in. Nobody wrote this sentence.</p>"),
        "<p>Sign in. Nobody wrote this sentence.</p>"
    );
    assert_eq!(told("<p>Sign in. Sign out.</p>"), "<p>Entrar. Salir.</p>");
}

#[test]
fn any_bytes_of_markup_are_read_to_their_end() {
    for html in [
        "<",
        "a<b",
        "<p title=\"",
        "<p title=\"x\" translate=\"no\">",
        "<!-- <p>",
        "&#3",
        "<textarea>",
        "</",
    ] {
        assert_eq!(markup::translated(html, spanish()), html);
    }
}

#[test]
fn no_text_holds_a_page_up() {
    for text in ["a: ".repeat(300), "open, ".repeat(190), "(".repeat(1000), "3 of ".repeat(200)] {
        let began = std::time::Instant::now();
        let _ = told(&format!("<p>{text}</p>"));
        assert!(began.elapsed().as_secs() < 5, "{text}");
    }
}

#[test]
fn a_browser_asks_for_what_it_likes_best() {
    let asked = |value: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(value));
        Language::asked_for(&headers)
    };
    assert_eq!(asked("es-MX,es;q=0.9,en;q=0.8"), Some(Language::Spanish));
    assert_eq!(asked("en-US,en;q=0.9,es;q=0.8"), Some(Language::English));
    assert_eq!(asked("fr;q=1.0, es;q=0.5, en;q=0.4"), Some(Language::Spanish));
    assert_eq!(asked("es;q=0, en;q=0.1"), Some(Language::English));
    assert_eq!(asked("fr, *;q=nonsense"), None);
    assert_eq!(Language::parse("ES-us"), Some(Language::Spanish));
    assert_eq!(Language::parse("est"), None);
}

/// The texts of a template, as people could read them.
mod templates {
    /// Between the texts that an expression or a block tears apart.
    const TORN: &str = "\u{0}";

    pub(super) fn texts(template: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut push = |node: &str| {
            for text in branches(node).iter().flat_map(|text| text.split(TORN)) {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if without_places(&text).contains(|c: char| c.is_ascii_alphabetic()) {
                    found.push(text);
                }
            }
        };
        let mut rest = template;
        let mut left_alone = None;
        while let Some(at) = tag_start(rest) {
            if left_alone.is_none() {
                push(&rest[..at]);
            }
            let end = at + tag_end(&rest[at..]);
            let tag = &rest[at..end];
            match left_alone {
                Some(name) if tag == format!("</{name}>") => left_alone = None,
                Some(_) => {}
                None => {
                    left_alone = ["kbd", "script"]
                        .into_iter()
                        .find(|name| tag.starts_with(&format!("<{name}")));
                    for name in super::markup::READ {
                        if let Some((_, after)) = tag.split_once(&format!(" {name}=\"")) {
                            push(&after[..attribute_end(after)]);
                        }
                    }
                }
            }
            rest = &rest[end..];
        }
        push(rest);
        found
    }

    fn without_places(text: &str) -> String {
        text.split(['{', '}']).step_by(2).collect()
    }

    /// Puts each of `held` into the places of a text, in every order.
    pub(super) fn filled(text: &str, held: &[&str]) -> Vec<String> {
        let mut done = vec![String::new()];
        for (at, part) in text.split(['{', '}']).enumerate() {
            if at % 2 == 0 {
                append(&mut done, part);
            } else {
                done = done
                    .iter()
                    .flat_map(|text| held.iter().map(move |held| format!("{text}{held}")))
                    .collect();
            }
        }
        done
    }

    fn append(all: &mut [String], part: &str) {
        for text in all {
            text.push_str(part);
        }
    }

    fn tag_start(text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        let is_tag = |at: usize| {
            bytes[at] == b'<'
                && bytes
                    .get(at + 1)
                    .is_some_and(|next| next.is_ascii_alphabetic() || b"/!".contains(next))
        };
        let mut at = 0;
        while at < bytes.len() {
            match skipped(&text[at..]) {
                Some(length) => at += length,
                None if is_tag(at) => return Some(at),
                None => at += text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        None
    }

    /// An expression or a block is passed over as a whole: what is compared in it is no tag.
    fn skipped(text: &str) -> Option<usize> {
        let end = if text.starts_with("{{") {
            "}}"
        } else if text.starts_with("{%") {
            "%}"
        } else {
            return None;
        };
        text.find(end).map(|at| at + 2)
    }

    fn tag_end(tag: &str) -> usize {
        walk(tag, |byte, is_quoted| byte == b'>' && !is_quoted).map_or(tag.len(), |at| at + 1)
    }

    fn attribute_end(value: &str) -> usize {
        walk(value, |byte, _| byte == b'"').unwrap_or(value.len())
    }

    fn walk(text: &str, is_end: impl Fn(u8, bool) -> bool) -> Option<usize> {
        let (mut at, mut is_quoted) = (0, false);
        while at < text.len() {
            if let Some(length) = text.get(at..).and_then(skipped) {
                at += length;
                continue;
            }
            let byte = text.as_bytes()[at];
            if is_end(byte, is_quoted) {
                return Some(at);
            }
            is_quoted ^= byte == b'"';
            at += 1;
        }
        None
    }

    /// Every text that comes of the conditions in a node; an expression is `{}`.
    fn branches(node: &str) -> Vec<String> {
        let mut parts = Vec::new();
        let mut rest = node;
        while let Some(at) = ["{{", "{%"].iter().filter_map(|mark| rest.find(mark)).min() {
            let length = skipped(&rest[at..]).unwrap();
            parts.push(&rest[..at]);
            parts.push(&rest[at..at + length]);
            rest = &rest[at + length..];
        }
        parts.push(rest);
        let mut at = 0;
        read(&parts, &mut at).0
    }

    fn read(parts: &[&str], at: &mut usize) -> (Vec<String>, bool) {
        let mut all = vec![String::new()];
        while let Some(part) = parts.get(*at) {
            *at += 1;
            let word = part
                .trim_start_matches(['{', '%', '-', ' '])
                .split([' ', '-', '%'])
                .next()
                .unwrap();
            if part.starts_with("{{") {
                append(&mut all, "{}");
            } else if !part.starts_with("{%") {
                append(&mut all, part);
            } else if word == "if" {
                let mut either = Vec::new();
                let mut has_else = false;
                loop {
                    let (texts, is_last) = read(parts, at);
                    either.extend(texts);
                    if is_last {
                        break;
                    }
                    has_else |= !parts[*at - 1].contains("if ");
                }
                if !has_else {
                    either.push(String::new());
                }
                either.dedup();
                all = all
                    .iter()
                    .flat_map(|text| either.iter().map(move |more| format!("{text}{more}")))
                    .collect();
            } else if ["elif", "else", "endif"].contains(&word) {
                let is_inner = parts[..*at - 1].iter().any(|part| part.contains("if "));
                if is_inner {
                    return (all, word == "endif");
                }
                append(&mut all, TORN);
            } else {
                append(&mut all, TORN);
            }
        }
        (all, true)
    }
}
