// Shows the simulated clock and moves it on, so that what happens later can be seen now.

import { api } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { now, setClock, tick } from "./time.js";
import { say, toast } from "./toasts.js";

const STEPS = [
  ["+1 min", 60, "one minute"],
  ["+15 min", 900, "15 minutes"],
  ["+1 h", 3_600, "one hour"],
  ["+1 day", 86_400, "one day"],
  ["+1 week", 604_800, "one week"],
];

const SHORT_FACE = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
const FACE = new Intl.DateTimeFormat(undefined, {
  weekday: "short", ...SHORT_FACE, second: "2-digit",
});
const NARROW_FACE = new Intl.DateTimeFormat(undefined, SHORT_FACE);
const narrow = matchMedia("(max-width: 767px)");

let offset_ms = 0;
let moving = false;

export function startClock() {
  const panel = h("div", { class: "clock-panel", id: "clock-panel" },
    h("button", {
      id: "clock-next", class: "clock-step", type: "button", title: "Until the bot does something",
      "aria-label": "Move the clock on to what is next",
      onclick: () => move({ until: "something_happens" }),
    }, "Next"),
    STEPS.map(([label, advance_s, words]) => h("button", {
      class: "clock-step", type: "button", "aria-label": `Move the clock on by ${words}`,
      "data-advance": advance_s, onclick: () => move({ advance_s }),
    }, label)),
    h("form", { class: "clock-goto", onsubmit: goTo },
      h("label", { class: "visually-hidden", for: "clock-to" }, "Move the clock on to"),
      h("input", { id: "clock-to", class: "clock-to", type: "datetime-local", required: true }),
      h("button", { class: "clock-step", type: "submit" }, "Go")));
  fill(byId("clock"),
    h("button", {
      id: "clock-toggle", class: "clock-toggle", type: "button", "aria-controls": "clock-panel",
      "aria-expanded": "false", onclick: () => fold(byId("clock").classList.contains("clock-open")),
    }, icon("clock"), h("span", { id: "clock-face", class: "clock-face" })),
    panel);
  document.addEventListener("pointerdown", (event) => {
    if (!byId("clock").contains(event.target)) fold(true);
  });
  byId("clock").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !byId("clock").classList.contains("clock-open")) return;
    event.preventDefault();
    fold(true);
    byId("clock-toggle").focus();
  });
  setInterval(beat, 1_000);
}

/** Takes the clock as the server tells it. */
export function takeClock(clock) {
  setClock(clock.now_ms);
  offset_ms = clock.offset_ms ?? 0;
  beat();
}

function fold(closed) {
  byId("clock").classList.toggle("clock-open", !closed);
  byId("clock-toggle").setAttribute("aria-expanded", closed ? "false" : "true");
  if (!closed) byId("clock-to").value = localValue(now() + 3_600_000);
}

function beat() {
  const face = narrow.matches ? NARROW_FACE : FACE;
  byId("clock-face").textContent = face.format(now());
  byId("clock-face").dataset.now = String(Math.floor(now() / 1_000));
  byId("clock-toggle").title = aheadText();
  tick();
}

function aheadText() {
  const minutes = Math.round(offset_ms / 60_000);
  if (minutes < 1) return "The simulated clock: the real time";
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor(minutes / 60) % 24;
  const parts = [[days, "d"], [hours, "h"], [minutes % 60, "min"]]
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`);
  return `The simulated clock: ${parts.join(" ")} ahead of the real time`;
}

/** Unix milliseconds as the value of a local date and time field. */
function localValue(ms) {
  const date = new Date(ms);
  const shifted = new Date(ms - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

function goTo(event) {
  event.preventDefault();
  const to_ms = new Date(byId("clock-to").value).getTime();
  if (!Number.isFinite(to_ms)) toast("Choose a date and a time first.");
  else if (to_ms <= now()) toast("The clock only moves forward: choose a later time.");
  else move({ to_ms });
}

async function move(request) {
  if (moving) return;
  setMoving(true);
  try {
    const clock = await api.clock(request);
    takeClock(clock);
    say(`It is now ${FACE.format(now())} in the simulation.`);
    if (clock.happened === false) toast("A week has passed, and nothing was due.");
  } catch (error) {
    toast(error.message);
  }
  setMoving(false);
}

function setMoving(value) {
  moving = value;
  byId("clock").classList.toggle("clock-moving", value);
  byId("clock").setAttribute("aria-busy", value ? "true" : "false");
}
