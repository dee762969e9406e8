//! Where a ZIP is: city, county, state, zone and position. Not an address, and not where a P.O. box's holder lives.
//!
//! The list is made by `cargo xtask data zip` from the table in the crate `zipcodes` 3.0.1 (MIT), with four time
//! zones corrected. That crate itself is not used: on first use it unpacks and reads JSON for about a second, keeps
//! every name as a text of its own, and looks a ZIP up by going through all 42,788. Our rows are read once, in
//! milliseconds, into twenty-four bytes each.

use crate::Zone;
use std::ops::Range;
use std::sync::LazyLock;

/// Mean radius of the Earth in statute miles. Source: IUGG mean radius, 6371.0 km \[K\].
const EARTH_MILES: f64 = 3958.8;

/// One fixed-width row a ZIP, sorted. The columns are described in `xtask/src/data/zip.rs`.
static ROWS: &str = include_str!("../data/zip_rows.txt");
/// Zones, counties and cities, in blocks divided by a line of `--`.
static NAMES: &str = include_str!("../data/zip_names.txt");

const KIND: usize = 5;
const STATE: Range<usize> = 6..8;
const ZONE: Range<usize> = 8..10;
const COUNTY: Range<usize> = 10..14;
const CITY: Range<usize> = 14..19;
const LATITUDE: Range<usize> = 19..28;
const LONGITUDE: Range<usize> = 28..38;

static PLACES: LazyLock<Vec<Place>> =
    LazyLock::new(|| ROWS.lines().filter_map(Place::of_row).collect());
static ALL_NAMES: LazyLock<[Vec<&'static str>; 3]> = LazyLock::new(|| {
    let mut blocks =
        NAMES.split("\n--\n").map(|block| block.trim_end_matches('\n').split('\n').collect());
    [(); 3].map(|()| blocks.next().unwrap_or_default())
});

/// What the Postal Service uses a ZIP for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// Streets with doors.
    Standard,
    /// Only post office boxes: nothing can be delivered to a home there; ask for the street's ZIP.
    PoBox,
    /// One large receiver of mail.
    Unique,
    /// An army, fleet or diplomatic post office.
    Military,
}

/// Where one ZIP is.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    zip: u32,
    row: u32,
    latitude: i32,
    longitude: i32,
    zone: u16,
    county: u16,
    city: u16,
    kind: PlaceKind,
    is_active: bool,
}

impl Place {
    /// Returns the time zone; `None` for military post offices, which may be anywhere.
    pub fn zone(&self) -> Option<Zone> {
        Zone::parse(ALL_NAMES[0].get(usize::from(self.zone))?).ok()
    }

    /// Returns the county's name, such as `Starke County`; empty where there is none.
    pub fn county(&self) -> &'static str {
        ALL_NAMES[1].get(usize::from(self.county)).copied().unwrap_or_default()
    }

    /// Returns the name of the post office's city.
    pub fn city(&self) -> &'static str {
        ALL_NAMES[2].get(usize::from(self.city)).copied().unwrap_or_default()
    }

    /// Returns the two letters of the state, territory or military region.
    pub fn state(&self) -> &'static str {
        let start = usize::try_from(self.row).unwrap_or(usize::MAX);
        ROWS.get(start + STATE.start..start + STATE.end).unwrap_or_default()
    }

    /// Returns what the ZIP is used for.
    pub fn kind(&self) -> PlaceKind {
        self.kind
    }

    /// Returns whether the ZIP is still in use.
    pub fn is_active(&self) -> bool {
        self.is_active
    }

    /// Returns latitude and longitude of the middle in micro-degrees, north and east positive; `None` where the
    /// list has none (military post offices and a few others).
    pub fn position(&self) -> Option<(i32, i32)> {
        (self.latitude != 0 || self.longitude != 0).then_some((self.latitude, self.longitude))
    }

    fn of_row(row: &'static str) -> Option<Self> {
        let start = row.as_ptr().addr() - ROWS.as_ptr().addr();
        let kind = *row.as_bytes().get(KIND)?;
        Some(Self {
            zip: row.get(..KIND)?.parse().ok()?,
            row: u32::try_from(start).ok()?,
            latitude: row.get(LATITUDE)?.parse().ok()?,
            longitude: row.get(LONGITUDE)?.parse().ok()?,
            zone: row.get(ZONE)?.parse().ok()?,
            county: row.get(COUNTY)?.parse().ok()?,
            city: row.get(CITY)?.parse().ok()?,
            kind: match kind.to_ascii_uppercase() {
                b'S' => PlaceKind::Standard,
                b'P' => PlaceKind::PoBox,
                b'U' => PlaceKind::Unique,
                b'M' => PlaceKind::Military,
                _ => return None,
            },
            is_active: kind.is_ascii_uppercase(),
        })
    }
}

/// Returns the place of five digits.
pub(crate) fn find(five: &str) -> Option<&'static Place> {
    let zip: u32 = five.parse().ok()?;
    let at = PLACES.binary_search_by_key(&zip, |place| place.zip).ok()?;
    PLACES.get(at)
}

/// Returns the great-circle miles between the middles of two places; `None` when either has no position.
///
/// It is for ranking who is near. Coverage is a provider's list of counties or ZIPs, never a radius.
pub fn miles_between(a: &Place, b: &Place) -> Option<f64> {
    let radians = |micro_degrees: i32| (f64::from(micro_degrees) / 1e6).to_radians();
    let ((lat_a, lon_a), (lat_b, lon_b)) = (a.position()?, b.position()?);
    let (lat_a, lat_b) = (radians(lat_a), radians(lat_b));
    let half_lat = ((lat_b - lat_a) / 2.0).sin();
    let half_lon = ((radians(lon_b) - radians(lon_a)) / 2.0).sin();
    let chord = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lon * half_lon;
    Some(2.0 * EARTH_MILES * chord.sqrt().min(1.0).asin())
}

#[cfg(test)]
mod tests {
    use super::{PLACES, Place, PlaceKind, ROWS, miles_between};
    use crate::Zip;

    fn place(zip: &str) -> &'static Place {
        Zip::parse(zip).unwrap().place().unwrap()
    }

    fn zone_of(zip: &str) -> String {
        place(zip).zone().unwrap().to_string()
    }

    #[test]
    fn a_place_says_where_it_is() {
        let knox = place("46534-1234");
        assert_eq!((knox.city(), knox.county(), knox.state()), ("Knox", "Starke County", "IN"));
        assert_eq!((knox.kind(), knox.is_active()), (PlaceKind::Standard, true));
        assert_eq!(knox.position(), Some((41_280_900, -86_608_200)));
    }

    #[test]
    fn zones_are_those_of_the_place_and_not_of_the_state() {
        assert_eq!(zone_of("46534"), "America/Indiana/Knox");
        assert_eq!(zone_of("46204"), "America/Indiana/Indianapolis");
        assert_eq!(zone_of("85001"), "America/Phoenix");
        assert_eq!(zone_of("86515"), "America/Denver");
        assert_eq!(zone_of("00901"), "America/Puerto_Rico");
        assert_eq!(zone_of("96813"), "Pacific/Honolulu");
        assert_eq!(zone_of("99634"), "America/Anchorage");
    }

    #[test]
    fn every_row_is_read_and_every_zone_exists() {
        assert_eq!(PLACES.len(), ROWS.lines().count());
        assert_eq!(PLACES.len(), 42_788);
        for place in PLACES.iter() {
            assert_eq!(
                place.zone().is_none(),
                place.kind() == PlaceKind::Military,
                "{}",
                place.zip
            );
            assert!(!place.city().is_empty() && place.state().len() == 2, "{}", place.zip);
        }
    }

    #[test]
    fn miles_follow_the_great_circle() {
        let miles = |a, b| miles_between(place(a), place(b)).unwrap();
        // New York to Los Angeles is about 2,450 miles; Knox to South Bend about 35.
        assert!(
            (2_430.0..2_470.0).contains(&miles("10001", "90012")),
            "{}",
            miles("10001", "90012")
        );
        assert!((25.0..40.0).contains(&miles("46534", "46601")), "{}", miles("46534", "46601"));
        assert!(miles("46534", "46534") < 1e-9);
        assert!((miles("46534", "46601") - miles("46601", "46534")).abs() < 1e-9);
    }

    #[test]
    fn a_military_post_office_is_nowhere() {
        let apo = place("09000");
        assert_eq!((apo.kind(), apo.zone(), apo.position()), (PlaceKind::Military, None, None));
        assert_eq!(miles_between(apo, place("46534")), None);
    }
}
