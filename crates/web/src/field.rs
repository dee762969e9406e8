//! Fields and forms as they are shown: one template for each, so that labels, hints and errors are everywhere alike.

use crate::errors::capital;
use crate::posted::{Posted, Wrong};
use askama::Template;
use askama::filters::HtmlSafe;

/// One choice of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) words: String,
    pub(crate) group: String,
    pub(crate) is_chosen: bool,
    /// The number entered for it, where numbers are.
    pub(crate) count: String,
}

impl Choice {
    /// Makes a choice that is not chosen.
    pub(crate) fn new(value: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            words: words.into(),
            group: String::new(),
            is_chosen: false,
            count: String::new(),
        }
    }

    /// Puts it under a heading.
    pub(crate) fn under(mut self, group: impl Into<String>) -> Self {
        self.group = group.into();
        self
    }

    /// Enters a number for it.
    pub(crate) fn count(mut self, count: u32) -> Self {
        self.count = count.to_string();
        self
    }

    /// Chooses it, or not.
    pub(crate) fn chosen(mut self, is_chosen: bool) -> Self {
        self.is_chosen = is_chosen;
        self
    }
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Control {
    /// One line; the input's type.
    Line(&'static str),
    /// Several lines.
    Area,
    /// One of a list that opens.
    Select(Vec<Choice>),
    /// One of a list that is seen.
    Radios(Vec<Choice>),
    /// Any of a list.
    Checks(Vec<Choice>),
    /// A single box.
    Tick,
    /// A number for each of a list; the name is the field's, a dot and the value.
    Counts(Vec<Choice>),
    /// A file.
    File,
}

/// One field.
#[derive(Debug, Clone, Template)]
#[template(path = "field.html")]
pub(crate) struct Field {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) control: Control,
    pub(crate) value: String,
    pub(crate) wrong: String,
    pub(crate) is_required: bool,
    pub(crate) autocomplete: &'static str,
    pub(crate) is_wide: bool,
}

impl HtmlSafe for Field {}

impl Field {
    /// Makes an optional field.
    pub(crate) fn new(name: impl Into<String>, label: impl Into<String>, control: Control) -> Self {
        let name = name.into();
        Self {
            id: name.clone(),
            name,
            label: label.into(),
            hint: String::new(),
            control,
            value: String::new(),
            wrong: String::new(),
            is_required: false,
            autocomplete: "off",
            is_wide: false,
        }
    }

    /// Makes a line of text.
    pub(crate) fn line(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Line("text"))
    }

    /// Says that it must be filled in.
    pub(crate) fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// Adds a hint.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Gives it the width of the page.
    pub(crate) fn wide(mut self) -> Self {
        self.is_wide = true;
        self
    }

    /// Fills it in.
    pub(crate) fn with(mut self, value: impl Into<String>) -> Self {
        self.set(&[value.into()]);
        self
    }

    /// Fills a line in.
    pub(crate) fn set_value(&mut self, value: &str) {
        self.set(&[value.to_owned()]);
    }

    /// Fills it in as it was sent, and says what is wrong with it.
    pub(crate) fn refill(&mut self, posted: &Posted, wrong: &[Wrong]) {
        if let Control::Counts(rows) = &mut self.control {
            for row in rows {
                let key = format!("{}.{}", self.name, row.value);
                row.count = posted.text(&key).unwrap_or_default();
            }
        } else {
            let values: Vec<String> = posted.all(&self.name).map(str::to_owned).collect();
            self.set(&values);
        }
        let found = wrong.iter().find(|wrong| wrong.field == self.name);
        self.wrong = found.map(|wrong| capital(&wrong.words)).unwrap_or_default();
    }

    fn set(&mut self, values: &[String]) {
        match &mut self.control {
            Control::Select(choices) | Control::Radios(choices) | Control::Checks(choices) => {
                for choice in choices {
                    choice.is_chosen = values.contains(&choice.value);
                }
            }
            Control::Line(_) | Control::Area | Control::Tick => {
                self.value = values.last().cloned().unwrap_or_default();
            }
            Control::Counts(_) | Control::File => {}
        }
    }

    fn is_group(&self) -> bool {
        matches!(self.control, Control::Radios(_) | Control::Checks(_) | Control::Counts(_))
    }

    fn is_tick(&self) -> bool {
        self.control == Control::Tick
    }

    fn ends_in_group(&self) -> bool {
        match &self.control {
            Control::Select(choices) => choices.last().is_some_and(|last| !last.group.is_empty()),
            _ => false,
        }
    }

    fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id));
        let wrong = (!self.wrong.is_empty()).then(|| format!("{}-wrong", self.id));
        hint.into_iter().chain(wrong).collect::<Vec<_>>().join(" ")
    }
}

/// A form with its own button.
#[derive(Debug, Clone, Template)]
#[template(path = "form.html")]
pub(crate) struct Form {
    /// Where on the page it stands.
    pub(crate) id: String,
    /// Where it posts to.
    pub(crate) action: String,
    /// What it does.
    pub(crate) title: String,
    /// What its button says.
    pub(crate) submit: String,
    /// What is asked.
    pub(crate) fields: Vec<Field>,
    /// What goes with it unseen.
    pub(crate) hidden: Vec<(String, String)>,
    /// Whether its button is the page's first.
    pub(crate) is_main: bool,
    /// Whether it sends files.
    pub(crate) has_file: bool,
    /// What is wrong with it, field by field.
    pub(crate) wrong: Vec<Wrong>,
}

impl HtmlSafe for Form {}

impl Form {
    /// Makes a form with what every form carries.
    pub(crate) fn new(
        id: impl Into<String>,
        action: impl Into<String>,
        title: impl Into<String>,
        csrf: &str,
    ) -> Self {
        let title = title.into();
        Self {
            id: id.into(),
            action: action.into(),
            submit: title.clone(),
            title,
            fields: Vec::new(),
            hidden: vec![("csrf".to_owned(), csrf.to_owned())],
            is_main: false,
            has_file: false,
            wrong: Vec::new(),
        }
    }

    /// Names the button.
    pub(crate) fn submit(mut self, words: impl Into<String>) -> Self {
        self.submit = words.into();
        self
    }

    /// Adds a field. Its id is the form's and its own, so that it is the page's only one.
    pub(crate) fn field(mut self, mut field: Field) -> Self {
        field.id = format!("{}-{}", self.id, field.name);
        self.fields.push(field);
        self
    }

    /// Adds something unseen.
    pub(crate) fn hide(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// Fills the form in as it was sent, and says what is wrong with it. What goes unseen stays as sent, so that the
    /// same thing keeps its id; the secret and the version are the page's own.
    pub(crate) fn refill(&mut self, posted: &Posted, wrong: &[Wrong]) {
        for field in &mut self.fields {
            field.refill(posted, wrong);
        }
        for (name, value) in &mut self.hidden {
            if name != "csrf" && name != "seen" {
                *value = posted.text(name).unwrap_or_else(|| value.clone());
            }
        }
        self.wrong = wrong.to_vec();
    }

    /// Returns what is wrong, each with where on the page its field stands, and takes it out of the form: for a page
    /// that lists it at its top. The words beside each field stay.
    pub(crate) fn told(&mut self) -> Vec<(String, String)> {
        let wrong = std::mem::take(&mut self.wrong);
        wrong.iter().map(|wrong| (self.anchor(wrong), self.words(wrong))).collect()
    }

    /// Returns where on the page the words about a field stand.
    fn anchor(&self, wrong: &Wrong) -> String {
        self.at(wrong).map_or_else(|| self.id.clone(), |field| field.id.clone())
    }

    /// Returns the words with the field's label, where it has one.
    fn words(&self, wrong: &Wrong) -> String {
        match self.at(wrong) {
            Some(field) => format!("{}: {}", field.label, wrong.words),
            None => capital(&wrong.words),
        }
    }

    fn at(&self, wrong: &Wrong) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == wrong.field)
    }
}

/// Returns the heading of the choice before, for a template that opens a new one where it changes.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
pub(crate) fn group_before(choices: &[Choice], at: &usize) -> String {
    at.checked_sub(1)
        .and_then(|before| choices.get(before))
        .map(|choice| choice.group.clone())
        .unwrap_or_default()
}
