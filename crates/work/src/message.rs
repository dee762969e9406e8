//! What goes out, in words: each message says what it is, about which case, and what the receiver should do.

/// A message to somebody outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who it is for: the folder of the spool, such as `referrer` or `provider`.
    pub to: &'static str,
    /// The address as far as it is known: a fax or telephone number, or a provider's id. Empty when not known.
    pub address: String,
    /// One line.
    pub subject: String,
    /// The message, by line.
    pub lines: Vec<String>,
}

impl Message {
    /// Returns the message as it is put out.
    pub fn text(&self) -> String {
        let mut text = format!("To: {} {}\nSubject: {}\n\n", self.to, self.address, self.subject);
        for line in &self.lines {
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}
