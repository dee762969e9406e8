//! `/live`: tells a page that something was written, so that it may look again, and what time it is. It says neither
//! what was written nor about whom.
//!
//! A listener ends with its session, and with the process. Listening is not being there: it keeps no session alive.

use crate::serve::{Shared, blocking};
use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use axum::response::sse::{Event, KeepAlive, Sse};
use doorstep_app::signin;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::wrappers::ReceiverStream;

/// How often a listener's session is looked at, and something is sent to keep the connection open.
const BEAT: Duration = Duration::from_secs(20);
/// Several writes within this are told as one.
const CALM: Duration = Duration::from_millis(400);

/// Listens until the session ends or the page is left.
pub(crate) fn listen(shared: Shared, token: String) -> Response<Body> {
    let Ok(room) = shared.nudge.room.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "60")]).into_response();
    };
    let (told, telling) = mpsc::channel(4);
    tokio::spawn(tell(shared, token, told, room));
    Sse::new(ReceiverStream::new(telling))
        .keep_alive(KeepAlive::new().interval(BEAT))
        .into_response()
}

type Told = mpsc::Sender<Result<Event, Infallible>>;

async fn tell(shared: Shared, token: String, told: Told, _room: OwnedSemaphorePermit) {
    let mut heard = shared.nudge.listen();
    let mut beat = tokio::time::interval(BEAT);
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
            () = told.closed() => return,
            () = shared.nudge.closed() => return,
        };
        if is_over(&shared, token.clone()).await {
            // Whoever is gone hears nothing.
            let _ = told.send(Ok(Event::default().event("ended").data(""))).await;
            return;
        }
        let event = Event::default().event(what).data(time(&shared));
        if told.send(Ok(event)).await.is_err() {
            return;
        }
    }
}

/// The time and its pace, as the page carries them: whoever listens sets its count by them.
fn time(shared: &Shared) -> String {
    format!("{} {}", shared.app.now(), shared.app.pace())
}

async fn is_over(shared: &Shared, token: String) -> bool {
    let app = shared.app.clone();
    !matches!(blocking(move || signin::peek(&app, &token)).await, Ok(Some(_)))
}
