//! What nobody can help: links that go down one by one and come back in another order, and clocks that differ and jump.

use super::What;
use crate::chance::Class;
use crate::sim::Sim;
use doorstep_vocab::Micros;

/// Who is told, by link. The providers are those of the world who get most offers.
const LINKS: [&str; 8] = [
    "referrer",
    "payer",
    "member",
    "staff",
    "provider/harbor-oxygen",
    "provider/lakefront-dme",
    "provider/gulf-dme",
    "provider/midwest-home",
];

/// Moments at which an outage or a jump may come.
const MOMENTS: u32 = 5;

impl Sim {
    /// Plans the weather of a run that goes on for so many hours.
    pub(crate) fn plan_weather(&self, hours: u32) {
        for node in 0..3 {
            if self.strikes(Class::Skew) {
                let millis = i64::from(self.between(0, 6_000)) - 3_000;
                self.set_off(node, Micros(millis * 1_000));
            }
        }
        for _ in 0..MOMENTS {
            let at = Micros::minutes(i64::from(self.between(5, hours * 60)));
            self.push_in(at, What::Outage);
            let at = Micros::minutes(i64::from(self.between(5, hours * 60)));
            self.push_in(at, What::Jump(usize::try_from(self.between(0, 2)).unwrap_or(0)));
        }
    }

    /// Some links go down one by one, and come back one by one in another order.
    pub(super) fn outage(&self) {
        if !self.strikes(Class::Outage) {
            return;
        }
        let is_for_good = self.percent(20);
        let mut after = Micros(0);
        for link in LINKS {
            if !self.percent(35) {
                continue;
            }
            after = after.0.checked_add(self.seconds(1, 600).0).map_or(after, Micros);
            self.push_in(after, What::Cut(link.to_owned()));
            if !is_for_good {
                let until = after.0 + self.seconds(600, 40_000).0;
                self.push_in(Micros(until), What::Mend(link.to_owned()));
            }
        }
    }

    pub(super) fn cut(&self, link: &str) {
        if !self.has_healed() {
            self.say(&format!("{link} cannot be reached"));
            self.net.borrow_mut().cut(link);
        }
    }

    pub(super) fn mend(&self, link: &str) {
        self.say(&format!("{link} can be reached again"));
        self.net.borrow_mut().mend(link);
    }

    /// A node's clock jumps by an hour, or is put right.
    pub(super) fn jump(&self, node: usize) {
        if !self.strikes(Class::Jump) {
            return;
        }
        let off = self.nodes.borrow()[node].clock.off();
        let hour = Micros::hours(1);
        let to = match self.between(0, 2) {
            0 => Micros(hour.0),
            1 => Micros(-hour.0),
            _ => Micros(0),
        };
        if to != off {
            self.say(&format!("node {node}'s clock is off by {} s", to.0 / 1_000_000));
            self.set_off(node, to);
        }
    }

    fn set_off(&self, node: usize, off: Micros) {
        self.nodes.borrow()[node].clock.set_off(off);
        self.max_ahead.set(self.max_ahead.get().max(off));
        self.are_clocks_odd.set(true);
    }
}
