//! Cleaning of text: blanks, control characters, telephone numbers, administrative sex.

use doorstep_case::{Phone, Sex};
use doorstep_vocab::Phi;

/// Longest single-line text that is kept, in characters: longer ones are no names, streets or codes.
const TEXT_MAX: usize = 300;
/// Longest note that is kept, in characters; the original bytes keep the whole.
const WORDS_MAX: usize = 20_000;

/// Returns text on one line, without control characters and doubled blanks; `None` when nothing is left.
pub(crate) fn text(raw: &str) -> Option<String> {
    if is_tidy(raw) && raw.len() <= TEXT_MAX && !raw.contains("  ") {
        return Some(raw.to_owned());
    }
    let parts = raw.split(|c: char| c.is_whitespace() || c.is_control());
    let joined = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    (!joined.is_empty()).then(|| joined.chars().take(TEXT_MAX).collect())
}

/// Returns [`text`] as personal.
pub(crate) fn phi(raw: &str) -> Option<Phi<String>> {
    text(raw).map(Phi::new)
}

/// Returns free text as personal, its lines kept.
pub(crate) fn words(raw: &str) -> Option<Phi<String>> {
    if raw.len() <= WORDS_MAX && raw.split('\n').all(is_tidy) {
        return Some(Phi::new(raw.to_owned()));
    }
    let lines: Vec<String> = raw.lines().filter_map(line).collect();
    let joined: String = lines.join("\n").chars().take(WORDS_MAX).collect();
    (!joined.is_empty()).then(|| Phi::new(joined))
}

/// Returns whether a text is as most are: something printable in ASCII without blanks around it, so that nothing is cleaned.
fn is_tidy(raw: &str) -> bool {
    let (first, last) = (raw.bytes().next(), raw.bytes().next_back());
    let is_printed = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_graphic());
    is_printed(first) && is_printed(last) && raw.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn line(raw: &str) -> Option<String> {
    let kept: String = raw.chars().filter(|c| !c.is_control() || *c == '\t').collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// Returns a telephone number as sent; `None` when it has fewer than seven digits and so cannot be dialled.
pub(crate) fn phone(number: &str, kind: &str) -> Option<Phone> {
    let number = text(number)?;
    let n_digits = number.chars().filter(char::is_ascii_digit).count();
    (n_digits >= 7).then(|| Phone { number: Phi::new(number), kind: kind.to_owned() })
}

/// Reads administrative sex: HL7 table 0001, FHIR, X12 DMG03, words. What is neither female nor male is unknown, as payers
/// match it.
pub(crate) fn sex(said: &str) -> Option<Sex> {
    match said.trim().to_ascii_lowercase().as_str() {
        "" => None,
        "f" | "female" | "w" | "woman" => Some(Sex::Female),
        "m" | "male" | "man" => Some(Sex::Male),
        _ => Some(Sex::Unknown),
    }
}
