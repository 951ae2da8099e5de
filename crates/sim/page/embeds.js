// Draws embeds: coloured bar, author, title, text, fields in columns, images, footer.

import { h } from "./dom.js";
import { mediaNode } from "./media.js";
import { renderInline, renderMarkdown } from "./markdown.js";
import { messageStamp } from "./time.js";

/** One embed of a message; `message` resolves `attachment://` addresses. */
export function embedNode(embed, message) {
  const color = embed.color === undefined || embed.color === null
    ? null : `#${embed.color.toString(16).padStart(6, "0")}`;
  return h("article", { class: "embed", vars: { "--bar": color } },
    h("div", { class: "embed-main" },
      h("div", { class: "embed-text" },
        embed.author?.name && named(embed.author, "embed-author"),
        embed.title && named({ name: embed.title, url: embed.url }, "embed-title"),
        embed.description && h("div", { class: "embed-description md" },
          renderMarkdown(embed.description)),
        fieldRows(embed.fields ?? [])),
      embed.thumbnail?.url && mediaNode(embed.thumbnail.url, message, {
        class: "embed-thumbnail", alt: "",
      })),
    embed.image?.url && mediaNode(embed.image.url, message, {
      class: "embed-image", alt: embed.image.description ?? embed.title ?? "Image",
    }),
    footer(embed));
}

function named({ name, url }, className) {
  const text = renderInline(name);
  if (!/^https?:\/\//.test(url ?? "")) return h("p", { class: className }, text);
  return h("p", { class: className },
    h("a", { href: url, target: "_blank", rel: "noopener noreferrer", class: "link" }, text));
}

/** Inline fields share a row, three at most; another kind of field starts a new one. */
function fieldRows(fields) {
  if (fields.length === 0) return null;
  const rows = [];
  for (const field of fields) {
    const row = rows.at(-1);
    const joins = field.inline && row?.[0].inline && row.length < 3;
    if (joins) row.push(field);
    else rows.push([field]);
  }
  return h("div", { class: "embed-fields" }, rows.map((row) =>
    h("div", { class: `embed-row embed-row-${row[0].inline ? "inline" : "wide"}` },
      row.map(fieldNode))));
}

function fieldNode(field) {
  return h("div", { class: "embed-field" },
    h("p", { class: "embed-field-name" }, renderInline(field.name)),
    h("div", { class: "embed-field-value md" }, renderMarkdown(field.value)));
}

function footer(embed) {
  if (!embed.footer?.text && !embed.timestamp) return null;
  const stamp = embed.timestamp ? messageStamp(Date.parse(embed.timestamp)) : null;
  const parts = [embed.footer?.text, stamp].filter(Boolean);
  return h("p", { class: "embed-footer" }, parts.join(" • "));
}
