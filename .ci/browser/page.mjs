// What the steps look for on the page, and how they use it.

import assert from "node:assert/strict";

import { WAIT_MS } from "./browser.mjs";

/** An event's post: the message with this title that can be answered. */
export function postOf(page, title) {
  return page.locator("li.message:not(.message-ephemeral)", { hasText: title })
    .filter({ has: page.getByRole("button", { name: "Yes" }) });
}

export function tap(page, title, answer) {
  return postOf(page, title).getByRole("button", { name: answer, exact: true }).click();
}

export async function shows(locator, text) {
  await locator.filter({ hasText: text }).first().waitFor();
}

export async function pressCommand(page, command) {
  await page.locator("#composer-input").click();
  await page.keyboard.type(`${command} `);
  await page.locator(".bar-name", { hasText: command }).waitFor();
}

export async function until(page, what, argument) {
  await page.waitForFunction(what, argument, { timeout: WAIT_MS });
}

/** Presses Tab until the focus is where it is wanted; the bound makes an unreachable part fail. */
export async function tabTo(page, wanted, { argument = null, back = false } = {}) {
  for (let count = 0; count < 150; count += 1) {
    if (await page.evaluate(wanted, argument)) return;
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  assert.fail(`not reachable with the Tab key: ${wanted}`);
}
