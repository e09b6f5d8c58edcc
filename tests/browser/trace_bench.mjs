// SPDX-License-Identifier: Apache-2.0
// How long the Trace page takes with a large trace, in a browser without a GPU: from the last byte of the answer
// until rows are there and a key is answered, and the frames of five seconds of scrolling by the wheel. Frames are
// not held back to the screen's rate. A frame in which nothing changes waits for the screen all the same, a sixtieth
// of a second, so a dot moves in each: their intervals are then what a frame takes. The same is measured of a list in
// which nothing is to be done, which is the browser's own share. Prints JSON.
//   trace_bench.mjs ADDRESS_OF_THE_TRACE
import { chromium } from "playwright-core";

const kScrollMs = 5000;
const kArguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-frame-rate-limit", "--disable-gpu-vsync",
  "--enable-precise-memory-info"];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: kArguments });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.setDefaultTimeout(120_000);

// Notes when the first row has been painted.
await page.addInitScript(() => {
  const look = () => {
    if (!document.querySelector("[data-testid=span-row]")) return void requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => (window.shownAt = performance.timeOrigin + performance.now())));
  };
  requestAnimationFrame(look);
});

const answered = page.waitForEvent("requestfinished", (request) => request.url().endsWith("/columns"));
await page.goto(process.argv[2]);
const { startTime, responseEnd } = (await answered).timing();
await page.waitForFunction(() => window.shownAt !== undefined);
const shownAt = await page.evaluate(() => window.shownAt);
const pressed = Date.now();
await page.keyboard.press("j");
await page.waitForURL(/span=/);
const keyMs = Date.now() - pressed;

/** The intervals of frames while the wheel turns over a list, sorted, and how often it turned. */
async function scroll(list) {
  const intervals = page.evaluate((ms) => new Promise((resolve) => {
    const dot = document.body.appendChild(document.createElement("i"));
    dot.style.cssText = "position: fixed; top: 0; width: 1px; height: 1px; background: currentColor";
    const times = [];
    const begin = performance.now();
    let last = begin;
    const frame = (now) => {
      times.push(now - last);
      last = now;
      dot.style.left = `${times.length & 1}px`;
      if (now - begin < ms) requestAnimationFrame(frame);
      else resolve(times.slice(1));
    };
    requestAnimationFrame(frame);
  }), kScrollMs);
  const box = await list.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const end = Date.now() + kScrollMs;
  let turns = 0;
  for (; Date.now() < end; ++turns) {
    await page.mouse.wheel(0, 240);
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  return { sorted: (await intervals).sort((a, b) => a - b), turns };
}
const p95 = (sorted) => sorted[Math.floor(0.95 * sorted.length)];

const { sorted, turns } = await scroll(page.getByTestId("waterfall"));
const scrolled = await page.getByTestId("waterfall").evaluate((element) => element.scrollTop);
const heapBytes = await page.evaluate(() => performance.memory.usedJSHeapSize);
await page.setContent('<div id="list" style="height: 658px; overflow: auto"><div style="height: 2400000px"></div></div>');
const idle = await scroll(page.locator("#list"));
console.log(JSON.stringify({
  interactiveMs: shownAt - (startTime + responseEnd),
  keyMs,
  frameMs: p95(sorted),
  idleFrameMs: p95(idle.sorted),
  longestFrameMs: sorted.at(-1),
  frames: sorted.length,
  turns,
  scrolled,
  heapBytes,
}));
await browser.close();
