// Shows a newcomer three things to try, until they are put away.

import { byId, fill, h } from "./dom.js";
import { compose } from "./composer.js";
import { icon } from "./icons.js";

const KEY = "muster-hint";
const EXAMPLE = "/event create title:Raid night when:in 50 minutes";

export function startHint(visit) {
  fill(byId("hint"),
    h("div", { class: "hint-head" },
      h("h2", {}, "Three things to try"),
      h("button", {
        class: "icon-button", type: "button", "aria-label": "Close the first steps",
        onclick: () => setShown(false),
      }, icon("close"))),
    h("ol", { class: "hint-steps" },
      step("Create an event", ["Type ", h("kbd", {}, "/event create"), ", or "],
        "fill it in for me", () => compose(EXAMPLE)),
      step("Answer it", ["Tap a button on the post, then "],
        "act as someone else", visit.switcher),
      step("Let time pass", ["Reminders go out, and answers close: "],
        "to what is next", () => byId("clock-next").click())));
  // A phone has no room for it until it is asked for.
  byId("hint").hidden = wasClosed() || matchMedia("(max-width: 600px)").matches;
}

function step(title, words, label, work) {
  return h("li", {}, h("strong", {}, title), h("span", { class: "hint-text" },
    h("span", { class: "hint-words" }, words),
    h("button", { class: "text-button", type: "button", onclick: work }, label)));
}

export function toggleHint() {
  setShown(byId("hint").hidden);
}

function setShown(shown) {
  const hint = byId("hint");
  const hadFocus = hint.contains(document.activeElement);
  hint.hidden = !shown;
  if (hadFocus) byId("help").focus();
  try {
    localStorage.setItem(KEY, shown ? "shown" : "closed");
  } catch {
    // Without storage the hint comes back with the next visit.
  }
}

function wasClosed() {
  try {
    return localStorage.getItem(KEY) === "closed";
  } catch {
    return false;
  }
}
