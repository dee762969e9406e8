//! Providers: who can be asked to deliver what, and where.

use crate::{Result, StoreError, json, sql};
use doorstep_case::ServiceLine;
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{Date, ProviderId};
use std::collections::BTreeSet;

/// A provider's branch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provider {
    /// Its id.
    pub provider_id: ProviderId,
    /// Its name.
    pub name: String,
    /// Its NPI.
    pub npi: Option<String>,
    /// Its taxonomy code.
    pub taxonomy: Option<String>,
    /// The trades it offers.
    pub services: Vec<ServiceLine>,
    /// Where: two-letter states and ZIP prefixes of three to five digits.
    pub areas: Vec<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// Whom to ask for.
    pub contact: Option<String>,
    /// Whether it takes new members.
    pub accepting: bool,
    /// First day in the network; `None` for always.
    pub active_from: Option<Date>,
    /// Last day in the network; `None` for no end.
    pub active_to: Option<Date>,
}

/// What is needed where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need<'a> {
    /// The trade.
    pub service: ServiceLine,
    /// The service ZIP, when known; only its first five digits count.
    pub zip: Option<&'a str>,
    /// The two-letter state, when known.
    pub state: Option<&'a str>,
    /// The day.
    pub on: Date,
}

/// Writes a provider, in place of what was known of it.
pub fn put(tx: &mut Tx<'_>, provider: &Provider) -> Result<()> {
    let services: Vec<&str> = provider.services.iter().map(|service| service.name()).collect();
    tx.execute(
        "INSERT INTO provider (provider_id, name, npi, taxonomy, services, areas, phone, fax, contact, accepting,
                               active_from, active_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (provider_id) DO UPDATE
         SET name = excluded.name, npi = excluded.npi, taxonomy = excluded.taxonomy, services = excluded.services,
             areas = excluded.areas, phone = excluded.phone, fax = excluded.fax, contact = excluded.contact,
             accepting = excluded.accepting, active_from = excluded.active_from, active_to = excluded.active_to",
        params![
            provider.provider_id.as_str(),
            &provider.name,
            provider.npi.as_ref(),
            provider.taxonomy.as_ref(),
            json::write(&services, "provider.services")?,
            json::write(&provider.areas, "provider.areas")?,
            provider.phone.as_ref(),
            provider.fax.as_ref(),
            provider.contact.as_ref(),
            provider.accepting,
            provider.active_from.map(|date| date.to_string()),
            provider.active_to.map(|date| date.to_string()),
        ],
    )?;
    put_areas(tx, provider)
}

fn put_areas(tx: &mut Tx<'_>, provider: &Provider) -> Result<()> {
    let sql = "DELETE FROM provider_area WHERE provider_id = $1";
    tx.execute(sql, params![provider.provider_id.as_str()])?;
    let services: BTreeSet<&str> = provider.services.iter().map(|service| service.name()).collect();
    let areas: BTreeSet<String> =
        provider.areas.iter().map(|area| area.to_ascii_uppercase()).collect();
    for service in services {
        for area in &areas {
            tx.execute(
                "INSERT INTO provider_area (provider_id, service, area) VALUES ($1, $2, $3)",
                params![provider.provider_id.as_str(), service, area],
            )?;
        }
    }
    Ok(())
}

/// Says whether a provider takes new members. Returns whether there is such a provider.
pub fn set_accepting(tx: &mut Tx<'_>, provider_id: &ProviderId, accepting: bool) -> Result<bool> {
    let sql = "UPDATE provider SET accepting = $2 WHERE provider_id = $1";
    Ok(tx.execute(sql, params![provider_id.as_str(), accepting])? == 1)
}

/// Returns a provider.
pub fn get(tx: &mut Tx<'_>, provider_id: &ProviderId) -> Result<Option<Provider>> {
    let sql = "SELECT provider_id, name, npi, taxonomy, services, areas, phone, fax, contact, accepting, active_from,
                      active_to
               FROM provider
               WHERE provider_id = $1";
    let row = tx.query_one(sql, params![provider_id.as_str()])?;
    row.as_ref().map(provider).transpose()
}

/// Returns up to `limit` providers after one, by id.
pub fn list(tx: &mut Tx<'_>, after: Option<&ProviderId>, limit: u32) -> Result<Vec<Provider>> {
    let sql = "SELECT provider_id, name, npi, taxonomy, services, areas, phone, fax, contact, accepting, active_from,
                      active_to
               FROM provider
               WHERE provider_id > $1
               ORDER BY provider_id
               LIMIT $2";
    let rows = tx.query(sql, params![after.map_or("", ProviderId::as_str), limit])?;
    rows.iter().map(provider).collect()
}

/// Returns up to `limit` providers that offer what is needed there on that day: those who take new members first, then
/// by name.
pub fn find(tx: &mut Tx<'_>, need: &Need<'_>, limit: u32) -> Result<Vec<Provider>> {
    let areas = areas(need);
    if areas.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = vec![
        Value::from(need.service.name()),
        Value::from(need.on.to_string()),
        Value::from(limit),
    ];
    values.extend(areas.iter().map(Value::from));
    tx.query(&find_sql(areas.len()), &values)?.iter().map(provider).collect()
}

pub(crate) fn find_sql(n_areas: usize) -> String {
    format!(
        "SELECT p.provider_id, p.name, p.npi, p.taxonomy, p.services, p.areas, p.phone, p.fax, p.contact, p.accepting,
                p.active_from, p.active_to
         FROM provider AS p
         WHERE p.provider_id IN (SELECT a.provider_id FROM provider_area AS a
                                 WHERE a.service = $1 AND a.area IN ({}))
           AND (p.active_from IS NULL OR p.active_from <= $2)
           AND (p.active_to IS NULL OR p.active_to >= $2)
         ORDER BY p.accepting DESC, p.name, p.provider_id
         LIMIT $3",
        sql::places(4, n_areas)
    )
}

/// The state, and the ZIP with its prefixes down to three digits.
fn areas(need: &Need<'_>) -> Vec<String> {
    let zip: String =
        need.zip.unwrap_or_default().chars().filter(char::is_ascii_digit).take(5).collect();
    let prefixes = (3..=zip.len()).map(|length| zip[..length].to_owned());
    need.state.map(|state| state.trim().to_ascii_uppercase()).into_iter().chain(prefixes).collect()
}

fn provider(row: &Row) -> Result<Provider> {
    let services: Vec<String> = json::read(row.text("services")?, "provider.services")?;
    let text = |column: &str| row.opt_text(column).map(|text| text.map(str::to_owned));
    Ok(Provider {
        provider_id: ProviderId::from(row.text("provider_id")?),
        name: row.text("name")?.to_owned(),
        npi: text("npi")?,
        taxonomy: text("taxonomy")?,
        services: services.iter().filter_map(|name| ServiceLine::parse(name)).collect(),
        areas: json::read(row.text("areas")?, "provider.areas")?,
        phone: text("phone")?,
        fax: text("fax")?,
        contact: text("contact")?,
        accepting: row.flag("accepting")?,
        active_from: date(row, "active_from")?,
        active_to: date(row, "active_to")?,
    })
}

fn date(row: &Row, column: &'static str) -> Result<Option<Date>> {
    let date = row.opt_text(column)?.map(str::parse::<Date>).transpose();
    date.map_err(|_| StoreError::Decode { what: column })
}
