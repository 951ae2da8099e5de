// Keeps the list of messages on screen in step with the state, touching only what changed.

import { byId, fill, h, morph, patch } from "./dom.js";
import { postsNode } from "./forum.js";
import { icon } from "./icons.js";
import { messageNode } from "./message.js";
import {
  compareIds, currentChannel, dropMessage, isForum, isThread, logOf, mergePage, state, trimLog,
} from "./state.js";
import { api } from "./api.js";
import { toast } from "./toasts.js";

const PAGE = 50;
const REVEAL_PAGES_MAX = 8;
const NEAR_BOTTOM_PX = 80;
const NEAR_TOP_PX = 240;

const nodes = new Map();
const locals = new Map();
let list = null;
let stuck = true;

export function startMessages() {
  const scroller = byId("scroller");
  scroller.addEventListener("scroll", onScroll, { passive: true });
  byId("jump").addEventListener("click", jumpToPresent);
  new ResizeObserver(() => keepPlace()).observe(byId("log"));
  new ResizeObserver(() => keepPlace()).observe(scroller);
  scroller.addEventListener("keydown", moveByKeys);
}

/** Shows the open channel from scratch, fetching it when it is not known yet. */
export async function showChannel() {
  const channel = currentChannel();
  stuck = true;
  byId("jump").hidden = true;
  locals.clear();
  drawAll();
  if (isForum(channel)) byId("scroller").scrollTop = 0;
  if (!channel || isForum(channel)) return;
  const log = logOf(channel.id);
  if (!log.loaded) await fetchPage(channel.id);
}

/** Fetches everything shown again, after the stream of events was interrupted. */
export async function refetch() {
  const channelId = state.channelId;
  for (const [id, log] of state.logs) if (id !== channelId) log.loaded = false;
  if (!channelId || isForum(currentChannel())) return;
  const log = logOf(channelId);
  const user = state.me.id;
  log.fetching += 1;
  try {
    const page = await api.messages(user, channelId, { limit: PAGE });
    if (state.me.id === user && state.logs.get(channelId) === log) takeAgain(channelId, page);
  } catch (error) {
    toast(error.message);
  }
  log.fetching -= 1;
  if (log.fetching === 0) log.touched.clear();
}

/** Brings the open channel up to date with a fetched page, redrawing only what differs. */
function takeAgain(channelId, page) {
  const log = logOf(channelId);
  const fetched = new Map(page.messages.map((message) => [message.id, message]));
  const oldest = page.messages[0]?.id ?? null;
  const known = log.list.at(-1)?.id ?? null;
  const gap = !log.loaded || (oldest && known && page.more && compareIds(known, oldest) < 0);
  if (gap) {
    log.list.length = 0;
    mergePage(channelId, page);
    if (state.channelId === channelId) drawAll();
    return;
  }
  for (const message of [...log.list]) {
    const covered = !oldest || !page.more || compareIds(message.id, oldest) >= 0;
    if (!covered || fetched.has(message.id) || log.touched.has(message.id)) continue;
    dropMessage(channelId, message.id);
    eraseMessage(channelId, message.id);
  }
  const before = new Map(log.list.map((message) => [message.id, JSON.stringify(message)]));
  const more = log.more;
  mergePage(channelId, page);
  // What lies before the oldest message that is known has not changed by this page.
  log.more = known ? more : page.more;
  for (const message of page.messages) {
    if (before.get(message.id) !== JSON.stringify(message)) drawMessage(message);
  }
}

async function fetchPage(channelId, before) {
  const log = logOf(channelId);
  const user = state.me.id;
  log.fetching += 1;
  try {
    const page = await api.messages(user, channelId, { before, limit: PAGE });
    if (state.me.id !== user) return;
    mergePage(channelId, page);
  } catch (error) {
    toast(error.message);
  } finally {
    log.fetching -= 1;
    if (log.fetching === 0) log.touched.clear();
  }
  if (state.channelId === channelId) drawAll();
}

/** Draws one message that came or changed. */
export function drawMessage(message) {
  if (message.channel_id !== state.channelId || !list) return;
  const messages = logOf(message.channel_id).list;
  const at = messages.findIndex((m) => m.id === message.id);
  if (at < 0) return;
  drawAt(messages, at);
  if (at + 1 < messages.length) drawAt(messages, at + 1);
  if (stuck) trimLog(message.channel_id);
  forgetTrimmed(messages);
  keepPlace();
}

export function eraseMessage(channelId, id) {
  if (channelId !== state.channelId) return;
  const node = nodes.get(id);
  if (!node) return;
  if (node.contains(document.activeElement)) byId("scroller").focus();
  const messages = logOf(channelId).list;
  const nextId = node.nextElementSibling?.dataset.id;
  node.remove();
  nodes.delete(id);
  locals.delete(id);
  const at = messages.findIndex((m) => m.id === nextId);
  if (at >= 0) drawAt(messages, at);
  keepPlace();
}

/** Sets what only this page knows of a message (a pending tap, a failure) and redraws it. */
export function setLocal(message, local) {
  if (local) locals.set(message.id, local);
  else locals.delete(message.id);
  drawMessage(message);
}

export function localOf(id) {
  return locals.get(id) ?? null;
}

export function scrollToEnd() {
  stuck = true;
  keepPlace();
}

function drawAt(messages, at) {
  const message = messages[at];
  const fresh = messageNode(message, messages[at - 1] ?? null, localOf(message.id));
  const old = nodes.get(message.id);
  if (old) {
    nodes.set(message.id, morph(old, fresh));
    return;
  }
  const after = messages.slice(at + 1).find((m) => nodes.has(m.id));
  list.insertBefore(fresh, after ? nodes.get(after.id) : null);
  nodes.set(message.id, fresh);
  if (!stuck && at === messages.length - 1) byId("jump").hidden = false;
}

function forgetTrimmed(messages) {
  if (nodes.size <= messages.length) return;
  const known = new Set(messages.map((m) => m.id));
  for (const [id, node] of nodes) {
    if (known.has(id)) continue;
    node.remove();
    nodes.delete(id);
  }
}

/** Draws the list of posts anew, if a forum is open. */
export function drawPosts() {
  if (isForum(currentChannel())) drawAll();
}

function drawAll() {
  const root = byId("log");
  const channel = currentChannel();
  if (isForum(channel)) {
    nodes.clear();
    list = null;
    stuck = false;
    patch(root, postsNode(channel));
    return;
  }
  const log = channel ? logOf(channel.id) : null;
  const fromEnd_px = byId("scroller").scrollHeight - byId("scroller").scrollTop;
  root.setAttribute("aria-busy", "true");
  nodes.clear();
  list = h("ol", { class: "messages" });
  const messages = log?.list ?? [];
  for (const [index, message] of messages.entries()) {
    const node = messageNode(message, messages[index - 1] ?? null, localOf(message.id));
    nodes.set(message.id, node);
    list.append(node);
  }
  fill(root, intro(channel, log), list);
  if (!stuck) byId("scroller").scrollTop = byId("scroller").scrollHeight - fromEnd_px;
  keepPlace();
  requestAnimationFrame(() => root.removeAttribute("aria-busy"));
}

function intro(channel, log) {
  if (!channel) return h("p", { class: "intro" }, "Choose a channel on the left.");
  if (!log.loaded) return h("p", { class: "intro intro-loading" }, "Loading messages…");
  if (log.more) {
    return h("p", { class: "intro intro-loading" },
      h("button", { class: "text-button", type: "button", "data-act": "older" },
        "Load older messages"));
  }
  const [mark, title, text] = beginning(channel);
  return h("div", { class: "intro" },
    h("span", { class: "intro-icon" }, icon(mark)), h("h2", {}, title), h("p", {}, text));
}

function beginning(channel) {
  const { name } = channel;
  if (channel.guild_id === null) {
    return ["at", name, `This is the beginning of your direct messages with ${name}.`];
  }
  if (isThread(channel)) return ["thread", name, "This is where the thread begins."];
  return ["hash", `Welcome to #${name}`, `This is the beginning of the #${name} channel.`];
}

function onScroll() {
  const scroller = byId("scroller");
  const below_px = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  stuck = below_px < NEAR_BOTTOM_PX;
  if (stuck) byId("jump").hidden = true;
  if (scroller.scrollTop < NEAR_TOP_PX) loadOlder();
}

/** Fetches the page before the oldest known message. */
export async function loadOlder() {
  const channel = currentChannel();
  const log = channel ? logOf(channel.id) : null;
  if (!log?.loaded || !log.more || log.fetching > 0 || log.list.length === 0) return;
  stuck = false;
  await fetchPage(channel.id, log.list[0].id);
}

/** Scrolls to a message, fetching older ones until it is there; false if it never turns up. */
export async function revealMessage(id) {
  const log = logOf(state.channelId);
  for (let page = 0; page < REVEAL_PAGES_MAX && !nodes.has(id) && log.more; page += 1) {
    await loadOlder();
  }
  const node = nodes.get(id);
  if (!node) return false;
  stuck = false;
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
  node.classList.add("message-found");
  node.addEventListener("blur", () => node.classList.remove("message-found"), { once: true });
  return true;
}

function keepPlace() {
  if (!stuck) return;
  const scroller = byId("scroller");
  scroller.scrollTop = scroller.scrollHeight;
}

function jumpToPresent() {
  scrollToEnd();
  byId("jump").hidden = true;
  byId("scroller").focus({ preventScroll: true });
}

/** Arrow keys walk from message to message, once the list or a message has the focus. */
function moveByKeys(event) {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const current = event.target.closest("li.message");
  if (event.target !== byId("scroller") && event.target !== current) return;
  const next = event.key === "ArrowUp"
    ? (current ? current.previousElementSibling : list?.lastElementChild)
    : current?.nextElementSibling;
  if (!next) return;
  event.preventDefault();
  next.focus();
}
