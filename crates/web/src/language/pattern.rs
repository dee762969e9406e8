//! Messages with places in them, `{n} cases wait`, and what stands in the places of a text that was made of one.

use super::catalogue::{Catalogue, Reach};

/// What may stand in a place of a message; the first letter of its name says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `{n}`: a number.
    Number,
    /// `{at}`: a date, a time, or both.
    Moment,
    /// `{w}`: words that the catalogue understands.
    Words,
    /// `{s}`: words, or somebody's name: what is understood is told in the reader's language.
    Either,
    /// `{c}`: a code or number of somebody's, in one word.
    Code,
    /// `{x}`: anything, and it stays as it is.
    Anything,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place { name: String, kind: Kind },
}

/// A message with its translation.
#[derive(Debug)]
pub(super) struct Pattern {
    from: Vec<Piece>,
    to: Vec<Piece>,
}

impl Pattern {
    /// Reads a message and its translation.
    ///
    /// # Errors
    ///
    /// When the two have not the same places, or two places of the message stand side by side.
    pub(super) fn parse(from: &str, to: &str) -> Result<Self, String> {
        let (read_from, read_to) = (pieces(from)?, pieces(to)?);
        let names = |pieces: &[Piece]| {
            let mut names: Vec<String> = pieces.iter().filter_map(Piece::name).collect();
            names.sort();
            names
        };
        let (here, there) = (names(&read_from), names(&read_to));
        if here != there || here.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(format!("the places of {from:?} and {to:?} are not the same"));
        }
        if read_from.windows(2).any(|pair| pair.iter().all(|piece| piece.name().is_some())) {
            return Err(format!("two places of {from:?} stand side by side"));
        }
        Ok(Self { from: read_from, to: read_to })
    }

    /// Returns the first word, where a text of this message always begins with it.
    pub(super) fn first_word(&self) -> Option<&str> {
        let Some(Piece::Text(text)) = self.from.first() else { return None };
        let (word, _) = text.split_once(' ')?;
        Some(word)
    }

    /// Returns the last word, where a text of this message always ends with it.
    pub(super) fn last_word(&self) -> Option<&str> {
        let Some(Piece::Text(text)) = self.from.last() else { return None };
        let (_, word) = text.rsplit_once(' ')?;
        Some(word)
    }

    /// Returns whether the message says nothing by itself: whatever its form fits, it fits.
    pub(super) fn is_loose(&self) -> bool {
        let is_mark = |piece: &Piece| match piece {
            Piece::Text(text) => !text.contains(char::is_alphabetic),
            Piece::Place { .. } => true,
        };
        self.from.iter().all(is_mark)
    }

    /// Returns how much of the message is text: what has more of it is tried first.
    pub(super) fn weight(&self) -> usize {
        let texts = self
            .from
            .iter()
            .map(|piece| if let Piece::Text(text) = piece { text.len() } else { 0 });
        texts.sum()
    }

    /// Returns the translation of a text that was made of this message.
    pub(super) fn say(
        &self,
        text: &str,
        (catalogue, reach): (&Catalogue, Reach<'_>),
    ) -> Option<String> {
        let mut found = Vec::new();
        if !fits(&self.from, text, (catalogue, reach), &mut found) {
            return None;
        }
        let mut out = String::with_capacity(text.len() + 16);
        for piece in &self.to {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Place { name, .. } => {
                    let value = found.iter().find(|(known, _)| known == name);
                    out.push_str(value.map_or("", |(_, value)| value));
                }
            }
        }
        Some(out)
    }
}

impl Piece {
    fn name(&self) -> Option<String> {
        match self {
            Self::Place { name, .. } => Some(name.clone()),
            Self::Text(_) => None,
        }
    }
}

fn pieces(message: &str) -> Result<Vec<Piece>, String> {
    let mut out = Vec::new();
    let mut rest = message;
    while let Some((text, after)) = rest.split_once('{') {
        let (name, after) =
            after.split_once('}').ok_or(format!("a place of {message:?} has no end"))?;
        if !text.is_empty() {
            out.push(Piece::Text(text.to_owned()));
        }
        out.push(Piece::Place { name: name.to_owned(), kind: kind(name, message)? });
        rest = after;
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest.to_owned()));
    }
    Ok(out)
}

fn kind(name: &str, message: &str) -> Result<Kind, String> {
    match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "n" => Ok(Kind::Number),
        "at" => Ok(Kind::Moment),
        "w" => Ok(Kind::Words),
        "s" => Ok(Kind::Either),
        "c" => Ok(Kind::Code),
        "x" => Ok(Kind::Anything),
        other => Err(format!("nobody knows what stands in {other:?} of {message:?}")),
    }
}

type Found = Vec<(String, String)>;

/// Fits the pieces to the text from left to right. Where a place can end at several spots, each is tried.
fn fits(pieces: &[Piece], text: &str, with: (&Catalogue, Reach<'_>), found: &mut Found) -> bool {
    let Some((piece, rest)) = pieces.split_first() else { return text.is_empty() };
    let (name, kind) = match piece {
        Piece::Text(literal) => {
            return text
                .strip_prefix(literal.as_str())
                .is_some_and(|text| fits(rest, text, with, found));
        }
        Piece::Place { name, kind } => (name, *kind),
    };
    let Some(Piece::Text(next)) = rest.first() else {
        let Some(value) = value(kind, text, with) else { return false };
        found.push((name.clone(), value));
        return true;
    };
    for (end, _) in text.match_indices(next.as_str()) {
        let (held, after) = text.split_at(end);
        let Some(value) = value(kind, held, with) else { continue };
        let n_found = found.len();
        found.push((name.clone(), value));
        if fits(rest, after, with, found) {
            return true;
        }
        found.truncate(n_found);
    }
    false
}

fn value(kind: Kind, text: &str, (catalogue, reach): (&Catalogue, Reach<'_>)) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    match kind {
        Kind::Number => {
            let is_number = text.chars().all(|c| c.is_ascii_digit() || ",.:%/ ".contains(c))
                && text.contains(|c: char| c.is_ascii_digit());
            is_number.then(|| text.to_owned())
        }
        Kind::Moment => super::moment::spanish(text),
        Kind::Words => catalogue.understood(text, reach),
        Kind::Either => Some(catalogue.understood(text, reach).unwrap_or_else(|| text.to_owned())),
        Kind::Code => {
            let is_code = !text.contains(' ') && text.contains(|c: char| c.is_ascii_digit());
            is_code.then(|| text.to_owned())
        }
        Kind::Anything => Some(text.to_owned()),
    }
}
