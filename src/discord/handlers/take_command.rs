//! `Take command` on the card.

use crate::discord::asking::Asked;
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::domain::ids::IncidentKey;
use crate::use_cases::Target;

pub(super) async fn button(front: &Front, asked: &Asked, incident: IncidentKey) -> Done {
    let target = Target::Key(incident);
    let request = asked.change("take_command", &target, &[]);
    let recorded = front.house.take_command(&request, &target).await?;
    front.answer_recorded(asked, &request, &recorded).await;
    Ok(())
}
