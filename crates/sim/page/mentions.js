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

function command(id, name) {
  return h("button", {
    class: "mention", type: "button", "data-act": "command", "data-command": name,
    "data-command-id": id,
  }, `/${name}`);
}
