// A small menu beside a button or where the reader pressed: one list of things to do.

import { h } from "./dom.js";
import { icon } from "./icons.js";

let open = null;

/**
 * Opens a menu. `items` are `{label, act}`, or `{section}` for a heading; `danger` marks what
 * cannot be undone. `at` is `{x, y}` in the window. The focus returns to `opener`.
 */
export function openMenu({ items, at, label, opener }) {
  closeMenu();
  const node = h("div", { class: "menu", role: "menu", "aria-label": label, onkeydown: onKey },
    items.map((item) => (item.section
      ? h("p", { class: "menu-section", role: "presentation" }, item.section)
      : h("button", {
        class: `menu-item${item.danger ? " menu-danger" : ""}`, type: "button", role: "menuitem",
        tabindex: "-1", onclick: () => choose(item),
      }, h("span", {}, item.label), item.icon && icon(item.icon)))));
  open = { node, opener };
  (opener.closest("dialog") ?? document.body).append(node);
  place(node, at);
  node.querySelector("[role=menuitem]")?.focus();
  document.addEventListener("pointerdown", onOutside, true);
  window.addEventListener("resize", closeMenu);
  // Not at "scroll": a list that grows at its end scrolls by itself.
  document.addEventListener("wheel", onOutside, { capture: true, passive: true });
}

export function closeMenu() {
  if (!open) return;
  const { node, opener } = open;
  const hadFocus = node.contains(document.activeElement);
  open = null;
  node.remove();
  document.removeEventListener("pointerdown", onOutside, true);
  window.removeEventListener("resize", closeMenu);
  document.removeEventListener("wheel", onOutside, true);
  if (hadFocus && opener.isConnected) opener.focus({ preventScroll: true });
}

function choose(item) {
  closeMenu();
  item.act();
}

function onOutside(event) {
  if (!open?.node.contains(event.target)) closeMenu();
}

function onKey(event) {
  const items = [...open.node.querySelectorAll("[role=menuitem]")];
  const here = items.indexOf(document.activeElement);
  const to = {
    ArrowDown: (here + 1) % items.length, ArrowUp: (here - 1 + items.length) % items.length,
    Home: 0, End: items.length - 1,
  }[event.key];
  if (to !== undefined) items[to].focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Where it was asked for, but never outside the window. */
function place(node, { x, y }) {
  const { width, height } = node.getBoundingClientRect();
  const left = Math.max(8, Math.min(x, window.innerWidth - width - 8));
  const top = y + height + 8 <= window.innerHeight ? y : Math.max(8, y - height);
  node.style.left = `${left}px`;
  node.style.top = `${Math.max(8, Math.min(top, window.innerHeight - height - 8))}px`;
}
