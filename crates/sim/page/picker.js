// Opens a list to choose from beside a button: for selects in messages and in modals.

import { avatar } from "./avatars.js";
import { filterChoices } from "./choices.js";
import { emojiNode } from "./components.js";
import { fill, h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MAX = 100;
const SEARCH_FROM = 8;

let open = null;

/**
 * Opens the picker at `anchor`. `range` is `{min, max}`; with a maximum of one, choosing closes it.
 * `done` gets the chosen values, or null if the reader changed nothing.
 */
export function openPicker({ anchor, label, choices, range, done }) {
  const again = open?.anchor === anchor;
  closePicker();
  if (again) return;
  const chosen = new Set(choices.filter((choice) => choice.chosen).map((c) => c.value));
  open = {
    anchor, label, choices, range, done, chosen,
    before: [...chosen].sort().join("\n"), shown: [], active: -1,
  };
  build(open);
  anchor.setAttribute("aria-expanded", "true");
  (anchor.closest("dialog") ?? document.body).append(open.node);
  drawList(open);
  position(open);
  (open.search ?? open.list).focus({ preventScroll: true });
  document.addEventListener("pointerdown", onOutside, true);
  window.addEventListener("resize", onResize);
}

/** Closes the open picker, keeping what was chosen. */
export function closePicker() {
  finish(true);
}

function finish(keep) {
  if (!open) return;
  const { anchor, node, done, chosen, before, range } = open;
  const hadFocus = node.contains(document.activeElement);
  open = null;
  node.remove();
  anchor.setAttribute("aria-expanded", "false");
  document.removeEventListener("pointerdown", onOutside, true);
  window.removeEventListener("resize", onResize);
  if (hadFocus) anchor.focus({ preventScroll: true });
  const changed = [...chosen].sort().join("\n") !== before;
  const enough = chosen.size >= range.min;
  done(keep && changed && enough ? [...chosen] : null);
}

function build(picker) {
  const listId = uniqueId("picker");
  const multiple = picker.range.max > 1;
  picker.list = h("ul", {
    class: "picker-list", id: listId, role: "listbox", tabindex: "-1", "aria-label": picker.label,
    "aria-multiselectable": multiple ? "true" : null,
    onclick: (event) => {
      const row = event.target.closest("[role=option]");
      if (row) toggle(picker, Number(row.dataset.index));
    },
  });
  picker.search = picker.choices.length < SEARCH_FROM ? null : h("input", {
    class: "picker-search", type: "text", placeholder: "Search", role: "combobox",
    "aria-label": `Search: ${picker.label}`, "aria-expanded": "true", "aria-controls": listId,
    "aria-autocomplete": "list", autocomplete: "off", oninput: () => drawList(picker),
  });
  picker.foot = h("div", { class: "picker-foot" });
  picker.node = h("div", { class: "picker", onkeydown: (event) => onKey(picker, event) },
    picker.search, picker.list, multiple ? picker.foot : null);
}

function drawList(picker) {
  const found = filterChoices(picker.choices, picker.search?.value ?? "");
  picker.shown = found.slice(0, SHOWN_MAX);
  const chosenAt = picker.shown.findIndex((choice) => picker.chosen.has(choice.value));
  picker.active = picker.shown.length === 0 ? -1 : Math.max(chosenAt, 0);
  fill(picker.list, picker.shown.map((choice, index) => choiceRow(choice, {
    index, id: `${picker.list.id}-${index}`, selected: picker.chosen.has(choice.value),
  })), found.length === 0 && h("li", { class: "picker-empty", role: "presentation" },
    "Nothing fits."), found.length > SHOWN_MAX && h("li", {
    class: "picker-empty", role: "presentation",
  }, `${found.length - SHOWN_MAX} more: type to narrow the list.`));
  drawActive(picker);
  drawFoot(picker);
}

/** One line of a list: picture, label, detail. Also used by the command suggestions. */
export function choiceRow(choice, { index, id, selected }) {
  return h("li", {
    class: "choice", role: "option", id, "data-index": index,
    "aria-selected": selected ? "true" : "false",
  },
  choice.user && avatar(choice.user, "s"),
  choice.emoji && emojiNode(choice.emoji),
  h("span", { class: "choice-text" },
    h("span", { class: "choice-label", vars: choice.vars }, choice.label),
    choice.detail && h("span", { class: "choice-detail" }, choice.detail)),
  selected && icon("check"));
}

function drawFoot(picker) {
  const { min, max } = picker.range;
  const need = min > 0 ? `at least ${min}, ` : "";
  fill(picker.foot, h("span", {}, `${picker.chosen.size} chosen (${need}at most ${max})`),
    h("button", {
      class: "button button-primary", type: "button", disabled: picker.chosen.size < min,
      onclick: () => finish(true),
    }, "Done"));
}

function drawActive(picker) {
  const rows = picker.list.querySelectorAll("[role=option]");
  rows.forEach((row, index) => row.classList.toggle("choice-active", index === picker.active));
  const active = rows[picker.active];
  const holder = picker.search ?? picker.list;
  if (active) holder.setAttribute("aria-activedescendant", active.id);
  else holder.removeAttribute("aria-activedescendant");
  active?.scrollIntoView({ block: "nearest" });
}

function toggle(picker, index) {
  const choice = picker.shown[index];
  if (!choice) return;
  if (picker.range.max === 1) {
    const had = picker.chosen.has(choice.value);
    picker.chosen.clear();
    // A single select whose minimum is zero can be emptied by choosing the same again.
    if (!had || picker.range.min > 0) picker.chosen.add(choice.value);
    // Choosing what was chosen already still counts as a choice, as it does in the real client.
    if (had && picker.range.min > 0) picker.before = "";
    finish(true);
    return;
  }
  if (picker.chosen.has(choice.value)) picker.chosen.delete(choice.value);
  else if (picker.chosen.size < picker.range.max) picker.chosen.add(choice.value);
  drawList(picker);
  picker.active = index;
  drawActive(picker);
}

function onKey(picker, event) {
  const last = picker.shown.length - 1;
  const moves = {
    ArrowDown: Math.min(picker.active + 1, last), ArrowUp: Math.max(picker.active - 1, 0),
    Home: 0, End: last,
  };
  const typing = event.target === picker.search;
  if (event.key in moves && !(typing && (event.key === "Home" || event.key === "End"))) {
    picker.active = moves[event.key];
    drawActive(picker);
  } else if (event.key === "Escape") finish(false);
  else if (event.key === "Tab" && picker.range.max === 1) finish(false);
  else if (event.key === "Enter" || (event.key === " " && event.target === picker.list)) {
    if (event.target.tagName === "BUTTON") return;
    toggle(picker, picker.active);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function onOutside(event) {
  if (open && !open.node.contains(event.target) && !open.anchor.contains(event.target)) {
    finish(true);
  }
}

function onResize() {
  if (open) position(open);
}

/** Below the anchor if there is room, else above; never outside the window. */
function position({ anchor, node }) {
  const rect = anchor.getBoundingClientRect();
  const width = Math.min(Math.max(rect.width, 260), window.innerWidth - 16);
  const below = window.innerHeight - rect.bottom - 16;
  const above = rect.top - 16;
  const down = below >= 260 || below >= above;
  node.style.setProperty("--picker-width", `${width}px`);
  const height = Math.max(160, Math.min(down ? below : above, 380));
  node.style.setProperty("--picker-height", `${height}px`);
  const left = Math.max(8, Math.min(rect.left, window.innerWidth - width - 8));
  node.style.left = `${left}px`;
  node.style.top = down ? `${rect.bottom + 4}px` : "auto";
  node.style.bottom = down ? "auto" : `${window.innerHeight - rect.top + 4}px`;
}
