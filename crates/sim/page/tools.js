// The small buttons at the top right: theme and first steps.

import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { toggleHint } from "./hint.js";
import { say } from "./toasts.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

export function startTools() {
  dark.addEventListener("change", draw);
  draw();
}

function theme() {
  return document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
}

function draw() {
  const other = theme() === "dark" ? "light" : "dark";
  fill(byId("tools"),
    h("button", {
      class: "icon-button", type: "button", "aria-label": "First steps", title: "First steps",
      id: "help", onclick: toggleHint,
    }, icon("help")),
    h("button", {
      class: "icon-button", type: "button", "aria-label": `Use the ${other} theme`,
      title: `Use the ${other} theme`, id: "theme", onclick: () => setTheme(other),
    }, icon(other === "light" ? "sun" : "moon")));
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  try {
    localStorage.setItem("muster-theme", name);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
  draw();
  byId("theme").focus();
  say(`The ${name} theme is on.`);
}
