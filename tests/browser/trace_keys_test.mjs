// SPDX-License-Identifier: Apache-2.0
// Every key that the Trace page tells of, pressed once: each does what its line says, and none is left out. Those of
// Jaeger do what they do there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, eventually, keep, kClipboard, open, page, url } from "./page.mjs";

const kPath = "/trace/7f3a90c41be85d02";
const kRoot = "?span=0000000000000001";
const kPlace = "0000000000000005";
const kZoomed = "?from=400000000&to=800000000";

/** What keys change. */
const look = () => page.evaluate(() => {
  const params = Object.fromEntries(new URL(location.href).searchParams);
  const selected = document.querySelector("[data-testid=span-row][aria-selected=true]");
  return {
    ...params,
    path: location.pathname,
    off: params.path,
    long: params.to - params.from,
    row: Number(selected?.ariaRowIndex),
    name: selected?.dataset.name,
    failed: selected?.classList.contains("is-error"),
    match: selected?.classList.contains("is-match"),
    rows: Number(document.querySelector("[role=treegrid]")?.getAttribute("aria-rowcount")),
    focus: document.activeElement?.dataset.testid,
    panel: document.querySelector("[data-testid=span-panel]") !== null,
    utc: document.querySelector("[data-testid=zone-toggle]").ariaPressed,
    keys: document.querySelector(".keys")?.getClientRects().length > 0,
  };
});

const moved = (by) => (before, { row }) => row === before.row + by;
const panned = (nanos) => (before, { from, long }) => Number(from) - Number(before.from) === nanos && long === before.long;
const zoomed = (factor) => (before, { long }) => Math.abs(long / before.long - factor) < 0.001;
const tabIs = (name) => (_, { tab }) => tab === name;
const kNarrow = "?from=600000000&to=700000000";

/** The key as the page writes it, where it is pressed, and what has come of it. */
const kKeys = [
  ["j", kRoot, moved(1)],
  ["k", "?span=0000000000000002", moved(-1)],
  ["f", kRoot, moved(1)],
  ["b", "?span=0000000000000002", moved(-1)],
  ["Home", "", (_, { row }) => row === 2],
  ["End", kRoot, (_, { row, rows }) => row === rows],
  ["s", kRoot, moved(15)],
  ["w", "", moved(-15)],
  ["h", `?span=${kPlace}`, (before, { fold, rows }) => fold !== undefined && rows < before.rows],
  ["l", `?span=${kPlace}&fold=${kPlace}`, (before, { fold, rows }) => fold === undefined && rows > before.rows],
  ["p", "", (before, { fold, rows }) => fold !== undefined && rows < before.rows && rows > 4],
  ["o", `${kRoot}&fold=all`, (before, { fold, rows }) => fold !== undefined && rows > before.rows],
  ["]", "", (_, { fold, rows }) => fold.startsWith("all") && rows === 3],
  ["[", `${kRoot}&fold=all`, (before, { fold, rows }) => fold === undefined && rows > before.rows + 10],
  ["g", "", (before, { alike, rows }) => alike === "apart" && rows > before.rows],
  ["a", kZoomed, panned(-40e6)],
  ["d", kZoomed, panned(40e6)],
  ["←", kZoomed, panned(-40e6)],
  ["→", kZoomed, panned(40e6)],
  ["A", kZoomed, panned(-200e6)],
  ["D", kZoomed, panned(200e6)],
  ["⇧←", kZoomed, panned(-200e6)],
  ["⇧→", kZoomed, panned(200e6)],
  ["+", kZoomed, zoomed(0.75)],
  ["-", kZoomed, zoomed(1 / 0.75)],
  ["↑", kZoomed, zoomed(0.75)],
  ["↓", kZoomed, zoomed(1 / 0.75)],
  ["W", kNarrow, zoomed(0.3)],
  ["S", kNarrow, zoomed(1 / 0.3)],
  ["⇧↑", kNarrow, zoomed(0.3)],
  ["⇧↓", kNarrow, zoomed(1 / 0.3)],
  ["0", kZoomed, (_, { from }) => from === undefined],
  ["z", `?span=${kPlace}`, (_, { from }) => Number(from) > 0],
  ["r", `?span=${kPlace}`, (before, { root, rows }) => root === kPlace && rows < before.rows],
  ["R", `?root=${kPlace}`, (before, { root, rows }) => root === undefined && rows > before.rows],
  ["c", "", (_, { off }) => off === "off"],
  ["e", kRoot, (_, { failed, name }) => failed && name === "LoyaltyService/GetPoints"],
  ["E", kRoot, (before, { failed, row }) => failed && row > before.row],
  ["/", "", (_, { focus }) => focus === "find-input"],
  ["ctrl+b", "", (_, { focus }) => focus === "find-input"],
  ["n", `${kRoot}&find=loyalty`, (before, { match, row }) => match && row > before.row],
  ["N", `${kRoot}&find=loyalty`, (before, { match, row }) => match && row > before.row],
  ["1", "?tab=json", tabIs(undefined)],
  ["2", "", tabIs("flame")],
  ["3", "", tabIs("ledger")],
  ["4", "", tabIs("graph")],
  ["5", "", tabIs("events")],
  ["6", "", tabIs("json")],
  ["C", "", (_, { path }) => path === "/compare"],
  ["y", "", async () => (await page.evaluate(() => navigator.clipboard.readText())) === page.url()],
  ["Enter", "?panel=closed", (_, { panel }) => panel],
  ["Esc", "?find=loyalty", (_, { find, panel }) => find === undefined && panel],
  ["Esc", "", (_, { panel }) => !panel],
  ["t", "", (_, { focus }) => focus === "trace-id-input"],
  ["u", "", (before, { utc }) => utc !== before.utc],
  ["g f", "", (_, { path }) => path === "/find"],
  ["g c", "", (_, { path }) => path === "/compare"],
  ["g s", "", (_, { path }) => path === "/services"],
  ["g m", "", (_, { path }) => path === "/chart"],
  ["?", "", (before, { keys }) => before.keys && !keys],
];

const kNames = { "←": "ArrowLeft", "→": "ArrowRight", "↑": "ArrowUp", "↓": "ArrowDown", Esc: "Escape" };
const pressed = (key) => {
  if (key.startsWith("ctrl+")) return `Control+${key.slice(5)}`;
  if (key.startsWith("⇧")) return `Shift+${kNames[key.slice(1)]}`;
  return kNames[key] ?? key;
};

/** The page as it is after a link was followed. */
async function go(query) {
  await page.evaluate((target) => {
    document.activeElement?.blur();
    history.pushState(null, "", target);
    dispatchEvent(new PopStateEvent("popstate"));
  }, kPath + query);
  await at("trace-header").waitFor();
  if (!query.includes("tab=")) await page.locator("[data-testid=span-row][aria-selected=true]").waitFor();
}

test("every key that is told of does what is told", async () => {
  await open(kClipboard);
  await page.goto(url + kPath);
  await at("verdict").waitFor();
  await page.keyboard.press("?");
  await page.locator(".keys").waitFor();
  await keep("trace-keys-light");
  const told = await page.locator(".keys kbd").allInnerTexts();
  assert.deepEqual([...told].sort(), [...new Set(kKeys.map(([key]) => key))].sort(), "keys of the page, keys of this test");
  for (const [key, query, isDone] of kKeys) {
    await go(query);
    const before = await look();
    for (const each of key.split(" ")) await page.keyboard.press(pressed(each));
    await eventually(async () => {
      const after = await look();
      assert.ok(await isDone(before, after), `${key} at ${query || "the trace"}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
    });
  }
});

test("g folds siblings at once, and takes that back when it leads to another page", async () => {
  await page.goto(url + kPath);
  await at("verdict").waitFor();
  await page.keyboard.press("g");
  await eventually(async () => assert.equal((await look()).alike, "apart"));
  await new Promise((done) => setTimeout(done, 1000));
  await page.keyboard.press("f");
  assert.equal((await look()).path, kPath, "too late for a pair: the next span");
  await page.keyboard.press("g");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.waitForURL(/\/services/);
  await page.goBack();
  await at("verdict").waitFor();
  assert.equal((await look()).alike, undefined, "as after the first of the two");
});

test("a level is folded at a time until the first calls are left, and unfolded again", async () => {
  await page.goto(url + kPath);
  await at("verdict").waitFor();
  const counts = async (key) => {
    const seen = [(await look()).rows];
    for (let times = 0; times < 20; ++times) {
      await page.keyboard.press(key);
      const { rows } = await look();
      if (rows === seen.at(-1)) break;
      seen.push(rows);
    }
    return seen;
  };
  const folding = await counts("p");
  assert.ok(folding.length > 4 && folding.at(-1) === 3, `${folding}`);
  const unfolding = await counts("o");
  assert.ok(unfolding.length > 4 && unfolding.at(-1) === folding[0], `${unfolding}`);
});
