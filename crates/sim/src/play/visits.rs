//! Somebody who has signed in: a session ends, and has ended for good.

use super::What;
use crate::sim::{Done, Sim};
use doorstep_app::signin;
use doorstep_vocab::{Micros, Timestamp, UserId};

/// A session lives so long without a request. Said here once more: trust.md 6.4, 15 minutes for staff.
const IDLE: Micros = Micros::minutes(15);

/// The session of somebody.
#[derive(Default)]
pub(crate) struct Visit {
    secret: Option<String>,
    /// When a page was last asked for with it, or it was begun, at the latest.
    seen_at: Timestamp,
    /// Sessions that were found to have ended.
    gone: Vec<String>,
}

impl Sim {
    /// Somebody looks at a page, after a few minutes or after lunch.
    pub(super) fn visited(&self) {
        let minutes = if self.percent(70) { self.between(2, 14) } else { self.between(14, 400) };
        if !self.has_healed() {
            self.push_in(Micros::minutes(i64::from(minutes * 3)), What::Visit);
        }
        let Some(node) = self.any_node() else { return };
        let gone = self.visit.borrow().gone.last().cloned();
        if let Some(gone) = gone
            && let Done::Ok(Some(_)) = self.operate(node, |app| signin::signed_in(app, &gone))
        {
            return self.fail("a session that had ended holds again");
        }
        let secret = self.visit.borrow().secret.clone();
        match secret {
            Some(secret) => self.looked(node, secret),
            None => self.sign_in(node),
        }
    }

    fn looked(&self, node: usize, secret: String) {
        let seen_at = self.visit.borrow().seen_at;
        let idle = self.now().since(seen_at);
        let found = self.operate(node, |app| signin::signed_in(app, &secret));
        let mut visit = self.visit.borrow_mut();
        match found {
            Done::Ok(Some(_)) => {
                if !self.has_odd_clocks() && idle > IDLE {
                    let minutes = idle.0 / Micros::MINUTE.0;
                    self.fail(format!("a session holds after {minutes} idle minutes"));
                }
                visit.seen_at = self.now();
            }
            Done::Ok(None) => {
                visit.gone.push(secret);
                visit.secret = None;
            }
            // It may have been touched.
            Done::Err(_) | Done::Died => visit.seen_at = self.now(),
        }
    }

    fn sign_in(&self, node: usize) {
        let begun = self.operate(node, |app| {
            let link = signin::make_link(&app.system("sim"), &UserId::from("ben"))?;
            let (entered, _) = signin::by_link(app, link.reveal(), &signin::Whence::default())?;
            Ok(entered.session())
        });
        if let Done::Ok(Some(token)) = begun {
            let mut visit = self.visit.borrow_mut();
            visit.secret = Some(token.reveal().to_owned());
            visit.seen_at = self.now();
        }
    }
}
