// The field of a modal that takes files: chosen from the disk, or a sample picture.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { sizeOf } from "./media.js";
import { chooseFiles, giveFile, samplePicture, takesPictures } from "./uploads.js";

/** Makes the field; `props` are the attributes that tie its button to label, hint and error. */
export function fileField({ child, required, label }, props) {
  const min = child.min_values ?? (required ? 1 : 0);
  const field = { child, label, max: child.max_values ?? 1, files: [], problem: null };
  field.choose = h("button", {
    ...props, class: "button button-secondary", type: "button", "aria-required": null,
    onclick: async () => {
      const multiple = field.max > 1;
      await add(field, await chooseFiles({ types: child.file_types, multiple }));
    },
  }, field.max > 1 ? "Choose files" : "Choose a file");
  field.sample = takesPictures(child.file_types) && h("button", {
    class: "button button-secondary", type: "button",
    onclick: async () => add(field, [await samplePicture()]),
  }, "Sample picture");
  field.list = h("ul", { class: "given" });
  field.node = h("div", { class: "file-field" }, field.list,
    h("div", { class: "file-buttons" }, field.choose, field.sample));
  draw(field);
  return {
    node: field.node, control: field.choose, read: () => field.files.map((file) => file.id),
    focus: () => (field.choose.disabled ? field.list.querySelector("button") : field.choose).focus(),
    problem: () => field.problem ?? countProblem(field.files.length, { min, required }),
  };
}

function countProblem(count, { min, required }) {
  if (count === 0) return required ? "This form needs a file." : null;
  return count < min ? `Give at least ${min} files.` : null;
}

async function add(field, files) {
  field.problem = null;
  field.choose.disabled = true;
  try {
    for (const file of files.slice(0, field.max - field.files.length)) {
      field.files.push(await giveFile(file));
    }
  } catch (error) {
    field.problem = error.message;
  }
  draw(field);
  field.node.dispatchEvent(new Event("change", { bubbles: true }));
}

function remove(field, file) {
  field.files = field.files.filter((other) => other !== file);
  field.problem = null;
  draw(field);
  field.choose.focus();
  field.node.dispatchEvent(new Event("change", { bubbles: true }));
}

function draw(field) {
  const full = field.files.length >= field.max;
  field.choose.disabled = full;
  if (field.sample) field.sample.disabled = full;
  fill(field.list, field.files.map((file) => h("li", { class: "given-file" },
    /^image\//.test(file.content_type)
      ? h("img", { class: "given-picture", src: file.url, alt: "" }) : icon("file"),
    h("span", { class: "file-text" }, h("span", {}, file.filename),
      h("span", { class: "file-size" }, sizeOf(file.size))),
    h("button", {
      class: "icon-button", type: "button", "aria-label": `Remove ${file.filename}`,
      onclick: () => remove(field, file),
    }, icon("close")))));
}
