// SPDX-License-Identifier: Apache-2.0
// The pages on paper: light, whole, and without what is pressed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, background, keep, open, page, url } from "./page.mjs";

const kTrace = `${url}/trace/7f3a90c41be85d02`;
const kPaper = "rgb(255, 255, 255)";

/** Pixels that are as dark as ink on white paper is. */
const inkOfLanes = () => page.locator(".wf-lanes").evaluateAll((tiles) => {
  let dark = 0;
  for (const canvas of tiles) {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255 && data[at] + data[at + 1] + data[at + 2] < 150) ++dark;
  }
  return dark;
});

async function print() {
  await page.emulateMedia({ media: "print" });
  await page.locator(":root[data-printing]").waitFor();
}

/** What is cut off, by a box that scrolls or by the edge of the paper. */
const cutOff = () => page.evaluate(() => {
  const found = [];
  for (const element of document.querySelectorAll("#app, #app *")) {
    const { overflowX, overflowY } = getComputedStyle(element);
    const scrolls = (overflow, more) => (overflow === "auto" || overflow === "scroll") && more > 1;
    const isCut = scrolls(overflowX, element.scrollWidth - element.clientWidth) || scrolls(overflowY, element.scrollHeight - element.clientHeight);
    if (isCut && element.getClientRects().length > 0) found.push(`${element.tagName} ${element.className}`);
  }
  const { right } = document.getElementById("app").getBoundingClientRect();
  for (const element of document.querySelectorAll("#app :is(table, main, section, canvas, h1, h2, p)")) {
    if (element.getBoundingClientRect().right > right + 1 && !element.closest(".sr")) found.push(`${element.tagName} ${element.className} sticks out`);
  }
  return found;
});

/** How many pixels too wide or narrow the canvases are for where they stand. */
const stretched = () => page.evaluate(() => [...document.querySelectorAll("canvas")].filter(({ clientWidth }) => clientWidth > 0)
  .map(({ width, height, clientWidth, clientHeight }) => Math.abs(width / devicePixelRatio - clientWidth) + Math.abs(height / devicePixelRatio - clientHeight))
  .filter((pixels) => pixels > 2));

async function looksPrinted() {
  await page.waitForFunction(() => !document.querySelector("main[aria-busy=true]"));
  assert.deepEqual(await stretched(), []);
  assert.equal(await background(), kPaper);
  assert.deepEqual(await cutOff(), []);
  for (const pressed of [".top-tools", ".top form", ".keys"]) {
    assert.equal(await page.locator(pressed).first().isVisible(), false, `${pressed} is not printed`);
  }
}

test("a trace is its verdict, ledger and the rows in sight, light though the page is dark", async () => {
  await open({ colorScheme: "dark" });
  await page.goto(kTrace);
  await at("span-panel").locator("dl.kv").first().waitFor();
  await at("verdict").waitFor();
  await page.keyboard.press("?");
  await page.locator(".keys").waitFor();
  const scroll = () => at("waterfall").evaluate(({ scrollTop }) => scrollTop);
  const before = await scroll();
  assert.ok(before > 0, "the page opens with its largest part in sight");
  const inSight = await page.evaluate(() => {
    const { top } = document.querySelector(".wf-head").getBoundingClientRect();
    return [...document.querySelectorAll("[data-testid=span-row]")].find((row) => row.getBoundingClientRect().bottom > top + 25).ariaRowIndex;
  });

  await print();
  await at("printed-ledger").getByRole("row", { name: /^Sum/ }).waitFor();
  await looksPrinted();
  assert.match(await at("verdict").innerText(), /57\s% in payment SELECT account FOR UPDATE/);
  assert.ok(await at("ledger-bar").isVisible());
  assert.match(await at("printed-ledger").innerText(), /network checkout → shipping[^]*10\s%/);
  for (const gone of ["span-panel", "tab-flame", "overview"]) assert.equal(await at(gone).isVisible(), false, `${gone} is not printed`);
  await page.getByText(/^Rows \d+ to \d+ of \d+$/).waitFor();
  const [firstRow, lastRow] = [at("span-row").first(), at("span-row").last()];
  assert.equal(await firstRow.getAttribute("aria-rowindex"), inSight);
  await page.locator("[data-testid=span-row][data-name='SELECT account FOR UPDATE']").waitFor();
  const [head, wide] = [await firstRow.boundingBox(), await lastRow.boundingBox()];
  assert.ok(wide.y > head.y && wide.width > 900, "rows are as wide as the page");
  assert.ok((await inkOfLanes()) > 500, "the critical path is ink");
  await keep("print-trace", { whole: true });

  await page.emulateMedia({ media: "screen" });
  await at("printed-ledger").waitFor({ state: "detached" });
  await at("span-panel").waitFor();
  await page.waitForFunction((top) => Math.abs(document.querySelector(".wf").scrollTop - top) < 2, before);
  assert.notEqual(await background(), kPaper);
});

test("a printer waits for no frame: all is there when its event is over", async () => {
  await open({ colorScheme: "dark" });
  for (const [address, shown] of [["trace/7f3a90c41be85d02", "span-row"], ["trace/7f3a90c41be85d02?tab=flame", "flame-canvas"], ["chart?range=15m", "chart"]]) {
    await page.goto(`${url}/${address}`);
    await at(shown).first().waitFor();
    if (address.startsWith("trace")) await at("verdict").waitFor();
    const { pixels, lanes } = await page.evaluate(async () => {
      dispatchEvent(new Event("beforeprint"));
      for (let turn = 0; turn < 100; ++turn) await undefined;
      const wide = ({ width, clientWidth }) => Math.abs(width / devicePixelRatio - clientWidth);
      const shown = [...document.querySelectorAll("canvas")].filter(({ clientWidth }) => clientWidth > 0);
      return { pixels: shown.filter((canvas) => !canvas.closest(".overview")).map(wide), lanes: document.querySelector("[data-testid=printed-ledger]") !== null };
    });
    assert.deepEqual(pixels.filter((each) => each > 1), [], address);
    assert.equal(lanes, address.startsWith("trace"));
    assert.equal(await background(), kPaper);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.notEqual(await background(), kPaper);
  }
});

test("every tab of a trace is printed whole", async () => {
  for (const [tab, shown] of [["flame", "flame-canvas"], ["ledger", "ledger-table"], ["graph", "trace-graph"], ["events", "events-view"], ["json", "json-view"]]) {
    await page.emulateMedia({ media: "screen" });
    await page.goto(`${kTrace}?tab=${tab}`);
    await at(shown).waitFor();
    await at("verdict").waitFor();
    await print();
    await looksPrinted();
    assert.ok(await at(shown).isVisible());
    await keep(`print-trace-${tab}`, { whole: true });
  }
});

test("Find, Services, Metrics and Compare are printed whole", async () => {
  await open({ colorScheme: "dark" });
  const q = encodeURIComponent('{ resource.service.name = "checkout" }');
  const pages = [
    ["find?range=15m", "result-row"], ["services?range=15m&service=checkout", "service-graph"], ["chart?range=15m", "chart"],
    [`compare?q=${q}&baseline=%7B+%7D&range=15m`, "compare-sets"], ["compare?a=7f3a90c41be85d02&b=7f3a90c41be85d02", "compare-pair"],
  ];
  for (const [address, shown] of pages) {
    await page.emulateMedia({ media: "screen" });
    await page.goto(`${url}/${address}`);
    await at(shown).first().waitFor();
    await page.locator("main[aria-busy=true]").waitFor({ state: "detached" });
    await print();
    await looksPrinted();
    await keep(`print-${address.split("?")[0]}-${shown}`, { whole: true });
  }
});
