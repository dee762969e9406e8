//! A page read once from its beginning to its end: each text and each attribute that people read is looked up.
//!
//! Not looked at: what stands under `translate="no"`, what is typed into a field, scripts, keys and drawings.

use super::catalogue::Catalogue;

/// Attributes that people read or hear. The `data-` ones are words that the scripts write.
pub(super) const READ: [&str; 15] = [
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "label",
    "data-left",
    "data-late",
    "data-account",
    "data-page",
    "data-list",
    "data-action",
    "data-find",
    "data-keys",
    "data-key-elsewhere",
    "data-key-none",
];

/// Elements whose text is nobody's message.
const LEFT_ALONE: [&str; 6] = ["textarea", "script", "style", "kbd", "code", "svg"];

/// Returns a page with what the catalogue understands told in its language.
pub(super) fn translated(html: &str, catalogue: &Catalogue) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        push_text(&mut out, text, catalogue);
        let end = end_of_tag(tag);
        let (tag, after) = tag.split_at(end);
        push_tag(&mut out, tag, catalogue);
        rest = after;
        if is_left_alone(tag) {
            let end = end_of_element(rest, name(tag));
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    push_text(&mut out, rest, catalogue);
    out
}

fn push_text(out: &mut String, text: &str, catalogue: &Catalogue) {
    match said(text, catalogue) {
        Some(said) => out.push_str(&said),
        None => out.push_str(text),
    }
}

/// Looks an escaped text up. White space around it stays, within it one blank stands for any.
fn said(text: &str, catalogue: &Catalogue) -> Option<String> {
    let inner = text.trim();
    if !inner.contains(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let plain = unescaped(inner).split_whitespace().collect::<Vec<_>>().join(" ");
    let said = catalogue.say(&plain)?;
    let start = text.len() - text.trim_start().len();
    let (before, after) = (&text[..start], &text[start + inner.len()..]);
    Some(format!("{before}{}{after}", escaped(&said)))
}

fn push_tag(out: &mut String, tag: &str, catalogue: &Catalogue) {
    let mut rest = tag;
    while let Some(at) = rest.find("=\"") {
        let (head, value) = rest.split_at(at + 2);
        out.push_str(head);
        let Some(end) = value.find('"') else {
            out.push_str(value);
            return;
        };
        let name = head[..at].rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
        if READ.contains(&name) {
            push_text(out, &value[..end], catalogue);
        } else {
            out.push_str(&value[..end]);
        }
        rest = &value[end..];
    }
    out.push_str(rest);
}

/// Returns where a tag ends; a `>` in quotes ends none.
fn end_of_tag(tag: &str) -> usize {
    if tag.starts_with("<!--") {
        return tag.find("-->").map_or(tag.len(), |at| at + 3);
    }
    let mut is_quoted = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'>' if !is_quoted => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

fn name(tag: &str) -> &str {
    let inner = tag.trim_start_matches(['<', '/']);
    inner.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// Elements that hold nothing have no end either.
const VOID: [&str; 6] = ["input", "img", "br", "hr", "meta", "link"];

fn is_left_alone(tag: &str) -> bool {
    if tag.starts_with("</") || VOID.contains(&name(tag)) {
        return false;
    }
    LEFT_ALONE.contains(&name(tag)) || tag.contains(" translate=\"no\"")
}

/// Returns where the end tag of the element begins that has just been opened.
fn end_of_element(html: &str, element: &str) -> usize {
    let (mut depth, mut at) = (1_u32, 0);
    while let Some(next) = html[at..].find('<') {
        at += next;
        let tag = &html[at..];
        if name(tag) == element {
            depth = if tag.starts_with("</") { depth - 1 } else { depth + 1 };
            if depth == 0 {
                return at;
            }
        }
        at += end_of_tag(tag).max(1);
    }
    html.len()
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let known = [
            ("&#38;", '&'),
            ("&amp;", '&'),
            ("&#60;", '<'),
            ("&lt;", '<'),
            ("&#62;", '>'),
            ("&gt;", '>'),
            ("&#34;", '"'),
            ("&quot;", '"'),
            ("&#39;", '\''),
            ("&nbsp;", '\u{a0}'),
        ];
        let found = known.iter().find(|(name, _)| entity.starts_with(name));
        let (c, length) = found.map_or(('&', 1), |(name, c)| (*c, name.len()));
        out.push(c);
        rest = &entity[length..];
    }
    out.push_str(rest);
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&#38;"),
            '<' => out.push_str("&#60;"),
            '>' => out.push_str("&#62;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
