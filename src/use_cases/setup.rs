//! `/setup`: what a server may set. Everything works without it.

use super::{House, Outcome, Request};
use crate::domain::ids::ChannelId;
use crate::domain::policy;
use crate::store::servers::{self, Settings};
use crate::store::{Lane, WriteTx, effects, views};

/// The channels that `/setup channels` may name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// In place of `#incidents`.
    pub incidents: Option<ChannelId>,
    /// In place of `#status-updates`.
    pub updates: Option<ChannelId>,
}

/// What stands, as `/setup show` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The settings.
    pub settings: Settings,
    /// The channels in use, once they stand.
    pub channels: Channels,
}

impl House {
    /// Changes settings; gives them as they stand then.
    pub async fn setup(
        &self,
        request: &Request,
        change: impl FnOnce(&mut Settings),
    ) -> Outcome<Standing> {
        policy::may_setup(&request.person)?;
        let mut tx = self.db.write(Lane::Actor).await?;
        servers::ensure(&mut tx, request.guild).await?;
        let mut settings = servers::settings(tx.conn(), request.guild).await?;
        change(&mut settings);
        servers::save(&mut tx, request.guild, &settings).await?;
        try_parked_again(&mut tx, request).await?;
        let channels = standing_channels(&mut tx, request).await?;
        tx.commit().await?;
        Ok(Standing { settings, channels })
    }

    /// Names the channels to use.
    pub async fn setup_channels(&self, request: &Request, named: Channels) -> Outcome<Standing> {
        policy::may_setup(&request.person)?;
        let mut tx = self.db.write(Lane::Actor).await?;
        servers::ensure(&mut tx, request.guild).await?;
        for (name, channel) in [
            (views::Name::Incidents, named.incidents),
            (views::Name::Updates, named.updates),
        ] {
            if let Some(channel) = channel
                && let Some(view) = views::of_server(tx.conn(), request.guild, name, 0).await?
            {
                views::point_at(&mut tx, view.id, channel).await?;
                if name == views::Name::Incidents {
                    views::restart_digests(&mut tx, request.guild, channel).await?;
                }
            }
        }
        try_parked_again(&mut tx, request).await?;
        let channels = standing_channels(&mut tx, request).await?;
        let settings = servers::settings(tx.conn(), request.guild).await?;
        tx.commit().await?;
        Ok(Standing { settings, channels })
    }

    /// The settings as they stand.
    pub async fn setup_show(&self, request: &Request) -> Outcome<Standing> {
        policy::may_setup(&request.person)?;
        let mut conn = self.db.read().await?;
        let settings = servers::settings(&mut conn, request.guild).await?;
        let mut channels = Channels::default();
        for (name, channel) in [
            (views::Name::Incidents, &mut channels.incidents),
            (views::Name::Updates, &mut channels.updates),
        ] {
            *channel = views::of_server(&mut conn, request.guild, name, 0)
                .await?
                .and_then(|view| view.as_channel());
        }
        Ok(Standing { settings, channels })
    }
}

/// Somebody is mending things: what waits for a mend is tried again.
async fn try_parked_again(tx: &mut WriteTx, request: &Request) -> Outcome<()> {
    views::unpark(tx, request.guild).await?;
    effects::unpark(tx, request.guild).await?;
    Ok(())
}

async fn standing_channels(tx: &mut WriteTx, request: &Request) -> Outcome<Channels> {
    let incidents = views::of_server(tx.conn(), request.guild, views::Name::Incidents, 0).await?;
    let updates = views::of_server(tx.conn(), request.guild, views::Name::Updates, 0).await?;
    Ok(Channels {
        incidents: incidents.and_then(|view| view.as_channel()),
        updates: updates.and_then(|view| view.as_channel()),
    })
}
