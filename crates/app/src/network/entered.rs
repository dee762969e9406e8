//! A provider as it is entered: text by field in, a checked provider out, every field named that cannot be read.

use crate::command::FieldProblem;
use doorstep_case::ServiceLine;
use doorstep_store::providers::Provider;
use doorstep_vocab::{CodeProblem, Date, Npi, ProviderId, Taxonomy};
use std::collections::BTreeMap;

/// Characters that an id has at most.
const ID_LENGTH_MAX: usize = 64;

/// What may be entered, with its words: the columns of a table, the fields of the form, the options of the command.
pub const FIELDS: &[(&str, &str)] = &[
    ("provider_id", "A short id of your own, such as harbor-oxygen"),
    ("name", "The branch's name"),
    ("services", "What it offers: dme, home-health, home-infusion, post-acute"),
    ("areas", "Where: two-letter states and ZIP prefixes of three to five digits"),
    ("npi", "Its NPI"),
    ("taxonomy", "Its taxonomy code"),
    ("phone", "Telephone"),
    ("fax", "Fax"),
    ("contact", "Whom to ask for"),
    ("accepting", "Whether it takes new members: yes when left empty"),
    ("active_from", "First day in the network, as 2026-11-23"),
    ("active_to", "Last day in the network"),
];

/// Reads a provider.
///
/// # Errors
///
/// Every field that cannot be read.
pub fn read(values: &BTreeMap<String, String>) -> Result<Provider, Vec<FieldProblem>> {
    let mut reader = Reader { values, problems: Vec::new() };
    let provider = Provider {
        provider_id: reader.id(),
        name: reader.must("name", "enter the branch's name"),
        npi: reader.checked("npi", |text| Ok(Npi::parse(text).map_err(words)?.as_str().to_owned())),
        taxonomy: reader.checked("taxonomy", |text| {
            Ok(Taxonomy::parse(text).map_err(words)?.as_str().to_owned())
        }),
        services: reader.services(),
        areas: reader.areas(),
        phone: reader.get("phone"),
        fax: reader.get("fax"),
        contact: reader.get("contact"),
        accepting: reader.accepting(),
        active_from: reader.date("active_from"),
        active_to: reader.date("active_to"),
    };
    if matches!((provider.active_from, provider.active_to), (Some(from), Some(to)) if to < from) {
        reader.wrong("active_to", "the last day comes before the first: check both");
    }
    if reader.problems.is_empty() { Ok(provider) } else { Err(reader.problems) }
}

fn words(problem: CodeProblem) -> String {
    problem.message
}

struct Reader<'a> {
    values: &'a BTreeMap<String, String>,
    problems: Vec<FieldProblem>,
}

impl Reader<'_> {
    fn get(&self, field: &str) -> Option<String> {
        let text = self.values.get(field)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn wrong(&mut self, field: &'static str, message: impl Into<String>) {
        self.problems.push(FieldProblem { field, code: "provider-field", message: message.into() });
    }

    fn must(&mut self, field: &'static str, message: &str) -> String {
        let text = self.get(field);
        if text.is_none() {
            self.wrong(field, message);
        }
        text.unwrap_or_default()
    }

    fn id(&mut self) -> ProviderId {
        let id = self.must("provider_id", "give the branch an id, such as harbor-oxygen");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if id.len() > ID_LENGTH_MAX || !id.chars().all(is_plain) {
            self.wrong("provider_id", "an id has 1 to 64 letters, digits and . - _");
        }
        ProviderId(id)
    }

    fn checked(
        &mut self,
        field: &'static str,
        parse: impl Fn(&str) -> Result<String, String>,
    ) -> Option<String> {
        let read = parse(&self.get(field)?);
        read.map_err(|message| self.wrong(field, message)).ok()
    }

    fn list(&self, field: &str) -> Vec<String> {
        let text = self.get(field).unwrap_or_default();
        let parts = text.split([',', ';', '|', ' ']).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    }

    fn services(&mut self) -> Vec<ServiceLine> {
        let names = self.list("services");
        let services: Vec<ServiceLine> =
            names.iter().filter_map(|name| ServiceLine::parse(&name.to_lowercase())).collect();
        let is_known = services.iter().all(|service| ServiceLine::ALL.contains(service));
        if services.is_empty() || services.len() != names.len() || !is_known {
            self.wrong(
                "services",
                "name at least one of dme, home-health, home-infusion, post-acute",
            );
        }
        services
    }

    fn areas(&mut self) -> Vec<String> {
        let areas: Vec<String> =
            self.list("areas").iter().map(|area| area.to_ascii_uppercase()).collect();
        let is_state = |area: &str| area.len() == 2 && area.bytes().all(|b| b.is_ascii_uppercase());
        let is_prefix =
            |area: &str| (3..=5).contains(&area.len()) && area.bytes().all(|b| b.is_ascii_digit());
        if areas.is_empty() || !areas.iter().all(|area| is_state(area) || is_prefix(area)) {
            self.wrong(
                "areas",
                "name at least one two-letter state or ZIP prefix of three to five digits",
            );
        }
        areas
    }

    fn accepting(&mut self) -> bool {
        match self.get("accepting").map(|text| text.to_lowercase()).as_deref() {
            None | Some("yes" | "y" | "true" | "1" | "on") => true,
            Some("no" | "n" | "false" | "0") => false,
            Some(_) => {
                self.wrong("accepting", "enter yes or no");
                true
            }
        }
    }

    fn date(&mut self, field: &'static str) -> Option<Date> {
        let read = self.get(field)?.parse();
        read.map_err(|_| self.wrong(field, "enter a date as 2026-11-23")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_provider_is_read_as_it_is_entered() {
        let provider = read(&values(&[
            ("provider_id", "harbor"),
            ("name", "Harbor Example"),
            ("services", "dme, Home-Health"),
            ("areas", "wi;537"),
            ("npi", "1234567893"),
        ]))
        .unwrap();
        assert_eq!(provider.services, [ServiceLine::Dme, ServiceLine::HomeHealth]);
        assert_eq!(provider.areas, ["WI", "537"]);
        assert!(provider.accepting);
    }

    #[test]
    fn each_field_that_cannot_be_read_is_named() {
        let problems = read(&values(&[
            ("provider_id", "a b"),
            ("services", "dme, magic"),
            ("areas", "Wisconsin"),
            ("npi", "1234567890"),
            ("taxonomy", "X"),
            ("accepting", "perhaps"),
            ("active_from", "2026-02-30"),
        ]))
        .unwrap_err();
        let mut fields: Vec<&str> = problems.iter().map(|problem| problem.field).collect();
        fields.sort_unstable();
        assert_eq!(
            fields,
            [
                "accepting",
                "active_from",
                "areas",
                "name",
                "npi",
                "provider_id",
                "services",
                "taxonomy"
            ]
        );
    }
}
