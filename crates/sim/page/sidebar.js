// Draws the servers, their channels with unread marks, and the header of the open channel.

import { avatar } from "./avatars.js";
import { byId, h, patch } from "./dom.js";
import { isPanelShown, toggleDrawer } from "./drawers.js";
import { icon } from "./icons.js";
import { renderInline } from "./markdown.js";
import { rove } from "./roving.js";
import { channelTree, currentChannel, currentGuild, isThread, state } from "./state.js";

const CHANNEL_ICONS = {
  0: "hash", 2: "voice", 5: "news", 10: "thread", 11: "thread", 12: "lock", 13: "voice",
  15: "forum", 16: "forum",
};

/** Draws rail and channel list; `visit` opens guilds, channels and the list of messages. */
export function drawSidebar(visit) {
  drawRail(visit);
  drawChannels(visit);
  drawTitle();
}

function drawRail(visit) {
  const guilds = [...state.guilds.values()];
  patch(byId("rail"),
    h("ul", {},
      h("li", {}, railButton({
        key: "direct", label: "Direct messages", current: state.guildId === null,
        unread: unreadOf(dmIds()), content: icon("chat"), open: () => visit.guild(null),
      })),
      h("li", { class: "rail-line", role: "presentation" }),
      guilds.map((guild) => h("li", {}, railButton({
        key: guild.id, label: guild.name, current: state.guildId === guild.id,
        unread: unreadOf(guild.channels.map((channel) => channel.id)),
        content: h("span", {}, guild.icon_text ?? guild.name.slice(0, 2)),
        open: () => visit.guild(guild.id),
      })))));
  rove(byId("rail"));
}

function dmIds() {
  return state.dms.map((dm) => dm.id);
}

function unreadOf(channelIds) {
  const sum = { count: 0, calls: 0 };
  for (const id of channelIds) {
    sum.count += state.unread.get(id)?.count ?? 0;
    sum.calls += state.unread.get(id)?.calls ?? 0;
  }
  return sum;
}

function railButton({ key, label, current, unread, content, open }) {
  return h("button", {
    class: `rail-item${unread.count > 0 && !current ? " rail-unread" : ""}`, type: "button",
    title: label, "aria-label": unread.count > 0 ? `${label}, unread messages` : label,
    "aria-current": current ? "true" : null, "data-roving": true, "data-key": key,
    onclick: open,
  }, h("span", { class: "rail-icon" }, content), callsBadge(unread.calls));
}

function callsBadge(calls) {
  if (calls === 0) return null;
  return h("span", { class: "calls" }, calls > 99 ? "99+" : String(calls),
    h("span", { class: "visually-hidden" }, " mentions"));
}

function drawChannels(visit) {
  const guild = currentGuild();
  patch(byId("channels"),
    h("h2", { class: "guild-name" }, guild ? guild.name : "Direct messages"),
    h("div", { class: "channel-scroll" }, guild
      ? channelTree(guild).map((group) => categoryNode(group, visit))
      : dmList(visit)));
  rove(byId("channels"));
}

function categoryNode({ category, channels }, visit) {
  return h("section", { class: "category" },
    category && h("h3", { class: "category-name" }, category.name),
    h("ul", {}, channels.map((channel) => h("li", {}, channelButton(channel, visit, [
      icon(CHANNEL_ICONS[channel.type] ?? "hash"),
      h("span", { class: "channel-label" }, channel.name),
    ])))));
}

function dmList(visit) {
  if (state.dms.length === 0) {
    return h("p", { class: "empty" },
      "No direct messages yet. What Muster writes to you alone arrives here.");
  }
  return h("ul", {}, state.dms.map((dm) => {
    const channel = state.channels.get(dm.id);
    const user = state.users.get(dm.recipient_id) ?? { name: channel.name };
    return h("li", {}, channelButton(channel, visit, [
      avatar(user, "s"), h("span", { class: "channel-label" }, channel.name),
    ]));
  }));
}

function channelButton(channel, visit, content) {
  const current = channel.id === state.channelId;
  const unread = unreadOf([channel.id]);
  const hot = unread.count > 0 && !current;
  const classes = ["channel", hot && "channel-unread",
    channel.type >= 10 && channel.type <= 12 && "channel-thread"].filter(Boolean).join(" ");
  return h("button", {
    class: classes, type: "button", "aria-current": current ? "true" : null, "data-roving": true,
    "data-channel-id": channel.id, "data-key": channel.id,
    onclick: () => visit.channel(channel.id),
  }, content,
  hot && h("span", { class: "visually-hidden" }, ", unread"), hot && callsBadge(unread.calls));
}

function drawTitle() {
  let calls = 0;
  for (const unread of state.unread.values()) calls += unread.calls;
  const channel = currentChannel();
  const place = channel ? `${channel.guild_id ? "#" : "@"}${channel.name} · ` : "";
  document.title = `${calls > 0 ? `(${calls}) ` : ""}${place}Muster demo`;
}

/** Draws name and topic of the open channel, and the buttons of the drawers. */
export function drawHeader(visit) {
  const channel = currentChannel();
  const isDm = channel?.guild_id === null;
  patch(byId("header"),
    drawerButton("left", "menu", "Servers and channels"),
    channel && h("span", { class: "header-icon" },
      icon(isDm ? "at" : CHANNEL_ICONS[channel.type] ?? "hash")),
    channel && isThread(channel) && parentLink(channel),
    h("h1", { class: "header-name" }, channel?.name ?? "No channel"),
    channel?.topic && h("p", { class: "header-topic", title: channel.topic },
      renderInline(channel.topic)),
    h("span", { class: "spacer" }),
    h("button", {
      class: "icon-button header-me", type: "button", "data-key": "me", onclick: visit.switcher,
      "aria-label": `Acting as ${state.me?.name}. Act as someone else`,
    }, state.me && avatar(state.me, "s"), icon("swap")),
    drawerButton("members", "people", "Members"));
}

/** The way from a thread back to its channel. */
function parentLink(thread) {
  const parent = state.channels.get(thread.parent_id);
  if (!parent) return null;
  return h("a", {
    class: "header-parent", href: `#/${state.me.id}/${parent.id}`, "data-key": "parent",
    "aria-label": `Back to ${parent.name}`,
  }, h("span", { class: "header-parent-name" }, parent.name),
  h("span", { "aria-hidden": "true" }, "›"));
}

function drawerButton(name, iconName, label) {
  return h("button", {
    class: `icon-button header-${name}`, type: "button", "aria-label": label, title: label,
    "data-drawer": name, "data-key": name, "aria-controls": name,
    "aria-expanded": isPanelShown(name) ? "true" : "false", onclick: () => toggleDrawer(name),
  }, icon(iconName));
}
