//! Only `db` names a database driver.

use super::{Finding, manifest};
use crate::repo::{Repo, crate_of};

const DRIVERS: [&str; 8] = [
    "rusqlite",
    "libsqlite3-sys",
    "postgres",
    "tokio-postgres",
    "postgres-types",
    "sqlx",
    "diesel",
    "deadpool-postgres",
];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let others = repo
        .files()
        .filter(|(path, _)| path.ends_with("/Cargo.toml") && crate_of(path) != Some("db"));
    let mut out = Vec::new();
    for (path, file) in others {
        let named =
            manifest::dependencies(&file.text).into_iter().filter(|d| DRIVERS.contains(&d.name));
        out.extend(named.map(|d| {
            Finding::at(path, d.line, format!("{} is a driver: only crates/db names one", d.name))
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_driver_outside_db_is_found() {
        let manifest = "[dependencies]\nrusqlite.workspace = true\n";
        let files = [("crates/db/Cargo.toml", manifest), ("crates/store/Cargo.toml", manifest)];
        assert_eq!(found(super::check, &files), [("crates/store/Cargo.toml".to_owned(), 2)]);
    }
}
