//! Names and numbers folded for sorting and finding: what two people would type alike is alike.

use super::columns;
use doorstep_case::Person;
use doorstep_vocab::Phi;

/// Returns a name as its ASCII letters in lower case: accents off, ligatures apart, all else left out.
pub fn folded(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            'a'..='z' => key.push(letter),
            'A'..='Z' => key.push(letter.to_ascii_lowercase()),
            letter => key.push_str(plain(letter)),
        }
    }
    key
}

/// Returns what remains of a Latin letter without its marks; of any other character nothing.
fn plain(letter: char) -> &'static str {
    match letter {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' | 'Ć'..='č' => "c",
        'Ð' | 'ð' | 'Ď'..='đ' => "d",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => "e",
        'Ĝ'..='ģ' => "g",
        'Ĥ'..='ħ' => "h",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => "i",
        'Ĵ' | 'ĵ' => "j",
        'Ķ'..='ĸ' => "k",
        'Ĺ'..='ł' => "l",
        'Ñ' | 'ñ' | 'Ń'..='ŋ' => "n",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' => "o",
        'Œ' | 'œ' => "oe",
        'Ŕ'..='ř' => "r",
        'Ś'..='š' | 'Ș' | 'ș' => "s",
        'ß' | 'ẞ' => "ss",
        'Ţ'..='ŧ' | 'Ț' | 'ț' => "t",
        'Þ' | 'þ' => "th",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => "u",
        'Ŵ' | 'ŵ' => "w",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' => "y",
        'Ź'..='ž' => "z",
        _ => "",
    }
}

/// Returns a plan ID as it is compared: letters and digits only, upper case.
pub fn member_id_norm(member_id: &str) -> String {
    member_id.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Returns the member's name as lists sort it: family name first, folded.
pub fn sort_name(person: &Person) -> Phi<String> {
    Phi::new(columns::family_first(person))
}

#[cfg(test)]
mod tests {
    use super::{folded, member_id_norm};

    #[test]
    fn names_are_folded_to_ascii_letters() {
        assert_eq!(folded("O'Brien-Smith, Anna"), "obriensmithanna");
        assert_eq!(folded("José Núñez Ægir Weiß Żółć"), "josenunezaegirweisszolc");
        assert_eq!(folded("你好 42 %_"), "");
    }

    #[test]
    fn plan_ids_are_compared_without_their_dashes() {
        assert_eq!(member_id_norm(" test-123 ab"), "TEST123AB");
    }
}
