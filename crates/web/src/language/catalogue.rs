//! The catalogue: each message in English with its Spanish, from `messages/`, and how a text is looked up in it.
//!
//! A text is understood when it is a message, is made of one with places, or falls into parts that are all understood.
//! Spanish has one form for one and another for many, as English has: each is a message of its own.

use super::pattern::Pattern;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::LazyLock;

const FILES: &[(&str, &str)] = &[
    ("pages", include_str!("../../messages/pages.toml")),
    ("words", include_str!("../../messages/words.toml")),
    ("events", include_str!("../../messages/events.toml")),
    ("case", include_str!("../../messages/case.toml")),
    ("items", include_str!("../../messages/items.toml")),
    ("app", include_str!("../../messages/app.toml")),
    ("packs", include_str!("../../messages/packs.toml")),
];

/// Parts within parts are looked at so deep.
const DEPTH_MAX: u8 = 5;

/// Longer texts are nobody's message.
const LENGTH_MAX: usize = 1200;

/// Where a text falls into parts, the looser first.
const JOINTS: [&str; 5] = ["; ", ": ", " · ", ", ", " / "];

/// So many parts of one text are looked at: whatever somebody types, a page is not held up by it.
const STEPS_MAX: u32 = 2000;

/// How far a text may still be looked into.
#[derive(Clone, Copy)]
pub(super) struct Reach<'a> {
    depth: u8,
    steps: &'a Cell<u32>,
}

impl Reach<'_> {
    /// Returns the reach within a part, or `None` at its end.
    fn further(self) -> Option<Self> {
        let steps = self.steps.get().checked_sub(1)?;
        self.steps.set(steps);
        (self.depth <= DEPTH_MAX).then_some(Self { depth: self.depth + 1, ..self })
    }
}

/// The messages of one language.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    whole: HashMap<String, String>,
    patterns: Vec<Pattern>,
    by_first: HashMap<String, Vec<usize>>,
    by_last: HashMap<String, Vec<usize>>,
    others: Vec<usize>,
    loose: Vec<usize>,
}

/// Returns the Spanish catalogue.
pub(super) fn spanish() -> &'static Catalogue {
    static SPANISH: LazyLock<Catalogue> = LazyLock::new(|| {
        Catalogue::of(&messages()).expect("a test reads the catalogue that is built in")
    });
    &SPANISH
}

/// Returns every message with its Spanish.
pub(super) fn messages() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (name, text) in FILES {
        let read: Result<toml::Table, _> = text.parse();
        let table = read.unwrap_or_else(|error| panic!("messages/{name}.toml: {error}"));
        for (english, spanish) in table {
            let spanish = spanish.as_str().map(str::to_owned);
            all.push((english, spanish.expect("a test reads the catalogue that is built in")));
        }
    }
    all
}

impl Catalogue {
    /// Makes a catalogue of messages and their translations.
    ///
    /// # Errors
    ///
    /// When a message stands there twice, or its places are not those of its translation.
    pub(super) fn of(messages: &[(String, String)]) -> Result<Self, String> {
        let mut made = Self::default();
        for (from, to) in messages {
            if !from.contains('{') {
                let (from, to) = (core(from).1.to_owned(), core(to).1.to_owned());
                if let Some(known) = made.whole.insert(from.clone(), to) {
                    return Err(format!("{from:?} stands there twice, as {known:?} too"));
                }
                continue;
            }
            made.patterns.push(Pattern::parse(core(from).1, core(to).1)?);
        }
        made.patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.weight()));
        for (at, pattern) in made.patterns.iter().enumerate() {
            match (pattern.first_word(), pattern.last_word()) {
                _ if pattern.is_loose() => made.loose.push(at),
                (Some(word), _) => made.by_first.entry(word.to_owned()).or_default().push(at),
                (None, Some(word)) => made.by_last.entry(word.to_owned()).or_default().push(at),
                (None, None) => made.others.push(at),
            }
        }
        Ok(made)
    }

    /// Returns a text in the catalogue's language, or `None` when not all of it is understood.
    pub(super) fn say(&self, text: &str) -> Option<String> {
        let steps = Cell::new(STEPS_MAX);
        if text.len() > LENGTH_MAX {
            None
        } else {
            self.understood(text, Reach { depth: 0, steps: &steps })
        }
    }

    pub(super) fn understood(&self, text: &str, reach: Reach<'_>) -> Option<String> {
        let (before, inner, after) = core(text);
        let reach = reach.further()?;
        if !inner.contains(char::is_alphabetic) {
            return Some(text.to_owned());
        }
        let said = either_case(inner, |text| self.whole(text))
            .or_else(|| self.at(". ", inner, reach))
            .or_else(|| self.with_brackets(inner, reach))
            .or_else(|| either_case(inner, |text| self.made(text, reach)))
            .or_else(|| JOINTS.iter().find_map(|joint| self.at(joint, inner, reach)))
            .or_else(|| self.fit(&self.loose, inner, reach))?;
        Some(format!("{before}{said}{after}"))
    }

    fn whole(&self, text: &str) -> Option<String> {
        self.whole.get(text).cloned().or_else(|| super::moment::spanish(text))
    }

    fn made(&self, text: &str, reach: Reach<'_>) -> Option<String> {
        let (first, last) = (text.split(' ').next()?, text.rsplit(' ').next()?);
        let of = |known: &HashMap<String, Vec<usize>>, word: &str| {
            known.get(word).cloned().unwrap_or_default()
        };
        let mut likely = of(&self.by_first, first);
        likely.extend(of(&self.by_last, last));
        likely.extend(&self.others);
        likely.sort_unstable();
        self.fit(&likely, text, reach)
    }

    fn fit(&self, patterns: &[usize], text: &str, reach: Reach<'_>) -> Option<String> {
        patterns.iter().find_map(|at| self.patterns.get(*at)?.say(text, (self, reach)))
    }

    /// Falls apart at a joint, where each part is understood.
    fn at(&self, joint: &str, text: &str, reach: Reach<'_>) -> Option<String> {
        if !text.contains(joint) {
            return None;
        }
        let parts: Option<Vec<String>> =
            text.split(joint).map(|part| self.understood(part, reach)).collect();
        parts.map(|parts| parts.join(joint))
    }

    fn with_brackets(&self, text: &str, reach: Reach<'_>) -> Option<String> {
        let (outer, inner) = wrapped_at_the_end(text)?;
        let outer = self.understood(outer, reach)?;
        let inner = self.understood(inner, reach)?;
        Some(format!("{outer} ({inner})"))
    }
}

/// Returns a text without the marks around it, and the marks.
pub(super) fn core(text: &str) -> (&str, &str, &str) {
    let is_mark = |c: char| c.is_whitespace() || ".,:;·".contains(c);
    let inner = text.trim_start_matches(is_mark);
    let before = &text[..text.len() - inner.len()];
    let kept = inner.trim_end_matches(is_mark);
    let (mut before, mut kept, mut after) = (before, kept, &inner[kept.len()..]);
    let is_wrapped = kept.starts_with('(') && kept.ends_with(')') && kept.matches('(').count() == 1;
    if is_wrapped {
        let start = text.len() - inner.len();
        (before, after) = (&text[..=start], &text[start + kept.len() - 1..]);
        kept = &kept[1..kept.len() - 1];
    }
    (before, kept, after)
}

/// Returns what stands before the brackets at the end of a text, and what in them.
fn wrapped_at_the_end(text: &str) -> Option<(&str, &str)> {
    let held = text.strip_suffix(')')?;
    let mut depth = 1_u32;
    for (at, c) in held.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((held[..at].strip_suffix(' ')?, &held[at + 1..]));
        }
    }
    None
}

fn upper(text: &str) -> String {
    crate::errors::capital(text)
}

/// As it stands, or as it stands within a sentence or at the beginning of one.
fn either_case(text: &str, say: impl Fn(&str) -> Option<String>) -> Option<String> {
    if let Some(said) = say(text) {
        return Some(said);
    }
    if text.chars().next()?.is_uppercase() {
        say(&lower(text)).map(|said| upper(&said))
    } else {
        say(&upper(text)).map(|said| lower(&said))
    }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
