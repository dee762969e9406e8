//! Conditions of equipment as a certificate states them: CRC of X12, and the extension of PAS that is made of it.

/// What a bed must do that an ordinary one cannot. Any of them is a need. Source: facts 1.3 and 3.1, CRC 09.
const BED: &[&str] = &["15", "16", "17", "18"];

/// The category of equipment. Source: facts 3.1, CRC.
const EQUIPMENT: &str = "09";

/// Conditions of equipment, in our words. Source: facts 3.1, CRC 09.
const CONDITIONS: &[(&str, &str)] = &[
    ("10", "ambulatory"),
    ("11", "needs a walking aid"),
    ("12", "confined to bed or chair"),
    ("14", "needs a walking aid"),
    ("15", "bed criterion"),
    ("16", "bed criterion"),
    ("17", "bed criterion"),
    ("18", "bed criterion"),
    ("19", "can operate controls"),
    ("21", "owns equipment"),
    ("23", "needs a lift"),
    ("25", "regimen planned at home"),
    ("26", "prone to ulcers"),
    ("27", "instructed in use"),
    ("35", "sole nutrition"),
    ("37", "stationary oxygen"),
    ("40", "wheelchair criterion"),
    ("41", "wheelchair criterion"),
    ("42", "wheelchair criterion"),
    ("43", "wheelchair criterion"),
    ("44", "wheelchair criterion"),
    ("45", "wheelchair criterion"),
    ("46", "wheelchair criterion"),
    ("58", "purchased new"),
    ("59", "under warranty"),
];

/// Conditions of one category that hold or do not.
#[derive(Debug, Clone)]
pub(crate) struct Stated {
    /// The category, X12 data element 1136.
    pub category: String,
    /// Whether they hold; `None` when that is not said.
    pub holds: Option<bool>,
    /// The conditions, X12 data element 1321.
    pub codes: Vec<String>,
}

/// Returns the items that are answered. A bed is needed when any criterion holds, and is not when every one is denied.
pub(crate) fn answered(all: &[Stated]) -> Vec<(&'static str, bool)> {
    let n_said = |codes: &[&str], holds: bool| {
        let of = all.iter().filter(|one| one.category == EQUIPMENT && one.holds == Some(holds));
        let said: Vec<&str> = of.flat_map(|one| &one.codes).map(String::as_str).collect();
        codes.iter().filter(|code| said.contains(*code)).count()
    };
    let items = [("bed.positioning-need", BED), ("wheelchair.operates", &["19"])];
    let answer = |(item, codes): (&'static str, &[&str])| {
        let holds = n_said(codes, true) > 0;
        (holds || n_said(codes, false) == codes.len()).then_some((item, holds))
    };
    items.into_iter().filter_map(answer).collect()
}

/// Returns the conditions in words, such as `Y 37 stationary oxygen`.
pub(crate) fn in_words(one: &Stated) -> String {
    let named = |code: &String| {
        let known = CONDITIONS.iter().find(|(of, _)| one.category == EQUIPMENT && of == code);
        known.map_or_else(|| code.clone(), |(_, words)| format!("{code} {words}"))
    };
    let codes: Vec<String> = one.codes.iter().map(named).collect();
    let holds = one.holds.map_or("", |holds| if holds { "Y " } else { "N " });
    format!("{holds}{}", codes.join(", "))
}
