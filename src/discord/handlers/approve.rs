//! `Approve & publish` under a draft.

use crate::discord::asking::Asked;
use crate::discord::components::Fingerprint;
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::domain::ids::IncidentKey;
use crate::use_cases::Target;

pub(super) async fn button(
    front: &Front,
    asked: &Asked,
    incident: IncidentKey,
    update: u32,
    read: &Fingerprint,
) -> Done {
    let (target, number) = (Target::Key(incident), update.to_string());
    let typed = [
        ("update", Some(number.as_str())),
        ("text", Some(read.as_str())),
    ];
    let request = asked.change("approve", &target, &typed);
    let recorded = front
        .house
        .approve(&request, &target, update, read.as_str())
        .await?;
    front.answer_recorded(asked, &request, &recorded).await;
    Ok(())
}
