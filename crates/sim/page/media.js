// Shows pictures and files of the simulation, and never fetches anything from elsewhere.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * An image by address. Only this machine's own are loaded; an outside address is named instead,
 * because the page promises that nothing leaves the machine.
 */
export function mediaNode(url, message, { class: className, alt, spoiler = false }) {
  const local = localUrl(url, message);
  if (!local) {
    return h("p", { class: `${className} media-away` },
      icon("external"), h("span", {}, `Picture not loaded in the simulation: ${shortened(url)}`));
  }
  const image = h("img", { class: className, src: local, alt: alt ?? "", loading: "lazy" });
  if (!spoiler) return image;
  return h("button", {
    class: "spoiler spoiler-media", type: "button", "data-act": "spoiler",
    "aria-label": "Show the spoiler",
  }, image);
}

/** A file to download: its name and size. */
export function fileNode(url, message) {
  const attachment = attachmentOf(url, message);
  const local = localUrl(url, message);
  const name = attachment?.filename ?? shortened(url);
  return h("div", { class: "file" }, icon("file"),
    h("div", { class: "file-text" },
      local ? h("a", { class: "link", href: local, download: name }, name) : h("span", {}, name),
      attachment?.size !== undefined
        && h("span", { class: "file-size" }, sizeOf(attachment.size))),
    local && h("a", {
      class: "icon-button", href: local, download: name, "aria-label": `Download ${name}`,
    }, icon("download")));
}

/** The attachments that no embed or component shows already. */
export function looseAttachments(message) {
  const attachments = message.attachments ?? [];
  if (attachments.length === 0 || ((message.flags ?? 0) & 32_768) !== 0) return [];
  const shown = JSON.stringify(message.embeds ?? []);
  return attachments
    .filter((a) => !shown.includes(`attachment://${a.filename}`) && !shown.includes(a.url))
    .map((a) => isImage(a)
      ? mediaNode(a.url, message, { class: "attachment-image", alt: a.description ?? a.filename })
      : fileNode(a.url, message));
}

function isImage(attachment) {
  return /^image\/(png|jpeg|gif|webp)/.test(attachment.content_type ?? "")
    || /\.(png|jpe?g|gif|webp)$/i.test(attachment.filename ?? "");
}

function attachmentOf(url, message) {
  const name = url.startsWith("attachment://") ? url.slice("attachment://".length) : null;
  return (message.attachments ?? []).find((a) => a.filename === name || a.url === url);
}

function localUrl(url, message) {
  const wanted = url.startsWith("attachment://") ? attachmentOf(url, message)?.url : url;
  if (!wanted) return null;
  if (wanted.startsWith("data:image/")) return wanted;
  const resolved = URL.parse ? URL.parse(wanted, location.href) : new URL(wanted, location.href);
  return resolved?.origin === location.origin ? resolved.href : null;
}

function shortened(url) {
  return url.length > 60 ? `${url.slice(0, 57)}…` : url;
}

/** A number of bytes in words. */
export function sizeOf(bytes) {
  if (bytes === 1) return "1 byte";
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
