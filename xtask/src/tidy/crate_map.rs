//! The map is true: ARCHITECTURE.md lists every crate, names none that is gone, points at files that exist, and stays short.

use super::Finding;
use crate::repo::Repo;

const PATH: &str = "ARCHITECTURE.md";

/// More lines than this and nobody reads it.
const LINES_MAX: usize = 200;

pub fn check(repo: &Repo) -> Vec<Finding> {
    let Some(map) = repo.text(PATH) else {
        return vec![Finding::of(PATH, "there is no map of the crates")];
    };
    let mut out = Vec::new();
    for name in repo.crates() {
        if !map.contains(&format!("`crates/{name}`")) {
            out.push(Finding::of(PATH, format!("`crates/{name}` is not on the map")));
        }
    }
    if map.lines().count() > LINES_MAX {
        out.push(Finding::at(PATH, LINES_MAX + 1, format!("more than {LINES_MAX} lines")));
    }
    for (at, line) in map.lines().enumerate() {
        let gone = quoted(line).filter(|path| path.starts_with("crates/") && !exists(repo, path));
        out.extend(gone.map(|path| Finding::at(PATH, at + 1, format!("`{path}` does not exist"))));
    }
    out
}

/// Returns what stands between backquotes.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn exists(repo: &Repo, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    repo.files().any(|(file, _)| {
        file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_crate_off_the_map_and_a_place_that_is_gone_are_found() {
        let files = [
            ("ARCHITECTURE.md", "- `crates/case` the core\n- `crates/case/src/gone.rs`\n"),
            ("crates/case/Cargo.toml", ""),
            ("crates/fax/Cargo.toml", ""),
        ];
        let at = |line| ("ARCHITECTURE.md".to_owned(), line);
        assert_eq!(found(super::check, &files), [at(1), at(2)]);
    }
}
