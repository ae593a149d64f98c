//! A shop with an incident bot: sandbox, server, people, and the bot on a file of its own.
//!
//! The bot runs in a runtime of its own, so that a kill is one: nothing of it gets another word in.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use warbell::app::{App, Options};
use warbell::clock::Clock;
use warbell::domain::actor::Person as Asker;
use warbell::domain::ids::GuildId;
use warbell::domain::incident::Incident;
use warbell::domain::timeline::TimelineEvent;
use warbell::sandbox::{
    Answer, Asked, ChannelId, ChannelLook, Look, MessageLook, Person, Sandbox, SandboxOptions,
    Server,
};
use warbell::use_cases::{Request, Target};

/// Prime Day, noon UTC.
const NOON: DateTime<Utc> = DateTime::from_timestamp(1_784_030_400, 0).unwrap();

/// The bot and the runtime that it lives in.
struct Bot {
    app: App,
    runtime: Runtime,
}

/// The world of a scenario.
pub struct Shop {
    /// The local Discord.
    pub sandbox: Sandbox,
    /// The shop's server.
    pub server: Server,
    /// Its clock, the sandbox's and the bot's.
    pub clock: Clock,
    /// A plain member.
    pub ana: Person,
    /// Another.
    pub ben: Person,
    bot: Option<Bot>,
    folder: PathBuf,
    finished: bool,
}

/// An incident that was declared in a scenario.
pub struct Declared {
    /// Its id, e.g. `INC-1`.
    pub id: String,
    /// Its channel.
    pub channel: ChannelId,
}

impl Shop {
    /// Opens the shop with the bot connected and at rest.
    pub async fn open() -> Self {
        Self::with(SandboxOptions::default()).await
    }

    /// Opens it on a sandbox with these options; the clock is the shop's.
    pub async fn with(options: SandboxOptions) -> Self {
        let clock = Clock::starting_at(NOON);
        let options = SandboxOptions {
            clock: clock.clone(),
            // Two cores and many scenarios at once: patience with the machine, not with the bot.
            wait_timeout: Duration::from_secs(30),
            answer_timeout: Duration::from_secs(20),
            ..options
        };
        let sandbox = Sandbox::start(options).await.unwrap();
        let server = sandbox.add_server("Prime Shop");
        let (ana, ben) = (server.add_member("ana"), server.add_member("ben"));
        let folder = std::env::temp_dir().join(format!("warbell-{:016x}", rand::random::<u64>()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut shop = Self {
            sandbox,
            server,
            clock,
            ana,
            ben,
            bot: None,
            folder,
            finished: false,
        };
        shop.start().await;
        shop.settled().await;
        shop
    }

    /// Starts the bot and waits until Discord has it.
    pub async fn start(&mut self) {
        assert!(self.bot.is_none(), "it runs already");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let options = Options {
            token: SecretString::from(self.sandbox.token().to_owned()),
            api_url: self.sandbox.url(),
            database_url: format!("sqlite://{}", self.folder.join("warbell.db").display()),
            http: None,
            clock: self.clock.clone(),
            shutdown_timeout: Duration::from_secs(5),
        };
        let app = runtime.spawn(App::start(options)).await.unwrap().unwrap();
        self.bot = Some(Bot { app, runtime });
        self.sandbox.connected().await.unwrap();
    }

    /// Kills the bot where it stands.
    pub async fn kill(&mut self) {
        let Some(bot) = self.bot.take() else { return };
        tokio::task::spawn_blocking(move || {
            bot.runtime.shutdown_timeout(Duration::from_secs(5));
            drop(bot.app);
        })
        .await
        .unwrap();
    }

    /// Stops the bot in order, as SIGTERM does.
    pub async fn stop(&mut self) {
        let Some(bot) = self.bot.take() else { return };
        bot.app.stop().await;
        bot.runtime.shutdown_background();
    }

    /// The running bot.
    pub fn app(&self) -> &App {
        &self.bot.as_ref().expect("the bot runs").app
    }

    /// Waits until the bot has nothing more to do at this moment.
    pub async fn settled(&self) {
        let waited = tokio::time::timeout(Duration::from_secs(30), self.app().settled()).await;
        assert!(
            waited.is_ok(),
            "the bot does not come to rest\n{}",
            self.sandbox.look().dump()
        );
    }

    /// Lets time pass and everything come to rest that became due.
    pub async fn pass(&self, minutes: u64) {
        self.clock.advance(Duration::from_secs(minutes * 60));
        self.app().reminded().await;
        self.settled().await;
    }

    /// Lets time pass until all is at rest that was tried with unknown outcome: such an attempt
    /// waits ten seconds of the clock.
    pub async fn recover(&self) {
        for _ in 0..6 {
            self.settled().await;
            self.clock.advance(Duration::from_secs(11));
        }
        self.settled().await;
    }

    /// What the sandbox looks like.
    pub fn look(&self) -> Look {
        self.sandbox.look()
    }

    /// Declares from #general and waits until all stands.
    pub async fn declare(&self, who: &Person, title: &str, severity: &str) -> Declared {
        let options = json!({ "title": title, "severity": severity });
        let asked = who
            .slash(self.server.general(), "incident declare", options)
            .await
            .unwrap();
        let answer = asked.answer().await.unwrap();
        let id = find_id(&answer.text()).unwrap_or_else(|| panic!("no id in {}", answer.text()));
        asked
            .until(|answer| answer.text().contains("<#"))
            .await
            .unwrap();
        self.settled().await;
        let prefix = format!("{}-", id.to_lowercase());
        let look = self.look();
        let channel = look.channels_like(&prefix).into_iter().next();
        let channel = channel.unwrap_or_else(|| panic!("no channel {prefix}\n{}", look.dump()));
        Declared {
            id,
            channel: channel.id(),
        }
    }

    /// Types a command and gives the first answer, with everything at rest.
    pub async fn slash(
        &self,
        who: &Person,
        channel: ChannelId,
        command: &str,
        options: Value,
    ) -> Answer {
        let asked = who.slash(channel, command, options).await.unwrap();
        let answer = asked.answer().await.unwrap();
        self.settled().await;
        answer
    }

    /// Presses a button and gives the first answer, with everything at rest.
    pub async fn click(&self, who: &Person, message: &MessageLook, button: &str) -> Answer {
        let answer = who
            .click(message, button)
            .await
            .unwrap()
            .answer()
            .await
            .unwrap();
        self.settled().await;
        answer
    }

    /// Sends a form and gives the first answer, with everything at rest.
    pub async fn submit(&self, who: &Person, form: &Answer, fields: &[(&str, &str)]) -> Answer {
        let asked = who.submit(form, fields.iter().copied()).await.unwrap();
        let answer = asked.answer().await.unwrap();
        self.settled().await;
        answer
    }

    /// The incident's channel as it looks now.
    pub fn channel(&self, incident: &Declared) -> ChannelLook {
        self.look()
            .channel(incident.channel)
            .expect("the channel stands")
    }

    /// The incident card as it looks now.
    pub fn card(&self, incident: &Declared) -> MessageLook {
        let channel = self.channel(incident);
        let cards: Vec<MessageLook> = channel
            .messages()
            .into_iter()
            .filter(|m| {
                m.buttons()
                    .iter()
                    .any(|label| label.contains("Take command"))
            })
            .collect();
        assert_eq!(cards.len(), 1, "one card\n{}", self.look().dump());
        cards.into_iter().next().unwrap()
    }

    /// The one message in the incident's channel that has this button, enabled.
    pub fn with_button(&self, incident: &Declared, button: &str) -> MessageLook {
        let mut found: Vec<MessageLook> = self
            .channel(incident)
            .messages()
            .into_iter()
            .filter(|message| message.buttons().iter().any(|label| label == button))
            .collect();
        assert_eq!(
            found.len(),
            1,
            "one message with {button}\n{}",
            self.look().dump()
        );
        found.remove(0)
    }

    /// Asserts that `INC-1` stands once: one channel, one pinned card, one digest entry, one of each
    /// of the server's own channels. `at` says where a scenario was.
    #[track_caller]
    pub fn check_one_of_each(&self, at: &str) -> Declared {
        let look = self.look();
        let named = |name: &str| look.channels().iter().filter(|c| c.name == name).count();
        for name in ["Incidents", "incidents", "status-updates"] {
            assert_eq!(named(name), 1, "{at}: {name}\n{}", look.dump());
        }
        let channels = look.channels_like("inc-1-");
        assert_eq!(channels.len(), 1, "{at}\n{}", look.dump());
        let incident = Declared {
            id: "INC-1".to_owned(),
            channel: channels[0].id(),
        };
        assert!(self.card(&incident).is_pinned(), "{at}\n{}", look.dump());
        let entries = look.channel_named("incidents").unwrap().messages();
        assert_eq!(entries.len(), 1, "{at}\n{}", look.dump());
        assert!(
            entries[0]
                .text()
                .contains(&format!("<#{}>", incident.channel)),
            "{at}"
        );
        incident
    }

    /// Sends what somebody asked once more, changed, as a program could that is not Discord's.
    pub fn forge(&self, asked: &Asked, change: impl FnOnce(&mut Value)) -> Asked {
        let look = self.look();
        let mut payload = look.scene().interactions[&asked.interaction_id()]
            .payload
            .clone();
        for own in ["id", "token"] {
            payload
                .as_object_mut()
                .expect("an interaction is an object")
                .remove(own);
        }
        change(&mut payload);
        self.sandbox.interact_raw(payload)
    }

    /// Messages in `#status-updates`.
    pub fn published(&self) -> Vec<MessageLook> {
        self.look()
            .channel_named("status-updates")
            .map_or_else(Vec::new, |c| c.messages())
    }

    /// What the store says of an incident, and its whole timeline.
    pub async fn stored(&self, incident: &Declared) -> (Incident, Vec<TimelineEvent>) {
        let house = self.app().house();
        let request = Request {
            person: Asker::operator("scenario"),
            guild: GuildId(self.server.id().get()),
            channel: None,
            at: house.clock.now(),
            asking: None,
        };
        let named = Target::Named(incident.id.clone());
        let material = house.review_material(&request, &named).await.unwrap();
        (material.incident, material.events)
    }

    /// The kinds of an incident's timeline, in order.
    pub async fn kinds(&self, incident: &Declared) -> Vec<&'static str> {
        let (_, events) = self.stored(incident).await;
        events.iter().map(|event| event.fact.kind()).collect()
    }

    /// Everything that was really pinged so far.
    pub fn pinged(&self) -> usize {
        self.look()
            .pings()
            .iter()
            .filter(|ping| !ping.reached.is_empty())
            .count()
    }

    /// Ends the scenario: nothing may be left undelivered.
    pub async fn close(mut self) {
        self.settled().await;
        let left = self.app().undelivered().await;
        assert!(
            left.is_empty(),
            "left undelivered: {left:?}\n{}",
            self.look().dump()
        );
        self.finished = true;
        // A kill: an orderly stop takes the gateway half a second, and has its own scenario.
        if let Some(bot) = self.bot.take() {
            bot.runtime.shutdown_background();
        }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if let Some(bot) = self.bot.take() {
            bot.runtime.shutdown_background();
        }
        self.sandbox.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
        if !self.finished && !std::thread::panicking() {
            panic!("a scenario ends with `shop.close().await`");
        }
    }
}

/// The first `INC-<n>` in a text.
pub fn find_id(text: &str) -> Option<String> {
    let at = text.find("INC-")?;
    let digits: String = text[at + 4..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    (!digits.is_empty()).then(|| format!("INC-{digits}"))
}

/// Asserts that an answer is a refusal: only the person sees it, a whole sentence.
#[track_caller]
pub fn refused(answer: &Answer) -> String {
    let text = answer.text();
    assert!(
        answer.ephemeral(),
        "a refusal is for the person alone: {text}"
    );
    let first = text.lines().next().unwrap_or_default();
    assert!(first.ends_with(['.', '!', ')']), "a whole sentence: {text}");
    assert!(find_row(&text).is_none(), "a refusal files nothing: {text}");
    text
}

/// Asserts that an answer is public and names the row that was filed.
#[track_caller]
pub fn recorded(answer: &Answer) -> String {
    let text = answer.text();
    assert!(!answer.ephemeral(), "{text}");
    assert!(find_row(&text).is_some(), "no row is named: {text}");
    text
}

/// The first `INC-n #row` in a text.
pub fn find_row(text: &str) -> Option<u32> {
    let id = find_id(text)?;
    let after = &text[text.find(&id)? + id.len()..];
    let digits: String = after
        .strip_prefix(" #")?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}
