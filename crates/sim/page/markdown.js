// Renders Discord's markdown as DOM nodes; text never becomes markup by itself.

import { h } from "./dom.js";
import { mentionNode, placeNode } from "./mentions.js";
import { timeNode } from "./time.js";

const DEPTH_MAX = 8;

/** A whole message: headings, quotes, lists, code blocks and lines of text. */
export function renderMarkdown(text) {
  const out = document.createDocumentFragment();
  renderBlocks(out, String(text ?? ""), 0);
  return out;
}

/** One line or a name: inline marks only. */
export function renderInline(text) {
  const out = document.createDocumentFragment();
  inline(out, String(text ?? ""), 0);
  return out;
}

/** The text without marks, for labels and previews. */
export function plainText(text) {
  return renderMarkdown(text).textContent;
}

const FENCE = /```(?:([a-zA-Z0-9_+-]{1,20})\n)?\n?([\s\S]*?)```/y;

function renderBlocks(out, text, depth) {
  let at = 0;
  let plain = "";
  while (at < text.length) {
    if (text.startsWith("```", at)) {
      FENCE.lastIndex = at;
      const found = FENCE.exec(text);
      if (found) {
        renderLines(out, plain, depth);
        plain = "";
        out.append(h("pre", {}, h("code", {}, found[2].replace(/\n$/, ""))));
        at = FENCE.lastIndex;
        if (text[at] === "\n") at += 1;
        continue;
      }
    }
    plain += text[at];
    at += 1;
  }
  renderLines(out, plain, depth);
}

const HEADING = /^(#{1,3}) +(.+)$/;
const SUBTEXT = /^-# +(.+)$/;
const ITEM = /^( *)(?:([-*])|(\d{1,9})\.) +(.+)$/;

function renderLines(out, text, depth) {
  if (text === "") return;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  let at = 0;
  while (at < lines.length) at = renderLine(out, lines, at, depth);
}

/** Renders the block that begins at line `at`; returns the line after it. */
function renderLine(out, lines, at, depth) {
  const line = lines[at];
  if (depth < DEPTH_MAX && line.startsWith(">>> ")) {
    const rest = [line.slice(4), ...lines.slice(at + 1)].join("\n");
    out.append(quote(rest, depth));
    return lines.length;
  }
  if (depth < DEPTH_MAX && (line.startsWith("> ") || line === ">")) {
    const quoted = takeWhile(lines, at, (l) => l.startsWith("> ") || l === ">");
    out.append(quote(quoted.map((l) => l.slice(2)).join("\n"), depth));
    return at + quoted.length;
  }
  if (ITEM.test(line)) {
    const items = takeWhile(lines, at, (l) => ITEM.test(l));
    out.append(list(items.map((l) => ITEM.exec(l))));
    return at + items.length;
  }
  out.append(textLine(line));
  return at + 1;
}

function textLine(line) {
  const heading = HEADING.exec(line);
  if (heading) return withInline(h("p", { class: `md-h md-h${heading[1].length}` }), heading[2]);
  const subtext = SUBTEXT.exec(line);
  if (subtext) return withInline(h("p", { class: "md-sub" }), subtext[1]);
  return withInline(h("p", { class: "md-line" }), line);
}

function withInline(node, text) {
  inline(node, text, 0);
  return node;
}

function takeWhile(lines, at, holds) {
  let end = at;
  while (end < lines.length && holds(lines[end])) end += 1;
  return lines.slice(at, end);
}

function quote(text, depth) {
  const node = h("blockquote", {});
  renderBlocks(node, text, depth + 1);
  return node;
}

function list(items) {
  const ordered = items[0][3] !== undefined;
  const node = h(ordered ? "ol" : "ul", ordered ? { start: items[0][3] } : {});
  for (const [, indent, , , text] of items) {
    const nested = indent.length >= 2 && node.lastElementChild;
    const home = nested ? innerList(node.lastElementChild, ordered) : node;
    home.append(withInline(h("li", {}), text));
  }
  return node;
}

function innerList(item, ordered) {
  const last = item.lastElementChild;
  if (last && (last.tagName === "UL" || last.tagName === "OL")) return last;
  const inner = h(ordered ? "ol" : "ul", {});
  item.append(inner);
  return inner;
}

// Each rule is tried at the current character; the first that matches there makes a node.
const RULES = [
  [/\\([^A-Za-z0-9\s])/y, (m) => document.createTextNode(m[1])],
  [/(`{1,2})([^`](?:[\s\S]*?[^`])?)\1(?!`)/y, (m) => h("code", {}, m[2])],
  [/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, (m) => timeNode(Number(m[1]), m[2])],
  [/<(@!?|@&|#)(\d{1,20})>/y, (m) => mentionNode(m[1], m[2])],
  [/<\/([^:<>\n]{1,100}):(\d{1,20})>/y, (m) => mentionNode("/", m[2], m[1])],
  [/<a?:(\w{2,32}):\d{1,20}>/y, (m) => h("span", { class: "emoji-custom" }, `:${m[1]}:`)],
  [/@(everyone|here)\b/y, (m) => h("span", { class: "mention mention-me" }, m[0])],
  [/\[([^\]\n]{1,300})\]\(<?(https?:\/\/[^\s<>()]{1,2000})>?(?: "[^"\n]*")?\)/y,
    (m, depth) => link(m[2], m[1], depth)],
  [/<(https?:\/\/[^\s<>]{1,2000})>/y, (m) => link(m[1])],
  [/https?:\/\/[^\s<>]{1,2000}[^\s<>.,:;!?"')\]}*_~|]/y, (m) => link(m[0])],
  [/\*\*\*([\s\S]+?)\*\*\*/y, (m, depth) => h("strong", {}, nest("em", m[1], depth))],
  [/\*\*([\s\S]+?)\*\*(?!\*)/y, (m, depth) => nest("strong", m[1], depth)],
  [/__([\s\S]+?)__(?!_)/y, (m, depth) => nest("u", m[1], depth)],
  [/\*(?![\s*])([\s\S]*?[^\s*])\*(?!\*)/y, (m, depth) => nest("em", m[1], depth)],
  [/_(?![\s_])([\s\S]*?[^\s_])_(?![A-Za-z0-9_])/y, (m, depth) => nest("em", m[1], depth)],
  [/~~([\s\S]+?)~~/y, (m, depth) => nest("s", m[1], depth)],
  [/\|\|([\s\S]+?)\|\|/y, (m, depth) => spoiler(m[1], depth)],
];

const STARTS = /[\\`<@[h*_~|]/;

function inline(out, text, depth) {
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const made = STARTS.test(text[at]) ? tryRules(text, at, depth) : null;
    if (made) {
      if (plain) out.append(plain);
      plain = "";
      out.append(made.node);
      at = made.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain) out.append(plain);
}

function tryRules(text, at, depth) {
  if (depth > DEPTH_MAX) return null;
  // "snake_case" and "2*3" stay as they are: an underscore within a word opens nothing.
  const inWord = at > 0 && /[A-Za-z0-9]/.test(text[at - 1]);
  if (inWord && (text[at] === "_" || text[at] === "h")) return null;
  for (const [rule, make] of RULES) {
    rule.lastIndex = at;
    const found = rule.exec(text);
    if (!found) continue;
    const end = rule.lastIndex;
    const node = make(found, depth);
    if (node) return { node, end };
  }
  return null;
}

function nest(tag, text, depth) {
  const node = h(tag, {});
  inline(node, text, depth + 1);
  return node;
}

function link(url, label, depth = 0) {
  const place = placeNode(url, label);
  if (place) return place;
  const node = h("a", { href: url, target: "_blank", rel: "noopener noreferrer", class: "link" });
  if (label) inline(node, label, depth + 1);
  else node.append(url);
  return node;
}

function spoiler(text, depth) {
  const inner = nest("span", text, depth);
  inner.className = "spoiler-text";
  return h("button", {
    class: "spoiler", type: "button", "data-act": "spoiler", "aria-label": "Show the spoiler",
  }, inner);
}
