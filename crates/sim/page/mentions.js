// Draws mentions as pills with the names that the acting member knows.

import { h } from "./dom.js";
import { nameColor } from "./avatars.js";
import { nameOf, state } from "./state.js";

const KINDS = { "@": user, "@!": user, "@&": role, "#": channel, "/": command };

/** The pill for `<@id>`, `<@&id>`, `<#id>` or `</name:id>`. */
export function mentionNode(kind, id, name) {
  return KINDS[kind](id, name);
}

function user(id) {
  const known = nameOf(id) ?? state.users.get(id)?.name;
  const mine = state.me?.id === id ? " mention-me" : "";
  return h("button", {
    class: `mention${mine}`, type: "button", "data-act": "profile", "data-user": id,
  }, `@${known ?? "unknown-user"}`);
}

function role(id) {
  const known = state.roles.get(id);
  const held = state.guilds.get(known?.guild_id)?.memberById.get(state.me?.id)?.roles ?? [];
  const everyone = known && known.id === known.guild_id;
  const mine = everyone || held.includes(id) ? " mention-me" : "";
  const text = everyone ? "@everyone" : `@${known?.name ?? "unknown-role"}`;
  const colored = known?.color ? " mention-role" : "";
  return h("span", { class: `mention${mine}${colored}`, vars: nameColor(known?.color) }, text);
}

function channel(id) {
  const known = state.channels.get(id);
  if (!known) return h("span", { class: "mention" }, "#unknown");
  return h("button", {
    class: "mention", type: "button", "data-act": "channel", "data-channel": id,
  }, `#${known.name}`);
}

const PLACE = /^https:\/\/(?:[a-z]+\.)?discord\.com\/channels\/(?:\d+|@me)\/(\d+)(?:\/(\d+))?\/?$/;

/** The attributes of a button that leads to a channel or message; null for any other address. */
export function placeOf(url) {
  const [, channelId, messageId] = PLACE.exec(url ?? "") ?? [];
  if (!channelId) return null;
  return {
    type: "button", "data-act": "jump", "data-channel": channelId, "data-message": messageId,
  };
}

/** The pill for a link to a channel or message, so that it stays within the simulation. */
export function placeNode(url, label) {
  const place = placeOf(url);
  if (!place) return null;
  const name = state.channels.get(place["data-channel"])?.name ?? "unknown";
  const text = place["data-message"] ? `#${name} › message` : `#${name}`;
  return h("button", { class: "mention", ...place }, label ?? text);
}

function command(id, name) {
  return h("button", {
    class: "mention", type: "button", "data-act": "command", "data-command": name,
    "data-command-id": id,
  }, `/${name}`);
}
