//! Codes and the concepts they stand for.

use super::Datatype;
use crate::json::Node;

/// `Coding`: one code of one system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Coding<'t> {
    /// `system`, a URI.
    pub system: Option<&'t str>,
    /// `code`.
    pub code: Option<&'t str>,
    /// `display`, the sender's own words.
    pub display: Option<&'t str>,
}

impl Coding<'_> {
    /// Returns whether the system's URI ends in `tail`, whatever its scheme and host.
    pub fn is_of(&self, tail: &str) -> bool {
        self.system.is_some_and(|system| system.trim_end_matches('/').ends_with(tail))
    }

    /// Returns whether the code is `code`, letter case aside.
    pub fn is(&self, code: &str) -> bool {
        self.code.is_some_and(|own| own.trim().eq_ignore_ascii_case(code))
    }
}

impl<'t> Datatype<'t> for Coding<'t> {
    fn read(node: Node<'t>) -> Self {
        Self { system: node.text("system"), code: node.text("code"), display: node.text("display") }
    }
}

/// `CodeableConcept`: the same thing said in several codes, or in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeableConcept<'t> {
    /// `coding`.
    pub codings: Vec<Coding<'t>>,
    /// `text`.
    pub text: Option<&'t str>,
}

impl<'t> CodeableConcept<'t> {
    /// Returns whether it says nothing at all.
    pub fn is_empty(&self) -> bool {
        self.text.is_none()
            && self.codings.iter().all(|coding| coding.code.is_none() && coding.display.is_none())
    }

    /// Returns whether any of its codes is `code`.
    pub fn has(&self, code: &str) -> bool {
        self.codings.iter().any(|coding| coding.is(code))
    }

    /// Returns the first code.
    pub fn code(&self) -> Option<&'t str> {
        self.codings.iter().find_map(|coding| coding.code)
    }

    /// Returns the words: the text, else the first display.
    pub fn words(&self) -> Option<&'t str> {
        self.text.or_else(|| self.codings.iter().find_map(|coding| coding.display))
    }
}

impl<'t> Datatype<'t> for CodeableConcept<'t> {
    fn read(node: Node<'t>) -> Self {
        Self { codings: node.all("coding"), text: node.text("text") }
    }
}
