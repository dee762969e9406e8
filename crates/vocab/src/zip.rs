//! ZIP codes by their form. Where a ZIP is and in which zone is its [`Place`].

use crate::place::{self, Place};
use crate::problem::{CodeProblem, quoted};
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};

/// A five-digit ZIP, with its four-digit extension when one was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zip(String);

text_code!(Zip);

impl Zip {
    /// Reads `46534`, `46534-1234` or nine digits. A ZIP that no one uses passes: its place is `None`.
    ///
    /// Problem: `zip-format`. The message does not repeat the extension, which can point to one house.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        Self::shape(text).ok_or_else(|| {
            let start: String = text.trim().chars().take(5).collect();
            let message =
                format!("{} is not the start of a ZIP: write 46534 or 46534-1234", quoted(&start));
            CodeProblem::new("zip-format", message)
        })
    }

    /// Reads a ZIP by its form only; the same texts pass as with [`Zip::parse`].
    pub fn shape(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_digits =
            |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
        if is_digits(text, 9) {
            return Some(Self(format!("{}-{}", &text[..5], &text[5..])));
        }
        let fits = match text.split_once('-') {
            Some((five, four)) => is_digits(five, 5) && is_digits(four, 4),
            None => is_digits(text, 5),
        };
        fits.then(|| Self(text.to_owned()))
    }

    /// Returns the ZIP as `46534` or `46534-1234`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the five digits without the extension.
    pub fn five(&self) -> &str {
        &self.0[..5]
    }

    /// Returns the four digits of the extension, if it was given.
    pub fn plus_four(&self) -> Option<&str> {
        self.0.get(6..)
    }

    /// Returns where the ZIP is; `None` when it is not in the list, as 00000 is not.
    pub fn place(&self) -> Option<&'static Place> {
        place::find(self.five())
    }
}

#[cfg(test)]
mod tests {
    use super::Zip;

    #[test]
    fn the_extension_is_kept() {
        let zip = Zip::parse("46534-1234").unwrap();
        assert_eq!(
            (zip.as_str(), zip.five(), zip.plus_four()),
            ("46534-1234", "46534", Some("1234"))
        );
        assert_eq!(Zip::parse("465341234"), Ok(zip));
        assert_eq!(Zip::parse("46534").unwrap().plus_four(), None);
    }

    #[test]
    fn other_shapes_are_refused_without_the_extension_in_the_message() {
        for text in
            ["", "4653", "465341", "46534-", "46534-123", "46534-12345", "4653A-1234", "４６５３４"]
        {
            let problem = Zip::parse(text).unwrap_err();
            assert_eq!(problem.code, "zip-format", "{text}");
        }
        assert!(!Zip::parse("46534-98765").unwrap_err().message.contains("9876"));
    }

    #[test]
    fn a_zip_that_nobody_uses_has_a_form_but_no_place() {
        assert!(Zip::shape("00000").is_some_and(|zip| zip.place().is_none()));
    }
}
