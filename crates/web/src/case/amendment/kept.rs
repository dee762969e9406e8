//! What two people enter into the facts of one case at once: the page sends along what stood in its fields, so that what somebody
//! never touched is not put back over what a colleague entered meanwhile.

use crate::case::differs::{Differs, said};
use crate::field::Field;
use crate::posted::Posted;

/// What stood in a field when its page was made is sent under this and the field's name.
const WAS: &str = "was.";

/// Returns what goes along unseen: what stands in the fields of a page made anew.
pub(super) fn along(known: &Posted) -> Vec<(String, String)> {
    known.0.iter().map(|(name, value)| (format!("{WAS}{name}"), value.clone())).collect()
}

/// Returns what went along with a page that was sent, to go along again.
pub(super) fn again(posted: &Posted) -> Vec<(String, String)> {
    posted.0.iter().filter(|(name, _)| name.starts_with(WAS)).cloned().collect()
}

/// Puts together what was sent and what is known now: a field that was not touched takes what is known, one that was keeps
/// what was entered. Returns the fields as they then stand, and what colleagues changed meanwhile.
pub(super) fn together<'f>(
    fields: impl Iterator<Item = &'f Field>,
    posted: &Posted,
    known: &Posted,
) -> (Posted, Vec<Differs>) {
    let mut out = posted.clone();
    let mut differs = Vec::new();
    for field in fields {
        let was = posted.text(&format!("{WAS}{}", field.name)).unwrap_or_default();
        let is = known.text(&field.name).unwrap_or_default();
        if was == is {
            continue;
        }
        let entered = posted.text(&field.name).unwrap_or_default();
        let is_touched = entered != was;
        if !is_touched {
            out.0.retain(|(name, _)| *name != field.name);
            out.0.push((field.name.clone(), is.clone()));
        }
        let yours =
            if is_touched { said(entered) } else { "nothing: it stays as it is now".to_owned() };
        differs.push(Differs { label: field.label.clone(), was: said(was), is: said(is), yours });
    }
    (out, differs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(pairs: &[(&str, &str)]) -> Posted {
        Posted(
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    #[test]
    fn what_nobody_touched_takes_what_a_colleague_entered() {
        let fields = [
            Field::line("zip", "ZIP"),
            Field::line("city", "City"),
            Field::line("street", "Street"),
        ];
        let sent =
            [("zip", "1"), ("was.zip", "1"), ("city", "C"), ("was.city", "A"), ("street", "S")];
        let known = posted(&[("zip", "2"), ("city", "B")]);
        let (out, differs) = together(fields.iter(), &posted(&sent), &known);
        assert_eq!(out.get("zip"), Some("2"), "never touched");
        assert_eq!(out.get("city"), Some("C"), "both touched it: it is for a person to say");
        assert_eq!(out.get("street"), Some("S"), "nobody else touched it");
        let told: Vec<_> =
            differs.iter().map(|row| [&row.label, &row.was, &row.is, &row.yours]).collect();
        assert_eq!(
            told,
            [["ZIP", "1", "2", "nothing: it stays as it is now"], ["City", "A", "B", "C"],]
        );
    }
}
