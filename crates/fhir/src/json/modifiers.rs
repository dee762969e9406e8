//! Elements that change what everything around them means. An unknown one may turn "give" into "do not give", so the
//! document is refused rather than guessed at.

use super::tree::Tree;
use super::value::Value;
use crate::problem::{Code, Problem};

/// The modifier extensions whose meaning is known: both say that a Claim's line or information is withdrawn.
///
/// Source: Da Vinci PAS 2.0.1 and 2.2.1 (`modifierextension-infoCancelled`); the second is its name before PAS 1.1.
pub const KNOWN_MODIFIERS: &[&str] = &[
    "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/modifierextension-infoCancelled",
    "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-itemCancelled",
];

/// Adds a problem for every unknown modifier extension and every `implicitRules`.
pub(super) fn check(tree: &Tree<'_>, problems: &mut Vec<Problem>) {
    walk(tree, &tree.root, problems);
}

fn walk(tree: &Tree<'_>, value: &Value<'_>, problems: &mut Vec<Problem>) {
    for extension in value.list("modifierExtension") {
        if !extension.text("url").is_some_and(|url| KNOWN_MODIFIERS.contains(&url)) {
            let message = "this modifier extension is not known: send the element without it";
            problems.push(Problem::fatal(Code::UnknownModifier, tree.path_of(extension), message));
        }
    }
    if let (Some(rules), Some(_)) = (value.get("implicitRules"), value.get("resourceType")) {
        let message =
            "rules outside the FHIR standard are not known here: send without implicitRules";
        problems.push(Problem::fatal(Code::ImplicitRules, tree.path_of(rules), message));
    }
    for child in value.children() {
        walk(tree, child, problems);
    }
}
