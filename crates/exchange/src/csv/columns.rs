//! The columns of the import and the other names that they may have. `docs/csv-import.md` tells people; a test compares.

use doorstep_case::Item;

/// One column of the import.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The name in the documentation and in problems.
    pub name: &'static str,
    /// Other names, as [`column_key`] writes them.
    pub synonyms: &'static [&'static str],
    /// Whether it speaks of the row's line rather than of the whole order.
    pub of_line: bool,
}

/// What a header cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// One of [`COLUMNS`].
    Column(&'static Column),
    /// A diagnosis, by its place among them from 1.
    Diagnosis(u8),
    /// A modifier, by its place from 1.
    Modifier(u8),
    /// A fact of the order.
    Item(Item),
}

/// Columns whose values add up, over columns and over rows.
const ADDED: [&str; 2] = ["dx", "notes"];

impl Meaning {
    /// Returns whether a second value counts beside the first.
    pub fn adds_up(self) -> bool {
        matches!(self, Self::Column(column) if ADDED.contains(&column.name))
    }
}

const fn order(name: &'static str, synonyms: &'static [&'static str]) -> Column {
    Column { name, synonyms, of_line: false }
}

const fn line(name: &'static str, synonyms: &'static [&'static str]) -> Column {
    Column { name, synonyms, of_line: true }
}

/// All columns but diagnoses, modifiers by number, and items.
pub(super) const COLUMNS: &[Column] = &[
    order(
        "referral_id",
        &[
            "referral",
            "referral_number",
            "referral_no",
            "order_id",
            "order_number",
            "order_no",
            "order_ref",
            "reference_number",
        ],
    ),
    order(
        "received_at",
        &[
            "received",
            "received_time",
            "referral_received",
            "referral_received_at",
            "received_date_time",
        ],
    ),
    order(
        "member_last",
        &[
            "last_name",
            "last",
            "family_name",
            "surname",
            "patient_last",
            "patient_last_name",
            "member_last_name",
        ],
    ),
    order(
        "member_first",
        &[
            "first_name",
            "first",
            "given_name",
            "patient_first",
            "patient_first_name",
            "member_first_name",
        ],
    ),
    order(
        "member_middle",
        &[
            "middle_name",
            "middle",
            "middle_initial",
            "mi",
            "member_middle_name",
            "patient_middle_name",
        ],
    ),
    order("member_suffix", &["suffix", "name_suffix", "patient_suffix"]),
    order(
        "member_name",
        &[
            "patient_name",
            "full_name",
            "patient",
            "member",
            "member_full_name",
            "patient_full_name",
        ],
    ),
    order(
        "dob",
        &[
            "birth_date",
            "birthdate",
            "date_of_birth",
            "member_dob",
            "patient_dob",
            "member_birth_date",
        ],
    ),
    order("sex", &["gender", "member_sex", "patient_sex", "patient_gender", "member_gender"]),
    order("mrn", &["medical_record_number", "record_number", "patient_id", "chart_number"]),
    order(
        "member_id",
        &[
            "memberid",
            "member_number",
            "subscriber_id",
            "insurance_id",
            "policy_number",
            "medicaid_id",
            "medicare_id",
            "mbi",
        ],
    ),
    order("payer_id", &["payer_code", "plan_code", "payer_identifier"]),
    order(
        "payer_name",
        &["payer", "plan", "plan_name", "health_plan", "insurance", "insurance_name", "insurer"],
    ),
    order("group_number", &["group", "group_id", "group_no"]),
    order(
        "address1",
        &["address", "address_1", "address_line_1", "street", "street_address", "delivery_address"],
    ),
    order("address2", &["address_2", "address_line_2", "apartment", "apt", "unit_number"]),
    order("city", &["member_city", "patient_city"]),
    order("state", &["member_state", "patient_state", "st"]),
    order("zip", &["zip_code", "zipcode", "postal_code", "member_zip", "patient_zip"]),
    order("phone", &["member_phone", "patient_phone", "home_phone", "phone_number", "telephone"]),
    order("mobile", &["mobile_phone", "cell", "cell_phone", "member_mobile"]),
    order("email", &["member_email", "patient_email", "e_mail"]),
    order("language", &["member_language", "preferred_language", "primary_language"]),
    order(
        "prescriber_name",
        &[
            "prescriber",
            "ordering_provider",
            "ordering_provider_name",
            "ordering_physician",
            "ordering_physician_name",
            "physician",
            "physician_name",
            "provider_name",
        ],
    ),
    order(
        "prescriber_npi",
        &["npi", "ordering_provider_npi", "ordering_npi", "physician_npi", "provider_npi"],
    ),
    order("prescriber_phone", &["ordering_provider_phone", "physician_phone", "provider_phone"]),
    order("prescriber_fax", &["ordering_provider_fax", "physician_fax", "provider_fax"]),
    order(
        "referrer_name",
        &[
            "referrer",
            "facility",
            "facility_name",
            "referring_facility",
            "referral_source",
            "hospital",
        ],
    ),
    order("referrer_id", &["facility_id", "facility_npi", "referrer_npi"]),
    order(
        "referrer_contact",
        &["contact", "contact_name", "facility_contact", "discharge_planner", "case_manager"],
    ),
    order("referrer_phone", &["facility_phone", "contact_phone"]),
    order("referrer_fax", &["facility_fax", "contact_fax"]),
    order("order_date", &["ordered_on", "date_ordered", "order_dt", "date_of_order"]),
    order("signed_date", &["signed_on", "date_signed", "signature_date"]),
    order(
        "start_date",
        &["service_date", "date_of_service", "dos", "service_start", "service_start_date"],
    ),
    order(
        "dx",
        &[
            "diagnosis",
            "diagnoses",
            "diagnosis_code",
            "diagnosis_codes",
            "dx_code",
            "dx_codes",
            "icd10",
            "icd_10",
        ],
    ),
    order("urgency", &["priority", "urgent"]),
    order("need_by", &["needed_by", "need_by_date", "needed_by_date", "deliver_by"]),
    order(
        "discharge_at",
        &[
            "discharge",
            "discharge_datetime",
            "discharge_date_time",
            "discharge_time",
            "planned_discharge",
            "discharge_date",
        ],
    ),
    order("bedside", &["bedside_delivery"]),
    order(
        "auth_number",
        &["authorization_number", "auth", "auth_no", "prior_auth_number", "pa_number"],
    ),
    order("notes", &["note", "comments", "comment", "instructions", "special_instructions"]),
    line("line_ref", &["line_id", "line_number", "line_no", "order_line"]),
    line(
        "service_code",
        &[
            "hcpcs",
            "hcpcs_code",
            "cpt",
            "cpt_code",
            "procedure",
            "procedure_code",
            "item_code",
            "code",
        ],
    ),
    line("code_system", &["system", "service_code_system"]),
    line("modifiers", &["modifier", "mod", "mods"]),
    line("quantity", &["qty", "units_requested", "quantity_ordered"]),
    line("unit", &["uom", "unit_of_measure"]),
    line(
        "description",
        &["item", "item_description", "service_description", "service", "equipment", "product"],
    ),
    line("service_line", &["trade", "service_type", "line_of_service"]),
    line("family", &["item_family", "product_category"]),
];

/// Most numbered diagnoses. Source: X12 837 HI carries twelve \[K\].
const DIAGNOSES_MAX: u8 = 12;
/// Most numbered modifiers.
const MODIFIERS_MAX: u8 = 4;
/// Prefixes of numbered columns.
const DIAGNOSIS_PREFIXES: [&str; 7] =
    ["dx", "dx_", "diagnosis", "diagnosis_", "icd", "icd10_", "dx_code_"];
const MODIFIER_PREFIXES: [&str; 5] = ["modifier", "modifier_", "mod", "mod_", "m"];

/// Writes a header cell so that spelling does not matter: lower case, letters and digits, `_` between words, dots kept.
pub(crate) fn column_key(cell: &str) -> String {
    let mut key = String::new();
    for c in cell.trim().chars().take(80) {
        if c.is_alphanumeric() || c == '.' {
            key.extend(c.to_lowercase());
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    let length = key.trim_end_matches('_').len();
    key.truncate(length);
    key
}

/// Returns what a header cell means.
pub(super) fn meaning(key: &str) -> Option<Meaning> {
    let named = |column: &&Column| column.name == key || column.synonyms.contains(&key);
    if let Some(column) = COLUMNS.iter().find(named) {
        return Some(Meaning::Column(column));
    }
    let numbered = |prefixes: &[&str], most: u8| {
        let digits = prefixes.iter().filter_map(|prefix| key.strip_prefix(prefix));
        digits.filter_map(|digits| digits.parse::<u8>().ok()).find(|n| (1..=most).contains(n))
    };
    if let Some(n) = numbered(&DIAGNOSIS_PREFIXES, DIAGNOSES_MAX) {
        return Some(Meaning::Diagnosis(n));
    }
    if let Some(n) = numbered(&MODIFIER_PREFIXES, MODIFIERS_MAX) {
        return Some(Meaning::Modifier(n));
    }
    Item::parse(&key.replace('_', "-")).map(Meaning::Item)
}

/// Returns whether a key names a column of the import.
pub(crate) fn is_known_column(key: &str) -> bool {
    meaning(key).is_some()
}
