// What can be done with a message or a member: the bot's own commands ("Apps") and the client's.

import { api } from "./api.js";
import { showOutcome } from "./interact.js";
import { openMenu } from "./menu.js";
import { isEphemeral } from "./message.js";
import { scrollToEnd, setLocal } from "./messages.js";
import { currentChannel, findMessage, nameOf, state } from "./state.js";
import { say, toast } from "./toasts.js";

const ON_USERS = 2;
const ON_MESSAGES = 3;
const SYSTEM = new Set([6, 7, 18]);

/** Opens menus on a press of the other button, a long touch, the menu key, or Enter on a message. */
export function startContext(visit) {
  document.addEventListener("contextmenu", (event) => {
    const selecting = !getSelection().isCollapsed;
    const native = event.target.closest("a, img, input, textarea, dialog, .menu");
    if (selecting || native || event.shiftKey) return;
    const rect = event.target.getBoundingClientRect();
    // The menu key has no place of its own.
    const byKey = event.clientX === 0 && event.clientY === 0;
    const at = byKey ? { x: rect.left + 16, y: rect.top + 16 }
      : { x: event.clientX, y: event.clientY };
    if (openAt(event.target, at, visit)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("li.message")) return;
    event.preventDefault();
    const rect = event.target.getBoundingClientRect();
    openAt(event.target, { x: rect.left + 60, y: Math.max(rect.top, 60) }, visit);
  });
}

/** Opens the menu of a message from its own button. */
export function openMessageMenu(button, visit) {
  const rect = button.getBoundingClientRect();
  openAt(button, { x: rect.right - 200, y: rect.bottom + 4 }, visit);
}

function openAt(target, at, visit) {
  const user = target.closest("[data-user]");
  const row = target.closest("li.message");
  const message = row && findMessage(state.channelId, row.dataset.id);
  const items = user ? memberItems(user.dataset.user, visit) : message && messageItems(message);
  if (!items?.length) return false;
  const label = user ? `${nameOf(user.dataset.user)}: actions` : "Message actions";
  openMenu({ items, at, label, opener: user ?? row });
  return true;
}

/** The commands of this kind that the acting member may use here, as items of a menu. */
function commandItems(type, target) {
  const offered = state.commands.filter((command) => command.type === type);
  if (offered.length === 0) return [];
  return [{ section: "Apps" }, ...offered.map((command) => ({
    label: command.name, act: () => runOn(command, target),
  }))];
}

function memberItems(userId, visit) {
  const user = state.users.get(userId);
  if (!user) return [];
  const dm = state.dms.find((d) => d.recipient_id === userId);
  return [
    { label: "Profile", act: () => visit.profile(userId) },
    dm && { label: "Direct messages", act: () => visit.channel(dm.id) },
    !user.bot && userId !== state.me.id
      && { label: `Act as ${user.name}`, act: () => visit.become(userId) },
    ...commandItems(ON_USERS, { id: userId }),
  ].filter(Boolean);
}

function messageItems(message) {
  const privately = isEphemeral(message);
  const own = message.author?.id === state.me.id;
  const mayDelete = !privately && (own || currentChannel()?.can_manage);
  return [
    ...(privately || SYSTEM.has(message.type)
      ? [] : commandItems(ON_MESSAGES, { id: message.id, message })),
    { section: "Message" },
    message.content && { label: "Copy text", act: () => copy(message.content) },
    { label: "Copy ID", act: () => copy(message.id) },
    mayDelete && { label: "Delete message", danger: true, act: () => remove(message) },
    privately && message.sim?.deletable
      && { label: "Dismiss message", act: () => dismiss(message) },
  ].filter(Boolean);
}

/** Runs a command on a member or message, and shows what came of it. */
export async function runOn(command, { id, message = null }) {
  const user = state.me.id;
  let failure = null;
  say(`Sending ${command.name} …`);
  try {
    const outcome = await api.command({
      user, channel: state.channelId, command_id: command.id, options: [], target_id: id,
    });
    failure = await showOutcome(outcome, user);
    if (!failure && outcome.message_id) scrollToEnd();
  } catch (error) {
    failure = error.message;
  }
  if (!failure || state.me.id !== user) return;
  if (message) setLocal(message, { failed: failure });
  else toast(failure);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
  } catch {
    toast("The browser did not let the page copy it.");
  }
}

async function remove(message) {
  await attempt(api.remove({ user: state.me.id, message_id: message.id }));
}

async function dismiss(message) {
  await attempt(api.dismiss({ user: state.me.id, message_id: message.id }));
}

async function attempt(work) {
  try {
    await work;
  } catch (error) {
    toast(error.message);
  }
}
