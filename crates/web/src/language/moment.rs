//! Dates and times of a page, told in Spanish: `Fri, Jul 3, 6:00 PM CDT` is `vie, 3 jul, 6:00 p. m. CDT`.
//!
//! The time zone's abbreviation stays: people in the United States say it in English.

const DAYS: [(&str, &str); 7] = [
    ("Mon", "lun"),
    ("Tue", "mar"),
    ("Wed", "mié"),
    ("Thu", "jue"),
    ("Fri", "vie"),
    ("Sat", "sáb"),
    ("Sun", "dom"),
];

const MONTHS: [(&str, &str); 12] = [
    ("Jan", "ene"),
    ("Feb", "feb"),
    ("Mar", "mar"),
    ("Apr", "abr"),
    ("May", "may"),
    ("Jun", "jun"),
    ("Jul", "jul"),
    ("Aug", "ago"),
    ("Sep", "sep"),
    ("Oct", "oct"),
    ("Nov", "nov"),
    ("Dec", "dic"),
];

/// Returns a date, a time of day, or both, in Spanish; `None` for anything else.
pub(super) fn spanish(text: &str) -> Option<String> {
    let mut words = text.split(' ').map(|word| word.trim_end_matches(',')).peekable();
    let mut out: Vec<String> = Vec::new();
    if let Some(day) = words.peek().and_then(|word| named(&DAYS, word)) {
        words.next();
        out.push(day.to_owned());
    }
    if let Some(month) = words.peek().and_then(|word| named(&MONTHS, word)) {
        words.next();
        let day = words.next().filter(|day| is_number(day, 2))?;
        let mut date = format!("{day} {month}");
        if let Some(year) = words.next_if(|year| year.len() == 4 && is_number(year, 4)) {
            date = format!("{date} {year}");
        }
        out.push(date);
    }
    if let Some(date) = words.next_if(|word| is_iso_date(word)) {
        // The record's own form is one form for everybody: only the day of the week is told.
        let clock = words.next_if(|word| is_clock(word)).unwrap_or_default();
        let zone = words.next_if(|word| word.contains('/')).unwrap_or_default();
        let told = [date, clock, zone];
        out.push(told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "));
    }
    if let Some(clock) = words.next_if(|word| is_clock(word)) {
        let half = match words.next()? {
            "AM" => "a. m.",
            "PM" => "p. m.",
            _ => return None,
        };
        let zone = words.next_if(|word| is_zone(word)).map(|zone| format!(" {zone}"));
        out.push(format!("{clock} {half}{}", zone.unwrap_or_default()));
    }
    (words.next().is_none() && !out.is_empty()).then(|| out.join(", "))
}

fn named(names: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    names.iter().find(|(name, _)| *name == word).map(|(_, spanish)| *spanish)
}

fn is_number(word: &str, digits_max: usize) -> bool {
    !word.is_empty() && word.len() <= digits_max && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_iso_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    parts.len() == 3 && word.len() == 10 && parts.iter().all(|part| is_number(part, 4))
}

fn is_clock(word: &str) -> bool {
    word.split_once(':').is_some_and(|(hour, minute)| {
        is_number(hour, 2) && minute.len() == 2 && is_number(minute, 2)
    })
}

fn is_zone(word: &str) -> bool {
    (2..=5).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || b"+-0123456789".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_spanish_in_each_of_its_forms() {
        let told = |text: &str| spanish(text);
        assert_eq!(told("Fri, Jul 3, 6:00 PM CDT").as_deref(), Some("vie, 3 jul, 6:00 p. m. CDT"));
        assert_eq!(
            told("Sat, Nov 28, 2026, 12:05 AM EST").as_deref(),
            Some("sáb, 28 nov 2026, 12:05 a. m. EST")
        );
        assert_eq!(told("6:00 PM CDT").as_deref(), Some("6:00 p. m. CDT"));
        assert_eq!(told("Jul 3, 2026").as_deref(), Some("3 jul 2026"));
        assert_eq!(
            told("Fri 2026-11-20 18:00 America/New_York").as_deref(),
            Some("vie, 2026-11-20 18:00 America/New_York")
        );
        assert_eq!(told("6:00 PM").as_deref(), Some("6:00 p. m."));
    }

    #[test]
    fn what_is_no_moment_stays() {
        for text in ["May", "May Example", "Jul 3, 2026 or so", "6:00", "Sun City", ""] {
            assert_eq!(spanish(text), None, "{text}");
        }
    }
}
