// Lists what a select or a command option can be set to: given options, members, roles, channels.

import { currentChannel, currentGuild, nameOf, state } from "./state.js";
import { nameColor } from "./avatars.js";

/** What one choice is: `value` is sent, the rest is shown. */
export function choicesFor(component) {
  switch (component.type) {
    case 3: return (component.options ?? []).map((option) => ({
      value: option.value,
      label: option.label,
      detail: option.description,
      emoji: option.emoji,
      chosen: Boolean(option.default),
    }));
    case 5: return withDefaults(component, members());
    case 6: return withDefaults(component, roles());
    case 7: return withDefaults(component, [...members(), ...roles()]);
    case 8: return withDefaults(component, channels(component.channel_types));
    default: return [];
  }
}

function withDefaults(component, choices) {
  const chosen = new Set((component.default_values ?? []).map((value) => value.id));
  return choices.map((choice) => ({ ...choice, chosen: chosen.has(choice.value) }));
}

const NAMES = new Intl.Collator(undefined, { numeric: true });

// The list of thousands is made once for a view, and not for every letter that is typed.
let made = { users: null, place: null, list: [] };

/** The members of the open server, people before bots; in a direct message its two sides. */
export function members() {
  const place = state.guildId ?? state.channelId;
  if (made.users !== state.users || made.place !== place) {
    made = { users: state.users, place, list: listMembers() };
  }
  return made.list;
}

function listMembers() {
  const guild = currentGuild();
  const ids = guild ? guild.members.map((member) => member.user_id) : sidesOf(currentChannel());
  return ids
    .map((id) => ({ id, user: state.users.get(id), name: nameOf(id) ?? id }))
    .filter(({ user }) => user)
    .sort((a, b) => Number(a.user.bot) - Number(b.user.bot) || NAMES.compare(a.name, b.name))
    .map(({ id, user, name }) => ({
      value: id, label: name, detail: user.username, user: { ...user, name },
    }));
}

function sidesOf(channel) {
  return [state.me?.id, channel?.recipient_id].filter(Boolean);
}

export function roles() {
  const guild = currentGuild();
  return (guild?.roles ?? [])
    .map((role) => ({
      value: role.id,
      label: role.id === guild.id ? "@everyone" : `@${role.name.replace(/^@/, "")}`,
      vars: nameColor(role.color),
      kind: "role",
    }));
}

export function channels(types) {
  const guild = currentGuild();
  return (guild?.channels ?? [])
    .filter((channel) => (types?.length ? types.includes(channel.type) : channel.type !== 4))
    .map((channel) => ({
      value: channel.id,
      label: channel.type === 4 ? channel.name : `#${channel.name}`,
      detail: guild.channels.find((c) => c.id === channel.parent_id)?.name,
      kind: "channel",
    }));
}

/** What a closed select shows: the labels of its present values, or null. */
export function selectedLabels(component) {
  if (component.type !== 3 && !component.default_values?.length) return null;
  const labels = choicesFor(component).filter((c) => c.chosen).map((c) => c.label);
  return labels.length > 0 ? labels.join(", ") : null;
}

/** Keeps the choices that fit what was typed: beginnings first, then the rest. */
export function filterChoices(choices, typed) {
  const wanted = typed.trim().toLowerCase().replace(/^[@#]/, "");
  if (!wanted) return choices;
  const text = (choice) => choice.label.toLowerCase().replace(/^[@#]/, "");
  const starts = choices.filter((choice) => text(choice).startsWith(wanted));
  const others = choices.filter((choice) => !text(choice).startsWith(wanted)
    && `${text(choice)} ${choice.detail ?? ""}`.toLowerCase().includes(wanted));
  return [...starts, ...others];
}
