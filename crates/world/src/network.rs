//! The provider network: some two dozen branches over the states of the world's members.

use crate::people::npi;
use doorstep_app::{App, Result};
use doorstep_case::ServiceLine::{self, Dme, HomeHealth, HomeInfusion, PostAcute};
use doorstep_store::providers::{self as rows, Provider};
use doorstep_vocab::ProviderId;

/// One branch: id, name, trades, areas, how many of a hundred offers it declines.
type Branch = (&'static str, &'static str, &'static [ServiceLine], &'static [&'static str], u32);

const BRANCHES: &[Branch] = &[
    ("harbor-oxygen", "Harbor Example Oxygen", &[Dme], &["NY", "PA"], 20),
    ("empire-dme", "Empire Sample Medical Supply", &[Dme], &["NY"], 45),
    ("keystone-dme", "Keystone Example Equipment", &[Dme], &["PA", "OH"], 30),
    ("lakefront-dme", "Lakefront Sample Home Medical", &[Dme], &["IL", "WI", "IN"], 25),
    ("prairie-dme", "Prairie Testcase Equipment", &[Dme], &["IL", "IN", "OH"], 60),
    ("gulf-dme", "Gulf Example Respiratory", &[Dme], &["TX", "FL"], 25),
    ("bayou-dme", "Bayou Sample Supply", &[Dme], &["TX", "FL"], 55),
    ("summit-dme", "High Country Example Medical", &[Dme], &["CO", "AZ"], 20),
    ("pacific-dme", "Pacific Sample Home Equipment", &[Dme], &["WA", "CA"], 30),
    ("coast-dme", "Coast Testcase Mobility", &[Dme], &["CA", "WA", "AZ"], 50),
    ("hudson-home", "Hudson Example Home Health", &[HomeHealth], &["NY", "PA"], 50),
    ("liberty-home", "Liberty Sample Nursing", &[HomeHealth], &["PA", "NY", "OH"], 65),
    (
        "midwest-home",
        "Midwest Example Visiting Nurses",
        &[HomeHealth],
        &["IL", "WI", "IN", "OH"],
        55,
    ),
    ("lonestar-home", "Lone Star Sample Home Care", &[HomeHealth], &["TX", "FL"], 45),
    ("sunshine-home", "Sunshine Testcase Home Health", &[HomeHealth], &["FL", "TX"], 70),
    ("rockies-home", "Rockies Example Home Health", &[HomeHealth], &["CO", "AZ"], 50),
    ("cascade-home", "Cascade Sample Home Health", &[HomeHealth], &["WA", "CA"], 55),
    (
        "atlantic-infusion",
        "Atlantic Example Infusion",
        &[HomeInfusion],
        &["NY", "PA", "OH", "FL"],
        20,
    ),
    (
        "central-infusion",
        "Central Sample Infusion",
        &[HomeInfusion],
        &["IL", "WI", "IN", "TX", "CO"],
        25,
    ),
    (
        "western-infusion",
        "Western Testcase Infusion",
        &[HomeInfusion],
        &["WA", "CA", "AZ", "CO"],
        30,
    ),
    (
        "national-infusion",
        "National Example Infusion Pharmacy",
        &[HomeInfusion],
        &["NY", "PA", "IL", "TX", "CA"],
        40,
    ),
    ("maple-snf", "Maple Example Skilled Nursing", &[PostAcute], &["NY", "PA", "OH"], 60),
    ("willow-snf", "Willow Sample Rehabilitation", &[PostAcute], &["IL", "WI", "IN", "OH"], 55),
    ("palm-snf", "Palm Testcase Care Center", &[PostAcute], &["FL", "TX"], 50),
    ("sierra-snf", "Sierra Example Skilled Nursing", &[PostAcute], &["CA", "WA", "CO", "AZ"], 60),
    (
        "allcare-north",
        "AllCare Sample Partners North",
        &[Dme, HomeHealth, HomeInfusion],
        &["NY", "PA", "OH", "WI"],
        40,
    ),
    (
        "allcare-west",
        "AllCare Sample Partners West",
        &[Dme, HomeHealth],
        &["CA", "WA", "CO", "AZ", "TX"],
        45,
    ),
];

/// Returns the network.
pub fn providers() -> Vec<Provider> {
    (200..).zip(BRANCHES).map(|(number, branch)| provider(number, branch)).collect()
}

fn provider(number: u32, (id, name, services, areas, _): &Branch) -> Provider {
    let phone = |kind: u32| Some(format!("80055501{:02}", (number + kind) % 100));
    Provider {
        provider_id: ProviderId::from(*id),
        name: (*name).to_owned(),
        npi: Some(npi(number)),
        services: services.to_vec(),
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
        phone: phone(0),
        fax: phone(50),
        contact: Some("Intake desk".to_owned()),
        accepting: true,
        ..Provider::default()
    }
}

/// Writes the network.
pub fn furnish(app: &App) -> Result<()> {
    let all = providers();
    app.db.write("put providers", |tx| {
        all.iter().try_for_each(|provider| rows::put(tx, provider))?;
        Ok(())
    })
}

/// Returns how many of a hundred offers a provider declines.
pub(crate) fn declines_percent(provider_id: &ProviderId) -> u32 {
    BRANCHES.iter().find(|branch| branch.0 == provider_id.as_str()).map_or(40, |branch| branch.4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{FACILITIES, ZIPS};
    use doorstep_vocab::Zip;

    #[test]
    fn every_trade_is_offered_wherever_a_member_lives() {
        let all = providers();
        assert!(all.len() >= 25);
        for (zip, _) in ZIPS {
            let place = Zip::parse(zip).unwrap().place().unwrap();
            assert!(place.zone().is_some(), "{zip}");
            for service in ServiceLine::ALL {
                let serves = |one: &&Provider| {
                    one.services.contains(&service)
                        && one.areas.iter().any(|area| area == place.state())
                };
                assert!(all.iter().any(|one| serves(&one)), "{service} in {}", place.state());
            }
        }
    }

    #[test]
    fn everybody_is_marked_as_invented() {
        let is_marked = |name: &str| {
            ["Example", "Sample", "Test", "Placeholder", "Specimen", "Fixture"]
                .iter()
                .any(|mark| name.contains(mark))
        };
        assert!(providers().iter().all(|one| is_marked(&one.name)));
        assert!(
            FACILITIES.iter().all(|one| is_marked(one[0]) && one[3].get(3..8) == Some("55501"))
        );
    }
}
