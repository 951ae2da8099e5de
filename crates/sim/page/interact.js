// Turns taps on messages into interactions, and shows what came of them.

import { api } from "./api.js";
import { choicesFor } from "./choices.js";
import { walkComponents } from "./components.js";
import { openModal } from "./modal.js";
import { loadOlder, localOf, setLocal } from "./messages.js";
import { openPicker } from "./picker.js";
import { findMessage, state } from "./state.js";
import { toast } from "./toasts.js";

const FAILED = "This interaction failed";

/** Listens for taps anywhere on the page; `visit` opens channels, profiles and commands. */
export function startInteractions(visit) {
  const acts = {
    spoiler: (node) => node.classList.toggle("spoiler-open"),
    profile: (node) => visit.profile(node.dataset.user),
    channel: (node) => visit.channel(node.dataset.channel),
    jump: (node) => visit.message(node.dataset.channel, node.dataset.message),
    command: (node) => visit.command(node.dataset.command),
    older: () => loadOlder(),
    menu: (node) => visit.menu(node),
    dismiss: (node) => dismiss(messageOf(node)),
    button: (node) => tapButton(messageOf(node), node.dataset.customId),
    select: (node) => openSelect(node, messageOf(node), node.dataset.customId),
  };
  document.addEventListener("click", (event) => {
    const node = event.target.closest("[data-act]");
    if (!node || node.disabled) return;
    acts[node.dataset.act]?.(node);
  });
}

function messageOf(node) {
  const id = node.closest("li.message")?.dataset.id;
  return id ? findMessage(state.channelId, id) : null;
}

function tapButton(message, customId) {
  if (message) send(message, customId);
}

function openSelect(anchor, message, customId) {
  const component = [...walkComponents(message?.components)]
    .find((c) => c.custom_id === customId);
  if (!component || localOf(message.id)?.pending) return;
  openPicker({
    anchor,
    label: component.placeholder ?? "Make a selection",
    choices: choicesFor(component),
    range: { min: component.min_values ?? 1, max: component.max_values ?? 1 },
    done: (values) => {
      if (values) send(message, customId, values);
    },
  });
}

async function send(message, customId, values) {
  if (localOf(message.id)?.pending) return;
  setLocal(message, { pending: customId });
  const user = state.me.id;
  let failure = null;
  try {
    const outcome = await api.component({
      user, channel: message.channel_id, message_id: message.id, custom_id: customId, values,
    });
    failure = await showOutcome(outcome, user);
  } catch (error) {
    failure = error.message;
  }
  if (state.me.id === user) setLocal(message, failure ? { failed: failure } : null);
}

/** Opens the modal that an interaction asked for; returns the reason if it failed, else null. */
export async function showOutcome(outcome, user) {
  if (state.me.id !== user) return null;
  if (outcome.result === "modal") {
    openModal(outcome.modal);
    return null;
  }
  if (outcome.result !== "failed") return null;
  return outcome.reason ? `${FAILED}: ${outcome.reason.replace(/\.?$/, ".")}` : `${FAILED}.`;
}

async function dismiss(message) {
  if (!message) return;
  try {
    await api.dismiss({ user: state.me.id, message_id: message.id });
  } catch (error) {
    toast(error.message);
  }
}
