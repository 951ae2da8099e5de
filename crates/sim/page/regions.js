// Lets F6 move the focus from part to part, since a long channel holds many Tab stops.

import { byId } from "./dom.js";

const PARTS = [
  ["rail", '#rail [tabindex="0"]'],
  ["channels", '#channels [tabindex="0"]'],
  ["me", "#me button"],
  ["scroller", "#scroller"],
  ["composer", "#composer textarea:enabled, #composer .bar-add"],
  ["members", '#members [tabindex="0"]'],
  ["topbar", "#topbar button"],
];

export function startRegions() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F6" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  });
}

/** Goes to the next part that can be seen; from nowhere, to the first. */
function step(direction) {
  const count = PARTS.length;
  const here = PARTS.findIndex(([id]) => byId(id).contains(document.activeElement));
  const start = here < 0 && direction < 0 ? 0 : here;
  for (let steps = 1; steps <= count; steps += 1) {
    const [, selector] = PARTS[(start + direction * steps + count * 2) % count];
    const target = document.querySelector(selector);
    if (!target?.checkVisibility() || target.closest("[inert]")) continue;
    target.focus();
    return;
  }
}
