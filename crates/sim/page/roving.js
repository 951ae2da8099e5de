// Lets arrow keys walk through a list that takes one stop of the Tab key.

/** Makes the `[data-roving]` items inside `root` one Tab stop; call again after redrawing. */
export function rove(root) {
  const items = itemsOf(root);
  const active = items.find((item) => item.getAttribute("aria-current") === "true") ?? items[0];
  for (const item of items) item.tabIndex = item === active ? 0 : -1;
  if (root.dataset.roves) return;
  root.dataset.roves = "true";
  root.addEventListener("keydown", (event) => onKey(root, event));
}

function itemsOf(root) {
  return [...root.querySelectorAll("[data-roving]")];
}

function onKey(root, event) {
  const items = itemsOf(root);
  const at = items.indexOf(event.target);
  if (at < 0) return;
  const to = {
    ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1,
  }[event.key];
  const next = items[to];
  if (!next) return;
  event.preventDefault();
  items[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
