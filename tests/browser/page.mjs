// SPDX-License-Identifier: Apache-2.0
// What every browser test has: one browser, and for each test a fresh page whose console must stay clean and
// whose requests must stay at home. Chromium says of every answer that was no success that it was none; a
// test that provokes one says which.
//   CLEW_URL        where the pages are, such as http://127.0.0.1:3200
//   CLEW_ARTIFACTS  folder for the screenshots (none are kept without it)
//   CHROMIUM        the browser, else /usr/bin/chromium
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import { chromium } from "playwright-core";

export const url = process.env.CLEW_URL?.replace(/\/$/, "");
const artifacts = process.env.CLEW_ARTIFACTS;
assert.ok(url, "set CLEW_URL to the address of the pages");
if (artifacts) mkdirSync(artifacts, { recursive: true });

const kArguments = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser;
let context;
let complaints = [];
let foreign = [];
export let page;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: kArguments });
});
after(() => browser?.close());

beforeEach(() => open({ colorScheme: "light" }));
afterEach(async () => {
  // For who reads why a test failed.
  const said = await page.locator("[role=alert], .message").allInnerTexts().catch(() => []);
  console.log(["the test ended at", page.url(), ...said].join(" "));
  await context.close();
  // Of all pages of the test, and the next one begins without them.
  const [complained, left] = [complaints, foreign];
  [complaints, foreign] = [[], []];
  assert.deepEqual(complained, [], "the console is clean");
  assert.deepEqual(left, [], "no request leaves the origin");
});

const kPatienceMs = 60_000;

/** What the page comes to: the check is made again until it holds, or for too long. */
export async function eventually(check) {
  const end = Date.now() + kPatienceMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof assert.AssertionError) || Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

/** A fresh page in the place of the one there is. */
export async function open(options) {
  await context?.close();
  // Without motion a screenshot never shows a colour on its way to another.
  context = await browser.newContext({
    viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options,
  });
  context.setDefaultTimeout(kPatienceMs);
  page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) foreign.push(request.url());
  });
}

/** The test provoked answers with this status. */
export function expectStatus(status) {
  complaints = complaints.filter((text) => !text.includes(String(status)));
}

export const at = (id) => page.getByTestId(id);
export const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

/** What may be read of what pages copy. */
export const kClipboard = { permissions: ["clipboard-read", "clipboard-write"] };

export async function copiedLink() {
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("status").getByText("Copied").waitFor({ state: "attached" });
  return new URL(await page.evaluate(() => navigator.clipboard.readText()));
}

/** What an item of the menu "Copy as" copies. */
export async function copiedAs(item) {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await at("copy-menu").click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
  await at("copy-menu").getByText("Copied").waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** The link asks for the last 15 minutes as they are now. */
export function assertFixed({ searchParams }) {
  assert.equal(searchParams.get("range"), "custom");
  assert.equal(Number(searchParams.get("end")) - Number(searchParams.get("start")), 900);
}

const kept = new Set();

/** A picture of the page, or of all of it; each has a name of its own, else the last one would hide the others. */
export async function keep(name, { whole = false } = {}) {
  assert.ok(!kept.has(name), `${name} is kept twice`);
  kept.add(name);
  if (artifacts) await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: whole });
}

const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Nothing that is serious for who reads with a screen reader, the keyboard or little contrast. */
export async function checkAccessible() {
  await page.evaluate(kAxe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, any }) => `${html} ${any.map(({ message }) => message).join(", ")}`).slice(0, 3).join(" | ")}`);
  assert.deepEqual(told, [], "axe finds nothing serious");
}

const kLeastTarget = 44;

/** A finger hits what is pressed; links within a sentence are as high as its lines. */
export async function checkTargets() {
  const small = await page.evaluate((least) => [...document.querySelectorAll("button, a[href], input, select, summary, [role=tab]")]
    .filter((element) => element.checkVisibility() && !element.closest("p, h1, h2, dd, td, .sr"))
    .map((element) => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && box.height < least)
    .map(({ element, box }) => `${element.outerHTML.slice(0, 90)}: ${box.height} px`), kLeastTarget);
  assert.deepEqual(small, [], `what is pressed is ${kLeastTarget} px high`);
}
