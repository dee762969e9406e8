//! Who can be reached: links to those who are told, each up or down.

use std::collections::BTreeSet;

/// The links that are down, by the name of whoever is at their end.
#[derive(Default)]
pub(crate) struct Net {
    down: BTreeSet<String>,
}

impl Net {
    /// Who is at the end of a link: a folder of the post, and for providers which of them.
    pub(crate) fn link(to: &str, address: &str) -> String {
        if to == "provider" { format!("{to}/{address}") } else { to.to_owned() }
    }

    pub(crate) fn cut(&mut self, link: &str) {
        self.down.insert(link.to_owned());
    }

    pub(crate) fn mend(&mut self, link: &str) {
        self.down.remove(link);
    }

    pub(crate) fn heal(&mut self) {
        self.down.clear();
    }

    pub(crate) fn is_down(&self, link: &str) -> bool {
        self.down.contains(link)
    }
}
