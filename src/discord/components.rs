//! Typed `custom_id`s of buttons and forms.
//!
//! They hold everything that a press needs, so a button works after a restart and on any process;
//! they say what is asked, never whether the person may. The prefix carries a version: a button of
//! an older Warbell that no longer parses is answered, not guessed at.

use chrono::{DateTime, Utc};

use crate::domain::ids::{IncidentKey, Mention, RoleId, UserId};
use crate::domain::status::StatusName;
use crate::domain::timeline::Seq;
use crate::domain::words::{ActionKind, ReviewSection, Severity};

/// The longest `custom_id` that Discord takes.
/// <https://discord.com/developers/docs/components/reference#anatomy-of-a-component-custom-id>
pub const CUSTOM_ID_MAX: usize = 100;

macro_rules! custom_ids {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$vdoc:meta])* $variant:ident { $($field:ident: $ty:ty),* } = $word:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$vdoc])* $variant { $($field: $ty),* }),+
        }

        impl $name {
            /// The `custom_id`, e.g. `wb1:take:17`.
            pub fn encode(&self) -> String {
                match self {
                    $(Self::$variant { $($field),* } => {
                        let mut id = concat!("wb1:", $word).to_owned();
                        $(
                            id.push(':');
                            id.push_str(&$field.put());
                        )*
                        id
                    })+
                }
            }

            /// Reads a `custom_id`; `None` if it is none of ours.
            pub fn parse(custom_id: &str) -> Option<Self> {
                let mut parts = custom_id.strip_prefix("wb1:")?.split(':');
                match parts.next()? {
                    $($word => {
                        $(let $field = <$ty as Part>::take(parts.next()?)?;)*
                        parts.next().is_none().then_some(Self::$variant { $($field),* })
                    })+
                    _ => None,
                }
            }
        }
    };
}

custom_ids! {
    /// A button that somebody can press.
    Button {
        /// On the card: take the empty chair.
        TakeCommand { incident: IncidentKey } = "take";
        /// On the card: opens the note form.
        AddNote { incident: IncidentKey } = "note";
        /// On the card: asks for the new status.
        UpdateStatus { incident: IncidentKey } = "update";
        /// On the card: opens the escalate form.
        Escalate { incident: IncidentKey } = "escalate";
        /// On the card: opens the resolve form.
        Resolve { incident: IncidentKey } = "resolve";
        /// The answer to `Update status`.
        SetStatus { incident: IncidentKey, status: StatusName } = "status";
        /// On a draft; the fingerprint names the text that was read.
        ApproveUpdate { incident: IncidentKey, update: u32, fingerprint: Fingerprint } = "approve";
        /// On a draft: opens the draft form.
        EditDraft { incident: IncidentKey, update: u32 } = "edit";
        /// On a draft.
        DiscardDraft { incident: IncidentKey, update: u32 } = "discard";
        /// On a page: "I have it."
        Acknowledge { incident: IncidentKey, page: u32 } = "ack";
        /// On a handoff: `I have command`.
        AcceptHandoff { incident: IncidentKey } = "handoff";
        /// Under a timeline: the rows on one side of this row.
        TimelinePage { incident: IncidentKey, from: Seq, direction: Direction } = "timeline";
        /// After a severity that could not be read; the form's words wait in the row `form`.
        DeclareSeverity { form: i64, severity: Severity } = "severity";
    }
}

custom_ids! {
    /// A form that somebody can fill, with what it does not ask for.
    Form {
        /// Declares an incident.
        Declare { started_at: Option<DateTime<Utc>>, private: Option<bool> } = "form-declare";
        /// Notes something; without an incident, in the one whose channel it is.
        Note { incident: Option<IncidentKey> } = "form-note";
        /// Resolves.
        Resolve { incident: IncidentKey } = "form-resolve";
        /// Escalates.
        Escalate { incident: IncidentKey, to: Option<Severity>, page: Option<Mention> } = "form-escalate";
        /// Downgrades.
        Downgrade { incident: IncidentKey, to: Option<Severity> } = "form-downgrade";
        /// Reopens.
        Reopen { incident: IncidentKey } = "form-reopen";
        /// Cancels.
        Cancel { incident: IncidentKey } = "form-cancel";
        /// Describes the impact.
        Impact { incident: IncidentKey } = "form-impact";
        /// Rewrites a draft.
        EditDraft { incident: IncidentKey, update: u32 } = "form-draft";
        /// Corrects a published update.
        CorrectUpdate { incident: IncidentKey, update: u32 } = "form-correct";
        /// Approves the own text while alone, with a reason.
        ApproveAlone { incident: IncidentKey, update: u32, fingerprint: Fingerprint } = "form-approve";
        /// Writes a section of the review.
        ReviewSection { incident: IncidentKey, section: ReviewSection } = "form-review";
        /// Adds a follow-up.
        AddAction {
            incident: IncidentKey,
            owner: Option<UserId>,
            due_at: Option<DateTime<Utc>>,
            kind: Option<ActionKind>
        } = "form-action";
    }
}

/// Which way to leaf through a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The rows before.
    Older,
    /// The rows after.
    Newer,
}

/// Names exactly one text: see [`StatusUpdate::fingerprint`].
///
/// [`StatusUpdate::fingerprint`]: crate::domain::status_update::StatusUpdate::fingerprint
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Takes 16 hex digits.
    pub fn read(text: &str) -> Option<Self> {
        let fits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.to_owned()))
    }

    /// Of this text.
    pub fn of(text: &str) -> Self {
        Self(crate::domain::status_update::fingerprint(text))
    }

    /// The 16 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A part of a `custom_id` between two colons.
trait Part: Sized {
    fn put(&self) -> String;
    fn take(part: &str) -> Option<Self>;
}

impl Part for i64 {
    fn put(&self) -> String {
        self.to_string()
    }
    fn take(part: &str) -> Option<Self> {
        part.parse().ok()
    }
}

impl Part for u32 {
    fn put(&self) -> String {
        self.to_string()
    }
    fn take(part: &str) -> Option<Self> {
        part.parse().ok()
    }
}

impl Part for bool {
    fn put(&self) -> String {
        if *self { "y" } else { "n" }.to_owned()
    }
    fn take(part: &str) -> Option<Self> {
        match part {
            "y" => Some(true),
            "n" => Some(false),
            _ => None,
        }
    }
}

impl Part for IncidentKey {
    fn put(&self) -> String {
        self.0.put()
    }
    fn take(part: &str) -> Option<Self> {
        i64::take(part).map(Self)
    }
}

impl Part for UserId {
    fn put(&self) -> String {
        self.to_string()
    }
    fn take(part: &str) -> Option<Self> {
        part.parse().ok()
    }
}

impl Part for Mention {
    fn put(&self) -> String {
        match self {
            Self::User(id) => format!("u{id}"),
            Self::Role(id) => format!("r{id}"),
        }
    }
    fn take(part: &str) -> Option<Self> {
        if let Some(id) = part.strip_prefix('u') {
            return id.parse().ok().map(|id| Self::User(UserId(id)));
        }
        part.strip_prefix('r')?
            .parse()
            .ok()
            .map(|id| Self::Role(RoleId(id)))
    }
}

impl Part for Severity {
    fn put(&self) -> String {
        self.as_str().to_owned()
    }
    fn take(part: &str) -> Option<Self> {
        part.parse().ok()
    }
}

impl Part for StatusName {
    fn put(&self) -> String {
        self.as_str().to_owned()
    }
    fn take(part: &str) -> Option<Self> {
        Self::read(part)
    }
}

impl Part for ReviewSection {
    fn put(&self) -> String {
        self.as_str().to_owned()
    }
    fn take(part: &str) -> Option<Self> {
        part.parse().ok()
    }
}

impl Part for ActionKind {
    fn put(&self) -> String {
        self.as_str().to_owned()
    }
    fn take(part: &str) -> Option<Self> {
        part.parse().ok()
    }
}

impl Part for Fingerprint {
    fn put(&self) -> String {
        self.0.clone()
    }
    fn take(part: &str) -> Option<Self> {
        Self::read(part)
    }
}

impl Part for Direction {
    fn put(&self) -> String {
        match self {
            Self::Older => "older",
            Self::Newer => "newer",
        }
        .to_owned()
    }
    fn take(part: &str) -> Option<Self> {
        match part {
            "older" => Some(Self::Older),
            "newer" => Some(Self::Newer),
            _ => None,
        }
    }
}

/// To the second.
impl Part for DateTime<Utc> {
    fn put(&self) -> String {
        self.timestamp().put()
    }
    fn take(part: &str) -> Option<Self> {
        DateTime::from_timestamp(i64::take(part)?, 0)
    }
}

impl<T: Part> Part for Option<T> {
    fn put(&self) -> String {
        self.as_ref().map_or_else(|| "-".to_owned(), Part::put)
    }
    fn take(part: &str) -> Option<Self> {
        if part == "-" {
            Some(None)
        } else {
            T::take(part).map(Some)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::option::of;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn key() -> impl Strategy<Value = IncidentKey> {
        any::<i64>().prop_map(IncidentKey)
    }

    fn print() -> impl Strategy<Value = Fingerprint> {
        any::<String>().prop_map(|text| Fingerprint::of(&text))
    }

    fn severity() -> impl Strategy<Value = Severity> {
        select(Severity::ALL)
    }

    fn time() -> impl Strategy<Value = DateTime<Utc>> {
        (DateTime::<Utc>::MIN_UTC.timestamp()..DateTime::<Utc>::MAX_UTC.timestamp())
            .prop_filter_map("a time", |s| DateTime::from_timestamp(s, 0))
    }

    fn mention() -> impl Strategy<Value = Mention> {
        any::<(bool, u64)>().prop_map(|(user, id)| {
            if user {
                Mention::User(UserId(id))
            } else {
                Mention::Role(RoleId(id))
            }
        })
    }

    fn button() -> impl Strategy<Value = Button> {
        let direction = select(&[Direction::Older, Direction::Newer][..]);
        prop_oneof![
            key().prop_map(|incident| Button::TakeCommand { incident }),
            key().prop_map(|incident| Button::AddNote { incident }),
            key().prop_map(|incident| Button::UpdateStatus { incident }),
            key().prop_map(|incident| Button::Escalate { incident }),
            key().prop_map(|incident| Button::Resolve { incident }),
            (key(), select(StatusName::ALL))
                .prop_map(|(incident, status)| Button::SetStatus { incident, status }),
            (key(), any::<u32>(), print()).prop_map(|(incident, update, fingerprint)| {
                Button::ApproveUpdate {
                    incident,
                    update,
                    fingerprint,
                }
            }),
            (key(), any::<u32>())
                .prop_map(|(incident, update)| Button::EditDraft { incident, update }),
            (key(), any::<u32>())
                .prop_map(|(incident, update)| Button::DiscardDraft { incident, update }),
            (key(), any::<u32>())
                .prop_map(|(incident, page)| Button::Acknowledge { incident, page }),
            key().prop_map(|incident| Button::AcceptHandoff { incident }),
            (key(), any::<u32>(), direction).prop_map(|(incident, from, direction)| {
                Button::TimelinePage {
                    incident,
                    from,
                    direction,
                }
            }),
            (any::<i64>(), severity())
                .prop_map(|(form, severity)| Button::DeclareSeverity { form, severity }),
        ]
    }

    fn form() -> impl Strategy<Value = Form> {
        prop_oneof![
            (of(time()), of(any::<bool>())).prop_map(|(started_at, private)| Form::Declare {
                started_at,
                private
            }),
            of(key()).prop_map(|incident| Form::Note { incident }),
            key().prop_map(|incident| Form::Resolve { incident }),
            (key(), of(severity()), of(mention()))
                .prop_map(|(incident, to, page)| Form::Escalate { incident, to, page }),
            (key(), of(severity())).prop_map(|(incident, to)| Form::Downgrade { incident, to }),
            key().prop_map(|incident| Form::Reopen { incident }),
            key().prop_map(|incident| Form::Cancel { incident }),
            key().prop_map(|incident| Form::Impact { incident }),
            (key(), any::<u32>())
                .prop_map(|(incident, update)| Form::EditDraft { incident, update }),
            (key(), any::<u32>())
                .prop_map(|(incident, update)| Form::CorrectUpdate { incident, update }),
            (key(), any::<u32>(), print()).prop_map(|(incident, update, fingerprint)| {
                Form::ApproveAlone {
                    incident,
                    update,
                    fingerprint,
                }
            }),
            (key(), select(ReviewSection::ALL))
                .prop_map(|(incident, section)| Form::ReviewSection { incident, section }),
            (
                key(),
                of(any::<u64>().prop_map(UserId)),
                of(time()),
                of(select(ActionKind::ALL))
            )
                .prop_map(|(incident, owner, due_at, kind)| {
                    Form::AddAction {
                        incident,
                        owner,
                        due_at,
                        kind,
                    }
                }),
        ]
    }

    #[test]
    fn a_button_says_what_it_does_in_few_characters() {
        let incident = IncidentKey(17);
        assert_eq!(Button::TakeCommand { incident }.encode(), "wb1:take:17");
        assert_eq!(
            Form::Escalate {
                incident,
                to: None,
                page: Some(Mention::Role(RoleId(5)))
            }
            .encode(),
            "wb1:form-escalate:17:-:r5"
        );
    }

    #[test]
    fn what_is_not_ours_is_not_understood() {
        for id in [
            "",
            "wb1",
            "wb1:",
            "wb1:take",
            "wb1:take:x",
            "wb1:take:1:2",
            "wb0:take:1",
            "take:1",
        ] {
            assert_eq!(Button::parse(id), None, "{id}");
            assert_eq!(Form::parse(id), None, "{id}");
        }
    }

    proptest! {
        #[test]
        fn every_button_reads_back(button in button()) {
            let id = button.encode();
            prop_assert!(id.len() <= CUSTOM_ID_MAX, "{}", id);
            prop_assert_eq!(Button::parse(&id), Some(button));
        }

        #[test]
        fn every_form_reads_back(form in form()) {
            let id = form.encode();
            prop_assert!(id.len() <= CUSTOM_ID_MAX, "{}", id);
            prop_assert_eq!(Form::parse(&id), Some(form));
        }

        #[test]
        fn no_string_is_too_odd_to_read(id in "(wb1:)?([a-z-]{0,14}:?){0,3}(.{0,20}:?){0,6}|.*") {
            let _ = (Button::parse(&id), Form::parse(&id));
        }
    }
}
