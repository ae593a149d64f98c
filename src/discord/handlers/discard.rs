//! `Discard` under a draft.

use crate::discord::asking::Asked;
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::domain::ids::IncidentKey;
use crate::use_cases::Target;

pub(super) async fn button(
    front: &Front,
    asked: &Asked,
    incident: IncidentKey,
    update: u32,
) -> Done {
    let (target, number) = (Target::Key(incident), update.to_string());
    let request = asked.change("discard", &target, &[("update", Some(&number))]);
    let recorded = front.house.discard(&request, &target, update).await?;
    front.answer_recorded(asked, &request, &recorded).await;
    Ok(())
}
