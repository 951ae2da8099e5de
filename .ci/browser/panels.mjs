// Every panel and form of the bot on a phone, opened by touch: an organiser's in the light theme, a
// member's in the dark one.

import assert from "node:assert/strict";

import { lowContrast, openAs, ready, smallTargets, tooWide } from "./browser.mjs";
import { postOf, pressCommand } from "./page.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const THEMES = { owner: "light", second: "dark" };

/** Beside a panel on the screen: the bars above it, the message box below it. */
const BESIDE_PX = 260;

/** What each is called, whose it is, what opens it, and words that nothing else shows. */
const PANELS = [
  ["⋯ of an organiser", "owner", more, "Cancel the event"],
  ["⋯ of a member", "second", more, "Withdraw my answer"],
  ["My answer", "second", inMore("My answer"), "Late or early"],
  ["Everybody", "second", inMore("Everybody"), "Copy the list"],
  ["Answers", "owner", inMore("Answers"), "Add an answer"],
  ["one of the answers", "owner", oneAnswer, "Counts as coming"],
  ["Rules", "owner", inMore("Rules"), "Each change takes effect at once"],
  ["Members", "owner", inMore("Members"), "Answer for a member, even if the rules"],
  ["Message attendees", "owner", inMore("Message attendees"), "Message those who are coming"],
  ["Reminders", "owner", inMore("Reminders"), "The first change gives it its own"],
  ["the editor of answers", "owner", editor, "It is not posted yet"],
  ["a series", "owner", series, "To come"],
  ["the answers of a series", "owner", answersOfSeries, "all dates still to be posted"],
  ["event log", "owner", eventLog, "created the event"],
  ["settings", "owner", command("/settings"), "Each choice is saved at once"],
  ["privacy erase", "second", command("/privacy erase"), "This cannot be undone"],
  ["schedule setup", "owner", command("/schedule setup"), "Day 1 of 7"],
  ["schedule view", "owner", command("/schedule view"), "Weekly schedule"],
  ["report week", "owner", command("/report week"), "Show to all"],
  ["doctor", "owner", command("/doctor"), "Check again"],
];

export const PANEL_STEPS = [
  ...PANELS.map(([name, who, open, words]) =>
    [`on a phone: ${name}`, (walk) => fitsOpened(walk, { name, who, open, words })]),
  ["the phones are put away", putAway],
];

async function fitsOpened(walk, { name, who, open, words }) {
  const page = await phoneOf(walk, who);
  await clear(page);
  await open(page, walk);
  const panel = await shown(page, words);
  await roomFor(page, panel);
  await walk.shot(page, `phone-${name.replace("⋯", "more").replaceAll(" ", "-")}`);
  assert.equal(await page.locator(".failed, .notice-alert").count(), 0, "something failed");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  assert.deepEqual(await tooWide(page), [], "wider than the phone");
  assert.deepEqual(await smallTargets(page, 40), [], "too small for a finger");
  assert.deepEqual(await lowContrast(page), [], "too faint");
}

async function phoneOf(walk, who) {
  const known = walk.pages.get(`phone-${who}`);
  if (known) return known;
  const page = await walk.open(`phone-${who}`, { ...PHONE, colorScheme: THEMES[who] });
  await openAs(page, walk.url, { id: walk.people[who].id, channel: walk.channel });
  return page;
}

/** Leaves fewer browsers to keep up with what comes next. */
async function putAway({ pages }) {
  for (const who of [...pages.keys()].filter((name) => name.startsWith("phone"))) {
    await pages.get(who).context().close();
    pages.delete(who);
  }
}

/** Takes away what an earlier step left open, so that what is seen next is new. */
async function clear(page) {
  await page.setViewportSize(PHONE.viewport);
  if (await page.locator("dialog, .bar").count() > 0) {
    await page.reload();
    await ready(page);
  }
  const old = page.getByRole("button", { name: "Dismiss message" });
  for (let left = await old.count(); left > 0; left -= 1) {
    await old.last().tap();
    await old.nth(left - 1).waitFor({ state: "detached" });
  }
}

/** The form, or else the newest private answer, once it has these words and nothing is pending. */
async function shown(page, words) {
  const newest = page.getByRole("dialog").or(page.locator(".message-ephemeral")).last();
  await newest.filter({ hasText: words }).waitFor();
  await page.locator(".button-pending").first().waitFor({ state: "detached" });
  return newest;
}

/** Makes the screen as high as it takes to see all of it at once. */
async function roomFor(page, panel) {
  const { height } = await panel.boundingBox();
  const all = Math.max(PHONE.viewport.height, Math.ceil(height) + BESIDE_PX);
  await page.setViewportSize({ ...PHONE.viewport, height: all });
  await panel.scrollIntoViewIfNeeded();
}

async function more(page, { title }) {
  await postOf(page, title).getByRole("button", { name: "⋯" }).tap();
  return shown(page, "Add to my calendar");
}

function inMore(button) {
  return async (page, walk) => {
    const panel = await more(page, walk);
    await panel.getByRole("button", { name: button, exact: true }).tap();
  };
}

async function oneAnswer(page, walk) {
  await inMore("Answers")(page, walk);
  const list = await shown(page, "Add an answer");
  await list.getByRole("button", { name: "Change an answer" }).tap();
  await page.getByRole("listbox").getByRole("option", { name: "Yes" }).tap();
}

function command(name) {
  return async (page) => {
    await pressCommand(page, name);
    await page.getByRole("button", { name: "Send" }).tap();
  };
}

async function editor(page, { run }) {
  await pressCommand(page, "/event create");
  await page.keyboard.type(`title:Boat drill ${run} when:tomorrow 22:00 options:editor`);
  await page.getByRole("button", { name: "Send" }).tap();
}

/** One that posts nothing before the walk ends. */
async function series(page, { run }) {
  await pressCommand(page, "/event create");
  await page.keyboard.type(`title:Regatta ${run} when:1 june 20:00 repeat:every year`);
  await page.getByRole("button", { name: "Send" }).tap();
}

async function answersOfSeries(page, walk) {
  await series(page, walk);
  const panel = await shown(page, "To come");
  await panel.getByRole("button", { name: "Answers", exact: true }).tap();
}

async function eventLog(page, { title }) {
  await pressCommand(page, "/event log");
  await page.keyboard.type(title);
  await page.locator("#suggest-list").getByRole("option", { name: title }).tap();
  await page.getByRole("button", { name: "Send" }).tap();
}
