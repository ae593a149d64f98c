//! Forms. Classic text inputs only, the one sort that serenity reads back; labels as promised.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::components::{Fingerprint, Form};
use crate::domain::ids::{IncidentId, IncidentKey, Mention, UserId};
use crate::domain::text::{self, TITLE_MAX};
use crate::domain::verbs::{CUSTOMER, LONG, SERVICES, SHORT};
use crate::domain::words::{ActionKind, ReviewSection, Severity};

/// A form as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modal {
    /// What it does once filled.
    pub form: Form,
    /// Its heading, up to 45 characters.
    pub title: String,
    /// Up to five.
    pub inputs: Vec<Input>,
}

/// One text input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name in the filled form, one of [`input`].
    pub id: &'static str,
    /// What people read over it.
    pub label: &'static str,
    /// Whether it takes several lines.
    pub paragraph: bool,
    /// Whether it must be filled.
    pub required: bool,
    /// At most so many characters.
    pub max: usize,
    /// A grey hint while it is empty.
    pub hint: &'static str,
    /// What stands in it already.
    pub value: Option<String>,
}

/// The names of the inputs.
pub mod input {
    pub const TITLE: &str = "title";
    pub const SEVERITY: &str = "severity";
    pub const KIND: &str = "kind";
    pub const SERVICE: &str = "service";
    pub const SUMMARY: &str = "summary";
    pub const TEXT: &str = "text";
    pub const AT: &str = "at";
    pub const TRIGGER: &str = "trigger";
    pub const REASON: &str = "reason";
    pub const DESCRIPTION: &str = "description";
    pub const CUSTOMERS: &str = "customers";
    pub const REVENUE_PER_MINUTE: &str = "revenue_per_minute";
    pub const STARTED_AT: &str = "started_at";
}

/// What a time, a severity or a number may have.
const WORD: usize = 100;
const TIMES: &str = "14:05, 10 min ago, yesterday 18:30";

impl Modal {
    fn new(form: Form, title: impl Into<String>, inputs: Vec<Input>) -> Self {
        Self {
            form,
            title: text::shorten(&title.into(), 45),
            inputs,
        }
    }

    /// As the `data` of an interaction's answer of type 9.
    pub fn body(&self) -> Value {
        let rows: Vec<Value> = self
            .inputs
            .iter()
            .map(|input| json!({ "type": 1, "components": [input.body()] }))
            .collect();
        json!({ "custom_id": self.form.encode(), "title": self.title, "components": rows })
    }
}

impl Input {
    fn line(id: &'static str, label: &'static str, max: usize) -> Self {
        Self {
            id,
            label,
            paragraph: false,
            required: true,
            max,
            hint: "",
            value: None,
        }
    }

    fn paragraph(id: &'static str, label: &'static str, max: usize) -> Self {
        Self {
            paragraph: true,
            ..Self::line(id, label, max)
        }
    }

    fn optional(self) -> Self {
        Self {
            required: false,
            ..self
        }
    }

    fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// Discord refuses the whole form if a value is over its limit.
    fn value(self, value: Option<&str>) -> Self {
        let value = value
            .map(|value| {
                if self.paragraph {
                    text::clean_block(value, self.max)
                } else {
                    text::clean_line(value, self.max)
                }
            })
            .filter(|value| !value.is_empty());
        Self { value, ..self }
    }

    fn body(&self) -> Value {
        let mut body = json!({
            "type": 4,
            "custom_id": self.id,
            "style": if self.paragraph { 2 } else { 1 },
            "label": self.label,
            "required": self.required,
            "max_length": self.max,
        });
        if !self.hint.is_empty() {
            body["placeholder"] = json!(self.hint);
        }
        if let Some(value) = &self.value {
            body["value"] = json!(value);
        }
        body
    }
}

/// What was typed as options before the form opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Typed<'a> {
    pub title: Option<&'a str>,
    pub severity: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub service: Option<&'a str>,
    pub summary: Option<&'a str>,
    pub started_at: Option<DateTime<Utc>>,
    pub private: Option<bool>,
}

/// Declare an incident.
pub fn declare(typed: Typed<'_>) -> Modal {
    let form = Form::Declare {
        started_at: typed.started_at,
        private: typed.private,
    };
    Modal::new(
        form,
        "Declare an incident",
        vec![
            Input::line(input::TITLE, "Title", TITLE_MAX)
                .hint("What is wrong, in a few words")
                .value(typed.title),
            Input::line(input::SEVERITY, "Severity", WORD)
                .optional()
                .hint("critical, major or minor; empty means major")
                .value(typed.severity),
            Input::line(input::KIND, "Kind", WORD)
                .optional()
                .hint("technical, security, operational, customer service")
                .value(typed.kind),
            Input::line(input::SERVICE, "Service", SERVICES)
                .optional()
                .hint("checkout, cart")
                .value(typed.service),
            Input::paragraph(input::SUMMARY, "Summary", LONG)
                .optional()
                .hint("What is known so far")
                .value(typed.summary),
        ],
    )
}

/// Add a note.
pub fn note(incident: Option<IncidentKey>, text: Option<&str>, at: Option<&str>) -> Modal {
    Modal::new(
        Form::Note { incident },
        "Add a note",
        vec![
            Input::paragraph(input::TEXT, "Text", LONG).value(text),
            Input::line(input::AT, "At", WORD)
                .optional()
                .hint(TIMES)
                .value(at),
        ],
    )
}

/// End the response.
pub fn resolve(
    incident: IncidentKey,
    id: IncidentId,
    summary: Option<&str>,
    trigger: Option<&str>,
) -> Modal {
    Modal::new(
        Form::Resolve { incident },
        format!("Resolve {id}"),
        vec![
            Input::paragraph(input::SUMMARY, "Summary", LONG)
                .hint("How it ended, and what brought it about")
                .value(summary),
            Input::paragraph(input::TRIGGER, "Trigger", LONG)
                .optional()
                .hint("What set it off, if it is known")
                .value(trigger),
        ],
    )
}

/// Raise the severity.
pub fn escalate(
    incident: IncidentKey,
    id: IncidentId,
    to: Option<Severity>,
    page: Option<Mention>,
) -> Modal {
    Modal::new(
        Form::Escalate { incident, to, page },
        format!("Escalate {id}"),
        vec![reason()],
    )
}

/// Lower the severity.
pub fn downgrade(incident: IncidentKey, id: IncidentId, to: Option<Severity>) -> Modal {
    Modal::new(
        Form::Downgrade { incident, to },
        format!("Downgrade {id}"),
        vec![reason()],
    )
}

/// Go on with a response that ended.
pub fn reopen(incident: IncidentKey, id: IncidentId) -> Modal {
    Modal::new(
        Form::Reopen { incident },
        format!("Reopen {id}"),
        vec![reason()],
    )
}

/// Say that it was none.
pub fn cancel(incident: IncidentKey, id: IncidentId) -> Modal {
    Modal::new(
        Form::Cancel { incident },
        format!("Cancel {id}"),
        vec![reason()],
    )
}

/// What stands in the impact form already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypedImpact<'a> {
    pub description: Option<&'a str>,
    pub customers: Option<&'a str>,
    pub revenue_per_minute: Option<&'a str>,
    pub started_at: Option<&'a str>,
}

/// Describe the impact.
pub fn impact(incident: IncidentKey, id: IncidentId, typed: TypedImpact<'_>) -> Modal {
    Modal::new(
        Form::Impact { incident },
        format!("Impact of {id}"),
        vec![
            Input::paragraph(input::DESCRIPTION, "Description", SHORT)
                .optional()
                .hint("What customers notice; the draft for customers quotes it")
                .value(typed.description),
            Input::line(input::CUSTOMERS, "Customers", WORD)
                .optional()
                .hint("120000, about 5 %")
                .value(typed.customers),
            Input::line(input::REVENUE_PER_MINUTE, "Revenue per minute", WORD)
                .optional()
                .hint("12000 EUR")
                .value(typed.revenue_per_minute),
            Input::line(input::STARTED_AT, "Started at", WORD)
                .optional()
                .hint(TIMES)
                .value(typed.started_at),
        ],
    )
}

/// Rewrite a draft for customers.
pub fn edit_draft(incident: IncidentKey, id: IncidentId, update: u32, text: &str) -> Modal {
    Modal::new(
        Form::EditDraft { incident, update },
        format!("{id} · update {update}"),
        vec![Input::paragraph(input::TEXT, "Text", CUSTOMER).value(Some(text))],
    )
}

/// Correct what customers were told.
pub fn correct_update(incident: IncidentKey, id: IncidentId, update: u32, text: &str) -> Modal {
    Modal::new(
        Form::CorrectUpdate { incident, update },
        format!("Correct {id} · update {update}"),
        vec![Input::paragraph(input::TEXT, "Text", CUSTOMER).value(Some(text))],
    )
}

/// Approve one's own text, alone.
pub fn approve_alone(
    incident: IncidentKey,
    id: IncidentId,
    update: u32,
    fingerprint: Fingerprint,
) -> Modal {
    let why = Input::paragraph(input::REASON, "Reason", SHORT)
        .hint("Why nobody else can read it first; the review shows this");
    Modal::new(
        Form::ApproveAlone {
            incident,
            update,
            fingerprint,
        },
        format!("Approve {id} · update {update} alone"),
        vec![why],
    )
}

/// Write a section of the review.
pub fn review_section(incident: IncidentKey, section: ReviewSection, text: Option<&str>) -> Modal {
    Modal::new(
        Form::ReviewSection { incident, section },
        format!("Review: {section}"),
        vec![Input::paragraph(input::TEXT, "Text", LONG).value(text)],
    )
}

/// Add a follow-up.
pub fn add_action(
    incident: IncidentKey,
    owner: Option<UserId>,
    due_at: Option<DateTime<Utc>>,
    kind: Option<ActionKind>,
    text: Option<&str>,
) -> Modal {
    Modal::new(
        Form::AddAction {
            incident,
            owner,
            due_at,
            kind,
        },
        "Add an action item",
        vec![
            Input::paragraph(input::TEXT, "Text", SHORT)
                .hint("What is to be done")
                .value(text),
        ],
    )
}

fn reason() -> Input {
    Input::paragraph(input::REASON, "Reason", SHORT).optional()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: IncidentKey = IncidentKey(i64::MIN);

    fn all(typed: &str) -> Vec<Modal> {
        let id = IncidentId::public(u32::MAX);
        let some = Some(typed);
        let declared = Typed {
            title: some,
            severity: some,
            kind: some,
            service: some,
            summary: some,
            ..Typed::default()
        };
        let described = TypedImpact {
            description: some,
            customers: some,
            revenue_per_minute: some,
            started_at: some,
        };
        let mut modals = vec![
            declare(declared),
            note(Some(KEY), some, some),
            resolve(KEY, id, some, some),
            escalate(KEY, id, None, None),
            downgrade(KEY, id, None),
            reopen(KEY, id),
            cancel(KEY, id),
            impact(KEY, id, described),
            edit_draft(KEY, id, u32::MAX, typed),
            correct_update(KEY, id, u32::MAX, typed),
            approve_alone(KEY, id, u32::MAX, Fingerprint::of(typed)),
            add_action(KEY, None, None, None, some),
        ];
        modals.extend(
            ReviewSection::ALL
                .iter()
                .map(|s| review_section(KEY, *s, some)),
        );
        modals
    }

    fn labels(modal: &Modal) -> Vec<&str> {
        modal.inputs.iter().map(|input| input.label).collect()
    }

    #[test]
    fn labels_are_the_promised_ones() {
        let labels: Vec<_> = all("x").iter().map(|m| labels(m).join(", ")).collect();
        insta::assert_snapshot!(labels[..12].join("\n"), @r"
        Title, Severity, Kind, Service, Summary
        Text, At
        Summary, Trigger
        Reason
        Reason
        Reason
        Reason
        Description, Customers, Revenue per minute, Started at
        Text
        Text
        Reason
        Text
        ");
    }

    #[test]
    fn what_was_typed_stands_in_the_form() {
        let modal = declare(Typed {
            title: Some("Checkout down"),
            ..Typed::default()
        });
        let body = modal.body();
        assert_eq!(body["custom_id"], "wb1:form-declare:-:-");
        assert_eq!(
            body["components"][0]["components"][0]["value"],
            "Checkout down"
        );
        assert_eq!(body["components"][1]["components"][0]["value"], Value::Null);
    }

    proptest! {
        #[test]
        fn every_form_is_one_that_discord_takes(typed in ".{0,50}|x{4000}|(a\n){2500}") {
            for modal in all(&typed) {
                prop_assert!((1..=45).contains(&modal.title.chars().count()), "{}", modal.title);
                prop_assert!((1..=5).contains(&modal.inputs.len()));
                prop_assert_eq!(Form::parse(&modal.form.encode()), Some(modal.form.clone()));
                for input in &modal.inputs {
                    prop_assert!((1..=45).contains(&input.label.len()));
                    prop_assert!((1..=4000).contains(&input.max));
                    prop_assert!(input.hint.chars().count() <= 100, "{}", input.hint);
                    let fits = input.value.as_ref().is_none_or(|v| v.chars().count() <= input.max);
                    prop_assert!(fits);
                }
            }
        }
    }
}
