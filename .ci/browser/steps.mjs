// The walk itself, step by step: what a stranger tries, and what must hold while they do.

import assert from "node:assert/strict";

import { WAIT_MS, lowContrast, openAs, ready, smallTargets } from "./browser.mjs";

const ANSWERS = ["Yes", "No", "Maybe", "Mobile"];

/** An event's post: the message with this title that can be answered. */
function postOf(page, title) {
  return page.locator("li.message:not(.message-ephemeral)", { hasText: title })
    .filter({ has: page.getByRole("button", { name: "Yes" }) });
}

function tap(page, title, answer) {
  return postOf(page, title).getByRole("button", { name: answer, exact: true }).click();
}

async function shows(locator, text) {
  await locator.filter({ hasText: text }).first().waitFor();
}

async function pressCommand(page, command) {
  await page.locator("#composer-input").click();
  await page.keyboard.type(`${command} `);
  await page.locator(".bar-name", { hasText: command }).waitFor();
}

async function until(page, what, argument) {
  await page.waitForFunction(what, argument, { timeout: WAIT_MS });
}

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
    const used = page.locator(".message-ephemeral", { hasText: "event create" });
    assert.equal(await used.count(), 0, `${who} sees what only the owner may see`);
  }
  assert.ok(await pages.get("owner").locator(".message-ephemeral").count() > 0);
}

async function bothTapYes({ pages, people, title, shot }) {
  const { first, second } = people;
  await Promise.all(["first", "second"].map((who) => tap(pages.get(who), title, "Yes")));
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
  for (const who of ["owner", "first"]) await postOf(walk.pages.get(who), walk.modalTitle).waitFor();
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

async function rendersMarkdown({ pages }) {
  const html = await pages.get("owner").evaluate(async () => {
    const { renderMarkdown } = await import("/page/markdown.js");
    const draw = (text) => {
      const node = document.createElement("div");
      node.append(renderMarkdown(text));
      return node;
    };
    const shape = (text, selector) => draw(text).querySelector(selector)?.textContent ?? null;
    return {
      bold: shape("a **b** c", "strong"), italic: shape("*i*", "em"), under: shape("__u__", "u"),
      strike: shape("~~s~~", "s"), code: shape("`**x**`", "code"),
      block: shape("```js\nlet a;\n```", "pre code"), quote: shape("> q", "blockquote"),
      heading: shape("## h", ".md-h2"), item: shape("- one\n- two", "li:last-child"),
      spoiler: shape("||s||", ".spoiler"), link: shape("[l](https://example.com)", "a"),
      script: shape("[l](javascript:alert)", "a"), snake: shape("snake_case_name", "em"),
      year: shape("<t:0:D>", "time"), date: draw("<t:1788291000:R>").querySelectorAll("time").length,
      huge: shape("<t:9999999999999:R>", "time"), escaped: shape("\\*no\\*", "em"),
      markup: draw("<img src=x onerror=alert(1)>").querySelector("img"),
    };
  });
  assert.deepEqual(html, {
    bold: "b", italic: "i", under: "u", strike: "s", code: "**x**", block: "let a;", quote: "q",
    heading: "h", item: "two", spoiler: "s", link: "l", script: null, snake: null,
    year: "1 January 1970", date: 1, huge: null, escaped: null, markup: null,
  });
}

async function worksByKeyboardAlone(walk) {
  const page = await walk.open("keyboard");
  await openAs(page, walk.url, { id: walk.people.second.id, channel: walk.channel });
  await postOf(page, walk.modalTitle).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.type("/help");
  await page.getByRole("option", { name: "/help" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".bar-name", { hasText: "/help" }).waitFor();
  const before = await page.locator(".message-ephemeral").count();
  await page.keyboard.press("Enter");
  await until(page, (count) => document.querySelectorAll(".message-ephemeral").length > count,
    before);
  await tabTo(page, (title) => {
    const node = document.activeElement;
    return node.textContent.includes("Yes") && node.closest("li").innerText.includes(title);
  }, { argument: walk.modalTitle, back: true });
  const yes = await page.evaluateHandle(() => document.activeElement);
  await page.keyboard.press("Enter");
  await shows(postOf(walk.pages.get("owner"), walk.modalTitle), walk.people.second.name);
  assert.ok(await yes.evaluate((node) => node === document.activeElement), "the focus was lost");
  await tabTo(page, () => document.activeElement.classList.contains("me-button"), { back: true });
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Act as" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains("me-button")));
}

/** Presses Tab until the focus is where it is wanted; the bound makes an unreachable part fail. */
async function tabTo(page, wanted, { argument = null, back = false } = {}) {
  for (let count = 0; count < 150; count += 1) {
    if (await page.evaluate(wanted, argument)) return;
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  assert.fail(`not reachable with the Tab key: ${wanted}`);
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

async function bothThemesReadWell({ pages, shot }) {
  const page = pages.get("owner");
  const audit = async (theme) => {
    assert.deepEqual(await lowContrast(page), [], `too faint in the ${theme} theme`);
  };
  await audit("dark");
  await page.getByRole("button", { name: "Use the light theme" }).click();
  await page.getByRole("button", { name: "Use the dark theme" }).waitFor();
  await audit("light");
  await shot(page, "light");
  await page.reload();
  await ready(page);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
  await page.getByRole("button", { name: "Use the dark theme" }).click();
}

async function fitsAPhone(walk) {
  const page = await walk.open("phone", {
    viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: "light",
  });
  await openAs(page, walk.url, { id: walk.people.first.id, channel: walk.channel });
  await postOf(page, walk.title).waitFor();
  const wide = () => page.evaluate(() => [...document.querySelectorAll("*")]
    .filter((node) => node.checkVisibility() && !node.closest("[inert], pre"))
    .filter((node) => node.getBoundingClientRect().right > window.innerWidth + 1)
    .map((node) => node.className || node.tagName));
  assert.deepEqual(await wide(), [], "wider than the phone");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  assert.deepEqual(await smallTargets(page, 40), [], "too small for a finger");
  await walk.shot(page, "phone");
  await postOf(page, walk.title).getByRole("button", { name: "Mobile", exact: true }).tap();
  await postOf(page, walk.title).locator(".button-pending").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Servers and channels" }).tap();
  await page.getByRole("navigation", { name: "Channels" }).waitFor();
  await walk.shot(page, "phone-channels");
  await page.keyboard.press("Escape");
  await page.getByRole("navigation", { name: "Channels" }).waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Members", exact: true }).tap();
  await page.getByRole("complementary", { name: "Members" }).waitFor();
  await page.locator("#scrim").tap({ position: { x: 20, y: 400 } });
  await page.getByRole("complementary", { name: "Members" }).waitFor({ state: "hidden" });
  await page.locator("#clock-toggle").tap();
  await page.getByRole("button", { name: "Move the clock on by one minute" }).waitFor();
  assert.deepEqual(await wide(), [], "the clock is wider than the phone");
}

export const STEPS = [
  ["the page opens as the owner and says that it is a simulation", opensAsOwner],
  ["a slash lists the commands", listsCommands],
  ["`when` is completed by the bot while typing", completesWhen],
  ["/event create posts an event and answers privately", postsTheEvent],
  ["other members see the post, but not the private answer", othersSeeThePostOnly],
  ["two members tap Yes at once and all pages change without reload", bothTapYes],
  ["an answer can be changed", changesTheMind],
  ["⋯ opens the rest for that member alone", opensTheRest],
  ["/event create without options opens a form that checks and creates", modalCreates],
  ["a private answer can be dismissed", dismissesPrivately],
  ["plain messages arrive, and markup in them stays text", writesPlainly],
  ["a message elsewhere marks its channel unread", marksUnread],
  ["the clock moves on for everybody", movesTheClock],
  ["markdown is drawn as Discord draws it, and nothing else is", rendersMarkdown],
  ["everything can be done by keyboard", worksByKeyboardAlone],
  ["acting as someone else shows what they see", actsAsSomeoneElse],
  ["both themes read well, and the choice is remembered", bothThemesReadWell],
  ["a phone of 390 pixels shows all of it", fitsAPhone],
];
