//! An order of home oxygen as an agent types it in: everybody in it is invented.

/// Names and values of the form, without the member's own.
pub(super) const ORDER: &[(&str, &str)] = &[
    ("given", "Testa"),
    ("birth_on", "1950-07-04"),
    ("sex", "female"),
    ("street", "1 Example Way"),
    ("city", "Knox"),
    ("state", "IN"),
    ("zip", "46534"),
    ("phone", "574-555-0101"),
    ("phone_kind", "home"),
    ("language", "English"),
    ("payer", "evergreen-ma"),
    ("clinician", "Dr. Example"),
    ("npi", "1003000126"),
    ("clinician_phone", "574-555-0102"),
    ("organisation", "Example Hospital"),
    ("contact", "Example Planner"),
    ("channel", "phone"),
    ("line1.family", "dme/oxygen"),
    ("line1.code", "E1390"),
    ("line1.quantity", "1"),
    ("line1.unit", "each"),
    ("diagnoses", "J44.9"),
    ("fact.order.ordered-on", "2026-02-27"),
    ("fact.oxygen.spo2", "86"),
    ("fact.oxygen.condition", "rest"),
    ("fact.oxygen.lpm", "2"),
];

/// Returns a form's pairs as they go over the wire.
pub(super) fn encoded<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = pairs.into_iter().map(|(name, value)| format!("{}={}", plain(name), plain(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn plain(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
