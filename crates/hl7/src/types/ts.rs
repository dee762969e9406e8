//! TS and DTM: dates and times as precise as they were sent. Which zone a time without an offset is in is for whoever
//! knows the sender; this type only says that none was given.

/// A date, perhaps with a time, perhaps with an offset. Invariant: all parts that are there make a real date and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ts {
    /// Four digits.
    pub year: u16,
    /// 1 to 12.
    pub month: Option<u8>,
    /// 1 to 31.
    pub day: Option<u8>,
    /// 0 to 23.
    pub hour: Option<u8>,
    /// 0 to 59.
    pub minute: Option<u8>,
    /// 0 to 59.
    pub second: Option<u8>,
    /// Millionths of a second.
    pub micros: Option<u32>,
    /// Minutes east of Greenwich, when given.
    pub offset_minutes: Option<i16>,
}

impl Ts {
    /// Reads `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`, and the same with the dashes, colons and T of ISO 8601.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 40 || !text.is_ascii() {
            return None;
        }
        let (text, offset_minutes) = split_offset(text)?;
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(micros(fraction)?)),
            None => (text, None),
        };
        let digits: String =
            whole.chars().filter(|c| !matches!(c, '-' | ':' | 'T' | ' ')).collect();
        let is_plain = digits.bytes().all(|b| b.is_ascii_digit());
        if !is_plain || !matches!(digits.len(), 4 | 6 | 8 | 10 | 12 | 14) {
            return None;
        }
        let pair = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<u8>().ok());
        let ts = Self {
            year: digits[..4].parse().ok()?,
            month: pair(4),
            day: pair(6),
            hour: pair(8),
            minute: pair(10),
            second: pair(12),
            micros: fraction,
            offset_minutes,
        };
        ts.is_real().then_some(ts)
    }

    /// Returns year, month and day, when all three were sent.
    pub fn date(&self) -> Option<(u16, u8, u8)> {
        Some((self.year, self.month?, self.day?))
    }

    /// Returns hour, minute and second, with zeros for what was not sent; `None` when there is no hour.
    pub fn time(&self) -> Option<(u8, u8, u8)> {
        self.hour.map(|hour| (hour, self.minute.unwrap_or(0), self.second.unwrap_or(0)))
    }

    /// Tells whether the sender said which zone it means.
    pub fn has_offset(&self) -> bool {
        self.offset_minutes.is_some()
    }

    fn is_real(&self) -> bool {
        let within = |part: Option<u8>, max: u8| part.is_none_or(|n| n <= max);
        let month = self.month.unwrap_or(1);
        let is_fraction_placed = self.micros.is_none() || self.second.is_some();
        self.year >= 1
            && (1..=12).contains(&month)
            && self.day.is_none_or(|day| (1..=days_in(self.year, month)).contains(&day))
            && within(self.hour, 23)
            && within(self.minute, 59)
            && within(self.second, 59)
            && is_fraction_placed
    }
}

/// Cuts off `Z`, `+HHMM` or `-HH:MM`. A dash among date parts is no offset: an offset has four digits and ends the text.
fn split_offset(text: &str) -> Option<(&str, Option<i16>)> {
    if let Some(rest) = text.strip_suffix('Z') {
        return Some((rest, Some(0)));
    }
    let Some(at) = text.rfind(['+', '-']) else { return Some((text, None)) };
    let (head, tail) = text.split_at(at);
    let digits: String = tail[1..].chars().filter(|c| *c != ':').collect();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Some((text, None));
    }
    let hours: i16 = digits[..2].parse().ok()?;
    let minutes: i16 = digits[2..].parse().ok()?;
    let is_real = hours <= 14 && minutes <= 59;
    let sign = if tail.starts_with('-') { -1 } else { 1 };
    is_real.then_some((head, Some(sign * (hours * 60 + minutes))))
}

/// Reads the digits after the point; more than six are cut off.
fn micros(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{:0<6}", &fraction[..fraction.len().min(6)]).parse().ok()
}

fn days_in(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
