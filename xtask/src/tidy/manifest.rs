//! The names in a Cargo.toml's tables of dependencies. Our manifests write one a line.

/// One dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dependency<'a> {
    /// The package.
    pub name: &'a str,
    /// The line it stands on, from 1.
    pub line: usize,
    /// Whether only tests have it.
    pub is_dev: bool,
}

/// Returns a manifest's dependencies.
pub fn dependencies(manifest: &str) -> Vec<Dependency<'_>> {
    let mut table = "";
    let mut out = Vec::new();
    for (at, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if let Some(head) = line.strip_prefix('[') {
            table = head.trim_end_matches(']');
            continue;
        }
        let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
        if table.ends_with("dependencies") && !name.is_empty() && !name.starts_with('#') {
            out.push(Dependency {
                name,
                line: at + 1,
                is_dev: table.ends_with("dev-dependencies"),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::dependencies;

    #[test]
    fn each_line_of_a_table_is_a_dependency() {
        let text = "[package]\nname = \"a\"\n[dependencies]\n# why\nb.workspace = true\nc = \"1\"\n\n\
                    [dev-dependencies]\nd = { version = \"1\" }\n[lints]\nworkspace = true\n";
        let names: Vec<(&str, bool)> =
            dependencies(text).iter().map(|d| (d.name, d.is_dev)).collect();
        assert_eq!(names, [("b", false), ("c", false), ("d", true)]);
    }
}
