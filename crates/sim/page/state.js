// Holds what the acting member sees, and tells the parts of the page when it changes.

/** Messages kept per channel; older ones are fetched again when scrolled to. */
export const MESSAGES_KEPT_MAX = 400;

/** Active threads beneath one channel in the list of channels. */
const THREADS_LISTED_MAX = 6;

const SENDABLE = new Set([0, 1, 2, 3, 5, 10, 11, 12, 13]);

export const state = {
  me: null,
  guildId: null,
  channelId: null,
  users: new Map(),
  guilds: new Map(),
  channels: new Map(),
  roles: new Map(),
  dms: [],
  bots: [],
  commands: [],
  logs: new Map(),
  unread: new Map(),
  connected: false,
};

const listeners = new Map();

/** Calls `listener` at each `name`: "view", "place", "unread", "messages", "bot", "connection". */
export function on(name, listener) {
  if (!listeners.has(name)) listeners.set(name, []);
  listeners.get(name).push(listener);
}

export function emit(name, detail) {
  for (const listener of listeners.get(name) ?? []) listener(detail);
}

/** Takes over a whole view as the server describes it. */
export function takeView(view) {
  state.me = view.me;
  state.users = new Map(view.users.map((user) => [user.id, user]));
  state.guilds = new Map(view.guilds.map((guild) => [guild.id, withMembers(guild)]));
  state.dms = view.dms ?? [];
  state.bots = view.bots ?? [];
  state.channels = new Map();
  state.roles = new Map();
  for (const guild of state.guilds.values()) {
    for (const channel of guild.channels) {
      state.channels.set(channel.id, { ...channel, guild_id: guild.id });
    }
    for (const role of guild.roles) state.roles.set(role.id, { ...role, guild_id: guild.id });
  }
  for (const dm of state.dms) state.channels.set(dm.id, dmChannel(dm));
  if (!state.channels.has(state.channelId)) state.channelId = null;
}

function withMembers(guild) {
  const roles = [...guild.roles].sort((a, b) => (b.position ?? 0) - (a.position ?? 0));
  return { ...guild, roles, memberById: new Map(guild.members.map((m) => [m.user_id, m])) };
}

function dmChannel(dm) {
  const name = state.users.get(dm.recipient_id)?.name ?? "Direct message";
  return {
    id: dm.id, type: 1, name, guild_id: null, recipient_id: dm.recipient_id, can_send: true,
  };
}

/** The channels of a guild in Discord's order: loose ones first, then category by category. */
export function channelTree(guild) {
  const byPosition = [...guild.channels].sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const groups = [{ category: null, channels: [] }];
  const byCategory = new Map();
  for (const category of byPosition.filter((c) => c.type === 4)) {
    const group = { category, channels: [] };
    byCategory.set(category.id, group);
    groups.push(group);
  }
  for (const channel of byPosition.filter((c) => c.type !== 4 && !isThread(c))) {
    const group = byCategory.get(channel.parent_id) ?? groups[0];
    group.channels.push(channel, ...listedThreads(threadsOf(guild, channel.id)));
  }
  return groups.filter((g) => g.category || g.channels.length > 0);
}

export function isThread(channel) {
  return channel.type >= 10 && channel.type <= 12;
}

/** Whether a channel holds posts instead of messages. */
export function isForum(channel) {
  return channel?.type === 15 || channel?.type === 16;
}

/** The threads of a channel or the posts of a forum: pinned ones first, then newest first. */
export function threadsOf(guild, parentId) {
  const threads = guild.channels.filter((c) => isThread(c) && c.parent_id === parentId);
  return threads.sort((a, b) =>
    Number(b.pinned ?? 0) - Number(a.pinned ?? 0) || compareIds(b.id, a.id));
}

/** The threads that the list of channels shows: the newest active ones, and what needs a look. */
function listedThreads(threads) {
  const newest = threads.filter((thread) => !thread.archived).slice(0, THREADS_LISTED_MAX);
  return threads.filter((thread) =>
    newest.includes(thread) || thread.id === state.channelId || state.unread.has(thread.id));
}

/** The first channel worth opening: one with a word about events if there is one. */
export function firstChannel(guild) {
  const all = channelTree(guild).flatMap((g) => g.channels);
  const open = all.filter((c) => SENDABLE.has(c.type) && !isThread(c));
  return open.find((c) => /event/i.test(c.name)) ?? open.find((c) => c.can_send) ?? open[0];
}

export function currentChannel() {
  return state.channels.get(state.channelId) ?? null;
}

export function currentGuild() {
  return state.guilds.get(state.guildId) ?? null;
}

/** The name under which a user goes in a guild: nickname, else own name. */
export function nameOf(userId, guildId = state.guildId) {
  const nick = state.guilds.get(guildId)?.memberById.get(userId)?.nick;
  return nick ?? state.users.get(userId)?.name ?? null;
}

/** The author of a message, also when the author has left the server. */
export function authorOf(message) {
  const author = message.author ?? {};
  const known = state.users.get(author.id);
  const guildId = state.channels.get(message.channel_id)?.guild_id ?? null;
  return {
    id: author.id,
    name: nameOf(author.id, guildId) ?? author.global_name ?? author.username ?? "Unknown",
    bot: Boolean(known?.bot ?? author.bot),
    color: known?.color ?? null,
  };
}

/** The colour of a member's highest coloured role as 0xRRGGBB, or 0. */
export function roleColor(userId, guildId = state.guildId) {
  const guild = state.guilds.get(guildId);
  const held = guild?.memberById.get(userId)?.roles ?? [];
  for (const role of guild?.roles ?? []) {
    if (role.color && held.includes(role.id)) return role.color;
  }
  return 0;
}

/** Whether a message calls the acting member: by name, by a role of theirs, or everyone. */
export function callsMe(message) {
  if (!state.me || message.author?.id === state.me.id) return false;
  if (message.mention_everyone) return true;
  if ((message.mentions ?? []).some((user) => user.id === state.me.id)) return true;
  const guildId = state.channels.get(message.channel_id)?.guild_id;
  const mine = state.guilds.get(guildId)?.memberById.get(state.me.id)?.roles ?? [];
  return (message.mention_roles ?? []).some((role) => mine.includes(role));
}

/** Snowflakes compare as numbers, but do not fit one. */
export function compareIds(a, b) {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** The messages known of a channel: `list` oldest first, `more` while older ones exist. */
export function logOf(channelId) {
  if (!state.logs.has(channelId)) {
    const log = { list: [], more: true, loaded: false, fetching: 0, touched: new Map() };
    state.logs.set(channelId, log);
  }
  return state.logs.get(channelId);
}

/** Puts a message at its place, or over its older self. Returns whether it is new. */
export function putMessage(message) {
  const log = logOf(message.channel_id);
  if (log.fetching > 0) log.touched.set(message.id, message);
  const at = place(log.list, message.id);
  if (log.list[at]?.id === message.id) {
    log.list[at] = message;
    return false;
  }
  log.list.splice(at, 0, message);
  return true;
}

export function dropMessage(channelId, id) {
  const log = logOf(channelId);
  if (log.fetching > 0) log.touched.set(id, null);
  const at = place(log.list, id);
  if (log.list[at]?.id === id) log.list.splice(at, 1);
}

export function findMessage(channelId, id) {
  const log = logOf(channelId);
  const found = log.list[place(log.list, id)];
  return found?.id === id ? found : null;
}

/** Merges a fetched page; what an event told meanwhile is newer and wins. */
export function mergePage(channelId, page) {
  const log = logOf(channelId);
  for (const message of page.messages) {
    if (log.touched.has(message.id)) continue;
    putMessage(message);
  }
  log.more = Boolean(page.more);
  log.loaded = true;
}

/** Forgets the oldest messages beyond the bound. */
export function trimLog(channelId) {
  const log = logOf(channelId);
  if (log.list.length <= MESSAGES_KEPT_MAX) return;
  log.list.splice(0, log.list.length - MESSAGES_KEPT_MAX);
  log.more = true;
}

function place(list, id) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareIds(list[middle].id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts one unread message in a channel that is not open. */
export function markUnread(message) {
  const before = state.unread.get(message.channel_id) ?? { count: 0, calls: 0 };
  const isDm = state.channels.get(message.channel_id)?.guild_id === null;
  const calls = before.calls + (isDm || callsMe(message) ? 1 : 0);
  state.unread.set(message.channel_id, { count: before.count + 1, calls });
  emit("unread");
}

export function markRead(channelId) {
  if (state.unread.delete(channelId)) emit("unread");
}
