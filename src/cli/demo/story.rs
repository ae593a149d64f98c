//! The Prime Day story: a shop loses its site on its biggest day, and people in four time zones
//! bring it back within the hour.

use anyhow::{Context, ensure};
use serde_json::json;

use super::figures::AckTimes;
use super::stage::Stage;
use crate::domain::actor::Person as Asker;
use crate::domain::ids::GuildId;
use crate::domain::status::StatusName;
use crate::domain::status_update::UpdateState;
use crate::domain::words::{Role, Severity};
use crate::review::{Format, Links, Review, file_name, render};
use crate::sandbox::{Answer, ChannelId, ChannelLook, Look, MessageLook, Person};
use crate::use_cases::{Request, Target};

/// Those who play.
struct Cast {
    seattle: Person,
    berlin: Person,
    dublin: Person,
    hyderabad: Person,
    monitor: Person,
}

/// The incident's channel begins with this.
const CHANNEL: &str = "inc-1-";

/// Plays it from the first alert to the review.
pub async fn play(stage: &mut Stage) -> anyhow::Result<()> {
    let alerts = ChannelId::from(stage.server.add_channel("alerts").get());
    let cast = Cast {
        seattle: stage.server.add_member("sre-seattle"),
        berlin: stage.server.add_member("lead-berlin"),
        dublin: stage.server.add_member("comms-dublin"),
        hyderabad: stage.server.add_member("ops-hyderabad"),
        monitor: stage.server.add_member("monitor"),
    };
    let on_call = stage.server.add_role("capacity-on-call", true);
    cast.hyderabad.give_role(on_call);
    stage.aside(
        "Prime Day at Prime Shop. Everything below is the real bot on the built-in sandbox.",
    )?;
    zones(stage, &cast, alerts).await?;
    let channel = declare(stage, &cast, alerts).await?;
    staff(stage, &cast, channel).await?;
    escalate(stage, &cast, channel, on_call.get()).await?;
    first_word(stage, &cast, channel).await?;
    identified(stage, &cast, channel).await?;
    monitoring(stage, &cast, channel).await?;
    resolve(stage, &cast, channel).await?;
    review(stage, &cast, channel).await?;
    figures(stage).await
}

async fn zones(stage: &mut Stage, cast: &Cast, alerts: ChannelId) -> anyhow::Result<()> {
    stage
        .at(
            "16:57",
            "sre-seattle, lead-berlin",
            "/me zone: times are read in each one's own",
        )
        .await?;
    for (person, zone) in [
        (&cast.seattle, "America/Los_Angeles"),
        (&cast.berlin, "Europe/Berlin"),
    ] {
        let answer = person
            .slash(alerts, "me zone", json!({ "zone": zone }))
            .await?
            .answer()
            .await?;
        ensure!(
            answer.ephemeral() && answer.text().contains(zone),
            "{}",
            answer.text()
        );
    }
    stage.shown("both zones are set", |_| true).await
}

async fn declare(stage: &mut Stage, cast: &Cast, alerts: ChannelId) -> anyhow::Result<ChannelId> {
    stage
        .at("16:58", "monitor", "raises an alert in #alerts")
        .await?;
    cast.monitor.say(
        alerts,
        "FIRING StorefrontErrorRate: 38 % of requests fail (threshold 2 %). Traffic is at 8x the usual.",
    )?;
    stage
        .shown("the alert stands in #alerts", |look| {
            in_channel(look, "alerts", "FIRING")
        })
        .await?;

    stage
        .at(
            "17:00",
            "sre-seattle",
            "/incident declare title:Storefront and checkout errors severity:major",
        )
        .await?;
    let before = stage.sandbox.look().requests().len();
    let asked = cast
        .seattle
        .slash(
            alerts,
            "incident declare",
            json!({
                "title": "Storefront and checkout errors",
                "severity": "major",
                "kind": "technical",
                "service": "storefront, checkout",
                "summary": "38 % of requests fail since Prime Day traffic began.",
                "started_at": "4 min ago",
            }),
        )
        .await?;
    let answer = asked.answer().await?;
    ensure!(
        answer.text().contains("INC-1"),
        "the answer names the incident at once: {}",
        answer.text()
    );
    stage
        .shown(
            "the channel is open, its card pinned, its digest entry made",
            |look| {
                let Some(channel) = incident_channel(look) else {
                    return false;
                };
                card(&channel).is_some_and(|card| card.is_pinned())
                    && in_channel(look, "incidents", "INC-1")
                    && look.channel_named("status-updates").is_some()
            },
        )
        .await?;
    let look = stage.sandbox.look();
    let channel = incident_channel(&look)
        .context("the incident has a channel")?
        .id();
    let answer = asked
        .until(|answer| answer.text().contains(&format!("<#{channel}>")))
        .await?;
    ensure!(!answer.ephemeral(), "a declaration is answered in public");
    let requests = look.requests().len() - before;
    ensure!(requests <= 9, "a first declare took {requests} requests");
    stage.aside(&format!("  {requests} requests to Discord, with category, #incidents and #status-updates made on the way"))?;
    Ok(channel)
}

async fn staff(stage: &mut Stage, cast: &Cast, channel: ChannelId) -> anyhow::Result<()> {
    stage
        .at(
            "17:01",
            "sre-seattle",
            "copies the alert into the channel and puts a 📌 on it",
        )
        .await?;
    let alert = cast.monitor.say(
        channel,
        "StorefrontErrorRate 38 %, CPU of the web tier at 100 % in all regions",
    )?;
    cast.seattle.react(alert, "📌")?;
    stage
        .shown(
            "the alert is on the timeline, and the bot says so with ✅",
            |look| {
                look.message(alert)
                    .is_some_and(|message| message.has_reaction("✅", stage_bot(look)))
            },
        )
        .await?;

    stage
        .at("17:02", "lead-berlin", "presses [Take command]")
        .await?;
    let pressed = {
        let look = stage.sandbox.look();
        let channel = incident_channel(&look).context("the incident has a channel")?;
        let card = card(&channel).context("the channel has a card")?;
        cast.berlin
            .click(&card, "Take command")
            .await?
            .answer()
            .await?
    };
    ensure!(!pressed.ephemeral(), "{}", pressed.text());
    stage
        .at(
            "17:03",
            "lead-berlin",
            "/incident assign: communications to Dublin, operations to Hyderabad",
        )
        .await?;
    for (role, person) in [
        ("communications", &cast.dublin),
        ("operations", &cast.hyderabad),
    ] {
        let options = json!({ "role": role, "user": person.id().get().to_string() });
        public(
            cast.berlin
                .slash(channel, "incident assign", options)
                .await?
                .answer()
                .await?,
        )?;
    }
    let (berlin, hyderabad) = (cast.berlin.mention(), cast.hyderabad.mention());
    stage
        .shown("the card names who has which role", |look| {
            on_card(look, &berlin) && on_card(look, &hyderabad)
        })
        .await
}

async fn escalate(
    stage: &mut Stage,
    cast: &Cast,
    channel: ChannelId,
    on_call: u64,
) -> anyhow::Result<()> {
    stage
        .at(
            "17:04",
            "lead-berlin",
            "/incident escalate page:@capacity-on-call",
        )
        .await?;
    let options = json!({ "reason": "Nobody can buy: all regions, all customers", "page": on_call.to_string() });
    public(
        cast.berlin
            .slash(channel, "incident escalate", options)
            .await?
            .answer()
            .await?,
    )?;
    let hyderabad = cast.hyderabad.id().get();
    stage
        .shown(
            "the card says Critical, and the on-call was really pinged",
            |look| {
                on_card(look, "Critical")
                    && look
                        .pings()
                        .iter()
                        .any(|ping| ping.reached.contains(&hyderabad))
            },
        )
        .await?;
    stage
        .at("17:05", "ops-hyderabad", "presses [Acknowledge]")
        .await?;
    let page = find_button(stage, "Acknowledge")?;
    public(
        cast.hyderabad
            .click(&page, "Acknowledge")
            .await?
            .answer()
            .await?,
    )?;
    stage
        .shown("the page says who has it, and its button is gone", |look| {
            look.message(page.id())
                .is_some_and(|page| page.buttons().is_empty())
        })
        .await
}

async fn first_word(stage: &mut Stage, cast: &Cast, channel: ChannelId) -> anyhow::Result<()> {
    stage
        .at(
            "17:06",
            "comms-dublin",
            "/status draft, and lead-berlin approves it",
        )
        .await?;
    publish(stage, cast, channel, json!({ "phase": "investigating" }), 1).await
}

async fn identified(stage: &mut Stage, cast: &Cast, channel: ChannelId) -> anyhow::Result<()> {
    stage
        .at(
            "17:11",
            "ops-hyderabad",
            "/incident update status:identified",
        )
        .await?;
    let options = json!({
        "status": "identified",
        "note": "Server overload: the surge saturates the web tier, and retries make it worse",
    });
    public(
        cast.hyderabad
            .slash(channel, "incident update", options)
            .await?
            .answer()
            .await?,
    )?;
    stage
        .shown("the card says Identified", |look| {
            on_card(look, "Identified")
        })
        .await?;

    stage
        .at(
            "17:14",
            "ops-hyderabad",
            "/incident note: capacity is scaled up",
        )
        .await?;
    note(
        cast,
        channel,
        "Scaling up the web tier: 400 more hosts, first ones serve in 10 min",
    )
    .await?;
    stage
        .shown("the card shows the note", |look| {
            on_card(look, "400 more hosts")
        })
        .await?;

    stage
        .at(
            "17:20",
            "comms-dublin",
            "/status draft, rewritten with [Edit], approved by lead-berlin",
        )
        .await?;
    let options = json!({
        "phase": "identified",
        "text": "We know why many of you cannot open the shop or pay: more visitors than our servers can take. We are adding servers.",
    });
    cast.dublin
        .slash(channel, "status draft", options)
        .await?
        .answer()
        .await?;
    stage
        .shown("the draft stands in the channel", |look| {
            draft(look, 2).is_some()
        })
        .await?;
    let draft_message = draft(&stage.sandbox.look(), 2).context("the draft")?;
    let form = cast
        .dublin
        .click(&draft_message, "Edit")
        .await?
        .answer()
        .await?;
    let text = "We know why many of you cannot open the shop or pay: more visitors than our servers can take. We are adding servers now. Your cart is safe, and nothing was charged twice.";
    public(
        cast.dublin
            .submit(&form, [("Text", text)])
            .await?
            .answer()
            .await?,
    )?;
    stage
        .shown("the draft shows the new text", |look| {
            draft(look, 2).is_some_and(|draft| draft.text().contains("Your cart is safe"))
        })
        .await?;
    approve(stage, cast, 2).await
}

async fn monitoring(stage: &mut Stage, cast: &Cast, channel: ChannelId) -> anyhow::Result<()> {
    stage
        .at(
            "17:29",
            "ops-hyderabad",
            "/incident note: traffic is redirected",
        )
        .await?;
    note(
        cast,
        channel,
        "Redirecting 40 % of European traffic to the second region; waiting room on",
    )
    .await?;
    stage
        .shown("the card shows the note", |look| {
            on_card(look, "waiting room")
        })
        .await?;

    stage
        .at(
            "17:38",
            "ops-hyderabad",
            "/incident update status:monitoring",
        )
        .await?;
    let options = json!({ "status": "monitoring", "note": "Errors down from 38 % to 1.2 %, orders at the usual rate" });
    public(
        cast.hyderabad
            .slash(channel, "incident update", options)
            .await?
            .answer()
            .await?,
    )?;
    stage
        .shown("the card says Monitoring", |look| {
            on_card(look, "Monitoring")
        })
        .await?;
    stage
        .at(
            "17:39",
            "comms-dublin",
            "/status draft, and lead-berlin approves it",
        )
        .await?;
    publish(stage, cast, channel, json!({}), 3).await
}

async fn resolve(stage: &mut Stage, cast: &Cast, channel: ChannelId) -> anyhow::Result<()> {
    stage
        .at(
            "17:54",
            "lead-berlin",
            "/incident resolve, and fills in the form",
        )
        .await?;
    let form = cast
        .berlin
        .slash(channel, "incident resolve", json!({}))
        .await?
        .answer()
        .await?;
    let filled = [
        (
            "Summary",
            "The web tier was scaled from 600 to 1,000 hosts and European traffic redirected; errors are back under 0.1 % for 15 minutes.",
        ),
        (
            "Trigger",
            "Prime Day traffic at eight times the usual, twice what the load test had assumed.",
        ),
    ];
    public(cast.berlin.submit(&form, filled).await?.answer().await?)?;
    stage
        .shown("card and digest say Resolved", |look| {
            on_card(look, "Resolved") && in_channel(look, "incidents", "Resolved")
        })
        .await?;
    stage
        .at(
            "17:56",
            "comms-dublin",
            "/status draft, and lead-berlin approves it",
        )
        .await?;
    publish(stage, cast, channel, json!({}), 4).await
}

async fn review(stage: &mut Stage, cast: &Cast, channel: ChannelId) -> anyhow::Result<()> {
    stage.at("18:10", "lead-berlin", "/review generate").await?;
    public(
        cast.berlin
            .slash(channel, "review generate", json!({}))
            .await?
            .answer()
            .await?,
    )?;
    stage
        .shown("the review stands in the channel, as files", |look| {
            incident_channel(look).is_some_and(|channel| {
                channel.messages().iter().any(|message| {
                    message
                        .attachments
                        .iter()
                        .any(|file| file.filename == "INC-1-review.md")
                })
            })
        })
        .await?;

    let request = Request {
        person: Asker::operator("demo"),
        guild: GuildId(stage.server.id().get()),
        channel: None,
        at: stage.app.house().clock.now(),
        asking: None,
    };
    let named = Target::Named("INC-1".to_owned());
    let material = stage.app.house().review_material(&request, &named).await?;
    let incident = &material.incident;
    ensure!(
        incident.status.name() == StatusName::Resolved,
        "the store says {}",
        incident.status.name()
    );
    ensure!(
        incident.severity == Severity::Critical,
        "the store says {}",
        incident.severity
    );
    ensure!(
        incident.roles.len() == 3 && incident.holder(Role::Commander).is_some(),
        "three chairs are held"
    );
    ensure!(
        incident.updates.len() == 4
            && incident
                .updates
                .iter()
                .all(|update| matches!(update.state, UpdateState::Published { .. })),
        "four customer updates are published"
    );
    let links = Links {
        guild: request.guild,
        channel: material.channel,
    };
    let document = Review::of(incident, &material.events, &material.names, &links);
    stage.aside("")?;
    for format in Format::ALL {
        let path = stage.out.join(file_name(&document, *format));
        std::fs::write(&path, render(&document, *format)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
        stage.aside(&format!("wrote {}", path.display()))?;
    }
    stage.aside(&format!("kept {}", stage.out.join("warbell.db").display()))
}

/// What it cost: requests and answer times, as the sandbox saw them.
async fn figures(stage: &mut Stage) -> anyhow::Result<()> {
    let look = stage.sandbox.look();
    let refused = look
        .requests()
        .iter()
        .filter(|request| request.status >= 400)
        .count();
    ensure!(
        refused == 0,
        "Discord refused {refused} requests:\n{}",
        look.dump()
    );
    let acks = AckTimes::of(&look);
    stage.aside(&format!(
        "{} commands, presses and forms answered: p50 {:.1} ms, p99 {:.1} ms; {} requests in all",
        acks.count(),
        acks.percentile(0.5),
        acks.percentile(0.99),
        look.requests().len(),
    ))
}

async fn note(cast: &Cast, channel: ChannelId, text: &str) -> anyhow::Result<()> {
    let asked = cast
        .hyderabad
        .slash(channel, "incident note", json!({ "text": text }))
        .await?;
    public(asked.answer().await?)
}

/// Drafts in Dublin, approves in Berlin, and sees it before customers.
async fn publish(
    stage: &mut Stage,
    cast: &Cast,
    channel: ChannelId,
    options: serde_json::Value,
    number: u32,
) -> anyhow::Result<()> {
    public(
        cast.dublin
            .slash(channel, "status draft", options)
            .await?
            .answer()
            .await?,
    )?;
    stage
        .shown("the draft stands in the channel", |look| {
            draft(look, number).is_some()
        })
        .await?;
    approve(stage, cast, number).await
}

async fn approve(stage: &mut Stage, cast: &Cast, number: u32) -> anyhow::Result<()> {
    let message = draft(&stage.sandbox.look(), number).context("the draft")?;
    public(
        cast.berlin
            .click(&message, "Approve & publish")
            .await?
            .answer()
            .await?,
    )?;
    let id = format!("INC-1 · update {number}");
    stage
        .shown("the update stands in #status-updates, once", |look| {
            look.channel_named("status-updates").is_some_and(|updates| {
                updates
                    .messages()
                    .iter()
                    .filter(|message| message.text().contains(&id))
                    .count()
                    == 1
            })
        })
        .await
}

fn public(answer: Answer) -> anyhow::Result<()> {
    ensure!(!answer.ephemeral(), "refused: {}", answer.text());
    ensure!(
        answer.text().contains("INC-1 #"),
        "no row is named: {}",
        answer.text()
    );
    Ok(())
}

fn incident_channel(look: &Look) -> Option<ChannelLook> {
    look.channels_like(CHANNEL).into_iter().next()
}

fn card(channel: &ChannelLook) -> Option<MessageLook> {
    channel.messages().into_iter().find(|message| {
        message
            .buttons()
            .iter()
            .any(|label| label.contains("Take command"))
    })
}

fn on_card(look: &Look, text: &str) -> bool {
    incident_channel(look)
        .and_then(|channel| card(&channel))
        .is_some_and(|card| card.text().contains(text))
}

fn in_channel(look: &Look, channel: &str, text: &str) -> bool {
    look.channel_named(channel)
        .is_some_and(|channel| channel.message_with(text).is_some())
}

fn draft(look: &Look, number: u32) -> Option<MessageLook> {
    let id = format!("INC-1 · update {number}");
    incident_channel(look)?
        .messages()
        .into_iter()
        .find(|message| {
            message.text().contains(&id)
                && message.buttons().iter().any(|b| b == "Approve & publish")
        })
}

fn find_button(stage: &Stage, label: &str) -> anyhow::Result<MessageLook> {
    let look = stage.sandbox.look();
    let channel = incident_channel(&look).context("the incident has a channel")?;
    channel
        .messages()
        .into_iter()
        .find(|message| message.buttons().iter().any(|button| button == label))
        .with_context(|| format!("no message has a button {label}"))
}

fn stage_bot(look: &Look) -> u64 {
    look.scene().app_id
}
