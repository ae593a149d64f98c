//! `Edit` under a draft.

use crate::discord::asking::Asked;
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::discord::handlers::Fields;
use crate::discord::modals::{self, input};
use crate::domain::ids::IncidentKey;
use crate::use_cases::Target;

/// Opens the form with the text as it stands.
pub(super) async fn button(
    front: &Front,
    asked: &Asked,
    incident: IncidentKey,
    update: u32,
) -> Done {
    let target = Target::Key(incident);
    let (found, draft) = front
        .house
        .draft_to_edit(&asked.request(), &target, update)
        .await?;
    front
        .open_form(
            asked,
            modals::edit_draft(incident, found.id, update, &draft.text),
        )
        .await;
    Ok(())
}

/// The form was filled.
pub(super) async fn form(
    front: &Front,
    asked: &Asked,
    fields: &Fields,
    incident: IncidentKey,
    update: u32,
) -> Done {
    let (target, number) = (Target::Key(incident), update.to_string());
    let text = fields.get(input::TEXT).unwrap_or_default().to_owned();
    let typed = [
        ("update", Some(number.as_str())),
        ("text", Some(text.as_str())),
    ];
    let request = asked.change("edit_draft", &target, &typed);
    let recorded = front
        .house
        .edit_draft(&request, &target, update, text)
        .await?;
    front.answer_recorded(asked, &request, &recorded).await;
    Ok(())
}
