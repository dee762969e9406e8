//! Passwords that a guesser tries first: words that everybody uses, runs of the keyboard or the alphabet, the user's own
//! name, and what is made of these alone. Length does not help them: `passwordpassword` is long.

/// Different characters that must be left when all that is easy to guess is taken away.
const LEFT_MIN: usize = 6;

/// A run of neighbours of at least so many characters is one that fingers type by themselves.
const RUN_MIN: usize = 3;

/// Rows of keys, forward; each is looked for backward too.
const ROWS: [&str; 5] =
    ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik"];

/// Words that stand in every list of passwords found in the open \[K\], and those of this trade.
const WORDS: &[&str] = &[
    "password",
    "passwort",
    "passphrase",
    "passcode",
    "passwd",
    "secret",
    "letmein",
    "welcome",
    "iloveyou",
    "admin",
    "administrator",
    "changeme",
    "change",
    "default",
    "access",
    "login",
    "logon",
    "signin",
    "master",
    "superman",
    "batman",
    "spiderman",
    "starwars",
    "pokemon",
    "dragon",
    "monkey",
    "shadow",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "basketball",
    "soccer",
    "hockey",
    "michael",
    "jordan",
    "jennifer",
    "jessica",
    "ashley",
    "daniel",
    "charlie",
    "thomas",
    "andrew",
    "matthew",
    "anthony",
    "hunter",
    "ranger",
    "buster",
    "killer",
    "george",
    "computer",
    "internet",
    "server",
    "system",
    "network",
    "windows",
    "google",
    "facebook",
    "samsung",
    "trustno",
    "whatever",
    "freedom",
    "liberty",
    "america",
    "chicago",
    "yankees",
    "cowboys",
    "eagles",
    "steelers",
    "mustang",
    "harley",
    "ferrari",
    "porsche",
    "cheese",
    "cookie",
    "pepper",
    "banana",
    "orange",
    "purple",
    "yellow",
    "flower",
    "summer",
    "winter",
    "spring",
    "autumn",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "qwerty",
    "qwertz",
    "azerty",
    "asdf",
    "zxcv",
    "qazwsx",
    "q1w2e3r4t5y6u7i8",
    "1q2w3e4r5t6y7u8i",
    "abc123",
    "test",
    "testing",
    "sample",
    "example",
    "demo",
    "temp",
    "guest",
    "user",
    "username",
    "root",
    "hello",
    "goodbye",
    "please",
    "love",
    "lovely",
    "baby",
    "angel",
    "jesus",
    "god",
    "blessed",
    "family",
    "mother",
    "father",
    "the",
    "and",
    "my",
    "is",
    "doorstep",
    "hospital",
    "health",
    "healthcare",
    "nurse",
    "doctor",
    "patient",
    "medical",
    "medicare",
    "medicaid",
    "care",
    "home",
    "homecare",
    "agent",
    "supervisor",
    "oxygen",
];

/// Returns whether a password is made of what is guessed first. `names` are the user's own.
pub(super) fn is_easy(password: &str, names: &[&str]) -> bool {
    let typed = password.to_lowercase();
    let read: String = typed.chars().map(letter).collect();
    [typed, read].iter().any(|text| left(text, names) < LEFT_MIN)
}

/// What a sign stands for where letters are swapped for signs that look like them.
fn letter(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        other => other,
    }
}

/// How many different characters are left when words and runs are taken away. A mark stays where something was, so that
/// nothing new comes together.
fn left(text: &str, names: &[&str]) -> usize {
    const MARK: &str = " ";
    let mut words: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    let parts = names.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    words.extend(parts.filter(|part| part.chars().count() >= RUN_MIN).map(str::to_lowercase));
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let bare = words.iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), MARK));
    let bare = without_runs(&bare);
    let mut kinds: Vec<char> = bare.chars().filter(|c| c.is_alphanumeric()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.len()
}

/// Takes away every run: of one character, of the alphabet or the digits up or down, of a row of keys either way.
fn without_runs(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut bare = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let length = STEPS.iter().map(|step| run(&chars[at..], *step)).max().unwrap_or(1);
        if length >= RUN_MIN {
            bare.push(' ');
            at += length;
        } else {
            bare.push(chars[at]);
            at += 1;
        }
    }
    bare
}

/// Whether the second of two characters goes on where the first was.
type Step = fn(char, char) -> bool;

const STEPS: [Step; 5] = [
    |a, b| a == b,
    |a, b| u32::from(b) == u32::from(a) + 1,
    |a, b| u32::from(a) == u32::from(b) + 1,
    |a, b| ROWS.iter().any(|row| row.contains(&format!("{a}{b}"))),
    |a, b| ROWS.iter().any(|row| row.contains(&format!("{b}{a}"))),
];

fn run(chars: &[char], step: Step) -> usize {
    1 + chars.windows(2).take_while(|pair| step(pair[0], pair[1])).count()
}

#[cfg(test)]
mod tests {
    use super::is_easy;

    #[test]
    fn what_is_guessed_first_is_easy_however_long() {
        for password in [
            "passwordpassword",
            "Password12345678",
            "P@ssw0rd!P@ssw0rd!",
            "123456789012345",
            "qwertyuiopasdfgh",
            "poiuytrewqlkjhgf",
            "1q2w3e4r5t6y7u8i",
            "1qaz2wsx3edc4rfv",
            "aaaaaaaaaaaaaaaa",
            "abababababababab",
            "abcdefghijklmnop",
            "letmein2026letmein",
            "Summer2026Summer2026!",
            "Welcome to Doorstep 1",
            "iloveyouiloveyou",
            "AnaExample AnaExample",
            "ana.example.2026",
        ] {
            assert!(is_easy(password, &["ana", "Ana Example"]), "{password}");
        }
    }

    #[test]
    fn a_short_sentence_is_not_easy() {
        for password in [
            "correct horse stapled twice",
            "the ferry leaves at noon",
            "ninety blue umbrellas",
            "mein Vater pflanzt Kirschen",
            "vT9#kq2LmZx8rWbN",
        ] {
            assert!(!is_easy(password, &["ana", "Ana Example"]), "{password}");
        }
    }
}
