//! The health care provider taxonomy code, by its form only: the NUCC's list and its texts are not shipped.

use crate::problem::{CodeProblem, quoted};
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};

/// A taxonomy code: nine letters or digits and a closing `X`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Taxonomy(String);

text_code!(Taxonomy);

impl Taxonomy {
    /// Reads a taxonomy code in either case, such as `332B00000X`. Problem: `taxonomy-format`.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let upper = text.trim().to_ascii_uppercase();
        let fits = upper.len() == 10
            && upper.bytes().all(|b| b.is_ascii_alphanumeric())
            && upper.ends_with('X');
        if !fits {
            return Err(CodeProblem::new(
                "taxonomy-format",
                format!(
                    "{} is not a taxonomy code: write ten characters that end in X",
                    quoted(text)
                ),
            ));
        }
        Ok(Self(upper))
    }

    /// Returns the ten characters in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Taxonomy;

    #[test]
    fn case_is_normalised() {
        assert_eq!(Taxonomy::parse("3336h0001x").unwrap().as_str(), "3336H0001X");
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in ["332B00000Y", "332B0000X", "332B-00000X", "", "332B00000XX"] {
            assert_eq!(Taxonomy::parse(text).unwrap_err().code, "taxonomy-format", "{text}");
        }
    }
}
