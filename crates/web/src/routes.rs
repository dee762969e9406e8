//! The table of routes, and the router made from it.

use crate::nudge::Nudge;
use crate::room::Room;
use crate::route::{Access, Does, Method, Route, Shows};
use crate::serve::{Shared, serve};
use crate::shell::Shell;
use crate::{
    access, account, activity, answer, away, billing, board, calls, case, complaints, confirm,
    errors, escalations, first, glass, home, imports, language, looks, members as same, providers,
    quality, queue, referral, rota, search, signin, staff, triage, users, walls, worklist,
};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::routing::{MethodFilter, MethodRouter, on};
use doorstep_app::command::COMMANDS;
use doorstep_app::{App, Error, Permission as P};
use std::sync::{Arc, LazyLock};

/// Bytes that a form may have.
const FORM_MAX: usize = 1024 * 1024;
/// Bytes of a form that anybody may send: a name, a password, a key that was used.
const ANYBODY_MAX: usize = 16 * 1024;
/// Bytes that a form with a file may have: the largest file that intake takes, and what stands around it.
const UPLOAD_MAX: usize = 55 * 1024 * 1024;

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let mut rows = own();
    rows.extend(of_cases());
    rows.extend(of_rights());
    rows.extend(of_account());
    rows.extend(of_calls());
    rows.extend(of_escalations());
    rows.extend(COMMANDS.iter().map(|form| Route {
        access: Access::May(case::permission(form)),
        shows: Shows::Members,
        ..post(&format!("/cases/{{id}}/{}", form.noun), P::WorkCases, Does::Command(form))
    }));
    rows
});

/// Returns the table: every route, who may ask, and whether its form carries the session's secret.
pub fn routes() -> &'static [Route] {
    &ROUTES
}

fn own() -> Vec<Route> {
    use Does::{Inside, Live};
    vec![
        anybody(Method::Get, "/healthz", home::health),
        anybody(Method::Get, "/assets/{hash}/{name}", home::asset),
        anybody(Method::Get, "/sign-in", signin::show),
        anybody(Method::Post, "/sign-in", signin::by_password),
        anybody(Method::Post, "/sign-in/passkeys/challenges", signin::keys::ask),
        anybody(Method::Post, "/sign-in/passkeys", signin::keys::by_key),
        anybody(Method::Post, "/sign-in/code", signin::by_second),
        anybody(Method::Post, "/sign-in/identity", signin::identity::set_out),
        anybody(Method::Get, "/sign-in/identity/done", signin::identity::come_back),
        anybody(Method::Get, "/sign-in/link/{token}", signin::show_link),
        anybody(Method::Post, "/sign-in/link/{token}", signin::by_link),
        anybody(Method::Post, "/language", language::choose),
        signed_in(post("/account/language", P::ReadCases, Inside(language::choose_own))),
        signed_in(post("/sign-out", P::ReadCases, Inside(signin::sign_out))),
        signed_in(get("/", P::ReadCases, Inside(home::start))),
        signed_in(get("/first-steps", P::ReadCases, Inside(first::show))),
        signed_in(get("/session", P::ReadCases, Inside(signin::session))),
        get("/live", P::ReadCases, Live),
        members(get("/worklist", P::ReadCases, Inside(worklist::show))),
        members(post("/worklist/assignments", P::WorkCases, Inside(worklist::assign))),
        members(post("/worklist/chases", P::WorkCases, Inside(worklist::chase))),
        members(post("/worklist/exports", P::ExportLists, Inside(worklist::export))),
        get("/worklist/hand-out", P::HandOut, Inside(worklist::plan)),
        post("/worklist/hand-outs", P::HandOut, Inside(worklist::hand_out)),
        post("/worklist/next", P::WorkCases, Inside(worklist::next)),
        members(post("/views", P::ReadCases, Inside(worklist::keep))),
        post("/views/{view}/removal", P::ReadCases, Inside(worklist::forget)),
        get("/search", P::ReadCases, Inside(search::show)),
        members(post("/search", P::ReadCases, Inside(search::find))),
        get("/referrals/new", P::Refer, Inside(referral::show)),
        post("/referrals", P::Refer, Inside(referral::open)),
        post("/referrals/checks", P::Refer, Inside(referral::check)),
        get("/queue", P::ReadQueue, Inside(queue::show)),
        members(get("/queue/{receipt}/bytes", P::ReadQueue, Inside(queue::bytes))),
        post("/queue/retries", P::ReadQueue, Inside(queue::retry)),
        post("/queue/{receipt}/resolution", P::ReadQueue, Inside(queue::resolve)),
        get("/imports", P::ReadQueue, Inside(imports::show)),
        get("/imports/{receipt}", P::ReadQueue, Inside(imports::file)),
        post("/imports/{receipt}/owner", P::ReadQueue, Inside(imports::give)),
        post("/imports/{receipt}/settlement", P::ReadQueue, Inside(imports::settle)),
        Route { body_max: UPLOAD_MAX, ..post("/files", P::SendFiles, Inside(queue::send)) },
        get("/board", P::ReadBoard, Inside(board::show)),
        get("/counts", P::ReadCounts, Inside(board::counts)),
        get("/billing", P::ReadBilling, Inside(billing::show)),
        post("/billing", P::ReadBilling, Inside(billing::find)),
        members(get("/cases/{id}/billing", P::ReadBilling, Inside(billing::of_case))),
        get("/activity", P::ReadActivity, Inside(activity::show)),
        get("/cases/{id}/activity", P::ReadActivity, Inside(activity::of_case)),
        get("/providers", P::ManageProviders, Inside(providers::show)),
        post("/providers", P::ManageProviders, Inside(providers::put)),
        Route {
            body_max: UPLOAD_MAX,
            ..post("/providers/tables", P::ManageProviders, Inside(providers::import))
        },
        post(
            "/providers/{provider}/acceptance",
            P::ManageProviders,
            Inside(providers::set_accepting),
        ),
    ]
}

/// Who may see what, and who saw what.
fn of_rights() -> Vec<Route> {
    use Does::Inside;
    vec![
        get("/cases/{id}/access", P::AskAccess, Inside(access::show)),
        post("/cases/{id}/access", P::AskAccess, Inside(access::ask)),
        post("/cases/{id}/glass", P::BreakGlass, Inside(glass::break_it)),
        get("/glass", P::ReviewGlass, Inside(glass::show)),
        post("/glass/{access}/review", P::ReviewGlass, Inside(glass::review)),
        get("/access", P::GiveAccess, Inside(access::waiting)),
        post("/access/{access}/answer", P::GiveAccess, Inside(access::answer)),
        get("/looks", P::ReadLooks, Inside(looks::show)),
        post("/looks", P::ReadLooks, Inside(looks::find)),
        post("/looks/exports", P::ReadLooks, Inside(looks::export)),
        get("/looks/review", P::ReadLooks, Inside(looks::review)),
        get("/away", P::WorkCases, Inside(away::show)),
        post("/away", P::WorkCases, Inside(away::enter)),
        post("/away/{absence}/end", P::WorkCases, Inside(away::end)),
        get("/staff", P::ManageStaff, Inside(staff::show)),
        post("/staff/teams", P::ManageStaff, Inside(staff::set_push)),
        get("/staff/{user}", P::ManageStaff, Inside(staff::one)),
        post("/staff/{user}", P::ManageStaff, Inside(staff::set)),
        get("/walls", P::ManageUsers, Inside(walls::show)),
        post("/walls", P::ManageUsers, Inside(walls::put_team)),
        post("/walls/payers", P::ManageUsers, Inside(walls::shut)),
        get("/users", P::ManageUsers, Inside(users::show)),
        post("/users", P::ManageUsers, Inside(users::add)),
        post("/users/{user}/role", P::ManageUsers, Inside(users::set_role)),
        post("/users/{user}/team", P::ManageUsers, Inside(users::set_team)),
        post("/users/{user}/admission", P::ManageUsers, Inside(users::set_admission)),
        post("/users/{user}/second/removal", P::ManageUsers, Inside(users::reset_second)),
        post("/users/{user}/sessions/end", P::ManageUsers, Inside(users::end_sessions)),
        post("/users/{user}/links", P::ManageUsers, Inside(users::make_link)),
    ]
}

fn of_cases() -> Vec<Route> {
    use Does::Inside;
    vec![
        members(get("/cases/{id}", P::ReadCase, Inside(case::show))),
        members(get("/cases/{id}/file", P::ReadCase, Inside(case::outside::show))),
        members(get("/cases/{id}/alike", P::ReadCases, Inside(search::alike))),
        members(get("/cases/{id}/same/{other}", P::WorkCases, Inside(same::show))),
        members(post("/cases/{id}/same/{other}/merge", P::MergeMembers, Inside(same::merge))),
        members(post("/cases/{id}/same/{other}/unmerge", P::MergeMembers, Inside(same::unmerge))),
        get("/cases/{id}/version", P::ReadCase, Inside(case::version)),
        members(get("/cases/{id}/amendment", P::WorkCases, Inside(case::amendment::show))),
        members(post("/cases/{id}/amendments", P::WorkCases, Inside(case::amendment::amend))),
        members(post("/cases/{id}/messages", P::WorkCases, Inside(case::messages::write))),
        post("/cases/{id}/readings", P::WorkCases, Inside(case::messages::read)),
        members(post("/cases/{id}/notes", P::WriteNotes, Inside(case::note))),
        members(get("/cases/{id}/documents/{document}", P::ReadCase, Inside(case::document))),
        members(Route {
            body_max: UPLOAD_MAX,
            ..post("/cases/{id}/documents", P::WorkCases, Inside(case::attach))
        }),
    ]
}

/// What everybody may who is signed in: with their own account.
fn of_account() -> Vec<Route> {
    use Does::Inside;
    vec![
        signed_in(get("/confirm", P::ReadCases, Inside(confirm::show))),
        signed_in(post("/confirm", P::ReadCases, Inside(confirm::done))),
        signed_in(post("/account/passkeys/challenges", P::ReadCases, Inside(account::keys::ask))),
        signed_in(post("/account/passkeys", P::ReadCases, Inside(account::keys::add))),
        signed_in(post(
            "/account/passkeys/{key}/name",
            P::ReadCases,
            Inside(account::keys::rename),
        )),
        signed_in(post(
            "/account/passkeys/{key}/removal",
            P::ReadCases,
            Inside(account::keys::remove),
        )),
        signed_in(get("/account/app", P::ReadCases, Inside(account::second::show))),
        signed_in(post("/account/app", P::ReadCases, Inside(account::second::begin))),
        signed_in(post(
            "/account/app/confirmation",
            P::ReadCases,
            Inside(account::second::confirm),
        )),
        signed_in(post("/account/app/removal", P::ReadCases, Inside(account::second::remove))),
        signed_in(post(
            "/account/recovery-codes",
            P::ReadCases,
            Inside(account::second::new_codes),
        )),
        signed_in(post("/account/sessions/{session}/end", P::ReadCases, Inside(account::end))),
        signed_in(get("/account", P::ReadCases, Inside(account::show))),
        signed_in(post("/account/password", P::ReadCases, Inside(account::set_password))),
    ]
}

fn of_calls() -> Vec<Route> {
    use Does::Inside;
    vec![
        get("/calls", P::TakeCalls, Inside(calls::list)),
        get("/calls/new", P::TakeCalls, Inside(calls::new)),
        post("/calls", P::TakeCalls, Inside(calls::start)),
        members(get("/calls/{call}", P::TakeCalls, Inside(calls::show))),
        members(post("/calls/{call}/identification", P::TakeCalls, Inside(calls::identify))),
        members(post("/calls/{call}/case", P::TakeCalls, Inside(calls::attach))),
        members(post("/calls/{call}/notes", P::TakeCalls, Inside(calls::notes))),
        members(post("/calls/{call}/caller", P::TakeCalls, Inside(calls::correct))),
        members(post("/calls/{call}/interpreter", P::TakeCalls, Inside(calls::interpret))),
        post("/calls/{call}/checks", P::TakeCalls, Inside(calls::check)),
        members(post("/calls/{call}/holds", P::TakeCalls, Inside(calls::step))),
        members(post("/calls/{call}/transfers", P::TakeCalls, Inside(calls::transfer))),
        members(post("/calls/{call}/promises", P::TakeCalls, Inside(calls::promise))),
        members(post("/calls/{call}/kept", P::TakeCalls, Inside(calls::kept))),
        members(post("/calls/{call}/disposition", P::TakeCalls, Inside(calls::end))),
        members(post("/calls/{call}/closure", P::TakeCalls, Inside(calls::close))),
    ]
}

fn of_escalations() -> Vec<Route> {
    use Does::Inside;
    vec![
        get("/escalations", P::ReadCases, Inside(escalations::show)),
        signed_in(get("/rota", P::ReadCases, Inside(rota::show))),
        post("/rota/shifts", P::HandOut, Inside(rota::add)),
        post("/rota/shifts/{shift}/removal", P::HandOut, Inside(rota::remove)),
        get("/triage", P::Triage, Inside(triage::show)),
        get("/quality", P::ReviewQuality, Inside(quality::show)),
        get("/quality/card", P::ReviewQuality, Inside(quality::card)),
        post("/quality/cards", P::ReviewQuality, Inside(quality::score)),
        get("/quality/own", P::ReadCases, Inside(quality::own)),
        get("/complaints", P::ReadCases, Inside(complaints::show)),
        members(get("/cases/{id}/supervisor", P::WorkCases, Inside(escalations::call))),
        members(post("/cases/{id}/supervisor", P::WorkCases, Inside(escalations::raise))),
        signed_in(post("/account/number", P::ReadCases, Inside(account::set_number))),
    ]
}

fn get(path: &str, permission: P, does: Does) -> Route {
    let (method, path, access) = (Method::Get, path.to_owned(), Access::May(permission));
    Route { method, path, access, csrf: false, body_max: 0, shows: Shows::Nothing, does }
}

fn post(path: &str, permission: P, does: Does) -> Route {
    Route { method: Method::Post, csrf: true, body_max: FORM_MAX, ..get(path, permission, does) }
}

/// What shows a member says so: a test asks each of them for its one record.
fn members(route: Route) -> Route {
    Route { shows: Shows::Members, ..route }
}

fn signed_in(route: Route) -> Route {
    Route { access: Access::SignedIn, ..route }
}

/// What is open to everybody has no session whose secret a form could carry.
fn anybody(
    method: Method,
    path: &str,
    handler: fn(&App, &crate::asked::Asked) -> doorstep_app::Result<answer::Answer>,
) -> Route {
    let row = post(path, P::ReadCases, Does::Outside(handler));
    Route { method, access: Access::Anybody, csrf: false, body_max: ANYBODY_MAX, ..row }
}

/// Makes the router. `nudge` is fired by whoever hears of writes, and live pages look again.
pub fn router(app: Arc<App>, nudge: Nudge, room: Room) -> Router {
    let shared = Shared { app, nudge, room };
    let unknown = shared.clone();
    let mut router = Router::new();
    for route in routes() {
        router = router.route(&route.path, method_router(&shared, route));
    }
    router
        .fallback(move || std::future::ready(nothing_there(&unknown)))
        .method_not_allowed_fallback(move || std::future::ready(nothing_there(&shared)))
}

fn method_router(shared: &Shared, route: &'static Route) -> MethodRouter {
    let filter = match route.method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
    };
    let shared = shared.clone();
    let handler = move |request: Request| serve(shared.clone(), route, request);
    on(filter, handler).layer(DefaultBodyLimit::max(route.body_max))
}

fn nothing_there(shared: &Shared) -> axum::http::Response<axum::body::Body> {
    let shell = Shell::outside(&shared.app, "");
    answer::harden(errors::respond(&Error::NotFound, &shell).respond(), "")
}
