//! Telephone numbers as people in the United States read them, in English and in Spanish alike: `574-555-0199`.

/// Returns a number of the North American plan in that form, whatever dashes, dots or country code it came with. Anything
/// else, an extension or a number from abroad, stays as it was written.
pub(crate) fn told(number: &str) -> String {
    let is_mark = |c: char| " ()-.+".contains(c);
    if !number.chars().all(|c| c.is_ascii_digit() || is_mark(c)) {
        return number.to_owned();
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => rest,
        _ if number.trim_start().starts_with('+') => return number.to_owned(),
        _ => &digits,
    };
    if national.len() != 10 {
        return number.to_owned();
    }
    format!("{}-{}-{}", &national[..3], &national[3..6], &national[6..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_form_however_it_came() {
        for number in [
            "5745550199",
            "574-555-0199",
            "(574) 555-0199",
            "574.555.0199",
            "+1 574 555 0199",
            "15745550199",
        ] {
            assert_eq!(told(number), "574-555-0199", "{number}");
        }
    }

    #[test]
    fn what_is_no_number_of_the_plan_stays_as_it_was_written() {
        for number in
            ["555-0142", "574-555-0177 ext. 3", "+52 55 1234 5678", "+5255123456", "", "4021"]
        {
            assert_eq!(told(number), number);
        }
    }
}
