// Tells the simulated time, and writes Discord timestamps in the reader's own zone and language.

import { h } from "./dom.js";

let skew_ms = 0;

/** Learns the simulated clock from the server's "now". */
export function setClock(now_ms) {
  skew_ms = now_ms - Date.now();
}

/** The simulated now in Unix milliseconds. */
export function now() {
  return Date.now() + skew_ms;
}

const shortDate = { day: "2-digit", month: "2-digit", year: "numeric" };
const longDate = { day: "numeric", month: "long", year: "numeric" };
const shortTime = { hour: "numeric", minute: "2-digit" };
const longTime = { ...shortTime, second: "2-digit" };

const FORMATS = Object.fromEntries(Object.entries({
  t: shortTime,
  T: longTime,
  d: shortDate,
  D: longDate,
  f: { ...longDate, ...shortTime },
  F: { weekday: "long", ...longDate, ...shortTime },
  s: { ...shortDate, ...shortTime },
  S: { ...shortDate, ...longTime },
}).map(([style, options]) => [style, new Intl.DateTimeFormat(undefined, options)]));

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "always" });

const STEPS = [
  ["second", 1, 60],
  ["minute", 60, 60],
  ["hour", 3_600, 24],
  ["day", 86_400, 30],
  ["month", 2_629_800, 12],
  ["year", 31_557_600, Infinity],
];

/** "in 3 days", "2 minutes ago": rounded like the client that we imitate. */
export function relativeText(unix_s) {
  const away_s = unix_s - now() / 1000;
  for (const [unit, size_s, upTo] of STEPS) {
    const count = Math.round(Math.abs(away_s) / size_s);
    if (count < upTo) return relative.format(away_s < 0 ? -count : count, unit);
  }
  return "";
}

const LATEST_S = 8_640_000_000_000;

/** A timestamp tag as a `<time>`; null if the second is beyond what a date can hold. */
export function timeNode(unix_s, style = "f") {
  if (!Number.isFinite(unix_s) || Math.abs(unix_s) > LATEST_S) return null;
  const date = new Date(unix_s * 1000);
  const text = style === "R" ? relativeText(unix_s) : (FORMATS[style] ?? FORMATS.f).format(date);
  return h("time", {
    class: "stamp",
    datetime: date.toISOString(),
    title: FORMATS.F.format(date),
    "data-unix": unix_s,
    "data-style": style,
  }, text);
}

/** Rewrites the times on the page whose words have changed: "in 2 hours", "Today at 20:00". */
export function tick(root = document) {
  for (const node of root.querySelectorAll('time[data-style="R"]')) {
    rewrite(node, relativeText(Number(node.dataset.unix)));
  }
  for (const node of root.querySelectorAll("time[data-sent]")) {
    rewrite(node, messageStamp(Number(node.dataset.sent)));
  }
}

function rewrite(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function startOfDay(ms) {
  const date = new Date(ms);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** "Today at 20:00", "Yesterday at 20:00", else date and time: the stamp beside an author. */
export function messageStamp(ms) {
  const days = Math.round((startOfDay(now()) - startOfDay(ms)) / 86_400_000);
  const time = FORMATS.t.format(ms);
  if (days === 0) return `Today at ${time}`;
  if (days === 1) return `Yesterday at ${time}`;
  return FORMATS.s.format(ms);
}

export const clockTime = (ms) => FORMATS.t.format(ms);
export const dayLabel = (ms) => FORMATS.D.format(ms);
export const fullLabel = (ms) => FORMATS.F.format(ms);
export const sameDay = (a, b) => startOfDay(a) === startOfDay(b);
