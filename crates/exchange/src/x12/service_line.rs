//! Which trade a request is for, as far as its codes say.
//!
//! Only a hint: a procedure code that a pack knows tells more. What says nothing about care at home (surgery, an
//! ambulance, an office visit) has none, and a person classifies it.

use doorstep_case::ServiceLine;
use doorstep_x12::seg::{Facility, Um};
use doorstep_x12::sets::s278::{Event, Service};

/// Where service takes place, as far as the trade depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Site {
    Home,
    /// A skilled nursing or nursing facility.
    Nursing,
    /// An inpatient rehabilitation facility.
    Rehabilitation,
    Elsewhere,
    Unstated,
}

/// Returns the trade of a service of an event, or of the event itself.
pub(super) fn hint(event: &Event, service: Option<&Service>) -> Option<ServiceLine> {
    let (kind, facility) = (service_type(event, service), facility(event, service));
    let site = facility.map_or(Site::Unstated, site);
    by_type(kind, site).or_else(|| {
        let is_admission = event.um.as_ref().is_some_and(|um| um.category == "AR");
        match site {
            _ if !kind.is_empty() && !says_nothing(kind) => None,
            Site::Nursing | Site::Rehabilitation if is_admission => Some(ServiceLine::PostAcute),
            _ if event.cr5.is_some() => Some(ServiceLine::Dme),
            _ if event.cr6.is_some() => Some(ServiceLine::HomeHealth),
            _ => None,
        }
    })
}

/// Returns the kind of facility that an admission is to. Source: `facility.setting`.
pub(super) fn setting(event: &Event) -> Option<&'static str> {
    let um = event.um.as_ref().filter(|um| um.category == "AR")?;
    match (um.service_type.as_str(), site(&um.facility)) {
        ("AB", _) | (_, Site::Rehabilitation) => Some("irf"),
        (_, Site::Nursing) => Some("snf"),
        (_, Site::Home | Site::Elsewhere | Site::Unstated) => None,
    }
}

/// Returns UM03 of the service, else of the event.
pub(super) fn service_type<'a>(event: &'a Event, service: Option<&'a Service>) -> &'a str {
    reviews(event, service).map(|um| um.service_type.as_str()).find(|t| !t.is_empty()).unwrap_or("")
}

fn facility<'a>(event: &'a Event, service: Option<&'a Service>) -> Option<&'a Facility> {
    reviews(event, service).map(|um| &um.facility).find(|facility| !facility.code.is_empty())
}

fn reviews<'a>(event: &'a Event, service: Option<&'a Service>) -> impl Iterator<Item = &'a Um> {
    service.and_then(|service| service.um.as_deref()).into_iter().chain(event.um.as_deref())
}

/// Source: facts 3.1, UM03; the trade of each is ours.
fn by_type(kind: &str, site: Site) -> Option<ServiceLine> {
    match kind {
        "11" | "12" | "18" | "75" | "DM" | "DS" => Some(ServiceLine::Dme),
        "42" | "44" | "74" => Some(ServiceLine::HomeHealth),
        // Nursing and therapies are given in many places.
        "AD" | "AF" | "AG" | "PT" => match site {
            Site::Nursing | Site::Rehabilitation => Some(ServiceLine::PostAcute),
            Site::Home | Site::Unstated => Some(ServiceLine::HomeHealth),
            Site::Elsewhere => None,
        },
        "43" => Some(ServiceLine::HomeInfusion),
        "78" | "88" if matches!(site, Site::Home | Site::Unstated) => {
            Some(ServiceLine::HomeInfusion)
        }
        "54" | "AB" | "AH" => Some(ServiceLine::PostAcute),
        _ => None,
    }
}

/// Whether a service type leaves the trade to what else is said: medical care, its evaluation, inhalation therapy.
/// Source: facts 3.1 \[K\].
fn says_nothing(kind: &str) -> bool {
    matches!(kind, "1" | "3" | "72" | "A4" | "A9")
}

/// Source: facts 3.1, UM04; bill types by their first two digits and places of service by number \[K\].
fn site(facility: &Facility) -> Site {
    match (facility.qualifier.as_str(), facility.code.as_str()) {
        (_, "") => Site::Unstated,
        ("A", code) => match code.get(..2) {
            Some("32" | "33" | "34") => Site::Home,
            Some("18" | "21" | "22" | "23") => Site::Nursing,
            _ => Site::Elsewhere,
        },
        ("B", "12" | "13" | "14") => Site::Home,
        ("B", "31" | "32") => Site::Nursing,
        ("B", "61") => Site::Rehabilitation,
        _ => Site::Elsewhere,
    }
}
