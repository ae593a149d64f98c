//! Who may do what where, computed as Discord documents it ("Permissions", "Permission Hierarchy").

use super::scene::{Channel, DM, Scene};

/// Use `/` commands and others of applications.
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
/// Everything.
pub const ADMINISTRATOR: u64 = 1 << 3;
/// Make, change and delete channels.
pub const MANAGE_CHANNELS: u64 = 1 << 4;
/// Change the server's settings.
pub const MANAGE_GUILD: u64 = 1 << 5;
/// Add reactions.
pub const ADD_REACTIONS: u64 = 1 << 6;
/// See a channel.
pub const VIEW_CHANNEL: u64 = 1 << 10;
/// Write in a channel.
pub const SEND_MESSAGES: u64 = 1 << 11;
/// Delete others' messages.
pub const MANAGE_MESSAGES: u64 = 1 << 13;
/// Have one's embeds shown.
pub const EMBED_LINKS: u64 = 1 << 14;
/// Attach files.
pub const ATTACH_FILES: u64 = 1 << 15;
/// Read what was written before.
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
/// Ping `@everyone` and roles that are not mentionable.
pub const MENTION_EVERYONE: u64 = 1 << 17;
/// Change roles, and overwrites of channels.
pub const MANAGE_ROLES: u64 = 1 << 28;
/// Write in threads.
pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
/// Pin and unpin (split from MANAGE_MESSAGES in 2025/26).
pub const PIN_MESSAGES: u64 = 1 << 51;
/// Every bit.
pub const ALL: u64 = (1 << 53) - 1;

/// What Warbell's invite asks for.
pub const INVITE: u64 = 2_252_074_960_145_488;

/// What `@everyone` has in a new server here: read, write, react and use commands, but not
/// MENTION_EVERYONE, as in most servers of any size.
pub const EVERYONE: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | ADD_REACTIONS
    | USE_APPLICATION_COMMANDS
    | SEND_MESSAGES_IN_THREADS;

impl Scene {
    /// What a member may do in the server as a whole; nothing for a stranger.
    pub fn server_permissions(&self, server_id: u64, user_id: u64) -> u64 {
        let Some(server) = self.servers.get(&server_id) else {
            return 0;
        };
        if server.owner_id == user_id {
            return ALL;
        }
        let Some(member) = server.members.get(&user_id) else {
            return 0;
        };
        let bits = std::iter::once(&server_id)
            .chain(&member.roles)
            .filter_map(|role| server.roles.get(role))
            .fold(0, |bits, role| bits | role.permissions);
        if bits & ADMINISTRATOR != 0 { ALL } else { bits }
    }

    /// What a member may do in a channel, overwrites counted.
    pub fn permissions(&self, channel: &Channel, user_id: u64) -> u64 {
        if channel.kind == DM {
            let inside = channel.recipient == Some(user_id) || user_id == self.app_id;
            return if inside { EVERYONE } else { 0 };
        }
        let base = self.server_permissions(channel.server_id, user_id);
        if base == ALL {
            return ALL;
        }
        let Some(member) = self
            .servers
            .get(&channel.server_id)
            .and_then(|server| server.members.get(&user_id))
        else {
            return 0;
        };
        let mut bits = base;
        if let Some(everyone) = channel
            .overwrites
            .iter()
            .find(|overwrite| overwrite.id == channel.server_id)
        {
            bits = (bits & !everyone.deny) | everyone.allow;
        }
        let of_roles = channel
            .overwrites
            .iter()
            .filter(|overwrite| !overwrite.member && member.roles.contains(&overwrite.id));
        let (allow, deny) =
            of_roles.fold((0, 0), |(allow, deny), o| (allow | o.allow, deny | o.deny));
        bits = (bits & !deny) | allow;
        if let Some(own) = channel
            .overwrites
            .iter()
            .find(|overwrite| overwrite.member && overwrite.id == user_id)
        {
            bits = (bits & !own.deny) | own.allow;
        }
        // Without VIEW_CHANNEL nothing else in the channel is granted.
        if bits & VIEW_CHANNEL == 0 { 0 } else { bits }
    }

    /// Whether this person sees this channel.
    pub fn can_see(&self, user_id: u64, channel_id: u64) -> bool {
        self.channels
            .get(&channel_id)
            .is_some_and(|channel| self.permissions(channel, user_id) & VIEW_CHANNEL != 0)
    }
}
