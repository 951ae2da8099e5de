// The walk itself, step by step: what a stranger tries, and what must hold while they do.

import assert from "node:assert/strict";

import { openAs, ready } from "./browser.mjs";
import { postOf, pressCommand, shows, tap, until } from "./page.mjs";
import { PANEL_STEPS } from "./panels.mjs";
import {
  bothThemesReadWell, fitsAPhone, rendersMarkdown, worksByKeyboardAlone,
} from "./reach.mjs";
import { aWeekPasses } from "./week.mjs";

const ANSWERS = ["Yes", "No", "Maybe", "Mobile"];

async function peopleOf(page) {
  const view = await page.evaluate(async (user) => {
    const response = await fetch(`/sim/view?user=${user}`);
    return response.json();
  }, await meOf(page));
  const names = (id) => {
    const guild = view.guilds[0];
    const nick = guild.members.find((member) => member.user_id === id)?.nick;
    return nick ?? view.users.find((user) => user.id === id).name;
  };
  const owner = view.guilds[0].owner_id;
  const bots = new Set(view.users.filter((user) => user.bot).map((user) => user.id));
  const others = view.guilds[0].members.map((member) => member.user_id)
    .filter((id) => id !== owner && !bots.has(id));
  return { owner, others: others.map((id) => ({ id, name: names(id) })), ownerName: names(owner) };
}

function meOf(page) {
  return page.evaluate(() => /^#\/(\d+)/.exec(location.hash)[1]);
}

function channelOf(page) {
  return page.evaluate(() => /^#\/\d+\/(\d+)/.exec(location.hash)[1]);
}

async function opensAsOwner(walk) {
  const page = await walk.open("owner");
  await page.goto(walk.url);
  await ready(page);
  const { owner, others, ownerName } = await peopleOf(page);
  assert.ok(others.length >= 2, "the demo needs at least two more members");
  walk.people = { owner: { id: owner, name: ownerName }, first: others[0], second: others[1] };
  await openAs(page, walk.url, { id: owner });
  walk.channel = await channelOf(page);
  assert.equal(await meOf(page), owner);
  await page.getByText("Simulation", { exact: true }).waitFor();
  await page.getByRole("heading", { name: "Three things to try" }).waitFor();
  await walk.shot(page, "dark");
  await page.getByRole("button", { name: "Close the first steps" }).click();
  await page.getByRole("heading", { name: "Three things to try" }).waitFor({ state: "hidden" });
}

async function listsCommands({ pages, shot }) {
  const page = pages.get("owner");
  await page.locator("#composer-input").click();
  await page.keyboard.type("/");
  await shows(page.getByRole("option"), "/event create");
  await shot(page, "commands");
  await page.keyboard.type("eve crea");
  await page.keyboard.press("Escape");
  await page.locator("#suggest").waitFor({ state: "hidden" });
}

/** Creates an event in one line; whoever has no time zone yet is asked for it and picks one. */
async function createsInOneLine(walk, who, title) {
  const page = walk.pages.get(who);
  await pressCommand(page, "/event create");
  await page.keyboard.type(`title:${title} when:tomorrow 19:30`);
  await page.locator('[data-option="title"]').click();
  await page.keyboard.press("Enter");
  const zone = page.locator(".message-ephemeral .select").last();
  await postOf(page, title).or(zone).first().waitFor();
  if (await postOf(page, title).count() === 0) {
    await zone.click();
    await page.getByRole("listbox").getByRole("option").first().waitFor();
    await walk.shot(page, `zone-${who}`);
    await page.keyboard.press("Enter");
  }
  await postOf(page, title).waitFor();
}

async function asksForTheZone(walk) {
  await createsInOneLine(walk, "owner", `First light ${walk.run}`);
}

async function organisesToo(walk) {
  await createsInOneLine(walk, "first", `Night fishing ${walk.run}`);
  await postOf(walk.pages.get("owner"), `Night fishing ${walk.run}`).waitFor();
}

async function completesWhen(walk) {
  const page = walk.pages.get("owner");
  walk.title = `Harbour watch ${walk.run}`;
  await pressCommand(page, "/event create");
  await page.keyboard.type(`title:${walk.title} when:tomorrow 20:00`);
  assert.equal(await page.locator('[data-option="title"]').inputValue(), walk.title);
  await page.getByRole("option").first().waitFor();
  await walk.shot(page, "autocomplete");
  await page.keyboard.press("Enter");
  await page.locator("#suggest-list").getByRole("option", { name: "duration" }).waitFor();
}

async function postsTheEvent(walk) {
  const page = walk.pages.get("owner");
  await page.keyboard.press("Enter");
  const post = postOf(page, walk.title);
  await post.waitFor();
  for (const answer of [...ANSWERS, "⋯"]) {
    await post.getByRole("button", { name: answer, exact: true }).waitFor();
  }
  await shows(page.locator(".message-ephemeral"), "Only you can see this");
  assert.equal(await page.locator("#composer-input").inputValue(), "");
  await walk.shot(page, "posted");
}

async function othersSeeThePostOnly(walk) {
  const { pages, people, channel } = walk;
  for (const who of ["first", "second"]) {
    const page = await walk.open(who);
    await openAs(page, walk.url, { id: people[who].id, channel });
    await postOf(page, walk.title).waitFor();
    const answer = page.locator(".message-ephemeral", { hasText: walk.title });
    assert.equal(await answer.count(), 0, `${who} sees what only the owner may see`);
  }
  assert.ok(await pages.get("owner").locator(".message-ephemeral").count() > 0);
}

async function bothTapYes({ pages, people, title, shot }) {
  const { first, second } = people;
  await Promise.all(["first", "second"].map(async (who) =>
    tap(pages.get(who), title, "Yes")));
  for (const who of ["owner", "first", "second"]) {
    const page = pages.get(who);
    const post = postOf(page, title);
    for (const { name } of [first, second]) await shows(post, name);
    await post.locator(".button-pending").waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => window.walkMark), true, `${who} was reloaded`);
  }
  await shot(pages.get("owner"), "answered");
}

async function changesTheMind({ pages, title, people }) {
  const before = await postOf(pages.get("owner"), title).innerText();
  await tap(pages.get("first"), title, "Maybe");
  await until(pages.get("owner"), ([name, old, id]) => {
    const post = document.querySelector(`li.message[data-id="${id}"]`);
    return post.innerText !== old && post.innerText.includes(name);
  }, [people.first.name, before, await postOf(pages.get("owner"), title).getAttribute("data-id")]);
}

async function opensTheRest({ pages, title, shot }) {
  const page = pages.get("first");
  const count = () => page.locator(".message-ephemeral").count();
  const before = await count();
  await tap(page, title, "⋯");
  await until(page, (least) => document.querySelectorAll(".message-ephemeral").length > least,
    before);
  assert.equal(await page.locator(".failed").count(), 0);
  await shot(page, "the-rest");
}

async function followsTheLink({ pages, title, channel }) {
  const page = pages.get("owner");
  const answer = page.locator(".message-ephemeral", { hasText: title }).last();
  const link = answer.locator('[data-act="jump"]').first();
  const id = await postOf(page, title).getAttribute("data-id");
  assert.equal(await link.getAttribute("data-message"), id);
  const elsewhere = `.channel:not([data-channel-id="${channel}"]):has(.icon-hash)`;
  await page.locator(elsewhere).first().click();
  await ready(page);
  await page.locator(`[data-channel-id="${channel}"]`).click();
  await link.click();
  await until(page, (wanted) => document.activeElement.dataset.id === wanted, id);
}

async function modalCreates(walk) {
  const page = walk.pages.get("owner");
  walk.modalTitle = `Chart reading ${walk.run}`;
  await pressCommand(page, "/event create");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await dialog.getByRole("button", { name: "Submit" }).click();
  await dialog.getByText("This field is required.").first().waitFor();
  const title = dialog.getByRole("textbox", { name: /title/i });
  assert.ok(await title.evaluate((node) => node === document.activeElement), "focus goes to it");
  await title.fill(walk.modalTitle);
  await dialog.getByRole("textbox", { name: /when/i }).fill("tomorrow 21:15");
  await walk.shot(page, "modal");
  await dialog.getByRole("button", { name: "Submit" }).click();
  await dialog.waitFor({ state: "hidden" });
  for (const who of ["owner", "first"]) {
    await postOf(walk.pages.get(who), walk.modalTitle).waitFor();
  }
}

async function dismissesPrivately({ pages }) {
  const page = pages.get("owner");
  const own = page.locator(".message-ephemeral").last();
  const id = await own.getAttribute("data-id");
  await own.getByRole("button", { name: "Dismiss message" }).click();
  await page.locator(`li.message[data-id="${id}"]`).waitFor({ state: "detached" });
}

async function writesPlainly(walk) {
  const { pages, run } = walk;
  const line = `**Ahoy** from the walk ${run} <script>document.title = "broken"</script>`;
  await pages.get("first").locator("#composer-input").fill(line);
  await pages.get("first").keyboard.press("Enter");
  const message = pages.get("owner").locator("li.message", { hasText: `from the walk ${run}` });
  await message.waitFor();
  assert.equal(await message.locator("strong").innerText(), "Ahoy");
  assert.equal(await message.locator("script").count(), 0, "markup must stay text");
}

async function marksUnread(walk) {
  const { pages, channel } = walk;
  const page = pages.get("second");
  const here = `[data-channel-id="${channel}"]`;
  await page.locator(`.channel:not(${here}):has(.icon-hash)`).first().click();
  await ready(page);
  await pages.get("first").locator("#composer-input").fill(`News for ${walk.run}`);
  await pages.get("first").keyboard.press("Enter");
  await page.locator(`.channel-unread${here}`).waitFor();
  await page.locator(here).click();
  await page.locator("li.message", { hasText: `News for ${walk.run}` }).waitFor();
  assert.equal(await page.locator(`.channel-unread${here}`).count(), 0);
}

async function movesTheClock({ pages }) {
  const owner = pages.get("owner");
  const before_s = Number(await owner.locator("#clock-face").getAttribute("data-now"));
  await owner.getByRole("button", { name: "Move the clock on by one hour" }).click();
  for (const who of ["owner", "first", "second"]) {
    await until(pages.get(who), (least_s) =>
      Number(document.getElementById("clock-face").dataset.now) >= least_s, before_s + 3_600);
    await until(pages.get(who), async () => {
      const { relativeText } = await import("/page/time.js");
      const times = [...document.querySelectorAll('time[data-style="R"]')];
      return times.every((time) => time.textContent === relativeText(Number(time.dataset.unix)));
    });
  }
}

/** There is always something to come: an event of an earlier step begins, or reminds. */
async function movesOnToWhatIsNext({ pages }) {
  const owner = pages.get("owner");
  const before_s = Number(await owner.locator("#clock-face").getAttribute("data-now"));
  await owner.getByRole("button", { name: "Move the clock on to what is next" }).click();
  await until(owner, (then_s) =>
    Number(document.getElementById("clock-face").dataset.now) > then_s + 5, before_s);
  await until(owner, () => !document.querySelector(".clock-moving"));
}

async function actsAsSomeoneElse(walk) {
  const page = walk.pages.get("keyboard");
  await page.locator(".me-button").click();
  await page.locator(`[data-person="${walk.people.owner.id}"]`).click();
  await until(page, (id) => location.hash.startsWith(`#/${id}/`), walk.people.owner.id);
  await ready(page);
  await page.locator(".me-name", { hasText: walk.people.owner.name }).waitFor();
  await postOf(page, walk.title).waitFor();
  await page.context().close();
  walk.pages.delete("keyboard");
}

export const STEPS = [
  ["the page opens as the owner and says that it is a simulation", opensAsOwner],
  ["a slash lists the commands", listsCommands],
  ["a first event is created in one line, once the time zone is picked", asksForTheZone],
  ["`when` is completed by the bot while typing", completesWhen],
  ["/event create posts an event and answers privately", postsTheEvent],
  ["other members see the post, but not the private answer", othersSeeThePostOnly],
  ["two members tap Yes at once and all pages change without reload", bothTapYes],
  ["an answer can be changed", changesTheMind],
  ["another organiser is asked for their own time zone", organisesToo],
  ["⋯ opens the rest for that member alone", opensTheRest],
  ["the link in the private answer leads to the post", followsTheLink],
  ["/event create without options opens a form that checks and creates", modalCreates],
  ["a private answer can be dismissed", dismissesPrivately],
  ["plain messages arrive, and markup in them stays text", writesPlainly],
  ["a message elsewhere marks its channel unread", marksUnread],
  ["the clock moves on for everybody", movesTheClock],
  ["the clock moves on to what the bot does next", movesOnToWhatIsNext],
  ["markdown is drawn as Discord draws it, and nothing else is", rendersMarkdown],
  ["everything can be done by keyboard", worksByKeyboardAlone],
  ["acting as someone else shows what they see", actsAsSomeoneElse],
  ["both themes read well, and the choice is remembered", bothThemesReadWell],
  ["a phone of 390 pixels shows all of it", fitsAPhone],
  ...PANEL_STEPS,
  ["a week passes: each day posts itself, is answered, and reminds", aWeekPasses],
];
