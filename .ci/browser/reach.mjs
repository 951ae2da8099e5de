// The steps about who can use the page: by keyboard, in both themes, on a phone; and its text.

import assert from "node:assert/strict";

import { lowContrast, openAs, ready, smallTargets, tooWide } from "./browser.mjs";
import { postOf, shows, tabTo, until } from "./page.mjs";

export async function rendersMarkdown({ pages }) {
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
      year: shape("<t:0:D>", "time"),
      date: draw("<t:1788291000:R>").querySelectorAll("time").length,
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

export async function worksByKeyboardAlone(walk) {
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
  await page.keyboard.press("Shift+F6");
  await tabTo(page, () => document.activeElement.classList.contains("me-button"));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Act as" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains("me-button")));
}

export async function bothThemesReadWell({ pages, shot }) {
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

export async function fitsAPhone(walk) {
  const page = await walk.open("phone", {
    viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: "light",
  });
  await openAs(page, walk.url, { id: walk.people.first.id, channel: walk.channel });
  await postOf(page, walk.title).waitFor();
  assert.deepEqual(await tooWide(page), [], "wider than the phone");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  assert.deepEqual(await smallTargets(page, 40), [], "too small for a finger");
  await walk.shot(page, "phone");
  assert.deepEqual(await page.evaluate(unseenMeasures), { older: 40, covers: false });
  await postOf(page, walk.title).getByRole("button", { name: "Mobile", exact: true }).tap();
  await postOf(page, walk.title).locator(".button-pending").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Servers and channels" }).tap();
  await page.getByRole("navigation", { name: "Channels" }).waitFor();
  await walk.shot(page, "phone-channels");
  await page.keyboard.press("Escape");
  await page.getByRole("navigation", { name: "Channels" }).waitFor({ state: "hidden" });
  await page.locator(".header-members").tap();
  await page.getByRole("complementary", { name: "Members" }).waitFor();
  await page.locator("#scrim").tap({ position: { x: 20, y: 400 } });
  await page.getByRole("complementary", { name: "Members" }).waitFor({ state: "hidden" });
  await page.locator("#clock-toggle").tap();
  await page.getByRole("button", { name: "Move the clock on by one minute" }).waitFor();
  assert.deepEqual(await tooWide(page), [], "the clock is wider than the phone");
}

/* Runs inside the page: what shows only with more messages than a walk sends. How high the button
 * is that loads older ones, and whether the one that leads to new ones lies over any. */
function unseenMeasures() {
  const older = document.createElement("button");
  older.className = "text-button";
  document.getElementById("log").append(older);
  const height = older.getBoundingClientRect().height;
  older.remove();
  const jump = document.getElementById("jump");
  const wasHidden = jump.hidden;
  jump.hidden = false;
  const below = document.getElementById("scroller").getBoundingClientRect().bottom;
  const covers = jump.getBoundingClientRect().top < below;
  jump.hidden = wasHidden;
  return { older: height, covers };
}
