//! The fields of an order, for a new referral and for adding to one: a section for each part, and one for each kind of
//! equipment or service with what its packs ask for.

use crate::errors::capital;
use crate::field::{Choice, Control, Field};
use crate::posted::{Posted, Wrong};
use doorstep_app::Ctx;
use doorstep_case::{ITEMS, Item, ItemKind, Terms, Unit};
use doorstep_vocab::LineNo;
use std::collections::BTreeSet;

/// Lines that the form has room for. More are added on the case's page.
pub(crate) const LINES: usize = 5;

/// A part of the form.
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) hint: String,
    pub(crate) fields: Vec<Field>,
}

/// What one kind of equipment or service asks for.
pub(crate) struct FactSection {
    pub(crate) title: &'static str,
    /// The families that ask for it, separated by spaces.
    pub(crate) families: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) is_open: bool,
}

/// One line of the order.
pub(crate) struct LineEntry {
    pub(crate) no: usize,
    pub(crate) fields: Vec<Field>,
}

/// Items that follow from other fields of the form.
const IMPLIED: &[&str] = &[
    "auth.number",
    "coverage.member-id",
    "coverage.payer",
    "member.address",
    "member.birth-date",
    "member.language",
    "member.name",
    "member.phone",
    "member.sex",
    "order.diagnosis",
    "order.quantity",
    "order.service",
    "prescriber.name",
    "prescriber.npi",
    "prescriber.phone",
];

/// The kinds of facts, by the first word of their items, in the order of the form.
const KINDS: &[(&str, &str)] = &[
    ("oxygen", "Oxygen"),
    ("pap", "CPAP and other breathing devices"),
    ("bed", "Hospital bed and mattress"),
    ("wheelchair", "Wheelchair"),
    ("wound", "Wound dressings"),
    ("npwt", "Negative-pressure wound therapy"),
    ("enteral", "Tube feeding"),
    ("home-health", "Home health"),
    ("infusion", "Home infusion"),
    ("facility", "Post-acute facility"),
];

/// Returns the member's fields.
pub(crate) fn member() -> Section {
    let sex = [("female", "Female"), ("male", "Male"), ("unknown", "Not known")];
    let phones = [("home", "Home"), ("mobile", "Mobile"), ("work", "Work")];
    let fields = vec![
        Field::line("given", "Given names"),
        Field::line("family_name", "Family name"),
        Field::line("suffix", "Suffix").hint("Such as Jr: it tells father from son."),
        Field::new("birth_on", "Date of birth", Control::Line("date")),
        Field::new("sex", "Sex", select(&sex)),
        Field::line("street", "Street and number"),
        Field::line("street2", "Apartment, building, gate code"),
        Field::line("city", "City"),
        Field::line("state", "State").hint("Two letters."),
        Field::line("zip", "ZIP").hint("Where care is delivered."),
        Field::new("phone", "Telephone", Control::Line("tel")),
        Field::new("phone_kind", "Which telephone", select(&phones)),
        Field::new("email", "E-mail", Control::Line("email")),
        Field::line("language", "Language"),
    ];
    section("Member", "The person who receives care, at the address where it is delivered.", fields)
}

/// Returns the fields of the coverage.
pub(crate) fn coverage(ctx: &Ctx) -> Section {
    let payers =
        ctx.app.packs.payers().map(|payer| Choice::new(payer.payer_id.as_str(), payer.name));
    let fields = vec![
        Field::new("payer", "Health plan", Control::Select(payers.collect())),
        Field::line("payer_name", "Other plan").hint("Its name, when it is not in the list."),
        Field::line("member_id", "Plan ID"),
        Field::line("group", "Group number"),
        Field::line("auth_number", "Authorization number").hint("When the payer already gave one."),
    ];
    section("Coverage", "As on the member's card.", fields)
}

/// Returns the fields of the clinician and the referrer.
pub(crate) fn senders() -> Section {
    let fields = vec![
        Field::line("clinician", "Ordering clinician"),
        Field::line("npi", "NPI").hint("Ten digits."),
        Field::new("clinician_phone", "Clinician's telephone", Control::Line("tel")),
        Field::new("clinician_fax", "Clinician's fax", Control::Line("tel")),
        Field::line("organisation", "Referring organization"),
        Field::line("contact", "Contact there"),
        Field::new("contact_phone", "Contact's telephone", Control::Line("tel")),
        Field::new("contact_fax", "Contact's fax", Control::Line("tel")),
    ];
    section("Clinician and referrer", "Who ordered it, and who sent it.", fields)
}

/// Returns the fields of the order itself.
pub(crate) fn order(zone_words: &str) -> Section {
    let urgencies = [("routine", "Routine"), ("urgent", "Urgent: delay could harm")];
    let at = |name: &str, label: &str| {
        Field::new(name, label, Control::Line("datetime-local")).hint(format!("{zone_words}."))
    };
    let mut fields = vec![
        fact(Item::named("order.ordered-on")),
        fact(Item::named("order.signed-on")),
        fact(Item::named("order.verbal")),
        fact(Item::named("order.dates-of-service")),
        fact(Item::named("order.length-of-need")),
        fact(Item::named("order.face-to-face-on")),
        Field::new("urgency", "Urgency", select(&urgencies)),
        at("discharge_at", "Planned discharge"),
        Field::new("bedside", "Portable equipment goes to the bedside", Control::Tick),
        at("need_by", "Needed by"),
        Field::line("diagnoses", "Diagnoses")
            .hint("ICD-10-CM codes, the principal one first, separated by commas.")
            .wide(),
    ];
    for field in &mut fields {
        field.id.clone_from(&field.name);
    }
    section("Order", "Times are those of the member's ZIP, once it is entered.", fields)
}

/// Returns the fields of each line.
pub(crate) fn lines(ctx: &Ctx) -> Vec<LineEntry> {
    let services = ctx.app.packs.lines(ctx.now.date(&ctx.app.settings.hub_zone));
    let families: Vec<Choice> = services
        .flat_map(|info| {
            let heading = info.words.to_owned();
            let choice = move |family: &doorstep_case::FamilyTerms| {
                Choice::new(
                    format!("{}/{}", info.service.name(), family.name),
                    family.words.clone(),
                )
                .under(heading.clone())
            };
            info.families.iter().map(choice).collect::<Vec<_>>()
        })
        .collect();
    let units: Vec<Choice> =
        Unit::ALL.iter().map(|unit| Choice::new(unit.name(), unit.name())).collect();
    let entry = |no: usize| LineEntry {
        no,
        fields: vec![
            Field::new(
                format!("line{no}.family"),
                "Item or service",
                Control::Select(families.clone()),
            ),
            Field::line(format!("line{no}.code"), "Code"),
            Field::new(format!("line{no}.quantity"), "Quantity", Control::Line("number")),
            Field::new(format!("line{no}.unit"), "Unit", Control::Select(units.clone())),
        ],
    };
    (1..=LINES).map(entry).collect()
}

/// Returns what each kind of equipment or service asks for, by the packs in force.
pub(crate) fn facts(terms: &Terms) -> Vec<FactSection> {
    let section = |(prefix, title): &(&'static str, &'static str)| {
        let items = ITEMS.iter().filter(|item| item.name().split('.').next() == Some(prefix));
        FactSection {
            title,
            families: families_asking(terms, prefix),
            fields: items.map(|item| fact(*item)).collect(),
            is_open: false,
        }
    };
    let mut sections: Vec<FactSection> = KINDS.iter().map(section).collect();
    let known: BTreeSet<String> = order("").fields.into_iter().map(|field| field.name).collect();
    let others = ITEMS.iter().filter(|item| {
        let prefix = item.name().split('.').next().unwrap_or_default();
        let has_section = KINDS.iter().any(|(kind, _)| *kind == prefix);
        !has_section && !IMPLIED.contains(&item.name()) && !known.contains(&name(**item))
    });
    let fields = others.map(|item| fact(*item)).collect();
    sections.push(FactSection {
        title: "Other facts",
        families: String::new(),
        fields,
        is_open: false,
    });
    sections
}

fn families_asking(terms: &Terms, prefix: &str) -> String {
    let mut names = BTreeSet::new();
    for line in terms.lines.values() {
        let asks =
            line.requirements.iter().filter(|r| r.item.name().split('.').next() == Some(prefix));
        for requirement in asks {
            names.extend(line.families_of(requirement).iter().map(|f| f.name.to_string()));
        }
    }
    names.into_iter().collect::<Vec<_>>().join(" ")
}

/// Returns the name that the field of an item has.
pub(crate) fn name(item: Item) -> String {
    format!("fact.{}", item.name())
}

/// Returns the field where an item is entered: of a line where it is one's.
pub(crate) fn place(item: Item, line: Option<LineNo>) -> String {
    let line = line.map_or_else(|| "1".to_owned(), |no| no.to_string());
    match item.name() {
        "auth.number" => "auth_number".to_owned(),
        "coverage.member-id" => "member_id".to_owned(),
        "coverage.payer" => "payer".to_owned(),
        "member.address" => "street".to_owned(),
        "member.birth-date" => "birth_on".to_owned(),
        "member.language" => "language".to_owned(),
        "member.name" => "given".to_owned(),
        "member.phone" => "phone".to_owned(),
        "member.sex" => "sex".to_owned(),
        "order.diagnosis" => "diagnoses".to_owned(),
        "order.quantity" => format!("line{line}.quantity"),
        "order.service" => format!("line{line}.family"),
        "prescriber.name" => "clinician".to_owned(),
        "prescriber.npi" => "npi".to_owned(),
        "prescriber.phone" => "clinician_phone".to_owned(),
        _ => name(item),
    }
}

/// Returns the field of an item, as its kind is entered.
pub(crate) fn fact(item: Item) -> Field {
    let words = item.words();
    let bare = ["the ", "a ", "that "]
        .iter()
        .find_map(|article| words.strip_prefix(article))
        .unwrap_or(words);
    let label = capital(bare);
    match item.kind() {
        ItemKind::Number(unit) => Field::line(name(item), format!("{label} ({unit})")),
        ItemKind::Code(codes) => {
            let choice = |code: &&str| Choice::new(*code, capital(&code.replace('-', " ")));
            Field::new(name(item), label, Control::Select(codes.iter().map(choice).collect()))
        }
        ItemKind::Date => Field::new(name(item), label, Control::Line("date")),
        ItemKind::Moment => Field::new(name(item), label, Control::Line("datetime-local")),
        ItemKind::Flag => Field::new(name(item), label, select(&[("yes", "Yes"), ("no", "No")])),
        ItemKind::Held => Field::line(name(item), label),
    }
}

fn section(title: &str, hint: &str, fields: Vec<Field>) -> Section {
    Section { title: title.to_owned(), hint: hint.to_owned(), fields }
}

/// Returns a list that opens.
pub(crate) fn select(pairs: &[(&str, &str)]) -> Control {
    Control::Select(pairs.iter().map(|(value, words)| Choice::new(*value, *words)).collect())
}

/// Fills fields in as they were sent.
pub(crate) fn refill<'f>(
    fields: impl IntoIterator<Item = &'f mut Field>,
    posted: &Posted,
    wrong: &[Wrong],
) {
    for field in fields {
        field.refill(posted, wrong);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_leads_to_a_field_of_the_form() {
        let known: BTreeSet<String> = [member(), senders(), order("")]
            .into_iter()
            .flat_map(|section| section.fields)
            .map(|field| field.name)
            .chain(["payer", "member_id", "auth_number"].map(str::to_owned))
            .chain(["line1.family", "line1.quantity"].map(str::to_owned))
            .chain(
                ITEMS.iter().filter(|item| !IMPLIED.contains(&item.name())).map(|item| name(*item)),
            )
            .collect();
        for item in ITEMS {
            assert!(known.contains(&place(*item, None)), "{}", item.name());
        }
    }

    #[test]
    fn every_item_can_be_entered_once() {
        let terms =
            doorstep_packs::Packs::builtin().terms_for(&"".into(), "2026-11-22".parse().unwrap());
        let in_order = order("").fields.into_iter();
        let in_facts = facts(&terms).into_iter().flat_map(|section| section.fields);
        let mut names: Vec<String> = in_order
            .chain(in_facts)
            .map(|field| field.name)
            .filter(|name| name.starts_with("fact."))
            .collect();
        let n_names = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), n_names, "an item is asked for twice");
        assert_eq!(names.len() + IMPLIED.len(), ITEMS.len());
        assert!(IMPLIED.iter().all(|name| Item::parse(name).is_some()));
    }
}
