//! The languages that a list can be narrowed to, and how senders write them.
//!
//! Languages are kept as they were sent: some senders write a code of two letters, some one of three, some a word.

/// A language that many members speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the languages")]
pub enum Language {
    English,
    Spanish,
    Chinese,
    Vietnamese,
    Tagalog,
    Korean,
    Arabic,
    Russian,
    HaitianCreole,
    Portuguese,
}

impl Language {
    /// All of them: English, and those that most people with little English speak in the United States. Source: facts 6.6
    /// asks for the top languages of a state; which they are is \[K\].
    pub const ALL: [Self; 10] = [
        Self::English,
        Self::Spanish,
        Self::Chinese,
        Self::Vietnamese,
        Self::Tagalog,
        Self::Korean,
        Self::Arabic,
        Self::Russian,
        Self::HaitianCreole,
        Self::Portuguese,
    ];

    /// Returns what senders write for it, in lower case: the codes of ISO 639-1, 639-2 and 639-3, and the English word. The
    /// first one is what URLs use.
    pub const fn spellings(self) -> &'static [&'static str] {
        match self {
            Self::English => &["en", "eng", "english", "en-us"],
            Self::Spanish => &["es", "spa", "spanish", "es-us", "es-mx"],
            Self::Chinese => {
                &["zh", "zho", "chi", "cmn", "yue", "chinese", "mandarin", "cantonese"]
            }
            Self::Vietnamese => &["vi", "vie", "vietnamese"],
            Self::Tagalog => &["tl", "tgl", "fil", "tagalog", "filipino"],
            Self::Korean => &["ko", "kor", "korean"],
            Self::Arabic => &["ar", "ara", "arabic"],
            Self::Russian => &["ru", "rus", "russian"],
            Self::HaitianCreole => &["ht", "hat", "haitian creole", "haitian"],
            Self::Portuguese => &["pt", "por", "portuguese"],
        }
    }

    /// Returns the name that URLs use.
    pub fn name(self) -> &'static str {
        self.spellings()[0]
    }

    /// Returns the code of ISO 639-3.
    pub fn iso639_3(self) -> &'static str {
        self.spellings()[1]
    }

    /// Returns the language that a text stands for, as a sender or a URL may write it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        Self::ALL.into_iter().find(|language| language.spellings().contains(&text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::Language;
    use std::collections::BTreeSet;

    #[test]
    fn every_spelling_is_read_back_and_stands_for_one_language() {
        let mut seen = BTreeSet::new();
        for language in Language::ALL {
            for spelling in language.spellings() {
                assert_eq!(Language::parse(&spelling.to_uppercase()), Some(language));
                assert!(seen.insert(*spelling) && !spelling.contains([',', '%', '_']));
            }
        }
        assert_eq!(Language::parse("Klingon"), None);
    }
}
