//! A strict reader of FHIR JSON: bytes in, a tree or a list of problems out.
//!
//! It refuses what a lenient reader would guess at: duplicate names, lone surrogates, control characters, text after
//! the end. Numbers keep the text they were written with, so that a decimal never changes. A byte-order mark is skipped.
//!
//! **Invariant:** a tree exists only for a document within all its [`Limits`] and without a modifier that is not known.

mod limits;
mod modifiers;
mod parse;
mod text;
mod tree;
mod value;

pub use limits::Limits;
pub use modifiers::KNOWN_MODIFIERS;
pub use tree::Tree;
pub use value::{Node, Value};

use crate::problem::{Code, Problem};

/// Reads a document with the default [`Limits`].
pub fn read(bytes: &[u8]) -> Result<Tree<'_>, Vec<Problem>> {
    read_within(bytes, &Limits::default())
}

/// Reads a document within `limits`.
///
/// # Errors
/// Every duplicate name and unknown modifier, or the one place where reading had to stop.
pub fn read_within<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Tree<'a>, Vec<Problem>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let cap = limits.document_bytes.min(u32::MAX as usize);
    if bytes.len() > cap {
        return Err(vec![Problem::fatal(
            Code::TooLarge,
            "$",
            format!("the document is larger than {cap} bytes"),
        )]);
    }
    let source = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!(
            "byte {} is not UTF-8: send UTF-8 without other encodings",
            error.valid_up_to()
        );
        vec![Problem::fatal(Code::NotUtf8, "$", message)]
    })?;
    let parsed = parse::parse(source, limits).map_err(|stop| {
        let (code, at, what) = stop.what();
        let (line, column) = line_and_column(source, at);
        let message = format!("{what} (line {line}, column {column})");
        vec![Problem::fatal(code, stop.path(), message)]
    })?;
    let tree = Tree { root: parsed.root };
    let mut problems = parsed.problems;
    if parsed.has_modifiers {
        modifiers::check(&tree, &mut problems);
    }
    check_entries(&tree, limits, &mut problems);
    if problems.is_empty() { Ok(tree) } else { Err(problems) }
}

fn check_entries(tree: &Tree<'_>, limits: &Limits, problems: &mut Vec<Problem>) {
    let n_entries = tree.root.list("entry").len();
    if n_entries > limits.entries {
        let message =
            format!("{n_entries} entries are more than {}: send several bundles", limits.entries);
        problems.push(Problem::fatal(
            Code::TooManyEntries,
            tree.path_in(&tree.root, "entry"),
            message,
        ));
    }
}

/// Returns the line and the column in characters of byte `at`, both counted from 1.
fn line_and_column(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line, column)
}

#[cfg(test)]
mod tests;
