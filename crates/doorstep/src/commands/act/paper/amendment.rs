//! An amendment as the command line writes it: facts by the name of their item, what is personal by the field's name.

use super::Values;
use anyhow::Context as _;
use doorstep_app::{Acted, Ctx, PersonChange, amend as amend_case};
use doorstep_case::intake::Amendment;
use doorstep_case::{
    Address, Case, Clinician, Coverage, Diagnosis, Item, ItemKind, Organisation, Person, Phone,
    Sex, Urgency,
};
use doorstep_vocab::{Date, Icd10, Npi, PayerId, Phi, Zip};

/// What may be entered besides items.
pub(super) const FIELDS: &[(&str, &str)] = &[
    ("ITEM", "A fact by its item's name, as `doorstep case` names what is missing"),
    ("withdraw", "Items found to be wrong, separated by commas"),
    ("diagnoses", "ICD-10-CM codes in place of those known"),
    ("urgency", "routine, urgent and so on, as the order says it"),
    ("given", "The member's given names"),
    ("family_name", "The member's family name"),
    ("birth_on", "The member's date of birth"),
    ("sex", "female, male or unknown"),
    ("street", "Street"),
    ("city", "City"),
    ("state", "Two letters"),
    ("zip", "ZIP"),
    ("phone", "The member's telephone"),
    ("email", "The member's e-mail"),
    ("language", "The member's language"),
    ("payer", "The payer's pack"),
    ("member_id", "The member's id with the payer"),
    ("group", "The group with the payer"),
    ("clinician", "Who ordered"),
    ("npi", "Their NPI"),
    ("clinician_phone", "Their telephone"),
    ("clinician_fax", "Their fax"),
    ("organisation", "Who sent the order"),
    ("contact", "Whom to ask there"),
    ("contact_phone", "Their telephone"),
    ("contact_fax", "Their fax"),
];

/// Returns whether it is an item's name.
pub(super) fn is_item(name: &str) -> bool {
    Item::parse(name).is_some()
}

/// Amends the case. Words about the member go to notes, and the record says that they are held.
pub(super) fn amend(
    ctx: &Ctx,
    case: &Case,
    (values, expected): (&Values, Option<u32>),
) -> anyhow::Result<Acted> {
    anyhow::ensure!(!values.is_empty(), "say what to add: `doorstep act --list amend` shows what");
    let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let today = ctx.now.date(zone);
    let mut amendment = Amendment { diagnoses: diagnoses(values, today)?, ..Amendment::default() };
    let mut texts = Vec::new();
    for (name, text) in values {
        let Some(item) = Item::parse(name) else { continue };
        let fact = item.read_in(text, zone).with_context(|| misread(item))?;
        if item.kind() == ItemKind::Held {
            texts.push(Phi::new(format!("{}: {text}", item.words())));
        }
        amendment.facts.insert(item, (fact, None));
    }
    for name in values.get("withdraw").into_iter().flat_map(|names| names.split(',')) {
        let item =
            Item::parse(name.trim()).with_context(|| format!("no item is called `{name}`"))?;
        amendment.withdrawn.push(item);
    }
    if let Some(urgency) = values.get("urgency") {
        amendment.urgency = Some(Urgency::parse(urgency).context("there is no such urgency")?);
    }
    let change = change(values)?;
    Ok(amend_case(ctx, &case.id, expected, (&change, &amendment, &texts))?)
}

fn misread(item: Item) -> String {
    let form = match item.kind() {
        ItemKind::Number(unit) => format!("a number, in {unit}"),
        ItemKind::Date => "a date as 2026-11-23".to_owned(),
        ItemKind::Moment => "a time as 2026-11-23T15:00, or the day alone".to_owned(),
        ItemKind::Flag => "yes or no".to_owned(),
        ItemKind::Code(codes) => format!("one of {}", codes.join(", ")),
        ItemKind::Held => "something".to_owned(),
    };
    format!("{} is {form}", item.name())
}

fn diagnoses(values: &Values, on: Date) -> anyhow::Result<Option<Vec<Diagnosis>>> {
    let Some(codes) = values.get("diagnoses") else { return Ok(None) };
    let codes = codes.split([',', ' ']).map(str::trim).filter(|code| !code.is_empty());
    let diagnosis = |code: &str| {
        let shaped = Icd10::shape(code)
            .with_context(|| format!("{code} is no ICD-10-CM code: write codes such as J44.9"))?;
        Ok(Diagnosis { code: shaped.as_str().to_owned(), billable: Icd10::parse(code, on).is_ok() })
    };
    codes.map(diagnosis).collect::<anyhow::Result<_>>().map(Some)
}

fn change(values: &Values) -> anyhow::Result<PersonChange> {
    let text = |name: &str| values.get(name).filter(|text| !text.trim().is_empty()).cloned();
    let coverage = Coverage {
        payer_id: text("payer").map(PayerId),
        member_id: text("member_id").map(Phi::new),
        group: text("group").map(Phi::new),
        ..Coverage::default()
    };
    let npi = text("npi");
    let prescriber = Clinician {
        name: text("clinician"),
        npi_valid: npi.as_deref().is_some_and(|npi| Npi::parse(npi).is_ok()),
        npi,
        phone: text("clinician_phone"),
        fax: text("clinician_fax"),
    };
    let referrer = Organisation {
        name: text("organisation"),
        contact: text("contact"),
        phone: text("contact_phone"),
        fax: text("contact_fax"),
        ..Organisation::default()
    };
    Ok(PersonChange {
        person: person(values)?,
        coverage: Some(coverage).filter(|it| *it != Coverage::default()).into_iter().collect(),
        prescriber: Some(prescriber).filter(|it| *it != Clinician::default()),
        referrer: Some(referrer).filter(|it| *it != Organisation::default()),
    })
}

fn person(values: &Values) -> anyhow::Result<Person> {
    let text = |name: &str| values.get(name).filter(|text| !text.trim().is_empty()).cloned();
    let phi = |name: &str| text(name).map(Phi::new);
    if let Some(zip) = text("zip") {
        Zip::parse(&zip).map_err(|problem| anyhow::anyhow!("{}", problem.message))?;
    }
    let birth_on = text("birth_on").map(|on| on.parse::<Date>());
    let birth_on = birth_on.transpose().ok().context("birth_on is a date as 1950-07-04")?;
    let sex = match text("sex").as_deref() {
        None => None,
        Some("female") => Some(Sex::Female),
        Some("male") => Some(Sex::Male),
        Some("unknown") => Some(Sex::Unknown),
        Some(_) => anyhow::bail!("sex is female, male or unknown"),
    };
    let address = Address {
        lines: phi("street").into_iter().collect(),
        city: phi("city"),
        state: text("state").map(|state| Phi::new(state.to_uppercase())),
        zip: phi("zip"),
    };
    let given = text("given").unwrap_or_default();
    let phone = |number| Phone { number, kind: String::new() };
    Ok(Person {
        family: phi("family_name"),
        given: given.split_whitespace().map(|name| Phi::new(name.to_owned())).collect(),
        birth_on: birth_on.map(Phi::new),
        sex: sex.map(Phi::new),
        address: Some(address).filter(|it| *it != Address::default()),
        phones: phi("phone").map(phone).into_iter().collect(),
        email: phi("email"),
        language: phi("language"),
        ..Person::default()
    })
}
