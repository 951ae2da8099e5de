// Makes the fields of a modal: each knows how to check itself and what it submits.

import { choicesFor } from "./choices.js";
import { h, uniqueId } from "./dom.js";
import { fileField } from "./filefield.js";
import { icon } from "./icons.js";
import { renderMarkdown } from "./markdown.js";
import { openPicker } from "./picker.js";

/**
 * The fields for a modal's components. A field has `node`; those that submit something also have
 * `customId`, `read()`, `check()` (true if valid, else it shows why) and `focus()`.
 */
export function makeFields(components) {
  return components.flatMap((component) => {
    if (component.type === 18) return [labelled(component, component.component)];
    if (component.type === 10) {
      return [plain(h("div", { class: "md modal-text" }, renderMarkdown(component.content)))];
    }
    // The deprecated shape: an action row whose text input carries its own label.
    return (component.components ?? []).map((child) => labelled({ label: child.label }, child));
  });
}

function plain(node) {
  return { node, customId: null, check: () => true };
}

const MAKERS = {
  3: select, 4: textInput, 5: select, 6: select, 7: select, 8: select,
  19: (scene) => fileField(scene, described(scene)),
  21: radioGroup, 22: checkboxGroup, 23: checkbox,
};

function labelled(label, child) {
  const required = child.type !== 23 && child.required !== false;
  const scene = {
    child, required, label: label.label ?? "", id: uniqueId("field"), hintId: uniqueId("hint"),
    errorId: uniqueId("error"), labelId: uniqueId("label"),
  };
  const make = MAKERS[child.type];
  if (!make) return plain(h("p", { class: "unknown" }, `A field of type ${child.type}.`));
  const made = make(scene);
  const error = h("p", { class: "field-error", id: scene.errorId });
  const node = h("div", { class: "field" },
    h("label", { class: "field-label", id: scene.labelId, for: scene.id }, scene.label,
      required && h("span", { class: "field-required" },
        h("span", { "aria-hidden": "true" }, " *"),
        h("span", { class: "visually-hidden" }, " (required)"))),
    label.description && h("p", { class: "field-hint", id: scene.hintId }, label.description),
    made.node, error);
  const check = () => {
    const problem = made.problem();
    error.textContent = problem ?? "";
    made.control.setAttribute("aria-invalid", problem ? "true" : "false");
    return !problem;
  };
  const again = () => error.textContent && check();
  node.addEventListener("input", again);
  node.addEventListener("change", again);
  return {
    node, check, customId: child.custom_id, read: made.read, focus: () => made.focus(),
  };
}

function described(scene) {
  return {
    id: scene.id, "aria-describedby": `${scene.hintId} ${scene.errorId}`,
    "aria-required": scene.required ? "true" : null,
  };
}

function textInput(scene) {
  const { child } = scene;
  const control = h(child.style === 2 ? "textarea" : "input", {
    ...described(scene), class: "text-field", type: child.style === 2 ? null : "text",
    rows: child.style === 2 ? "4" : null, placeholder: child.placeholder,
    maxlength: child.max_length ?? 4000, value: child.value ?? "", autocomplete: "off",
  });
  const count = h("span", { class: "field-count", "aria-hidden": "true" });
  const left = () => {
    count.textContent = child.max_length ? `${control.value.length}/${child.max_length}` : "";
  };
  control.addEventListener("input", left);
  left();
  return {
    node: h("div", { class: "text-holder" }, control, count), control,
    read: () => control.value,
    focus: () => control.focus(),
    problem: () => textProblem(control.value, child, scene.required),
  };
}

function textProblem(value, child, required) {
  if (value.trim() === "" && required) return "This field is required.";
  if (value !== "" && value.length < (child.min_length ?? 0)) {
    return `Write at least ${child.min_length} characters.`;
  }
  return null;
}

function select(scene) {
  const { child } = scene;
  const min = child.min_values ?? (scene.required ? 1 : 0);
  const max = child.max_values ?? 1;
  let chosen = choicesFor(child).filter((c) => c.chosen).map((c) => c.value);
  const shown = h("span", {});
  const control = h("button", {
    ...described(scene), class: "select", type: "button", "aria-haspopup": "listbox",
    "aria-expanded": "false", "aria-required": null, "aria-labelledby": scene.labelId,
    onclick: () => openPicker({
      anchor: control, label: scene.label, range: { min, max },
      choices: choicesFor(child).map((c) => ({ ...c, chosen: chosen.includes(c.value) })),
      done: (values) => {
        if (!values) return;
        chosen = values;
        draw();
        control.dispatchEvent(new Event("change", { bubbles: true }));
      },
    }),
  }, shown, icon("down"));
  const draw = () => {
    const labels = choicesFor(child).filter((c) => chosen.includes(c.value)).map((c) => c.label);
    shown.className = labels.length ? "select-value" : "select-placeholder";
    shown.textContent = labels.join(", ") || (child.placeholder ?? "Make a selection");
    control.setAttribute("aria-label", `${scene.label}: ${shown.textContent}`);
    control.removeAttribute("aria-labelledby");
  };
  draw();
  return {
    node: control, control, read: () => [...chosen], focus: () => control.focus(),
    problem: () => countProblem(chosen.length, { min, max, required: scene.required }),
  };
}

function countProblem(count, { min, max, required }) {
  if (count === 0) return required ? "Choose something here." : null;
  if (count < min) return `Choose at least ${min}.`;
  return count > max ? `Choose at most ${max}.` : null;
}

function optionRows(scene, type) {
  return (scene.child.options ?? []).map((option) => {
    const input = h("input", {
      type, name: scene.id, value: option.value, checked: Boolean(option.default),
    });
    const node = h("label", { class: "option" }, input, h("span", { class: "option-text" },
      h("span", {}, option.label),
      option.description && h("span", { class: "option-detail" }, option.description)));
    return { input, node };
  });
}

function group(scene, role, rows) {
  return h("div", {
    class: "options", role, "aria-labelledby": scene.labelId,
    "aria-describedby": `${scene.hintId} ${scene.errorId}`,
  }, rows.map((row) => row.node));
}

function radioGroup(scene) {
  const rows = optionRows(scene, "radio");
  const read = () => rows.find((row) => row.input.checked)?.input.value ?? null;
  const node = group(scene, "radiogroup", rows);
  return {
    node, control: node, read,
    focus: () => (rows.find((row) => row.input.checked) ?? rows[0])?.input.focus(),
    problem: () => (read() === null && scene.required ? "Choose one of these." : null),
  };
}

function checkboxGroup(scene) {
  const { child } = scene;
  const rows = optionRows(scene, "checkbox");
  const read = () => rows.filter((row) => row.input.checked).map((row) => row.input.value);
  const node = group(scene, "group", rows);
  const min = child.min_values ?? (scene.required ? 1 : 0);
  const max = child.max_values ?? rows.length;
  return {
    node, control: node, read, focus: () => rows[0]?.input.focus(),
    problem: () => countProblem(read().length, { min, max, required: scene.required }),
  };
}

function checkbox(scene) {
  const control = h("input", {
    ...described(scene), type: "checkbox", checked: Boolean(scene.child.default),
  });
  return {
    node: h("div", { class: "option" }, control), control, read: () => control.checked,
    focus: () => control.focus(), problem: () => null,
  };
}
