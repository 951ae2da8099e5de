// Takes files from the reader's own disk, or a sample picture, into the simulation.

import { api } from "./api.js";
import { state } from "./state.js";

const FILE_MAX = 8 * 1024 * 1024;
const ACCEPT = { image: "image/*", video: "video/*", audio: "audio/*" };

/** Whether a list of `file_types` takes pictures; none takes everything. */
export function takesPictures(types) {
  return !types?.length || types.includes("image") || types.includes(".png");
}

/** Lets the reader choose files; an empty list if they change their mind. */
export function chooseFiles({ types, multiple = false }) {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = multiple;
    input.accept = (types ?? []).map((type) => ACCEPT[type] ?? type).join(",");
    input.addEventListener("change", () => resolve([...input.files]));
    input.addEventListener("cancel", () => resolve([]));
    input.click();
  });
}

/** Hands a file to the simulation, which answers with its id, name, size and address. */
export async function giveFile(file) {
  if (file.size > FILE_MAX) throw new Error("A file may have 8 MiB at most.");
  const answer = await api.upload({ user: state.me.id, name: file.name }, file);
  return answer.file;
}

/** A picture drawn on the spot, so that the page carries none: lanterns over a lake at night. */
export async function samplePicture() {
  const canvas = document.createElement("canvas");
  canvas.width = 960;
  canvas.height = 480;
  draw(canvas.getContext("2d"), canvas);
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  return new File([blob], "lanterns.png", { type: "image/png" });
}

function draw(pen, { width, height }) {
  const shore = height * 0.62;
  pen.fillStyle = gradient(pen, shore, ["#141b3c", "#4a3768", "#e08a5b"]);
  pen.fillRect(0, 0, width, shore);
  pen.fillStyle = gradient(pen, height, ["#20264d", "#0d1126"]);
  pen.fillRect(0, shore, width, height - shore);
  hills(pen, { width, shore });
  for (let index = 0; index < 9; index += 1) {
    const x = width * (0.08 + index * 0.105);
    const y = height * (0.2 + 0.16 * Math.abs(Math.sin(index * 2.1)));
    const size = 12 + (index % 3) * 6;
    lantern(pen, { x, y, size, strength: 1 });
    const mirrored = shore + (shore - y) * 0.6;
    lantern(pen, { x, y: mirrored, size: size * 0.8, strength: 0.3 });
  }
}

function gradient(pen, bottom, colors) {
  const made = pen.createLinearGradient(0, 0, 0, bottom);
  for (const [index, color] of colors.entries()) {
    made.addColorStop(index / (colors.length - 1), color);
  }
  return made;
}

function hills(pen, { width, shore }) {
  pen.fillStyle = "#1b1f3f";
  pen.beginPath();
  pen.moveTo(0, shore);
  for (let x = 0; x <= width; x += 12) {
    pen.lineTo(x, shore - 34 - 26 * Math.sin(x / 90) - 14 * Math.sin(x / 37));
  }
  pen.lineTo(width, shore);
  pen.fill();
}

function lantern(pen, { x, y, size, strength }) {
  const glow = pen.createRadialGradient(x, y, 0, x, y, size * 2.4);
  glow.addColorStop(0, `rgb(255 214 130 / ${strength})`);
  glow.addColorStop(0.35, `rgb(255 150 70 / ${strength * 0.6})`);
  glow.addColorStop(1, "rgb(255 120 60 / 0)");
  pen.fillStyle = glow;
  pen.fillRect(x - size * 3, y - size * 3, size * 6, size * 6);
}
