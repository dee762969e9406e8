//! A named contact, read out of a form: what goes with a command and stands in no event.

use super::FieldProblem;
use super::input::{Input, problem};
use doorstep_vocab::Phi;

/// The field with the name of whom to ask for.
pub(super) const NAME: &str = "contact";
/// The field with the telephone number.
pub(super) const PHONE: &str = "contact_phone";
/// Longer names are no names.
const NAME_MAX: usize = 120;
/// A telephone number has so many digits, with an extension. Source: ITU-T E.164 for the longest \[K\]; seven is a local one.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=20;

/// Whom to ask for at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The name.
    pub name: Phi<String>,
    /// The telephone number, as it was entered.
    pub phone: Phi<String>,
}

/// Reads the contact. Problems say nothing of what was entered.
pub(super) fn read(input: &Input) -> Result<Contact, FieldProblem> {
    let name = input.text(NAME)?;
    let is_name = name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_control);
    if !is_name || name.chars().count() > NAME_MAX {
        return Err(problem(NAME, "contact-name", "enter the name of a person or a desk"));
    }
    let phone = input.text(PHONE)?;
    let n_digits = phone.chars().filter(char::is_ascii_digit).count();
    let is_written = |c: char| c.is_ascii_alphanumeric() || " ()+-./#,;".contains(c);
    if !DIGITS.contains(&n_digits) || !phone.chars().all(is_written) {
        let words = "enter a telephone number with its area code, as 212-555-0100";
        return Err(problem(PHONE, "contact-phone", words));
    }
    Ok(Contact { name: Phi::new(name.to_owned()), phone: Phi::new(phone.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_case::Case;
    use doorstep_vocab::Zone;

    fn entered(name: &str, phone: &str) -> Result<Contact, FieldProblem> {
        let (case, hub_zone) = (Case::default(), Zone::utc());
        let values = [(NAME, name), (PHONE, phone)];
        let values = values.map(|(field, text)| (field.to_owned(), text.to_owned())).into();
        read(&Input { values: &values, case: &case, hub_zone: &hub_zone, fresh_id: "x" })
    }

    #[test]
    fn a_contact_has_a_name_and_a_number_that_can_be_called() {
        for phone in ["212-555-0100", "(212) 555-0100 ext. 12", "+1 212 555 0100", "5550100"] {
            let contact = entered("Pat Example", phone).unwrap();
            assert_eq!(contact.phone.reveal(), phone);
            assert!(!format!("{contact:?}").contains("Pat"));
        }
        for (name, phone, field) in [
            ("", "212-555-0100", NAME),
            ("12", "212-555-0100", NAME),
            ("Pat", "", PHONE),
            ("Pat", "call us", PHONE),
            ("Pat", "555", PHONE),
            ("Pat", "<212-555-0100>", PHONE),
        ] {
            assert_eq!(entered(name, phone).unwrap_err().field, field, "{name} {phone}");
        }
    }
}
