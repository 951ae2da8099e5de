// Walks through the demo page as several members at once: `node walk.mjs URL [SCREENSHOT_FOLDER]`.

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { launch, openContext } from "./browser.mjs";
import { STEPS } from "./steps.mjs";

const [url, folder = null] = process.argv.slice(2);
if (!url) {
  console.error("usage: node walk.mjs URL [SCREENSHOT_FOLDER]");
  process.exit(2);
}
if (folder) await mkdir(folder, { recursive: true });

const browser = await launch();
const faults = [];
const pages = new Map();
let shots = 0;

const walk = {
  url: new URL("/", url).href,
  pages,
  // Titles differ from run to run, so that a second walk on the same server finds its own posts.
  run: Date.now().toString(36),
  /** A member's page in a browser of its own. */
  async open(who, options = {}) {
    const page = await openContext(browser, { url, faults, who, ...options });
    pages.set(who, page);
    return page;
  },
  async shot(page, name) {
    if (!folder) return;
    shots += 1;
    const file = `${String(shots).padStart(2, "0")}-${name}.png`;
    await page.screenshot({ path: path.join(folder, file) });
  },
};

let passed = 0;
let failed = 0;

async function attempt(name, work) {
  try {
    await work();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n        ${String(error.message).split("\n").join("\n        ")}`);
    for (const [who, page] of pages) {
      if (!page.isClosed()) await walk.shot(page, `failed-${failed}-${who}`).catch(() => {});
    }
  }
}

for (const [name, work] of STEPS) await attempt(name, () => work(walk));
await attempt("no console errors, no page errors, no request to another origin", () => {
  if (faults.length > 0) throw new Error([...new Set(faults)].join("\n"));
});
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
