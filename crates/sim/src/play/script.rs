//! What comes in a run: two or three orders, some by a second door, some changed or taken back, and what is no order.

use super::What;
use super::doors::{Letter, Way};
use crate::sim::Sim;
use doorstep_vocab::{Micros, Timestamp};
use doorstep_world::Rng;
use doorstep_world::orders::hl7::Control;
use doorstep_world::orders::junk::JUNK;
use doorstep_world::orders::{Order, csv, fhir, hl7, x12};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Fhir,
    X12,
    Hl7,
    Csv,
    Form,
}

const FORMATS: [Format; 5] = [Format::Fhir, Format::X12, Format::Hl7, Format::Csv, Format::Form];

impl Sim {
    /// Plans all letters.
    pub(crate) fn plan_letters(&self) {
        let mut rng = Rng::of(self.plan.seed, "letters");
        let n_orders = if rng.percent(70) { 1 } else { 2 };
        let mut minutes = rng.between(1, 90);
        for number in 0..n_orders {
            let at = self.start.plus(Micros::minutes(i64::from(minutes)));
            let number = u32::try_from(self.plan.seed % 10_000).unwrap_or(0) * 10 + number;
            let order = Order::new(number, self.plan.seed, at.plus(Micros::minutes(-20)));
            self.plan_order(&order, at, &mut rng);
            // Mostly soon after one another, so that they meet.
            minutes += if rng.percent(70) { rng.between(0, 20) } else { rng.between(60, 1_500) };
        }
        if rng.percent(15) {
            let at = self.start.plus(Micros::minutes(i64::from(rng.between(1, 900))));
            let written = at.plus(Micros::minutes(-30));
            let first = u32::try_from(self.plan.seed % 10_000).unwrap_or(0) * 10 + 5;
            let orders: Vec<Order> = (first..first + rng.between(2, 3))
                .map(|number| Order::new(number, self.plan.seed, written))
                .collect();
            let bytes = csv::write(&orders.iter().collect::<Vec<_>>());
            self.post((&format!("list-{first}.csv"), Way::Posted), bytes, orders, at);
        }
        if rng.percent(15) {
            let at = self.start.plus(Micros::minutes(i64::from(rng.between(1, 600))));
            let order = Order::new(91, self.plan.seed, at);
            self.post(("empty.form", Way::EmptyForm), fhir::write(&order), Vec::new(), at);
        }
        if rng.percent(25)
            && let Some((name, write)) = rng.pick(JUNK)
        {
            let at = self.start.plus(Micros::minutes(i64::from(rng.between(1, 600))));
            let order = Order::new(90, self.plan.seed, at);
            let bytes = write(&order, 900_001);
            self.post((name, Way::Posted), bytes, Vec::new(), at);
        }
    }

    fn plan_order(&self, order: &Order, at: Timestamp, rng: &mut Rng) {
        let format = *rng.pick(&FORMATS).unwrap_or(&Format::Csv);
        self.plan_copy(order, (format, 0), at, rng);
        if rng.percent(45) {
            let others: Vec<Format> =
                FORMATS.into_iter().filter(|other| *other != format).collect();
            let other = *rng.pick(&others).unwrap_or(&Format::Csv);
            let whole = Order { gaps: order.gaps.clone(), ..order.clone() };
            let later = if rng.percent(50) { rng.between(0, 5) } else { rng.between(5, 300) };
            self.plan_copy(&whole, (other, 1), at.plus(Micros::minutes(i64::from(later))), rng);
        }
        if format == Format::Hl7 && rng.percent(40) {
            let at = at.plus(Micros::minutes(i64::from(rng.between(0, 400))));
            let is_cancel = rng.percent(50);
            let control = if is_cancel { Control::Cancel } else { Control::Change };
            let control_id = format!("{}-{control:?}", order.number);
            let bytes = hl7::write(order, control, (&control_id, at));
            self.post((&format!("{control_id}.hl7"), Way::Posted), bytes, Vec::new(), at);
        }
    }

    fn plan_copy(
        &self,
        order: &Order,
        (format, copy): (Format, u32),
        at: Timestamp,
        rng: &mut Rng,
    ) {
        let number = &order.number;
        let name = format!("{number}-{copy}.{format:?}");
        let way = match (format, rng.below(3)) {
            (Format::Form, _) => Way::Form,
            (_, 0) => Way::Keyed,
            (_, 1) => Way::Folder(at),
            _ => Way::Posted,
        };
        // What lies in a folder may be found only after a while.
        let found = if let Way::Folder(_) = way { rng.between(0, 90) } else { 0 };
        let control = control(order, copy);
        let (name, way, bytes) = match format {
            Format::Fhir | Format::Form => (name, way, fhir::write(order)),
            Format::X12 => match x12::write(order, control) {
                Some(bytes) => (name, way, bytes),
                None => (format!("{number}-{copy}.Csv"), way, csv::write(&[order])),
            },
            Format::Hl7 => {
                let control_id = format!("{number}-{copy}");
                (name, way, hl7::write(order, Control::New, (&control_id, at)))
            }
            Format::Csv => (name, way, csv::write(&[order])),
        };
        let at = at.plus(Micros::minutes(i64::from(found)));
        self.post((&name, way), bytes, vec![order.clone()], at);
    }

    fn post(&self, (name, way): (&str, Way), bytes: Vec<u8>, orders: Vec<Order>, at: Timestamp) {
        let mut letters = self.letters.borrow_mut();
        letters.push(Letter {
            name: name.to_owned(),
            way,
            bytes,
            orders,
            is_heard: false,
            received_at: None,
            cases: BTreeMap::new(),
        });
        self.push(at, What::Send(letters.len() - 1));
    }
}

/// Interchange numbers are the sender's, and never used twice.
fn control(order: &Order, copy: u32) -> u32 {
    let digits = order.number.rsplit('-').next().and_then(|digits| digits.parse::<u32>().ok());
    digits.unwrap_or(1) % 90_000_000 * 10 + 1 + copy
}
