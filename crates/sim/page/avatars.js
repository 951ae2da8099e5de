// Generates avatars and readable name colours, since a simulated member has no picture.

import { h } from "./dom.js";
import { state } from "./state.js";

/** A round avatar: initials of the own name, whatever the nickname here, on the own colour. */
export function avatar(user, size = "m") {
  const color = user.color ?? "#4f5bd5";
  const name = state.users.get(user.id)?.name ?? user.name ?? "?";
  return h("span", {
    class: `avatar avatar-${size}`,
    "aria-hidden": "true",
    vars: { "--avatar": color, "--avatar-ink": inkOn(color) },
  }, initials(name));
}

export function initials(name) {
  const words = name.trim().split(/[\s_.-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}

/** The CSS variables that colour a name by role in both themes, never below AA contrast. */
export function nameColor(color) {
  if (!color) return {};
  const rgb = [(color >> 16) & 255, (color >> 8) & 255, color & 255];
  return {
    "--name-light": css(towards(rgb, 0, LIGHT_GROUND)),
    "--name-dark": css(towards(rgb, 255, DARK_GROUND)),
  };
}

// The least favourable grounds of base.css: light theme's sidebar, dark theme's panel.
const LIGHT_GROUND = [235, 237, 240];
const DARK_GROUND = [56, 58, 64];

function towards(rgb, pole, ground) {
  let color = rgb;
  for (let step = 0; step < 20 && contrast(color, ground) < 4.6; step += 1) {
    color = color.map((channel) => Math.round(channel + (pole - channel) * 0.12));
  }
  return color;
}

function inkOn(hex) {
  const rgb = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) || 0);
  return contrast(rgb, [255, 255, 255]) >= 4.5 ? "#ffffff" : "#111214";
}

function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((channel) => {
    const part = channel / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function css(rgb) {
  return `rgb(${rgb.join(" ")})`;
}
