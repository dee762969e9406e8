//! Extensions, found by the last part of their URL.

use crate::json::Node;

/// Returns whether `url` names the extension `name`: its last part is `name`, or `name` after `extension-` or `ext-`.
///
/// Guides move their base URL between versions and keep the last part, so the base is not compared. Letter case is not
/// compared either: PAS 2.0.1 and 2.2.1 differ in it.
pub fn is_extension(url: &str, name: &str) -> bool {
    let last = url.rsplit('/').next().unwrap_or(url);
    let bare =
        last.strip_prefix("extension-").or_else(|| last.strip_prefix("ext-")).unwrap_or(last);
    last.eq_ignore_ascii_case(name) || bare.eq_ignore_ascii_case(name)
}

/// Returns every extension of `node` that is named `name`.
pub fn extensions<'t>(node: Node<'t>, name: &'static str) -> impl Iterator<Item = Node<'t>> {
    node.list("extension")
        .iter()
        .filter(move |extension| extension.text("url").is_some_and(|url| is_extension(url, name)))
}

/// Returns the first extension of `node` that is named `name`.
pub fn extension<'t>(node: Node<'t>, name: &'static str) -> Option<Node<'t>> {
    extensions(node, name).next()
}
