//! One agent: signed in, with a case of their own, who looks at lists and cases, searches, types and writes.

use super::Floor;
use super::form::{ORDER, encoded};
use crate::scale::copies::{case_id, letters};
use anyhow::{Context as _, Result, ensure};
use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::{Request, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use doorstep_app::{App, signin};
use doorstep_case::Role;
use doorstep_vocab::UserId;
use doorstep_world::Rng;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tokio_stream::StreamExt as _;
use tower::ServiceExt as _;

/// What an agent does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Does {
    Worklist,
    AtRisk,
    Case,
    Search,
    Check,
    Note,
    Open,
}

/// Of a hundred pages, how many are which. From what agents of the demo do; a hub's own mix is its own \[K\].
const MIX: &[(u32, Does)] = &[
    (20, Does::Worklist),
    (12, Does::AtRisk),
    (32, Does::Case),
    (14, Does::Search),
    (12, Does::Check),
    (8, Does::Note),
    (2, Does::Open),
];

/// How long a page waits before it looks again, as `live.js` has it: more may come.
const PAGE_WAITS: Duration = Duration::from_millis(700);
/// How soon a list renews itself again, as `live.js` has it.
const LIST_RENEWS: Duration = Duration::from_secs(5);

impl Does {
    pub(super) const ALL: [Self; 7] = [
        Self::Worklist,
        Self::AtRisk,
        Self::Case,
        Self::Search,
        Self::Check,
        Self::Note,
        Self::Open,
    ];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Worklist => "worklist, all open",
            Self::AtRisk => "worklist, at risk",
            Self::Case => "case page",
            Self::Search => "search, by name",
            Self::Check => "what a typed order lacks",
            Self::Note => "note on a case",
            Self::Open => "order opened as a case",
        }
    }
}

/// How long one thing took.
pub(super) struct Time {
    pub(super) does: Does,
    pub(super) ms: f64,
}

/// One agent.
#[derive(Clone)]
pub(super) struct Agent {
    number: usize,
    cookie: String,
    csrf: String,
    /// The path of a case of their own, which they write to.
    own: Arc<OnceLock<String>>,
}

impl Agent {
    pub(super) fn sign_in(app: &App, number: usize) -> Result<Self> {
        let (ctx, user_id) = (app.system("bench"), UserId(format!("agent{number}")));
        signin::add_user(&ctx, &user_id, &format!("Agent {number} Example"), Role::Agent)?;
        let link = signin::make_link(&ctx, &user_id)?;
        let (entered, _) = signin::by_link(app, link.reveal(), &signin::Whence::default())?;
        let token = entered.session().context("nobody has a second factor here")?;
        let who = signin::signed_in(app, token.reveal())?.context("a session")?;
        let cookie = format!("__Host-doorstep={}", token.reveal());
        Ok(Self { number, cookie, csrf: who.csrf, own: Arc::default() })
    }

    /// Types in an order, and keeps the case as their own.
    pub(super) async fn open_a_case(&self, floor: &Floor) -> Result<()> {
        let path = self.open(floor, usize::MAX).await?;
        self.own.set(path).ok().context("a case of their own already")
    }

    /// Works through so many pages, with pauses.
    pub(super) async fn work(
        &self,
        floor: &Floor,
        pages: usize,
        pause: Duration,
    ) -> Result<Vec<Time>> {
        let mut rng = Rng::of(1, &format!("agent {}", self.number));
        let mut times = Vec::with_capacity(pages);
        for page in 0..pages {
            let percent = rng.between(10, 190);
            tokio::time::sleep(pause * percent / 100).await;
            let does = *rng.weighed(MIX).unwrap_or(&Does::Case);
            let ms = self.does(floor, does, page).await?;
            times.push(Time { does, ms });
        }
        Ok(times)
    }

    /// Does one thing, and returns how long the server took, in milliseconds.
    pub(super) async fn does(&self, floor: &Floor, does: Does, nth: usize) -> Result<f64> {
        let some = self.some(floor, nth);
        let began = Instant::now();
        match does {
            Does::Worklist => self.get(floor, "/worklist?queue=all").await.map(drop)?,
            Does::AtRisk => self.get(floor, "/worklist?queue=at-risk").await.map(drop)?,
            Does::Case => self.get(floor, &format!("/cases/{}", case_id(some))).await.map(drop)?,
            Does::Search => {
                let typed = format!("Synthia {}testperson", letters(some));
                self.post(floor, "/search", &[("q", &typed)]).await.map(drop)?;
            }
            Does::Check => self.check(floor, nth).await?,
            Does::Note => self.note(floor, &format!("told again {nth}")).await?,
            Does::Open => self.open(floor, nth).await.map(drop)?,
        }
        Ok(began.elapsed().as_secs_f64() * 1e3)
    }

    /// A number of a case, spread over the store.
    fn some(&self, floor: &Floor, nth: usize) -> u32 {
        let n = u32::try_from(self.number.wrapping_mul(7919).wrapping_add(nth) % 1_000_003);
        n.unwrap_or(0).wrapping_mul(2_654_435_761) % floor.cases
    }

    async fn check(&self, floor: &Floor, nth: usize) -> Result<()> {
        // As far as they have come with typing.
        let typed = ORDER.len() * (nth % 4 + 1) / 4;
        let told = self.post(floor, "/referrals/checks", &ORDER[..typed]).await?;
        ensure!(told.0 == StatusCode::OK, "what an order lacks is told: {}", told.0);
        Ok(())
    }

    async fn note(&self, floor: &Floor, words: &str) -> Result<()> {
        let path = format!("{}/notes", self.own()?);
        let told = self.post(floor, &path, &[("text", words)]).await?;
        ensure!(told.0 == StatusCode::SEE_OTHER, "a note is kept: {}", told.0);
        Ok(())
    }

    async fn open(&self, floor: &Floor, nth: usize) -> Result<String> {
        let family = format!("Agented{}Example", u64::from(nth == usize::MAX));
        let member = format!("TEST-{}-{}", self.number, nth.min(1_000_000));
        let own = [("family_name", family.as_str()), ("member_id", member.as_str())];
        let pairs: Vec<_> = ORDER.iter().copied().chain(own).collect();
        let (status, location) = self.post(floor, "/referrals", &pairs).await?;
        ensure!(status == StatusCode::SEE_OTHER, "an order opens a case: {status}");
        Ok(location.split('?').next().unwrap_or_default().to_owned())
    }

    fn own(&self) -> Result<&str> {
        self.own.get().map(String::as_str).context("a case of their own")
    }

    /// Writes a note, and returns how long it was until another's open page of the case shows it: the page listens, is told,
    /// and looks again.
    pub(super) async fn is_seen_by(
        &self,
        floor: &Floor,
        other: &Self,
        words: &str,
    ) -> Result<Duration> {
        let path = self.own()?.to_owned();
        let mut heard = other.listen(floor).await?;
        let began = Instant::now();
        self.note(floor, words).await?;
        loop {
            ensure!(is_told(&mut heard).await?, "the page still listens");
            tokio::time::sleep(PAGE_WAITS).await;
            let page = other.get(floor, &path).await?;
            if page.windows(words.len()).any(|window| window == words.as_bytes()) {
                return Ok(began.elapsed());
            }
        }
    }

    /// Has a list open that renews itself whenever something was written, until it is ended.
    pub(super) async fn keep_list_open(&self, floor: &Floor) -> Result<()> {
        let mut heard = self.listen(floor).await?;
        while is_told(&mut heard).await? {
            self.get(floor, "/worklist?queue=at-risk").await?;
            tokio::time::sleep(LIST_RENEWS).await;
        }
        Ok(())
    }

    async fn listen(&self, floor: &Floor) -> Result<BodyDataStream> {
        let response = self.ask(floor, Request::get("/live"), Body::empty()).await?;
        ensure!(response.status() == StatusCode::OK, "a page may listen: {}", response.status());
        Ok(response.into_body().into_data_stream())
    }

    async fn get(&self, floor: &Floor, path: &str) -> Result<Bytes> {
        let response = self.ask(floor, Request::get(path), Body::empty()).await?;
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
        ensure!(status == StatusCode::OK, "{path} is shown: {status}");
        Ok(body)
    }

    /// Sends a form, and returns the answer's status and where it leads.
    async fn post(
        &self,
        floor: &Floor,
        path: &str,
        pairs: &[(&str, &str)],
    ) -> Result<(StatusCode, String)> {
        let pairs = pairs.iter().copied().chain([("csrf", self.csrf.as_str())]);
        let form = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(header::CONTENT_TYPE, form);
        let response = self.ask(floor, request, Body::from(encoded(pairs))).await?;
        let status = response.status();
        let leads = response.headers().get(header::LOCATION);
        let leads = leads.and_then(|path| path.to_str().ok()).unwrap_or_default().to_owned();
        axum::body::to_bytes(response.into_body(), usize::MAX).await?;
        Ok((status, leads))
    }

    async fn ask(
        &self,
        floor: &Floor,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Result<Response<Body>> {
        let request = request.header(header::COOKIE, &self.cookie).body(body)?;
        Ok(floor.router.clone().oneshot(request).await.into_response())
    }
}

/// Waits until a listening page is told that something was written; `false` when it is over.
async fn is_told(heard: &mut BodyDataStream) -> Result<bool> {
    while let Some(data) = heard.next().await {
        if data?.windows(7).any(|window| window == b"changed") {
            return Ok(true);
        }
    }
    Ok(false)
}
