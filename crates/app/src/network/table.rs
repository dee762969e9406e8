//! A table of providers: the columns are the fields of one, in any order.

use super::entered::{FIELDS, read as read_one};
use doorstep_store::providers::Provider;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that a table has at most.
const ROWS_MAX: usize = 50_000;

/// One cell, or one row, that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column; empty when it is about the row.
    pub column: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Reads every row.
pub(super) fn read(table: &[u8]) -> Result<Vec<Provider>, Vec<RowProblem>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(table);
    let columns = columns(&mut reader).map_err(|problem| vec![problem])?;
    let (mut providers, mut problems) = (Vec::new(), Vec::new());
    let mut known = BTreeSet::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.push(at(line, "", "the row is not as long as the first, or is no text"));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cells = columns.iter().cloned().zip(record.iter().map(str::to_owned));
        match read_one(&cells.collect::<BTreeMap<_, _>>()) {
            Ok(provider) if known.insert(provider.provider_id.clone()) => providers.push(provider),
            Ok(_) => problems.push(at(line, "provider_id", "this id stands in the table twice")),
            Err(wrong) => {
                problems.extend(wrong.into_iter().map(|one| at(line, one.field, &one.message)));
            }
        }
    }
    if providers.is_empty() && problems.is_empty() {
        problems.push(at(1, "", "the table has no row"));
    }
    if providers.len() > ROWS_MAX {
        problems.push(at(1, "", "the table has more than 50,000 rows: divide it"));
    }
    if problems.is_empty() { Ok(providers) } else { Err(problems) }
}

fn columns(reader: &mut csv::Reader<&[u8]>) -> Result<Vec<String>, RowProblem> {
    let header = reader.headers().map_err(|_| at(1, "", "the file is no table of text"))?;
    let plain =
        |name: &str| name.trim_start_matches('\u{feff}').to_lowercase().replace([' ', '-'], "_");
    let columns: Vec<String> = header.iter().map(plain).collect();
    let stranger = columns.iter().find(|name| !FIELDS.iter().any(|(known, _)| known == name));
    if let Some(name) = stranger {
        let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        return Err(at(1, name, &format!("there is no such column: use {}", known.join(", "))));
    }
    Ok(columns)
}

fn at(line: u64, column: &str, message: &str) -> RowProblem {
    RowProblem { line, column: column.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_the_names_of_its_columns() {
        let table = "Name,provider-id,areas,services\nHarbor,harbor,\"WI,537\",dme\nPine,pine,MN,home-health\n";
        let providers = read(table.as_bytes()).unwrap();
        assert_eq!(providers.len(), 2);
        assert_eq!(providers[0].areas, ["WI", "537"]);
    }

    #[test]
    fn each_cell_that_cannot_be_read_is_named_by_line_and_column() {
        let table = "provider_id,name,areas,services\nharbor,,WI,dme\npine,Pine,Mars,dme\npine2,Pine,MN,dme\npine2,Pine,MN,dme\n";
        let problems = read(table.as_bytes()).unwrap_err();
        let places: Vec<(u64, &str)> =
            problems.iter().map(|problem| (problem.line, problem.column.as_str())).collect();
        assert_eq!(places, [(2, "name"), (3, "areas"), (5, "provider_id")]);
    }

    #[test]
    fn what_is_no_table_is_told_so() {
        for bytes in
            [b"".as_slice(), b"name\n", b"\xff\xfe\x00", b"name,colour\nA,red\n", b"name\na,b\n"]
        {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
    }
}
