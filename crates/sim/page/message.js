// Draws one message: author, command line, text, embeds, components and notices.

import { avatar, nameColor } from "./avatars.js";
import { componentNodes } from "./components.js";
import { h } from "./dom.js";
import { embedNode } from "./embeds.js";
import { icon } from "./icons.js";
import { plainText, renderMarkdown } from "./markdown.js";
import { looseAttachments } from "./media.js";
import { authorOf, callsMe, findMessage, nameOf, roleColor, state } from "./state.js";
import { clockTime, dayLabel, fullLabel, messageStamp, sameDay } from "./time.js";

const FLAG_SUPPRESS_EMBEDS = 4;
const ON_MENU = 23;
const TEXT_DISPLAY = 10;
const GROUPED_WITHIN_MS = 7 * 60_000;

const SYSTEM_TEXT = {
  6: (name) => `${name} pinned a message to this channel.`,
  7: (name) => `${name} joined the server.`,
  18: (name, message) => `${name} started a thread: ${message.content}`,
};

/** The list item of a message. `local` is what only this page knows: pending tap, failure. */
export function messageNode(message, previous, local) {
  const sent_ms = Date.parse(message.timestamp);
  const grouped = isGrouped(message, previous);
  const ephemeral = isEphemeral(message);
  const classes = ["message", grouped && "message-grouped", ephemeral && "message-ephemeral",
    callsMe(message) && "message-calls"].filter(Boolean).join(" ");
  const newDay = !previous || !sameDay(Date.parse(previous.timestamp), sent_ms);
  const author = authorOf(message);
  return h("li", { class: classes, "data-id": message.id, "data-key": message.id, tabindex: "-1" },
    newDay && h("div", { class: "day" }, h("span", {}, dayLabel(sent_ms))),
    SYSTEM_TEXT[message.type] ? systemLine(message, author, sent_ms) : [
      contextLine(message),
      !isLoading(message) && h("button", {
        class: "icon-button message-more", type: "button", tabindex: "-1", "data-act": "menu",
        "data-key": "menu", "aria-label": "Message actions", "aria-haspopup": "menu",
      }, icon("more")),
      h("div", { class: "message-main" },
        grouped ? hoverTime(sent_ms) : avatar(author, "l"),
        h("div", { class: "message-body" },
          !grouped && header(author, message, sent_ms),
          bodyParts(message, local),
          notices(message, local, ephemeral))),
    ]);
}

export function isEphemeral(message) {
  return Boolean(message.sim?.ephemeral ?? ((message.flags ?? 0) & 64) !== 0);
}

function isLoading(message) {
  return Boolean(message.sim?.loading ?? ((message.flags ?? 0) & 128) !== 0);
}

function isGrouped(message, previous) {
  if (!previous || message.sim?.interaction || message.message_reference) return false;
  if (SYSTEM_TEXT[message.type] || SYSTEM_TEXT[previous.type]) return false;
  const here_ms = Date.parse(message.timestamp);
  const before_ms = Date.parse(previous.timestamp);
  return previous.author?.id === message.author?.id
    && isEphemeral(previous) === isEphemeral(message)
    && here_ms - before_ms < GROUPED_WITHIN_MS
    && sameDay(here_ms, before_ms);
}

function hoverTime(sent_ms) {
  return h("time", { class: "hover-time", datetime: new Date(sent_ms).toISOString() },
    clockTime(sent_ms));
}

function header(author, message, sent_ms) {
  const colored = nameColor(roleColor(author.id, state.channels.get(message.channel_id)?.guild_id));
  return h("p", { class: "message-head" },
    h("button", {
      class: "author", type: "button", "data-act": "profile", "data-user": author.id, vars: colored,
    }, author.name),
    author.bot && h("span", { class: "tag" }, icon("check"), "APP"),
    h("time", {
      class: "sent", datetime: new Date(sent_ms).toISOString(), title: fullLabel(sent_ms),
      "data-sent": sent_ms,
    }, messageStamp(sent_ms)));
}

/** The thin line above: "Ada used /event create", or the message that this one answers. */
function contextLine(message) {
  const used = message.sim?.interaction;
  if (used) {
    const user = state.users.get(used.user_id) ?? { name: "Someone" };
    const name = nameOf(used.user_id) ?? user.name;
    return h("p", { class: "context" }, avatar({ ...user, name }, "s"),
      h("span", { class: "context-name" }, name), " used ",
      h("span", { class: "context-command" },
        message.type === ON_MENU ? used.name : `/${used.name}`));
  }
  const id = message.message_reference?.message_id;
  if (!id) return null;
  const origin = message.referenced_message ?? findMessage(message.channel_id, id);
  const text = origin ? summary(origin) : "Original message was deleted";
  return h("p", { class: "context" }, origin && [
    avatar(authorOf(origin), "s"), h("span", { class: "context-name" }, authorOf(origin).name)],
  " ", h("span", { class: "context-text" }, text));
}

function summary(message) {
  const said = message.content || message.embeds?.[0]?.title || firstText(message.components);
  const text = said ? plainText(said.replaceAll("\n", " ")) : "Click to see the attachment";
  return text.length > 90 ? `${text.slice(0, 89)}…` : text;
}

// The first text of a message that is made of components, wherever it stands in them.
function firstText(components) {
  for (const component of components ?? []) {
    const isText = component.type === TEXT_DISPLAY;
    const text = isText ? component.content : firstText(component.components);
    if (text) return text;
  }
  return undefined;
}

function systemLine(message, author, sent_ms) {
  return h("p", { class: "system" },
    h("span", { class: "system-arrow", "aria-hidden": "true" }, "→"),
    SYSTEM_TEXT[message.type](author.name, message), " ",
    h("time", { class: "sent", "data-sent": sent_ms }, messageStamp(sent_ms)));
}

function bodyParts(message, local) {
  if (isLoading(message)) {
    return h("p", { class: "thinking" }, dots(), `${authorOf(message).name} is thinking…`);
  }
  const edited = message.edited_timestamp
    ? h("span", { class: "edited", title: fullLabel(Date.parse(message.edited_timestamp)) },
      " (edited)") : null;
  const embeds = ((message.flags ?? 0) & FLAG_SUPPRESS_EMBEDS) === 0 ? message.embeds ?? [] : [];
  return [
    message.content && textWithEdited(message.content, edited),
    looseAttachments(message),
    embeds.map((embed) => embedNode(embed, message)),
    h("div", { class: "components" }, componentNodes(message, local)),
    threadLink(message),
    !message.content && edited && h("p", { class: "edited-line" }, edited),
    reactions(message),
  ];
}

/** The thread that begins with a message. */
function threadLink(message) {
  const { thread } = message;
  if (!thread) return null;
  return h("a", { class: "thread-link", href: `#/${state.me.id}/${thread.id}` },
    icon("thread"), h("span", { class: "thread-link-name" }, thread.name),
    h("span", { class: "thread-link-open" }, "Open thread ›"));
}

function textWithEdited(content, edited) {
  const node = h("div", { class: "md content" }, renderMarkdown(content));
  const last = node.lastElementChild;
  if (edited) (last?.tagName === "P" ? last : node).append(edited);
  return node;
}

function dots() {
  return h("span", { class: "dots", "aria-hidden": "true" },
    h("span", {}), h("span", {}), h("span", {}));
}

function reactions(message) {
  const list = message.reactions ?? [];
  if (list.length === 0) return null;
  return h("p", { class: "reactions" }, list.map((reaction) =>
    h("span", { class: "reaction" }, `${reaction.emoji?.name ?? "?"} ${reaction.count ?? 1}`)));
}

function notices(message, local, ephemeral) {
  return [
    local?.failed && h("p", { class: "failed", role: "alert" }, icon("warning"), local.failed),
    ephemeral && h("p", { class: "only-you" }, icon("eye"), "Only you can see this",
      message.sim?.deletable === false || isLoading(message) ? null : [
        h("span", { "aria-hidden": "true" }, "•"),
        h("button", {
          class: "text-button", type: "button", "data-act": "dismiss", "data-key": "dismiss",
        }, "Dismiss message")]),
  ];
}
