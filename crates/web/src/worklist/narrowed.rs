//! What a list is narrowed to, and what it shows besides: read from the page's address and written back to it. It holds no
//! personal data, so an address can be handed on.

use crate::posted::Posted;
use crate::signin::encoded;
use doorstep_app::{Ctx, desk};
use doorstep_case::{ServiceLine, Stage};
use doorstep_store::worklist::{Cursor, Filter, Language, Queue};
use doorstep_vocab::{CaseId, Micros, PayerId, UserId};

/// Ages that a list can be narrowed to, in hours since the first receipt. Source: facts 10, aging.
pub(super) const AGES: [(i64, &str); 6] = [
    (24, "a day"),
    (48, "2 days"),
    (72, "3 days"),
    (168, "a week"),
    (336, "2 weeks"),
    (720, "30 days"),
];

/// Digits of a ZIP that a list can be narrowed to: an area of the post, or one ZIP.
const ZIP_DIGITS: std::ops::RangeInclusive<usize> = 3..=5;

/// A column that a list shows when it is asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Manager,
    Age,
    Language,
    Visit,
    Discharge,
}

impl Column {
    pub(super) const ALL: [Self; 5] =
        [Self::Manager, Self::Age, Self::Language, Self::Visit, Self::Discharge];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Age => "age",
            Self::Language => "language",
            Self::Visit => "visit",
            Self::Discharge => "discharge",
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Manager => "Manager",
            Self::Age => "Here since",
            Self::Language => "Language",
            Self::Visit => "Next visit",
            Self::Discharge => "Discharge",
        }
    }
}

/// A queue, narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Narrowed {
    pub(super) queue: Queue,
    pub(super) payer_id: Option<PayerId>,
    pub(super) service: Option<ServiceLine>,
    pub(super) stage: Option<Stage>,
    pub(super) manager: Option<UserId>,
    pub(super) clock: Option<String>,
    pub(super) age_h: Option<i64>,
    pub(super) language: Option<Language>,
    pub(super) zip: Option<String>,
    pub(super) columns: Vec<Column>,
}

impl Narrowed {
    /// Reads what was asked for. What is not understood narrows nothing.
    pub(super) fn read(asked: &Posted, first: Queue) -> Self {
        let zip = asked.get("zip").filter(|zip| {
            ZIP_DIGITS.contains(&zip.len()) && zip.chars().all(|c| c.is_ascii_digit())
        });
        let age_h = asked.get("age").and_then(|age| age.parse().ok());
        let columns: Vec<&str> = asked.all("show").collect();
        Self {
            queue: asked.get("queue").and_then(Queue::parse).unwrap_or(first),
            payer_id: asked.get("payer").map(PayerId::from),
            service: asked.get("service").and_then(ServiceLine::parse),
            stage: asked.get("stage").and_then(Stage::parse),
            manager: asked.get("manager").map(UserId::from),
            clock: asked.text("clock"),
            age_h: age_h.filter(|age| AGES.iter().any(|(known, _)| known == age)),
            language: asked.get("language").and_then(Language::parse),
            zip: zip.map(str::to_owned),
            columns: Column::ALL.into_iter().filter(|c| columns.contains(&c.name())).collect(),
        }
    }

    /// Reads what [`query`](Self::query) wrote.
    pub(super) fn parse(query: &str, first: Queue) -> Self {
        let uri = format!("/worklist?{query}").parse().unwrap_or_default();
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri);
        Self::read(&Posted(pairs.map(|pairs| pairs.0).unwrap_or_default()), first)
    }

    /// Returns whether fewer cases are listed than the queue has.
    pub(super) fn is_narrowed(&self) -> bool {
        let whole = Self { queue: self.queue, columns: self.columns.clone(), ..Self::default() };
        *self != whole
    }

    /// Returns the part of the address after the question mark, always in the same order.
    pub(super) fn query(&self) -> String {
        let mut query = format!("queue={}", self.queue.name());
        let mut add = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                query.extend(["&", name, "=", &encoded(value)]);
            }
        };
        add("payer", self.payer_id.as_ref().map(PayerId::as_str));
        add("service", self.service.map(ServiceLine::name));
        add("stage", self.stage.map(Stage::name));
        add("manager", self.manager.as_ref().map(UserId::as_str));
        add("clock", self.clock.as_deref());
        add("age", self.age_h.map(|age| age.to_string()).as_deref());
        add("language", self.language.map(Language::name));
        add("zip", self.zip.as_deref());
        for column in &self.columns {
            add("show", Some(column.name()));
        }
        query
    }

    /// Returns the page's address.
    pub(super) fn path(&self) -> String {
        format!("/worklist?{}", self.query())
    }

    /// Returns the address of the page that goes on after a row.
    pub(super) fn path_after(&self, next: &Cursor) -> String {
        let (sort_at, case_id) = (next.sort_at, encoded(next.case_id.as_str()));
        format!("{}&after={sort_at}~{case_id}", self.path())
    }

    /// Returns what to ask the store for.
    pub(super) fn filter(&self, ctx: &Ctx) -> Filter {
        let received_until = self.age_h.map(|age| ctx.now.plus(Micros::hours(-age)));
        Filter {
            queue: self.queue,
            user_id: ctx.actor.user_id.clone(),
            now: ctx.now,
            day_ends: desk::day_ends(ctx),
            payer_id: self.payer_id.clone(),
            service: self.service,
            stage: self.stage,
            manager: self.manager.clone(),
            clock: self.clock.clone(),
            received_until,
            language: self.language,
            zip: self.zip.clone(),
            text: String::new(),
        }
    }
}

/// Reads the place after which a page goes on.
pub(super) fn cursor(text: &str) -> Option<Cursor> {
    let (sort_at, case_id) = text.split_once('~')?;
    Some(Cursor { sort_at: sort_at.parse().ok()?, case_id: CaseId::from(case_id) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_set() -> Narrowed {
        Narrowed {
            queue: Queue::All,
            payer_id: Some(PayerId::from("a b&c")),
            service: Some(ServiceLine::Dme),
            stage: Some(Stage::Placement),
            manager: Some(UserId::from("agent.one")),
            clock: Some("first-visit".to_owned()),
            age_h: Some(72),
            language: Some(Language::Spanish),
            zip: Some("432".to_owned()),
            columns: vec![Column::Manager, Column::Language],
        }
    }

    #[test]
    fn an_address_is_read_back() {
        assert_eq!(Narrowed::parse(&all_set().query(), Queue::Mine), all_set());
        assert!(all_set().is_narrowed());
        let plain = Narrowed { queue: Queue::Closed, ..Narrowed::default() };
        assert_eq!(Narrowed::parse(&plain.query(), Queue::Mine), plain);
        assert!(!plain.is_narrowed());
        let wide = Narrowed { columns: vec![Column::Age], ..plain };
        assert!(!wide.is_narrowed(), "a column more narrows nothing");
        assert_eq!(wide.query(), "queue=closed&show=age");
    }

    #[test]
    fn what_is_not_understood_narrows_nothing() {
        let odd = "queue=none&service=x&stage=y&age=25&language=zz&zip=4321x&show=z";
        assert_eq!(
            Narrowed::parse(odd, Queue::Triage),
            Narrowed { queue: Queue::Triage, ..Narrowed::default() }
        );
        assert_eq!(Narrowed::parse("zip=12", Queue::Mine).zip, None);
    }

    #[test]
    fn the_place_where_a_page_goes_on_is_read_back() {
        let next = Cursor { sort_at: -7, case_id: CaseId::from("c1") };
        let path = Narrowed { queue: Queue::All, ..Narrowed::default() }.path_after(&next);
        assert_eq!(path, "/worklist?queue=all&after=-7~c1");
        assert_eq!(cursor("-7~c1"), Some(next));
        assert_eq!(cursor("x~c1"), None);
    }
}
