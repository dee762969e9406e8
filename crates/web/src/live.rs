//! `/live`: tells a page that something was written, so that it may look again, and what time it is. It says neither
//! what was written nor about whom.
//!
//! A listener ends with its session, and with the process. Listening is not being there: it keeps no session alive.

use crate::case::others;
use crate::language::Language;
use crate::serve::{Shared, blocking};
use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use axum::response::sse::{Event, KeepAlive, Sse};
use doorstep_app::signin::{self, SignedIn};
use doorstep_app::{Result, presence};
use doorstep_vocab::CaseId;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::wrappers::ReceiverStream;

/// How often a listener's session is looked at, and something is sent to keep the connection open.
const BEAT: Duration = Duration::from_secs(20);
/// How often a page of a case asks who else is there.
const GLANCE: Duration = Duration::from_secs(4);
/// After so many of those it says again that its reader is: a third of the time that counts.
const GLANCES_A_SIGN: u32 = 5;
/// Several writes within this are told as one.
const CALM: Duration = Duration::from_millis(400);

/// Who listens, and from where.
pub(crate) struct Listener {
    pub(crate) who: SignedIn,
    pub(crate) token: String,
    pub(crate) language: Language,
    /// The case that the page shows, and the form that its reader is at.
    pub(crate) at: Option<(CaseId, &'static str)>,
}

/// Listens until the session ends or the page is left.
pub(crate) fn listen(shared: Shared, listener: Listener) -> Response<Body> {
    let Ok(room) = shared.nudge.room.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "60")]).into_response();
    };
    let (told, telling) = mpsc::channel(4);
    tokio::spawn(tell(shared, listener, told, room));
    Sse::new(ReceiverStream::new(telling))
        .keep_alive(KeepAlive::new().interval(BEAT))
        .into_response()
}

type Told = mpsc::Sender<std::result::Result<Event, Infallible>>;

async fn tell(shared: Shared, mut listener: Listener, told: Told, _room: OwnedSemaphorePermit) {
    let mut heard = shared.nudge.listen();
    let mut beat = tokio::time::interval(BEAT);
    let mut glance = tokio::time::interval(GLANCE);
    let (mut n_glances, mut named) = (0_u32, None);
    loop {
        let what = tokio::select! {
            changed = heard.changed() => match changed {
                Ok(()) => {
                    tokio::time::sleep(CALM).await;
                    heard.mark_unchanged();
                    "changed"
                }
                Err(_) => return,
            },
            _ = beat.tick() => "time",
            _ = glance.tick(), if listener.at.is_some() => {
                let signs = n_glances.is_multiple_of(GLANCES_A_SIGN);
                n_glances = n_glances.wrapping_add(1);
                let words = who_else(&shared, &listener, signs).await;
                if words == named {
                    continue;
                }
                let event = Event::default().event("others").data(words.as_deref().unwrap_or_default());
                named = words;
                if told.send(Ok(event)).await.is_err() {
                    return;
                }
                continue;
            }
            () = told.closed() => return,
            () = shared.nudge.closed() => return,
        };
        let Some(who) = peek(&shared, listener.token.clone()).await else {
            // Whoever is gone hears nothing.
            let _ = told.send(Ok(Event::default().event("ended").data(""))).await;
            return;
        };
        listener.who = who;
        let event = Event::default().event(what).data(time(&shared));
        if told.send(Ok(event)).await.is_err() {
            return;
        }
    }
}

/// Returns in words who else has the case open; `None` while nobody has, and where the case is not for the reader to see.
async fn who_else(shared: &Shared, listener: &Listener, signs: bool) -> Option<String> {
    let (case_id, form) = listener.at.clone()?;
    let (app, actor) = (shared.app.clone(), signin::actor_of(&listener.who));
    let present = blocking(move || -> Result<_> {
        let ctx = app.ctx(actor);
        if signs { presence::here(&ctx, &case_id, form) } else { presence::others(&ctx, &case_id) }
    });
    let words = listener.language.text(others::words(&present.await.unwrap_or_default()));
    (!words.is_empty()).then_some(words)
}

/// The time and its pace, as the page carries them: whoever listens sets its count by them.
fn time(shared: &Shared) -> String {
    format!("{} {}", shared.app.now(), shared.app.pace())
}

async fn peek(shared: &Shared, token: String) -> Option<SignedIn> {
    let app = shared.app.clone();
    blocking(move || signin::peek(&app, &token)).await.ok().flatten()
}
