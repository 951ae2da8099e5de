// The composer while a command is being filled in: its name, one field per option, one to add more.

import { api } from "./api.js";
import { channels, filterChoices, members, roles } from "./choices.js";
import { OPTION, nestOptions, readOption, splitPairs } from "./commands.js";
import { debounce, h, uniqueId } from "./dom.js";
import { state } from "./state.js";
import { COMBOBOX, closeSuggest, openSuggest, suggestKey } from "./suggest.js";
import { toast } from "./toasts.js";
import { chooseFiles, giveFile, samplePicture, takesPictures } from "./uploads.js";

const AUTOCOMPLETE_WAIT_MS = 220;

/**
 * Builds the bar for a command entry. `on.leave(text)` is called when the reader steps back out of
 * it, `on.submit()` when Enter asks to send it.
 */
export function makeCommandBar(entry, on) {
  const bar = { entry, on, fields: [] };
  bar.add = h("input", {
    ...COMBOBOX, class: "bar-add", type: "text", "aria-label": `Add an option to /${entry.path}`,
    size: "12", placeholder: entry.options.length > 0 ? "+ option" : "", enterkeyhint: "send",
    oninput: () => onAddInput(bar), onfocus: () => suggestOptions(bar),
    onkeydown: (event) => onAddKey(bar, event), onblur: closeSuggest,
  });
  bar.node = h("div", { class: "bar", role: "group", "aria-label": `Command /${entry.path}` },
    h("span", { class: "bar-name" }, `/${entry.path}`), bar.add);
  for (const option of entry.options.filter((o) => o.required)) addField(bar, option);
  return bar;
}

/** Puts text typed after the command's name into its fields, and the focus where it ends. */
export function fillBar(bar, rest) {
  const { lead, pairs } = splitPairs(rest, bar.entry.options);
  for (const { name, value } of pairs) {
    const field = fieldFor(bar, name);
    setText(field, value);
  }
  const first = bar.fields[0];
  if (lead && first && !first.input.value) setText(first, lead);
  else if (lead) bar.add.value = lead;
  const last = pairs.length > 0 ? fieldFor(bar, pairs.at(-1).name) : null;
  const empty = bar.fields.find((field) => !field.input.value);
  (last ?? empty ?? { input: bar.add }).input.focus();
}

/** The options as Discord sends them, or the first problem: `{options}` or `{problem, field}`. */
export function readBar(bar, focusedName = null) {
  const values = [];
  for (const field of bar.fields) {
    const focused = field.option.name === focusedName;
    const read = focused
      ? { value: field.input.value }
      : readOption(field.option, field.input.value, field.picked, knownChoices(field.option));
    if (read.problem && focusedName === null) {
      return { problem: `“${field.option.name}” ${read.problem}`, field };
    }
    if (read.value === undefined || read.problem) continue;
    const value = { name: field.option.name, type: field.option.type, value: read.value };
    values.push(focused ? { ...value, focused: true } : value);
  }
  return { options: nestOptions(bar.entry, values) };
}

export function markProblem(field) {
  field.node.classList.add("bar-field-bad");
  field.input.setAttribute("aria-invalid", "true");
  field.input.focus();
}

function fieldFor(bar, name) {
  return bar.fields.find((field) => field.option.name === name)
    ?? addField(bar, bar.entry.options.find((option) => option.name === name));
}

function addField(bar, option) {
  const id = uniqueId("option");
  const field = { bar, option, picked: null, asked: 0 };
  const numeric = option.type === OPTION.INTEGER || option.type === OPTION.NUMBER;
  field.input = h("input", {
    ...COMBOBOX, class: "bar-input", id, type: "text", "data-option": option.name,
    inputmode: numeric ? "decimal" : null, maxlength: option.max_length ?? 6000, size: "6",
    "aria-required": option.required ? "true" : null, enterkeyhint: "send",
    readonly: option.type === OPTION.ATTACHMENT, placeholder: placeholderOf(option),
    oninput: () => onFieldInput(field), onfocus: () => suggestValues(field),
    onkeydown: (event) => onFieldKey(field, event),
    onblur: () => {
      field.ask.cancel();
      closeSuggest();
    },
  });
  field.ask = debounce(() => askBot(field), AUTOCOMPLETE_WAIT_MS);
  field.node = h("span", { class: "bar-field" },
    h("label", { class: "bar-label", for: id }, option.name), field.input);
  field.node.addEventListener("click", () => field.input.focus());
  bar.fields.push(field);
  bar.node.insertBefore(field.node, bar.add);
  drawAdd(bar);
  return field;
}

function placeholderOf(option) {
  return option.type === OPTION.ATTACHMENT ? "Choose a file" : null;
}

function removeField(field) {
  const { bar } = field;
  bar.fields = bar.fields.filter((other) => other !== field);
  field.node.remove();
  drawAdd(bar);
  (bar.fields.at(-1)?.input ?? bar.add).focus();
}

function remaining(bar) {
  const used = new Set(bar.fields.map((field) => field.option.name));
  return bar.entry.options.filter((option) => !used.has(option.name));
}

function drawAdd(bar) {
  const left = remaining(bar).length;
  bar.add.placeholder = left > 0 ? `+${left} optional` : "";
}

function setText(field, text) {
  field.node.querySelector(".bar-picture")?.remove();
  field.input.value = text;
  field.picked = null;
  field.input.size = Math.min(Math.max(text.length + 1, 6), 60);
  field.node.classList.remove("bar-field-bad");
  field.input.removeAttribute("aria-invalid");
}

function onAddInput(bar) {
  const text = bar.add.value;
  const named = remaining(bar).find((option) => text.trim() === `${option.name}:`);
  if (named) {
    bar.add.value = "";
    addField(bar, named).input.focus();
    return;
  }
  const { pairs } = splitPairs(text, remaining(bar));
  if (pairs.length > 0) {
    bar.add.value = "";
    fillBar(bar, text);
    return;
  }
  suggestOptions(bar);
}

function suggestOptions(bar) {
  const typed = bar.add.value;
  const choices = filterChoices(remaining(bar).map((option) => ({
    value: option.name, label: option.name, detail: option.description, option,
  })), typed);
  const title = bar.entry.options.length === 0
    ? `${bar.entry.description} Press Enter to send.`
    : `/${bar.entry.path}: press Enter to send, or add an option`;
  openSuggest({
    input: bar.add, title, choices, preselect: typed.trim() !== "",
    onPick: (choice) => {
      bar.add.value = "";
      addField(bar, choice.option).input.focus();
    },
  });
}

function onAddKey(bar, event) {
  if (suggestKey(event)) return;
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    bar.on.submit();
  } else if (event.key === "Escape") {
    event.preventDefault();
    bar.on.leave("");
  } else if (event.key === "Backspace" && bar.add.value === "") {
    event.preventDefault();
    const last = bar.fields.at(-1);
    if (last) last.input.focus();
    else bar.on.leave(`/${bar.entry.path}`);
  }
}

function onFieldInput(field) {
  const text = field.input.value;
  const names = field.bar.entry.options;
  const own = `${field.option.name}:`;
  if (text.startsWith(own)) {
    setText(field, text.slice(own.length).trimStart());
  } else {
    const { lead, pairs } = splitPairs(text, names);
    const others = pairs.filter((pair) => pair.name !== field.option.name);
    if (others.length > 0) {
      setText(field, lead);
      for (const pair of others) setText(fieldFor(field.bar, pair.name), pair.value);
      fieldFor(field.bar, others.at(-1).name).input.focus();
      return;
    }
    setText(field, text);
  }
  suggestValues(field);
}

/** The closed list of an option's values, or null if anything may be typed. */
function knownChoices(option) {
  switch (option.type) {
    case OPTION.BOOLEAN: return [{ value: true, label: "True" }, { value: false, label: "False" }];
    case OPTION.USER: return members();
    case OPTION.ROLE: return roles();
    case OPTION.CHANNEL: return channels(option.channel_types);
    case OPTION.MENTIONABLE: return [...members(), ...roles()];
    default: return option.choices?.length
      ? option.choices.map((choice) => ({ value: choice.value, label: choice.name })) : null;
  }
}

function titleOf(field, more) {
  const { option } = field;
  const start = `${option.name}: ${option.description ?? ""}`;
  return more ? `${start} — ${more}` : start;
}

/** A file is never typed: it is chosen from the disk, or drawn. */
function suggestFiles(field) {
  const types = field.option.file_types;
  const choices = [
    { label: "Choose a file…", detail: "From this machine, 8 MiB at most",
      get: async () => (await chooseFiles({ types }))[0] },
    takesPictures(types) && { label: "Sample picture", detail: "Lanterns over a lake",
      get: samplePicture },
  ].filter(Boolean);
  openSuggest({
    input: field.input, title: titleOf(field), choices, preselect: !field.picked,
    onPick: (choice) => takeFile(field, choice.get()),
  });
}

async function takeFile(field, chosen) {
  try {
    const file = await chosen;
    if (!file) return;
    setText(field, `Sending ${file.name} …`);
    const given = await giveFile(file);
    if (!field.node.isConnected) return;
    take(field, { value: given.id, label: given.filename });
    if (/^image\//.test(given.content_type)) {
      field.input.before(h("img", { class: "bar-picture", src: given.url, alt: "" }));
    }
  } catch (error) {
    setText(field, "");
    toast(error.message);
  }
}

function suggestValues(field) {
  if (field.option.type === OPTION.ATTACHMENT) return suggestFiles(field);
  if (field.option.autocomplete) {
    openSuggest({ input: field.input, title: titleOf(field, "…"), choices: [] });
    return field.ask();
  }
  const known = knownChoices(field.option);
  const typed = field.picked ? "" : field.input.value;
  return openSuggest({
    input: field.input, title: titleOf(field), choices: known ? filterChoices(known, typed) : [],
    preselect: Boolean(known) && !field.picked, onPick: (choice) => take(field, choice),
  });
}

async function askBot(field) {
  field.asked += 1;
  const { asked, bar, option } = field;
  const typed = field.input.value;
  let more = null;
  let choices = [];
  try {
    const answer = await api.autocomplete({
      user: state.me.id, channel: state.channelId, command_id: bar.entry.command.id,
      options: readBar(bar, option.name).options,
    });
    more = answer.error ?? null;
    choices = (answer.choices ?? []).map((c) => ({ value: c.value, label: c.name }));
  } catch (error) {
    more = error.message;
  }
  const late = asked !== field.asked || document.activeElement !== field.input;
  if (late || field.input.value !== typed) return;
  openSuggest({
    input: field.input, title: titleOf(field, more), choices,
    preselect: typed.trim() !== "" && !field.picked, onPick: (choice) => take(field, choice),
  });
}

function take(field, choice) {
  setText(field, choice.label);
  field.picked = choice;
  const { bar } = field;
  const next = bar.fields.find((other) => other.option.required && !other.input.value);
  (next?.input ?? bar.add).focus();
}

function onFieldKey(field, event) {
  if (suggestKey(event)) return;
  const { bar } = field;
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    bar.on.submit();
  } else if (event.key === "Escape") {
    event.preventDefault();
    bar.on.leave("");
  } else if (event.key === "Backspace" && field.input.readOnly && field.input.value !== "") {
    event.preventDefault();
    setText(field, "");
    suggestValues(field);
  } else if (event.key === "Backspace" && field.input.value === "") {
    event.preventDefault();
    if (!field.option.required) removeField(field);
    else if (bar.fields[0] === field) bar.on.leave(`/${bar.entry.path}`);
    else bar.fields[bar.fields.indexOf(field) - 1].input.focus();
  }
}
