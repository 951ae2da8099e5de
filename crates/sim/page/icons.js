// Draws the page's few icons as SVG nodes, because the page loads nothing from elsewhere.

const SVG = "http://www.w3.org/2000/svg";

// Stroke paths on a 24 by 24 grid.
const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M3.5 15h16",
  voice: "M4 9v6h4l5 4V5L8 9zM17 9a4 4 0 0 1 0 6M19.5 6.5a8 8 0 0 1 0 11",
  news: "M4 10v4h3l8 5V5L7 10zM19 9v6",
  forum: "M4 5h12v9H9l-4 3v-3H4zM9 17h6l4 3v-3h1V9",
  thread: "M6 4v9a3 3 0 0 0 3 3h10M15 12l4 4-4 4",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6"
    + "M16 4.5a3 3 0 0 1 0 6M18 14c2 .6 3.2 2.6 3.5 6",
  menu: "M4 6h16M4 12h16M4 18h16",
  close: "M5 5l14 14M19 5 5 19",
  chat: "M4 5h16v11h-8l-5 4v-4H4z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2"
    + "M17 17l2 2M19 5l-2 2M7 17l-2 2",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  help: "M9 9a3 3 0 1 1 4.5 2.6C12.5 12.2 12 13 12 14M12 17.5v.5"
    + "M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20z",
  swap: "M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4",
  send: "M4 12 20 4l-5 16-4-6zM11 14l9-10",
  down: "M6 9l6 6 6-6",
  check: "M5 12.5l4.5 4.5L19 7",
  eye: "M2 12s3.5-6 10-6 10 6 10 6-3.5 6-10 6S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  external: "M13 5h6v6M19 5l-9 9M17 14v5H5V7h5",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  download: "M12 4v11M7 10l5 5 5-5M5 20h14",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  warning: "M12 4 2.5 20h19zM12 10v5M12 17.5v.5",
  at: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM16 12c0 5 5 4 5 0a9 9 0 1 0-4 7.5",
};

/** An icon by name; hidden from assistive technology, since a label stands beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.more);
  svg.append(path);
  return svg;
}
