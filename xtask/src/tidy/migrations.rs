//! Migrations are numbered without gaps, each is in the program's list, and every table says what it is for.

use super::Finding;
use crate::repo::Repo;

const FOLDER: &str = "crates/store/migrations/";
const LIST: &str = "crates/store/src/schema.rs";

pub fn check(repo: &Repo) -> Vec<Finding> {
    let list = repo.text(LIST).unwrap_or_default();
    let mut before = 0;
    let mut out = Vec::new();
    let steps =
        repo.files().filter_map(|(path, file)| Some((path, path.strip_prefix(FOLDER)?, file)));
    for (path, name, file) in steps {
        let number = name.split('_').next().and_then(|digits| digits.parse::<u32>().ok());
        // A step may have a file for each engine: the same number twice.
        match number {
            Some(number) if number == before || number == before + 1 => before = number,
            _ => out.push(Finding::of(path, format!("its number should be {:04}", before + 1))),
        }
        if !list.contains(name) {
            out.push(Finding::of(path, format!("{LIST} does not list it")));
        }
        out.extend(silent_tables(&file.text).map(|(line, table)| {
            Finding::at(
                path,
                line,
                format!("table {table} has no comment: say what a row is and who writes it"),
            )
        }));
    }
    out
}

fn silent_tables(sql: &str) -> impl Iterator<Item = (usize, &str)> {
    let tables = sql.lines().enumerate().filter_map(|(at, line)| {
        let name = line.strip_prefix("CREATE TABLE ")?.split([' ', '(']).next()?;
        Some((at + 1, name))
    });
    tables.filter(move |(_, table)| !sql.contains(&format!("COMMENT ON TABLE {table} IS")))
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_gap_a_step_left_out_and_a_silent_table_are_found() {
        let third = "crates/store/migrations/0003_c.sql";
        let files = [
            (
                "crates/store/migrations/0001_a.sql",
                "CREATE TABLE a (\n);\nCOMMENT ON TABLE a IS 'x';\n",
            ),
            (third, "\nCREATE TABLE c (\n);\n"),
            ("crates/store/src/schema.rs", "0001_a.sql"),
        ];
        let at = |line| (third.to_owned(), line);
        assert_eq!(found(super::check, &files), [at(1), at(1), at(2)]);
    }
}
