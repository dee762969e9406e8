//! What is one slip of the hand or the ear away: one letter of a name, one digit of a date.

use doorstep_vocab::Date;

/// Names shorter than this are too like each other for a letter to be forgiven.
pub(super) const FORGIVEN_FROM: usize = 4;

/// Returns whether two words differ by one letter: another one, one more, one fewer, or two neighbours swapped.
pub(super) fn is_near(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short == long || long.len() - short.len() > 1 || long.len() < FORGIVEN_FROM {
        return false;
    }
    let (short, long) = (short.as_bytes(), long.as_bytes());
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (rest, of_long) = (&short[same..], &long[same..]);
    if short.len() < long.len() {
        return rest == &of_long[1..];
    }
    rest[1..] == of_long[1..]
        || rest.len() > 1
            && rest[0] == of_long[1]
            && rest[1] == of_long[0]
            && rest[2..] == of_long[2..]
}

/// Returns the word and the word without each of its letters. Words of which one is near the other share one of these.
pub(super) fn without_a_letter(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    if word.is_ascii() && word.len() >= FORGIVEN_FROM {
        all.extend((0..word.len()).map(|at| format!("{}{}", &word[..at], &word[at + 1..])));
    }
    all.sort();
    all.dedup();
    all
}

/// How a date differs from another that was probably meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    Digit,
    Swapped,
    DayAndMonth,
}

/// Returns how two dates that are not the same differ, when they do so by one slip.
pub(super) fn slip(one: Date, other: Date) -> Option<Slip> {
    let (a, b) = (digits(one), digits(other));
    let differ: Vec<usize> = (0..8).filter(|at| a[*at] != b[*at]).collect();
    match differ.as_slice() {
        [_] => Some(Slip::Digit),
        [first, second]
            if second - first == 1 && a[*first] == b[*second] && a[*second] == b[*first] =>
        {
            Some(Slip::Swapped)
        }
        [_, ..] if a[..4] == b[..4] && a[4..6] == b[6..] && a[6..] == b[4..6] => {
            Some(Slip::DayAndMonth)
        }
        _ => None,
    }
}

/// Returns every date that is one slip away from this one.
pub(super) fn dates_near(date: Date) -> Vec<Date> {
    let own = digits(date);
    let mut written: Vec<[u8; 8]> = Vec::new();
    for at in 0..8 {
        written.extend((b'0'..=b'9').map(|digit| {
            let mut other = own;
            other[at] = digit;
            other
        }));
    }
    for at in 0..7 {
        let mut other = own;
        other.swap(at, at + 1);
        written.push(other);
    }
    let [y0, y1, y2, y3, m0, m1, d0, d1] = own;
    written.push([y0, y1, y2, y3, d0, d1, m0, m1]);
    let mut dates: Vec<Date> = written.into_iter().filter_map(read).collect();
    dates.retain(|other| *other != date);
    dates.sort();
    dates.dedup();
    dates
}

/// Year, month and day in eight digits.
fn digits(date: Date) -> [u8; 8] {
    let text: Vec<u8> = date.to_string().bytes().filter(u8::is_ascii_digit).collect();
    <[u8; 8]>::try_from(text).unwrap_or([b'0'; 8])
}

fn read(digits: [u8; 8]) -> Option<Date> {
    let text = std::str::from_utf8(&digits).ok()?;
    format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_is_forgiven_and_two_are_not() {
        for (one, other) in [
            ("smith", "smyth"),
            ("smith", "smiht"),
            ("smith", "smit"),
            ("smit", "smith"),
            ("smith", "ssmith"),
            ("jon", "john"),
        ] {
            assert!(is_near(one, other) && is_near(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("smith", "smith"),
            ("smith", "smooth"),
            ("smith", "htims"),
            ("al", "ali"),
            ("jon", "jan"),
            ("", ""),
        ] {
            assert!(!is_near(one, other), "{one} {other}");
        }
    }

    #[test]
    fn words_that_are_near_share_a_key() {
        for (one, other) in
            [("smith", "smyth"), ("smith", "smiht"), ("jon", "john"), ("garcia", "garca")]
        {
            let (a, b) = (without_a_letter(one), without_a_letter(other));
            assert!(a.iter().any(|word| b.contains(word)), "{one} {other}");
        }
    }

    #[test]
    fn every_date_near_another_says_how() {
        let date = Date::constant(1950, 7, 3);
        let near = dates_near(date);
        assert!(near.len() > 30 && near.len() < 80, "{}", near.len());
        assert!(near.iter().all(|other| slip(date, *other).is_some()));
        assert_eq!(slip(date, Date::constant(1950, 3, 7)), Some(Slip::DayAndMonth));
        assert_eq!(slip(date, Date::constant(1905, 7, 3)), Some(Slip::Swapped));
        assert_eq!(slip(date, Date::constant(1951, 7, 3)), Some(Slip::Digit));
        assert_eq!(slip(date, Date::constant(1951, 7, 4)), None);
        assert_eq!(slip(date, date), None);
    }
}
