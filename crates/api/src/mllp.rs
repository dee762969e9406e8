//! HL7 v2 over MLLP: one message in, one acknowledgement out, the connection kept.

use crate::Limits;
use crate::listening::{Seat, Seats, Standing, accept};
use crate::turns::Turns;
use doorstep_app::intake::{Incoming, keep_broken, take};
use doorstep_app::{App, Ctx, PATIENCE};
use doorstep_exchange::Format;
use doorstep_hl7::{
    AckCode, Condition, Decoder, Header, Place, Problem, Received, Reply, ack, frame, messages,
    nak, wanted,
};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How long a sender may take to send the CR behind an FS; many never do. \[K\]
const END: Duration = Duration::from_secs(1);

/// Serves connections for ever. Messages are taken as the user `mllp`.
pub async fn mllp(app: Arc<App>, turns: Turns, listener: TcpListener, limits: Limits) {
    let seats = Seats::new(limits.mllp_connections);
    loop {
        let stream = accept(&listener).await;
        let Some(seat) = seats.take() else {
            tracing::warn!("an MLLP connection was turned away: all others are being answered");
            continue;
        };
        let (app, turns) = (Arc::clone(&app), turns.clone());
        tokio::spawn(async move {
            let mut door = Door { app, turns, stream, seat: &seat, idle: limits.mllp_idle };
            tokio::select! {
                ended = door.converse() => {
                    if let Err(error) = ended {
                        tracing::info!("an MLLP connection ended: {error}");
                    }
                }
                () = seat.is_shed() => tracing::info!("an MLLP connection made room for another"),
            }
        });
    }
}

/// One connection.
struct Door<'a> {
    app: Arc<App>,
    turns: Turns,
    stream: TcpStream,
    seat: &'a Seat,
    idle: Duration,
}

impl Door<'_> {
    async fn converse(&mut self) -> std::io::Result<()> {
        let (mut decoder, mut buffer) = (Decoder::new(), vec![0; 64 * 1024]);
        // A byte now and then buys no time: the clock starts anew with each message, and with the first byte of the next.
        let mut since = Instant::now();
        loop {
            let silence = self.idle.saturating_sub(since.elapsed());
            let wait = if decoder.awaits_end() { END.min(silence) } else { silence };
            match tokio::time::timeout(wait, self.stream.read(&mut buffer)).await {
                Ok(Ok(n_bytes)) if n_bytes > 0 => {
                    let was_in_frame = decoder.is_in_frame();
                    let received = decoder.push(&buffer[..n_bytes]);
                    if !received.is_empty() || !was_in_frame {
                        since = Instant::now();
                    }
                    self.answer(received).await?;
                }
                Err(_) if decoder.awaits_end() => {
                    self.answer(decoder.finish()).await?;
                    since = Instant::now();
                }
                // What is left is kept and answered before the connection ends, however it ends.
                Ok(ended) => {
                    self.answer(decoder.finish()).await?;
                    return ended.map(|_| ());
                }
                Err(_) => {
                    self.answer(decoder.finish()).await?;
                    return Err(std::io::ErrorKind::TimedOut.into());
                }
            }
        }
    }

    async fn answer(&mut self, all: Vec<Received>) -> std::io::Result<()> {
        let mut sent = Ok(());
        // What came is taken whether or not its sender still listens.
        for received in all {
            self.seat.set(Standing::Busy);
            for answer in self.taken(received).await? {
                if sent.is_ok() {
                    self.seat.set(Standing::Taking);
                    sent = self.send(&frame(&answer)).await;
                }
            }
            self.seat.set(Standing::Idle);
        }
        sent
    }

    /// Takes a message when it is its turn, and returns the answers to it.
    async fn taken(&self, received: Received) -> std::io::Result<Vec<Vec<u8>>> {
        let received = Arc::new(received);
        let Some(turn) = self.turns.next().await else { return Ok(late(&self.app, &received)) };
        let (app, own) = (Arc::clone(&self.app), Arc::clone(&received));
        let answers = tokio::task::spawn_blocking(move || {
            let answers = answers(&app, &own);
            drop(turn);
            answers
        });
        match tokio::time::timeout(PATIENCE, answers).await {
            Ok(answers) => answers.map_err(std::io::Error::other),
            Err(_) => Ok(late(&self.app, &received)),
        }
    }

    /// Sends an answer, and does not wait for ever until it is taken.
    async fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let sent = tokio::time::timeout(self.idle, self.stream.write_all(bytes)).await;
        sent.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
    }
}

/// The store stands still: the same is to be sent again.
fn late(app: &App, received: &Received) -> Vec<Vec<u8>> {
    tracing::error!("an HL7 message was not taken in time: its sender is asked to send it again");
    let (Received::Message(bytes) | Received::Broken { bytes, .. }) = received;
    not_now(&app.system("mllp"), bytes)
}

/// Takes a message and answers it, as often as its sender wishes: MSH-15 and MSH-16 may ask for none, or for two.
fn answers(app: &App, received: &Received) -> Vec<Vec<u8>> {
    let ctx = app.system("mllp");
    match received {
        Received::Message(bytes) => {
            let incoming = Incoming { bytes, name: "mllp", received_at: ctx.now };
            match take(&ctx, &incoming) {
                Ok(taken) if taken.format == Format::Hl7.words() => {
                    taken.reply.map(|reply| frames(reply.bytes)).unwrap_or_default()
                }
                Ok(_) => vec![refused(&ctx, "no-message", "this is no HL7 version 2: it was kept")],
                Err(error) => {
                    tracing::error!("an HL7 message could not be taken: {error}");
                    not_now(&ctx, bytes)
                }
            }
        }
        Received::Broken { problem, bytes } => broken(&ctx, problem, bytes),
    }
}

/// Keeps what had come of a frame as a refused file, and answers it under its sender's own number where it has one.
fn broken(ctx: &Ctx, problem: &Problem, bytes: &[u8]) -> Vec<Vec<u8>> {
    let nak = || vec![nak_of(ctx, std::slice::from_ref(problem))];
    if bytes.is_empty() {
        return nak();
    }
    let incoming = Incoming { bytes, name: "mllp", received_at: ctx.now };
    let at = format!("byte {}", problem.at.offset);
    let said = doorstep_exchange::Problem::error(problem.code, at, problem.message.clone());
    match keep_broken(ctx, &incoming, said) {
        Ok(taken) if taken.format == Format::Hl7.words() => {
            taken.reply.map(|reply| frames(reply.bytes)).unwrap_or_default()
        }
        Ok(_) => nak(),
        Err(error) => {
            tracing::error!("a broken HL7 frame could not be kept: {error}");
            not_now(ctx, bytes)
        }
    }
}

/// Two answers to one message go out in a frame each; the answer to a batch is one.
fn frames(reply: Vec<u8>) -> Vec<Vec<u8>> {
    if !reply.starts_with(b"MSH") {
        return vec![reply];
    }
    messages(&reply).into_iter().map(|message| message.bytes.to_vec()).collect()
}

/// What failed on our side is rejected under the sender's own number, so that the same is sent again.
/// Source: trust.md 1.3 (3); HL7 table 0008, AR is for reasons that are not in the message \[K\].
fn not_now(ctx: &Ctx, bytes: &[u8]) -> Vec<Vec<u8>> {
    let words = "it could not be kept just now: send the same again";
    let Some(header) = messages(bytes).first().and_then(|message| Header::read(message).ok())
    else {
        return vec![refused(ctx, "busy", words)];
    };
    let problem = Problem::error("busy", Place::default(), words).with(Condition::Internal);
    let (now, control_id) = (hl7_time(ctx.now), format!("DS{}", ctx.request_id));
    let answer = |code| {
        let problems = std::slice::from_ref(&problem);
        ack(&header, &Reply { code, problems, now: &now, control_id: &control_id })
    };
    wanted(&header, AckCode::AR).into_iter().map(answer).collect()
}

fn refused(ctx: &Ctx, code: &'static str, words: &str) -> Vec<u8> {
    let problem = Problem::error(code, Place::default(), words).with(Condition::Internal);
    nak_of(ctx, &[problem])
}

fn nak_of(ctx: &Ctx, problems: &[Problem]) -> Vec<u8> {
    let (now, control_id) = (hl7_time(ctx.now), format!("DS{}", ctx.request_id));
    nak(&Reply { code: AckCode::AR, problems, now: &now, control_id: &control_id })
}

/// Returns a time as HL7 writes it, in UTC.
fn hl7_time(at: doorstep_vocab::Timestamp) -> String {
    at.civil(&doorstep_vocab::Zone::utc()).strftime("%Y%m%d%H%M%S+0000").to_string()
}
