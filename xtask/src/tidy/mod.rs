//! The house rules, one file each. A rule is a function from the checkout's files to what is wrong in them.

mod async_edges;
mod changelog;
mod crate_map;
mod decisions;
mod drivers;
mod endings;
mod file_length;
mod file_names;
mod line_length;
mod lints_allowed;
mod machine_paths;
mod manifest;
mod migrations;
mod mission;
mod module_docs;
mod planted;
mod printing;
mod pure;
mod ranks;
mod readme;
mod scope;
mod sql_home;
mod sql_words;
mod synchronous;
mod top_level;
mod unfinished;

use crate::repo::Repo;
#[cfg(test)]
pub use sql_home::is_sql;

use anyhow::{Result, bail};

/// Something that goes against a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    path: String,
    line: usize,
    words: String,
}

impl Finding {
    fn at(path: &str, line: usize, words: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, words: words.into() }
    }

    fn of(path: &str, words: impl Into<String>) -> Self {
        Self::at(path, 1, words)
    }
}

type Rule = fn(&Repo) -> Vec<Finding>;

/// Every rule by its name.
const RULES: [(&str, Rule); 25] = [
    ("async-edges", async_edges::check),
    ("changelog", changelog::check),
    ("crate-map", crate_map::check),
    ("decisions", decisions::check),
    ("drivers", drivers::check),
    ("endings", endings::check),
    ("file-length", file_length::check),
    ("file-names", file_names::check),
    ("line-length", line_length::check),
    ("lints-allowed", lints_allowed::check),
    ("machine-paths", machine_paths::check),
    ("migrations", migrations::check),
    ("mission", mission::check),
    ("module-docs", module_docs::check),
    ("planted", planted::check),
    ("printing", printing::check),
    ("pure", pure::check),
    ("ranks", ranks::check),
    ("readme", readme::check),
    ("scope", scope::check),
    ("sql-home", sql_home::check),
    ("sql-words", sql_words::check),
    ("synchronous", synchronous::check),
    ("top-level", top_level::check),
    ("unfinished", unfinished::check),
];

/// Checks the checkout and prints everything that is wrong with it.
pub fn run() -> Result<()> {
    let repo = Repo::load()?;
    let mut n_findings = 0;
    for (name, rule) in RULES {
        for Finding { path, line, words } in rule(&repo) {
            println!("{path}:{line}: {words} [{name}]");
            n_findings += 1;
        }
    }
    if n_findings > 0 {
        bail!("{n_findings} places go against the house rules: STYLE.md has the reasons");
    }
    println!("tidy: {} files keep {} rules", repo.files().count(), RULES.len());
    Ok(())
}

/// Returns what a rule finds in a checkout of these files, for its test: path, line.
#[cfg(test)]
fn found(rule: Rule, files: &[(&str, &str)]) -> Vec<(String, usize)> {
    let repo = Repo::of(files.iter().copied());
    rule(&repo).into_iter().map(|finding| (finding.path, finding.line)).collect()
}
