//! Turns the shared text of a migration into SQLite's words.
//!
//! This is no parser: it knows where a statement ends and which words stand outside quotes and comments, no more.

/// One piece of SQL text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Word(&'a str),
    End,
    /// A quoted text or name, or any other character.
    Other(&'a str),
    /// White space or a comment.
    Blank(&'a str),
}

/// Rewrites the type words, makes tables STRICT, keeps a table with a key of several columns in that key's order, and
/// leaves out `COMMENT ON`.
pub(crate) fn for_sqlite(shared: &str) -> String {
    let mut sqlite = String::with_capacity(shared.len() + 64);
    let mut statement = Vec::new();
    for piece in pieces(shared) {
        if piece == Piece::End {
            put(&mut sqlite, &statement);
            statement.clear();
        } else {
            statement.push(piece);
        }
    }
    put(&mut sqlite, &statement);
    sqlite
}

fn put(sqlite: &mut String, statement: &[Piece<'_>]) {
    let words = || statement.iter().filter(|piece| !matches!(piece, Piece::Blank(_)));
    let starts_with = |wanted: &[&str]| {
        wanted
            .iter()
            .enumerate()
            .all(|(at, wanted)| words().nth(at).is_some_and(|piece| is_word(*piece, wanted)))
    };
    if words().next().is_none() || starts_with(&["COMMENT", "ON"]) {
        return;
    }
    for piece in statement {
        sqlite.push_str(match piece {
            piece if is_word(*piece, "BIGINT") => "INTEGER",
            piece if is_word(*piece, "BYTEA") => "BLOB",
            Piece::Word(text) | Piece::Other(text) | Piece::Blank(text) => text,
            Piece::End => ";",
        });
    }
    if starts_with(&["CREATE", "TABLE"]) {
        // On its own line: the statement may end in a line comment.
        sqlite.push_str("\nSTRICT");
        if has_key_clause(statement) {
            sqlite.push_str(", WITHOUT ROWID");
        }
    }
    sqlite.push_str("\n;\n");
}

/// Whether the key is a clause of its own, `PRIMARY KEY (a, b)`, as one of several columns is. SQLite then needs no second
/// tree to find a row by its key, and the rows of one case lie side by side.
fn has_key_clause(statement: &[Piece<'_>]) -> bool {
    let words: Vec<Piece<'_>> =
        statement.iter().filter(|piece| !matches!(piece, Piece::Blank(_))).copied().collect();
    words.windows(3).any(|three| {
        is_word(three[0], "PRIMARY") && is_word(three[1], "KEY") && three[2] == Piece::Other("(")
    })
}

fn is_word(piece: Piece<'_>, wanted: &str) -> bool {
    matches!(piece, Piece::Word(word) if word.eq_ignore_ascii_case(wanted))
}

fn pieces(sql: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = piece_length(rest, first);
        let (text, after) = rest.split_at(length);
        rest = after;
        Some(match first {
            ';' => Piece::End,
            first if first.is_whitespace() || text.starts_with("--") || text.starts_with("/*") => {
                Piece::Blank(text)
            }
            first if is_word_char(first) => Piece::Word(text),
            _ => Piece::Other(text),
        })
    })
}

fn piece_length(rest: &str, first: char) -> usize {
    let until = |end: &str, from: usize| {
        rest.get(from..)
            .and_then(|tail| tail.find(end))
            .map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("--") {
        return until("\n", 2);
    }
    if rest.starts_with("/*") {
        return until("*/", 2);
    }
    match first {
        // A doubled quote inside reads as two quoted pieces side by side, which comes to the same text.
        '\'' => until("'", 1),
        '"' => until("\"", 1),
        first if is_word_char(first) => rest.find(|next| !is_word_char(next)).unwrap_or(rest.len()),
        first => first.len_utf8(),
    }
}

fn is_word_char(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
