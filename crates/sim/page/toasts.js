// Tells what went wrong or was done in plain words, also to screen readers.

import { byId, h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 8_000;
const TOASTS_MAX = 4;

/** Shows an error for a while; the reader can close it at once. */
export function toast(text) {
  const home = byId("toasts");
  while (home.childElementCount >= TOASTS_MAX) home.firstElementChild.remove();
  const node = h("div", { class: "toast" }, icon("warning"), h("span", {}, text),
    h("button", {
      class: "icon-button", type: "button", "aria-label": "Close this notice",
      onclick: () => node.remove(),
    }, icon("close")));
  home.append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
}

/** Says something to screen readers without showing it. */
export function say(text) {
  byId("status").textContent = text;
}
