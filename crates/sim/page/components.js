// Draws message components; what a tap does is decided in interact.js by the attributes set here.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { fileNode, mediaNode } from "./media.js";
import { renderMarkdown } from "./markdown.js";
import { placeOf } from "./mentions.js";
import { selectedLabels } from "./choices.js";

const BUTTON_STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };
const SELECTS = new Set([3, 5, 6, 7, 8]);

/** All components of a message. `local` tells which one is waiting for its answer. */
export function componentNodes(message, local) {
  const scene = { message, local };
  return (message.components ?? []).map((component) => componentNode(component, scene));
}

/** Every component of a tree, parents first. */
export function* walkComponents(components) {
  for (const component of components ?? []) {
    yield component;
    if (component.components) yield* walkComponents(component.components);
    if (component.accessory) yield component.accessory;
    if (component.component) yield component.component;
  }
}

function componentNode(component, scene) {
  switch (component.type) {
    case 1: return h("div", { class: "row" },
      (component.components ?? []).map((child) => componentNode(child, scene)));
    case 2: return buttonNode(component, scene);
    case 9: return sectionNode(component, scene);
    case 10: return h("div", { class: "md text-display" }, renderMarkdown(component.content));
    case 11: return mediaNode(component.media?.url ?? "", scene.message, {
      class: "thumbnail", alt: component.description ?? "", spoiler: component.spoiler,
    });
    case 12: return galleryNode(component, scene);
    case 13: return fileNode(component.file?.url ?? "", scene.message);
    case 14: return h("hr", {
      class: `separator separator-${component.spacing === 2 ? "large" : "small"}`
        + (component.divider === false ? " separator-empty" : ""),
    });
    case 17: return containerNode(component, scene);
    default:
      if (SELECTS.has(component.type)) return selectNode(component, scene);
      return h("p", { class: "unknown" }, `Component of type ${component.type}: not shown here.`);
  }
}

function containerNode(component, scene) {
  const accent = component.accent_color;
  const color = accent === undefined || accent === null
    ? null : `#${accent.toString(16).padStart(6, "0")}`;
  const node = h("div", { class: "container", vars: { "--bar": color } },
    (component.components ?? []).map((child) => componentNode(child, scene)));
  if (!component.spoiler) return node;
  node.classList.add("container-spoiler");
  return node;
}

function sectionNode(component, scene) {
  return h("div", { class: "section" },
    h("div", { class: "section-text" },
      (component.components ?? []).map((child) => componentNode(child, scene))),
    component.accessory && h("div", { class: "section-accessory" },
      componentNode(component.accessory, scene)));
}

function galleryNode(component, scene) {
  const items = component.items ?? [];
  return h("div", { class: `gallery gallery-${Math.min(items.length, 3)}` }, items.map((item) =>
    mediaNode(item.media?.url ?? "", scene.message, {
      class: "gallery-item", alt: item.description ?? "Picture", spoiler: item.spoiler,
    })));
}

/** A custom emoji has no picture here, so its name stands for it. */
export function emojiNode(emoji) {
  if (!emoji?.name) return null;
  return h("span", { class: "emoji", "aria-hidden": "true" },
    emoji.id ? `:${emoji.name}:` : emoji.name);
}

function buttonNode(component, scene) {
  const style = BUTTON_STYLES[component.style] ?? "secondary";
  const content = [emojiNode(component.emoji),
    component.label && h("span", { class: "button-label" }, component.label)];
  const place = component.style === 5 ? placeOf(component.url) : null;
  if (place) {
    return h("button", {
      class: "button button-secondary", "data-key": component.url, ...place,
      disabled: component.disabled ?? false,
    }, content);
  }
  if (component.style === 5) {
    return h("a", {
      class: "button button-link", href: safeUrl(component.url), target: "_blank",
      rel: "noopener noreferrer", "aria-disabled": component.disabled ? "true" : null,
    }, content, icon("external"));
  }
  const pending = scene.local?.pending === component.custom_id;
  return h("button", {
    class: `button button-${style}${pending ? " button-pending" : ""}`,
    type: "button",
    disabled: component.disabled ?? false,
    "aria-busy": pending ? "true" : null,
    "aria-label": component.label ? null : component.emoji?.name,
    "data-key": component.custom_id,
    "data-act": "button",
    "data-custom-id": component.custom_id,
  }, content);
}

function safeUrl(url) {
  return /^(https?|discord):\/\//.test(url ?? "") ? url : null;
}

function selectNode(component, scene) {
  const pending = scene.local?.pending === component.custom_id;
  const chosen = selectedLabels(component);
  return h("button", {
    class: `select${pending ? " button-pending" : ""}`,
    type: "button",
    disabled: component.disabled ?? false,
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "aria-busy": pending ? "true" : null,
    "data-key": component.custom_id,
    "data-act": "select",
    "data-custom-id": component.custom_id,
  },
  h("span", { class: chosen ? "select-value" : "select-placeholder" },
    chosen ?? component.placeholder ?? "Make a selection"),
  icon("down"));
}
