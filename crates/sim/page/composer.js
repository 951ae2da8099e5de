// The message box: writes plain messages, and finds commands once a slash is typed.

import { api } from "./api.js";
import { filterChoices, members } from "./choices.js";
import { fillBar, makeCommandBar, markProblem, readBar } from "./commandbar.js";
import { flattenCommands, matchCommand, searchCommands } from "./commands.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { showOutcome } from "./interact.js";
import { scrollToEnd } from "./messages.js";
import { currentChannel, isForum, isThread, state } from "./state.js";
import { closeSuggest, openSuggest, suggestKey, suggestNode } from "./suggest.js";

const TEXT_MAX = 2000;

let text = null;
let bar = null;
let entries = [];
let mentions = new Map();
let busy = false;

export function startComposer() {
  text = h("textarea", {
    id: "composer-input", class: "composer-text", rows: "1", maxlength: TEXT_MAX,
    "aria-autocomplete": "list", "aria-controls": "suggest-list", autocomplete: "off",
    enterkeyhint: "send", oninput: onInput, onkeydown: onKey,
    onblur: closeSuggest, onfocus: () => suggest(),
  });
  const form = h("form", { class: "composer-box" },
    h("div", { id: "composer-slot", class: "composer-slot" }, text),
    h("button", { class: "icon-button composer-send", type: "submit", "aria-label": "Send" },
      icon("send")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (bar) submitCommand();
    else sendText();
  });
  fill(byId("composer"), suggestNode(), h("div", { id: "notice", class: "notice", hidden: true }),
    form);
  document.addEventListener("keydown", focusOnTyping);
}

/** Readies the box for the open channel: placeholder, permission, commands. */
export async function resetComposer() {
  const channel = currentChannel();
  leaveCommand("");
  showNotice(null);
  text.disabled = !channel?.can_send;
  text.placeholder = placeholder(channel);
  text.setAttribute("aria-label", placeholder(channel));
  await loadCommands();
}

/** Fetches the commands that the acting member may use here. */
export async function loadCommands() {
  const channel = currentChannel();
  const user = state.me?.id;
  entries = [];
  state.commands = [];
  if (!channel) return;
  try {
    const commands = await api.commands(user, channel.id);
    if (state.channelId !== channel.id || state.me?.id !== user) return;
    state.commands = commands;
    entries = flattenCommands(commands);
    if (text.value.startsWith("/") && document.activeElement === text) suggest();
  } catch (error) {
    showNotice(error.message);
  }
}

/** Puts a text into the box as if it had been typed, for example a whole command. */
export function compose(value) {
  leaveCommand(value);
  onInput();
  (bar ? bar.node.querySelector("input:focus") ?? bar.add : text).focus();
}

function placeholder(channel) {
  if (!channel) return "Choose a channel first";
  if (isForum(channel)) return "Open a post to write in it";
  if (!channel.can_send) return "You may not write in this channel";
  const mark = channel.guild_id === null ? "@" : isThread(channel) ? "" : "#";
  const name = `${mark}${channel.name}`;
  return `Message ${name}, or type /`;
}

function onInput() {
  text.style.setProperty("--lines", Math.min(text.value.split("\n").length, 8));
  showNotice(null);
  const match = matchCommand(entries, text.value);
  if (match) enterCommand(match.entry, match.rest);
  else suggest();
}

function suggest() {
  if (text.value.startsWith("/")) return suggestCommands();
  const before = text.value.slice(0, text.selectionStart);
  const at = /(?:^|\s)@([\p{L}\p{N}_-]{0,32})$/u.exec(before);
  if (at) return suggestMentions(at[1]);
  return closeSuggest();
}

function suggestCommands() {
  const found = searchCommands(entries, text.value);
  openSuggest({
    input: text,
    title: found.length > 0 ? null : "No command here is called that.",
    preselect: true,
    choices: found.map((entry) => ({
      label: `/${entry.path}`, detail: entry.description, section: entry.bot?.name ?? "Commands",
      user: state.users.get(entry.bot?.user_id) ?? null, entry,
    })),
    onPick: (choice) => enterCommand(choice.entry, ""),
  });
}

function suggestMentions(typed) {
  openSuggest({
    input: text, title: null, preselect: typed !== "",
    choices: filterChoices(members(), typed).slice(0, 10),
    onPick: (choice) => {
      const at = text.selectionStart;
      const start = text.value.lastIndexOf("@", at - 1);
      const name = `@${choice.label}`;
      mentions.set(name, `<@${choice.value}>`);
      text.setRangeText(`${name} `, start, at, "end");
      text.focus();
    },
  });
}

function enterCommand(entry, rest) {
  closeSuggest();
  bar = makeCommandBar(entry, { submit: submitCommand, leave: leaveAndFocus });
  byId("composer-slot").replaceChildren(bar.node);
  fillBar(bar, rest);
}

function leaveCommand(value) {
  closeSuggest();
  bar = null;
  text.value = value;
  text.style.setProperty("--lines", 1);
  if (!text.isConnected) byId("composer-slot").replaceChildren(text);
}

function leaveAndFocus(value) {
  leaveCommand(value);
  showNotice(null);
  text.focus();
  suggest();
}

function onKey(event) {
  if (suggestKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    sendText();
  } else if (event.key === "Escape" && text.value.startsWith("/")) leaveAndFocus("");
}

async function sendText() {
  const content = [...mentions].reduce(
    (all, [name, tag]) => all.replaceAll(name, tag), text.value.trim());
  if (!content || busy || !state.channelId) return;
  if (content.startsWith("/")) {
    showNotice("No command here is called that. Type / to see them all.");
    return;
  }
  busy = true;
  try {
    await api.say({ user: state.me.id, channel: state.channelId, content });
    leaveCommand("");
    mentions = new Map();
    scrollToEnd();
  } catch (error) {
    showNotice(error.message);
  }
  busy = false;
}

async function submitCommand() {
  if (busy || !bar) return;
  closeSuggest();
  const read = readBar(bar);
  if (read.problem) {
    markProblem(read.field);
    showNotice(read.problem);
    return;
  }
  const running = bar;
  const user = state.me.id;
  setBusy(true, `Sending /${running.entry.path} …`);
  let failure = null;
  let outcome = null;
  try {
    outcome = await api.command({
      user, channel: state.channelId, command_id: running.entry.command.id, options: read.options,
    });
  } catch (error) {
    failure = error.message;
  }
  setBusy(false, null);
  if (state.me.id !== user || bar !== running) return;
  if (outcome) {
    if (outcome.result !== "failed") leaveCommand("");
    text.focus();
    failure = await showOutcome(outcome, user);
    scrollToEnd();
  }
  if (failure) {
    showNotice(failure);
    running.add.focus();
    closeSuggest();
  }
}

function setBusy(value, notice) {
  busy = value;
  bar?.node.classList.toggle("bar-busy", value);
  showNotice(notice, "status");
}

function showNotice(message, role = "alert") {
  const notice = byId("notice");
  notice.hidden = !message;
  if (!message) {
    notice.replaceChildren();
    return;
  }
  notice.className = `notice notice-${role}`;
  fill(notice, h("span", { role }, message), role === "alert" && h("button", {
    class: "icon-button", type: "button", "aria-label": "Close this notice",
    onclick: () => showNotice(null),
  }, icon("close")));
}

/** Typing anywhere goes to the message box, as people are used to. */
function focusOnTyping(event) {
  const busyElsewhere = event.target.closest("input, textarea, select, dialog, [role=listbox]");
  if (busyElsewhere || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.length !== 1 || event.key === " " || !text.isConnected) return;
  text.focus();
}
