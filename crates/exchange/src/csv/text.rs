//! The bytes of a table as UTF-8: spreadsheets also write UTF-16 with a mark, and the code page of Windows.

use std::borrow::Cow;

/// Code page 1252 between 0x80 and 0x9F; the rest is Latin-1. Unassigned places stay what they are. Source: WHATWG \[K\].
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// Returns the bytes without their mark, and UTF-16 as UTF-8.
pub(crate) fn unmarked(bytes: &[u8]) -> Cow<'_, [u8]> {
    let units = |decode: fn([u8; 2]) -> u16, rest: &[u8]| {
        let units = rest.chunks_exact(2).map(|pair| decode([pair[0], pair[1]]));
        let text: String =
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Cow::Owned(text.into_bytes())
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Cow::Borrowed(rest),
        [0xFF, 0xFE, rest @ ..] => units(u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => units(u16::from_be_bytes, rest),
        _ => Cow::Borrowed(bytes),
    }
}

/// Returns a cell as text: UTF-8, else the code page of Windows.
pub(super) fn cell(bytes: &[u8]) -> String {
    let decoded = std::str::from_utf8(bytes).map(str::to_owned);
    decoded.unwrap_or_else(|_| bytes.iter().map(|byte| windows(*byte)).collect())
}

fn windows(byte: u8) -> char {
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_a_spreadsheet_is_read() {
        let wide: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain("Añe".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(cell(&unmarked(&wide)), "Añe");
        assert_eq!(cell(&unmarked("\u{FEFF}Añe".as_bytes())), "Añe");
        assert_eq!(cell(b"A\xF1e \x93x\x94"), "Añe “x”");
    }
}
