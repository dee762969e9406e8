//! Decisions are numbered without gaps and each says the same four things.

use super::Finding;
use crate::repo::Repo;

const FOLDER: &str = "docs/decisions/";
const PARTS: [&str; 4] = ["## Context", "## Options", "## Choice", "## What would change our mind"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    let decisions =
        repo.files().filter_map(|(path, file)| Some((path, path.strip_prefix(FOLDER)?, file)));
    for (at, (path, name, file)) in decisions.enumerate() {
        let number = format!("{:04}-", at + 1);
        if !name.starts_with(&number) {
            out.push(Finding::of(
                path,
                format!("decisions are numbered without gaps: this is where {number} should be"),
            ));
        }
        for part in PARTS {
            if !file.text.lines().any(|line| line == part) {
                out.push(Finding::of(path, format!("there is no `{part}`")));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::found;

    const WHOLE: &str =
        "# A\n\n## Context\n\n## Options\n\n## Choice\n\n## What would change our mind\n";

    #[test]
    fn a_gap_and_a_part_left_out_are_found() {
        let second = "docs/decisions/0003-b.md";
        let found = found(
            super::check,
            &[("docs/decisions/0001-a.md", WHOLE), (second, &WHOLE.replace("## Choice", ""))],
        );
        assert_eq!(found, [(second.to_owned(), 1), (second.to_owned(), 1)]);
    }
}
