// Starts the page: opens a member's view, follows what changes, and leads from place to place.

import { api, listen } from "./api.js";
import { startClock, takeClock } from "./clock.js";
import { compose, loadCommands, resetComposer, startComposer } from "./composer.js";
import { openMessageMenu, startContext } from "./context.js";
import { byId, debounce } from "./dom.js";
import { closeDrawer, startDrawers } from "./drawers.js";
import { startHint } from "./hint.js";
import { startInteractions } from "./interact.js";
import { drawMe, drawMembers, openProfile, openSwitcher } from "./members.js";
import {
  drawMessage, drawPosts, eraseMessage, refetch, revealMessage, showChannel, startMessages,
} from "./messages.js";
import { startRegions } from "./regions.js";
import { drawHeader, drawSidebar } from "./sidebar.js";
import {
  currentChannel, dropMessage, firstChannel, markRead, markUnread, on, putMessage, state, takeView,
} from "./state.js";
import { say, toast } from "./toasts.js";
import { startTools } from "./tools.js";

// Roles of many members may change at once; one look at the end is enough.
const WORLD_WAIT_MS = 120;

let stopListening = () => {};
let fresh = true;
let becoming = 0;

const visit = {
  guild: openGuild,
  channel: openChannel,
  message: openMessage,
  profile: (userId) => openProfile(userId, visit),
  switcher: () => openSwitcher(visit),
  command: (name) => compose(`/${name} `),
  menu: (button) => openMessageMenu(button, visit),
  become,
  address: (userId) => `${location.pathname}#/${userId}/${state.channelId ?? ""}`,
};

start();

async function start() {
  startClock();
  startMessages();
  startComposer();
  startDrawers();
  startInteractions(visit);
  startContext(visit);
  startTools();
  startRegions();
  startHint(visit);
  on("unread", () => drawSidebar(visit));
  window.addEventListener("hashchange", followAddress);
  const { user, channel } = readAddress();
  await become(user, channel);
}

/** The address holds who acts and where, so that a reload or a second tab keeps its own. */
function readAddress() {
  const [, user, channel] = /^#\/(\d+)\/?(\d*)$/.exec(location.hash) ?? [];
  return { user: user ?? null, channel: channel || null };
}

function writeAddress() {
  const hash = `#/${state.me.id}/${state.channelId ?? ""}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
}

function followAddress() {
  const { user, channel } = readAddress();
  if (user && user !== state.me?.id) become(user, channel);
  else if (channel && channel !== state.channelId) openChannel(channel);
  else if (state.me) writeAddress();
}

/** Sees the simulation through the eyes of another member. */
async function become(userId, channelId = state.channelId) {
  stopListening();
  becoming += 1;
  const turn = becoming;
  let view;
  try {
    view = await viewOf(userId);
  } catch (error) {
    toast(error.message);
    if (!state.me) setTimeout(() => become(userId, channelId), 2_000);
    return;
  }
  if (turn !== becoming) return;
  state.logs.clear();
  state.unread.clear();
  takeView(view);
  takeClock(view.clock);
  fresh = true;
  await openChannel(state.channels.has(channelId) ? channelId : homeChannel());
  if (turn !== becoming) return;
  stopListening = listen(state.me.id, onEvent, onLost);
  say(`You are acting as ${state.me.name}.`);
}

/** A remembered member may be gone, for example in a new simulation. */
async function viewOf(userId) {
  try {
    return await api.view(userId);
  } catch (error) {
    if (!userId || error.status === 0) throw error;
    return api.view(null);
  }
}

function homeChannel() {
  const guild = state.guilds.get(state.guildId) ?? state.guilds.values().next().value;
  return (guild && firstChannel(guild)?.id) ?? state.dms[0]?.id ?? null;
}

async function openGuild(guildId) {
  if (guildId === null) {
    const dm = state.dms.find((d) => state.unread.has(d.id)) ?? state.dms[0];
    if (dm) await openChannel(dm.id, { keepDrawer: true });
    else {
      state.guildId = null;
      state.channelId = null;
      await drawPlace();
    }
    return;
  }
  const guild = state.guilds.get(guildId);
  const first = guild && firstChannel(guild);
  if (first) await openChannel(first.id, { keepDrawer: true });
}

async function openChannel(channelId, { keepDrawer = false } = {}) {
  const channel = state.channels.get(channelId);
  if (channelId && !channel) {
    toast("That channel cannot be seen by this member.");
    return;
  }
  state.channelId = channelId;
  state.guildId = channel?.guild_id ?? null;
  state.unread.delete(channelId);
  if (!keepDrawer) closeDrawer();
  await drawPlace();
}

/** Follows a link to a message, which may lead to another channel. */
async function openMessage(channelId, messageId) {
  if (channelId !== state.channelId) await openChannel(channelId);
  if (channelId !== state.channelId || !messageId) return;
  if (!await revealMessage(messageId)) toast("That message is not there any more.");
}

async function drawPlace() {
  writeAddress();
  drawFrame();
  await Promise.all([showChannel(), resetComposer()]);
}

function drawFrame() {
  const focused = document.activeElement?.dataset?.channelId;
  drawSidebar(visit);
  drawHeader(visit);
  drawMembers();
  drawMe(visit);
  if (focused) byId("channels").querySelector(`[data-channel-id="${focused}"]`)?.focus();
}

const HANDLERS = {
  hello: onHello,
  message: ({ message }) => {
    const isNew = putMessage(message);
    if (message.channel_id === state.channelId) {
      drawMessage(message);
      markRead(message.channel_id);
    } else if (isNew && message.author?.id !== state.me.id) markUnread(message);
  },
  message_update: ({ message }) => {
    putMessage(message);
    drawMessage(message);
  },
  message_delete: ({ channel_id: channelId, id }) => {
    dropMessage(channelId, id);
    eraseMessage(channelId, id);
  },
  clock: takeClock,
  bot: (change) => {
    const bot = state.bots.find((b) => b.user_id === change.user_id);
    if (bot) bot.online = change.online;
    drawMembers();
    if (change.commands_changed) loadCommands();
  },
  world: debounce(refreshView, WORLD_WAIT_MS),
};

function onEvent(name, data) {
  HANDLERS[name]?.(data);
}

/** The stream is (again) open: whatever happened before it opened has to be fetched. */
async function onHello() {
  const again = !state.connected && !fresh;
  state.connected = true;
  document.body.classList.remove("lost");
  if (again) say("Connected again.");
  await refreshView();
  await refetch();
  if (again) await loadCommands();
  fresh = false;
}

function onLost() {
  if (state.connected) say("The connection is lost. Trying again.");
  state.connected = false;
  document.body.classList.add("lost");
}

async function refreshView() {
  const user = state.me.id;
  const before = state.channelId;
  try {
    const view = await api.view(user);
    if (state.me.id !== user) return;
    takeView(view);
    takeClock(view.clock);
  } catch (error) {
    toast(error.message);
    return;
  }
  if (before && !currentChannel()) await openChannel(homeChannel());
  else {
    drawFrame();
    drawPosts();
  }
}
