// Slides the channel list and the member list in on narrow screens, one at a time.

import { byId } from "./dom.js";

const PANELS = { left: "left", members: "members" };
const NARROW = {
  left: matchMedia("(max-width: 767px)"),
  members: matchMedia("(max-width: 1099px)"),
};
const MEMBERS_KEY = "muster-members";

let open = null;
let opener = null;
let membersShown = localFlag();

export function startDrawers() {
  byId("scrim").addEventListener("click", closeDrawer);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open && !event.defaultPrevented) closeDrawer();
  });
  for (const media of Object.values(NARROW)) {
    media.addEventListener("change", () => {
      open = null;
      apply();
    });
  }
  apply();
}

/** Opens or closes a panel; on wide screens only the member list can be folded away. */
export function toggleDrawer(name) {
  if (!NARROW[name].matches) {
    membersShown = !membersShown;
    store(membersShown);
    apply();
    return;
  }
  if (open === name) {
    closeDrawer();
    return;
  }
  opener = document.activeElement;
  open = name;
  apply();
  const panel = byId(PANELS[name]);
  (panel.querySelector('[aria-current="true"], [data-roving], button') ?? panel).focus();
}

export function closeDrawer() {
  if (!open) return;
  open = null;
  apply();
  if (opener?.isConnected) opener.focus();
}

export function isPanelShown(name) {
  if (NARROW[name].matches) return open === name;
  return name === "left" || membersShown;
}

function apply() {
  for (const [name, id] of Object.entries(PANELS)) {
    const panel = byId(id);
    const shown = isPanelShown(name);
    panel.classList.toggle("panel-shown", shown);
    panel.inert = !shown;
  }
  byId("scrim").hidden = open === null;
  byId("main").inert = open !== null;
  for (const button of document.querySelectorAll("[data-drawer]")) {
    button.setAttribute("aria-expanded", isPanelShown(button.dataset.drawer) ? "true" : "false");
  }
}

function localFlag() {
  try {
    return localStorage.getItem(MEMBERS_KEY) !== "hidden";
  } catch {
    return true;
  }
}

function store(shown) {
  try {
    localStorage.setItem(MEMBERS_KEY, shown ? "shown" : "hidden");
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}
