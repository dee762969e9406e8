//! XTN: phones, faxes and mail addresses, in the old form (all in one text) and in the new one (in components).

use crate::segment::Repetition;

/// What answers at a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// A person, also when nothing is said.
    Voice,
    /// A cell phone.
    Mobile,
    /// A fax.
    Fax,
    /// A pager.
    Pager,
    /// No number but a mail address.
    Email,
    /// A text telephone.
    Text,
}

/// A way to reach someone, XTN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// As the sender wrote it: number or mail address.
    pub shown: String,
    /// The digits of the number, with those of a country code but without the extension; empty for a mail address.
    pub digits: String,
    /// XTN.8, or what follows an X in the old form.
    pub extension: Option<String>,
    /// XTN.2, HL7 table 0201: `PRN` home, `WPN` work, `EMR` emergency, `ASN` answering service, `NET` mail.
    pub use_code: Option<String>,
    /// XTN.3.
    pub kind: PhoneKind,
}

impl Phone {
    /// Reads a phone or a mail address.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        let use_code = from.text(2);
        let equipment = from.text(3).unwrap_or_default();
        let old = from.text(1);
        let mail = from.text(4).or_else(|| old.clone().filter(|text| text.contains('@')));
        if let Some(shown) = mail.filter(|text| text.contains('@')) {
            let kind = PhoneKind::Email;
            return Some(Self { shown, digits: String::new(), extension: None, use_code, kind });
        }
        let (shown, extension) = from_components(from).or_else(|| from_text(old?.as_str()))?;
        let digits = shown.chars().filter(char::is_ascii_digit).collect();
        let kind = kind_of(&equipment, use_code.as_deref());
        Some(Self { shown, digits, extension, use_code, kind })
    }
}

/// XTN.5 country, XTN.6 area, XTN.7 local number; or XTN.12, the whole in one text, as when dialled.
fn from_components(from: &Repetition<'_>) -> Option<(String, Option<String>)> {
    let extension = from.text(8);
    if let Some(local) = from.text(7) {
        let parts: Vec<String> =
            [from.text(5), from.text(6), Some(local)].into_iter().flatten().collect();
        return Some((parts.join(" "), extension));
    }
    from.text(12).filter(|text| has_digit(text)).map(|text| (text, extension))
}

/// `[NN] [(999)]999-9999[X99999][B99999][C any text]`, and whatever else has digits in it.
fn from_text(text: &str) -> Option<(String, Option<String>)> {
    let end = text.find(['X', 'x', 'B', 'C']).filter(|end| has_digit(&text[..*end]));
    let number = text[..end.unwrap_or(text.len())].trim();
    let is_extension = end.is_some_and(|end| matches!(text.as_bytes()[end], b'X' | b'x'));
    let extension: String = match end {
        Some(end) if is_extension => {
            text[end + 1..].chars().take_while(char::is_ascii_digit).collect()
        }
        _ => String::new(),
    };
    let extension = (!extension.is_empty()).then_some(extension);
    has_digit(number).then(|| (number.to_owned(), extension))
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// HL7 table 0202, and the use codes that say as much.
fn kind_of(equipment: &str, use_code: Option<&str>) -> PhoneKind {
    match (equipment, use_code) {
        ("FX", _) => PhoneKind::Fax,
        ("CP", _) | ("", Some("PRS")) => PhoneKind::Mobile,
        ("BP", _) | ("", Some("BPN")) => PhoneKind::Pager,
        ("TDD" | "TTY", _) => PhoneKind::Text,
        _ => PhoneKind::Voice,
    }
}
