//! Bundles, and what their references lead to.

use crate::datatype::{Identifier, Reference, When};
use crate::json::{Node, Tree, Value};
use crate::problem::{Code, Problem};
use crate::resource::{Claim, Resource, view};
use std::collections::HashMap;

/// Unresolved references reported for one document at most.
const UNRESOLVED_MAX: usize = 50;

view! {
    /// `Bundle`.
    Bundle
}

/// One `Bundle.entry`.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'t> {
    /// The entry in the tree.
    pub node: Node<'t>,
    /// `fullUrl`.
    pub full_url: Option<&'t str>,
    /// `resource`.
    pub resource: Option<Resource<'t>>,
    /// `request.method`: GET, HEAD, POST, PUT, DELETE, PATCH.
    pub method: Option<&'t str>,
    /// `request.url`.
    pub request_url: Option<&'t str>,
}

impl<'t> Bundle<'t> {
    /// Returns `type`: collection, transaction, batch, message, searchset, history, document.
    pub fn kind(self) -> Option<&'t str> {
        self.0.node().text("type")
    }

    /// Returns `identifier`.
    pub fn identifier(self) -> Option<Identifier<'t>> {
        self.0.node().one("identifier")
    }

    /// Returns `timestamp`.
    pub fn timestamp(self) -> Option<When<'t>> {
        self.0.node().text("timestamp").and_then(When::parse)
    }

    /// Returns `entry`.
    pub fn entries(self) -> impl Iterator<Item = Entry<'t>> {
        self.0.node().list("entry").iter().map(|node| Entry {
            node,
            full_url: node.text("fullUrl"),
            resource: node.get("resource").and_then(Resource::at),
            method: node.find(&["request", "method"]).and_then(Value::as_text),
            request_url: node.find(&["request", "url"]).and_then(Value::as_text),
        })
    }

    /// Returns what breaks the rules for a PAS request bundle.
    ///
    /// A bundle that claims a PAS profile is held to it; one that claims none is taken with warnings. Source: Da Vinci
    /// PAS 2.2.1, PAS Request Bundle: type collection, identifier 1..1, timestamp 1..1, the first entry a Claim.
    pub fn check_pas(self, tree: &Tree<'_>) -> Vec<Problem> {
        let is_claimed = self.0.profiles().any(|profile| profile.contains("/us/davinci-pas/"));
        let raise = if is_claimed { Problem::error } else { Problem::warning };
        let node = self.0.node();
        let mut problems = Vec::new();
        if self.kind() != Some("collection") {
            let path = tree.path_in(node, "type");
            problems.push(raise(
                Code::BadValue,
                path,
                "a prior authorization request is a bundle of type collection".into(),
            ));
        }
        for key in ["identifier", "timestamp"] {
            if node.get(key).is_none() {
                let message = format!("a prior authorization request needs {key}");
                problems.push(raise(Code::Missing, tree.path_in(node, key), message));
            }
        }
        let first = self.entries().next().and_then(|entry| entry.resource);
        if first.and_then(Claim::of).is_none() {
            let path = tree.path_in(node, "entry");
            problems.push(raise(Code::BadValue, path, "the first entry must be the Claim".into()));
        }
        for entry in self.entries().filter(|entry| entry.full_url.is_none()) {
            let path = tree.path_in(entry.node, "fullUrl");
            problems.push(Problem::warning(
                Code::Missing,
                path,
                "an entry needs its full URL to be referred to",
            ));
        }
        problems
    }
}

/// The resources of a document, by every name they can be referred to.
///
/// Each look-up is one step, so references that go round in a ring cannot catch it.
#[derive(Debug)]
pub struct Resolver<'t> {
    /// The resources that are not contained in another, in the order of the text.
    tops: Vec<(Resource<'t>, Option<&'t str>)>,
    by_url: HashMap<&'t str, usize>,
    by_id: HashMap<(&'t str, &'t str), Local>,
    /// The resources inside another, by the outer one's index and their id.
    contained: HashMap<(usize, &'t str), Resource<'t>>,
}

#[derive(Debug, Clone, Copy)]
struct Local {
    first: usize,
    is_ambiguous: bool,
}

impl<'t> Resolver<'t> {
    /// Makes the names of every resource in `tree`; repeated full URLs are added to `problems`.
    pub fn of(tree: &'t Tree<'t>, problems: &mut Vec<Problem>) -> Self {
        let mut resolver = Self {
            tops: Vec::new(),
            by_url: HashMap::new(),
            by_id: HashMap::new(),
            contained: HashMap::new(),
        };
        let Some(root) = Resource::at(tree.root()) else { return resolver };
        let Some(bundle) = Bundle::of(root) else {
            resolver.add(root, None);
            return resolver;
        };
        for entry in bundle.entries() {
            let Some(resource) = entry.resource else { continue };
            if !resolver.add(resource, entry.full_url) {
                let path = tree.path_in(entry.node, "fullUrl");
                problems.push(Problem::warning(
                    Code::DuplicateUrl,
                    path,
                    "this full URL is used twice: the first is taken",
                ));
            }
        }
        resolver
    }

    /// Returns the resources that are not contained in another, in the order of the text.
    pub fn resources(&self) -> impl Iterator<Item = Resource<'t>> {
        self.tops.iter().map(|(resource, _)| *resource)
    }

    /// Returns what `reference`, standing anywhere at `from`, leads to.
    pub fn resolve(&self, reference: &Reference<'t>, from: Node<'t>) -> Option<Resource<'t>> {
        self.resolve_text(reference.reference?, from)
    }

    /// Returns what the address `text`, standing anywhere at `from`, leads to.
    pub fn resolve_text(&self, text: &str, from: Node<'t>) -> Option<Resource<'t>> {
        let home =
            self.tops.partition_point(|(resource, _)| resource.node().at <= from.at).checked_sub(1);
        if let Some(id) = text.strip_prefix('#') {
            let home = home?;
            return if id.is_empty() {
                Some(self.tops[home].0)
            } else {
                self.contained.get(&(home, id)).copied()
            };
        }
        let text = crate::datatype::without_version(text);
        if let Some(index) = self.by_url.get(text) {
            return Some(self.tops[*index].0);
        }
        let (base, kind, id) = split_address(text)?;
        let local = self.by_id.get(&(kind, id))?;
        if local.is_ambiguous && base.is_empty() {
            let own = home.and_then(|home| self.tops[home].1).and_then(split_address);
            let here = own.map(|(base, _, _)| format!("{base}{text}"));
            if let Some(index) = here.and_then(|url| self.by_url.get(url.as_str())) {
                return Some(self.tops[*index].0);
            }
        }
        let (found, url) = self.tops[local.first];
        let is_elsewhere = !base.is_empty()
            && url.and_then(split_address).is_some_and(|(own, _, _)| own != base && is_web(own));
        if is_elsewhere { None } else { Some(found) }
    }

    /// Returns a problem for each reference in `tree` that should lead somewhere inside it and does not.
    ///
    /// An absolute web address may rightly lead elsewhere and is not reported.
    pub fn unresolved(&self, tree: &'t Tree<'t>) -> Vec<Problem> {
        let mut found: Vec<Node<'t>> = Vec::new();
        let mut pending: Vec<Node<'t>> = vec![tree.root()];
        while let Some(node) = pending.pop() {
            if let Some(text) = node.text("reference")
                && !is_web(text)
                && self.resolve_text(text, node).is_none()
            {
                found.push(node);
            }
            pending.extend(node.children().filter(|child| child.is_object() || child.is_list()));
        }
        found.sort_by_key(|node| node.at);
        found.truncate(UNRESOLVED_MAX);
        let message = "this reference leads to nothing in the document: send what it means along";
        found
            .into_iter()
            .map(|node| Problem::warning(Code::Unresolved, tree.path_of(node), message))
            .collect()
    }

    /// Returns false when the full URL was known already.
    fn add(&mut self, resource: Resource<'t>, full_url: Option<&'t str>) -> bool {
        let index = self.tops.len();
        self.tops.push((resource, full_url));
        for inner in resource.contained() {
            if let Some(id) = inner.id() {
                self.contained.entry((index, id)).or_insert(inner);
            }
        }
        let tail = full_url.and_then(split_address).filter(|(_, kind, _)| *kind == resource.kind());
        let own = resource.id().map(|id| (resource.kind(), id));
        let from_url = tail.map(|(_, kind, id)| (kind, id)).filter(|key| Some(*key) != own);
        for key in own.into_iter().chain(from_url) {
            self.by_id
                .entry(key)
                .and_modify(|local| local.is_ambiguous = true)
                .or_insert(Local { first: index, is_ambiguous: false });
        }
        let Some(url) = full_url else { return true };
        let is_new = !self.by_url.contains_key(url);
        self.by_url.entry(url).or_insert(index);
        is_new
    }
}

fn is_web(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// Splits `https://a.example/fhir/Patient/1` into the base with its slash, the type and the id.
fn split_address(address: &str) -> Option<(&str, &str, &str)> {
    let (front, id) = address.rsplit_once('/')?;
    let (base_length, kind) = match front.rsplit_once('/') {
        Some((base, kind)) => (base.len() + 1, kind),
        None => (0, front),
    };
    let is_name = kind.starts_with(|letter: char| letter.is_ascii_uppercase());
    (is_name && !id.is_empty()).then_some((&address[..base_length], kind, id))
}

#[cfg(test)]
mod tests;
