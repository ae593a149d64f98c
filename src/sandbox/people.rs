//! Driving the sandbox as people do: they type, press, fill in, react and pin, and are refused what
//! Discord's client would not let them do.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::Answer;
use super::asked::Asked;
use super::look::MessageLook;
use super::permissions::{
    ADD_REACTIONS, ADMINISTRATOR, ALL, MANAGE_GUILD, MANAGE_MESSAGES, PIN_MESSAGES, SEND_MESSAGES,
    USE_APPLICATION_COMMANDS, VIEW_CHANNEL,
};
use super::server::Server;
use super::snowflake::{MessageId, UserId};
use super::world::{Draft, World};
use super::{DriveError, Sandbox, gateway, interactions, typed};

fn no<T>(why: impl Into<String>) -> Result<T, DriveError> {
    Err(DriveError(why.into()))
}

/// A member of a server, at their keyboard.
#[derive(Clone)]
pub struct Person {
    pub(crate) sandbox: Sandbox,
    pub(crate) server: u64,
    pub(crate) user: u64,
}

/// Something with a message: a message, an answer, or its id.
pub struct Target(u64);

impl From<MessageId> for Target {
    fn from(id: MessageId) -> Self {
        Self(id.0)
    }
}

impl From<u64> for Target {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

impl From<&MessageLook> for Target {
    fn from(message: &MessageLook) -> Self {
        Self(message.id)
    }
}

impl From<&Answer> for Target {
    fn from(answer: &Answer) -> Self {
        Self(answer.message().map_or(0, |message| message.id))
    }
}

impl Person {
    /// Their id.
    pub fn id(&self) -> UserId {
        UserId(self.user)
    }

    /// How messages name them.
    pub fn mention(&self) -> String {
        self.id().mention()
    }

    fn change_roles(&self, change: impl FnOnce(&mut Vec<u64>)) {
        self.sandbox.shared.change(|world| {
            let member = world
                .scene
                .servers
                .get_mut(&self.server)
                .and_then(|server| server.members.get_mut(&self.user));
            if let Some(member) = member {
                change(&mut member.roles);
            }
            world.tell_member("GUILD_MEMBER_UPDATE", self.server, self.user);
        });
    }

    /// They are given a role.
    pub fn give_role(&self, role: impl Into<u64>) {
        let role = role.into();
        self.change_roles(|roles| {
            if !roles.contains(&role) {
                roles.push(role);
            }
        });
    }

    /// They lose a role.
    pub fn take_role(&self, role: impl Into<u64>) {
        let role = role.into();
        self.change_roles(|roles| roles.retain(|held| *held != role));
    }

    fn give_bits(&self, name: &str, bits: u64) {
        let server = Server {
            sandbox: self.sandbox.clone(),
            id: self.server,
        };
        let role = server.add_role(name, false);
        server.change_role(role, |role| role.permissions = bits);
        self.give_role(role);
    }

    /// They become a server manager (MANAGE_GUILD).
    pub fn make_manager(&self) {
        self.give_bits("managers", MANAGE_GUILD);
    }

    /// They become an administrator, who sees and may do everything.
    pub fn make_admin(&self) {
        self.give_bits("administrators", ADMINISTRATOR);
    }

    /// They leave the server.
    pub fn leave(&self) {
        self.sandbox.shared.change(|world| {
            if let Some(server) = world.scene.servers.get_mut(&self.server) {
                server.members.remove(&self.user);
            }
            let data = json!({"guild_id": self.server.to_string(), "user": world.scene.user_json(self.user)});
            world.tell("GUILD_MEMBER_REMOVE", gateway::intents::GUILD_MEMBERS, self.server, &data);
        });
    }

    fn may(&self, world: &World, channel: u64, bits: u64) -> Result<(), DriveError> {
        let Some(found) = world.scene.channels.get(&channel) else {
            return no(format!("there is no channel {channel}"));
        };
        let may = world.scene.permissions(found, self.user);
        if may & VIEW_CHANNEL == 0 {
            return no(format!("#{} is not visible to this person", found.name));
        }
        if may & bits != bits {
            return no(format!(
                "this person lacks permissions {:#x} in #{}",
                bits & !may,
                found.name
            ));
        }
        Ok(())
    }

    /// The message, if they see it.
    fn sees(&self, world: &World, message: u64) -> Result<Arc<super::scene::Message>, DriveError> {
        let Some(found) = world.scene.messages.get(&message) else {
            return no(format!("there is no message {message}"));
        };
        if found.only_for.is_some_and(|only| only != self.user) {
            return no("that message is only for someone else");
        }
        self.may(world, found.channel_id, 0)?;
        Ok(found.clone())
    }

    fn asked(&self, interaction: u64) -> Asked {
        Asked::new(&self.sandbox, interaction)
    }

    fn may_use(&self, world: &World, command: &Value) -> Result<(), DriveError> {
        let needed = command["default_member_permissions"]
            .as_str()
            .and_then(|bits| bits.parse::<u64>().ok());
        let mine = world.scene.server_permissions(self.server, self.user);
        match needed {
            Some(0) if mine != ALL => no("this command is for administrators"),
            Some(bits) if mine & bits != bits => {
                no("this person lacks the permissions that this command asks for")
            }
            _ => Ok(()),
        }
    }

    /// They type a command: `slash(channel, "incident declare", json!({"title": "Down"}))`.
    /// Users, roles and mentionables are given as ids or names.
    pub async fn slash(
        &self,
        channel: impl Into<u64>,
        command: &str,
        options: Value,
    ) -> Result<Asked, DriveError> {
        let channel_id = channel.into();
        let interaction = self.sandbox.shared.change(|world| {
            self.may(world, channel_id, USE_APPLICATION_COMMANDS)?;
            let first = command
                .trim_start_matches('/')
                .split_whitespace()
                .next()
                .unwrap_or_default();
            self.may_use(world, &typed::find(world, self.server, 1, first)?)?;
            let data = typed::fill(world, self.server, channel_id, command, &options, None)?.data;
            let doing = interactions::Doing {
                kind: 2,
                channel_id,
                user_id: self.user,
                message_id: None,
                data,
            };
            Ok(interactions::send(world, doing))
        })?;
        Ok(self.asked(interaction))
    }

    /// They type into an option with autocomplete and see choices.
    pub async fn autocomplete(
        &self,
        channel: impl Into<u64>,
        command: &str,
        option: &str,
        so_far: &str,
    ) -> Result<Vec<(String, Value)>, DriveError> {
        self.autocomplete_with(channel, command, option, so_far, json!({}))
            .await
    }

    /// The same with other options already filled in.
    pub async fn autocomplete_with(
        &self,
        channel: impl Into<u64>,
        command: &str,
        option: &str,
        so_far: &str,
        others: Value,
    ) -> Result<Vec<(String, Value)>, DriveError> {
        let channel_id = channel.into();
        let mut given = if others.is_object() {
            others
        } else {
            json!({})
        };
        given[option] = json!(so_far);
        let interaction = self.sandbox.shared.change(|world| {
            self.may(world, channel_id, USE_APPLICATION_COMMANDS)?;
            let data = typed::fill(
                world,
                self.server,
                channel_id,
                command,
                &given,
                Some(option),
            )?
            .data;
            if !data.to_string().contains("\"focused\":true") {
                return no(format!("/{command} has no option {option:?}"));
            }
            let doing = interactions::Doing {
                kind: 4,
                channel_id,
                user_id: self.user,
                message_id: None,
                data,
            };
            Ok(interactions::send(world, doing))
        })?;
        Ok(self.asked(interaction).answer().await?.choices())
    }

    /// They choose an entry of a message's menu.
    pub async fn menu(
        &self,
        message: impl Into<Target>,
        command: &str,
    ) -> Result<Asked, DriveError> {
        let Target(message) = message.into();
        let interaction = self.sandbox.shared.change(|world| {
            let found = self.sees(world, message)?;
            let known = typed::find(world, self.server, 3, command)?;
            self.may_use(world, &known)?;
            let resolved = interactions::resolve(world, self.server, found.channel_id, &[], &[message]);
            let mut data = json!({"id": known["id"], "name": command, "type": 3, "target_id": message.to_string()});
            if !known["guild_id"].is_null() {
                data["guild_id"] = known["guild_id"].clone();
            }
            data["resolved"] = resolved.unwrap_or_else(|| json!({}));
            let doing = interactions::Doing { kind: 2, channel_id: found.channel_id, user_id: self.user, message_id: None, data };
            Ok(interactions::send(world, doing))
        })?;
        Ok(self.asked(interaction))
    }

    fn component(
        &self,
        message: u64,
        name: &str,
        kinds: &[u64],
        values: Option<Value>,
    ) -> Result<Asked, DriveError> {
        let look = self.sandbox.look();
        let interaction = self.sandbox.shared.change(|world| {
            let found = self.sees(world, message)?;
            let shown = look
                .message(message)
                .and_then(|shown| shown.component(name).map(|component| (shown, component)));
            let Some((_, component)) = shown else {
                let buttons = look
                    .message(message)
                    .map(|shown| shown.buttons())
                    .unwrap_or_default();
                return no(format!("the message has no {name:?}; it has {buttons:?}"));
            };
            let kind = component["type"].as_u64().unwrap_or(0);
            if !kinds.contains(&kind) {
                return no(format!("{name:?} is not of that kind"));
            }
            if component["disabled"] == true {
                return no(format!("{name:?} is disabled"));
            }
            let Some(custom_id) = component["custom_id"].as_str() else {
                return no(format!("{name:?} is a link"));
            };
            let mut data = json!({"component_type": kind, "custom_id": custom_id, "id": 1});
            if let Some(values) = values {
                let values = chosen(world, self.server, &component, &values)?;
                let ids: Vec<u64> = values
                    .iter()
                    .filter(|_| kind != 3)
                    .filter_map(super::rest::snowflake)
                    .collect();
                data["values"] = json!(values);
                if let Some(resolved) =
                    interactions::resolve(world, self.server, found.channel_id, &ids, &[])
                {
                    data["resolved"] = resolved;
                }
            }
            let channel_id = found.channel_id;
            let doing = interactions::Doing {
                kind: 3,
                channel_id,
                user_id: self.user,
                message_id: Some(message),
                data,
            };
            Ok(interactions::send(world, doing))
        })?;
        Ok(self.asked(interaction))
    }

    /// They press a button, named by its label or `custom_id`.
    pub async fn click(
        &self,
        message: impl Into<Target>,
        button: &str,
    ) -> Result<Asked, DriveError> {
        self.component(message.into().0, button, &[2], None)
    }

    /// They choose in a select menu, named by its placeholder or `custom_id`; options by value or label.
    pub async fn select(
        &self,
        message: impl Into<Target>,
        menu: &str,
        values: &[&str],
    ) -> Result<Asked, DriveError> {
        self.component(
            message.into().0,
            menu,
            &[3, 5, 6, 7, 8],
            Some(json!(values)),
        )
    }

    /// They fill in a form by its labels and send it. Fields left out keep what was in them.
    pub async fn submit<'a>(
        &self,
        form: &Answer,
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Asked, DriveError> {
        let Some(modal) = form.modal() else {
            return no("that answer is no form");
        };
        if form.interaction().user_id != self.user {
            return no("that form is someone else's");
        }
        let inputs = form.inputs();
        let mut values: Vec<String> = inputs
            .iter()
            .map(|input| input["value"].as_str().unwrap_or_default().to_owned())
            .collect();
        for (label, text) in fields {
            let at = inputs
                .iter()
                .position(|input| input["label"] == label || input["custom_id"] == label);
            match at.and_then(|at| values.get_mut(at)) {
                Some(value) => text.clone_into(value),
                None => {
                    return no(format!(
                        "the form has no field {label:?}; it has {:?}",
                        form.fields()
                    ));
                }
            }
        }
        let mut rows = Vec::new();
        for (n, (input, value)) in inputs.iter().zip(&values).enumerate() {
            let label = input["label"].as_str().unwrap_or_default();
            let length = value.chars().count() as u64;
            if length == 0 && input["required"] != false {
                return no(format!("the field {label:?} is required"));
            }
            let most = input["max_length"].as_u64().unwrap_or(4000);
            let least = if length == 0 {
                0
            } else {
                input["min_length"].as_u64().unwrap_or(0)
            };
            if length < least || length > most {
                return no(format!(
                    "the field {label:?} takes {least} to {most} characters, not {length}"
                ));
            }
            let text = json!({"type": 4, "id": 2 * n + 2, "custom_id": input["custom_id"], "value": value});
            rows.push(json!({"type": 1, "id": 2 * n + 1, "components": [text]}));
        }
        let data = json!({"custom_id": modal["custom_id"], "components": rows});
        let interaction = form.interaction();
        let (channel_id, message_id) = (interaction.channel_id, interaction.message_id);
        let doing = interactions::Doing {
            kind: 5,
            channel_id,
            user_id: self.user,
            message_id,
            data,
        };
        Ok(self.asked(
            self.sandbox
                .shared
                .change(|world| interactions::send(world, doing)),
        ))
    }

    /// They write a message.
    pub fn say(&self, channel: impl Into<u64>, text: &str) -> Result<MessageId, DriveError> {
        self.post(channel.into(), text, None, Vec::new())
    }

    /// They write a message with a file.
    pub fn say_with_file(
        &self,
        channel: impl Into<u64>,
        text: &str,
        filename: &str,
        bytes: impl Into<Vec<u8>>,
    ) -> Result<MessageId, DriveError> {
        self.post(
            channel.into(),
            text,
            None,
            vec![(filename.to_owned(), bytes.into())],
        )
    }

    /// They reply to a message.
    pub fn reply(&self, message: impl Into<Target>, text: &str) -> Result<MessageId, DriveError> {
        let Target(message) = message.into();
        let found = self
            .sandbox
            .shared
            .read(|world| self.sees(world, message))?;
        self.post(found.channel_id, text, Some(message), Vec::new())
    }

    fn post(
        &self,
        channel_id: u64,
        text: &str,
        reference: Option<u64>,
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<MessageId, DriveError> {
        if text.chars().count() > 2000 {
            return no("a message has at most 2,000 characters");
        }
        self.sandbox.shared.change(|world| {
            self.may(world, channel_id, SEND_MESSAGES)?;
            let attachments = files
                .into_iter()
                .map(|(filename, bytes)| super::scene::Attachment {
                    id: world.id(),
                    filename,
                    content_type: "application/octet-stream".to_owned(),
                    bytes: Arc::new(bytes),
                })
                .collect();
            let kind = if reference.is_some() { 19 } else { 0 };
            let content = text.to_owned();
            let author_id = self.user;
            Ok(MessageId(world.post(Draft {
                channel_id,
                author_id,
                kind,
                content,
                attachments,
                reference,
                ..Draft::default()
            })))
        })
    }

    /// They edit their own message.
    pub fn edit(&self, message: impl Into<u64>, text: &str) -> Result<(), DriveError> {
        let message = message.into();
        self.sandbox.shared.change(|world| {
            if self.sees(world, message)?.author_id != self.user {
                return no("that message is someone else's");
            }
            world.edit(
                message,
                super::world::Patch {
                    content: Some(text.to_owned()),
                    ..Default::default()
                },
            );
            Ok(())
        })
    }

    /// They react.
    pub fn react(&self, message: impl Into<Target>, emoji: &str) -> Result<(), DriveError> {
        let Target(message) = message.into();
        self.sandbox.shared.change(|world| {
            let found = self.sees(world, message)?;
            if found.only_for.is_some() {
                return no("ephemeral messages take no reactions");
            }
            if !found
                .reactions
                .iter()
                .any(|reaction| reaction.emoji == emoji)
            {
                self.may(world, found.channel_id, ADD_REACTIONS)?;
            }
            if world.react(message, self.user, emoji) {
                Ok(())
            } else {
                no("that reaction is there already")
            }
        })
    }

    /// They take their reaction back.
    pub fn unreact(&self, message: impl Into<Target>, emoji: &str) -> Result<(), DriveError> {
        let Target(message) = message.into();
        self.sandbox.shared.change(|world| {
            self.sees(world, message)?;
            if world.unreact(message, self.user, emoji) {
                Ok(())
            } else {
                no("there is no such reaction")
            }
        })
    }

    /// They pin a message.
    pub fn pin(&self, message: impl Into<Target>) -> Result<(), DriveError> {
        let Target(message) = message.into();
        self.sandbox.shared.change(|world| {
            let found = self.sees(world, message)?;
            self.may(world, found.channel_id, PIN_MESSAGES)?;
            world.pin(message, self.user);
            Ok(())
        })
    }

    /// They unpin a message.
    pub fn unpin(&self, message: impl Into<Target>) -> Result<(), DriveError> {
        let Target(message) = message.into();
        self.sandbox.shared.change(|world| {
            let found = self.sees(world, message)?;
            self.may(world, found.channel_id, PIN_MESSAGES)?;
            world.unpin(message);
            Ok(())
        })
    }

    /// They delete a message: their own, or anyone's with MANAGE_MESSAGES.
    pub fn delete_message(&self, message: impl Into<Target>) -> Result<(), DriveError> {
        let Target(message) = message.into();
        self.sandbox.shared.change(|world| {
            let found = self.sees(world, message)?;
            if found.author_id != self.user {
                self.may(world, found.channel_id, MANAGE_MESSAGES)?;
            }
            world.delete_message(message);
            Ok(())
        })
    }

    /// Whether they see this channel now.
    pub fn sees_channel(&self, channel: impl Into<u64>) -> bool {
        let channel = channel.into();
        self.sandbox
            .shared
            .read(|world| world.scene.can_see(self.user, channel))
    }
}

/// The values chosen in a select menu, judged against it.
fn chosen(
    world: &World,
    server: u64,
    component: &Value,
    values: &Value,
) -> Result<Vec<Value>, DriveError> {
    let given = values.as_array().map_or(&[][..], Vec::as_slice);
    let (least, most) = (
        component["min_values"].as_u64().unwrap_or(1),
        component["max_values"].as_u64().unwrap_or(1),
    );
    let count = given.len() as u64;
    if count < least || count > most {
        return no(format!(
            "the menu takes {least} to {most} choices, not {count}"
        ));
    }
    let mut out = Vec::new();
    for value in given {
        if component["type"] == 3 {
            let options = component["options"]
                .as_array()
                .map_or(&[][..], Vec::as_slice);
            let Some(option) = options
                .iter()
                .find(|option| option["value"] == *value || option["label"] == *value)
            else {
                return no(format!("the menu has no {value}"));
            };
            out.push(option["value"].clone());
        } else {
            let Some(id) = typed::id_of(world, server, value) else {
                return no(format!("nobody is called {value}"));
            };
            out.push(json!(id.to_string()));
        }
    }
    Ok(out)
}
