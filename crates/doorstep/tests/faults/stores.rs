//! Copies of a store as it was made once, for trials that strike at many points: each has its own, on either engine.

use crate::support::{Place, files_under};
use doorstep_db::testing::{FreshPostgres, fresh_postgres, outside};
use std::fs;

/// A store made once: a place, and its database where that is a server's.
pub struct Stage {
    pub made: Place,
    server: Option<(String, FreshPostgres)>,
}

/// A copy of it.
pub struct Copied {
    pub place: Place,
    _server: Option<FreshPostgres>,
}

impl Stage {
    /// An empty place on SQLite.
    pub fn new() -> Self {
        Self { made: Place::new(), server: None }
    }

    /// An empty place with a database on a server.
    pub fn on(server: &str) -> Self {
        let fresh = fresh_postgres(server).unwrap();
        Self { made: Place::on(&fresh.url), server: Some((server.to_owned(), fresh)) }
    }

    /// Copies the files, and the database. Nobody may be at it meanwhile.
    pub fn copy(&self) -> Copied {
        let Some((server, from)) = &self.server else {
            let place = Place::new();
            fill(&place, &self.made);
            return Copied { place, _server: None };
        };
        let fresh = fresh_postgres(server).unwrap();
        let [to, from] = [&fresh.url, &from.url].map(|url| url.rsplit('/').next().unwrap());
        outside(server, &format!("DROP DATABASE {to} WITH (FORCE)")).unwrap();
        outside(server, &format!("CREATE DATABASE {to} TEMPLATE {from}")).unwrap();
        let place = Place::on(&fresh.url);
        fill(&place, &self.made);
        Copied { place, _server: Some(fresh) }
    }
}

/// Copies every file of a place into another.
pub fn fill(place: &Place, from: &Place) {
    for path in files_under(from.folder.path()) {
        let name = path.strip_prefix(from.folder.path()).unwrap();
        let to = place.folder.path().join(name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(&path, to).unwrap();
    }
}
