// Shows suggestions above the composer while the focus stays in what is being typed.

import { byId, fill, h } from "./dom.js";
import { choiceRow } from "./picker.js";

const LIST_ID = "suggest-list";
const SHOWN_MAX = 60;

let current = null;

export function suggestNode() {
  return h("div", { id: "suggest", class: "suggest", hidden: true },
    h("p", { id: "suggest-title", class: "suggest-title" }),
    h("ul", {
      id: LIST_ID, class: "suggest-list", role: "listbox", "aria-label": "Suggestions",
      // The press must not take the focus out of the field that is being filled.
      onpointerdown: (event) => event.preventDefault(),
      onclick: (event) => {
        const row = event.target.closest("[role=option]");
        if (row) pick(Number(row.dataset.index));
      },
    }));
}

/** What an input needs to own the list. */
export const COMBOBOX = {
  role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
  "aria-controls": LIST_ID, autocomplete: "off", autocapitalize: "off", spellcheck: "false",
};

/**
 * Shows `choices` for `input`. `preselect` marks the first, so that Enter takes it. `onPick` gets
 * the chosen one. Without choices only the title is shown.
 */
export function openSuggest({ input, title, choices, preselect, onPick }) {
  closeSuggest();
  if (!title && choices.length === 0) return;
  const shown = choices.slice(0, SHOWN_MAX);
  current = { input, shown, onPick, active: preselect && shown.length > 0 ? 0 : -1 };
  byId("suggest-title").textContent = title ?? "";
  byId("suggest-title").hidden = !title;
  fill(byId(LIST_ID), rows(shown), choices.length > SHOWN_MAX
    && h("li", { class: "picker-empty", role: "presentation" }, "Type to narrow the list."));
  byId("suggest").hidden = false;
  setExpanded(input, "true");
  mark();
}

function rows(choices) {
  let section = null;
  return choices.flatMap((choice, index) => {
    const row = choiceRow(choice, { index, id: `${LIST_ID}-${index}`, selected: false });
    if (!choice.section || choice.section === section) return [row];
    section = choice.section;
    return [h("li", { class: "suggest-section", role: "presentation" }, section), row];
  });
}

export function closeSuggest() {
  if (!current) return;
  setExpanded(current.input, "false");
  current.input.removeAttribute("aria-activedescendant");
  current = null;
  byId("suggest").hidden = true;
}

// A text box of several lines cannot be a combobox, so it has no expanded state.
function setExpanded(input, value) {
  if (input.getAttribute("role") === "combobox") input.setAttribute("aria-expanded", value);
}

/** Handles arrows, Enter, Tab and Escape for the open list; true if the key was for it. */
export function suggestKey(event) {
  if (!current || event.isComposing) return false;
  const last = current.shown.length - 1;
  if (event.key === "ArrowDown" && last >= 0) move(current.active >= last ? 0 : current.active + 1);
  else if (event.key === "ArrowUp" && last >= 0) {
    move(current.active <= 0 ? last : current.active - 1);
  } else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey))
    && current.active >= 0) pick(current.active);
  else if (event.key === "Escape" && last >= 0) closeSuggest();
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function move(to) {
  current.active = to;
  mark();
}

function mark() {
  const options = byId(LIST_ID).querySelectorAll("[role=option]");
  options.forEach((row, index) => {
    row.classList.toggle("choice-active", index === current.active);
    row.setAttribute("aria-selected", index === current.active ? "true" : "false");
  });
  const active = options[current.active];
  if (active) current.input.setAttribute("aria-activedescendant", active.id);
  else current.input.removeAttribute("aria-activedescendant");
  active?.scrollIntoView({ block: "nearest" });
}

function pick(index) {
  const { shown, onPick } = current;
  const choice = shown[index];
  closeSuggest();
  if (choice) onPick(choice);
}
