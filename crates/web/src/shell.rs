//! What stands around every page: who is signed in, where they may go, and whether this is a demo.

use crate::assets;
use crate::language::Language;
use doorstep_app::signin::{SignedIn, idle_minutes};
use doorstep_app::{App, Permission};
use doorstep_case::Role;

/// A place that the bar leads to.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) path: &'static str,
    pub(crate) words: &'static str,
    pub(crate) is_here: bool,
}

/// What stands around a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shell {
    pub(crate) is_signed_in: bool,
    /// What the reader reads in.
    pub(crate) language: Language,
    /// Where somebody goes on who changes the language: this page, where it can be asked for.
    pub(crate) here: String,
    pub(crate) demo: bool,
    pub(crate) name: String,
    pub(crate) role: &'static str,
    pub(crate) csrf: String,
    pub(crate) places: Vec<Place>,
    pub(crate) may_search: bool,
    pub(crate) idle_minutes: u32,
    /// Seconds until the session ends if nothing more is asked.
    pub(crate) idle_s: i64,
    pub(crate) user_id: String,
    /// How many older sessions ended because this one began, while that is news.
    pub(crate) displaced: u32,
    /// For those who take calls: the page of the one that they hold, empty for none.
    pub(crate) on_call: Option<String>,
    /// For those who review emergencies: how many wait.
    pub(crate) n_glass: usize,
    /// For those who answer escalations: how many nobody has seen.
    pub(crate) n_unseen: u32,
    /// The time that the page was made at, and how many times as fast as the wall clock it goes: its times left are
    /// counted down from there, whatever the reader's own clock says.
    pub(crate) now: String,
    pub(crate) pace: u32,
    pub(crate) request_id: String,
    pub(crate) style: String,
    pub(crate) script: String,
    /// The script of the keyboard.
    pub(crate) keys: String,
    pub(crate) mark: String,
}

const PLACES: &[(&str, &str, Permission)] = &[
    ("/worklist", "Worklist", Permission::ReadCases),
    ("/referrals/new", "New referral", Permission::Refer),
    ("/calls", "Calls", Permission::TakeCalls),
    ("/triage", "Triage", Permission::Triage),
    ("/escalations", "Escalations", Permission::ReadCases),
    ("/rota", "On call", Permission::ReadCases),
    ("/complaints", "Complaints", Permission::ReadCases),
    ("/queue", "Files", Permission::ReadQueue),
    ("/billing", "Billing", Permission::ReadBilling),
    ("/board", "Board", Permission::ReadBoard),
    ("/quality", "Quality", Permission::ReviewQuality),
    ("/counts", "Counts", Permission::ReadCounts),
    ("/activity", "Activity", Permission::ReadActivity),
    ("/providers", "Providers", Permission::ManageProviders),
    ("/access", "Access", Permission::GiveAccess),
    ("/glass", "Emergencies", Permission::ReviewGlass),
    ("/looks", "Looks", Permission::ReadLooks),
    ("/users", "Users", Permission::ManageUsers),
    ("/staff", "Staff", Permission::ManageStaff),
    ("/walls", "Walls", Permission::ManageUsers),
];

/// Returns where somebody of that role begins.
pub(crate) fn first_place(role: Role) -> Option<&'static str> {
    PLACES.iter().find(|(.., permission)| permission.is_for(role)).map(|(path, ..)| *path)
}

impl Shell {
    /// Makes what stands around a page for nobody in particular.
    pub(crate) fn outside(app: &App, request_id: &str) -> Self {
        Self {
            demo: app.settings.demo,
            now: app.now().to_string(),
            pace: app.pace(),
            request_id: request_id.to_owned(),
            style: assets::path("style.css"),
            script: assets::path("live.js"),
            keys: assets::path("keys.js"),
            mark: assets::path("mark.svg"),
            ..Self::default()
        }
    }

    /// Makes what stands around a page for whoever is signed in. `path` is the page's own.
    pub(crate) fn inside(app: &App, who: &SignedIn, (path, request_id): (&str, &str)) -> Self {
        let role: Role = who.role;
        let places = PLACES.iter().filter(|(.., permission)| permission.is_for(role));
        let is_here =
            |place: &str| path == place || (place == "/worklist" && path.starts_with("/cases/"));
        Self {
            is_signed_in: true,
            name: who.name.clone(),
            role: role.name(),
            csrf: who.csrf.clone(),
            places: places
                .map(|(path, words, _)| Place { path, words, is_here: is_here(path) })
                .collect(),
            may_search: Permission::ReadCases.is_for(role),
            on_call: Permission::TakeCalls.is_for(role).then(String::new),
            idle_minutes: idle_minutes(app, role),
            displaced: who.displaced,
            idle_s: who.idle_s(app),
            user_id: who.user_id.to_string(),
            here: path.to_owned(),
            ..Self::outside(app, request_id)
        }
    }
}
