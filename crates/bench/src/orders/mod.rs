//! Made-up orders of home oxygen, as many as are wanted, each for another member. The same number makes the same bytes.

/// What the orders are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// An X12 278 request, one interchange a file.
    X12,
    /// A FHIR message bundle.
    Fhir,
    /// An HL7 version 2 order, one message a file.
    Hl7,
}

impl Dialect {
    /// All, in the order of the report.
    pub const ALL: [Self; 3] = [Self::X12, Self::Fhir, Self::Hl7];

    /// Returns the name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::X12 => "X12 278",
            Self::Fhir => "FHIR bundle",
            Self::Hl7 => "HL7 v2 order",
        }
    }

    /// Makes order `number`.
    pub fn order(self, number: u32) -> Vec<u8> {
        match self {
            Self::X12 => filled(&include_str!("oxygen.x12").replace('\n', ""), number),
            Self::Fhir => filled(include_str!("oxygen.json"), number),
            Self::Hl7 => filled(&include_str!("oxygen.hl7").replace('\n', "\r"), number),
        }
        .into_bytes()
    }

    /// Puts orders of its own into one file, as a sender's nightly batch: of X12 as the sets of one group.
    pub fn batch(self, orders: &[Vec<u8>]) -> Vec<u8> {
        if self != Self::X12 {
            return orders.concat();
        }
        let first = orders.first().map(|order| String::from_utf8_lossy(order).into_owned());
        let (head, _) =
            first.as_deref().and_then(|text| text.split_once("ST*")).unwrap_or_default();
        let mut file = head.as_bytes().to_vec();
        for (number, order) in orders.iter().enumerate() {
            let text = String::from_utf8_lossy(order);
            let set = text.split_once("ST*").and_then(|(_, rest)| rest.split_once("GE*"));
            let (set, _) = set.unwrap_or_default();
            file.extend(
                format!("ST*{}", set.replace("*0001", &format!("*{:04}", number + 1))).bytes(),
            );
        }
        let control = head.split('*').nth(13).unwrap_or_default();
        let plain = head.split('*').nth(22).unwrap_or_default();
        file.extend(format!("GE*{}*{plain}~IEA*1*{control}~", orders.len()).bytes());
        file
    }
}

fn filled(template: &str, number: u32) -> String {
    let born = (1930 + number % 60, 1 + number / 60 % 12, 1 + number / 720 % 28);
    let (year, month, day) = born;
    let values = [
        ("{number}", format!("{number:09}")),
        ("{plain}", number.to_string()),
        ("{letters}", letters(number)),
        ("{born}", format!("{year}-{month:02}-{day:02}")),
        ("{born8}", format!("{year}{month:02}{day:02}")),
        // Text of a signed order in Base64, other bytes for each.
        ("{document}", format!("c3ludGhldGlj{number:08}").repeat(16)),
    ];
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// Returns a number in the letters A to J, so that names stay names.
fn letters(number: u32) -> String {
    number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'A')).collect()
}

#[cfg(test)]
mod tests {
    use super::Dialect;
    use doorstep_exchange::{Found, read};
    use doorstep_vocab::Timestamp;

    #[test]
    fn every_order_is_read_whole_and_is_another_members() {
        let now = Timestamp::parse("2026-03-01T12:00:00Z").unwrap();
        for dialect in Dialect::ALL {
            let mut names = Vec::new();
            for number in [1, 2, 77_777] {
                let bytes = dialect.order(number);
                let reading = read(&bytes, now);
                assert_eq!(reading.problems, [], "{}", String::from_utf8_lossy(&bytes));
                let [unit] = reading.units.as_slice() else { panic!("{reading:?}") };
                let Found::Order { referral, .. } = &unit.found else { panic!("{unit:?}") };
                assert_eq!(referral.lines.len(), if dialect == Dialect::Hl7 { 1 } else { 2 });
                names.push(referral.person.family.as_ref().unwrap().reveal().clone());
            }
            names.dedup();
            assert_eq!(names.len(), 3);
        }
    }

    #[test]
    fn a_bundle_is_as_large_as_bundles_are() {
        assert!((8_000..10_000).contains(&Dialect::Fhir.order(9).len()));
    }
}
