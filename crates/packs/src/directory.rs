//! Who the payers are and what the service lines offer: for forms, and for doors that were told a code or a name.

use crate::read::payers::PayerPack;
use doorstep_case::{FamilyTerms, ServiceLine};
use doorstep_vocab::PayerId;

/// A payer as forms list it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayerInfo<'a> {
    /// Its folder under `packs/payers`.
    pub payer_id: &'a PayerId,
    /// Its name.
    pub name: &'a str,
    /// Its line of business: the name of a file under `packs/business`.
    pub line_of_business: &'a str,
    /// Other names that referrers write.
    pub synonyms: &'a [String],
    /// Its identifiers in X12 and FHIR.
    pub codes: &'a [String],
}

/// A service line as forms list it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineInfo<'a> {
    /// Which line.
    pub service: ServiceLine,
    /// What people call it.
    pub words: &'a str,
    /// Its families with words and codes.
    pub families: &'a [FamilyTerms],
}

impl<'a> PayerInfo<'a> {
    pub(crate) fn of(payer: &'a PayerPack) -> Self {
        Self {
            payer_id: &payer.payer_id,
            name: &payer.name,
            line_of_business: &payer.line_of_business,
            synonyms: &payer.synonyms,
            codes: &payer.codes,
        }
    }
}

/// Returns every name and code that a payer answers to, as they are compared, with its place in the payer's file.
pub(crate) fn names(payer: &PayerPack) -> impl Iterator<Item = (String, usize)> {
    let named = payer.names.iter().map(|(name, at)| (name.as_str(), *at));
    let own = std::iter::once((payer.payer_id.as_str(), 0)).chain(named);
    own.map(|(name, at)| (normal(name), at)).filter(|(name, _)| !name.is_empty())
}

/// Lower case, letters and digits, one space between words: `EVERGREEN  Example-Health` is `evergreen example health`.
pub(crate) fn normal(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
