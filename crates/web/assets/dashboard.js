// Keeps the page up to date, sends its forms without leaving it, and remembers what was chosen.
// Everything also works without this script, except that the page then stands still.

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const main = document.querySelector("main[data-form-token]");

/* ---- colours and the time shown ---- */

function remember(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

function offerThemes() {
  const theme = byId("theme");
  if (!theme) return;
  theme.hidden = false;
  theme.addEventListener("change", (event) => {
    root.dataset.theme = event.target.value;
    remember("muster-theme", event.target.value);
  });
}

function offerRanges() {
  const ranges = byId("ranges");
  if (!ranges) return;
  let range = "now";
  try { range = localStorage.getItem("muster-range") === "day" ? "day" : "now"; } catch { /* private */ }
  const show = (value) => {
    root.dataset.range = value;
    for (const input of ranges.querySelectorAll("input")) input.checked = input.value === value;
  };
  ranges.hidden = false;
  show(range);
  ranges.addEventListener("change", (event) => {
    show(event.target.value);
    try { localStorage.setItem("muster-range", event.target.value); } catch { /* private */ }
  });
}

/* ---- new parts into the page, so that focus, selection and what is unfolded stay ---- */

// Whether something is unfolded is the reader's choice.
const OWN = new Set(["open"]);

function morph(old, next) {
  if (old.nodeName !== next.nodeName) {
    old.replaceWith(next);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== next.data) old.data = next.data;
    return;
  }
  if (old.hasAttribute("data-keep")) return;
  morphAttributes(old, next);
  morphChildren(old, next);
}

function morphAttributes(old, next) {
  for (const { name } of [...old.attributes]) {
    if (!OWN.has(name) && !next.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (!OWN.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function morphChildren(old, next) {
  const before = [...old.childNodes];
  const after = [...next.childNodes];
  after.forEach((node, index) => {
    if (index < before.length) morph(before[index], node);
    else old.append(node);
  });
  for (const node of before.slice(after.length)) node.remove();
}

function showPart(id, html) {
  const part = byId(id);
  if (!part) return;
  const next = new DOMParser().parseFromString(`<section>${html}</section>`, "text/html").body.firstChild;
  for (const field of next.querySelectorAll("input[name=form_token]")) {
    field.setAttribute("value", main.dataset.formToken);
  }
  morphChildren(part, next);
}

/* ---- values where the pointer is ---- */

function inBytes(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  while (value >= 1023.5 && at < units.length - 1) { value /= 1024; at += 1; }
  return `${value.toFixed(at === 0 || value >= 99.95 ? 0 : 1)} ${units[at]}`;
}

const SAY = {
  bytes: inBytes,
  percent: (value) => `${value.toFixed(value < 9.95 ? 1 : 0)} %`,
  count: (value) => value.toFixed(0),
};

// The point of a line that is nearest to x, in the units of the drawing.
function nearest(path, x) {
  const points = [...path.getAttribute("d").matchAll(/[ML]([\d.]+) ([\d.]+)/g)];
  let best = null;
  for (const [, px, py] of points) {
    const away = Math.abs(px - x);
    if (!best || away < best.away) best = { away, x: Number(px), y: Number(py) };
  }
  return best;
}

function readOff(plot, clientX) {
  const svg = plot.querySelector("svg");
  const { width, height } = svg.viewBox.baseVal;
  const box = svg.getBoundingClientRect();
  const x = Math.min(1, Math.max(0, (clientX - box.left) / box.width)) * width;
  const names = [...plot.closest("figure").querySelectorAll(".legend span")];
  const { from, to, top, unit } = plot.dataset;
  const found = [...plot.querySelectorAll("path.line")].map((path) => nearest(path, x));
  if (found.length === 0 || found.some((point) => !point)) return;
  const share = found[0].x / width;
  const at = new Date((Number(from) + share * (to - from)) * 1000);
  const values = found.map(({ y }, index) =>
    `${names[index]?.textContent ?? ""} ${SAY[unit]((1 - y / height) * top)}`);
  const readout = plot.querySelector(".readout");
  readout.textContent = [at.toISOString().slice(11, 16), ...values].join(" · ");
  const cross = plot.querySelector(".cross");
  cross.style.left = `${share * 100}%`;
  cross.hidden = readout.hidden = false;
}

function followPointer() {
  const hide = (plot) => plot.querySelectorAll(".cross, .readout").forEach((node) => { node.hidden = true; });
  document.addEventListener("pointermove", (event) => {
    const plot = event.target.closest?.(".plot");
    for (const other of document.querySelectorAll(".plot")) if (other !== plot) hide(other);
    if (plot) readOff(plot, event.clientX);
  }, { passive: true });
}

/* ---- the stream ---- */

let stream = null;
let again = 0;

function say(state, words) {
  const live = byId("live");
  live.dataset.state = state;
  const place = byId("live-words");
  if (place.textContent !== words) place.textContent = words;
}

function follow() {
  clearTimeout(again);
  stream?.close();
  stream = new EventSource("/live");
  stream.addEventListener("parts", (event) => {
    for (const [id, html] of Object.entries(JSON.parse(event.data))) showPart(id, html);
    say("live", `Live, ${new Date().toISOString().slice(11, 19)} UTC`);
  });
  stream.addEventListener("error", () => {
    say("away", "Not live, trying again");
    if (stream.readyState === EventSource.CLOSED) again = setTimeout(retry, 10_000);
  });
}

// Refused: signed out meanwhile, or too many pages are open.
async function retry() {
  try {
    const answer = await fetch("/", { method: "HEAD", redirect: "manual" });
    if (answer.type === "opaqueredirect") return location.reload();
  } catch { /* away */ }
  return follow();
}

// A page that nobody sees costs the bot nothing.
function pauseWhenHidden() {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      clearTimeout(again);
      stream?.close();
      say("still", "Paused");
    } else {
      follow();
    }
  });
}

/* ---- forms ---- */

let hush = 0;

function tell(words, state) {
  const told = byId("told");
  told.hidden = false;
  told.dataset.state = state;
  told.textContent = words;
  clearTimeout(hush);
  hush = setTimeout(() => { told.hidden = true; }, 15_000);
}

async function act(form) {
  const button = form.querySelector("button");
  button.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST", headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (answer.status === 401) return location.reload();
    const { message } = await answer.json();
    tell(message, answer.ok ? "good" : "warn");
  } catch {
    tell("The bot cannot be reached at the moment.", "warn");
  }
  return button.removeAttribute("aria-disabled");
}

function sendForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-act]")) return;
    event.preventDefault();
    if (form.querySelector("button[aria-disabled]")) return;
    act(form);
  });
}

offerThemes();
if (main) {
  offerRanges();
  sendForms();
  followPointer();
  pauseWhenHidden();
  if (!document.hidden) follow();
}
