//! Writes messages: fields are set by number, texts are escaped, segments end with CR. What it writes, `read` reads back.

use crate::escape::escape;
use crate::separators::Separators;

/// Collects the segments of one message.
#[derive(Clone, Debug)]
pub struct MessageWriter {
    separators: Separators,
    text: String,
}

/// Collects the fields of one segment.
#[derive(Clone, Debug)]
pub struct SegmentWriter {
    separators: Separators,
    id: String,
    fields: Vec<String>,
}

impl MessageWriter {
    /// Returns a writer of messages with these separators.
    pub fn new(separators: Separators) -> Self {
        Self { separators, text: String::new() }
    }

    /// Starts a segment; [`MessageWriter::push`] adds it.
    pub fn start(&self, id: &str) -> SegmentWriter {
        SegmentWriter { separators: self.separators, id: id.to_owned(), fields: Vec::new() }
    }

    /// Adds a segment.
    pub fn push(&mut self, segment: SegmentWriter) -> &mut Self {
        self.text.push_str(&segment.finish());
        self.text.push('\r');
        self
    }

    /// Adds a segment made by a function, for writing a message in one expression.
    pub fn segment(&mut self, id: &str, fill: impl FnOnce(&mut SegmentWriter)) -> &mut Self {
        let mut segment = self.start(id);
        fill(&mut segment);
        self.push(segment)
    }

    /// Returns the bytes, in UTF-8.
    pub fn finish(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}

impl SegmentWriter {
    /// Returns the separators in use.
    pub fn separators(&self) -> Separators {
        self.separators
    }

    /// Sets field `n`, from 1, to a text. MSH-1 and MSH-2 are written by themselves.
    pub fn text(&mut self, n: usize, text: &str) -> &mut Self {
        let text = escape(text, self.separators);
        self.raw(n, &text)
    }

    /// Sets field `n` to components.
    pub fn components(&mut self, n: usize, components: &[&str]) -> &mut Self {
        let raw = self.joined(components);
        self.raw(n, &raw)
    }

    /// Sets field `n` to repetitions of components.
    pub fn repetitions(&mut self, n: usize, repetitions: &[&[&str]]) -> &mut Self {
        let all: Vec<String> = repetitions.iter().map(|one| self.joined(one)).collect();
        let raw = all.join(&self.separators.repetition().to_string());
        self.raw(n, &raw)
    }

    /// Sets field `n` to text that is already escaped in these separators. Line breaks become spaces.
    pub fn raw(&mut self, n: usize, raw: &str) -> &mut Self {
        if self.fields.len() < n {
            self.fields.resize(n, String::new());
        }
        if let Some(field) = n.checked_sub(1).and_then(|at| self.fields.get_mut(at)) {
            *field = raw.replace(['\r', '\n', '\u{b}', '\u{1c}'], " ");
        }
        self
    }

    fn joined(&self, components: &[&str]) -> String {
        let escaped: Vec<_> = components.iter().map(|one| escape(one, self.separators)).collect();
        let joined = escaped.join(&self.separators.component().to_string());
        joined.trim_end_matches(self.separators.component()).to_owned()
    }

    fn finish(self) -> String {
        let declares = matches!(self.id.as_str(), "MSH" | "FHS" | "BHS");
        let mut parts = vec![self.id];
        if declares {
            parts.push(self.separators.encoding());
        }
        parts.extend(self.fields.into_iter().skip(if declares { 2 } else { 0 }));
        while parts.len() > 1 && parts.last().is_some_and(String::is_empty) {
            parts.pop();
        }
        parts.join(&self.separators.field().to_string())
    }
}
