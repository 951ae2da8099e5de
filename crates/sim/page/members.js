// Draws the member list by role, a member's profile, and the choice of whom to act as.

import { avatar, nameColor } from "./avatars.js";
import { filterChoices, members } from "./choices.js";
import { runOn } from "./context.js";
import { byId, fill, h, patch, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { show } from "./modal.js";
import { rove } from "./roving.js";
import { currentGuild, nameOf, roleColor, state } from "./state.js";

const SHOWN_MAX = 200;
const SWITCHER_MAX = 60;
const SEARCH_FROM = 12;

/** Draws the list on the right: grouped by each member's first role, bots last. */
export function drawMembers() {
  const guild = currentGuild();
  const groups = guild ? grouped(guild)
    : [{ name: "Members", ids: members().map((member) => member.value) }];
  patch(byId("members"), h("div", { class: "members-scroll" }, groups.map(({ name, ids }) =>
    h("section", { class: "member-group" },
      h("h2", { class: "category-name" }, `${name} — ${ids.length}`),
      h("ul", {}, ids.slice(0, SHOWN_MAX).map((id) => h("li", {}, memberButton(id)))),
      ids.length > SHOWN_MAX && h("p", { class: "empty" }, `${ids.length - SHOWN_MAX} more`)))));
  rove(byId("members"));
}

function grouped(guild) {
  const groups = new Map();
  const bots = [];
  for (const { value: id, user } of members()) {
    if (user.bot) {
      bots.push(id);
      continue;
    }
    const held = guild.memberById.get(id)?.roles ?? [];
    const role = guild.roles.find((r) => r.id !== guild.id && held.includes(r.id));
    const name = role?.name ?? "Members";
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(id);
  }
  const order = [...guild.roles.map((role) => role.name), "Members"];
  const sorted = [...groups].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const people = sorted.map(([name, ids]) => ({ name, ids }));
  return bots.length > 0 ? [...people, { name: "Apps", ids: bots }] : people;
}

function memberButton(id) {
  const user = state.users.get(id);
  const bot = state.bots.find((b) => b.user_id === id);
  const offline = bot && !bot.online;
  return h("button", {
    class: `member${offline ? " member-offline" : ""}`, type: "button", "data-roving": true,
    "data-act": "profile", "data-user": id, "data-key": id,
  },
  h("span", { class: "member-avatar" }, avatar({ ...user, name: nameOf(id) }, "m"),
    h("span", { class: `presence${offline ? " presence-off" : ""}` })),
  h("span", { class: "member-text" },
    h("span", { class: "member-name" },
      h("span", { class: "colored", vars: nameColor(roleColor(id)) }, nameOf(id)),
      user.bot && h("span", { class: "tag" }, "APP"),
      id === state.me.id && h("span", { class: "you" }, "you")),
    bot && h("span", { class: "member-note" }, bot.online ? "online" : "offline")));
}

/** The panel at the bottom left: who the reader is now, and the way to become someone else. */
export function drawMe(visit) {
  const me = state.me;
  patch(byId("me"), h("button", {
    class: "me-button", type: "button", onclick: visit.switcher, "aria-haspopup": "dialog",
  },
  avatar(me, "m"),
  h("span", { class: "me-text" },
    h("span", { class: "me-name" }, nameOf(me.id) ?? me.name),
    h("span", { class: "me-note" }, "Acting as · switch")),
  icon("swap")));
}

/** Opens the list of people to act as; each can also be opened in a second tab. */
export function openSwitcher(visit) {
  const titleId = uniqueId("switch");
  const people = [...state.users.values()].filter((user) => !user.bot)
    .map((user) => ({ label: user.name, detail: user.username, user }));
  const close = () => dialog.close();
  const list = h("ul", { class: "switcher-list" });
  const search = h("input", {
    class: "picker-search switcher-search", type: "text", placeholder: "Search",
    "aria-label": "Search for someone to act as", autocomplete: "off", oninput: () => draw(),
  });
  const draw = () => {
    const found = filterChoices(people, search.value);
    const more = found.length - SWITCHER_MAX;
    fill(list, found.slice(0, SWITCHER_MAX).map(({ user }) => personRow(user, close, visit)),
      more > 0 && h("li", { class: "picker-empty" }, `${more} more: type to narrow the list.`));
    rove(list);
  };
  const dialog = h("dialog", { class: "modal switcher", "aria-labelledby": titleId },
    h("div", { class: "modal-head" }, h("h2", { id: titleId }, "Act as"),
      closeButton(close)),
    h("p", { class: "switcher-note" },
      "Open someone in a second tab to watch both sides at once."),
    people.length > SEARCH_FROM && search, list);
  draw();
  show(dialog);
  (dialog.querySelector('[aria-current="true"]') ?? search).focus();
}

/** A person to act as, in this tab or in a second one. */
function personRow(user, close, visit) {
  return h("li", {},
    h("button", {
      class: "switcher-pick", type: "button", "data-roving": true, "data-person": user.id,
      "aria-current": user.id === state.me.id ? "true" : null,
      onclick: () => {
        close();
        visit.become(user.id);
      },
    }, avatar(user, "m"), h("span", { class: "choice-text" },
      h("span", { class: "choice-label" }, user.name),
      h("span", { class: "choice-detail" }, rolesText(user.id))),
    user.id === state.me.id && icon("check")),
    h("a", {
      class: "icon-button", href: visit.address(user.id), target: "_blank",
      "aria-label": `Open a second tab as ${user.name}`, title: "Open in a second tab",
    }, icon("external")));
}

function closeButton(close) {
  return h("button", {
    class: "icon-button", type: "button", "aria-label": "Close", onclick: close,
  }, icon("close"));
}

function rolesOf(userId) {
  const guild = currentGuild() ?? state.guilds.values().next().value;
  const held = guild?.memberById.get(userId)?.roles ?? [];
  return {
    owner: guild?.owner_id === userId,
    roles: (guild?.roles ?? []).filter((r) => r.id !== guild.id && held.includes(r.id)),
  };
}

function rolesText(userId) {
  const { owner, roles } = rolesOf(userId);
  return [owner && "Owner", ...roles.map((role) => role.name)].filter(Boolean).join(" · ")
    || "Member";
}

/** Opens a member's profile: roles, act as, direct message, and the bot's member commands. */
export function openProfile(userId, visit) {
  const user = state.users.get(userId);
  if (!user) return;
  const titleId = uniqueId("profile");
  const { owner, roles } = rolesOf(userId);
  const close = () => dialog.close();
  const act = (label, work, style = "secondary") => h("button", {
    class: `button button-${style}`, type: "button",
    onclick: () => {
      close();
      work();
    },
  }, label);
  const dm = state.dms.find((d) => d.recipient_id === userId);
  const dialog = h("dialog", { class: "modal profile", "aria-labelledby": titleId },
    h("div", { class: "profile-band", vars: { "--band": user.color } }, closeButton(close)),
    avatar({ ...user, name: nameOf(userId) ?? user.name }, "xl"),
    h("div", { class: "profile-card" },
      h("h2", { id: titleId }, nameOf(userId) ?? user.name,
        user.bot && h("span", { class: "tag" }, "APP")),
      h("p", { class: "profile-user" }, user.username),
      h("h3", {}, "Roles"),
      h("p", { class: "profile-roles" }, owner && h("span", { class: "role-pill" }, "Owner"),
        roles.map((role) => h("span", { class: "role-pill", vars: nameColor(role.color) },
          h("span", { class: "role-dot" }), role.name)),
        !owner && roles.length === 0 && "None"),
      h("div", { class: "profile-actions" },
        !user.bot && userId !== state.me.id
          && act(`Act as ${user.name}`, () => visit.become(userId), "primary"),
        dm && act("Direct messages", () => visit.channel(dm.id))),
      userCommands(userId, act)));
  show(dialog);
}

/** Commands on a member: "Apps" in the real client. */
function userCommands(userId, act) {
  const offered = state.commands.filter((command) => command.type === 2);
  if (offered.length === 0) return null;
  return [h("h3", {}, "Apps"), h("div", { class: "profile-actions" }, offered.map((command) =>
    act(command.name, () => runOn(command, { id: userId }))))];
}
