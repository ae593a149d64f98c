//! Servers and their administration: members, roles, channels, and the bot's own permissions.

use serde_json::json;

use super::people::Person;
use super::permissions::{EVERYONE, INVITE};
use super::scene::{CATEGORY, Channel, Member, Overwrite, Role, ServerData, TEXT, User};
use super::snowflake::{ChannelId, RoleId, ServerId};
use super::world::World;
use super::{Sandbox, gateway};

/// A server and its administration.
#[derive(Clone)]
pub struct Server {
    pub(crate) sandbox: Sandbox,
    pub(crate) id: u64,
}

fn new_user(world: &mut World, name: &str) -> u64 {
    let id = world.id();
    world.scene.users.insert(
        id,
        User {
            id,
            name: name.to_owned(),
            bot: false,
        },
    );
    id
}

pub(crate) fn new_channel(
    world: &mut World,
    server_id: u64,
    name: &str,
    kind: u8,
    parent_id: Option<u64>,
) -> u64 {
    let id = world.id();
    let position = world
        .scene
        .channels
        .values()
        .filter(|channel| channel.server_id == server_id)
        .count() as u64;
    let name = super::rest::channels::normal_name(name, kind);
    world.add_channel(Channel {
        id,
        server_id,
        kind,
        name,
        topic: None,
        parent_id,
        position,
        overwrites: Vec::new(),
        last_message_id: None,
        last_pin_at: None,
        renamed_at: Vec::new(),
        recipient: None,
    });
    id
}

/// Makes a server with an owner, the bot as a member by its invite, and `#general`.
pub(crate) fn new_server(world: &mut World, name: &str) -> u64 {
    let now = world.now();
    let app = world.scene.app_id;
    let owner_id = new_user(world, "owner");
    let (id, bot_role) = (world.id(), world.id());
    let role = |id, name: &str, permissions, managed_by, position| Role {
        id,
        name: name.to_owned(),
        permissions,
        mentionable: false,
        managed_by,
        position,
    };
    let roles = [
        role(id, "@everyone", EVERYONE, None, 0),
        role(bot_role, "Warbell", INVITE, Some(app), 1),
    ];
    let member = |user_id, roles| Member {
        user_id,
        roles,
        joined_at: now,
    };
    let members = [member(owner_id, Vec::new()), member(app, vec![bot_role])];
    let server = ServerData {
        id,
        name: name.to_owned(),
        owner_id,
        roles: roles.into_iter().map(|role| (role.id, role)).collect(),
        members: members
            .into_iter()
            .map(|member| (member.user_id, member))
            .collect(),
    };
    let general = Channel {
        id: world.id(),
        server_id: id,
        kind: TEXT,
        name: "general".to_owned(),
        topic: None,
        parent_id: None,
        position: 0,
        overwrites: Vec::new(),
        last_message_id: None,
        last_pin_at: None,
        renamed_at: Vec::new(),
        recipient: None,
    };
    world.scene.channels.insert(general.id, general);
    let data = world.scene.server_event_json(&server);
    world.scene.servers.insert(id, server);
    world.tell("GUILD_CREATE", gateway::intents::GUILDS, id, &data);
    id
}

impl Server {
    /// Its id.
    pub fn id(&self) -> ServerId {
        ServerId(self.id)
    }

    /// Its owner.
    pub fn owner(&self) -> Person {
        let user = self.sandbox.shared.read(|world| {
            world
                .scene
                .servers
                .get(&self.id)
                .map_or(0, |server| server.owner_id)
        });
        self.person(user)
    }

    fn person(&self, user: u64) -> Person {
        Person {
            sandbox: self.sandbox.clone(),
            server: self.id,
            user,
        }
    }

    /// A member by name.
    pub fn member(&self, name: &str) -> Option<Person> {
        let found = self.sandbox.shared.read(|world| {
            let server = world.scene.servers.get(&self.id)?;
            server.members.keys().copied().find(|id| {
                world
                    .scene
                    .users
                    .get(id)
                    .is_some_and(|user| user.name == name)
            })
        });
        found.map(|user| self.person(user))
    }

    /// Someone new joins.
    pub fn add_member(&self, name: &str) -> Person {
        let user = self.sandbox.shared.change(|world| {
            let user_id = new_user(world, name);
            let joined_at = world.now();
            if let Some(server) = world.scene.servers.get_mut(&self.id) {
                server.members.insert(
                    user_id,
                    Member {
                        user_id,
                        roles: Vec::new(),
                        joined_at,
                    },
                );
            }
            world.tell_member("GUILD_MEMBER_ADD", self.id, user_id);
            user_id
        });
        self.person(user)
    }

    /// A new role; `mentionable` lets anyone ping it.
    pub fn add_role(&self, name: &str, mentionable: bool) -> RoleId {
        RoleId(self.sandbox.shared.change(|world| {
            let id = world.id();
            if let Some(server) = world.scene.servers.get_mut(&self.id) {
                let position = server.roles.len() as u64;
                let name = name.to_owned();
                server.roles.insert(
                    id,
                    Role {
                        id,
                        name,
                        permissions: 0,
                        mentionable,
                        managed_by: None,
                        position,
                    },
                );
            }
            world.tell_role("GUILD_ROLE_CREATE", self.id, id);
            id
        }))
    }

    /// Changes a role's permission bits or whether it can be pinged.
    pub fn change_role(&self, role: impl Into<u64>, change: impl FnOnce(&mut Role)) {
        let role = role.into();
        self.sandbox.shared.change(|world| {
            if let Some(role) = world
                .scene
                .servers
                .get_mut(&self.id)
                .and_then(|server| server.roles.get_mut(&role))
            {
                change(role);
            }
            world.tell_role("GUILD_ROLE_UPDATE", self.id, role);
        });
    }

    /// Takes a role away for good.
    pub fn delete_role(&self, role: impl Into<u64>) {
        let role = role.into();
        self.sandbox.shared.change(|world| {
            if let Some(server) = world.scene.servers.get_mut(&self.id) {
                server.roles.remove(&role);
                for member in server.members.values_mut() {
                    member.roles.retain(|held| *held != role);
                }
            }
            let data = json!({"guild_id": self.id.to_string(), "role_id": role.to_string()});
            world.tell(
                "GUILD_ROLE_DELETE",
                gateway::intents::GUILDS,
                self.id,
                &data,
            );
        });
    }

    /// Sets what the bot's own role may do (the invite's bits at first).
    pub fn set_bot_permissions(&self, bits: u64) {
        let role = self.sandbox.shared.read(|world| {
            let server = world.scene.servers.get(&self.id)?;
            server
                .roles
                .values()
                .find(|role| role.managed_by.is_some())
                .map(|role| role.id)
        });
        if let Some(role) = role {
            self.change_role(role, |role| role.permissions = bits);
        }
    }

    /// Takes permissions from the bot's role and from `@everyone`, so that it truly lacks them.
    pub fn deny_bot(&self, bits: u64) {
        self.set_bot_permissions(INVITE & !bits);
        self.change_role(self.id, |role| role.permissions &= !bits);
    }

    /// The bot is thrown out.
    pub fn kick_bot(&self) {
        self.sandbox.shared.change(|world| {
            let app = world.scene.app_id;
            if let Some(server) = world.scene.servers.get_mut(&self.id) {
                server.members.remove(&app);
            }
            let data = json!({"id": self.id.to_string()});
            world.tell("GUILD_DELETE", gateway::intents::GUILDS, self.id, &data);
        });
    }

    /// A text channel made by the administration.
    pub fn add_channel(&self, name: &str) -> ChannelId {
        ChannelId(
            self.sandbox
                .shared
                .change(|world| new_channel(world, self.id, name, TEXT, None)),
        )
    }

    /// A category made by the administration.
    pub fn add_category(&self, name: &str) -> ChannelId {
        ChannelId(
            self.sandbox
                .shared
                .change(|world| new_channel(world, self.id, name, CATEGORY, None)),
        )
    }

    /// An announcement channel made by the administration.
    pub fn add_announcement_channel(&self, name: &str) -> ChannelId {
        let kind = super::scene::ANNOUNCEMENT;
        ChannelId(
            self.sandbox
                .shared
                .change(|world| new_channel(world, self.id, name, kind, None)),
        )
    }

    /// Fills a category with channels until it has this many.
    pub fn fill_category(&self, category: impl Into<u64>, count: usize) {
        let category = category.into();
        self.sandbox.shared.change(|world| {
            let inside = world
                .scene
                .channels
                .values()
                .filter(|channel| channel.parent_id == Some(category))
                .count();
            for n in inside..count {
                new_channel(world, self.id, &format!("filler-{n}"), TEXT, Some(category));
            }
        });
    }

    /// Fills the server with channels until it has this many.
    pub fn fill(&self, count: usize) {
        self.sandbox.shared.change(|world| {
            let here = world
                .scene
                .channels
                .values()
                .filter(|channel| channel.server_id == self.id)
                .count();
            for n in here..count {
                new_channel(world, self.id, &format!("filler-{n}"), TEXT, None);
            }
        });
    }

    /// An administrator sets an overwrite for a role or member.
    pub fn set_overwrite(
        &self,
        channel: impl Into<u64>,
        of: impl Into<u64>,
        allow: u64,
        deny: u64,
    ) {
        let (channel, id) = (channel.into(), of.into());
        self.sandbox.shared.change(|world| {
            let member = world.scene.users.contains_key(&id);
            world.change_channel(channel, |channel| {
                channel.overwrites.retain(|overwrite| overwrite.id != id);
                channel.overwrites.push(Overwrite {
                    id,
                    member,
                    allow,
                    deny,
                });
            });
        });
    }

    /// An administrator deletes a channel by hand.
    pub fn delete_channel(&self, channel: impl Into<u64>) {
        let channel = channel.into();
        self.sandbox
            .shared
            .change(|world| world.delete_channel(channel));
    }

    /// An administrator deletes a message by hand.
    pub fn delete_message(&self, message: impl Into<u64>) {
        let message = message.into();
        self.sandbox
            .shared
            .change(|world| world.delete_message(message));
    }

    /// `#general`'s id.
    pub fn general(&self) -> ChannelId {
        self.channel_named("general")
            .map_or(ChannelId(0), |channel| channel.id())
    }

    /// A channel of this server by name, as it looks now.
    pub fn channel_named(&self, name: &str) -> Option<super::look::ChannelLook> {
        self.channels()
            .into_iter()
            .find(|channel| channel.name == name)
    }

    /// All channels of this server, as they look now.
    pub fn channels(&self) -> Vec<super::look::ChannelLook> {
        self.sandbox
            .look()
            .channels()
            .into_iter()
            .filter(|channel| channel.server_id == self.id)
            .collect()
    }
}
