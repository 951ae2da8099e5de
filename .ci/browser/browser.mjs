// Opens members' browsers and keeps watch: no console error, no page error, no foreign request.

import { chromium } from "playwright-core";

const ARGS = [
  "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** How long a step may wait for what it expects. */
export const WAIT_MS = 10_000;

export async function launch() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGS });
}

/** A page of its own browser context; what must never happen is written to `faults`. */
export async function openContext(browser, { url, faults, who, ...options }) {
  const context = await browser.newContext({
    colorScheme: "dark", viewport: { width: 1360, height: 860 }, locale: "en-GB",
    // Without transitions no screenshot or measurement catches a colour half-way.
    timezoneId: "Europe/Berlin", reducedMotion: "reduce", ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      faults.push(`${who}: console ${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => faults.push(`${who}: page error: ${error.message}`));
  context.on("request", (request) => {
    const target = request.url();
    if (!target.startsWith(`${origin}/`) && !target.startsWith("data:")) {
      faults.push(`${who}: request to another origin: ${target}`);
    }
  });
  return page;
}

/** Opens the page as a member and waits until it shows a channel. */
export async function openAs(page, url, { id, channel }) {
  await page.goto(`${url}#/${id}/${channel ?? ""}`);
  await ready(page);
  // Whoever sees this mark later knows that the page was never reloaded meanwhile.
  await page.evaluate(() => { window.walkMark = true; });
}

export async function ready(page) {
  await page.waitForFunction(() => {
    const log = document.getElementById("log");
    const shown = document.querySelector("li.message") || document.querySelector(".intro h2");
    return shown && !log.hasAttribute("aria-busy");
  });
}

/** Everything that is seen and reaches beyond the right edge of the page. */
export function tooWide(page) {
  return page.evaluate(() => [...document.querySelectorAll("*")]
    .filter((node) => node.checkVisibility() && !node.closest("[inert], pre"))
    .filter((node) => node.getBoundingClientRect().right > window.innerWidth + 1)
    .map((node) => node.className || node.tagName));
}

/** Every button and field that a finger must hit and that is smaller than `least_px` high. */
export function smallTargets(page, least_px) {
  return page.evaluate((least) => [...document.querySelectorAll("button, input, textarea, select")]
    .filter((node) => node.checkVisibility() && !node.closest("[inert]"))
    // Words within running text are exempt, as in the guideline itself.
    .filter((node) => !node.matches(".mention, .author, .spoiler, .bar-input, .bar-add, .skip"))
    .filter((node) => Math.ceil(node.getBoundingClientRect().height) < least)
    .map((node) => `${node.className || node.id} ${node.textContent.slice(0, 20)}`), least_px);
}

/** Every visible text whose contrast against what lies behind it is below WCAG AA. */
export function lowContrast(page) {
  return page.evaluate(auditContrast);
}

/* Runs inside the page, so it has to carry all it needs. */
function auditContrast() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parse = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], ground) =>
    [r, g, b].map((part, i) => part * a + ground[i] * (1 - a));
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255)
      .map((part) => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(getComputedStyle(at));
    return layers.reduceRight((ground, style) => over(parse(style.backgroundColor), ground),
      [255, 255, 255]);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!/[\p{L}\p{N}]/u.test(text) || !node.checkVisibility({ opacityProperty: true })) continue;
    if (node.closest(":disabled, .visually-hidden, .skip, .hover-time, .member-offline")) continue;
    const ground = groundOf(node);
    const ink = over(parse(getComputedStyle(node).color), ground);
    const [high, low] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const style = getComputedStyle(node);
    const large = parseFloat(style.fontSize) >= 24
      || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} “${text.slice(0, 40)}”`);
  }
  return faint;
}
