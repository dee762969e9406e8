//! The database that every run begins with: migrated, with providers and staff, made once and copied.

use crate::machine::options;
use doorstep_app::{App, Settings};
use doorstep_db::{Db, Hook};
use doorstep_packs::Packs;
use doorstep_vocab::Timestamp;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

/// When the template was made, as far as its rows say.
const MADE_AT: Timestamp = Timestamp(1_798_761_600_000_000);

/// What all runs of this process share.
pub(crate) struct Template {
    /// The packs, checked and put together once.
    pub packs: Arc<Packs>,
    bytes: Vec<u8>,
}

/// Returns it, and makes it at first.
pub(crate) fn template() -> &'static Template {
    static MADE: OnceLock<Template> = OnceLock::new();
    MADE.get_or_init(make)
}

impl Template {
    /// Lays a copy of the database into a folder of its own, which goes away with what is returned.
    pub(crate) fn laid(&self) -> (TempDir, String) {
        let folder = folder();
        let path = folder.path().join("sim.db");
        std::fs::write(&path, &self.bytes).expect("a simulation has room for its file");
        let path = path.to_str().expect("a temporary folder has a UTF-8 name").to_owned();
        (folder, path)
    }

    /// Returns the operator's choices.
    pub(crate) fn settings(&self) -> Settings {
        Settings { hub_zone: self.packs.hub_zone().clone(), demo: false }
    }
}

/// A folder in memory where there is one: a run asks what is decided, and plays how the disk keeps it.
fn folder() -> TempDir {
    tempfile::tempdir_in(Path::new("/dev/shm"))
        .or_else(|_| tempfile::tempdir())
        .expect("a simulation has a temporary folder")
}

fn make() -> Template {
    let packs = Arc::new(Packs::builtin());
    let mut template = Template { packs, bytes: Vec::new() };
    let folder = folder();
    let path = folder.path().join("template.db");
    let url = path.to_str().expect("a temporary folder has a UTF-8 name");
    let db = Db::open_with(url, &options(Hook::default())).expect("the template opens");
    doorstep_store::schema::migrate(&db).expect("the template is migrated");
    let app = App::new(db, Arc::clone(&template.packs), template.settings(), || MADE_AT);
    doorstep_world::furnish(&app).expect("the template has its providers");
    doorstep_world::add_users(&app.system("sim")).expect("the template has its staff");
    drop(app);
    template.bytes = std::fs::read(&path).expect("the template is read back");
    template
}
