//! What comes through the doors of a day: on a working day a few before breakfast, a morning bunch, a trickle until the
//! evening; on the others what hospitals send at all hours. Copies by a second door, changes, cancellations, and what is no
//! order at all.

use crate::hours::{OPEN, at_hour, is_working_day};
use crate::orders::hl7::Control;
use crate::orders::junk::JUNK;
use crate::orders::{Order, csv, fhir, hl7, x12};
use crate::rng::Rng;
use doorstep_vocab::{Date, Micros, Timestamp, Zone};
use std::ops::Range;

/// A file at the door.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// When it arrives.
    pub at: Timestamp,
    /// What the door calls it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The orders in it, in the order of its units; empty when it only changes one, or is none.
    pub orders: Vec<Order>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Fhir,
    X12,
    Hl7,
    Csv,
}

const FORMATS: [Format; 4] = [Format::Fhir, Format::X12, Format::Hl7, Format::Csv];

/// Orders of a day: at least so many, and so many more by chance.
const ORDERS: (u32, u32) = (40, 9);
/// Orders of a Saturday, a Sunday or a holiday.
const ORDERS_OFF: (u32, u32) = (7, 5);
/// Numbers of a day: orders first, then the people of files that are no orders.
const NUMBERS: u32 = 100;
/// Files of a working day that are no orders, and of another.
const JUNK_A_DAY: (u32, u32) = (6, 1);

/// Returns as many orders as there are numbers as the arrivals of one working day, by time, and nothing that is no order.
pub fn orders_of(seed: u64, date: Date, (zone, numbers): (&Zone, Range<u32>)) -> Vec<Arrival> {
    let mut rng = Rng::of(seed, &format!("orders {date} from {}", numbers.start));
    let mut out = spread(seed, at_hour(date, 0, zone), (true, numbers), &mut rng);
    sort(&mut out);
    out
}

/// Returns the arrivals of a day, by time.
pub fn day(seed: u64, date: Date, zone: &Zone) -> Vec<Arrival> {
    let mut rng = Rng::of(seed, &format!("day {date}"));
    let midnight = at_hour(date, 0, zone);
    let is_working = is_working_day(date);
    let (orders, n_junk) =
        if is_working { (ORDERS, JUNK_A_DAY.0) } else { (ORDERS_OFF, JUNK_A_DAY.1) };
    let first =
        u32::try_from((date - Date::constant(2026, 1, 1)).get_days()).unwrap_or(0) * NUMBERS;
    let n = rng.between(orders.0, orders.0 + orders.1);
    let mut out = spread(seed, midnight, (is_working, first..first + n), &mut rng);
    for nth in 0..n_junk {
        let at = midnight.plus(Micros::minutes(i64::from(minute(is_working, &mut rng))));
        out.extend(junk(first + 80 + nth, seed, (at, &mut rng)));
    }
    sort(&mut out);
    out
}

fn sort(arrivals: &mut [Arrival]) {
    arrivals.sort_by(|one, other| (one.at, &one.name).cmp(&(other.at, &other.name)));
}

/// Spreads orders over a day; the last batch may go beyond the numbers.
fn spread(
    seed: u64,
    midnight: Timestamp,
    (is_working, numbers): (bool, Range<u32>),
    rng: &mut Rng,
) -> Vec<Arrival> {
    let mut out = Vec::new();
    let mut number = numbers.start;
    while number < numbers.end {
        let at = midnight.plus(Micros::minutes(i64::from(minute(is_working, rng))));
        let batch = if is_working && rng.percent(6) { rng.between(3, 4) } else { 1 };
        let orders: Vec<Order> =
            (number..number + batch).map(|number| written(number, seed, (at, rng))).collect();
        number += batch;
        if batch > 1 {
            let bytes = csv::write(&orders.iter().collect::<Vec<_>>());
            out.push(Arrival { at, name: format!("orders-{number}.csv"), bytes, orders });
            continue;
        }
        for order in &orders {
            single(&mut out, order, (at, rng));
        }
    }
    out
}

/// Minutes after midnight: on a working day nearly half of the orders come in the first two and a half hours after opening,
/// and one in five before or after office hours.
fn minute(is_working: bool, rng: &mut Rng) -> u32 {
    let open = u32::from(OPEN.unsigned_abs()) * 60;
    match rng.below(100) {
        _ if !is_working => rng.between(open - 180, open + 780),
        0..16 => rng.between(open - 120, open),
        16..19 => rng.between(open + 600, open + 800),
        19..55 => open + rng.between(1, 150),
        _ => open + rng.between(150, 580),
    }
}

fn written(number: u32, seed: u64, (at, rng): (Timestamp, &mut Rng)) -> Order {
    let before = i64::from(rng.between(5, 90));
    Order::new(number, seed, at.plus(Micros::minutes(-before)))
}

/// One order by itself; sometimes again by another door, changed, or taken back.
fn single(out: &mut Vec<Arrival>, order: &Order, (at, rng): (Timestamp, &mut Rng)) {
    let format = rng.pick(&FORMATS).copied().unwrap_or(Format::Csv);
    let later = |rng: &mut Rng, least: u32, most: u32| {
        at.plus(Micros::minutes(i64::from(rng.between(least, most))))
    };
    out.extend(file(order, format, at, 0));
    if rng.percent(10) {
        let others: Vec<Format> = FORMATS.into_iter().filter(|other| *other != format).collect();
        let again = Order { gaps: Vec::new(), ..order.clone() };
        let other = rng.pick(&others).copied().unwrap_or(Format::Csv);
        let at = later(rng, 15, 110);
        out.extend(
            file(&again, other, at, 1).map(|arrival| Arrival { orders: Vec::new(), ..arrival }),
        );
    }
    if format != Format::Hl7 {
        return;
    }
    if let Some(discharge_at) = order.discharge_at.filter(|_| rng.percent(55)) {
        let moved =
            Order { discharge_at: Some(discharge_at.plus(Micros::hours(4))), ..order.clone() };
        out.push(message(&moved, Control::Change, later(rng, 40, 150)));
    } else if rng.percent(12) {
        out.push(message(order, Control::Cancel, later(rng, 90, 280)));
    }
}

fn file(order: &Order, format: Format, at: Timestamp, copy: u32) -> Option<Arrival> {
    let number = &order.number;
    let control_id = format!("{number}-{copy}");
    let (name, bytes) = match format {
        Format::Fhir => (format!("{number}.json"), fhir::write(order)),
        Format::X12 => (format!("{number}.x12"), x12::write(order, control(order, copy))?),
        Format::Hl7 => {
            (format!("{number}.hl7"), hl7::write(order, Control::New, (&control_id, at)))
        }
        Format::Csv => (format!("{number}.csv"), csv::write(&[order])),
    };
    Some(Arrival { at, name, bytes, orders: vec![order.clone()] })
}

/// Interchange numbers are the sender's, and never used twice.
fn control(order: &Order, copy: u32) -> u32 {
    let digits = order.number.rsplit('-').next().and_then(|digits| digits.parse::<u32>().ok());
    digits.unwrap_or(1) % 90_000_000 * 10 + 1 + copy
}

fn message(order: &Order, control: Control, at: Timestamp) -> Arrival {
    let (word, letter) = if control == Control::Cancel { ("cancel", "C") } else { ("change", "U") };
    let control_id = format!("{}-{letter}", order.number);
    let bytes = hl7::write(order, control, (&control_id, at));
    Arrival { at, name: format!("{}-{word}.hl7", order.number), bytes, orders: Vec::new() }
}

fn junk(number: u32, seed: u64, (at, rng): (Timestamp, &mut Rng)) -> Option<Arrival> {
    let order = written(number, seed, (at, rng));
    let (name, write) = rng.pick(JUNK)?;
    Some(Arrival {
        at,
        name: format!("{number}-{name}"),
        bytes: write(&order, number * 10 + 5),
        orders: Vec::new(),
    })
}
