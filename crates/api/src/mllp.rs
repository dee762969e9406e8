//! HL7 v2 over MLLP: one message in, one acknowledgement out, the connection kept.

use doorstep_app::App;
use doorstep_app::intake::{Incoming, take};
use doorstep_hl7::{AckCode, Decoder, Received, Reply, frame, nak};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// A connection that says nothing for so long is closed. Source: trust.md section 4, HL7v2/MLLP.
const IDLE: Duration = Duration::from_mins(1);
/// Connections at once. Source: trust.md section 4, HL7v2/MLLP.
const CONNECTIONS_MAX: usize = 100;

/// Serves connections until the listener fails. Messages are taken as the user `mllp`.
pub async fn mllp(app: Arc<App>, listener: TcpListener) -> std::io::Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let (stream, _) = listener.accept().await?;
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            tracing::warn!("an MLLP connection was turned away: {CONNECTIONS_MAX} are open");
            continue;
        };
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            if let Err(error) = converse(app, stream).await {
                tracing::info!("an MLLP connection ended: {error}");
            }
            drop(place);
        });
    }
}

async fn converse(app: Arc<App>, mut stream: TcpStream) -> std::io::Result<()> {
    let (mut decoder, mut buffer) = (Decoder::new(), vec![0; 64 * 1024]);
    loop {
        let read = tokio::time::timeout(IDLE, stream.read(&mut buffer)).await;
        let n_bytes = read.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
        if n_bytes == 0 {
            return Ok(());
        }
        for received in decoder.push(&buffer[..n_bytes]) {
            let app = Arc::clone(&app);
            let answer = tokio::task::spawn_blocking(move || answer(&app, &received)).await;
            let answer = answer.map_err(std::io::Error::other)?;
            stream.write_all(&frame(&answer)).await?;
        }
    }
}

/// Takes a message and answers it. What is not taken for a reason of ours is answered so that it is sent again.
fn answer(app: &App, received: &Received) -> Vec<u8> {
    let ctx = app.system("mllp");
    let (now, control_id) = (hl7_time(ctx.now), format!("DS{}", ctx.request_id));
    match received {
        Received::Message(bytes) => {
            let incoming = Incoming { bytes, name: "mllp", received_at: ctx.now };
            match take(&ctx, &incoming) {
                Ok(taken) => match taken.reply {
                    Some(reply) => reply.bytes,
                    None => nak(&Reply {
                        code: AckCode::AR,
                        problems: &[],
                        now: &now,
                        control_id: &control_id,
                    }),
                },
                Err(error) => {
                    tracing::error!("an HL7 message could not be taken: {error}");
                    nak(&Reply {
                        code: AckCode::AE,
                        problems: &[],
                        now: &now,
                        control_id: &control_id,
                    })
                }
            }
        }
        Received::Broken(problem) => {
            let problems = std::slice::from_ref(problem);
            nak(&Reply { code: AckCode::AR, problems, now: &now, control_id: &control_id })
        }
    }
}

/// Returns a time as HL7 writes it, in UTC.
fn hl7_time(at: doorstep_vocab::Timestamp) -> String {
    at.civil(&doorstep_vocab::Zone::utc()).strftime("%Y%m%d%H%M%S+0000").to_string()
}
