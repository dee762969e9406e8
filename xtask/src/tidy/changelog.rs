//! The changelog has an entry for the version that is being made.

use super::Finding;
use crate::repo::Repo;

const PATH: &str = "CHANGELOG.md";

pub fn check(repo: &Repo) -> Vec<Finding> {
    let Some(changelog) = repo.text(PATH) else {
        return vec![Finding::of(PATH, "there is no changelog: write one for operators")];
    };
    let mut lines = repo.text("Cargo.toml").unwrap_or_default().lines();
    let version = lines.find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    match version {
        Some(version)
            if !changelog.lines().any(|line| line.starts_with(&format!("## {version}"))) =>
        {
            vec![Finding::of(PATH, format!("there is no `## {version}`, which Cargo.toml is at"))]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::found;

    const CARGO: (&str, &str) = ("Cargo.toml", "[workspace.package]\nversion = \"1.2.0\"\n");

    #[test]
    fn a_version_without_an_entry_is_found() {
        assert_eq!(found(super::check, &[CARGO]).len(), 1);
        assert_eq!(
            found(super::check, &[CARGO, ("CHANGELOG.md", "# Changes\n\n## 1.1.0\n")]).len(),
            1
        );
        assert_eq!(
            found(super::check, &[CARGO, ("CHANGELOG.md", "# Changes\n\n## 1.2.0 (soon)\n")]).len(),
            0
        );
    }
}
