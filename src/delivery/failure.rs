//! The failure table: what each way to fail at Discord means for the effect that failed.
//!
//! Sorted by Discord's JSON code first, status second. Pure: attempt and chance come in as numbers.
//! <https://discord.com/developers/docs/topics/opcodes-and-status-codes>

use std::time::Duration;

use serde_json::Value;

use crate::discord::api::{Call, Failure, LimitScope};

/// The first pause before another attempt.
const SHORTEST: Duration = Duration::from_millis(500);
/// The longest.
const LONGEST: Duration = Duration::from_mins(1);
/// Where Discord says "later" and not when.
const SOME_TIME: Duration = Duration::from_secs(5);
/// More than any limit of Discord's takes; sums of moments stay sane.
pub(super) const A_DAY: Duration = Duration::from_hours(24);

/// What to do about a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// What was wanted is already so.
    Done,
    /// Nobody waits for it any more: forget it without a word.
    Over,
    /// It had no effect, or may be repeated without harm: try again after this.
    Retry {
        /// Backoff of this attempt.
        after: Duration,
    },
    /// An edit that may still be executed later and overtake a newer one: try again after this,
    /// render and send once more 10 s after the next success.
    RetryAndConfirm {
        /// Backoff of this attempt.
        after: Duration,
    },
    /// It may have been made. Never repeated before somebody looked, or with the same nonce.
    OutcomeUnknown {
        /// What may now be there.
        made: Made,
        /// Backoff of this attempt.
        after: Duration,
    },
    /// A limit: not an attempt, come back after this.
    Wait {
        /// As Discord says.
        after: Duration,
        /// Who shares the limit; none where the call was held back on our side.
        scope: Option<LimitScope>,
    },
    /// Too many edits of this old message: only its newest state, after this. Other messages go on.
    SlowEdit {
        /// As Discord says.
        after: Duration,
    },
    /// The category holds 50 channels: use the next one.
    CategoryFull,
    /// The server holds 500 channels.
    GuildFull,
    /// What the call names is not there: heal it or note it.
    Gone(Gone),
    /// The server's AutoMod refuses the text: its author can change it.
    Blocked {
        /// Discord's words.
        words: String,
    },
    /// Somebody has to do something in Discord first.
    Park(Hindrance),
    /// Our mistake: log it, never try again by itself.
    ParkBug {
        /// For the log.
        words: String,
    },
    /// The bot's token is refused: stop delivery.
    TokenRefused,
}

/// What a call of unknown outcome may have made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// A message.
    Message,
    /// A channel or category.
    Channel,
}

/// What is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The server, or the bot is not in it.
    Guild,
    /// The category that a channel was to be put in.
    Category,
    /// The channel.
    Channel,
    /// The message.
    Message,
}

/// What stands in the way, and how it is mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// The bot lacks one of these, in the words of Discord's settings.
    Permission {
        /// E.g. `Pin Messages`.
        names: Vec<&'static str>,
        /// What to do, as a sentence.
        mend: String,
    },
    /// Something else.
    Obstacle {
        /// What to do, as a sentence.
        mend: String,
    },
}

impl Hindrance {
    /// What to do, as a sentence.
    pub fn mend(&self) -> &str {
        match self {
            Self::Permission { mend, .. } | Self::Obstacle { mend } => mend,
        }
    }
}

/// What this failure of this call means. `attempt` counts from 1; `chance` is a random number from
/// 0 to 1 that keeps those who failed together from coming back together.
pub fn verdict(call: &Call, failure: &Failure, attempt: u32, chance: f64) -> Verdict {
    let after = backoff(attempt, chance);
    match failure {
        Failure::NotSent(_) => Verdict::Retry { after },
        Failure::Unknown(_) => unknown(call, after),
        Failure::Held { retry_after } => Verdict::Wait {
            after: *retry_after,
            scope: None,
        },
        Failure::Refused {
            status,
            code,
            message,
            body,
            retry_after,
            scope,
            ..
        } => {
            let wait = wait_of(*retry_after);
            match code {
                10_003 => missing_channel(call),
                10_004 => Verdict::Gone(Gone::Guild),
                10_008 => missing_message(call),
                10_011 => {
                    obstacle("A role that the channel's permissions name is gone: run /setup.")
                }
                // Webhook, interaction, webhook token: nobody waits for this answer any more.
                // 40060: it was answered already.
                10_015 | 10_062 | 40_060 | 50_027 => Verdict::Over,
                20_009 | 20_031 | 200_000 | 200_001 => Verdict::Blocked {
                    words: message.clone(),
                },
                20_022 | 30_046 => Verdict::SlowEdit { after: wait },
                20_016 | 20_028 | 20_029 | 40_062 => Verdict::Wait {
                    after: wait,
                    scope: *scope,
                },
                30_003 => obstacle("This channel has 250 pins: unpin some messages."),
                // 20 kinds of reactions, or the author blocked the bot: only a mark is missing.
                30_010 | 90_001 => Verdict::Over,
                30_013 => Verdict::GuildFull,
                40_004 | 40_006 => Verdict::Retry {
                    after: after.max(LONGEST / 2),
                },
                40_033 => Verdict::Done,
                // Ours by its making: another's message cannot be edited, whatever is granted.
                50_005 => bug(failure),
                50_014 => Verdict::TokenRefused,
                50_035 => invalid_form(body, failure),
                50_083 | 160_005 => obstacle("This thread is archived or locked: open it again."),
                60_003 => obstacle(
                    "This server asks moderators for two-factor authentication: turn it on for the \
                     account that owns the bot.",
                ),
                // Said to be busy before anything was done, with a status of 5xx or not.
                110_000 | 110_001 | 130_000 => Verdict::Retry { after },
                40_001 | 50_001 | 50_013 if *status == 403 => lacking(call, *code),
                _ => by_status(call, failure, *status, body, after),
            }
        }
    }
}

fn by_status(
    call: &Call,
    failure: &Failure,
    status: u16,
    body: &Value,
    after: Duration,
) -> Verdict {
    match status {
        401 if call.is_answer() => Verdict::Over,
        401 => Verdict::TokenRefused,
        // Without JSON it is Cloudflare that refuses, by address: no permission helps.
        403 if !body.is_object() => Verdict::Retry { after: LONGEST },
        403 => lacking(call, 0),
        404 => missing(call, failure),
        408 | 500..=599 => unknown(call, after),
        429 => {
            let Failure::Refused {
                retry_after, scope, ..
            } = failure
            else {
                return Verdict::Retry { after };
            };
            Verdict::Wait {
                after: wait_of(*retry_after),
                scope: *scope,
            }
        }
        _ => bug(failure),
    }
}

/// Also for a 5xx: a gateway's error says that *it* got no answer, while the call may have been done.
fn unknown(call: &Call, after: Duration) -> Verdict {
    match call {
        Call::CreateMessage { .. } => Verdict::OutcomeUnknown {
            made: Made::Message,
            after,
        },
        Call::CreateChannel { .. } => Verdict::OutcomeUnknown {
            made: Made::Channel,
            after,
        },
        Call::EditMessage { .. } | Call::EditChannel { .. } | Call::EditAnswer { .. } => {
            Verdict::RetryAndConfirm { after }
        }
        // A second first answer is refused with 40060, and then it is known that one arrived.
        Call::Answer { .. }
        | Call::DeleteChannel { .. }
        | Call::DeleteMessage { .. }
        | Call::Pin { .. }
        | Call::React { .. }
        | Call::SetCommands { .. }
        | Call::ReadChannel { .. }
        | Call::ListChannels { .. }
        | Call::ReadMessage { .. }
        | Call::ListMessages { .. }
        | Call::CurrentApplication
        | Call::GatewayBot => Verdict::Retry { after },
    }
}

fn missing_channel(call: &Call) -> Verdict {
    match call {
        Call::DeleteChannel { .. } | Call::DeleteMessage { .. } => Verdict::Done,
        Call::CreateChannel { .. } => Verdict::Gone(Gone::Category),
        Call::Answer { .. } | Call::EditAnswer { .. } => Verdict::Over,
        _ => Verdict::Gone(Gone::Channel),
    }
}

fn missing_message(call: &Call) -> Verdict {
    match call {
        Call::DeleteMessage { .. } => Verdict::Done,
        // The person dismissed it.
        Call::Answer { .. } | Call::EditAnswer { .. } => Verdict::Over,
        _ => Verdict::Gone(Gone::Message),
    }
}

/// A 404 that does not say what is missing: the last thing that the path names.
fn missing(call: &Call, failure: &Failure) -> Verdict {
    match call {
        Call::Answer { .. } | Call::EditAnswer { .. } => Verdict::Over,
        Call::CreateChannel { .. } | Call::ListChannels { .. } => Verdict::Gone(Gone::Guild),
        Call::EditChannel { .. }
        | Call::DeleteChannel { .. }
        | Call::ReadChannel { .. }
        | Call::CreateMessage { .. }
        | Call::ListMessages { .. } => missing_channel(call),
        Call::EditMessage { .. }
        | Call::DeleteMessage { .. }
        | Call::ReadMessage { .. }
        | Call::Pin { .. }
        | Call::React { .. } => missing_message(call),
        Call::CurrentApplication | Call::GatewayBot | Call::SetCommands { .. } => bug(failure),
    }
}

/// Discord names the faulty field and why.
/// <https://discord.com/developers/docs/reference#error-messages>
fn invalid_form(body: &Value, failure: &Failure) -> Verdict {
    let faults = body["errors"]["parent_id"]["_errors"].as_array();
    for fault in faults.into_iter().flatten() {
        match fault["code"].as_str() {
            Some("CHANNEL_PARENT_MAX_CHANNELS") => return Verdict::CategoryFull,
            Some("CHANNEL_PARENT_INVALID") => return Verdict::Gone(Gone::Category),
            _ => {}
        }
    }
    bug(failure)
}

/// What the bot lacks to make this call, as far as the call tells.
fn lacking(call: &Call, code: u64) -> Verdict {
    let given = |body: &Value, field: &str| match &body[field] {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        _ => true,
    };
    let mut names = Vec::new();
    let place = match call {
        Call::CreateChannel { body, .. } => {
            names.push("Manage Channels");
            if given(body, "permission_overwrites") {
                names.push("Manage Roles");
            }
            if given(body, "parent_id") {
                names.push("View Channel");
                format!(
                    "in the server and in the category <#{}>",
                    id_of(&body["parent_id"])
                )
            } else {
                "in the server".to_owned()
            }
        }
        Call::EditChannel { channel, body } => {
            names.push("Manage Channels");
            if given(body, "permission_overwrites") {
                names.push("Manage Roles");
            }
            format!("in <#{channel}>")
        }
        Call::DeleteChannel { channel } => {
            names.push("Manage Channels");
            format!("in <#{channel}>")
        }
        Call::CreateMessage {
            channel,
            body,
            files,
        } => {
            names.push("Send Messages");
            if given(body, "embeds") {
                names.push("Embed Links");
            }
            if !files.is_empty() {
                names.push("Attach Files");
            }
            format!("in <#{channel}>")
        }
        Call::EditMessage { channel, body, .. } => {
            names.push("Send Messages");
            if given(body, "embeds") {
                names.push("Embed Links");
            }
            format!("in <#{channel}>")
        }
        Call::DeleteMessage { channel, .. } => {
            names.push("Manage Messages");
            format!("in <#{channel}>")
        }
        Call::Pin { channel, .. } => {
            names.push("Pin Messages");
            format!("in <#{channel}>")
        }
        Call::React { channel, .. } => {
            names.extend(["Add Reactions", "Read Message History"]);
            format!("in <#{channel}>")
        }
        Call::ReadMessage { channel, .. } | Call::ListMessages { channel, .. } => {
            names.push("Read Message History");
            format!("in <#{channel}>")
        }
        Call::ReadChannel { channel } => format!("in <#{channel}>"),
        Call::ListChannels { .. } => "in the server".to_owned(),
        Call::Answer { .. } | Call::EditAnswer { .. } => return Verdict::Over,
        Call::CurrentApplication | Call::GatewayBot | Call::SetCommands { .. } => {
            return obstacle("Discord forbids this to the bot: see the application's page there.");
        }
    };
    // 50001: the place itself is closed to the bot; what it may do there is the next question.
    if code == 50_001 || names.is_empty() {
        names.retain(|name| *name != "View Channel");
        names.insert(0, "View Channel");
    }
    let mend = format!("Give Warbell {} {place}.", listed(&names));
    Verdict::Park(Hindrance::Permission { names, mend })
}

fn id_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("**{one}**"),
        [most @ .., last] => format!("**{}** and **{last}**", most.join("**, **")),
    }
}

fn obstacle(mend: &str) -> Verdict {
    Verdict::Park(Hindrance::Obstacle {
        mend: mend.to_owned(),
    })
}

fn bug(failure: &Failure) -> Verdict {
    let words = match failure {
        Failure::Refused { body, .. } if body.get("errors").is_some() => {
            format!("{failure} {}", body["errors"])
        }
        _ => failure.to_string(),
    };
    Verdict::ParkBug { words }
}

/// The pause before the attempt after this one: from 0.5 s, doubling, to 60 s, a third of it by
/// chance.
pub fn backoff(attempt: u32, chance: f64) -> Duration {
    let steps = attempt.saturating_sub(1).min(16);
    let whole = SHORTEST.saturating_mul(1 << steps).min(LONGEST * 2 / 3);
    let chance = if chance.is_finite() {
        chance.clamp(0.0, 1.0)
    } else {
        0.0
    };
    whole + whole.mul_f64(chance / 2.0)
}

/// The `retry_after` of a 429, within reason: a day later everything is worth another look.
pub(super) fn wait_of(retry_after: Option<f64>) -> Duration {
    let wait = retry_after.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    wait.unwrap_or(SOME_TIME).min(A_DAY)
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;
    use crate::discord::message::File;
    use crate::domain::ids::{ChannelId, GuildId, InteractionId, MessageId};

    const CHANNEL: ChannelId = ChannelId(3);
    const MESSAGE: MessageId = MessageId(4);
    const GUILD: GuildId = GuildId(2);
    const AFTER: Duration = SHORTEST;

    fn answer() -> Call {
        let token = SecretString::from("t");
        Call::Answer {
            interaction: InteractionId(1),
            token,
            body: json!({}),
        }
    }

    fn edit_answer() -> Call {
        Call::EditAnswer {
            application: 9,
            token: SecretString::from("t"),
            body: json!({}),
        }
    }

    fn create_message() -> Call {
        Call::CreateMessage {
            channel: CHANNEL,
            body: json!({"embeds": []}),
            files: Vec::new(),
        }
    }

    fn rich_message() -> Call {
        let files = vec![File {
            name: "a".into(),
            bytes: Vec::new(),
        }];
        Call::CreateMessage {
            channel: CHANNEL,
            body: json!({"embeds": [{}]}),
            files,
        }
    }

    fn create_channel() -> Call {
        Call::CreateChannel {
            guild: GUILD,
            body: json!({"name": "inc-1"}),
        }
    }

    fn private_channel() -> Call {
        let body = json!({"parent_id": "8", "permission_overwrites": [{}]});
        Call::CreateChannel { guild: GUILD, body }
    }

    fn edit_message() -> Call {
        Call::EditMessage {
            channel: CHANNEL,
            message: MESSAGE,
            body: json!({}),
        }
    }

    fn edit_channel() -> Call {
        Call::EditChannel {
            channel: CHANNEL,
            body: json!({"name": "x"}),
        }
    }

    fn delete_message() -> Call {
        Call::DeleteMessage {
            channel: CHANNEL,
            message: MESSAGE,
        }
    }

    fn delete_channel() -> Call {
        Call::DeleteChannel { channel: CHANNEL }
    }

    fn pin() -> Call {
        Call::Pin {
            channel: CHANNEL,
            message: MESSAGE,
        }
    }

    fn react() -> Call {
        Call::React {
            channel: CHANNEL,
            message: MESSAGE,
            emoji: "📌".into(),
        }
    }

    fn refused(status: u16, code: u64) -> Failure {
        with_body(status, json!({"code": code, "message": "Discord's words"}))
    }

    fn with_body(status: u16, body: Value) -> Failure {
        Failure::Refused {
            status,
            code: body["code"].as_u64().unwrap_or(0),
            message: "Discord's words".into(),
            retry_after: body["retry_after"].as_f64(),
            scope: (status == 429).then_some(LimitScope::User),
            body,
            rate: None,
        }
    }

    fn limited(code: u64) -> Failure {
        with_body(429, json!({"code": code, "retry_after": 2.5}))
    }

    fn parent(code: &str) -> Failure {
        let errors = json!({"parent_id": {"_errors": [{"code": code, "message": "…"}]}});
        with_body(
            400,
            json!({"code": 50_035, "message": "Invalid Form Body", "errors": errors}),
        )
    }

    fn check(call: &Call, failure: &Failure, expected: &Verdict) {
        assert_eq!(
            verdict(call, failure, 1, 0.0),
            *expected,
            "{} {failure}",
            call.route()
        );
    }

    #[test]
    fn what_never_left_is_sent_again() {
        let failure = Failure::NotSent("refused".into());
        for call in [
            create_message(),
            create_channel(),
            edit_message(),
            pin(),
            answer(),
        ] {
            check(&call, &failure, &Verdict::Retry { after: AFTER });
        }
    }

    #[test]
    fn what_may_have_been_made_is_not_made_twice() {
        let overloaded = with_body(502, Value::Null);
        for failure in [
            Failure::Unknown("reset".into()),
            overloaded,
            refused(500, 0),
            refused(408, 0),
        ] {
            let unknown = |made| Verdict::OutcomeUnknown { made, after: AFTER };
            check(&create_message(), &failure, &unknown(Made::Message));
            check(&create_channel(), &failure, &unknown(Made::Channel));
        }
    }

    #[test]
    fn an_edit_of_unknown_outcome_is_confirmed_later() {
        for failure in [Failure::Unknown("reset".into()), refused(503, 0)] {
            for call in [edit_message(), edit_channel(), edit_answer()] {
                check(&call, &failure, &Verdict::RetryAndConfirm { after: AFTER });
            }
        }
    }

    #[test]
    fn what_may_be_done_twice_is_repeated() {
        for failure in [Failure::Unknown("reset".into()), refused(503, 0)] {
            let reads = [Call::GatewayBot, Call::ReadChannel { channel: CHANNEL }];
            for call in reads
                .into_iter()
                .chain([pin(), react(), delete_message(), answer()])
            {
                check(&call, &failure, &Verdict::Retry { after: AFTER });
            }
        }
    }

    #[test]
    fn an_overloaded_discord_says_that_it_did_nothing() {
        check(
            &create_channel(),
            &refused(503, 130_000),
            &Verdict::Retry { after: AFTER },
        );
    }

    #[test]
    fn a_switched_off_feature_is_tried_again_at_leisure() {
        for code in [40_004, 40_006] {
            check(
                &create_message(),
                &refused(403, code),
                &Verdict::Retry { after: LONGEST / 2 },
            );
        }
    }

    #[test]
    fn a_limit_is_waited_for_as_long_as_discord_says() {
        let after = Duration::from_millis(2_500);
        for scope in [LimitScope::User, LimitScope::Shared, LimitScope::Global] {
            let mut failure = limited(0);
            if let Failure::Refused { scope: said, .. } = &mut failure {
                *said = Some(scope);
            }
            check(
                &edit_channel(),
                &failure,
                &Verdict::Wait {
                    after,
                    scope: Some(scope),
                },
            );
        }
        for code in [20_016, 20_028, 20_029, 40_062] {
            let scope = Some(LimitScope::User);
            check(
                &create_message(),
                &limited(code),
                &Verdict::Wait { after, scope },
            );
        }
    }

    #[test]
    fn a_limit_without_a_time_is_waited_for_a_while() {
        let scope = Some(LimitScope::User);
        for said in [
            json!({}),
            json!({"retry_after": -1}),
            json!({"retry_after": 1e300}),
        ] {
            check(
                &pin(),
                &with_body(429, said),
                &Verdict::Wait {
                    after: SOME_TIME,
                    scope,
                },
            );
        }
        let forever = with_body(429, json!({"retry_after": 1e12}));
        check(
            &pin(),
            &forever,
            &Verdict::Wait {
                after: A_DAY,
                scope,
            },
        );
    }

    #[test]
    fn a_call_held_back_by_us_is_waited_for() {
        let held = Failure::Held {
            retry_after: Duration::from_secs(9),
        };
        let expected = Verdict::Wait {
            after: Duration::from_secs(9),
            scope: None,
        };
        check(&edit_channel(), &held, &expected);
    }

    #[test]
    fn edits_of_an_old_message_have_their_own_lane() {
        for code in [30_046, 20_022] {
            let after = Duration::from_millis(2_500);
            check(
                &edit_message(),
                &limited(code),
                &Verdict::SlowEdit { after },
            );
        }
    }

    #[test]
    fn a_full_server_and_a_full_category_are_told_apart() {
        check(
            &create_channel(),
            &refused(400, 30_013),
            &Verdict::GuildFull,
        );
        let full = parent("CHANNEL_PARENT_MAX_CHANNELS");
        check(&create_channel(), &full, &Verdict::CategoryFull);
        check(&edit_channel(), &full, &Verdict::CategoryFull);
        let gone = parent("CHANNEL_PARENT_INVALID");
        check(&create_channel(), &gone, &Verdict::Gone(Gone::Category));
    }

    #[test]
    fn a_message_already_crossposted_is_done() {
        check(&create_message(), &refused(400, 40_033), &Verdict::Done);
    }

    #[test]
    fn answers_that_come_too_late_or_twice_are_quietly_over() {
        for (status, code) in [(404, 10_062), (400, 40_060), (404, 10_015), (401, 50_027)] {
            check(&answer(), &refused(status, code), &Verdict::Over);
            check(&edit_answer(), &refused(status, code), &Verdict::Over);
        }
        for (status, code) in [
            (404, 10_008),
            (404, 10_003),
            (404, 0),
            (401, 0),
            (403, 50_001),
        ] {
            check(&edit_answer(), &refused(status, code), &Verdict::Over);
        }
    }

    #[test]
    fn a_reaction_that_nobody_can_add_is_over() {
        check(&react(), &refused(400, 30_010), &Verdict::Over);
        check(&react(), &refused(403, 90_001), &Verdict::Over);
    }

    #[test]
    fn a_text_that_automod_refuses_goes_back_to_its_author() {
        let expected = Verdict::Blocked {
            words: "Discord's words".into(),
        };
        for code in [200_000, 200_001, 20_009, 20_031] {
            check(&create_message(), &refused(400, code), &expected);
        }
    }

    #[test]
    fn what_is_gone_is_named() {
        let channel = Verdict::Gone(Gone::Channel);
        let message = Verdict::Gone(Gone::Message);
        let guild = Verdict::Gone(Gone::Guild);
        for call in [
            create_message(),
            edit_message(),
            edit_channel(),
            pin(),
            react(),
        ] {
            check(&call, &refused(404, 10_003), &channel);
            check(&call, &refused(404, 10_004), &guild);
        }
        for call in [edit_message(), pin(), react()] {
            check(&call, &refused(404, 10_008), &message);
            check(&call, &refused(404, 0), &message);
        }
        check(&create_message(), &refused(404, 0), &channel);
        check(&create_channel(), &refused(404, 0), &guild);
        check(
            &private_channel(),
            &refused(404, 10_003),
            &Verdict::Gone(Gone::Category),
        );
    }

    #[test]
    fn what_was_to_be_deleted_and_is_gone_is_done() {
        check(&delete_message(), &refused(404, 10_008), &Verdict::Done);
        check(&delete_message(), &refused(404, 10_003), &Verdict::Done);
        check(&delete_channel(), &refused(404, 10_003), &Verdict::Done);
        check(&delete_channel(), &refused(404, 0), &Verdict::Done);
    }

    #[test]
    fn a_missing_permission_is_named_with_its_mend() {
        let table = [
            (
                create_channel(),
                50_013,
                "Give Warbell **Manage Channels** in the server.",
            ),
            (
                private_channel(),
                50_013,
                "Give Warbell **Manage Channels**, **Manage Roles** and **View Channel** in the \
                 server and in the category <#8>.",
            ),
            (
                edit_channel(),
                50_013,
                "Give Warbell **Manage Channels** in <#3>.",
            ),
            (
                edit_channel(),
                50_001,
                "Give Warbell **View Channel** and **Manage Channels** in <#3>.",
            ),
            (
                delete_channel(),
                50_013,
                "Give Warbell **Manage Channels** in <#3>.",
            ),
            (
                create_message(),
                50_013,
                "Give Warbell **Send Messages** in <#3>.",
            ),
            (
                rich_message(),
                50_013,
                "Give Warbell **Send Messages**, **Embed Links** and **Attach Files** in <#3>.",
            ),
            (
                create_message(),
                50_001,
                "Give Warbell **View Channel** and **Send Messages** in <#3>.",
            ),
            (
                create_message(),
                40_001,
                "Give Warbell **Send Messages** in <#3>.",
            ),
            (
                create_message(),
                50_009,
                "Give Warbell **Send Messages** in <#3>.",
            ),
            (pin(), 50_013, "Give Warbell **Pin Messages** in <#3>."),
            (
                react(),
                50_013,
                "Give Warbell **Add Reactions** and **Read Message History** in <#3>.",
            ),
            (
                Call::ListMessages {
                    channel: CHANNEL,
                    after: None,
                },
                50_013,
                "Give Warbell **Read Message History** in <#3>.",
            ),
            (
                Call::ReadChannel { channel: CHANNEL },
                50_013,
                "Give Warbell **View Channel** in <#3>.",
            ),
        ];
        for (call, code, mend) in table {
            let verdict = verdict(&call, &refused(403, code), 1, 0.0);
            let Verdict::Park(Hindrance::Permission { names, mend: said }) = verdict else {
                panic!("{verdict:?}")
            };
            assert_eq!(said, mend);
            assert!(names.iter().all(|name| said.contains(name)), "{names:?}");
        }
    }

    #[test]
    fn other_hindrances_say_what_to_do() {
        let table = [
            (pin(), 400, 30_003, "unpin"),
            (create_channel(), 404, 10_011, "/setup"),
            (create_message(), 400, 50_083, "archived"),
            (create_message(), 400, 160_005, "locked"),
            (create_channel(), 403, 60_003, "two-factor"),
            (Call::GatewayBot, 403, 0, "application"),
        ];
        for (call, status, code, word) in table {
            let Verdict::Park(Hindrance::Obstacle { mend }) =
                verdict(&call, &refused(status, code), 1, 0.0)
            else {
                panic!("{code}")
            };
            assert!(mend.contains(word), "{mend}");
        }
    }

    #[test]
    fn cloudflares_refusal_is_not_taken_for_a_permission() {
        let page = with_body(403, json!("<html>error code: 1020</html>"));
        check(&create_message(), &page, &Verdict::Retry { after: LONGEST });
    }

    #[test]
    fn our_own_mistakes_are_parked_and_never_loop() {
        let faulty = json!({"code": 50_035, "message": "Invalid Form Body",
                            "errors": {"content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH"}]}}});
        for failure in [
            with_body(400, faulty),
            parent("ELSE"),
            refused(400, 0),
            refused(403, 50_005),
            refused(405, 0),
            refused(413, 40_005),
            refused(302, 0),
        ] {
            for attempt in [1, 100] {
                let verdict = verdict(&edit_message(), &failure, attempt, 0.0);
                assert!(matches!(verdict, Verdict::ParkBug { .. }), "{verdict:?}");
            }
        }
        let Verdict::ParkBug { words } = verdict(&edit_channel(), &parent("ELSE"), 1, 0.0) else {
            panic!()
        };
        assert!(
            words.contains("parent_id") && words.contains("ELSE"),
            "{words}"
        );
        let lost = verdict(&Call::GatewayBot, &refused(404, 0), 1, 0.0);
        assert!(matches!(lost, Verdict::ParkBug { .. }), "{lost:?}");
    }

    #[test]
    fn a_refused_token_stops_delivery() {
        for code in [0, 40_001, 50_014] {
            check(
                &create_message(),
                &refused(401, code),
                &Verdict::TokenRefused,
            );
        }
    }

    #[test]
    fn the_backoff_doubles_to_a_minute_and_is_never_the_same() {
        let ms = |attempt, chance| backoff(attempt, chance).as_millis();
        assert_eq!(
            [ms(1, 0.0), ms(2, 0.0), ms(3, 0.0), ms(7, 0.0)],
            [500, 1_000, 2_000, 32_000]
        );
        assert_eq!([ms(1, 1.0), ms(2, 1.0)], [750, 1_500]);
        for attempt in [0, 8, 40, u32::MAX] {
            for chance in [-1.0, 0.0, 0.5, 1.0, 9.0, f64::NAN, f64::INFINITY] {
                let pause = backoff(attempt, chance);
                assert!(
                    pause >= SHORTEST && pause <= LONGEST,
                    "{attempt} {chance} {pause:?}"
                );
            }
        }
        assert_ne!(backoff(30, 0.1), backoff(30, 0.9));
    }
}
