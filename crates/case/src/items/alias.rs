//! The names that items had before: records and packs of that time are read as they were meant. A name stays here for ever, as
//! an event does.

/// Earlier name, name of today; sorted.
const ALIASES: &[(&str, &str)] = &[
    ("bed.weight", "member.weight"),
    ("facility.screened-on", "facility.screened-at"),
    ("infusion.next-dose-on", "infusion.next-dose-at"),
    ("infusion.weight", "member.weight"),
    ("wheelchair.weight", "member.weight"),
];

/// Returns the name of today.
pub(super) fn of_today(name: &str) -> &str {
    let at = ALIASES.binary_search_by(|(earlier, _)| (*earlier).cmp(name));
    at.map_or(name, |at| ALIASES[at].1)
}

#[cfg(test)]
mod tests {
    use super::super::{ITEMS, Item, list};
    use super::{ALIASES, of_today};
    use crate::{Event, Fact, Milli};

    #[test]
    fn an_earlier_name_is_of_an_item_and_of_none_itself() {
        assert!(ALIASES.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, to be searched");
        let is_item = |name: &str| ITEMS.iter().any(|item| item.name() == name);
        for (earlier, today) in ALIASES {
            assert!(is_item(today) && !is_item(earlier), "{earlier}");
            assert_eq!(Item::parse(earlier), Item::parse(today));
        }
        for item in list::RETIRED {
            assert!(!is_item(item.name()) && of_today(item.name()) == item.name());
        }
    }

    #[test]
    fn an_event_with_earlier_names_is_read_as_it_was_meant() {
        let amended = |facts: &str| {
            let text = format!(
                r#"{{"intake":{{"amended":{{"facts":{{{facts}}},"withdrawn":[],"diagnoses":null,"urgency":null,
                "payer_id":null,"prescriber_npi":null,"zone":null}}}}}}"#
            );
            let event: Event = serde_json::from_str(&text).unwrap();
            let Event::Intake(crate::intake::IntakeEvent::Amended(amendment)) = event else {
                panic!("an amendment")
            };
            amendment.facts
        };
        let facts = amended(r#""bed.weight":[{"number":190000},null]"#);
        let weight = &facts[&Item::named("member.weight")].0;
        assert_eq!(*weight, Fact::Number(Milli::whole(190)));
        let facts = amended(
            r#""infusion.next-dose-on":[{"on":"2026-07-02"},null],"infusion.next-dose-time":["held",null]"#,
        );
        let dose = &facts[&Item::named("infusion.next-dose-at")].0;
        assert_eq!((dose, facts.len()), (&Fact::On("2026-07-02".parse().unwrap()), 2));
        assert!(Item::parse("infusion.next-dose-time").is_none(), "nobody asks for it any more");
        assert!(serde_json::from_str::<Item>(r#""bed.height""#).is_err());
    }
}
