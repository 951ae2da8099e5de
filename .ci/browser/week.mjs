// A week passes on the demo's clock: what repeats posts itself day by day, can be answered, and
// reminds whoever comes.

import assert from "node:assert/strict";

import { openAs } from "./browser.mjs";
import { postOf, pressCommand, until } from "./page.mjs";

const DAYS = 7;
const HOUR_MS = 3_600_000;

/** Messages in the channel that hold all of these words, private answers not among them. */
function messagesWith(page, ...words) {
  return words.reduce((found, hasText) => found.filter({ hasText }),
    page.locator("li.message:not(.message-ephemeral)"));
}

/** Moves the clock there, unless it is later already. */
async function moveTo(page, at_ms) {
  const now_s = Number(await page.locator("#clock-face").getAttribute("data-now"));
  if (at_ms / 1_000 <= now_s + 60) return;
  const value = await page.evaluate((ms) =>
    new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16), at_ms);
  const target = page.locator("#clock-to");
  if (!await target.isVisible()) await page.locator("#clock-toggle").click();
  await target.fill(value);
  await page.getByRole("button", { name: "Go", exact: true }).click();
  await until(page, (least_s) =>
    Number(document.getElementById("clock-face").dataset.now) >= least_s, at_ms / 1_000 - 60);
  await until(page, () => !document.querySelector(".clock-moving"));
}

/** Plans it in the owner's zone, which was picked before; returns when it begins first. */
async function planDaily(page, title) {
  await pressCommand(page, "/event create");
  await page.keyboard.type(`title:${title} when:tomorrow 18:00 repeat:every day`);
  await page.locator('[data-option="title"]').click();
  await page.keyboard.press("Enter");
  const told = page.locator(".message-ephemeral", { hasText: title }).last();
  const first = told.locator("time[data-unix]").first();
  await first.waitFor();
  return Number(await first.getAttribute("data-unix")) * 1_000;
}

export async function aWeekPasses(walk) {
  const { url, people, channel, run } = walk;
  const page = await walk.open("week");
  await openAs(page, url, { id: people.owner.id, channel });
  const title = `Evening watch ${run}`;
  const first_ms = await planDaily(page, title);
  await walk.shot(page, "week-planned");
  for (let day = 0; day < DAYS; day += 1) {
    const begins_ms = first_ms + day * 24 * HOUR_MS;
    await moveTo(page, begins_ms - 5 * HOUR_MS);
    const post = postOf(page, title).last();
    await post.getByRole("button", { name: "Yes", exact: true }).click();
    await post.locator(".mention", { hasText: people.owner.name }).nth(1).waitFor();
    await moveTo(page, begins_ms + HOUR_MS);
    await messagesWith(page, "Reminder:", title).nth(day).waitFor();
    assert.equal(await messagesWith(page, title, "Hosted by").count(), day + 1, "posts so far");
  }
  await walk.shot(page, "week-passed");
}
