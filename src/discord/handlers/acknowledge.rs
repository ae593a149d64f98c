//! `Acknowledge` on a page.

use crate::discord::asking::Asked;
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::domain::ids::IncidentKey;
use crate::use_cases::Target;

pub(super) async fn button(front: &Front, asked: &Asked, incident: IncidentKey, page: u32) -> Done {
    let (target, number) = (Target::Key(incident), page.to_string());
    let request = asked.change("acknowledge", &target, &[("page", Some(&number))]);
    let recorded = front.house.acknowledge(&request, &target, page).await?;
    front.answer_recorded(asked, &request, &recorded).await;
    Ok(())
}
