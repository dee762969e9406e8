//! Whether text is a table with one row a line, and what divides its cells.

use crate::csv::{column_key, is_known_column};
use std::collections::BTreeSet;

/// What may divide cells, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Rows that are compared.
const ROWS_MAX: usize = 50;

/// Returns the delimiter when the text is a table: a header row of two or more names that are short and differ, and most
/// rows below it with as many cells.
pub(crate) fn delimiter(text: &[u8]) -> Option<u8> {
    let look = &text[..text.len().min(super::LOOK_BYTES)];
    let is_cut = look.len() < text.len();
    let candidates = DELIMITERS.into_iter().filter_map(|delimiter| {
        let rows = rows(look, delimiter, is_cut);
        is_table(&rows).then(|| (rows.first().map_or(0, Vec::len), delimiter))
    });
    // The one that cuts the header into more cells; the likelier one of equals.
    candidates.rev().max_by_key(|(n_cells, _)| *n_cells).map(|(_, delimiter)| delimiter)
}

/// The rows' cells, without the last row when the look ended in it.
fn rows(look: &[u8], delimiter: u8, is_cut: bool) -> Vec<Vec<Vec<u8>>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(look);
    let mut rows: Vec<Vec<Vec<u8>>> = Vec::new();
    for row in reader.byte_records().take(ROWS_MAX) {
        let Ok(row) = row else { break };
        rows.push(row.iter().map(<[u8]>::to_vec).collect());
    }
    if is_cut && rows.len() < ROWS_MAX {
        rows.pop();
    }
    rows
}

fn is_table(rows: &[Vec<Vec<u8>>]) -> bool {
    let Some((header, body)) = rows.split_first() else { return false };
    let names: Vec<String> =
        header.iter().map(|cell| column_key(&String::from_utf8_lossy(cell))).collect();
    let n_known = names.iter().filter(|name| is_known_column(name)).count();
    if n_known >= 3 {
        return true;
    }
    let n_fitting = body.iter().filter(|row| row.len() == header.len()).count();
    let fits = n_fitting * 5 >= body.len() * 4 && !body.is_empty();
    fits && names.len() >= 2 && are_names(&names) && (n_known > 0 || !is_prose(header))
}

/// Names are there, short, different, and more than figures.
fn are_names(names: &[String]) -> bool {
    let different: BTreeSet<&String> = names.iter().collect();
    different.len() == names.len()
        && names
            .iter()
            .all(|name| name.len() <= 60 && name.contains(|c: char| c.is_ascii_alphabetic()))
}

/// A sentence has a blank behind its commas, and it ends in a mark.
fn is_prose(header: &[Vec<u8>]) -> bool {
    let has_blank = header[1..].iter().any(|cell| cell.first() == Some(&b' '));
    let ends = header
        .iter()
        .any(|cell| matches!(cell.trim_ascii_end().last(), Some(b'.' | b'!' | b'?' | b':' | b',')));
    has_blank || ends
}
