//! What is kept of a file's name.

/// Endings of files that are taken. Anything else after a dot may be a name.
const ENDINGS: [&str; 14] = [
    "x12", "edi", "hl7", "json", "xml", "csv", "txt", "pdf", "tif", "tiff", "jpg", "jpeg", "png",
    "eml",
];

/// People name files after patients: of a name, only a known ending is kept.
pub fn plain_name(name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    if ENDINGS.contains(&ending.as_str()) {
        format!("upload.{ending}")
    } else {
        "upload".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_tells_nothing_of_anybody() {
        assert_eq!(plain_name("Example, Testa DOB 1950.PDF"), "upload.pdf");
        assert_eq!(plain_name("no ending"), "upload");
        assert_eq!(plain_name("x.Testa"), "upload");
    }
}
