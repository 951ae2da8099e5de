// Walks through the dashboard: `node dashboard.mjs URL [SCREENSHOT_FOLDER [trouble]]`. Nobody may have
// to sign in there. With `trouble`, an alert has to be on and somebody kept out, as at the bot that is
// made up: `cargo run -p muster-web --example dashboard alert`.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";

import { launch, lowContrast, openContext, smallTargets } from "./browser.mjs";

const [url, folder = null, mood = "calm"] = process.argv.slice(2);
if (!url || !["calm", "trouble"].includes(mood)) {
  console.error("usage: node dashboard.mjs URL [SCREENSHOT_FOLDER [trouble]]");
  process.exit(2);
}
if (folder) await mkdir(folder, { recursive: true });

const PARTS = [
  "verdict", "figures", "history", "alerts", "advice", "memory", "answers", "discord",
  "deliveries", "database", "cache", "tasks", "security", "limiter", "storage", "settings",
];
const SIZES = {
  wide: { width: 1360, height: 900 }, phone: { width: 390, height: 844 },
};
const browser = await launch();
const faults = [];
let passed = 0;
let failed = 0;

async function step(name, work) {
  try {
    await work();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n        ${String(error.message).split("\n").join("\n        ")}`);
  }
}

async function open(who, options = {}) {
  const page = await openContext(browser, { url, faults, who, colorScheme: "light", ...options });
  await page.goto(url);
  // Whoever sees this mark later knows that the page was never loaded again.
  await page.evaluate(() => { window.walkMark = true; });
  return page;
}

async function shot(page, name) {
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

const isLive = (page) => page.locator("#live[data-state=live]").waitFor();
const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const page = await open("wide", { viewport: SIZES.wide });

await step("every part is there, under a heading of its own", async () => {
  for (const id of PARTS) {
    const part = page.locator(`section#${id}`);
    assert.ok((await part.innerText()).length > 10, `${id} shows something`);
    assert.equal(await part.locator(`#${id}-title`).count(), 1, `${id} has its heading`);
  }
  assert.equal(await page.locator("h1").count(), 1);
});

await step("every chart says in words what it shows", async () => {
  const titles = await page.locator(".plot svg > title").allTextContents();
  assert.ok(titles.length >= 5);
  for (const title of titles) assert.match(title, /over .+: .+ between .+ and .+, now .+/);
});

await step("it is live, and changes by itself without loading again", async () => {
  await isLive(page);
  const words = await page.locator("#live-words").innerText();
  await page.waitForFunction((old) => document.getElementById("live-words").textContent !== old, words);
  assert.equal(await page.evaluate(() => window.walkMark), true);
});

await step("what is unfolded and where the focus is stays so through news", async () => {
  const details = page.locator("#security details").last();
  await details.locator("summary").click();
  await details.locator("summary").focus();
  const words = await page.locator("#live-words").innerText();
  await page.waitForFunction((old) => document.getElementById("live-words").textContent !== old, words);
  await page.waitForFunction((old) => document.getElementById("live-words").textContent !== old,
    await page.locator("#live-words").innerText());
  assert.equal(await details.evaluate((node) => node.open), true);
  assert.equal(await page.evaluate(() => document.activeElement.localName), "summary");
});

await step("the clean-up button runs the reclaimers and says what came of it", async () => {
  await page.getByRole("button", { name: "Clean up now" }).click();
  await page.locator("#told", { hasText: "Clean-up gave" }).waitFor();
  await page.locator("#memory .act p", { hasText: "Clean-up gave" }).waitFor();
  await page.getByRole("button", { name: "Clean up now" }).click();
  await page.locator("#told", { hasText: "a moment ago" }).waitFor();
  assert.equal(await page.evaluate(() => window.walkMark), true);
  // The refusal is an answer with status 409, which the browser mentions in its console.
  const mentioned = faults.findIndex((fault) => fault.includes("409"));
  if (mentioned >= 0) faults.splice(mentioned, 1);
});

await step("each alert that is on says its level, its value and since when", async () => {
  const alerts = await page.locator("#alerts ul.alerts li").allInnerTexts();
  if (mood === "trouble") {
    assert.ok(alerts.length > 0, "an alert is on");
    assert.equal(await page.locator("#alerts .aside").innerText(), `${alerts.length} on`);
  }
  const said = /^(info|warning|critical|emergency)\s+\w.* at \S.*\s+for \S/i;
  for (const alert of alerts) assert.match(alert, said);
});

await step("a block is lifted, if there is one", async () => {
  const blocked = page.locator(".blocked li");
  const before = await blocked.count();
  if (mood === "trouble") assert.ok(before > 0, "somebody is blocked");
  if (before === 0) return;
  await blocked.first().getByRole("button").click();
  await page.locator("#told", { hasText: "is unblocked" }).waitFor();
  await page.waitForFunction((count) => document.querySelectorAll(".blocked li").length < count, before);
});

await step("what was given up is listed on a page of its own, and can be tried again", async () => {
  const list = await open("given up", { viewport: SIZES.wide });
  await list.getByRole("link", { name: "What was given up, to try again" }).click();
  assert.equal(await list.locator("#given-up-title").innerText(), "Given up");
  const rows = list.locator(".given-up li");
  const before = await rows.count();
  if (mood === "trouble") assert.ok(before > 0, "something was given up");
  if (before > 0) {
    await shot(list, "given-up-light");
    assert.deepEqual(await lowContrast(list), []);
    await list.emulateMedia({ colorScheme: "dark" });
    await shot(list, "given-up-dark");
    assert.deepEqual(await lowContrast(list), []);
    await rows.first().getByRole("button").click();
    await list.locator(".done", { hasText: /sent|on its way|refuses|time has passed/ }).waitFor();
    await list.getByRole("link", { name: "Older" }).click();
    assert.match(await list.locator(".pager").innerText(), /Page 2 of \d+/);
  }
  await list.getByRole("link", { name: "Dashboard" }).click();
  await list.locator("#verdict").waitFor();
  await list.context().close();
});

await step("the time shown can be switched, and is remembered", async () => {
  await page.locator("#ranges label", { hasText: "Last day" }).click();
  assert.equal(await page.locator(".range-day").first().isVisible(), true);
  assert.equal(await page.locator(".range-now").first().isVisible(), false);
  await page.reload();
  await isLive(page);
  assert.equal(await page.locator(".range-day").first().isVisible(), true);
  await page.locator("#ranges label", { hasText: "Last samples" }).click();
});

await step("a chart tells the values where the pointer is", async () => {
  const plot = page.locator("figure").first().locator(".range-now .plot");
  await plot.hover();
  const told = await plot.locator(".readout:visible").innerText();
  assert.match(told, /^\d\d:\d\d · counts against the limit [\d.]+ \w+ · resident [\d.]+ \w+$/);
  await page.locator("h1").hover();
  assert.equal(await plot.locator(".readout").isVisible(), false);
});

await step("light and dark by the system, and by choice", async () => {
  const light = await ground(page);
  await shot(page, "light");
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await ground(page);
  assert.notEqual(dark, light);
  await shot(page, "dark");
  await page.locator("#theme label", { hasText: "Light" }).click();
  assert.equal(await ground(page), light);
  await page.reload();
  assert.equal(await ground(page), light, "the choice is remembered");
  await page.locator("#theme label", { hasText: "Auto" }).click();
  assert.equal(await ground(page), dark);
});

await step("every text stands out enough, light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await lowContrast(page), [], colorScheme);
  }
});

await step("the keyboard reaches the content at once, and every button", async () => {
  await page.reload();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  const wanted = "Clean up now";
  for (let count = 0; count < 120; count += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement.textContent) === wanted) return;
  }
  assert.fail("the clean-up button is not reachable with the Tab key");
});

for (const colorScheme of ["light", "dark"]) {
  await step(`at 390 px nothing scrolls sideways and fingers hit, ${colorScheme}`, async () => {
    const phone = await open("phone", { viewport: SIZES.phone, colorScheme, hasTouch: true });
    await isLive(phone);
    const [inner, whole] = await phone.evaluate(() =>
      [window.innerWidth, document.documentElement.scrollWidth]);
    assert.ok(whole <= inner, `${whole} px in ${inner} px`);
    const small = await smallTargets(phone, 40);
    assert.deepEqual(small, []);
    await shot(phone, `phone-${colorScheme}`);
    await phone.goto(new URL("/given-up", url).href);
    const listed = await phone.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(listed <= inner, `${listed} px in ${inner} px`);
    assert.deepEqual(await smallTargets(phone, 40), []);
    await shot(phone, `phone-given-up-${colorScheme}`);
    await phone.context().close();
  });
}

await step("without its script the page still shows and does everything", async () => {
  const plain = await openContext(browser, {
    url, faults, who: "plain", colorScheme: "light", viewport: SIZES.wide, javaScriptEnabled: false,
  });
  await plain.goto(url);
  assert.match(await plain.locator("#verdict h1").innerText(), /\w+/);
  await plain.getByRole("button", { name: "Clean up now" }).click();
  assert.match(await plain.locator("main").innerText(), /Clean-up gave|a moment ago/i);
  await plain.context().close();
});

await step("no console errors, no page errors, no request to another origin", async () => {
  // Without a script there is nobody to take the refusal of a clean-up that came too soon.
  const told = faults.filter((fault) => !/plain: console error: .*409/.test(fault));
  assert.deepEqual([...new Set(told)], []);
});

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
