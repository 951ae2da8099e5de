// Shows a bot's modal as a dialog, checks what was filled in, and submits it.

import { api } from "./api.js";
import { avatar } from "./avatars.js";
import { h, uniqueId } from "./dom.js";
import { makeFields } from "./fields.js";
import { icon } from "./icons.js";
import { closePicker } from "./picker.js";
import { state } from "./state.js";
import { say } from "./toasts.js";

const FAILED = "Something went wrong. Try again.";

/** Opens `{modal_id, custom_id, title, components}`; the focus returns to where it was. */
export function openModal(modal) {
  document.querySelector("dialog.modal")?.close();
  const fields = makeFields(modal.components ?? []);
  const titleId = uniqueId("modal-title");
  const alert = h("p", { class: "form-error", role: "alert" });
  const submit = h("button", { class: "button button-primary", type: "submit" }, "Submit");
  const form = h("form", { class: "modal-form", novalidate: true },
    h("div", { class: "modal-fields" }, notice(), fields.map((field) => field.node)),
    alert,
    h("div", { class: "modal-foot" },
      h("button", { class: "button button-plain", type: "button", onclick: () => dialog.close() },
        "Cancel"),
      submit));
  const dialog = h("dialog", { class: "modal", "aria-labelledby": titleId },
    h("div", { class: "modal-head" }, botAvatar(),
      h("h2", { id: titleId }, modal.title),
      h("button", {
        class: "icon-button", type: "button", "aria-label": "Close", onclick: () => dialog.close(),
      }, icon("close"))),
    form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!submit.disabled) send({ modal, fields, alert, submit, dialog });
  });
  show(dialog);
  fields.find((field) => field.focus)?.focus();
}

/** Shows a dialog of this page; closing removes it and gives the focus back. */
export function show(dialog) {
  const opener = document.activeElement;
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    closePicker();
    dialog.remove();
    if (!opener?.isConnected) return;
    // The browser gives the focus back by itself, but its caret may stay in the removed dialog.
    opener.blur();
    opener.focus({ preventScroll: true });
  });
  dialog.addEventListener("pointerdown", (event) => {
    // A tap beside a half-filled form must not throw it away.
    if (event.target === dialog && !dialog.querySelector("form")) dialog.close();
  });
  dialog.showModal();
}

function bot() {
  return state.users.get(state.bots[0]?.user_id) ?? null;
}

function botAvatar() {
  return bot() ? avatar(bot(), "m") : null;
}

function notice() {
  return h("p", { class: "modal-notice" },
    `What you write here goes to ${bot()?.name ?? "the bot"} on this machine, and nowhere else.`);
}

async function send({ modal, fields, alert, submit, dialog }) {
  closePicker();
  alert.textContent = "";
  const faulty = fields.filter((field) => !field.check());
  if (faulty.length > 0) {
    faulty[0].focus();
    return;
  }
  const values = {};
  for (const field of fields) if (field.customId) values[field.customId] = field.read();
  submit.disabled = true;
  submit.classList.add("button-pending");
  try {
    const outcome = await api.modal({ user: state.me.id, modal_id: modal.modal_id, values });
    if (outcome.result === "failed") alert.textContent = outcome.reason ?? FAILED;
    else {
      dialog.close();
      say("Submitted.");
    }
    if (outcome.result === "modal") openModal(outcome.modal);
  } catch (error) {
    alert.textContent = error.message;
  }
  submit.disabled = false;
  submit.classList.remove("button-pending");
}
